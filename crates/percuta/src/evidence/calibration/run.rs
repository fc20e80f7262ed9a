//! Running a calibration: design, emulator, posterior, and every study from the others.

use std::sync::atomic::{AtomicBool, Ordering};

use rand::RngExt as _;
use serde::{Deserialize, Serialize};

use super::CalibrationProblem;
use super::fitted::{self, Fitted};
use super::left_out::{self, LeftOut};
use super::observations::{Target, concerns, runs};
use super::skill::{self, LeftOutScore};
use crate::course::{RunError, in_pool};
use crate::evidence::Domain;
use crate::evidence::study::Record;
use crate::evidence::validation::{SIDES, spread};
use crate::population::calibration::{Combination, Emulator, Observed, Posterior, Sampling, combinations, correlations, value_at};
use crate::population::{Distribution, Draw, Interval, JointDraws, ParameterError, ParameterSet, Purpose, interval, stream};

/// Share of its prior standard deviation above which a parameter counts as not told by the data.
const NOT_TOLD: f64 = 0.8;

/// What the runs of a design say of one study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Design {
    /// Id of the study.
    pub study: String,
    /// What is calibrated to.
    pub targets: Vec<Target>,
    /// `[run][target]`.
    pub runs: Vec<Vec<f64>>,
}

/// Why a calibration stopped.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// A study could not be run.
    #[error("study `{study}`: {error}")]
    Study {
        /// Its id.
        study: String,
        /// Why.
        error: RunError,
    },
    /// The caller asked to stop.
    #[error("stopped after {done} of {total} studies")]
    Cancelled {
        /// Studies of which the design is done.
        done: usize,
        /// Studies in all.
        total: usize,
    },
    /// No observation is left.
    #[error("no study has an observation for this problem: roles, `only`, `without` and `without_readouts` leave none")]
    NoObservation,
    /// The design is too small for the parameters.
    #[error("a design of {design} runs is too small for {parameters} parameters: at least {least} are needed")]
    SmallDesign {
        /// Runs asked for.
        design: u32,
        /// Parameters to find.
        parameters: usize,
        /// Least number of runs.
        least: usize,
    },
    /// A parameter is missing or in another unit.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// Threads could not be started.
    #[error(transparent)]
    Threads(RunError),
}

/// The result of a calibration.
#[derive(Debug, Clone, Serialize)]
pub struct CalibrationOutcome {
    /// Name of the problem.
    pub name: String,
    /// Seed.
    pub seed: u64,
    /// Runs of each arm over the prior.
    pub design: u32,
    /// Each parameter before and after.
    pub parameters: Vec<Calibrated>,
    /// Spread between studies by domain, before and after.
    pub spreads: Vec<SpreadFound>,
    /// How much each study counts.
    pub studies: Vec<StudyWeight>,
    /// What was calibrated to.
    pub targets: Vec<Target>,
    /// Share of each target's scatter over the prior that the parameters explain.
    pub explained: Vec<f64>,
    /// What studies like these were expected to publish before and are after, target by target.
    pub fitted: Vec<Fitted>,
    /// Correlation of the parameters after, in normal scores.
    pub correlations: Vec<Vec<f64>>,
    /// Combinations of parameters, from what the data tell most of to what they tell least of.
    pub combinations: Vec<Combination>,
    /// Each study predicted from the others, if that was asked for.
    pub left_out: Vec<LeftOut>,
    /// Scores of these predictions beside those of naive predictors: over all, then by domain.
    pub left_out_scores: Vec<LeftOutScore>,
    /// Share of the sampler's steps that were taken.
    pub accepted: f64,
    /// Disagreement of its walkers: near 1 where they agree.
    pub disagreement: f64,
    /// The posterior ensemble.
    #[serde(skip)]
    pub posterior: JointDraws,
}

