//! Real orthogonal transforms of a square plane, in place: Fourier (periodic) or cosine (no flux).
//!
//! Two real lines ride in one complex transform of length n and are taken apart by symmetry. The cosine
//! transform is the same transform of the line in even-then-odd order (Makhoul 1980), turned by a quarter
//! wave, so both kinds share all code: periodic is the turn by nothing.

use std::ops::Range;
use std::sync::Arc;

use super::vector::Vector;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use wide::f64x2;

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
        let (n, place, turn) = (self.n, &self.place, &self.turn);
        let PlaneScratch { lines, fft } = scratch;
        for rows in plane.chunks_mut(2 * PAIRS * n) {
            let lines = &mut lines[..rows.len().div_ceil(2 * n) * n];
            self.vector.run(
                #[inline(always)]
                || load_rows(rows, lines, place),
            );
            self.forward.process_with_scratch(lines, fft);
            self.vector.run(
                #[inline(always)]
                || part_rows(rows, lines, turn, n),
            );
        }
        for first in (0..n).step_by(2 * PAIRS) {
            let width = (n - first).min(2 * PAIRS);
            let lines = &mut lines[..width.div_ceil(2) * n];
            self.vector.run(
                #[inline(always)]
                || load_columns(plane, first..first + width, lines, place),
            );
            self.forward.process_with_scratch(lines, fft);
            self.vector.run(
                #[inline(always)]
                || part_columns(plane, first..first + width, lines, turn, n),
            );
        }
    }

    /// Modes to points, times [`gain`](Self::gain).
    pub(super) fn inverse(&self, plane: &mut [f64], scratch: &mut PlaneScratch) {
        let (n, place, turn) = (self.n, &self.place, &self.turn);
        let PlaneScratch { lines, fft } = scratch;
        for first in (0..n).step_by(2 * PAIRS) {
            let width = (n - first).min(2 * PAIRS);
            let lines = &mut lines[..width.div_ceil(2) * n];
            self.vector.run(
                #[inline(always)]
                || join_columns(plane, first..first + width, lines, turn, n),
            );
            self.inverse.process_with_scratch(lines, fft);
            self.vector.run(
                #[inline(always)]
                || store_columns(plane, first..first + width, lines, place),
            );
        }
        for rows in plane.chunks_mut(2 * PAIRS * n) {
            let lines = &mut lines[..rows.len().div_ceil(2 * n) * n];
            self.vector.run(
                #[inline(always)]
                || join_rows(rows, lines, turn, n),
            );
            self.inverse.process_with_scratch(lines, fft);
            self.vector.run(
                #[inline(always)]
                || store_rows(rows, lines, place),
            );
        }
    }
}

/// Modes k and n-k of two lines, `(a, b)` each and doubled, from the transform of both at k and n-k.
#[inline(always)]
fn part(z: f64x2, mirror: f64x2, (c, s): (f64, f64)) -> (f64x2, f64x2) {
    let (re, difference) = (z + mirror, (z - mirror).to_array());
    let im = f64x2::new([difference[1], -difference[0]]);
    let (c, s) = (f64x2::splat(c), f64x2::splat(s));
    (c * re + s * im, s * re - c * im)
}

/// The way back.
#[inline(always)]
fn join(low: f64x2, high: f64x2, (c, s): (f64, f64)) -> (f64x2, f64x2) {
    let (c, s) = (f64x2::splat(c), f64x2::splat(s));
    let (re, im) = (c * low + s * high, (s * low - c * high).to_array());
    let im = f64x2::new([-im[1], im[0]]);
    (re + im, re - im)
}

#[inline(always)]
fn pair(z: Complex<f64>) -> f64x2 {
    f64x2::new([z.re, z.im])
}

#[inline(always)]
fn complex(pair: f64x2) -> Complex<f64> {
    let [re, im] = pair.to_array();
    Complex { re, im }
}

/// Parts the transform of two lines; `put(k, modes)` takes what belongs to mode k.
#[inline(always)]
fn part_line(line: &[Complex<f64>], turn: &[(f64, f64)], mut put: impl FnMut(usize, f64x2)) {
    let n = line.len();
    put(0, f64x2::splat(2.0) * pair(line[0]));
    for (k, ((z, mirror), turn)) in (1..n.div_ceil(2)).zip(line[1..].iter().zip(line.iter().rev()).zip(&turn[1..])) {
        let (low, high) = part(pair(*z), pair(*mirror), *turn);
        put(k, low);
        put(n - k, high);
    }
    if n.is_multiple_of(2) {
        put(n / 2, f64x2::splat(2.0 * turn[n / 2].0) * pair(line[n / 2]));
    }
}

/// Joins the modes of two lines, which `get(k)` gives, to the transform of both.
#[inline(always)]
fn join_line(line: &mut [Complex<f64>], turn: &[(f64, f64)], get: impl Fn(usize) -> f64x2) {
    let n = line.len();
    line[0] = complex(get(0));
    for (k, turn) in (1..n.div_ceil(2)).zip(&turn[1..]) {
        let (z, mirror) = join(get(k), get(n - k), *turn);
        (line[k], line[n - k]) = (complex(z), complex(mirror));
    }
    if n.is_multiple_of(2) {
        line[n / 2] = complex(f64x2::splat(1.0 / turn[n / 2].0) * get(n / 2));
    }
}

