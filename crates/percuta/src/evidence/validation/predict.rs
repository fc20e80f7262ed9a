//! What the model predicts for a study from its protocol alone.

use rand::RngExt as _;
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal};

use super::super::compare::reading;
use super::super::observable::{Domain, Observable, observable};
use super::super::study::{Protocol, Record};
use super::super::{Observation, Scale, Study, grade};
use super::scale::{ScoreScale, is_share_of_people};
use crate::course::permeation::{self, MemberSkin, PermeationStudy, RATIOS, REPORTED};
use crate::course::{Course, RunError, recorded_days, run_member};
use crate::population::{Distribution, Draw, ParameterError, ParameterSet, Purpose, draw_members, hash, stream};

/// Predictive distribution of one published number: one value for each member.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// Which observation of the study.
    pub observation: usize,
    /// What it observes.
    pub observable: Observable,
    /// On the scale of the observation: the tissue, without observers' errors.
    pub tissue: Vec<f64>,
    /// The same as observers read it in endless subjects of a typical study.
    pub read: Vec<f64>,
    /// The published mean: with the observer, the spread between studies and the sampling of subjects.
    pub published: Vec<f64>,
    /// The same of skin that stays as it was before.
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
            if let Some(prediction) = with_errors(study, i, observable, &said, &draws, seed)? {
                predictions.push(prediction);
            }
        }
    }
    predictions.sort_by_key(|p| p.observation);
    Ok(predictions)
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
    let left_alone = observation.is_untreated() || observation.group.as_deref() == Some(Study::INTACT);
    let may_change = !left_alone && (relative || said.iter().any(|s| s.baseline != s.value) && said.iter().all(|s| s.baseline > 0.0));
    // Laboratories differ in intact skin as well.
    let handled = observable.domain == Domain::Absorption || !left_alone && said.iter().any(|s| s.value != s.baseline);
    let mut prediction = Prediction {
        handled,
        observation: number,
        observable,
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
            // Nobody expects anything of it either.
            let still = if grade(&observation.readout).is_some() {
                reading(&Observation { day: 0.0, ..observation.clone() }, said.baseline, noise.observer, draw)?
            } else {
                reading(observation, said.baseline, noise.observer, draw)?
            };
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
        return 100.0 * f64::from(affected(chance, observation.n, subjects.0)) / f64::from(observation.n);
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
fn affected(chance: f64, n: u32, normal: f64) -> u32 {
    let share = Normal::standard().cdf(normal);
    let odds = chance / (1.0 - chance);
    let (mut k, mut mass) = (0, (1.0 - chance).powf(f64::from(n)));
    let mut below = mass;
    while below < share && k < n {
        mass *= odds * f64::from(n - k) / f64::from(k + 1);
        below += mass;
        k += 1;
    }
    k
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
