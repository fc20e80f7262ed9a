//! Real orthogonal transforms of a square plane, in place: Fourier (periodic) or cosine (no flux).
//!
//! Two real lines ride in one complex transform of length n and are taken apart by symmetry. The cosine
//! transform is the same transform of the line in even-then-odd order (Makhoul 1980), turned by a quarter
//! wave, so both kinds share all code: periodic is the turn by nothing.

use std::sync::Arc;

use super::vector::Vector;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

/// What happens at the four sides of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lateral {
    /// The block repeats itself.
    Periodic,
    /// Nothing passes the sides.
    NoFlux,
}

impl Lateral {
    /// Eigenvalues of minus the second difference on `n` points at distance `spacing`, in the order of the transform.
    pub(super) fn eigenvalues(self, n: usize, spacing: f64) -> Vec<f64> {
        let period = match self {
            Self::Periodic => n,
            Self::NoFlux => 2 * n,
        };
        (0..n)
            .map(|i| {
                let s = (std::f64::consts::PI * i as f64 / period as f64).sin() / spacing;
                4.0 * s * s
            })
            .collect()
    }
}

/// Pairs of lines transformed together: their buffers stay in the first cache.
const PAIRS: usize = 4;

/// Transform of planes of one size.
pub(super) struct PlaneTransform {
    n: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    /// Place in the transform of each point of a line.
    place: Vec<usize>,
    /// Cosine and sine of the turn, for 0 to n/2.
    turn: Vec<(f64, f64)>,
    vector: Vector,
}

/// Buffers of one thread.
pub(super) struct PlaneScratch {
    lines: Vec<Complex<f64>>,
    fft: Vec<Complex<f64>>,
}

impl PlaneTransform {
    pub(super) fn new(n: usize, lateral: Lateral, vector: Vector) -> Self {
        let mut planner = FftPlanner::new();
        let place = match lateral {
            Lateral::Periodic => (0..n).collect(),
            Lateral::NoFlux => (0..n).map(|j| if j % 2 == 0 { j / 2 } else { n - 1 - j / 2 }).collect(),
        };
        let turn = (0..=n / 2)
            .map(|k| match lateral {
                Lateral::Periodic => (1.0, 0.0),
                Lateral::NoFlux => {
                    let (s, c) = (std::f64::consts::PI * k as f64 / (2 * n) as f64).sin_cos();
                    (c, s)
                }
            })
            .collect();
        Self { n, forward: planner.plan_fft_forward(n), inverse: planner.plan_fft_inverse(n), place, turn, vector }
    }

    pub(super) fn scratch(&self) -> PlaneScratch {
        let fft = self.forward.get_inplace_scratch_len().max(self.inverse.get_inplace_scratch_len());
        PlaneScratch { lines: vec![Complex::default(); PAIRS * self.n], fft: vec![Complex::default(); fft] }
    }

    /// Factor by which `forward` and `inverse` together scale a plane.
    pub(super) fn gain(&self) -> f64 {
        let line = 2.0 * self.n as f64;
        line * line
    }

    /// Points to modes, along both axes.
    pub(super) fn forward(&self, plane: &mut [f64], scratch: &mut PlaneScratch) {
        let n = self.n;
        let PlaneScratch { lines, fft } = scratch;
        for rows in plane.chunks_mut(2 * PAIRS * n) {
            let lines = &mut lines[..rows.len().div_ceil(2 * n) * n];
            self.vector.run(
                #[inline(always)]
                || load_rows(rows, lines, &self.place),
            );
            self.forward.process_with_scratch(lines, fft);
            self.vector.run(
                #[inline(always)]
                || part_rows(rows, lines, &self.turn, n),
            );
        }
        for first in (0..n).step_by(2 * PAIRS) {
            let width = (n - first).min(2 * PAIRS);
            let lines = &mut lines[..width.div_ceil(2) * n];
            self.vector.run(
                #[inline(always)]
                || load_columns(plane, first, width, lines, &self.place),
            );
            self.forward.process_with_scratch(lines, fft);
            self.vector.run(
                #[inline(always)]
                || part_columns(plane, first, width, lines, &self.turn, n),
            );
        }
    }

