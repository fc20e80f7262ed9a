//! The predictor that knows nothing but the other studies: their mean, with their spread.

use super::row::{Row, Scored};
use super::score::{SIDES, crps_normal, interval_score};
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
    /// The number on the scale of the scores.
    pub scored: f64,
}

/// Scores, for every row, the mean of the other studies of the same observable on the same scale, treated or not as the row is.
pub(super) fn score_by_others(rows: &mut [Row]) {
    let published = |r: &Row| (r.study.clone(), r.readout.clone(), r.unit.clone());
    let names: Vec<_> = rows.iter().map(published).collect();
    let all: Vec<Published<'_>> = rows
        .iter()
        .zip(&names)
        .map(|(r, (study, readout, unit))| Published { study, readout, scale: r.scale, unit, untreated: r.untreated, scored: r.scored })
        .collect();
    let counts: Vec<bool> = rows.iter().map(|r| r.role != Role::Context).collect();
    for (row, of) in rows.iter_mut().zip(&all) {
        row.other_studies = by_others(of, all.iter().zip(&counts).filter(|(_, counts)| **counts).map(|(p, _)| p));
    }
}

/// Score of the mean of the other studies, with their spread: at least two that differ are needed.
#[must_use]
pub fn by_others<'a>(of: &Published<'_>, all: impl Iterator<Item = &'a Published<'a>>) -> Option<Scored> {
    // One number for each study, so that one with many readings does not outvote the rest.
    let mut means: Vec<(&str, f64, f64)> = Vec::new();
    for other in all.filter(|o| {
        o.study != of.study && o.readout == of.readout && o.scale == of.scale && o.unit == of.unit && o.untreated == of.untreated
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
    if k < 2.0 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / k;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (k - 1.0);
    let sd = (variance * (1.0 + 1.0 / k)).sqrt();
    let interval = Interval { median: mean, low: mean - SIDES * sd, high: mean + SIDES * sd };
    (sd > 0.0).then(|| Scored {
        error: mean - of.scored,
        crps: crps_normal(mean, sd, of.scored),
        interval_score: interval_score(&interval, of.scored),
    })
}
