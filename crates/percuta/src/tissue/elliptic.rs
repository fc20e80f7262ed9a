//! Steady diffusion with decay and sources in a layered block: `D ΔT - k T + s = 0`.
//!
//! Lateral modes are independent of each other, so the block falls apart into one tridiagonal system in
//! depth per mode: exact for coefficients that vary with depth, and without iteration. The eigenvalues are
//! those of the second difference instead of the spectral ones because they keep a positive source's
//! solution positive. Everything happens in place, in three passes over the field.

use super::error::{check_grid, check_layers, check_length};
use super::lateral::{PlaneScratch, PlaneTransform};
use super::parallel::{Scratch, Shares, for_each_column_share, for_each_plane, threads_for};
use super::vector::Vector;
use super::{Grid, Lateral, TissueError};

/// Modes eliminated together: 64 modes and 100 layers of factors fill 51 kB.
const TILE: usize = 64;

/// Solver for one grid and one set of coefficients; no flux through top and bottom.
///
/// Holds scratch for each thread (16 planes' lines and 64 modes of all layers) and nothing the size of a field.
pub struct Elliptic {
    voxels: usize,
    transform: PlaneTransform,
    eigenvalues: Vec<f64>,
    layers: Vec<Layer>,
    planes: Scratch<PlaneScratch>,
    tiles: Scratch<Vec<f64>>,
    shares: Shares,
    vector: Vector,
}

/// Coefficients of one layer, times its thickness.
#[derive(Clone, Copy)]
struct Layer {
    diffusivity: f64,
    decay: f64,
    /// Weight of the source; undoes the gain of the transforms too.
    source: f64,
    /// Conductance of the face above and below; none at top and bottom.
    above: f64,
    below: f64,
}

impl Elliptic {
    /// Prepares the solver. `diffusivity` and `decay` have one value per layer (µm²/d and 1/d, or any other
    /// consistent pair).
    ///
    /// # Errors
    /// [`TissueError`] for an unsound grid, for slices that do not have one value per layer, for a diffusivity that
    /// is not positive or a negative decay, and if decay is zero everywhere: the mean is undetermined then.
    pub fn new(grid: &Grid, lateral: Lateral, diffusivity: &[f64], decay: &[f64]) -> Result<Self, TissueError> {
        Self::with_vector(grid, lateral, diffusivity, decay, Vector::detect())
    }

    /// The same on a chosen instruction set.
    pub(super) fn with_vector(
        grid: &Grid,
        lateral: Lateral,
        diffusivity: &[f64],
        decay: &[f64],
        vector: Vector,
    ) -> Result<Self, TissueError> {
        check_grid(grid)?;
        check_layers("diffusivity", diffusivity, grid.layers(), false)?;
        check_layers("decay", decay, grid.layers(), true)?;
        if decay.iter().all(|&k| k == 0.0) {
            return Err(TissueError::NoDecay);
        }
        let transform = PlaneTransform::new(grid.n, lateral, vector);
        let count = grid.layers();
        // Two half layers in series.
        let face = |l: usize| 2.0 / (grid.thickness_um(l - 1) / diffusivity[l - 1] + grid.thickness_um(l) / diffusivity[l]);
        let layers = (0..count)
            .map(|l| {
                let h = grid.thickness_um(l);
                Layer {
                    diffusivity: diffusivity[l] * h,
                    decay: decay[l] * h,
                    source: h / transform.gain(),
                    above: if l > 0 { face(l) } else { 0.0 },
                    below: if l + 1 < count { face(l + 1) } else { 0.0 },
                }
            })
            .collect();
        let eigenvalues = lateral.eigenvalues(grid.n, grid.spacing_um);
        let mut solver = Self {
            voxels: grid.voxels(),
            transform,
            eigenvalues,
            layers,
            planes: Scratch::new(),
            tiles: Scratch::new(),
            shares: Shares::new(),
            vector,
        };
        solver.provide();
        Ok(solver)
    }

    fn provide(&mut self) {
        let threads = threads_for(self.voxels);
        self.planes.provide(threads, || self.transform.scratch());
        self.tiles.provide(threads, || vec![0.0; (self.layers.len() + 2) * TILE]);
    }

