//! Steady diffusion with decay and sources in a layered block: `D ΔT - k T + s = 0`.
//!
//! Lateral Fourier modes are independent of each other, so the block falls apart into one tridiagonal
//! system in depth per mode: exact for coefficients that vary with depth, and without iteration. The
//! second-order difference symbol is used instead of the spectral one because it keeps a positive
//! source's solution positive. Two sources ride in one complex transform.

use std::sync::Arc;

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::Grid;

/// Solver for one grid and one set of coefficients; periodic in x and y, no flux through top and bottom.
pub struct Elliptic {
    n: usize,
    layers: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    /// Elimination factors of the tridiagonal systems, `[layer][mode]`.
    upper: Vec<f64>,
    pivot: Vec<f64>,
    /// Coupling to the layer above, per layer.
    lower: Vec<f64>,
}

impl Elliptic {
    /// Prepares the solver. `diffusivity` and `decay` have one value per layer (µm²/d and 1/d, or any
    /// other consistent pair); decay must be positive somewhere or the mean is undetermined.
    #[must_use]
    pub fn new(grid: &Grid, diffusivity: &[f64], decay: &[f64]) -> Self {
        let (n, layers, plane) = (grid.n, grid.layers(), grid.plane());
        let mut planner = FftPlanner::new();
        // Conductance of a face: two half layers in series; none at top and bottom.
        let face: Vec<f64> =
            (1..layers).map(|l| 2.0 / (grid.thickness_um(l - 1) / diffusivity[l - 1] + grid.thickness_um(l) / diffusivity[l])).collect();
        let symbol: Vec<f64> = (0..n)
            .map(|i| {
                let s = (std::f64::consts::PI * i as f64 / n as f64).sin() / grid.spacing_um;
                4.0 * s * s
            })
            .collect();
        let mut upper = vec![0.0; plane * layers];
        let mut pivot = vec![0.0; plane * layers];
        let mut lower = vec![0.0; layers];
        for l in 0..layers {
            let h = grid.thickness_um(l);
            let above = if l > 0 { face[l - 1] / h } else { 0.0 };
            let below = if l + 1 < layers { face[l] / h } else { 0.0 };
            lower[l] = above;
            for (m, mode) in (l * plane..).take(plane).enumerate() {
                let k2 = symbol[m / n] + symbol[m % n];
                let diagonal = diffusivity[l] * k2 + decay[l] + above + below;
                let carried = if l > 0 { above * upper[mode - plane] } else { 0.0 };
                pivot[mode] = 1.0 / (diagonal - carried);
                upper[mode] = below * pivot[mode];
            }
        }
        Self { n, layers, forward: planner.plan_fft_forward(n), inverse: planner.plan_fft_inverse(n), upper, pivot, lower }
    }

    /// Solves for two sources at once; both fields are overwritten by their solutions.
    pub fn solve_two(&self, first: &mut [f64], second: &mut [f64]) {
        let (n, plane) = (self.n, self.n * self.n);
        let mut field: Vec<Complex<f64>> = first.iter().zip(second.iter()).map(|(&re, &im)| Complex { re, im }).collect();
        let mut turned = vec![Complex::default(); plane];
        let mut scratch = vec![Complex::default(); self.forward.get_inplace_scratch_len().max(self.inverse.get_inplace_scratch_len())];
        for layer in field.chunks_exact_mut(plane) {
            self.forward.process_with_scratch(layer, &mut scratch);
            transpose(layer, &mut turned, n);
            self.forward.process_with_scratch(&mut turned, &mut scratch);
            layer.copy_from_slice(&turned);
        }
        for l in 0..self.layers {
            let (done, rest) = field.split_at_mut(l * plane);
            let (here, pivot) = (&mut rest[..plane], &self.pivot[l * plane..(l + 1) * plane]);
            if l == 0 {
                here.iter_mut().zip(pivot).for_each(|(x, p)| *x *= p);
            } else {
                let above = &done[(l - 1) * plane..];
                let c = self.lower[l];
                here.iter_mut().zip(pivot).zip(above).for_each(|((x, p), a)| *x = (*x + a * c) * p);
            }
        }
        for l in (0..self.layers.saturating_sub(1)).rev() {
            let (head, tail) = field.split_at_mut((l + 1) * plane);
            let upper = &self.upper[l * plane..(l + 1) * plane];
            head[l * plane..].iter_mut().zip(upper).zip(&tail[..plane]).for_each(|((x, u), below)| *x += below * u);
        }
        let scale = 1.0 / plane as f64;
        for layer in field.chunks_exact_mut(plane) {
            self.inverse.process_with_scratch(layer, &mut scratch);
            transpose(layer, &mut turned, n);
            self.inverse.process_with_scratch(&mut turned, &mut scratch);
            layer.copy_from_slice(&turned);
        }
        for ((a, b), z) in first.iter_mut().zip(second.iter_mut()).zip(&field) {
            *a = z.re * scale;
            *b = z.im * scale;
        }
    }

    /// Solves for one source, which is overwritten by the solution.
    pub fn solve(&self, field: &mut [f64]) {
        let mut nothing = vec![0.0; field.len()];
        self.solve_two(field, &mut nothing);
    }
}

fn transpose(from: &[Complex<f64>], to: &mut [Complex<f64>], n: usize) {
    // Square tiles keep both sides of the copy in cache.
    const TILE: usize = 16;
    for r0 in (0..n).step_by(TILE) {
        for c0 in (0..n).step_by(TILE) {
            for r in r0..(r0 + TILE).min(n) {
                for c in c0..(c0 + TILE).min(n) {
                    to[c * n + r] = from[r * n + c];
                }
            }
        }
    }
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
        Elliptic::new(&g, &[290_304.0; 7], &[9.1; 7]).solve(&mut field);
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
        Elliptic::new(&g, &d, &k).solve_two(&mut ta, &mut tb);
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
        Elliptic::new(&g, &[k * ell * ell], &[k]).solve(&mut field);
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
