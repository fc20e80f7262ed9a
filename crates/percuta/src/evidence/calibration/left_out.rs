//! Each study predicted from all the others.

use rand::RngExt as _;
use rayon::prelude::*;
use serde::Serialize;

use super::observations::Target;
use super::run::evenly;
use crate::evidence::validation::{crps, interval_score};
use crate::population::calibration::{Emulator, Observed, Sampling, calibrate};
use crate::population::{Distribution, Interval, Purpose, interval, stream};

/// Places of the posterior that a prediction is made of, and draws at each.
const PLACES: usize = 200;
const DRAWS: usize = 5;

/// One observation predicted from the other studies, on the scale of the scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// Id of the study.
    pub study: String,
    /// Key of the observable.
    pub readout: String,
    /// Published number.
    pub published: f64,
    /// Predicted from the other studies.
    pub predicted: Interval,
    /// Whether the interval holds the published number.
    pub covered: bool,
    /// Continuous ranked probability score.
    pub crps: f64,
    /// Interval score.
    pub interval_score: f64,
}

/// Calibrates once without each study and predicts it.
pub(super) fn each(
    emulator: &Emulator,
    observed: &[Observed],
    spreads: &[f64],
    targets: &[Target],
    studies: &[String],
    how: &Sampling,
) -> Vec<LeftOut> {
    // A tenth of the places is enough for an interval.
    let shorter = Sampling { steps: (how.steps / 4).max(400), ..*how };
    (0..studies.len())
        .into_par_iter()
        .flat_map_iter(|study| {
            let (posterior, sample) = calibrate(emulator, observed, spreads, Some(study), &shorter);
            let normal = Distribution::Normal { sd: 1.0, low: None, high: None };
            let mut rng = stream(how.seed, study as u32, 9, Purpose::Fit);
            let of: Vec<usize> = (0..observed.len()).filter(|i| observed[*i].study == study).collect();
            let mut members = vec![Vec::with_capacity(PLACES * DRAWS); of.len()];
            for place in evenly(&sample.places, PLACES) {
                for (members, (mean, sd)) in members.iter_mut().zip(posterior.predict(place, study)) {
                    members.extend((0..DRAWS).map(|_| mean + sd * normal.quantile(0.0, rng.random::<f64>())));
                }
            }
            of.into_iter()
                .zip(members)
                .map(|(i, members)| {
                    let (predicted, published) = (interval(&members), targets[i].value);
                    LeftOut {
                        study: targets[i].study.clone(),
                        readout: targets[i].readout.clone(),
                        published,
                        predicted,
                        covered: predicted.low <= published && published <= predicted.high,
                        crps: crps(&members, published),
                        interval_score: interval_score(&predicted, published),
                    }
                })
                .collect::<Vec<_>>()
        })
        .collect()
}
