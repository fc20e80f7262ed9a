//! Waves of a map that ends: the cosine transform, which continues it by its mirror image.

use std::f64::consts::PI;
use std::sync::Arc;

use rayon::prelude::*;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::gaussian::transposed;

/// The transform of lines of one length: waves of half a period over the line and its multiples.
struct Line {
    n: usize,
    fft: Arc<dyn Fft<f64>>,
    back: Arc<dyn Fft<f64>>,
    /// Half a pixel of phase for each wave.
    turn: Vec<Complex<f64>>,
}

impl Line {
    fn new(n: usize) -> Self {
        let mut planner = FftPlanner::new();
        let turn = (0..n).map(|k| Complex::from_polar(1.0, -PI * k as f64 / (2 * n) as f64)).collect();
        Self { n, fft: planner.plan_fft_forward(2 * n), back: planner.plan_fft_inverse(2 * n), turn }
    }

    fn forward(&self, values: &mut [f64], memory: &mut [Complex<f64>]) {
        for (k, &z) in values.iter().enumerate() {
            memory[k] = Complex::new(z, 0.0);
            memory[2 * self.n - 1 - k] = memory[k];
        }
        self.fft.process(memory);
        for ((z, m), turn) in values.iter_mut().zip(memory.iter()).zip(&self.turn) {
            *z = (m * turn).re / (2 * self.n) as f64;
        }
    }

    fn inverse(&self, values: &mut [f64], memory: &mut [Complex<f64>]) {
        memory[self.n] = Complex::default();
        for (k, (&z, turn)) in values.iter().zip(&self.turn).enumerate() {
            memory[k] = z * turn.conj();
            if k > 0 {
                memory[2 * self.n - k] = memory[k].conj();
            }
        }
        self.back.process(memory);
        values.iter_mut().zip(memory.iter()).for_each(|(z, m)| *z = m.re);
    }

    fn all(&self, field: &mut [f64], of: impl Fn(&Self, &mut [f64], &mut [Complex<f64>]) + Sync) {
        let memory = || vec![Complex::default(); 2 * self.n];
        field.par_chunks_exact_mut(self.n).for_each_init(memory, |memory, line| of(self, line, memory));
    }
}

/// The transform of a grid. Its spectrum is kept column by column.
pub(super) struct CosineTransform {
    rows: Line,
    columns: Line,
}

impl CosineTransform {
    pub(super) fn new(columns: usize, rows: usize) -> Self {
        Self { rows: Line::new(columns), columns: Line::new(rows) }
    }

    /// Amplitudes of the waves in place of the heights.
    pub(super) fn forward(&self, field: &mut Vec<f64>) {
        self.rows.all(field, Line::forward);
        *field = transposed(field, self.rows.n);
        self.columns.all(field, Line::forward);
    }

    /// Heights in place of the amplitudes.
    pub(super) fn inverse(&self, field: &mut Vec<f64>) {
        self.columns.all(field, Line::inverse);
        *field = transposed(field, self.columns.n);
        self.rows.all(field, Line::inverse);
    }

    /// Multiplies each amplitude by a weight of its wavelength in pixels; the mean has an infinite one.
    pub(super) fn weigh(&self, spectrum: &mut [f64], weight: impl Fn(f64) -> f64 + Sync) {
        let (columns, rows) = (self.rows.n as f64, self.columns.n as f64);
        spectrum.par_chunks_exact_mut(self.columns.n).enumerate().for_each(|(kx, line)| {
            let fx = 0.5 * kx as f64 / columns;
            for (ky, z) in line.iter_mut().enumerate() {
                *z *= weight(1.0 / fx.hypot(0.5 * ky as f64 / rows));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (columns, rows) in [(16, 24), (21, 17), (50, 50)] {
            let field: Vec<f64> = (0..columns * rows).map(|i| ((i * 7919) % 101) as f64).collect();
            let transform = CosineTransform::new(columns, rows);
            let mut other = field.clone();
            transform.forward(&mut other);
            transform.inverse(&mut other);
            assert!(field.iter().zip(&other).all(|(a, b)| (a - b).abs() < 1e-9));
        }
    }

    #[test]
    fn a_wave_has_one_amplitude_and_its_wavelength() {
        let (columns, rows) = (40usize, 30usize);
        let wave = |c: usize, r: usize| (PI * 8.0 * (c as f64 + 0.5) / 40.0).cos() * (PI * 6.0 * (r as f64 + 0.5) / 30.0).cos();
        let transform = CosineTransform::new(columns, rows);
        let mut field: Vec<f64> = (0..rows).flat_map(|r| (0..columns).map(move |c| (c, r))).map(|(c, r)| wave(c, r)).collect();
        let before = field.clone();
        transform.forward(&mut field);
        assert_eq!(field.iter().filter(|z| z.abs() > 1e-12).count(), 1);
        // Both waves have 10 pixels.
        let length = 10.0 / 2f64.sqrt();
        transform.weigh(&mut field, |wavelength| if (wavelength / length - 1.0).abs() < 1e-9 { 3.0 } else { 0.0 });
        transform.inverse(&mut field);
        assert!(field.iter().zip(&before).all(|(a, b)| (a - 3.0 * b).abs() < 1e-9));
    }
}
