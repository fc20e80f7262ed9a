//! Predictions beside published numbers, with the error of whoever observed them.

use rand::RngExt as _;

use super::rater::{Rater, grade};
use super::study::{Observation, Role, Scale, Study, StudyKind};
use crate::course::Comparison;
use crate::population::{Distribution, Draw, ParameterError, Purpose, interval, stream};

/// What the model says of one read-out: one value for each member, in the order of the draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    /// Before the first session.
    pub baseline: Vec<f64>,
    /// On the day of the observation.
    pub at_day: Vec<f64>,
}

/// Lays every observation of `study` beside the model. `predicted(key, day)` gives the values of a read-out; where it
/// gives none, the observation is left out.
///
/// Each member reads its own value with its own error, drawn from the observation stream of (`seed`, member):
/// - an instrument multiplies the value on the day by `exp(s z)`, z standard normal, s the card
///   `observation.<read-out>_error` (or `observation.other_error`);
/// - a [`Rater`] lets the share `rater.expectation` of a grade fall away after day 0 and adds an error.
///
/// In an untreated group biology stays at baseline, so that a change there is expectation and error alone. The interval
/// is of a group's mean; the sampling of subjects is in the published interval, not in this one.
///
/// # Errors
/// If a card of the groups `observation` or `rater` is missing or in another unit.
pub fn compare(
    study: &Study,
    draws: &[Draw],
    seed: u64,
    predicted: impl Fn(&str, f64) -> Option<Predicted>,
) -> Result<Vec<Comparison>, ParameterError> {
    let noise = standard_normals(seed, draws.len(), study.observations.len());
    let mut rows = Vec::new();
    for (i, observation) in study.observations.iter().enumerate() {
        let Some(model) = predicted(&observation.readout, observation.day) else { continue };
        debug_assert!(model.baseline.len() == draws.len() && model.at_day.len() == draws.len());
        let mut members = Vec::with_capacity(draws.len());
        let mut tissue = Vec::with_capacity(draws.len());
        for (m, draw) in draws.iter().enumerate() {
            let baseline = model.baseline[m];
            let value = if observation.is_untreated() { baseline } else { model.at_day[m] };
            let read = reading(observation, value, noise[m][i], draw)?;
            let scaled = |x: f64| match observation.scale {
                Scale::PercentChange => 100.0 * (x / baseline - 1.0),
                Scale::Difference => x - baseline,
                Scale::Value => x,
            };
            members.push(scaled(read));
            tissue.push(scaled(value));
        }
        rows.push(Comparison {
            quantity: observation.quantity.clone(),
            readout: observation.readout.clone(),
            group: observation.group.clone(),
            unit: observation.unit.clone(),
            day: observation.day,
            published: observation.value,
            published_ci: observation.ci,
            predicted: interval(&members),
            tissue: grade(&observation.readout).map(|_| interval(&tissue)),
            // A course is of living skin: excised skin is beside it for orientation.
            role: if study.kind == StudyKind::Clinical { observation.role } else { Role::Context }.name().into(),
            note: observation.note.clone(),
        });
    }
    Ok(rows)
}

/// What is reported where the model says `value`.
pub(super) fn reading(observation: &Observation, value: f64, z: f64, draw: &Draw) -> Result<f64, ParameterError> {
    let key = &observation.readout;
    if let Some(grade) = grade(key) {
        let rater = Rater::of(grade, draw)?;
        return Ok(if observation.day > 0.0 { rater.given(value, z) } else { rater.given_at_start(value, z) });
    }
    let own = format!("observation.{key}_error");
    let error = if draw.has(&own) { draw.get(&own, "1")? } else { draw.get("observation.other_error", "1")? };
    Ok(value * (error * z).exp())
}

