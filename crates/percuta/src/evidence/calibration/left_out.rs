//! Each study predicted from all the others.

use std::sync::atomic::AtomicBool;

use rand::Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::observations::Target;
use super::run::evenly;
use crate::evidence::Domain;
use crate::evidence::validation::{Published, Scored, by_others};
use crate::population::calibration::{Emulator, Foreseen, Observed, Sampling, calibrate};
use crate::population::{Interval, Purpose, interval, stream};

/// Places of the posterior that a prediction is made of, and draws at each.
const PLACES: usize = 200;
const DRAWS: usize = 5;

/// One observation predicted from the other studies, on the scale of the scores.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// Id of the study.
    pub study: String,
    /// First author and year.
    pub short: String,
    /// Key of the observable.
    pub readout: String,
    /// Domain.
    pub domain: Domain,
    /// Arm.
    pub group: Option<String>,
    /// Day from the first session.
    pub day: f64,
    /// Published number.
    pub published: f64,
    /// Predicted from the other studies.
    pub predicted: Interval,
    /// Whether the interval holds the published number.
    pub covered: bool,
    /// Scores of the prediction.
    #[serde(flatten)]
    pub scored: Scored,
    /// Of the statement that nothing changes, with the same observers.
    pub no_change: Option<Scored>,
    /// Of the mean of the other studies of that observable, where there are three.
    pub other_studies: Option<Scored>,
}

/// Calibrates once without each study and predicts it.
pub(super) fn each(
    emulator: &Emulator,
    observed: &[Observed],
    spreads: &[f64],
    targets: &[Target],
    studies: &[String],
    how: &Sampling,
    cancel: &AtomicBool,
) -> Vec<LeftOut> {
    // A quarter of the steps is enough for an interval.
    let shorter = Sampling { steps: (how.steps / 4).max(400), ..*how };
    let all: Vec<Published<'_>> = targets.iter().map(Target::as_published).collect();
    (0..studies.len())
        .into_par_iter()
        .flat_map_iter(|study| {
            let (posterior, sample) = calibrate(emulator, observed, spreads, Some(study), &shorter, cancel);
            let mut rng = stream(how.seed, study as u32, 9, Purpose::Fit);
            let of: Vec<usize> = (0..observed.len()).filter(|i| observed[*i].study == study).collect();
            let members = members(of.len(), &sample.places, &posterior.seen(), &mut rng, |place| posterior.predict(place, study));
            of.into_iter()
                .zip(members)
                .map(|(i, members)| {
                    let (predicted, published) = (interval(&members), targets[i].value);
                    LeftOut {
                        study: targets[i].study.clone(),
                        short: targets[i].short.clone(),
                        readout: targets[i].readout.clone(),
                        domain: targets[i].domain,
                        group: targets[i].group.clone(),
                        day: targets[i].day,
                        published,
                        predicted,
                        covered: predicted.low <= published && published <= predicted.high,
                        scored: Scored::of(&members, published),
                        no_change: targets[i].no_change,
                        other_studies: by_others(&all[i], all.iter()),
                    }
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Members of the predictions of so many observations, drawn at places of a posterior from what is foreseen there; `weights`
/// are those of studies that were seen.
pub(super) fn members(
    observations: usize,
    places: &[Vec<f64>],
    weights: &[f64],
    rng: &mut impl Rng,
    at: impl Fn(&[f64]) -> Vec<Foreseen>,
) -> Vec<Vec<f64>> {
    let mut members = vec![Vec::with_capacity(PLACES * DRAWS); observations];
    for place in evenly(places, PLACES) {
        for (members, foreseen) in members.iter_mut().zip(at(place)) {
            members.extend((0..DRAWS).map(|_| foreseen.draw(weights, rng)));
        }
    }
    members
}