    /// Modes to points, times [`gain`](Self::gain).
    pub(super) fn inverse(&self, plane: &mut [f64], scratch: &mut PlaneScratch) {
        let n = self.n;
        let PlaneScratch { lines, fft } = scratch;
        for first in (0..n).step_by(2 * PAIRS) {
            let width = (n - first).min(2 * PAIRS);
            let lines = &mut lines[..width.div_ceil(2) * n];
            self.vector.run(
                #[inline(always)]
                || join_columns(plane, first, width, lines, &self.turn, n),
            );
            self.inverse.process_with_scratch(lines, fft);
            self.vector.run(
                #[inline(always)]
                || store_columns(plane, first, width, lines, &self.place),
            );
        }
        for rows in plane.chunks_mut(2 * PAIRS * n) {
            let lines = &mut lines[..rows.len().div_ceil(2 * n) * n];
            self.vector.run(
                #[inline(always)]
                || join_rows(rows, lines, &self.turn, n),
            );
            self.inverse.process_with_scratch(lines, fft);
            self.vector.run(
                #[inline(always)]
                || store_rows(rows, lines, &self.place),
            );
        }
    }
}

/// Modes k and n-k of two lines from the transform of both: `[a_k, b_k, a_(n-k), b_(n-k)]`, all doubled.
#[inline(always)]
fn part(z: Complex<f64>, mirror: Complex<f64>, (c, s): (f64, f64)) -> [f64; 4] {
    let (re_a, im_a) = (z.re + mirror.re, z.im - mirror.im);
    let (re_b, im_b) = (z.im + mirror.im, mirror.re - z.re);
    [c * re_a + s * im_a, c * re_b + s * im_b, s * re_a - c * im_a, s * re_b - c * im_b]
}

/// The way back: transform at k and n-k.
#[inline(always)]
fn join([a, b, mirror_a, mirror_b]: [f64; 4], (c, s): (f64, f64)) -> (Complex<f64>, Complex<f64>) {
    let (re_a, im_a) = (c * a + s * mirror_a, s * a - c * mirror_a);
    let (re_b, im_b) = (c * b + s * mirror_b, s * b - c * mirror_b);
    (Complex { re: re_a - im_b, im: re_b + im_a }, Complex { re: re_a + im_b, im: re_b - im_a })
}

#[inline(always)]
fn load_rows(rows: &[f64], lines: &mut [Complex<f64>], place: &[usize]) {
    let n = place.len();
    for (pair, line) in rows.chunks(2 * n).zip(lines.chunks_exact_mut(n)) {
        let (a, b) = pair.split_at(n);
        if b.is_empty() {
            a.iter().zip(place).for_each(|(&re, &p)| line[p] = Complex { re, im: 0.0 });
        } else {
            a.iter().zip(b).zip(place).for_each(|((&re, &im), &p)| line[p] = Complex { re, im });
        }
    }
}

#[inline(always)]
fn store_rows(rows: &mut [f64], lines: &[Complex<f64>], place: &[usize]) {
    let n = place.len();
    for (pair, line) in rows.chunks_mut(2 * n).zip(lines.chunks_exact(n)) {
        let (a, b) = pair.split_at_mut(n);
        if b.is_empty() {
            a.iter_mut().zip(place).for_each(|(re, &p)| *re = line[p].re);
        } else {
            for ((re, im), &p) in a.iter_mut().zip(b).zip(place) {
                (*re, *im) = (line[p].re, line[p].im);
            }
        }
    }
}

#[inline(always)]
fn part_rows(rows: &mut [f64], lines: &[Complex<f64>], turn: &[(f64, f64)], n: usize) {
    for (pair, line) in rows.chunks_mut(2 * n).zip(lines.chunks_exact(n)) {
        let (a, b) = pair.split_at_mut(n);
        if b.is_empty() {
            for (k, &turn) in turn.iter().enumerate() {
                let mirror = if k == 0 { 0 } else { n - k };
                let [low, _, high, _] = part(line[k], line[mirror], turn);
                a[mirror] = high;
                a[k] = low;
            }
            continue;
        }
        (a[0], b[0]) = (2.0 * line[0].re, 2.0 * line[0].im);
        let half = (n - 1) / 2;
        let (low_a, high_a) = a[1..].split_at_mut(n - 1 - half);
        let (low_b, high_b) = b[1..].split_at_mut(n - 1 - half);
        let (z, mirror) = line[1..].split_at(n - 1 - half);
        let low = low_a.iter_mut().zip(low_b.iter_mut()).zip(z);
        let high = high_a.iter_mut().zip(high_b).zip(mirror).rev();
        for ((((a, b), &z), ((mirror_a, mirror_b), &mirror)), &turn) in low.zip(high).zip(&turn[1..]) {
            [*a, *b, *mirror_a, *mirror_b] = part(z, mirror, turn);
        }
        if n.is_multiple_of(2) {
            let [p, q, ..] = part(line[n / 2], line[n / 2], turn[n / 2]);
            (low_a[n / 2 - 1], low_b[n / 2 - 1]) = (p, q);
        }
    }
}

