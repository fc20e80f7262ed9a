//! What studies like these were expected to publish before the calibration, and are after it.

use serde::Serialize;

use super::left_out::members;
use super::observations::Target;
use crate::population::calibration::Posterior;
use crate::population::{Interval, Purpose, interval, stream};

/// One observation before and after, on the scale of the scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fitted {
    /// What such a study was expected to publish under the priors.
    pub before: Interval,
    /// The same under the posterior, which has seen the study.
    pub after: Interval,
    /// Whether the interval after holds the published number.
    pub covered: bool,
}

/// Of every target. `scores` are places of the prior in the parameters; spreads stand at `expected`.
pub(super) fn each(
    posterior: &Posterior<'_>,
    scores: &[Vec<f64>],
    expected: &[f64],
    places: &[Vec<f64>],
    targets: &[Target],
    seed: u64,
) -> Vec<Fitted> {
    let prior: Vec<Vec<f64>> = scores.iter().map(|s| s.iter().copied().chain(expected.iter().map(|e| e.ln())).collect()).collect();
    let of = |places: &[Vec<f64>], number: u32| {
        members(targets.len(), places, &posterior.seen(), &mut stream(seed, number, 11, Purpose::Fit), |at| posterior.publishes(at))
    };
    of(&prior, 0)
        .iter()
        .zip(of(places, 1))
        .zip(targets)
        .map(|((before, after), target)| {
            let (before, after) = (interval(before), interval(&after));
            Fitted { before, after, covered: after.low <= target.value && target.value <= after.high }
        })
        .collect()
}
