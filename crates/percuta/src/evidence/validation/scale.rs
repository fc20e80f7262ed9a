//! The scale on which the errors of a published number add up, and on which it is scored.

use serde::{Deserialize, Serialize};

use super::super::{Observation, Scale, grade};
use crate::population::{Draw, ParameterError};

/// Shortest time after which anybody looks again, h: durations below it are none. Assumed, a convention of the scores.
const LOOK_H: f64 = 1.0;

/// How numbers of one observation are made comparable, in per cent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScoreScale {
    /// Changes, and values that may be negative, in per cent of `whole`.
    Linear {
        /// The baseline, or the size of the value, in the unit of the observation.
        whole: f64,
    },
    /// 100 times the natural logarithm, near 1 per cent: errors of amounts, rates and durations are factors.
    Logarithm {
        /// The least that is told from nothing, in the unit of the observation; 0 for what is never nothing.
        least: f64,
    },
}

impl ScoreScale {
    /// The scale of an observation for which the model says `baselines` and `values`.
    #[must_use]
    pub fn of(observation: &Observation, baselines: &[f64], values: &[f64]) -> Self {
        let size = |of: &[f64]| match observation.baseline.unwrap_or_else(|| median(of)).abs() {
            0.0 => 1.0,
            size => size,
        };
        let least = least(observation);
        match observation.scale {
            Scale::PercentChange => Self::Linear { whole: 100.0 },
            Scale::Difference => Self::Linear { whole: size(baselines) },
            Scale::Value if grade(&observation.readout).is_some() => Self::Linear { whole: size(values) },
            // What is negative has no logarithm, and nothing has none without a least amount.
            Scale::Value if values.iter().all(|x| x + least > 0.0) && observation.value + least > 0.0 => Self::Logarithm { least },
            Scale::Value => Self::Linear { whole: size(values) },
        }
    }

    /// A number on this scale, %; minus infinity for nothing where there is no least amount.
    #[must_use]
    pub fn score(&self, x: f64) -> f64 {
        match self {
            Self::Linear { whole } => 100.0 * x / whole,
            Self::Logarithm { least } => 100.0 * (x.max(0.0) + least).ln(),
        }
    }

    /// The number that has this score.
    #[must_use]
    pub fn number(&self, score: f64) -> f64 {
        match self {
            Self::Linear { whole } => 0.01 * score * whole,
            Self::Logarithm { least } => ((0.01 * score).exp() - least).max(0.0),
        }
    }

    /// The number that errors add up to, from %, in the unit of the observation.
    #[must_use]
    pub fn shifted(&self, x: f64, percent: f64) -> f64 {
        match self {
            Self::Linear { whole } => x + 0.01 * percent * whole,
            Self::Logarithm { least } => ((x.max(0.0) + least) * (0.01 * percent).exp() - least).max(0.0),
        }
    }

    /// A small error in % as one in the unit of the observation, at a value.
    #[must_use]
    pub fn in_unit(&self, percent: f64, value: f64) -> f64 {
        match self {
            Self::Linear { whole } => 0.01 * percent * whole,
            Self::Logarithm { least } => 0.01 * percent * (value.abs() + least),
        }
    }

    /// Standard error of the published mean through the sampling of subjects, %. `values`: what the model says.
    ///
    /// # Errors
    /// If the card `studies.subject_spread` is missing or in another unit.
    pub fn sampling(&self, observation: &Observation, values: &[f64], draw: &Draw) -> Result<f64, ParameterError> {
        if is_share_of_people(observation) {
            let n = f64::from(observation.n.unwrap_or(1));
            // Of the logarithm of a binomial share, to first order.
            let chance = (0.01 * median(values)).clamp(0.0, 1.0);
            return Ok(100.0 * (chance * (1.0 - chance) / n).sqrt() / (chance + 0.01 * least(observation)));
        }
        Ok(match (observation.standard_error(), self) {
            (Some(error), Self::Linear { whole }) => 100.0 * error / whole,
            (Some(error), Self::Logarithm { least }) => 100.0 * error / (observation.value.abs() + least),
            // Of nobody knows how many there is none to speak of: the prediction must not be wide for want of a number.
            (None, _) => observation
                .n
                .map_or(Ok(0.0), |n| draw.group("studies").get("subject_spread", "1").map(|spread| 100.0 * spread / f64::from(n).sqrt()))?,
        })
    }
}