// Loops from here on are plain `for`: inside `for_each` they would not be compiled for the wide vectors.

#[inline(always)]
fn load_rows(rows: &[f64], lines: &mut [Complex<f64>], place: &[usize]) {
    let n = place.len();
    for (rows, line) in rows.chunks(2 * n).zip(lines.chunks_exact_mut(n)) {
        let (a, b) = rows.split_at(n);
        if b.is_empty() {
            for (&re, &p) in a.iter().zip(place) {
                line[p] = Complex { re, im: 0.0 };
            }
        } else {
            for ((&re, &im), &p) in a.iter().zip(b).zip(place) {
                line[p] = Complex { re, im };
            }
        }
    }
}

#[inline(always)]
fn store_rows(rows: &mut [f64], lines: &[Complex<f64>], place: &[usize]) {
    let n = place.len();
    for (rows, line) in rows.chunks_mut(2 * n).zip(lines.chunks_exact(n)) {
        let (a, b) = rows.split_at_mut(n);
        if b.is_empty() {
            for (a, &p) in a.iter_mut().zip(place) {
                *a = line[p].re;
            }
        } else {
            for ((a, b), &p) in a.iter_mut().zip(b).zip(place) {
                (*a, *b) = (line[p].re, line[p].im);
            }
        }
    }
}

#[inline(always)]
fn part_rows(rows: &mut [f64], lines: &[Complex<f64>], turn: &[(f64, f64)], n: usize) {
    for (rows, line) in rows.chunks_mut(2 * n).zip(lines.chunks_exact(n)) {
        let (a, b) = rows.split_at_mut(n);
        if b.is_empty() {
            part_line(line, turn, |k, modes| a[k] = modes.to_array()[0]);
        } else {
            part_line(line, turn, |k, modes| [a[k], b[k]] = modes.to_array());
        }
    }
}

#[inline(always)]
fn join_rows(rows: &[f64], lines: &mut [Complex<f64>], turn: &[(f64, f64)], n: usize) {
    for (rows, line) in rows.chunks(2 * n).zip(lines.chunks_exact_mut(n)) {
        let (a, b) = rows.split_at(n);
        if b.is_empty() {
            join_line(line, turn, |k| f64x2::new([a[k], 0.0]));
        } else {
            join_line(line, turn, |k| f64x2::new([a[k], b[k]]));
        }
    }
}

/// Neighbouring columns lie side by side, so a row of the plane is a row of complex numbers already.
#[inline(always)]
fn load_columns(plane: &[f64], columns: Range<usize>, lines: &mut [Complex<f64>], place: &[usize]) {
    let n = place.len();
    for (row, &p) in plane.chunks_exact(n).zip(place) {
        for (pair, line) in row[columns.clone()].chunks(2).zip(lines.chunks_exact_mut(n)) {
            line[p] = Complex { re: pair[0], im: if pair.len() == 2 { pair[1] } else { 0.0 } };
        }
    }
}

#[inline(always)]
fn store_columns(plane: &mut [f64], columns: Range<usize>, lines: &[Complex<f64>], place: &[usize]) {
    let n = place.len();
    for (row, &p) in plane.chunks_exact_mut(n).zip(place) {
        for (pair, line) in row[columns.clone()].chunks_mut(2).zip(lines.chunks_exact(n)) {
            pair[0] = line[p].re;
            if pair.len() == 2 {
                pair[1] = line[p].im;
            }
        }
    }
}

#[inline(always)]
fn part_columns(plane: &mut [f64], columns: Range<usize>, lines: &[Complex<f64>], turn: &[(f64, f64)], n: usize) {
    let mut put = |k: usize, p: usize, modes: f64x2| {
        let row = &mut plane[k * n..][columns.clone()];
        match row.get_mut(2 * p..2 * p + 2) {
            Some(pair) => pair.copy_from_slice(&modes.to_array()),
            None => row[2 * p] = modes.to_array()[0],
        }
    };
    for (k, &turn) in turn.iter().enumerate() {
        for (p, line) in lines.chunks_exact(n).enumerate() {
            let (low, high) = part(pair(line[k]), pair(line[if k == 0 { 0 } else { n - k }]), turn);
            if k > 0 && 2 * k < n {
                put(n - k, p, high);
            }
            put(k, p, low);
        }
    }
}

#[inline(always)]
fn join_columns(plane: &[f64], columns: Range<usize>, lines: &mut [Complex<f64>], turn: &[(f64, f64)], n: usize) {
    let get = |k: usize, p: usize| {
        let row = &plane[k * n..][columns.clone()];
        match row.get(2 * p..2 * p + 2) {
            Some(pair) => f64x2::new([pair[0], pair[1]]),
            None => f64x2::new([row[2 * p], 0.0]),
        }
    };
    for (k, &turn) in turn.iter().enumerate() {
        for (p, line) in lines.chunks_exact_mut(n).enumerate() {
            if k == 0 || 2 * k == n {
                line[k] = complex(f64x2::splat(1.0 / turn.0) * get(k, p));
            } else {
                let (z, mirror) = join(get(k, p), get(n - k, p), turn);
                (line[k], line[n - k]) = (complex(z), complex(mirror));
            }
        }
    }
}
