//! The TGF-β field of one session: where the damage is and how far its signal reaches.

use super::HealingParameters;
use super::classes::Exposed;
use crate::tissue::{Elliptic, Grid, Lateral, TissueError};

/// Damage and signal of one session in two independent windows of skin.
#[derive(Debug, Clone)]
pub struct SourceField {
    /// The grid of each window.
    pub grid: Grid,
    /// Per window: damaged fraction of each voxel, `[layer][y][x]`.
    pub damaged: [Vec<f64>; 2],
    /// Per window: alarm that reaches each voxel, in units of a fully damaged tissue. TGF-β is linear in its
    /// source, so this one field serves macrophages and clot at all times; its mean is the mean damage.
    pub signal: [Vec<f64>; 2],
}

impl SourceField {
    /// Solves the signal of two windows.
    ///
    /// # Errors
    /// [`TissueError`] if the grid is unsound or the windows are not fields on it.
    pub fn new(grid: Grid, damaged: [Vec<f64>; 2], p: &HealingParameters) -> Result<Self, TissueError> {
        let mut solver = signal_solver(&grid, p)?;
        let mut signal = damaged.clone();
        for signal in &mut signal {
            signal.iter_mut().for_each(|s| *s *= p.tgf_decay);
            solver.solve(signal)?;
            // The difference symbol keeps the solution positive up to rounding of the transform.
            signal.iter_mut().for_each(|s| *s = s.max(0.0));
        }
        Ok(Self { grid, damaged, signal })
    }
}

/// The solver of TGF-β in a block of skin, whose sides are periodic. A source of `tgf_decay` times the damage gives the share
/// of a full source's TGF-β that reaches each voxel.
///
/// # Errors
/// [`TissueError`] if the grid is unsound.
pub fn signal_solver(grid: &Grid, p: &HealingParameters) -> Result<Elliptic, TissueError> {
    let layers = grid.layers();
    Elliptic::new(grid, Lateral::Periodic, &vec![p.tgf_diffusion; layers], &vec![p.tgf_decay; layers])
}

/// How the field of a later session lies over the first one's: which window, and how far it is shifted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overlay {
    /// Whether the two windows change places.
    pub swapped: bool,
    /// Shift along x, columns.
    pub shift_x: usize,
    /// Shift along y, columns.
    pub shift_y: usize,
}

impl Overlay {
    /// Copies one layer of both windows as this overlay shows it: `windows` are the two fields, `layer` the
    /// range of the layer in each, `n` the columns of a side; `into` takes both planes one after the other.
    pub fn lay(&self, windows: &[Vec<f64>; 2], layer: std::ops::Range<usize>, n: usize, into: &mut [f64]) {
        for (w, into) in into.chunks_exact_mut(n * n).enumerate() {
            let from = &windows[w ^ usize::from(self.swapped)][layer.clone()];
            for (y, row) in into.chunks_exact_mut(n).enumerate() {
                let source = (y + self.shift_y) % n * n;
                let (head, tail) = from[source..source + n].split_at(self.shift_x % n);
                row[..tail.len()].copy_from_slice(tail);
                row[tail.len()..].copy_from_slice(head);
            }
        }
    }
}

/// A session's field laid over the first one's, for every session of a course.
#[derive(Debug, Clone, Copy)]
pub struct Overlaid<'a> {
    /// The field of a session.
    pub field: &'a SourceField,
    /// How that of each session lies.
    pub overlays: &'a [Overlay],
}

impl Exposed for Overlaid<'_> {
    fn sessions(&self) -> usize {
        self.overlays.len()
    }

    fn layers(&self) -> usize {
        self.field.grid.layers()
    }

    fn columns(&self) -> usize {
        2 * self.field.grid.plane()
    }

    fn layer(&self, session: usize, layer: usize, signal: &mut [f64], lysed: &mut [f64]) {
        let (overlay, grid) = (&self.overlays[session], &self.field.grid);
        let range = layer * grid.plane()..(layer + 1) * grid.plane();
        overlay.lay(&self.field.signal, range.clone(), grid.n, signal);
        overlay.lay(&self.field.damaged, range, grid.n, lysed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_overlay_moves_every_column_once() {
        let windows = [(0..16).map(f64::from).collect::<Vec<_>>(), (16..32).map(f64::from).collect()];
        let mut laid = vec![0.0; 32];
        Overlay::default().lay(&windows, 0..16, 4, &mut laid);
        assert_eq!(laid, (0..32).map(f64::from).collect::<Vec<_>>());
        Overlay { swapped: true, shift_x: 1, shift_y: 3 }.lay(&windows, 0..16, 4, &mut laid);
        assert_eq!(laid[0], 16.0 + 13.0, "window 1, row 3, column 1");
        laid.sort_by(f64::total_cmp);
        assert_eq!(laid, (0..32).map(f64::from).collect::<Vec<_>>());
    }
}
