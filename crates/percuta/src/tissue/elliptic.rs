//! Steady diffusion with decay and sources in a layered block: `D ΔT - k T + s = 0`.
//!
//! Lateral modes are independent of each other, so the block falls apart into one tridiagonal system in
//! depth per mode: exact for coefficients that vary with depth, and without iteration. The eigenvalues are
//! those of the second difference instead of the spectral ones because they keep a positive source's
//! solution positive. Everything happens in place, in three passes over the field.

use super::vector::Vector;

use super::error::{check_grid, check_layers, check_length};
use super::lateral::{PlaneScratch, PlaneTransform};
use super::parallel::{Scratch, Shares, for_each_column_share, for_each_plane, threads_for};
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
    /// A source without negative values gives a solution without negative values up to rounding: below -1e-14 of
    /// the largest value nothing has been seen (transforms mix large and small values).
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

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(n: usize, spacing_um: f64, edges: &[f64]) -> Grid {
        Grid { n, spacing_um, depth_edges_um: edges.to_vec() }
    }

    /// Deterministic positive scatter.
    fn scatter(len: usize) -> Vec<f64> {
        let mut x = 12345u64;
        (0..len)
            .map(|_| {
                x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let v = (x >> 40) as f64 / f64::from(1u32 << 24);
                if v > 0.97 { v } else { 0.0 }
            })
            .collect()
    }

    fn mean(grid: &Grid, field: &[f64]) -> f64 {
        let total: f64 = field.chunks_exact(grid.plane()).enumerate().map(|(l, p)| p.iter().sum::<f64>() * grid.thickness_um(l)).sum();
        total / grid.plane() as f64 / (grid.depth_edges_um[grid.layers()] - grid.depth_edges_um[0])
    }

    #[test]
    fn mean_of_the_field_is_the_mean_of_the_source() {
        let g = grid(32, 30.0, &[0.0, 40.0, 90.0, 160.0, 260.0, 420.0, 700.0, 1100.0]);
        let source = scatter(g.voxels());
        let mut field: Vec<f64> = source.iter().map(|s| 9.1 * s).collect();
        Elliptic::new(&g, Lateral::Periodic, &[290_304.0; 7], &[9.1; 7]).unwrap().solve(&mut field).unwrap();
        let (m, s) = (mean(&g, &field), mean(&g, &source));
        assert!((m - s).abs() < 1e-9 * s, "{m} against {s}");
        assert!(field.iter().all(|&t| t > -1e-12), "a positive source must not give a negative field");
    }

    #[test]
    fn the_discrete_equation_is_satisfied_with_layered_coefficients() {
        let g = grid(16, 25.0, &[0.0, 30.0, 80.0, 150.0, 300.0]);
        let (d, k) = ([2e5, 3e5, 1e5, 4e5], [9.0, 12.0, 8.0, 15.0]);
        let (a, b) = (scatter(g.voxels()), scatter(2 * g.voxels()).split_off(g.voxels()));
        let (mut ta, mut tb) = (a.clone(), b.clone());
        let mut solver = Elliptic::new(&g, Lateral::Periodic, &d, &k).unwrap();
        solver.solve(&mut ta).unwrap();
        solver.solve(&mut tb).unwrap();
        for (t, s) in [(ta, a), (tb, b)] {
            let at = |l: usize, y: usize, x: usize| t[l * 256 + (y % 16) * 16 + x % 16];
            for l in 0..4 {
                let face = |m: usize| 2.0 / (g.thickness_um(m - 1) / d[m - 1] + g.thickness_um(m) / d[m]);
                for y in 0..16 {
                    for x in 0..16 {
                        let here = at(l, y, x);
                        let lateral = d[l] * (at(l, y, x + 1) + at(l, y, x + 15) + at(l, y + 1, x) + at(l, y + 15, x) - 4.0 * here) / 625.0;
                        let mut depth = 0.0;
                        if l > 0 {
                            depth += face(l) * (at(l - 1, y, x) - here);
                        }
                        if l < 3 {
                            depth += face(l + 1) * (at(l + 1, y, x) - here);
                        }
                        let residual = lateral + depth / g.thickness_um(l) - k[l] * here + s[l * 256 + y * 16 + x];
                        assert!(residual.abs() < 1e-9, "residual {residual}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_single_disc_matches_the_bessel_profile() {
        // Disc source of radius a with production that alone would give 1; modified Bessel functions I0, I1, K0, K1.
        let (a, ell, n, h) = (75.0, 178.0, 256, 10.0);
        let g = grid(n, h, &[0.0, 100.0]);
        let mut field = vec![0.0; g.voxels()];
        for (i, v) in field.iter_mut().enumerate() {
            // 8 x 8 subsamples place the rim of the disc well inside the voxel size.
            for s in 0..64 {
                let dx = ((i % n) as f64 + (f64::from(s % 8) + 0.5) / 8.0) * h - 0.5 * n as f64 * h;
                let dy = ((i / n) as f64 + (f64::from(s / 8) + 0.5) / 8.0) * h - 0.5 * n as f64 * h;
                if dx * dx + dy * dy < a * a {
                    *v += 1.0 / 64.0;
                }
            }
        }
        let k = 9.1;
        field.iter_mut().for_each(|v| *v *= k);
        Elliptic::new(&g, Lateral::Periodic, &[k * ell * ell], &[k]).unwrap().solve(&mut field).unwrap();
        // (radius, I0, I1, K0, K1 of radius/ell) are not in std: series and integrals below.
        for r in [0.0, 40.0, 150.0, 300.0, 500.0] {
            let x = n / 2 + (r / h) as usize;
            // Voxel centres sit half a voxel off the disc's centre on both axes.
            let radius = ((r + 0.5 * h).powi(2) + (0.5 * h).powi(2)).sqrt();
            let expected = if radius < a {
                1.0 - a / ell * bessel_k(1, a / ell) * bessel_i(0, radius / ell)
            } else {
                a / ell * bessel_i(1, a / ell) * bessel_k(0, radius / ell)
            };
            let found = field[(n / 2) * n + x];
            assert!((found - expected).abs() < 3e-3 * expected.max(0.02), "r = {radius}: {found} against {expected}");
        }
    }

    /// K_order(x) = integral of exp(-x cosh t) cosh(order t) over t from 0.
    fn bessel_k(order: i32, x: f64) -> f64 {
        let dt = 1e-3;
        (0..12_000).map(|i| (f64::from(i) + 0.5) * dt).map(|t: f64| (-x * t.cosh()).exp() * (f64::from(order) * t).cosh() * dt).sum()
    }

    /// I_order(x) = 1/pi integral of exp(x cos t) cos(order t) over t from 0 to pi.
    fn bessel_i(order: i32, x: f64) -> f64 {
        let n = 2000;
        (0..n)
            .map(|i| (f64::from(i) + 0.5) / f64::from(n))
            .map(|u| (x * (std::f64::consts::PI * u).cos()).exp() * (f64::from(order) * std::f64::consts::PI * u).cos())
            .sum::<f64>()
            / f64::from(n)
    }
}
