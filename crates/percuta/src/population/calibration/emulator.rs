//! Polynomials in place of the model: what each observation is on average at given values of the calibrated parameters, and how
//! it scatters around that through everything else that is uncertain.

use faer::prelude::*;
use faer::{Mat, MatRef};

/// Share of the variance by which a richer polynomial must predict left-out runs better to be taken.
const GAIN: f64 = 0.01;
/// Share of the off-diagonal scatter that is given up, against chance in a finite design (shrinkage towards the diagonal).
const SHRINKAGE: f64 = 0.05;

/// Polynomials of the calibrated parameters, which are in normal scores, for several outputs.
#[derive(Debug, Clone)]
pub struct Emulator {
    inputs: usize,
    /// Coefficients `[output]`, as many as terms of the output's polynomial.
    coefficients: Vec<Vec<f64>>,
    /// Covariance of the runs around the polynomials.
    scatter: Mat<f64>,
    /// Share of each output's variance over the design that the calibrated parameters explain, in left-out runs.
    pub explained: Vec<f64>,
}

/// Degrees that are tried: how many terms a polynomial of each has.
fn terms(inputs: usize, degree: usize) -> usize {
    match degree {
        0 => 1,
        1 => 1 + inputs,
        2 => 1 + inputs + inputs * (inputs + 1) / 2,
        _ => 1 + 2 * inputs + inputs * (inputs + 1) / 2,
    }
}

/// Hermite polynomials of normal scores, orthonormal under the prior: constant, linear, squares and products, cubes of single inputs.
fn basis(scores: &[f64], into: &mut Vec<f64>) {
    into.clear();
    into.push(1.0);
    into.extend_from_slice(scores);
    for (i, a) in scores.iter().enumerate() {
        into.push((a * a - 1.0) / std::f64::consts::SQRT_2);
        into.extend(scores[i + 1..].iter().map(|b| a * b));
    }
    into.extend(scores.iter().map(|a| (a.powi(3) - 3.0 * a) / 6f64.sqrt()));
}

impl Emulator {
    /// Fits `runs` (`[run][output]`) at the places `scores` (`[run][input]`). None with fewer runs than twice the terms of a straight line.
    #[must_use]
    pub fn fit(scores: &[Vec<f64>], runs: &[Vec<f64>]) -> Option<Self> {
        let (n, inputs, outputs) = (scores.len(), scores.first()?.len(), runs.first()?.len());
        if n < 2 * terms(inputs, 1) {
            return None;
        }
        let mut row = Vec::new();
        let mut design = Mat::zeros(n, terms(inputs, 3));
        for (i, s) in scores.iter().enumerate() {
            basis(s, &mut row);
            row.iter().enumerate().for_each(|(j, b)| design[(i, j)] = *b);
        }
        let values = Mat::from_fn(n, outputs, |i, j| runs[i][j]);
        let mut best: Vec<(f64, Vec<f64>, Vec<f64>)> = vec![(f64::INFINITY, Vec::new(), Vec::new()); outputs];
        for degree in (0..=3).filter(|d| 2 * terms(inputs, *d) <= n) {
            let fit = least_squares(design.subcols(0, terms(inputs, degree)), values.as_ref());
            for (output, found) in fit.into_iter().enumerate() {
                if found.0 < (1.0 - GAIN) * best[output].0 {
                    best[output] = found;
                }
            }
        }
        let degrees_left = |output: usize| (n - best[output].1.len()).max(1) as f64;
        let scatter = Mat::from_fn(outputs, outputs, |a, b| {
            let products = best[a].2.iter().zip(&best[b].2).map(|(x, y)| x * y).sum::<f64>();
            let covariance = products / degrees_left(a).min(degrees_left(b));
            if a == b { covariance } else { (1.0 - SHRINKAGE) * covariance }
        });
        let explained = (0..outputs)
            .map(|j| {
                let mean = runs.iter().map(|r| r[j]).sum::<f64>() / n as f64;
                let variance = runs.iter().map(|r| (r[j] - mean).powi(2)).sum::<f64>() / n as f64;
                if variance > 0.0 { (1.0 - best[j].0 / variance).max(0.0) } else { 0.0 }
            })
            .collect();
        Some(Self { inputs, coefficients: best.into_iter().map(|b| b.1).collect(), scatter, explained })
    }

