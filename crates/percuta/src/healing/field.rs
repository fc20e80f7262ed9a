//! The TGF-β field of one session: where the damage is and how far its signal reaches.

use super::HealingParameters;
use crate::tissue::{Elliptic, Grid};

/// Damage and signal of one session in two independent windows of skin (two ride in one solve).
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
    #[must_use]
    pub fn new(grid: Grid, damaged: [Vec<f64>; 2], p: &HealingParameters) -> Self {
        let layers = grid.layers();
        let solver = Elliptic::new(&grid, &vec![p.tgf_diffusion; layers], &vec![p.tgf_decay; layers]);
        let mut signal = damaged.clone();
        let [first, second] = &mut signal;
        first.iter_mut().chain(second.iter_mut()).for_each(|s| *s *= p.tgf_decay);
        solver.solve_two(first, second);
        // The difference symbol keeps the solution positive up to rounding of the transform.
        first.iter_mut().chain(second.iter_mut()).for_each(|s| *s = s.max(0.0));
        Self { grid, damaged, signal }
    }
}

/// How the field of a later session lies over the first one's: which window, shifted and turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlay {
    /// 1 swaps the two windows.
    pub swap: usize,
    /// Shift along x, columns.
    pub shift_x: usize,
    /// Shift along y, columns.
    pub shift_y: usize,
    /// Whether x and y change places.
    pub transposed: bool,
}

impl Overlay {
    /// The first session as it is.
    pub const IDENTITY: Self = Self { swap: 0, shift_x: 0, shift_y: 0, transposed: false };

    /// Where column (x, y) of a window finds its value in the source field: (window, column index).
    #[inline]
    #[must_use]
    pub fn source(&self, window: usize, x: usize, y: usize, n: usize) -> (usize, usize) {
        let (x, y) = ((x + self.shift_x) % n, (y + self.shift_y) % n);
        let column = if self.transposed { x * n + y } else { y * n + x };
        (window ^ self.swap, column)
    }
}