/// One parameter before and after.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibrated {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Value of its card.
    pub card: f64,
    /// Before.
    pub prior: Interval,
    /// After.
    pub posterior: Interval,
    /// Standard deviation after over before, in normal scores.
    pub left: f64,
    /// Whether the data tell something of it.
    pub told: bool,
    /// Logarithm of the posterior density along it, the others at their best, less that at the best: `(value, logarithm)`.
    pub profile: Vec<(f64, f64)>,
}

/// Spread between studies of one domain, as a share of the baseline or in the logarithm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpreadFound {
    /// Domain.
    pub domain: Domain,
    /// As its card expects it.
    pub expected: f64,
    /// As the studies show it.
    pub found: Interval,
    /// Targets of that domain.
    pub targets: usize,
    /// Studies of that domain: each is one draw of the spread.
    pub studies: usize,
}

/// How much a study counts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudyWeight {
    /// Id.
    pub study: String,
    /// 1, or less where nothing explains it.
    pub weight: f64,
}

/// Normal scores of the parameters in each run of the design, by Latin hypercube: `[run][parameter]`.
fn place_scores(problem: &CalibrationProblem) -> Vec<Vec<f64>> {
    let n = problem.design;
    let normal = Distribution::Normal { sd: 1.0, low: None, high: None };
    let mut scores = vec![Vec::with_capacity(problem.parameters.len()); n as usize];
    for k in 0..problem.parameters.len() {
        let mut rng = stream(problem.seed, k as u32, 7, Purpose::Fit);
        let mut strata: Vec<u32> = (0..n).collect();
        for i in (1..strata.len()).rev() {
            strata.swap(i, rng.random_range(0..=i));
        }
        for (row, stratum) in scores.iter_mut().zip(strata) {
            row.push(normal.quantile(0.0, (f64::from(stratum) + rng.random::<f64>()) / f64::from(n)));
        }
    }
    scores
}

/// Runs the design of one study.
///
/// # Errors
/// See [`RunError`].
fn design_of(problem: &CalibrationProblem, record: &Record, scores: &[Vec<f64>]) -> Result<Design, RunError> {
    let set = ParameterSet::embedded()?;
    let cards = problem.parameters.iter().map(|n| set.card(n)).collect::<Result<Vec<_>, _>>()?;
    let adjust = |draws: Vec<Draw>| {
        draws
            .into_iter()
            .zip(scores)
            .map(|(mut draw, scores)| {
                for ((name, card), score) in problem.parameters.iter().zip(&cards).zip(scores) {
                    draw = draw.with(name, value_at(&card.distribution, card.value, *score))?;
                }
                Ok(draw)
            })
            .collect()
    };
    let (targets, runs) = runs(problem, record, &adjust)?;
    Ok(Design { study: record.study.id.clone(), targets, runs })
}

/// Whether a calibration can be made of a problem and these records, found before anything is run.
///
/// # Errors
/// [`CalibrationError::NoObservation`] or [`CalibrationError::SmallDesign`].
pub fn check(problem: &CalibrationProblem, records: &[Record]) -> Result<(), CalibrationError> {
    let (parameters, design) = (problem.parameters.len(), problem.design);
    let least = Emulator::least_runs(parameters);
    if !records.iter().any(|r| concerns(problem, r)) {
        return Err(CalibrationError::NoObservation);
    }
    if (design as usize) < least {
        return Err(CalibrationError::SmallDesign { design, parameters, least });
    }
    Ok(())
}

