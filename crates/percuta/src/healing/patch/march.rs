//! Marching the patch through time.
//!
//! The signals of macrophages and clot are known at any time without solving again: TGF-β is linear in its sources, and each
//! session's field follows the same chain as the cells. Only what fibroblasts make has to be solved as it changes. It is a small
//! and slow part of the whole, so between two solutions (a stretch) it is extrapolated, and within a stretch every tile takes
//! its own error-controlled steps: small ones near fresh wounds, long ones in quiet tissue, all of them in cache.

use rayon::prelude::*;

use super::tissue::{Patch, TILE};
use crate::healing::{Diffused, Epidermis, FIRST_STEP, IntegrationError, Integrator, LANES, Ledger, extrapolated};
use crate::tissue::TissueError;

/// First stretch after an event, d.
pub(super) const FIRST_STRETCH: f64 = 0.1;
/// Longest stretch, d: about a tenth of the lifetime of primed fibroblasts, the slowest that make TGF-β.
const LONGEST_STRETCH: f64 = 10.0;
/// Error of the extrapolated TGF-β that is aimed at, as a share of the TGF-β that half primes a fibroblast. At this share the
/// error moves the rate of priming by less than a thousandth of its maximum.
const STRETCH_TOLERANCE: f64 = 1e-3;
/// At most one voxel of dermis in so many is looked at for that, at least some thousand where there are so many: the field is
/// smooth over several voxels.
const SAMPLE: usize = 61;
/// Change of the primed fibroblasts under a column in one stretch that is aimed at: the epidermis follows their mean of start and
/// end, which then errs by a small part of the change.
const LARGEST_CHANGE: f64 = 0.25;

/// Why the patch could not march on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MarchError {
    /// The local equations could not be integrated.
    #[error(transparent)]
    Healing(#[from] IntegrationError),
    /// The field could not be solved.
    #[error(transparent)]
    Tissue(#[from] TissueError),
}

impl Patch {
    /// Advances to `to` days. `pause` is asked after each stretch whether to stop there; the patch is then whole, at an
    /// earlier day.
    ///
    /// # Errors
    /// See [`MarchError`]. The state is then not to be used.
    pub fn advance(&mut self, to: f64, mut pause: impl FnMut(&Self) -> bool) -> Result<(), MarchError> {
        while self.state.now < to {
            let left = to - self.state.now;
            let h = if self.state.stretch >= left {
                left
            } else if self.state.stretch > 0.5 * left {
                0.5 * left
            } else {
                self.state.stretch
            };
            let end = if h >= left { to } else { self.state.now + h };
            self.take_stretch(end)?;
            if pause(self) {
                break;
            }
        }
        Ok(())
    }

    fn take_stretch(&mut self, end: f64) -> Result<(), MarchError> {
        let h = end - self.state.now;
        let primed = self.papillary_primed();
        let ahead = if self.state.made_before.is_empty() { 0.0 } else { h / self.state.made_gap };
        self.heal_tiles(end, ahead)?;

        let after = self.papillary_primed();
        let epidermis = Epidermis::new(self.equations.parameters());
        for (thickening, (before, after)) in self.state.thickening.iter_mut().zip(primed.iter().zip(&after)) {
            *thickening = epidermis.advance(*thickening, h, *before, *after);
        }
        let change = primed.iter().zip(&after).map(|(before, after)| (after - before).abs()).fold(0.0, f64::max);
        self.solve_after(h, ahead, change / LARGEST_CHANGE)?;
        self.state.now = end;
        Ok(())
    }

    fn heal_tiles(&mut self, end: f64, ahead: f64) -> Result<(), IntegrationError> {
        let (now, equations) = (self.state.now, &self.equations);
        let from = self.at.dermal_offset();
        let made = &self.state.made[from..];
        // Without an earlier field, the present one stands in for it and does not change.
        let before = if self.state.made_before.is_empty() { made } else { &self.state.made_before[from..] };
        let tiles = self.state.blocks.par_chunks_mut(TILE).zip(&mut self.state.steps).zip(&mut self.state.ledgers).enumerate();
        tiles.try_for_each_init(
            || Integrator::new(equations),
            |integrator, (tile, ((blocks, step), ledger))| {
                let points = tile * TILE * LANES..;
                let diffused = Diffused { now: &made[points.clone()], before: &before[points], ahead };
                integrator.step = *step;
                integrator.ledger = Ledger::default();
                integrator.advance(blocks, (now, end), Some(diffused), |_, _, _| {})?;
                *step = integrator.step;
                ledger.synthesised += integrator.ledger.synthesised;
                ledger.degraded += integrator.ledger.degraded;
                Ok(())
            },
        )
    }

    /// Solves the field at the end of a stretch of `h` days and chooses the next stretch by how far extrapolation missed it and by
    /// what the epidermis asks for.
    fn solve_after(&mut self, h: f64, ahead: f64, epidermis: f64) -> Result<(), TissueError> {
        let mut next = std::mem::take(&mut self.state.made_before);
        let dermis = self.at.dermal_offset()..self.state.made.len();
        let stride = (dermis.len() / 1000).clamp(1, SAMPLE);
        let sample = dermis.step_by(stride);
        let predicted: Vec<f64> = match next.is_empty() {
            true => sample.clone().map(|v| self.state.made[v]).collect(),
            false => sample.clone().map(|v| extrapolated(self.state.made[v], next[v], ahead)).collect(),
        };
        next.resize(self.state.made.len(), 0.0);
        self.solve_made(&mut next)?;
        let missed = sample.zip(predicted).map(|(v, predicted)| (next[v] - predicted).abs()).fold(0.0, f64::max);
        self.state.made_before = std::mem::replace(&mut self.state.made, next);
        self.state.made_gap = h;

        let error = missed / (STRETCH_TOLERANCE * self.equations.parameters().priming_tgf);
        self.state.worst_extrapolation = self.state.worst_extrapolation.max(error);
        let error = error.max(epidermis);
        let grow = if error > 0.0 { (0.9 / error.sqrt()).clamp(0.25, 2.0) } else { 2.0 };
        // A stretch cut short to meet an event says nothing against a longer one.
        self.state.stretch = if h < 0.99 * self.state.stretch && grow > 1.0 { self.state.stretch } else { (h * grow).min(LONGEST_STRETCH) };
        Ok(())
    }

    /// Diffused TGF-β of the fibroblasts as they now are, into `field`.
    pub(super) fn solve_made(&mut self, field: &mut [f64]) -> Result<(), TissueError> {
        let (epidermis, dermis) = field.split_at_mut(self.at.dermal_offset());
        epidermis.fill(0.0);
        let (equations, decay) = (&self.equations, self.equations.parameters().tgf_decay);
        dermis.par_chunks_mut(LANES).zip(&self.state.blocks).for_each(|(source, block)| {
            for (i, source) in source.iter_mut().enumerate() {
                *source = decay * equations.tgf_of_fibroblasts(block.primed[i], block.myofibroblasts[i]);
            }
        });
        self.solve(field)
    }

    /// Solves the field of a source; what rounding leaves below zero is zero.
    pub(super) fn solve(&mut self, field: &mut [f64]) -> Result<(), TissueError> {
        self.solver.solve(field)?;
        field.par_iter_mut().for_each(|v| *v = v.max(0.0));
        Ok(())
    }

    /// Starts over with small steps: something has just happened to the tissue.
    pub(super) fn restart(&mut self) {
        self.state.steps.fill(FIRST_STEP);
        self.state.stretch = FIRST_STRETCH;
    }
}
