//! Implicit sweeps along one direction of a block, many lines at a time.
//!
//! Each line solves `(I - θB) y = x` and becomes `y/θ - (1/θ - 1) x`, which is `(I - θB)⁻¹ (I + (1-θ)B) x`: the
//! explicit half costs no stencil. The solve is two running averages, down and back,
//! `w += q (x - w)` and `y += s (w - y)`: Gauss elimination written so that a constant stays that constant to the
//! last bit and the sum of a line is kept whatever the rounding of `q` and `s`.

/// Factors of the lines of one layer along x or y.
pub(super) struct Line {
    q: Vec<f64>,
    s: Vec<f64>,
    /// Periodic lines: weights by which the first average starts from the far end. Empty otherwise.
    wrap: Vec<f64>,
}

/// What a sweep leaves of the solution `y` and of the value before, `x`: `solution * y + before * x`.
#[derive(Clone, Copy)]
pub(super) struct Blend {
    pub(super) solution: f64,
    pub(super) before: f64,
}

impl Blend {
    pub(super) fn new(theta: f64) -> Self {
        Self { solution: 1.0 / theta, before: 1.0 - 1.0 / theta }
    }
}

impl Line {
    /// `n` points, `r` = θ times step times diffusivity by the square of the spacing.
    pub(super) fn new(n: usize, r: f64, periodic: bool) -> Self {
        if periodic && n > 1 {
            return Self::periodic(n, r);
        }
        let (mut q, mut s) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let mut excess = 1.0;
        for i in 0..n {
            let below = if i + 1 < n { r } else { 0.0 };
            let share = excess / (excess + below);
            q.push(1.0 / excess);
            s.push(share);
            excess = 1.0 + r * share;
        }
        Self { q, s, wrap: Vec::new() }
    }

    /// A circulant system is the product of two running averages with one constant weight.
    fn periodic(n: usize, r: f64) -> Self {
        let new = 2.0 / (1.0 + (1.0 + 4.0 * r).sqrt());
        let old = 1.0 - new;
        let around = 1.0 - old.powf(n as f64);
        // Terms below rounding are left out.
        let wrap = (0..n).map(|j| old.powf(j as f64)).take_while(|&a| a > 1e-18).map(|a| new * a / around).collect();
        Self { q: vec![new; n], s: vec![new; n], wrap }
    }
}

/// Lines side by side that a sweep takes at once along x, after turning them.
pub(super) const ROWS: usize = 16;
/// The same along y and z.
pub(super) const COLUMNS: usize = 32;

/// Scratch values that [`sweep_plane`] needs.
pub(super) fn plane_scratch(n: usize) -> usize {
    n * (2 * ROWS).max(COLUMNS)
}

/// Sweeps a square plane along x and then along y.
#[inline(always)]
pub(super) fn sweep_plane(plane: &mut [f64], line: &Line, blend: Blend, scratch: &mut [f64]) {
    let n = line.q.len();
    let (turned, averages) = scratch[..2 * ROWS * n].split_at_mut(ROWS * n);
    for rows in plane.chunks_mut(ROWS * n) {
        turn(rows, turned, n);
        sweep::<ROWS, true>(turned, ROWS, 0, ROWS, line, blend, averages);
        turn_back(turned, rows, n);
    }
    let full = n - n % COLUMNS;
    for first in (0..full).step_by(COLUMNS) {
        sweep::<COLUMNS, true>(plane, n, first, COLUMNS, line, blend, scratch);
    }
    // The rest in narrow tiles: lanes that hold nothing cost as much as others.
    for first in (full..n).step_by(8) {
        sweep::<8, false>(plane, n, first, (n - first).min(8), line, blend, scratch);
    }
}

#[inline(always)]
fn turn(rows: &[f64], turned: &mut [f64], n: usize) {
    for (r, row) in rows.chunks_exact(n).enumerate() {
        row.iter().zip(turned.chunks_exact_mut(ROWS)).for_each(|(&x, t)| t[r] = x);
    }
}

#[inline(always)]
fn turn_back(turned: &[f64], rows: &mut [f64], n: usize) {
    for (r, row) in rows.chunks_exact_mut(n).enumerate() {
        row.iter_mut().zip(turned.chunks_exact(ROWS)).for_each(|(x, t)| *x = t[r]);
    }
}

#[inline(always)]
fn load<const C: usize, const FULL: bool>(from: &[f64], width: usize) -> [f64; C] {
    let mut v = [0.0; C];
    if FULL {
        v.copy_from_slice(&from[..C]);
    } else {
        v[..width].copy_from_slice(&from[..width]);
    }
    v
}

