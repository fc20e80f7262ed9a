//! Implicit sweeps along one direction of a block, many lines at a time.
//!
//! Each line solves `(I - τA) y = x` by two running averages, there and back, `w += q (x - w)` and `y += s (w - y)`:
//! Gauss elimination written so that a constant stays that constant to the last bit and the sum of a line is kept
//! whatever the rounding of `q` and `s`. Averages of what is not negative are not negative.
//!
//! Lines stand side by side in vectors, several vectors at once because each average waits for the one before.

use pulp::{Simd, WithSimd};
use wide::f64x2;

use super::vector::Vector;

/// Factors of the lines of one layer along x or y.
pub(super) struct Line {
    q: Vec<f64>,
    s: Vec<f64>,
    /// Periodic lines: weights by which the first average starts from the far end. Empty otherwise.
    wrap: Vec<f64>,
}

impl Line {
    /// `n` points, `r` = τ times diffusivity by the square of the spacing.
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

/// Most vectors of lines that a sweep takes at once.
const VECTORS: usize = 8;

/// Most lanes of a vector.
const LANES: usize = 8;

/// Lines turned together for a sweep along x.
const ROWS: usize = 4 * LANES;

/// Lines along y or z that scratch must hold: shares of columns begin at multiples of it.
pub(super) const COLUMNS: usize = VECTORS * LANES;

/// Scratch values that [`sweep_plane`] needs.
pub(super) fn plane_scratch(n: usize) -> usize {
    n * ROWS
}

/// Sweeps a square plane along x and then along y. `prepare(first, rows)` writes or changes rows before they are swept.
pub(super) fn sweep_plane(vector: Vector, plane: &mut [f64], line: &Line, scratch: &mut [f64], prepare: impl Fn(usize, &mut [f64])) {
    let n = line.q.len();
    for share in even_shares(n, ROWS, LANES) {
        let lanes = share.len().next_multiple_of(LANES);
        let (rows, turned) = (&mut plane[share.start * n..share.end * n], &mut scratch[..lanes * n]);
        prepare(share.start, rows);
        turn(rows, turned, n, lanes);
        vector.run_simd(Sweep { data: turned, stride: lanes, width: lanes, line });
        turn_back(turned, rows, n, lanes);
    }
    vector.run_simd(Sweep { data: plane, stride: n, width: n, line });
}

/// Cuts `count` into shares of at most `most` that are as even as multiples of `unit` allow: a small rest would take
/// as long as a whole share.
#[inline(always)]
fn even_shares(count: usize, most: usize, unit: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    let units = count.div_ceil(unit);
    let shares = count.div_ceil(most);
    (0..shares).map(move |i| units * i / shares * unit..(units * (i + 1) / shares * unit).min(count))
}

/// Rows to `turned[point][row]`, two by two.
fn turn(rows: &[f64], turned: &mut [f64], n: usize, lanes: usize) {
    for (r, pair) in rows.chunks(2 * n).enumerate() {
        let (a, b) = pair.split_at(n);
        if b.is_empty() {
            a.iter().zip(turned.chunks_exact_mut(lanes)).for_each(|(&x, t)| t[2 * r] = x);
            continue;
        }
        let points = a.chunks_exact(2).zip(b.chunks_exact(2)).zip(turned.chunks_exact_mut(2 * lanes));
        for ((a, b), t) in points {
            let [first, second] = f64x2::transpose([f64x2::new([a[0], a[1]]), f64x2::new([b[0], b[1]])]);
            t[2 * r..2 * r + 2].copy_from_slice(&first.to_array());
            t[lanes + 2 * r..lanes + 2 * r + 2].copy_from_slice(&second.to_array());
        }
        if n % 2 == 1 {
            (turned[(n - 1) * lanes + 2 * r], turned[(n - 1) * lanes + 2 * r + 1]) = (a[n - 1], b[n - 1]);
        }
    }
}

/// The way back.
fn turn_back(turned: &[f64], rows: &mut [f64], n: usize, lanes: usize) {
    for (r, pair) in rows.chunks_mut(2 * n).enumerate() {
        let (a, b) = pair.split_at_mut(n);
        if b.is_empty() {
            a.iter_mut().zip(turned.chunks_exact(lanes)).for_each(|(x, t)| *x = t[2 * r]);
            continue;
        }
        let points = a.chunks_exact_mut(2).zip(b.chunks_exact_mut(2)).zip(turned.chunks_exact(2 * lanes));
        for ((a, b), t) in points {
            let (first, second) = (&t[2 * r..2 * r + 2], &t[lanes + 2 * r..lanes + 2 * r + 2]);
            let [row_a, row_b] = f64x2::transpose([f64x2::new([first[0], first[1]]), f64x2::new([second[0], second[1]])]);
            a.copy_from_slice(&row_a.to_array());
            b.copy_from_slice(&row_b.to_array());
        }
        if n % 2 == 1 {
            (a[n - 1], b[n - 1]) = (turned[(n - 1) * lanes + 2 * r], turned[(n - 1) * lanes + 2 * r + 1]);
        }
    }
}

/// Calls `$sweep::<S, V>` for `$count` vectors, 1 to 8 of them.
macro_rules! by_vectors {
    ($count:expr, $sweep:ident($($argument:expr),*)) => {
        match $count {
            1 => $sweep::<S, 1>($($argument),*),
            2 => $sweep::<S, 2>($($argument),*),
            3 => $sweep::<S, 3>($($argument),*),
            4 => $sweep::<S, 4>($($argument),*),
            5 => $sweep::<S, 5>($($argument),*),
            6 => $sweep::<S, 6>($($argument),*),
            7 => $sweep::<S, 7>($($argument),*),
            _ => $sweep::<S, 8>($($argument),*),
        }
    };
}

/// Sweep of `width` lines side by side: point i of line j is `data[i * stride + j]`.
struct Sweep<'a> {
    data: &'a mut [f64],
    stride: usize,
    width: usize,
    line: &'a Line,
}