/// Whether a number counts people.
pub(super) fn is_share_of_people(observation: &Observation) -> bool {
    observation.readout == "pih_probability" && observation.scale == Scale::Value
}

/// The least amount that an observer tells from nothing, in the unit of the observation; 0 for what is never nothing.
fn least(observation: &Observation) -> f64 {
    match observation.readout.as_str() {
        "erythema_duration" => LOOK_H / 24.0,
        "barrier_recovery" => LOOK_H,
        // Half a subject.
        "pih_probability" => 50.0 / f64::from(observation.n.unwrap_or(1)),
        _ => 0.0,
    }
}

fn median(of: &[f64]) -> f64 {
    let mut sorted = of.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::super::super::Study;
    use super::*;

    fn observation(readout: &str, scale: Scale, value: f64) -> Observation {
        let study = Study::find("alam-2014-roller").unwrap();
        let like = study.observations[0].clone();
        Observation { readout: readout.into(), scale, value, baseline: None, sd: None, ci: None, ci_level: None, n: Some(25), ..like }
    }

    #[test]
    fn nothing_is_near_the_least_and_far_from_much() {
        let o = observation("erythema_duration", Scale::Value, 1.0);
        let scale = ScoreScale::of(&o, &[0.0; 3], &[0.0, 0.5, 2.0]);
        let score = |x: f64| scale.score(x) - scale.score(0.0);
        assert!(score(1.0 / 24.0) < 70.0 && (score(1.0) - 100.0 * 25f64.ln()).abs() < 1e-9);
        // A factor of two among days is a factor of two whatever the days.
        assert!((score(8.0) - score(4.0) - 100.0 * 2f64.ln()).abs() < 1.0);
        assert_eq!((scale.shifted(0.0, 0.0), scale.shifted(0.0, -300.0)), (0.0, 0.0));
        assert!(scale.shifted(0.0, 69.4) > 0.04);
    }

    #[test]
    fn errors_add_up_where_they_are_scored() {
        for (readout, scale, value) in
            [("kp", Scale::Value, 3.0), ("tewl", Scale::PercentChange, 40.0), ("ita", Scale::Value, -4.0), ("pain", Scale::Difference, 2.0)]
        {
            let scale = ScoreScale::of(&observation(readout, scale, value), &[5.0, 6.0, 7.0], &[2.0, value, 4.0]);
            assert!((scale.number(scale.score(2.5)) - 2.5).abs() < 1e-12, "{readout}");
            for error in [-80.0, -3.0, 0.0, 50.0] {
                assert!((scale.score(scale.shifted(2.5, error)) - scale.score(2.5) - error).abs() < 1e-9, "{readout}");
            }
        }
    }

    #[test]
    fn the_scale_of_a_prediction_does_not_follow_the_published_number() {
        let of = |value: f64| ScoreScale::of(&observation("kp", Scale::Value, value), &[1.0], &[2.0, 3.0]);
        assert_eq!(of(0.1), of(100.0));
        let of = |value: f64| ScoreScale::of(&observation("ita", Scale::Value, value), &[1.0], &[-20.0, 30.0, 40.0]);
        assert_eq!(of(-5.0), of(50.0));
    }

    #[test]
    fn sampling_is_that_of_the_subjects() {
        let draw = Draw::central(&crate::population::ParameterSet::embedded().unwrap());
        let o = Observation { sd: Some(10.0), ..observation("tewl", Scale::PercentChange, 40.0) };
        let percent = ScoreScale::Linear { whole: 100.0 }.sampling(&o, &[30.0], &draw).unwrap();
        assert!((percent - 2.0).abs() < 1e-12, "10 of 100 over five: {percent}");
        let people = observation("pih_probability", Scale::Value, 0.0);
        let scale = ScoreScale::of(&people, &[0.0], &[8.0, 8.0]);
        let percent = scale.sampling(&people, &[8.0], &draw).unwrap();
        assert!((percent - 100.0 * (0.08f64 * 0.92 / 25.0).sqrt() / 0.1).abs() < 1e-9, "{percent}");
    }
}
