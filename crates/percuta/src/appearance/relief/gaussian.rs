//! The Gaussian filter of surface texture, along lines and over areas.
//!
//! Weight `exp(-pi (u / (alpha cutoff))^2)` with `alpha = sqrt(ln 2 / pi)`: a sine of the cut-off wavelength passes at
//! one half (ISO 16610-21 along lines, ISO 16610-61 over areas, where the filter is separable). At the ends of a line the
//! window is cut off; there the mean is that of a straight line fitted with the same weights, so that constants and
//! slopes pass unchanged up to the border (the moment criterion of first order, ISO 16610-28).

use std::f64::consts::{LN_2, PI};
use std::sync::Arc;

use rayon::prelude::*;
use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};

use super::HeightMap;

/// The window ends at this many cut-off wavelengths from its middle, where the weight is below a millionth.
const REACH: f64 = 1.0;

/// The low-pass filter for lines of one length.
pub(super) struct LineFilter {
    points: usize,
    forward: Arc<dyn Fft<f64>>,
    inverse: Arc<dyn Fft<f64>>,
    /// Spectrum of weight (real) and weight times distance (imaginary), over the length of the transform.
    kernel: Vec<Complex<f64>>,
    /// What the weighted sum and the weighted moment of a line are multiplied by, for each point.
    combine: Vec<(f64, f64)>,
}

impl LineFilter {
    /// A filter for lines of `points` points at distance `step`, with a cut-off wavelength in the same unit.
    pub(super) fn new(points: usize, step: f64, cutoff: f64) -> Self {
        let reach = ((REACH * cutoff / step).ceil() as usize).clamp(1, points.saturating_sub(1).max(1));
        let alpha = (LN_2 / PI).sqrt();
        let weight: Vec<f64> = (0..=reach).map(|u| (-PI * (u as f64 * step / (alpha * cutoff)).powi(2)).exp()).collect();
        let length = transform_length(points + reach);
        let mut planner = FftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
        let mut kernel = vec![Complex::default(); length];
        for (u, &w) in weight.iter().enumerate() {
            // A transform and its inverse multiply by the length.
            let w = w / length as f64;
            kernel[u] = Complex::new(w, -w * u as f64);
            if u > 0 {
                kernel[length - u] = Complex::new(w, w * u as f64);
            }
        }
        forward.process(&mut kernel);
        let combine = (0..points).map(|k| combination(&weight, k.min(reach), (points - 1 - k).min(reach))).collect();
        Self { points, forward, inverse, kernel, combine }
    }

    fn scratch(&self) -> LineScratch {
        let fft = self.forward.get_inplace_scratch_len().max(self.inverse.get_inplace_scratch_len());
        LineScratch { line: vec![Complex::default(); self.kernel.len()], fft: vec![Complex::default(); fft] }
    }

    /// Replaces a line by its mean line.
    fn apply_with(&self, values: &mut [f64], scratch: &mut LineScratch) {
        let LineScratch { line, fft } = scratch;
        line.fill(Complex::default());
        for (to, &z) in line.iter_mut().zip(values.iter()) {
            to.re = z;
        }
        self.forward.process_with_scratch(line, fft);
        for (z, k) in line.iter_mut().zip(&self.kernel) {
            *z *= k;
        }
        self.inverse.process_with_scratch(line, fft);
        for ((value, z), (sum, moment)) in values.iter_mut().zip(line.iter()).zip(&self.combine) {
            *value = sum * z.re + moment * z.im;
        }
    }

    /// Replaces a line by its mean line.
    pub(super) fn apply(&self, values: &mut [f64]) {
        self.apply_with(values, &mut self.scratch());
    }

    /// Does every line of a field of lines of this length.
    fn apply_to_all(&self, field: &mut [f64]) {
        field.par_chunks_exact_mut(self.points).for_each_init(|| self.scratch(), |scratch, line| self.apply_with(line, scratch));
    }
}

struct LineScratch {
    line: Vec<Complex<f64>>,
    fft: Vec<Complex<f64>>,
}

/// Factors of sum and moment in the value, in the middle, of the straight line fitted to a window that reaches `before`
/// points back and `after` points ahead.
fn combination(weight: &[f64], before: usize, after: usize) -> (f64, f64) {
    let side = |reach: usize, power: i32| (1..=reach).map(|u| weight[u] * (u as f64).powi(power)).sum::<f64>();
    let m0 = weight[0] + side(before, 0) + side(after, 0);
    if before == after {
        return (1.0 / m0, 0.0);
    }
    let m1 = side(after, 1) - side(before, 1);
    let m2 = side(after, 2) + side(before, 2);
    let determinant = m0 * m2 - m1 * m1;
    (m2 / determinant, -m1 / determinant)
}

/// The shortest length from `least` on that transforms fast: a power of two, or three times one.
pub(super) fn transform_length(least: usize) -> usize {
    let two = least.next_power_of_two();
    let three = 3 * (two / 4);
    if three >= least { three } else { two }
}

