//! What a sensitivity analysis is asked for.

use std::ops::RangeInclusive;

use crate::course::{Course, READOUTS, Readout, RunError, readout};
use crate::population::nearest;

/// Base samples that are accepted: enough for eight randomisations of eight points, and not beyond what a computer can hold.
pub const SAMPLES: RangeInclusive<u32> = 64..=65_536;

/// What a sensitivity analysis is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SensitivitySettings {
    /// Keys of the read-outs; all that the course concerns when empty.
    pub readouts: Vec<String>,
    /// Starts of names of the parameters that may get indices of their own; all when empty.
    pub parameters: Vec<String>,
    /// Parameters that get indices of their own, at most.
    pub strongest: usize,
    /// Base samples, a power of two within [`SAMPLES`].
    pub samples: u32,
    /// Seed of the samples and of where the needles land.
    pub seed: u64,
    /// Threads; all cores when `None`. The result does not depend on it.
    pub threads: Option<usize>,
}

/// Why there is no sensitivity analysis.
#[derive(Debug, thiserror::Error)]
pub enum SensitivityError {
    /// No read-out has that key.
    #[error("no read-out is called `{key}`{}", .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    UnknownReadout {
        /// The key asked for.
        key: String,
        /// The nearest existing key.
        suggestion: Option<String>,
    },
    /// The read-out speaks of something that the course does not have.
    #[error("the course has nothing that `{key}` speaks of")]
    NotConcerned {
        /// The key asked for.
        key: String,
    },
    /// No uncertain parameter that can act begins so.
    #[error("no uncertain parameter that can act on these read-outs begins with `{prefix}`{}", .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    NoParameter {
        /// The start of names asked for.
        prefix: String,
        /// The nearest existing name.
        suggestion: Option<String>,
    },
    /// Samples that the sequence cannot give.
    #[error("{samples} is not a power of two from {} to {}", SAMPLES.start(), SAMPLES.end())]
    Samples {
        /// The number asked for.
        samples: u32,
    },
    /// No visit after day 0.
    #[error("the course has no visit after day 0, and without one there is no change to explain")]
    NoVisit,
    /// An evaluation failed or the caller asked to stop.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl SensitivitySettings {
    /// The read-outs that are analysed, in the order of reports.
    pub(super) fn chosen(&self, course: &Course) -> Result<Vec<Readout>, SensitivityError> {
        for key in &self.readouts {
            if readout(key).is_none() {
                let suggestion = nearest(key, READOUTS.iter().map(|r| r.key));
                return Err(SensitivityError::UnknownReadout { key: key.clone(), suggestion });
            }
            if !course.concerns(key) {
                return Err(SensitivityError::NotConcerned { key: key.clone() });
            }
        }
        let asked = |r: &&Readout| {
            if self.readouts.is_empty() { course.concerns(r.key) } else { self.readouts.iter().any(|key| key == r.key) }
        };
        Ok(READOUTS.iter().filter(asked).copied().collect())
    }

    pub(super) fn check(&self) -> Result<(), SensitivityError> {
        if SAMPLES.contains(&self.samples) && self.samples.is_power_of_two() {
            Ok(())
        } else {
            Err(SensitivityError::Samples { samples: self.samples })
        }
    }
}