impl WithSimd for Sweep<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { data, stride, width, line } = self;
        for lines in even_shares(width, VECTORS * S::F64_LANES, S::F64_LANES) {
            by_vectors!(lines.len().div_ceil(S::F64_LANES), sweep(simd, data, stride, lines, line));
        }
    }
}

/// `V` vectors from a slice, the last one perhaps in part.
#[inline(always)]
fn load<S: Simd, const V: usize>(simd: S, from: &[f64]) -> [S::f64s; V] {
    let (whole, rest) = S::as_simd_f64s(from);
    let mut vectors = [simd.splat_f64s(0.0); V];
    if let Some(whole) = whole.first_chunk::<V>() {
        vectors = *whole;
    } else {
        vectors[..V - 1].copy_from_slice(&whole[..V - 1]);
        vectors[V - 1] = simd.partial_load_f64s(rest);
    }
    vectors
}

#[inline(always)]
fn store<S: Simd, const V: usize>(simd: S, vectors: &[S::f64s; V], to: &mut [f64]) {
    let (whole, rest) = S::as_mut_simd_f64s(to);
    if let Some(whole) = whole.first_chunk_mut::<V>() {
        *whole = *vectors;
    } else {
        whole[..V - 1].copy_from_slice(&vectors[..V - 1]);
        simd.partial_store_f64s(rest, vectors[V - 1]);
    }
}

/// `average += weight * (value - average)`.
#[inline(always)]
fn approach<S: Simd>(simd: S, average: S::f64s, weight: S::f64s, value: S::f64s) -> S::f64s {
    simd.add_f64s(average, simd.mul_f64s(weight, simd.sub_f64s(value, average)))
}

