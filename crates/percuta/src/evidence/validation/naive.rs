//! The predictor that knows nothing but the other studies: their mean, with their spread.

use statrs::distribution::{ContinuousCDF, StudentsT};

use super::row::{Row, Scored};
use super::score::{crps_student, interval_score};
use crate::evidence::{Role, Scale};
use crate::population::Interval;

/// A published number, and what must be the same for another study to speak of it.
#[derive(Debug, Clone, Copy)]
pub struct Published<'a> {
    /// Id of the study.
    pub study: &'a str,
    /// Key of the observable.
    pub readout: &'a str,
    /// How it is expressed.
    pub scale: Scale,
    /// Unit.
    pub unit: &'a str,
    /// Whether it is a side without treatment.
    pub untreated: bool,
    /// What is put on, where something is.
    pub substance: Option<&'a str>,
    /// The number on the scale of the scores.
    pub scored: f64,
}

/// Scores, for every row, the mean of the other studies of the same observable on the same scale, treated or not as the row is.
pub(super) fn score_by_others(rows: &mut [Row]) {
    let all: Vec<Published<'_>> = rows
        .iter()
        .map(|r| Published {
            study: &r.study,
            readout: &r.readout,
            scale: r.scale,
            unit: &r.unit,
            untreated: r.untreated,
            substance: r.substance.as_deref(),
            scored: r.scored,
        })
        .collect();
    let counts = |i: &usize| rows[*i].role != Role::Context;
    let found: Vec<Option<Scored>> = all.iter().map(|of| by_others(of, (0..rows.len()).filter(counts).map(|i| &all[i]))).collect();
    rows.iter_mut().zip(found).for_each(|(row, found)| row.other_studies = found);
}

/// Score of the mean of the other studies as a Student t distribution with their spread: at least three that differ are needed, since
/// with two the distribution has no mean.
#[must_use]
pub fn by_others<'a>(of: &Published<'_>, all: impl Iterator<Item = &'a Published<'a>>) -> Option<Scored> {
    // One number for each study, so that one with many readings does not outvote the rest.
    let mut means: Vec<(&str, f64, f64)> = Vec::new();
    for other in all.filter(|o| {
        let same = (o.readout, o.scale, o.unit, o.untreated, o.substance) == (of.readout, of.scale, of.unit, of.untreated, of.substance);
        same && o.study != of.study
    }) {
        match means.iter_mut().find(|m| m.0 == other.study) {
            Some(mean) => {
                mean.1 += other.scored;
                mean.2 += 1.0;
            }
            None => means.push((other.study, other.scored, 1.0)),
        }
    }
    let values: Vec<f64> = means.iter().map(|m| m.1 / m.2).collect();
    let k = values.len() as f64;
    if k < 3.0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / k;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (k - 1.0);
    let sd = (variance * (1.0 + 1.0 / k)).sqrt();
    let student = StudentsT::new(mean, sd, k - 1.0).ok()?;
    let interval = Interval { median: mean, low: student.inverse_cdf(0.05), high: student.inverse_cdf(0.95) };
    Some(Scored { error: mean - of.scored, crps: crps_student(&student, of.scored), interval_score: interval_score(&interval, of.scored) })
}