#[inline(always)]
fn join_rows(rows: &[f64], lines: &mut [Complex<f64>], turn: &[(f64, f64)], n: usize) {
    for (pair, line) in rows.chunks(2 * n).zip(lines.chunks_exact_mut(n)) {
        let (a, b) = pair.split_at(n);
        let at = |b: &[f64], k: usize| if b.is_empty() { 0.0 } else { b[k] };
        line[0] = Complex { re: a[0], im: at(b, 0) };
        if n.is_multiple_of(2) {
            let c = 1.0 / turn[n / 2].0;
            line[n / 2] = Complex { re: c * a[n / 2], im: c * at(b, n / 2) };
        }
        if b.is_empty() {
            for k in 1..n.div_ceil(2) {
                (line[k], line[n - k]) = join([a[k], 0.0, a[n - k], 0.0], turn[k]);
            }
            continue;
        }
        let half = (n - 1) / 2;
        let (low_a, high_a) = a[1..].split_at(n - 1 - half);
        let (low_b, high_b) = b[1..].split_at(n - 1 - half);
        let (z, mirror) = line[1..].split_at_mut(n - 1 - half);
        let low = low_a.iter().zip(low_b).zip(z);
        let high = high_a.iter().zip(high_b).zip(mirror).rev();
        for ((((&a, &b), z), ((&mirror_a, &mirror_b), mirror)), &turn) in low.zip(high).zip(&turn[1..]) {
            (*z, *mirror) = join([a, b, mirror_a, mirror_b], turn);
        }
    }
}

/// Neighbouring columns lie side by side, so a row of the plane is a row of complex numbers already.
#[inline(always)]
fn load_columns(plane: &[f64], first: usize, width: usize, lines: &mut [Complex<f64>], place: &[usize]) {
    let n = place.len();
    for (row, &p) in plane.chunks_exact(n).zip(place) {
        let row = &row[first..first + width];
        for (pair, line) in row.chunks(2).zip(lines.chunks_exact_mut(n)) {
            line[p] = Complex { re: pair[0], im: if pair.len() == 2 { pair[1] } else { 0.0 } };
        }
    }
}

#[inline(always)]
fn store_columns(plane: &mut [f64], first: usize, width: usize, lines: &[Complex<f64>], place: &[usize]) {
    let n = place.len();
    for (row, &p) in plane.chunks_exact_mut(n).zip(place) {
        let row = &mut row[first..first + width];
        for (pair, line) in row.chunks_mut(2).zip(lines.chunks_exact(n)) {
            pair[0] = line[p].re;
            if pair.len() == 2 {
                pair[1] = line[p].im;
            }
        }
    }
}

#[inline(always)]
fn part_columns(plane: &mut [f64], first: usize, width: usize, lines: &[Complex<f64>], turn: &[(f64, f64)], n: usize) {
    for (k, &turn) in turn.iter().enumerate() {
        let mirror = if k == 0 { 0 } else { n - k };
        for (p, line) in lines.chunks_exact(n).enumerate() {
            let column = first + 2 * p;
            let [a, b, mirror_a, mirror_b] = part(line[k], line[mirror], turn);
            let both = 2 * p + 1 < width;
            plane[mirror * n + column] = mirror_a;
            plane[k * n + column] = a;
            if both {
                plane[mirror * n + column + 1] = mirror_b;
                plane[k * n + column + 1] = b;
            }
        }
    }
}

#[inline(always)]
fn join_columns(plane: &[f64], first: usize, width: usize, lines: &mut [Complex<f64>], turn: &[(f64, f64)], n: usize) {
    for (k, &turn) in turn.iter().enumerate() {
        for (p, line) in lines.chunks_exact_mut(n).enumerate() {
            let column = first + 2 * p;
            let both = 2 * p + 1 < width;
            let at = |row: usize| (plane[row * n + column], if both { plane[row * n + column + 1] } else { 0.0 });
            let (a, b) = at(k);
            if k == 0 || 2 * k == n {
                let c = 1.0 / turn.0;
                line[k] = Complex { re: c * a, im: c * b };
            } else {
                let (mirror_a, mirror_b) = at(n - k);
                (line[k], line[n - k]) = join([a, b, mirror_a, mirror_b], turn);
            }
        }
    }
}