/// Calibrates. `stored(study)` may give a design that was run before, `store` keeps one that is new; `progress(done, total, what)` is
/// called after each step.
///
/// # Errors
/// See [`CalibrationError`].
pub fn calibrate(
    problem: &CalibrationProblem,
    records: &[Record],
    threads: Option<usize>,
    stored: &dyn Fn(&str) -> Option<Design>,
    store: &mut dyn FnMut(&Design),
    progress: &(dyn Fn(usize, usize) + Sync),
    cancel: &AtomicBool,
) -> Result<CalibrationOutcome, CalibrationError> {
    let used: Vec<&Record> = records.iter().filter(|r| concerns(problem, r)).collect();
    let scores = place_scores(problem);
    let (mut targets, mut all): (Vec<Target>, Vec<Vec<f64>>) = (Vec::new(), vec![Vec::new(); problem.design as usize]);
    let mut of_studies: Vec<String> = Vec::new();
    for (done, record) in used.iter().enumerate() {
        if cancel.load(Ordering::Relaxed) {
            return Err(CalibrationError::Cancelled { done, total: used.len() });
        }
        let id = &record.study.id;
        let design = match stored(id) {
            Some(known) => known,
            None => {
                let new = in_pool(threads, || design_of(problem, record, &scores))
                    .and_then(|r| r)
                    .map_err(|error| CalibrationError::Study { study: id.clone(), error })?;
                store(&new);
                new
            }
        };
        if !design.targets.is_empty() {
            of_studies.push(id.clone());
            targets.extend(design.targets);
            all.iter_mut().zip(design.runs).for_each(|(a, d)| a.extend(d));
        }
        progress(done + 1, used.len());
    }
    if targets.is_empty() {
        return Err(CalibrationError::NoObservation);
    }
    let outcome = in_pool(threads, || finish(problem, &targets, &of_studies, &scores, &all, cancel)).map_err(CalibrationError::Threads)?;
    if cancel.load(Ordering::Relaxed) {
        return Err(CalibrationError::Cancelled { done: used.len(), total: used.len() });
    }
    outcome
}

/// From the runs of the design to the outcome.
fn finish(
    problem: &CalibrationProblem,
    targets: &[Target],
    studies: &[String],
    scores: &[Vec<f64>],
    runs: &[Vec<f64>],
    cancel: &AtomicBool,
) -> Result<CalibrationOutcome, CalibrationError> {
    let parameters = problem.parameters.len();
    let emulator = Emulator::fit(scores, runs).ok_or(CalibrationError::SmallDesign {
        design: problem.design,
        parameters,
        least: Emulator::least_runs(parameters),
    })?;
    let set = ParameterSet::embedded()?;
    let central = Draw::central(&set);
    let mut domains: Vec<Domain> = targets.iter().filter(|t| t.handled).map(|t| t.domain).collect();
    domains.sort_unstable();
    domains.dedup();
    let expected =
        domains.iter().map(|d| problem.spreads.get(d).map_or_else(|| spread(*d, &central), |s| Ok(*s))).collect::<Result<Vec<f64>, _>>()?;
    let spreads: Vec<f64> = expected.iter().map(|s| 100.0 * s).collect();
    let observed: Vec<Observed> = targets
        .iter()
        .map(|t| Observed {
            value: t.value,
            sampling: t.sampling,
            study: studies.iter().position(|s| *s == t.study).unwrap_or(0),
            domain: t.handled.then(|| domains.iter().position(|d| *d == t.domain)).flatten(),
        })
        .collect();
    let how = Sampling { seed: problem.seed, walkers: problem.walkers, steps: problem.steps };
    let (posterior, sample) = crate::population::calibration::calibrate(&emulator, &observed, &spreads, None, &how, cancel);
    let left_out =
        if problem.leave_one_out { left_out::each(&emulator, &observed, &spreads, targets, studies, &how, cancel) } else { Vec::new() };
    let rows = evenly(&sample.places, problem.draws);
    let cards = problem.parameters.iter().map(|n| set.card(n)).collect::<Result<Vec<_>, _>>()?;
    let draws: Vec<Vec<f64>> =
        rows.iter().map(|p| cards.iter().zip(p.iter()).map(|(c, s)| value_at(&c.distribution, c.value, *s)).collect()).collect();
    let found = (0..parameters)
        .map(|k| {
            let of: Vec<f64> = sample.places.iter().map(|p| p[k]).collect();
            let (card, found) = (cards[k], interval(&of));
            let mean = of.iter().sum::<f64>() / of.len() as f64;
            let left = (of.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / of.len() as f64).sqrt();
            let value = |score: f64| value_at(&card.distribution, card.value, score);
            Calibrated {
                name: problem.parameters[k].clone(),
                unit: card.unit.clone(),
                card: card.value,
                prior: Interval { median: value(0.0), low: value(-SIDES), high: value(SIDES) },
                posterior: Interval { median: value(found.median), low: value(found.low), high: value(found.high) },
                left,
                told: left < NOT_TOLD,
                profile: profile(&posterior, &sample.best.0, k).into_iter().map(|(s, l)| (value(s), l)).collect(),
            }
        })
        .collect();
    Ok(CalibrationOutcome {
        name: problem.name.clone(),
        seed: problem.seed,
        design: problem.design,
        parameters: found,
        spreads: domains
            .iter()
            .enumerate()
            .map(|(i, domain)| SpreadFound {
                domain: *domain,
                expected: expected[i],
                found: interval(&sample.places.iter().map(|p| 0.01 * p[parameters + i].exp()).collect::<Vec<_>>()),
                targets: targets.iter().filter(|t| t.handled && t.domain == *domain).count(),
                studies: studies.iter().filter(|s| targets.iter().any(|t| t.handled && t.domain == *domain && t.study == **s)).count(),
            })
            .collect(),
        studies: studies.iter().zip(&posterior.weights).map(|(s, w)| StudyWeight { study: s.clone(), weight: *w }).collect(),
        targets: targets.to_vec(),
        explained: emulator.explained.clone(),
        fitted: fitted::each(&posterior, scores, &spreads, &sample.places, targets, problem.seed),
        correlations: correlations(&sample.places, parameters),
        combinations: combinations(&sample.places, parameters),
        left_out_scores: skill::scores(&left_out, problem.seed),
        left_out,
        accepted: sample.accepted,
        disagreement: sample.disagreement,
        posterior: JointDraws {
            problem: problem.name.clone(),
            percuta: env!("CARGO_PKG_VERSION").into(),
            studies: studies.to_vec(),
            names: problem.parameters.clone(),
            units: cards.iter().map(|c| c.unit.clone()).collect(),
            draws,
        },
    })
}