    /// Number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Number of outputs.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.coefficients.len()
    }

    /// Mean of every output at a place, into `means`.
    pub fn means(&self, scores: &[f64], means: &mut Vec<f64>) {
        let mut row = Vec::with_capacity(terms(self.inputs, 3));
        basis(scores, &mut row);
        means.clear();
        means.extend(self.coefficients.iter().map(|c| c.iter().zip(&row).map(|(c, b)| c * b).sum::<f64>()));
    }

    /// Covariance of the outputs around their means.
    #[must_use]
    pub fn scatter(&self) -> MatRef<'_, f64> {
        self.scatter.as_ref()
    }
}

/// For each output: mean squared error of left-out runs (PRESS), coefficients, residuals.
fn least_squares(design: MatRef<'_, f64>, values: MatRef<'_, f64>) -> Vec<(f64, Vec<f64>, Vec<f64>)> {
    let (n, terms) = (design.nrows(), design.ncols());
    let qr = design.qr();
    let coefficients = qr.solve_lstsq(values);
    let fitted = design * &coefficients;
    // Leverage of each run: squared length of its row of the thin Q.
    let q = qr.compute_thin_Q();
    let leverage: Vec<f64> = (0..n).map(|i| (0..terms).map(|j| q[(i, j)] * q[(i, j)]).sum::<f64>().min(1.0 - 1e-9)).collect();
    (0..values.ncols())
        .map(|j| {
            let residuals: Vec<f64> = (0..n).map(|i| values[(i, j)] - fitted[(i, j)]).collect();
            let press = residuals.iter().zip(&leverage).map(|(r, h)| (r / (1.0 - h)).powi(2)).sum::<f64>() / n as f64;
            (press, (0..terms).map(|k| coefficients[(k, j)]).collect(), residuals)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{Distribution, Purpose, stream};
    use rand::RngExt as _;

    fn normals(n: usize, width: usize, seed: u64) -> Vec<Vec<f64>> {
        let normal = Distribution::Normal { sd: 1.0, low: None, high: None };
        let mut rng = stream(seed, 0, 0, Purpose::Fit);
        (0..n).map(|_| (0..width).map(|_| normal.quantile(0.0, rng.random::<f64>())).collect()).collect()
    }

    #[test]
    fn a_polynomial_is_found_again_and_its_scatter_measured() {
        let (scores, noise) = (normals(400, 2, 1), normals(400, 2, 2));
        let truth = |s: &[f64]| 3.0 + 2.0 * s[0] - s[1] + 0.5 * s[0] * s[1] + 0.3 * s[1].powi(3);
        let runs: Vec<Vec<f64>> =
            scores.iter().zip(&noise).map(|(s, e)| vec![truth(s) + 0.1 * e[0], 5.0 + 0.2 * e[0] + 0.2 * e[1]]).collect();
        let emulator = Emulator::fit(&scores, &runs).unwrap();
        let mut means = Vec::new();
        for place in normals(50, 2, 3) {
            emulator.means(&place, &mut means);
            assert!((means[0] - truth(&place)).abs() < 0.1, "{} {}", means[0], truth(&place));
            assert!((means[1] - 5.0).abs() < 0.1);
        }
        assert!(emulator.explained[0] > 0.99 && emulator.explained[1] < 0.02);
        let scatter = emulator.scatter();
        assert!((scatter[(0, 0)] - 0.01).abs() < 0.002 && (scatter[(1, 1)] - 0.08).abs() < 0.015);
        assert!((scatter[(0, 1)] - 0.95 * 0.02).abs() < 0.005 && scatter[(0, 1)] == scatter[(1, 0)]);
    }

    #[test]
    fn too_few_runs_are_refused() {
        assert!(Emulator::fit(&normals(5, 3, 1), &normals(5, 1, 2)).is_none());
    }
}
