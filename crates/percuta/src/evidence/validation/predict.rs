//! What the model predicts for a study from its protocol alone.

use rand::RngExt as _;
use rayon::prelude::*;
use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Normal};

use super::super::compare::reading;
use super::super::observable::{Domain, Observable, observable};
use super::super::study::{Protocol, Record};
use super::super::{Observation, Scale, Study};
use super::scale::{ScoreScale, is_share_of_people};
use crate::course::permeation::{self, MemberSkin, PermeationStudy, RATIOS, REPORTED, Treatment};
use crate::course::{Course, RunError, recorded_days, run_member};
use crate::device::Motion;
use crate::population::{Distribution, Draw, ParameterError, ParameterSet, Purpose, draw_members, hash, stream};

/// Predictive distribution of one published number: one value for each member.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Which observation of the study.
    pub observation: usize,
    /// What it observes.
    pub observable: Observable,
    /// What is put on, where something is.
    pub substance: Option<String>,
    /// What needles do in this arm; none without them.
    pub treatment: Option<String>,
    /// On the scale of the observation: the tissue, without observers' errors.
    pub tissue: Vec<f64>,
    /// The same as observers read it in endless subjects of a typical study.
    pub read: Vec<f64>,
    /// The published mean: with the observer, the spread between studies and the sampling of subjects.
    pub published: Vec<f64>,
    /// The same of skin that stays as it was before, as the same observers read it.
    pub unchanged: Option<Vec<f64>>,
    /// Whether the hands of a study make a difference.
    pub handled: bool,
    /// The scale on which errors add up.
    pub scale: ScoreScale,
    /// Standard error of the published mean through the sampling of subjects on that scale, at central parameters, %.
    pub sampling: f64,
}

/// What one member says of one observation.
#[derive(Debug, Clone, Copy)]
struct Said {
    baseline: f64,
    value: f64,
}

/// Predicts every observation of a study; those that the protocol lacks (an index of a lesion without a lesion) are left out.
///
/// `adjust` may change the draws of an arm's members before they are run.
///
/// # Errors
/// See [`RunError`].
pub fn predict(record: &Record, seed: u64, members: u32, adjust: Adjust<'_>) -> Result<Vec<Prediction>, RunError> {
    let study = &record.study;
    let mut predictions = Vec::new();
    for arm in &record.arms {
        let asked: Vec<usize> = (0..study.observations.len()).filter(|i| study.observations[*i].group == arm.group).collect();
        let (draws, said) = match &arm.protocol {
            Protocol::Course(course) => of_a_course(course, study, &asked, seed, members, adjust)?,
            Protocol::Permeation(permeation) => of_permeation(permeation, study, &asked, seed, members, adjust)?,
        };
        let excised = matches!(arm.protocol, Protocol::Permeation(_));
        for (column, &i) in asked.iter().enumerate() {
            let Some(observable) = observable(&study.observations[i].readout, excised) else { continue };
            let said: Option<Vec<Said>> = said.iter().map(|row| row[column]).collect();
            let Some(said) = said else { continue };
            let arm = (substance(&arm.protocol), treatment(&arm.protocol));
            if let Some(prediction) = with_errors(study, i, observable, arm, &said, &draws, seed)? {
                predictions.push(prediction);
            }
        }
    }
    predictions.sort_by_key(|p| p.observation);
    Ok(predictions)
}

/// What is put on the skin of an arm.
fn substance(protocol: &Protocol) -> Option<String> {
    match protocol {
        Protocol::Course(course) => course.product.as_ref().map(|p| p.permeant.name.clone()),
        Protocol::Permeation(study) => Some(study.permeant.name.clone()),
    }
}

/// What needles do in an arm; none without them.
fn treatment(protocol: &Protocol) -> Option<String> {
    match protocol {
        Protocol::Course(course) => (!course.sessions.is_empty()).then(|| {
            format!(
                "{}, {} mm, {} sessions, {}",
                course.device.name,
                0.001 * course.setting_um,
                course.sessions.len(),
                motion(&course.motion)
            )
        }),
        Protocol::Permeation(study) => study.treatment.as_ref().map(|t| match t {
            Treatment::Needling { device, motion: m, setting_um } => format!("{}, {} mm, {}", device.name, 0.001 * setting_um, motion(m)),
            Treatment::Array { density_per_cm2, radius_um, depth_um } => {
                format!("{density_per_cm2} channels per cm², radius {radius_um} µm, {depth_um} µm deep")
            }
        }),
    }
}