/// So many of the places, evenly spaced.
pub(super) fn evenly(places: &[Vec<f64>], number: usize) -> Vec<&Vec<f64>> {
    let n = number.min(places.len());
    (0..n).map(|i| &places[i * places.len() / n]).collect()
}

/// Scores at which a profile is computed, from -3 to 3.
const PROFILE: u32 = 24;

/// Logarithm of the density along one parameter, all others at their best.
fn profile(posterior: &Posterior<'_>, best: &[f64], along: usize) -> Vec<(f64, f64)> {
    let mut values = Vec::new();
    let mut at = best.to_vec();
    for i in 0..=PROFILE {
        let score = -3.0 + 6.0 * f64::from(i) / f64::from(PROFILE);
        at[along] = score;
        at = climb(posterior, at, along);
        values.push((score, posterior.log_density(&at)));
    }
    let highest = values.iter().map(|v| v.1).fold(posterior.log_density(best), f64::max);
    values.iter_mut().for_each(|v| v.1 -= highest);
    values
}

/// Climbs by steps along one coordinate after the other, each halved where it gains nothing (Hooke and Jeeves).
fn climb(posterior: &Posterior<'_>, mut at: Vec<f64>, fixed: usize) -> Vec<f64> {
    let mut here = posterior.log_density(&at);
    let mut step = 0.4;
    while step > 0.02 {
        let mut gained = false;
        for i in (0..at.len()).filter(|i| *i != fixed) {
            for sign in [1.0, -1.0] {
                let old = at[i];
                at[i] = old + sign * step;
                let there = posterior.log_density(&at);
                if there > here {
                    here = there;
                    gained = true;
                    break;
                }
                at[i] = old;
            }
        }
        if !gained {
            step *= 0.5;
        }
    }
    at
}
