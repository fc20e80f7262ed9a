//! The predictor that knows nothing but the other studies: their mean, with their spread.

use super::row::{Row, Scored};
use super::score::{SIDES, crps_normal, interval_score};
use crate::evidence::Role;
use crate::population::Interval;

/// Scores, for every row, the mean of the other studies of the same observable on the same scale, treated or not as the row is.
/// At least two other studies are needed for a spread.
pub(super) fn score_by_others(rows: &mut [Row]) {
    for i in 0..rows.len() {
        let of = &rows[i];
        // One number for each study, so that one with many readings does not outvote the rest.
        let mut means: Vec<(&str, f64, f64)> = Vec::new();
        for other in rows.iter().filter(|o| {
            o.study != of.study
                && o.readout == of.readout
                && o.scale == of.scale
                && o.unit == of.unit
                && o.untreated == of.untreated
                && o.role != Role::Context
        }) {
            match means.iter_mut().find(|m| m.0 == other.study) {
                Some(mean) => {
                    mean.1 += other.scored;
                    mean.2 += 1.0;
                }
                None => means.push((&other.study, other.scored, 1.0)),
            }
        }
        let values: Vec<f64> = means.iter().map(|m| m.1 / m.2).collect();
        let k = values.len() as f64;
        if k < 2.0 {
            continue;
        }
        let mean = values.iter().sum::<f64>() / k;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (k - 1.0);
        let sd = (variance * (1.0 + 1.0 / k)).sqrt();
        if sd > 0.0 {
            let observed = of.scored;
            let interval = Interval { median: mean, low: mean - SIDES * sd, high: mean + SIDES * sd };
            rows[i].other_studies = Some(Scored {
                error: mean - observed,
                crps: crps_normal(mean, sd, observed),
                interval_score: interval_score(&interval, observed),
            });
        }
    }
}
