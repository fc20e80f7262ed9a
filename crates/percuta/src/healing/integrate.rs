//! Adaptive integration of a set of blocks with one common step.

use pulp::{Arch, Simd, WithSimd};
use serde::{Deserialize, Serialize};

use super::block::{Block, LANES, Lanes};
use super::equations::Equations;
use super::step::{FibroblastTgf, Step, Tolerance, larger};

/// The tolerance of courses: the difference of the two embedded solutions, per step. The second-order
/// solution is then within 1e-3 of a converged one over a year (a test holds it to that).
pub const COURSE_TOLERANCE: Tolerance = Tolerance { relative: 1e-3, absolute: 1e-4 };

/// Why the equations could not be integrated further.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the step fell below {step:e} d (error estimate {error}) with cells {cells:?}")]
pub struct IntegrationError {
    /// Day reached.
    pub day: f64,
    /// Step that was still refused, d.
    pub step: f64,
    /// Its error estimate in units of the tolerance.
    pub error: f64,
    /// Fibroblasts, primed and myofibroblasts of the first point.
    pub cells: [f64; 3],
}

/// First step after an injury, d.
pub(super) const FIRST_STEP: f64 = 0.004;
/// A step this small means that the equations or the state are broken, d.
const SMALLEST_STEP: f64 = 1e-8;

/// Collagen made and lost over a stretch of time, summed over points: what changes the stock.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Ledger {
    /// Made.
    pub synthesised: f64,
    /// Lost.
    pub degraded: f64,
}

/// Diffused TGF-β of the fibroblasts at the points of a set of blocks over a stretch of time, ng/mL: it goes on changing as it
/// did before.
#[derive(Debug, Clone, Copy)]
pub struct Diffused<'a> {
    /// At the start of the stretch; a value for each point.
    pub now: &'a [f64],
    /// At an earlier time.
    pub before: &'a [f64],
    /// Length of the stretch over the time since then; 0 for a field that stays as it is.
    pub ahead: f64,
}

impl Diffused<'_> {
    /// Values at the points of a block at a share of the stretch; points beyond the last have none.
    #[inline(always)]
    fn at(&self, block: usize, share: f64) -> Lanes {
        let mut values = [0.0; LANES];
        let from = block * LANES;
        for (value, (&now, &before)) in values.iter_mut().zip(self.now[from..].iter().zip(&self.before[from..])) {
            *value = extrapolated(now, before, share * self.ahead);
        }
        values
    }
}

/// A value that is never negative, `ahead` times the time from `before` to `now` after now.
#[inline(always)]
pub(super) fn extrapolated(now: f64, before: f64, ahead: f64) -> f64 {
    larger(now + ahead * (now - before), 0.0)
}

/// Integrates blocks over time, remembering the step size from one stretch to the next.
#[derive(Debug, Clone)]
pub struct Integrator<'a> {
    equations: &'a Equations,
    tolerance: Tolerance,
    arch: Arch,
    /// Step to try next, d.
    pub step: f64,
    trial: Vec<Block>,
    /// Steps taken so far.
    pub steps: usize,
    /// Collagen made and lost so far.
    pub ledger: Ledger,
}

impl<'a> Integrator<'a> {
    /// An integrator at the course tolerance.
    #[must_use]
    pub fn new(equations: &'a Equations) -> Self {
        Self::with_tolerance(equations, COURSE_TOLERANCE)
    }

    /// An integrator at another tolerance.
    #[must_use]
    pub fn with_tolerance(equations: &'a Equations, tolerance: Tolerance) -> Self {
        Self { equations, tolerance, arch: Arch::new(), step: FIRST_STEP, trial: Vec::new(), steps: 0, ledger: Ledger::default() }
    }

    /// Computes without vector instructions beyond the ones every processor has.
    #[must_use]
    pub fn scalar(mut self) -> Self {
        self.arch = Arch::Scalar;
        self
    }

