//! Running a sensitivity analysis.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::factors::{Inputs, Order};
use super::outcome::{ReadoutSensitivity, SensitivityOutcome, VisitSensitivity};
use super::settings::{SensitivityError, SensitivitySettings};
use crate::course::{Course, Readout, RunError, in_pool, index_of, recorded_days};
use crate::course::{Member, run_member};
use crate::population::Draw;
use crate::population::sensitivity::{Design, OutputIndices, screen, sobol};

/// Base samples of the indices for one of the screening, and the least of the screening.
const SCREENING: (u32, u32) = (16, 16);

/// A change below this share of the baseline (of 1 at least) is none: no instrument tells it, and it is the last trace of what has ended.
const TRACE: f64 = 1e-3;

/// Finds what drives `course`; `progress(done, total)` is called after each evaluation, from any thread.
///
/// Outputs are the changes of the chosen read-outs from before the first session to each visit after day 0.
///
/// # Errors
/// See [`SensitivityError`]. Setting `cancel` stops after the evaluations in flight.
pub fn sensitivity(
    course: &Course,
    settings: &SensitivitySettings,
    progress: &(dyn Fn(usize, usize) + Sync),
    cancel: &AtomicBool,
) -> Result<SensitivityOutcome, SensitivityError> {
    settings.check()?;
    let chosen = settings.chosen(course)?;
    let visits: Vec<f64> = course.visits.iter().copied().filter(|d| *d > 0.0).collect();
    if visits.is_empty() {
        return Err(SensitivityError::NoVisit);
    }
    let inputs = Inputs::of(course, &chosen, settings)?;
    let screening = screening_design(&inputs, settings);
    let own = inputs.candidates.len().min(settings.strongest);
    let others = usize::from(own < inputs.len());
    let planned = settings.samples as usize * (own + 3 + others);
    let total = planned + screening.as_ref().map_or(0, |d| d.samples as usize * (d.factors.len() + 1));
    let work = Evaluations {
        course,
        inputs: &inputs,
        days: recorded_days(&course.sessions, &course.visits),
        visits: &visits,
        chosen: &chosen,
        central: Draw::central(&course.parameters),
        seed: settings.seed,
        done: AtomicUsize::new(0),
        total,
        progress,
        cancel,
    };
    let (order, found) = in_pool(settings.threads, || -> Result<_, RunError> {
        let own = match &screening {
            Some(design) => strongest(&inputs, &work.screened(design)?, settings.strongest),
            None => inputs.candidates.clone(),
        };
        let order = inputs.order(&own);
        let design = Design { factors: order.factors(), samples: settings.samples, seed: settings.seed };
        let found = sobol(&design, &|point| work.changes(&order, point))?;
        Ok((order, found))
    })??;
    let (readouts, unchanged) = collated(&chosen, &visits, found);
    Ok(SensitivityOutcome {
        course: course.clone(),
        seed: settings.seed,
        samples: settings.samples,
        evaluations: planned,
        screening_samples: screening.map(|d| d.samples),
        candidates: inputs.candidates.len(),
        uncertain: inputs.parameters(),
        factors: order.described(&inputs),
        readouts,
        unchanged,
    })
}

/// The evaluations of a course: what does not change from one to the next.
struct Evaluations<'a> {
    course: &'a Course,
    inputs: &'a Inputs,
    days: Vec<f64>,
    visits: &'a [f64],
    chosen: &'a [Readout],
    central: Draw,
    seed: u64,
    done: AtomicUsize,
    total: usize,
    progress: &'a (dyn Fn(usize, usize) + Sync),
    cancel: &'a AtomicBool,
}

impl Evaluations<'_> {
    /// The changes of the chosen read-outs at every visit, at one point of the unit hypercube.
    fn changes(&self, order: &Order, point: &[f64]) -> Result<Vec<f64>, RunError> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(RunError::Cancelled { done: self.done.load(Ordering::Relaxed), total: self.total });
        }
        let (draw, number) = order.draw(self.course, self.inputs, &self.central, point);
        let member = run_member(self.course, &draw, self.seed, number, &self.days)?;
        (self.progress)(self.done.fetch_add(1, Ordering::Relaxed) + 1, self.total);
        Ok(self.chosen.iter().flat_map(|r| changes_of(&member, r.key, self.visits)).collect())
    }

    /// Shares of the candidates in each output.
    fn screened(&self, design: &Design) -> Result<Vec<Vec<f64>>, RunError> {
        let order = self.inputs.order(&self.inputs.candidates);
        screen(design, &|point| self.changes(&order, point))
    }
}

fn changes_of(member: &Member, key: &str, visits: &[f64]) -> Vec<f64> {
    let values = member.readouts.iter().find(|(k, _)| *k == key).map_or(&[][..], |(_, v)| v.as_slice());
    let baseline = values.first().copied().unwrap_or(0.0);
    let change = |&visit: &f64| {
        let change = index_of(&member.history.days, visit).and_then(|i| values.get(i)).map_or(0.0, |v| v - baseline);
        if change.abs() <= TRACE * baseline.abs().max(1.0) { 0.0 } else { change }
    };
    visits.iter().map(change).collect()
}

/// The design of the screening: every candidate is a factor, and chance and the others together are one more. None if all candidates get
/// indices of their own anyway.
fn screening_design(inputs: &Inputs, settings: &SensitivitySettings) -> Option<Design> {
    if inputs.candidates.len() <= settings.strongest {
        return None;
    }
    let order = inputs.order(&inputs.candidates);
    let own = order.own.len();
    let mut factors: Vec<_> = (0..own).map(|i| i..i + 1).collect();
    factors.push(own..own + 1 + order.others.len());
    let samples = (settings.samples / SCREENING.0).max(SCREENING.1);
    // Another seed than that of the indices: what is chosen by chance must not be confirmed by the same chance.
    Some(Design { factors, samples, seed: !settings.seed })
}

/// The candidates with the largest share in all outputs together, in the order of their names.
fn strongest(inputs: &Inputs, shares: &[Vec<f64>], most: usize) -> Vec<usize> {
    let all = |k: usize| shares.iter().map(|output| output[k]).sum::<f64>();
    let mut ranked: Vec<(usize, f64)> = inputs.candidates.iter().enumerate().map(|(k, &input)| (input, all(k))).collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut own: Vec<usize> = ranked.into_iter().take(most).map(|(input, _)| input).collect();
    own.sort_unstable();
    own
}

/// Indices by read-out and visit; read-outs that never change apart.
fn collated(chosen: &[Readout], visits: &[f64], found: Vec<Option<OutputIndices>>) -> (Vec<ReadoutSensitivity>, Vec<Readout>) {
    let (mut changed, mut unchanged) = (Vec::new(), Vec::new());
    let mut found = found.into_iter();
    for readout in chosen {
        let visits: Vec<VisitSensitivity> = visits
            .iter()
            .zip(found.by_ref())
            .map(|(&day, output)| match output {
                Some(o) => VisitSensitivity { day, mean: o.mean, sd: o.variance.sqrt(), first_sum: Some(o.first_sum), indices: o.factors },
                None => VisitSensitivity { day, mean: 0.0, sd: 0.0, first_sum: None, indices: Vec::new() },
            })
            .collect();
        if visits.iter().any(|v| !v.indices.is_empty()) {
            changed.push(ReadoutSensitivity { readout: *readout, visits });
        } else {
            unchanged.push(*readout);
        }
    }
    (changed, unchanged)
}
