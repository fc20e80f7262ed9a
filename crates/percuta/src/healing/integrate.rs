//! Adaptive integration of a set of blocks with one common step.

use super::block::Block;
use super::equations::Equations;
use super::step::{Step, Tolerance};

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

/// Integrates blocks over time, remembering the step size from one stretch to the next.
#[derive(Debug, Clone)]
pub struct Integrator<'a> {
    equations: &'a Equations,
    tolerance: Tolerance,
    step: f64,
    trial: Vec<Block>,
    /// Steps taken so far.
    pub steps: usize,
}

/// First step after an injury, d.
const FIRST_STEP: f64 = 0.004;
/// A step this small means that the equations or the state are broken, d.
const SMALLEST_STEP: f64 = 1e-8;

impl<'a> Integrator<'a> {
    /// An integrator at the course tolerance.
    #[must_use]
    pub fn new(equations: &'a Equations) -> Self {
        Self::with_tolerance(equations, COURSE_TOLERANCE)
    }

    /// An integrator at another tolerance.
    #[must_use]
    pub fn with_tolerance(equations: &'a Equations, tolerance: Tolerance) -> Self {
        Self { equations, tolerance, step: FIRST_STEP, trial: Vec::new(), steps: 0 }
    }

    /// Starts over with small steps: something has just happened to the tissue.
    pub fn restart(&mut self) {
        self.step = FIRST_STEP;
    }

    /// Integrates `blocks` from `from` to `to` days; `accepted(h, before, after)` sees every step.
    ///
    /// # Errors
    /// If no step size satisfies the tolerance.
    pub fn advance(
        &mut self,
        blocks: &mut Vec<Block>,
        from: f64,
        to: f64,
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
            let step = Step::new(h, self.equations.parameters());
            self.trial.clear();
            let mut error = 0.0f64;
            for block in blocks.iter() {
                let (next, e) = step.take(block, self.equations, self.tolerance);
                // NaN must count as failure.
                error = if e > error || e.is_nan() { e } else { error };
                self.trial.push(next);
            }
            let grow = if error > 0.0 { (0.9 / error.sqrt()).clamp(0.2, 2.0) } else { 2.5 };
            if error <= 1.0 {
                accepted(h, blocks, &self.trial);
                std::mem::swap(blocks, &mut self.trial);
                t = if h >= left { to } else { t + h };
                self.steps += 1;
                // A step cut short to meet `to` says nothing against a longer one.
                self.step = if h < self.step { self.step.max(h * grow) } else { h * grow };
            } else {
                self.step = h * if grow.is_finite() { grow.min(0.9) } else { 0.2 };
                if self.step < SMALLEST_STEP {
                    let cells = blocks
                        .first()
                        .map_or([f64::NAN; 3], |b| [b.fibroblasts.to_array()[0], b.primed.to_array()[0], b.myofibroblasts.to_array()[0]]);
                    return Err(IntegrationError { day: t, step: self.step, error, cells });
                }
            }
        }
        Ok(())
    }
}