fn motion(motion: &Motion) -> String {
    format!("{} passes, overlap {}", motion.passes, motion.overlap)
}

/// Changes the draws of the members of an arm.
pub type Adjust<'a> = &'a (dyn Fn(Vec<Draw>) -> Result<Vec<Draw>, ParameterError> + Sync);

type SaidByMember = (Vec<Draw>, Vec<Vec<Option<Said>>>);

fn of_a_course(
    course: &Course,
    study: &Study,
    asked: &[usize],
    seed: u64,
    members: u32,
    adjust: Adjust<'_>,
) -> Result<SaidByMember, RunError> {
    let days = recorded_days(&course.sessions, &course.visits);
    let draws = adjust(draw_members(&course.parameters, seed, members))?;
    let said = draws
        .par_iter()
        .enumerate()
        .map(|(m, draw)| {
            let member = run_member(course, draw, seed, m as u32, &days)?;
            let of = |i: &usize| {
                let o = &study.observations[*i];
                member.observed(&o.readout, o.day).map(|(baseline, value)| Said { baseline, value })
            };
            Ok(asked.iter().map(of).collect())
        })
        .collect::<Result<_, RunError>>()?;
    Ok((draws, said))
}

fn of_permeation(
    permeation: &PermeationStudy,
    study: &Study,
    asked: &[usize],
    seed: u64,
    members: u32,
    adjust: Adjust<'_>,
) -> Result<SaidByMember, RunError> {
    let times_h = permeation::times(permeation);
    let draws = adjust(draw_members(&permeation.parameters, seed, members))?;
    let said = draws
        .par_iter()
        .enumerate()
        .map(|(m, draw)| {
            let skin = MemberSkin::new(permeation, draw, &mut stream(seed, m as u32, 0, Purpose::Punctures))?;
            let (_, intact, needled) = permeation::curves(permeation, &skin, draw, &times_h, m as u32)?;
            let of = |i: &usize| {
                let o = &study.observations[*i];
                if let Some(k) = REPORTED.iter().position(|r| r.0 == o.readout) {
                    let arm = if o.group.as_deref() == Some(Study::INTACT) { &intact } else { needled.as_ref().unwrap_or(&intact) };
                    return Some(Said { baseline: intact.reported[k], value: arm.reported[k] });
                }
                let ratio = RATIOS.iter().position(|r| r.0 == o.readout)?;
                let value = permeation::ratios(needled.as_ref()?, &intact)[ratio];
                Some(Said { baseline: 1.0, value })
            };
            Ok(asked.iter().map(of).collect())
        })
        .collect::<Result<_, RunError>>()?;
    Ok((draws, said))
}

/// The distribution of the published number. None where the model has no such change: what is observed was not there before.
fn with_errors(
    study: &Study,
    number: usize,
    observable: Observable,
    (substance, treatment): (Option<String>, Option<String>),
    said: &[Said],
    draws: &[Draw],
    seed: u64,
) -> Result<Option<Prediction>, ParameterError> {
    let observation = &study.observations[number];
    let relative = observation.scale != Scale::Value;
    if relative && said.iter().any(|s| s.baseline == 0.0 && (observation.scale == Scale::PercentChange || observation.baseline.is_some())) {
        return Ok(None);
    }
    let of_all = |of: &dyn Fn(&Said) -> f64| -> Vec<f64> { said.iter().map(of).collect() };
    let values = of_all(&|s| on_scale(observation, s.baseline, s.value));
    let scale = ScoreScale::of(observation, &of_all(&|s| s.baseline), &values);
    let sampling = |draw: &Draw| scale.sampling(observation, &values, draw);
    // Where nothing was done the model says so itself; what a session leaves has no "before".
    let left_alone = treatment.is_none() || observation.is_untreated() || observation.group.as_deref() == Some(Study::INTACT);
    let may_change = !left_alone && (relative || said.iter().any(|s| s.baseline != s.value) && said.iter().all(|s| s.baseline > 0.0));
    // Laboratories differ in intact skin as well.
    let handled = observable.domain == Domain::Absorption || !left_alone && said.iter().any(|s| s.value != s.baseline);
    let mut prediction = Prediction {
        handled,
        observation: number,
        observable,
        substance,
        treatment: treatment.filter(|_| !left_alone),
        tissue: Vec::with_capacity(said.len()),
        read: Vec::with_capacity(said.len()),
        published: Vec::with_capacity(said.len()),
        unchanged: may_change.then(Vec::new),
        scale,
        sampling: sampling(&Draw::central(&ParameterSet::embedded()?))?,
    };
    for (m, (said, draw)) in said.iter().zip(draws).enumerate() {
        let noise = Noise::of(study, observable.domain, number, seed, m as u32);
        let read = reading(observation, said.value, noise.observer, draw)?;
        let between = if handled { 100.0 * noise.study * spread(observable.domain, draw)? } else { 0.0 };
        let subjects = (noise.subjects, noise.subjects * sampling(draw)?);
        let with = |value: f64| published(observation, scale, on_scale(observation, said.baseline, value), between, subjects);
        prediction.tissue.push(on_scale(observation, said.baseline, said.value));
        prediction.read.push(on_scale(observation, said.baseline, read));
        prediction.published.push(with(read));
        if let Some(unchanged) = &mut prediction.unchanged {
            // With the same observers, who expect as much.
            let still = reading(observation, said.baseline, noise.observer, draw)?;
            unchanged.push(with(still));
        }
    }
    Ok(Some(prediction))
}