    /// Solves for one source, `[layer][y][x]`, which is overwritten by the solution. Large fields are shared among
    /// the threads of the current rayon pool; the bytes do not depend on their number.
    ///
    /// A source without negative values gives a solution without negative values up to rounding: below -1e-15 of
    /// the largest value nothing has been seen in tests (transforms mix large and small values).
    ///
    /// # Errors
    /// [`TissueError::Length`] if the field is not one of this grid.
    pub fn solve(&mut self, field: &mut [f64]) -> Result<(), TissueError> {
        check_length("field", field.len(), self.voxels)?;
        self.provide();
        let (plane, transform, vector) = (self.eigenvalues.len().pow(2), &self.transform, self.vector);
        let (eigenvalues, layers) = (&self.eigenvalues, &self.layers);
        for_each_plane(field, plane, &self.planes, |_, plane, scratch| transform.forward(plane, scratch));
        for_each_column_share(field, plane, TILE, &mut self.shares, &self.tiles, |first, columns, scratch| {
            let width = columns[0].len();
            for start in (0..width).step_by(TILE) {
                let end = (start + TILE).min(width);
                vector.run(
                    #[inline(always)]
                    || solve_tile(columns, start..end, first + start, eigenvalues, layers, scratch),
                );
            }
        });
        for_each_plane(field, plane, &self.planes, |_, plane, scratch| transform.inverse(plane, scratch));
        Ok(())
    }
}

/// Gauss elimination in depth for neighbouring modes, the first of which is number `mode`.
///
/// The pivot is the sum of what a row has beyond its couplings (`excess`) and the coupling below: nothing is
/// subtracted, so factors are accurate to rounding even where decay is tiny beside diffusion.
#[inline(always)]
fn solve_tile(
    columns: &mut [&mut [f64]],
    range: std::ops::Range<usize>,
    mode: usize,
    eigenvalues: &[f64],
    layers: &[Layer],
    scratch: &mut [f64],
) {
    let (n, width) = (eigenvalues.len(), range.len());
    let (square, rest) = scratch.split_at_mut(TILE);
    let (carry, upper) = rest.split_at_mut(TILE);
    let (square, carry) = (&mut square[..width], &mut carry[..width]);
    for (i, k2) in square.iter_mut().enumerate() {
        *k2 = eigenvalues[(mode + i) / n] + eigenvalues[(mode + i) % n];
    }
    carry.fill(0.0);
    for (l, layer) in layers.iter().enumerate() {
        let upper = &mut upper[l * TILE..][..width];
        let (done, rest) = columns.split_at_mut(l);
        let here = &mut rest[0][range.clone()];
        let factors = carry.iter_mut().zip(upper).zip(square.iter());
        match done.last() {
            None => {
                for (x, ((carry, upper), k2)) in here.iter_mut().zip(factors) {
                    *x = eliminate(layer, *x, 0.0, carry, upper, *k2);
                }
            }
            Some(above) => {
                for ((x, above), ((carry, upper), k2)) in here.iter_mut().zip(&above[range.clone()]).zip(factors) {
                    *x = eliminate(layer, *x, *above, carry, upper, *k2);
                }
            }
        }
    }
    for l in (1..layers.len()).rev() {
        let (head, tail) = columns.split_at_mut(l);
        let (here, below) = (&mut head[l - 1][range.clone()], &tail[0][range.clone()]);
        for ((x, below), upper) in here.iter_mut().zip(below).zip(&upper[(l - 1) * TILE..]) {
            *x += upper * below;
        }
    }
}

#[inline(always)]
fn eliminate(layer: &Layer, source: f64, above: f64, carry: &mut f64, upper: &mut f64, k2: f64) -> f64 {
    let excess = layer.diffusivity * k2 + layer.decay + *carry;
    let inverse = 1.0 / (excess + layer.below);
    *upper = layer.below * inverse;
    *carry = *upper * excess;
    (layer.source * source + layer.above * above) * inverse
}