/// A standard normal for each member and observation; those of one member do not depend on the others.
fn standard_normals(seed: u64, members: usize, observations: usize) -> Vec<Vec<f64>> {
    let normal = Distribution::Normal { sd: 1.0, low: None, high: None };
    (0..members as u32)
        .map(|member| {
            let mut rng = stream(seed, member, 0, Purpose::Observation);
            (0..observations).map(|_| normal.quantile(0.0, rng.random::<f64>())).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{ParameterSet, draw_members};

    const MEMBERS: u32 = 400;

    fn draws() -> Vec<Draw> {
        draw_members(&ParameterSet::embedded().unwrap(), 3, MEMBERS)
    }

    /// Every member at the same values.
    fn constant(baseline: f64, at_day: f64) -> Predicted {
        Predicted { baseline: vec![baseline; MEMBERS as usize], at_day: vec![at_day; MEMBERS as usize] }
    }

    #[test]
    fn an_untreated_side_improves_by_expectation_only_whatever_needling_does() {
        let study = Study::find("alam-2014-roller").unwrap();
        let with = |at_day: f64| compare(&study, &draws(), 3, |_, _| Some(constant(15.0, at_day))).unwrap();
        let (none, strong) = (with(15.0), with(5.0));
        for (a, b) in none.iter().zip(&strong) {
            let untreated = a.group.as_deref() == Some(Study::UNTREATED);
            assert_eq!(a.predicted == b.predicted, untreated);
        }
        // Half of the largest share of 15 points, with rater error around it.
        let control = none[3].predicted;
        assert!((control.median + 0.14 * 15.0).abs() < 0.4, "{control:?}");
        assert!(control.low < -4.0 && control.high > -0.5, "{control:?}");
        assert!(strong[1].predicted.median < -9.0);
        // The tissue's own part says so: nothing where nothing changed, all of it where ten points fell away.
        assert!(none.iter().all(|row| row.tissue.is_some_and(|t| t.low == 0.0 && t.high == 0.0)));
        assert!(strong[1].tissue.is_some_and(|t| t.median == -10.0) && strong[3].tissue.is_some_and(|t| t.median == 0.0));
    }

    #[test]
    fn an_instrument_sees_nothing_in_untreated_skin_but_its_own_spread() {
        let study = Study::find("kenkel-2021-skinpen").unwrap();
        let rows = compare(&study, &draws(), 3, |_, _| Some(constant(100.0, 100.0))).unwrap();
        assert!(rows.len() >= 3);
        assert!(rows.iter().all(|row| row.tissue.is_none()), "an instrument expects nothing");
        let echo = rows[0].predicted;
        assert!(echo.median.abs() < 3.0, "{echo:?}");
        // About 100 (exp(+-1.64 x 0.15) - 1), a little wider for the spread of the error itself.
        assert!(echo.low < -18.0 && echo.low > -32.0 && echo.high > 22.0 && echo.high < 45.0, "{echo:?}");
    }

    #[test]
    fn scales_are_those_of_the_study() {
        let mut study = Study::find("kenkel-2021-skinpen").unwrap();
        study.observations.truncate(1);
        let exact: Vec<Draw> = draws().into_iter().map(|d| d.with("observation.ultrasound_dermal_density_error", 0.0).unwrap()).collect();
        for (scale, expected) in [(Scale::PercentChange, 50.0), (Scale::Difference, 40.0), (Scale::Value, 120.0)] {
            study.observations[0].scale = scale;
            let row = &compare(&study, &exact, 3, |_, _| Some(constant(80.0, 120.0))).unwrap()[0];
            assert!((row.predicted.median - expected).abs() < 1e-9 && row.predicted.low == row.predicted.high);
        }
    }

    #[test]
    fn a_read_out_the_course_lacks_is_left_out_and_shifts_nothing() {
        let study = Study::find("puri-2021-naloxone-pen").unwrap();
        let all = compare(&study, &draws(), 9, |_, _| Some(constant(1.0, 40.0))).unwrap();
        let lag = compare(&study, &draws(), 9, |key, _| (key == "lag").then(|| constant(1.0, 40.0))).unwrap();
        let whole = all.iter().find(|row| row.readout == "lag").unwrap();
        assert!(all.len() > lag.len() && lag.len() == 1);
        assert_eq!((whole.predicted, lag[0].role.as_str()), (lag[0].predicted, "context"));
    }

    #[test]
    fn errors_depend_on_seed_and_member_alone() {
        let (few, many) = (standard_normals(1, 3, 2), standard_normals(1, 10, 2));
        assert_eq!(few[..], many[..3]);
        assert_ne!(standard_normals(2, 3, 2), few);
        let flat: Vec<f64> = standard_normals(1, 4000, 1).into_iter().flatten().collect();
        let mean = flat.iter().sum::<f64>() / 4000.0;
        let variance = flat.iter().map(|z| z * z).sum::<f64>() / 4000.0;
        assert!(mean.abs() < 0.06 && (variance - 1.0).abs() < 0.09);
    }
}