    /// Starts over with small steps: something has just happened to the tissue.
    pub fn restart(&mut self) {
        self.step = FIRST_STEP;
    }

    /// Integrates `blocks` from `from` to `to` days; `accepted(h, before, after)` sees every step. TGF-β of fibroblasts acts
    /// where it is made, or as `diffused` says.
    ///
    /// # Errors
    /// If no step size satisfies the tolerance.
    pub fn advance(
        &mut self,
        blocks: &mut [Block],
        (from, to): (f64, f64),
        diffused: Option<Diffused>,
        mut accepted: impl FnMut(f64, &[Block], &[Block]),
    ) -> Result<(), IntegrationError> {
        let mut t = from;
        while t < to {
            let left = to - t;
            // Two equal steps to the end rather than one long and one tiny.
            let h = if self.step >= left {
                left
            } else if self.step > 0.5 * left {
                0.5 * left
            } else {
                self.step
            };
            let shares = ((t - from) / (to - from), (t + h - from) / (to - from));
            let (error, ledger) = self.attempt(h, blocks, diffused, shares);
            let grow = if error > 0.0 { (0.9 / error.sqrt()).clamp(0.2, 2.0) } else { 2.5 };
            if error <= 1.0 {
                accepted(h, blocks, &self.trial);
                blocks.copy_from_slice(&self.trial);
                t = if h >= left { to } else { t + h };
                self.steps += 1;
                self.ledger.synthesised += ledger.synthesised;
                self.ledger.degraded += ledger.degraded;
                // A step cut short to meet `to` says nothing against a longer one.
                self.step = if h < self.step { self.step.max(h * grow) } else { h * grow };
            } else {
                // What is not a number gets better only by much smaller steps, if at all.
                self.step = h * if error.is_nan() { 0.2 } else { grow.min(0.9) };
                if self.step < SMALLEST_STEP {
                    let cells = blocks.first().map_or([f64::NAN; 3], |b| [b.fibroblasts[0], b.primed[0], b.myofibroblasts[0]]);
                    return Err(IntegrationError { day: t, step: self.step, error, cells });
                }
            }
        }
        Ok(())
    }

    /// Takes a step of all blocks into the trial ones: the largest error estimate, NaN counting as large, and the ledger.
    fn attempt(&mut self, h: f64, blocks: &[Block], diffused: Option<Diffused>, shares: (f64, f64)) -> (f64, Ledger) {
        self.trial.resize(blocks.len(), Block::default());
        let step = Step::new(h, self.equations.parameters());
        let (equations, tolerance) = (self.equations, self.tolerance);
        self.arch.dispatch(Attempt { step, equations, tolerance, diffused, shares, from: blocks, to: &mut self.trial })
    }
}

/// One step of many blocks: what is compiled for each set of vector instructions.
struct Attempt<'a> {
    step: Step,
    equations: &'a Equations,
    tolerance: Tolerance,
    diffused: Option<Diffused<'a>>,
    /// Where in the stretch of `diffused` the step starts and ends.
    shares: (f64, f64),
    from: &'a [Block],
    to: &'a mut [Block],
}

impl WithSimd for Attempt<'_> {
    type Output = (f64, Ledger);

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> (f64, Ledger) {
        let (mut error, mut ledger) = (0.0, Ledger::default());
        for (i, (from, to)) in self.from.iter().zip(self.to).enumerate() {
            let ends = self.diffused.map(|field| (field.at(i, self.shares.0), field.at(i, self.shares.1)));
            let made = ends.as_ref().map_or(FibroblastTgf::Local, |(start, end)| FibroblastTgf::Diffused(start, end));
            let taken = self.step.take(from, to, self.equations, self.tolerance, made);
            error = if taken.error > error || taken.error.is_nan() { taken.error } else { error };
            ledger.synthesised += taken.synthesised.iter().sum::<f64>();
            ledger.degraded += taken.degraded.iter().sum::<f64>();
        }
        (error, ledger)
    }
}
