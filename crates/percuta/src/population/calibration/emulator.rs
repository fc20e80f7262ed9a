//! Polynomials in place of the model: what each observation is on average at given values of the calibrated parameters, and how
//! it scatters around that through everything else that is uncertain.

use faer::linalg::solvers::DenseSolveCore as _;
use faer::prelude::*;
use faer::{Mat, MatRef, Side};

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
    /// Degree of each output's polynomial.
    degrees: Vec<usize>,
    /// Covariance of the runs around the polynomials.
    scatter: Mat<f64>,
    /// Inverse of `XᵀX` of the design, for each degree that was tried.
    spans: Vec<Mat<f64>>,
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
        if n < Self::least_runs(inputs) {
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
        let (mut degrees, mut spans) = (vec![0; outputs], Vec::new());
        for degree in (0..=3).filter(|d| 2 * terms(inputs, *d) <= n) {
            let used = design.subcols(0, terms(inputs, degree));
            let fit = least_squares(used, values.as_ref());
            spans.push((used.transpose() * used).llt(Side::Lower).ok()?.inverse());
            for (output, found) in fit.into_iter().enumerate() {
                if found.0 < (1.0 - GAIN) * best[output].0 {
                    best[output] = found;
                    degrees[output] = degree;
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
        Some(Self { inputs, coefficients: best.into_iter().map(|b| b.1).collect(), degrees, scatter, spans, explained })
    }

    /// Runs below which nothing is fitted: twice the terms of a straight line.
    #[must_use]
    pub fn least_runs(inputs: usize) -> usize {
        2 * terms(inputs, 1)
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

    /// What is known of the outputs at a place.
    #[must_use]
    pub fn at(&self, scores: &[f64]) -> Emulated<'_> {
        let mut row = Vec::with_capacity(terms(self.inputs, 3));
        basis(scores, &mut row);
        let leverage = |span: &Mat<f64>| {
            let terms = span.nrows();
            (0..terms).map(|j| row[j] * (0..terms).map(|i| span[(i, j)] * row[i]).sum::<f64>()).sum()
        };
        Emulated {
            emulator: self,
            means: self.coefficients.iter().map(|c| c.iter().zip(&row).map(|(c, b)| c * b).sum::<f64>()).collect(),
            leverages: self.spans.iter().map(leverage).collect(),
        }
    }

    /// Covariance of the runs around the polynomials.
    #[must_use]
    pub fn scatter(&self) -> MatRef<'_, f64> {
        self.scatter.as_ref()
    }
}

/// The outputs at a place.
#[derive(Debug, Clone)]
pub struct Emulated<'a> {
    emulator: &'a Emulator,
    /// Mean of every output.
    pub means: Vec<f64>,
    /// Variance of a polynomial of each degree there through the chance of the design, in units of the scatter.
    leverages: Vec<f64>,
}

impl Emulated<'_> {
    /// Covariance of two outputs of one run: its scatter, and what a finite design leaves open of the polynomials. That is the
    /// leverage of the lower of their degrees, since the terms of each degree are among those of the next.
    #[must_use]
    pub fn covariance(&self, a: usize, b: usize) -> f64 {
        let degree = self.emulator.degrees[a].min(self.emulator.degrees[b]);
        self.emulator.scatter[(a, b)] * (1.0 + self.leverages[degree])
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
        for place in normals(50, 2, 3) {
            let means = emulator.at(&place).means;
            assert!((means[0] - truth(&place)).abs() < 0.1, "{} {}", means[0], truth(&place));
            assert!((means[1] - 5.0).abs() < 0.1);
        }
        assert!(emulator.explained[0] > 0.99 && emulator.explained[1] < 0.02);
        let scatter = emulator.scatter();
        assert!((scatter[(0, 0)] - 0.01).abs() < 0.002 && (scatter[(1, 1)] - 0.08).abs() < 0.015);
        assert!((scatter[(0, 1)] - 0.95 * 0.02).abs() < 0.005 && scatter[(0, 1)] == scatter[(1, 0)]);
    }

    #[test]
    fn what_a_finite_design_leaves_open_is_in_the_covariance() {
        // Many small designs of the same truth: a new run scatters around their polynomials as each says of itself.
        let truth = |s: &[f64]| 1.0 + s[0] - 0.5 * s[1] * s[1];
        let (designs, runs, place) = (400, 40, [1.5, -1.2]);
        let (mut squares, mut said) = (0.0, 0.0);
        for design in 0..designs {
            let (scores, noise) = (normals(runs, 2, 100 + design), normals(runs + 1, 1, 1000 + design));
            let values: Vec<Vec<f64>> = scores.iter().zip(&noise).map(|(s, e)| vec![truth(s) + e[0]]).collect();
            let emulator = Emulator::fit(&scores, &values).unwrap();
            let there = emulator.at(&place);
            squares += (truth(&place) + noise[runs][0] - there.means[0]).powi(2) / there.covariance(0, 0);
            said += there.covariance(0, 0) / emulator.scatter()[(0, 0)];
        }
        let (ratio, said) = (squares / designs as f64, said / designs as f64);
        assert!((0.85..1.25).contains(&ratio), "{ratio}");
        assert!(said > 1.2, "without it the covariance would be too small by {said}");
    }

    #[test]
    fn too_few_runs_are_refused() {
        assert!(Emulator::fit(&normals(5, 3, 1), &normals(5, 1, 2)).is_none());
    }
}