#[inline(always)]
fn store<const C: usize, const FULL: bool>(v: &[f64; C], to: &mut [f64], width: usize) {
    if FULL {
        to[..C].copy_from_slice(v);
    } else {
        to[..width].copy_from_slice(&v[..width]);
    }
}

/// One sweep of `width` neighbouring lines (C of them if `FULL`); point i of line j is `data[i * stride + first + j]`.
#[inline(always)]
fn sweep<const C: usize, const FULL: bool>(
    data: &mut [f64],
    stride: usize,
    first: usize,
    width: usize,
    line: &Line,
    blend: Blend,
    averages: &mut [f64],
) {
    let n = line.q.len();
    let mut w = [0.0; C];
    for (x, g) in data.chunks_exact(stride).rev().zip(&line.wrap) {
        let x = load::<C, FULL>(&x[first..], width);
        (0..C).for_each(|j| w[j] += g * x[j]);
    }
    let averages = &mut averages[..n * C];
    for ((x, kept), q) in data.chunks_exact(stride).zip(averages.chunks_exact_mut(C)).zip(&line.q) {
        let x = load::<C, FULL>(&x[first..], width);
        (0..C).for_each(|j| w[j] += q * (x[j] - w[j]));
        kept.copy_from_slice(&w);
    }
    let mut y = [0.0; C];
    for (kept, g) in averages.chunks_exact(C).zip(&line.wrap) {
        (0..C).for_each(|j| y[j] += g * kept[j]);
    }
    for ((x, kept), s) in data.chunks_exact_mut(stride).zip(averages.chunks_exact(C)).zip(&line.s).rev() {
        let mut v = load::<C, FULL>(&x[first..], width);
        for j in 0..C {
            y[j] += s * (kept[j] - y[j]);
            v[j] = blend.solution * y[j] + blend.before * v[j];
        }
        store::<C, FULL>(&v, &mut x[first..], width);
    }
}

/// Factors of one layer in depth. Averages run over potentials, c / K, which do not jump at borders.
#[derive(Clone, Copy, Default)]
pub(super) struct Depth {
    pub(super) q: f64,
    pub(super) s: f64,
    /// From concentration to potential, less what decays in the step.
    pub(super) potential: f64,
    /// θ times step: weight of the source beside the concentration.
    pub(super) source: f64,
    /// The layer's blend; the solution's part turns potentials into concentrations.
    pub(super) solution: f64,
    pub(super) before: f64,
}

/// Potentials beyond the top and the bottom.
#[derive(Clone, Copy, Default)]
pub(super) struct Beyond {
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Sweeps all columns of a share in depth. `columns` holds a slice for each layer, `sources` too or is empty.
#[inline(always)]
pub(super) fn sweep_columns(
    columns: &mut [&mut [f64]],
    first: usize,
    depth: &[Depth],
    beyond: Beyond,
    source: Source<'_>,
    averages: &mut [f64],
) {
    let width = columns[0].len();
    let full = width - width % COLUMNS;
    for start in (0..full).step_by(COLUMNS) {
        sweep_depth::<COLUMNS, true>(columns, start, COLUMNS, first, depth, beyond, source, averages);
    }
    for start in (full..width).step_by(8) {
        sweep_depth::<8, false>(columns, start, (width - start).min(8), first, depth, beyond, source, averages);
    }
}

/// Production in each voxel, and the voxels of a layer.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) values: &'a [f64],
    pub(super) plane: usize,
}

#[inline(always)]
#[expect(clippy::too_many_arguments, reason = "one loop nest; a struct would only rename them")]
fn sweep_depth<const C: usize, const FULL: bool>(
    columns: &mut [&mut [f64]],
    start: usize,
    width: usize,
    first: usize,
    depth: &[Depth],
    beyond: Beyond,
    source: Source<'_>,
    averages: &mut [f64],
) {
    let mut w = [beyond.top; C];
    for (l, ((x, kept), d)) in columns.iter().zip(averages.chunks_exact_mut(C)).zip(depth).enumerate() {
        let mut x = load::<C, FULL>(&x[start..], width);
        if !source.values.is_empty() {
            let s = load::<C, FULL>(&source.values[l * source.plane + first + start..], width);
            (0..C).for_each(|j| x[j] += d.source * s[j]);
        }
        (0..C).for_each(|j| w[j] += d.q * (d.potential * x[j] - w[j]));
        kept.copy_from_slice(&w);
    }
    let mut y = [beyond.bottom; C];
    for ((x, kept), d) in columns.iter_mut().zip(averages.chunks_exact(C)).zip(depth).rev() {
        let mut v = load::<C, FULL>(&x[start..], width);
        for j in 0..C {
            y[j] += d.s * (kept[j] - y[j]);
            v[j] = d.solution * y[j] + d.before * v[j];
        }
        store::<C, FULL>(&v, &mut x[start..], width);
    }
}
