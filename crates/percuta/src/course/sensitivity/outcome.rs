//! What a sensitivity analysis finds.

use super::factors::Factor;
use crate::course::{Course, Readout};
use crate::population::sensitivity::{FactorIndices, Index};

/// The result of a sensitivity analysis.
#[derive(Debug, Clone)]
pub struct SensitivityOutcome {
    /// What was analysed.
    pub course: Course,
    /// Seed of the samples.
    pub seed: u64,
    /// Base samples.
    pub samples: u32,
    /// Evaluations of the course for the indices.
    pub evaluations: usize,
    /// Base samples of the screening; none if every candidate has indices of its own.
    pub screening_samples: Option<u32>,
    /// Parameters that could have got indices of their own.
    pub candidates: usize,
    /// Uncertain parameters of the course.
    pub uncertain: usize,
    /// What the variance is divided among: parameters in the order of their names, then chance, then the others together.
    pub factors: Vec<Factor>,
    /// The read-outs that change.
    pub readouts: Vec<ReadoutSensitivity>,
    /// Those among the chosen that do not.
    pub unchanged: Vec<Readout>,
}

/// What drives one read-out.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadoutSensitivity {
    /// Which read-out.
    pub readout: Readout,
    /// Each visit after day 0.
    pub visits: Vec<VisitSensitivity>,
}

/// What drives the change of a read-out from before the first session to a visit.
#[derive(Debug, Clone, PartialEq)]
pub struct VisitSensitivity {
    /// Day.
    pub day: f64,
    /// Mean change, in the unit of the read-out.
    pub mean: f64,
    /// Standard deviation of the change.
    pub sd: f64,
    /// Sum of all first-order indices, by itself: its error is not the sum of theirs.
    pub first_sum: Option<Index>,
    /// Indices by factor, in the order of [`SensitivityOutcome::factors`]; empty where nothing changes.
    pub indices: Vec<FactorIndices>,
}

impl ReadoutSensitivity {
    /// The last visit at which the read-out has changed.
    #[must_use]
    pub fn last(&self) -> Option<&VisitSensitivity> {
        self.visits.iter().rev().find(|v| !v.indices.is_empty())
    }
}

impl VisitSensitivity {
    /// Numbers of the factors in descending order of their total index.
    #[must_use]
    pub fn ranked(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.indices.len()).collect();
        order.sort_by(|&a, &b| self.indices[b].total.value.total_cmp(&self.indices[a].total.value).then(a.cmp(&b)));
        order
    }
}