/// The mean surface of a map: what of it passes the areal Gaussian filter with a cut-off wavelength.
#[must_use]
pub fn mean_surface(map: &HeightMap, cutoff_um: f64) -> HeightMap {
    map.with(smooth(&map.height_um, map.columns, map.rows, cutoff_um / map.pixel_um))
}

/// Values of a grid after the filter; the cut-off in pixels.
pub(super) fn smooth(values: &[f64], columns: usize, rows: usize, cutoff: f64) -> Vec<f64> {
    let mut field = values.to_vec();
    LineFilter::new(columns, 1.0, cutoff).apply_to_all(&mut field);
    let mut field = transposed(&field, columns);
    LineFilter::new(rows, 1.0, cutoff).apply_to_all(&mut field);
    transposed(&field, rows)
}

/// A field with rows and columns exchanged.
pub(super) fn transposed<T: Copy + Send + Sync>(field: &[T], columns: usize) -> Vec<T> {
    let rows = field.len() / columns.max(1);
    // Squares of 32 pixels stay in the cache.
    let mut turned = field.to_vec();
    turned.par_chunks_mut(rows * 32).enumerate().for_each(|(band, to)| {
        let first = band * 32;
        for block in (0..rows).step_by(32) {
            for (c, line) in to.chunks_exact_mut(rows).enumerate() {
                for r in block..(block + 32).min(rows) {
                    line[r] = field[r * columns + first + c];
                }
            }
        }
    });
    turned
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    /// The filter as it is defined, point by point.
    fn slow(values: &[f64], step: f64, cutoff: f64) -> Vec<f64> {
        let alpha = (LN_2 / PI).sqrt();
        (0..values.len())
            .map(|k| {
                let mut m = [0.0; 3];
                let mut s = [0.0; 2];
                for (j, z) in values.iter().enumerate() {
                    let u = (j as f64 - k as f64) * step;
                    let w = if u.abs() <= REACH * cutoff { (-PI * (u / (alpha * cutoff)).powi(2)).exp() } else { 0.0 };
                    (0..3).for_each(|p| m[p] += w * u.powi(p as i32));
                    (0..2).for_each(|p| s[p] += w * u.powi(p as i32) * z);
                }
                (m[2] * s[0] - m[1] * s[1]) / (m[0] * m[2] - m[1] * m[1])
            })
            .collect()
    }

    #[test]
    fn the_transform_gives_the_sum() {
        for (points, cutoff) in [(100, 12.0), (37, 30.0), (64, 5.0), (50, 200.0)] {
            let values: Vec<f64> = (0..points).map(|k| (f64::from(k) * 0.7).sin() + 0.02 * f64::from(k * k % 31)).collect();
            let mut fast = values.clone();
            LineFilter::new(points as usize, 1.0, cutoff).apply(&mut fast);
            for (a, b) in fast.iter().zip(slow(&values, 1.0, cutoff)) {
                assert!((a - b).abs() < 1e-9, "{points} {cutoff}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_sine_of_the_cut_off_passes_at_one_half() {
        for wavelength in [0.5, 1.0, 2.0, 4.0] {
            let cutoff = 40.0;
            let period = cutoff * wavelength;
            let map = HeightMap::from_function(800, 64, 1.0, |x, _| (TAU * x / period).sin()).unwrap();
            let mean = mean_surface(&map, cutoff);
            // Away from the ends, over whole periods.
            let row = 32 * 800;
            let (from, to) = (row + 160, row + 640);
            let transmission = (from..to).map(|i| mean.height_um[i] * map.height_um[i]).sum::<f64>()
                / (from..to).map(|i| map.height_um[i] * map.height_um[i]).sum::<f64>();
            let exact = (-LN_2 / (wavelength * wavelength)).exp();
            assert!((transmission - exact).abs() < 1e-5, "{wavelength}: {transmission} {exact}");
        }
    }

    #[test]
    fn constants_and_slopes_pass_up_to_the_border() {
        let map = HeightMap::from_function(90, 70, 2.0, |x, y| 5.0 + 0.3 * x - 0.2 * y).unwrap();
        for cutoff in [10.0, 80.0, 400.0] {
            for (a, b) in mean_surface(&map, cutoff).height_um.iter().zip(&map.height_um) {
                assert!((a - b).abs() < 1e-9, "{cutoff}: {a} {b}");
            }
        }
    }

    #[test]
    fn a_turned_field_is_turned() {
        let field: Vec<u32> = (0..70 * 45).collect();
        let turned = transposed(&field, 70);
        assert_eq!((turned[0], turned[1], turned[45]), (0, 70, 1));
        assert_eq!(transposed(&turned, 45), field);
    }

    #[test]
    fn lengths_transform_fast() {
        assert_eq!([1, 5, 6, 7, 9, 1025].map(transform_length), [1, 6, 6, 8, 12, 1536]);
    }
}