/// What an observation expresses of a baseline and a value. Where the study publishes its baseline, the model's change is taken
/// relative to its own baseline and laid on that of the study.
fn on_scale(observation: &Observation, baseline: f64, value: f64) -> f64 {
    let factor = observation.baseline.filter(|_| baseline != 0.0).map_or(1.0, |published| published / baseline);
    match observation.scale {
        Scale::PercentChange => 100.0 * (value / baseline - 1.0),
        Scale::Difference => factor * (value - baseline),
        Scale::Value => factor * value,
    }
}

/// The published mean where the observers of one study would find `x` in endless subjects of a typical study, and this study lies
/// `between` % off; `subjects` is what the sampling of subjects adds: a standard normal, and in %.
fn published(observation: &Observation, scale: ScoreScale, x: f64, between: f64, subjects: (f64, f64)) -> f64 {
    if is_share_of_people(observation) {
        let chance = (0.01 * x * (0.01 * between).exp()).min(1.0);
        let n = observation.n.unwrap_or(1);
        return 100.0 * affected(chance, n, subjects.0) as f64 / f64::from(n);
    }
    scale.shifted(x, between + subjects.1)
}

/// Standard deviation between studies of a domain, as a share of the baseline or in the logarithm.
///
/// # Errors
/// If a card of the group `studies` is missing or in another unit.
pub fn spread(domain: Domain, draw: &Draw) -> Result<f64, ParameterError> {
    let key = match domain {
        Domain::Device => "spread_device",
        Domain::Collagen => "spread_collagen",
        Domain::Lines => "spread_lines",
        Domain::Scars => "spread_scars",
        Domain::Tone => "spread_tone",
        Domain::Absorption => "spread_absorption",
        Domain::Safety => "spread_safety",
    };
    draw.group("studies").get(key, "1")
}

/// How many of `n` people are affected where each is with the probability `chance`: the binomial quantile of a standard normal.
fn affected(chance: f64, n: u32, normal: f64) -> u64 {
    let share = Normal::standard().cdf(normal);
    Binomial::new(chance.clamp(0.0, 1.0), u64::from(n)).map_or(0, |b| if share < 1.0 { b.inverse_cdf(share) } else { u64::from(n) })
}

/// Standard normals of one member for one observation.
#[derive(Debug, Clone, Copy)]
struct Noise {
    observer: f64,
    /// The same for all observations of a domain in a study.
    study: f64,
    subjects: f64,
}

impl Noise {
    fn of(study: &Study, domain: Domain, observation: usize, seed: u64, member: u32) -> Self {
        let normal = Distribution::Normal { sd: 1.0, low: None, high: None };
        let of_study = hash(&study.id);
        let z = |number: u32| normal.quantile(0.0, stream(seed, member, number, Purpose::Studies).random::<f64>());
        Self {
            observer: z(of_study ^ hash("observer").wrapping_add(observation as u32)),
            study: z(of_study ^ hash(domain.key())),
            subjects: z(of_study ^ hash("subjects").wrapping_add(observation as u32)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::affected;

    #[test]
    fn many_people_are_counted_as_few_are() {
        // Of 5000 with 12 % each: 600, standard deviation 23.
        assert!((f64::from(affected(0.12, 5000, 0.0) as u32) - 600.0).abs() < 2.0);
        assert!((f64::from(affected(0.12, 5000, 1.645) as u32) - 638.0).abs() < 3.0);
        assert_eq!((affected(1.0, 20, -2.0), affected(0.0, 20, 2.0), affected(0.5, 1, 9.0)), (20, 0, 1));
    }
}