#[inline(always)]
fn sweep<S: Simd, const V: usize>(simd: S, data: &mut [f64], stride: usize, lines: std::ops::Range<usize>, line: &Line) {
    let mut w = [simd.splat_f64s(0.0); V];
    for (x, &g) in data.chunks_exact(stride).rev().zip(&line.wrap) {
        let (x, g) = (load::<S, V>(simd, &x[lines.clone()]), simd.splat_f64s(g));
        (0..V).for_each(|v| w[v] = simd.add_f64s(w[v], simd.mul_f64s(g, x[v])));
    }
    for (x, &q) in data.chunks_exact_mut(stride).zip(&line.q) {
        let x = &mut x[lines.clone()];
        let (values, q) = (load::<S, V>(simd, x), simd.splat_f64s(q));
        (0..V).for_each(|v| w[v] = approach(simd, w[v], q, values[v]));
        store::<S, V>(simd, &w, x);
    }
    let mut y = [simd.splat_f64s(0.0); V];
    for (w, &g) in data.chunks_exact(stride).zip(&line.wrap) {
        let (w, g) = (load::<S, V>(simd, &w[lines.clone()]), simd.splat_f64s(g));
        (0..V).for_each(|v| y[v] = simd.add_f64s(y[v], simd.mul_f64s(g, w[v])));
    }
    for (x, &s) in data.chunks_exact_mut(stride).zip(&line.s).rev() {
        let x = &mut x[lines.clone()];
        let (w, s) = (load::<S, V>(simd, x), simd.splat_f64s(s));
        (0..V).for_each(|v| y[v] = approach(simd, y[v], s, w[v]));
        store::<S, V>(simd, &y, x);
    }
}

/// Factors of one layer in depth. Averages run over potentials, c / K, which do not jump at borders.
#[derive(Clone, Copy, Default)]
pub(super) struct Depth {
    pub(super) q: f64,
    pub(super) s: f64,
    /// From concentration to potential, less what decays in the step.
    pub(super) potential: f64,
    /// Back from potential to concentration: K.
    pub(super) partition: f64,
}

/// Potentials beyond the top and the bottom.
#[derive(Clone, Copy, Default)]
pub(super) struct Beyond {
    pub(super) top: f64,
    pub(super) bottom: f64,
}

/// Sweep in depth of the same columns of all layers, the first of which is number `first`: `c = keep * c + y`, where
/// `y` solves the columns with the right sides `right` (a whole field of layers of `plane` voxels).
pub(super) struct DepthSweep<'a, 'b> {
    pub(super) columns: &'a mut [&'b mut [f64]],
    pub(super) first: usize,
    pub(super) right: &'a [f64],
    pub(super) plane: usize,
    pub(super) depth: &'a [Depth],
    pub(super) beyond: Beyond,
    pub(super) keep: f64,
    /// [`COLUMNS`] values for each layer.
    pub(super) averages: &'a mut [f64],
}

impl WithSimd for DepthSweep<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        for lines in even_shares(self.columns[0].len(), VECTORS * S::F64_LANES, S::F64_LANES) {
            by_vectors!(lines.len().div_ceil(S::F64_LANES), sweep_depth(simd, &mut self, lines));
        }
    }
}

#[inline(always)]
fn sweep_depth<S: Simd, const V: usize>(simd: S, of: &mut DepthSweep<'_, '_>, lines: std::ops::Range<usize>) {
    let averages = &mut S::as_mut_simd_f64s(of.averages).0[..of.depth.len() * V];
    let (start, end) = (of.first + lines.start, of.first + lines.end);
    let mut w = [simd.splat_f64s(of.beyond.top); V];
    for ((x, kept), d) in of.right.chunks_exact(of.plane).zip(averages.chunks_exact_mut(V)).zip(of.depth) {
        let x = load::<S, V>(simd, &x[start..end]);
        let (q, potential) = (simd.splat_f64s(d.q), simd.splat_f64s(d.potential));
        (0..V).for_each(|v| w[v] = approach(simd, w[v], q, simd.mul_f64s(potential, x[v])));
        kept.copy_from_slice(&w);
    }
    let keep = simd.splat_f64s(of.keep);
    let mut y = [simd.splat_f64s(of.beyond.bottom); V];
    for ((c, kept), d) in of.columns.iter_mut().zip(averages.chunks_exact(V)).zip(of.depth).rev() {
        let c = &mut c[lines.clone()];
        let mut values = load::<S, V>(simd, c);
        let (s, partition) = (simd.splat_f64s(d.s), simd.splat_f64s(d.partition));
        for v in 0..V {
            y[v] = approach(simd, y[v], s, kept[v]);
            values[v] = simd.add_f64s(simd.mul_f64s(keep, values[v]), simd.mul_f64s(partition, y[v]));
        }
        store::<S, V>(simd, &values, c);
    }
}
