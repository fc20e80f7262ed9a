//! How likely the published numbers are at given values of the parameters.

use faer::prelude::*;
use faer::{Mat, Side};
use rand::{Rng, RngExt as _};

use super::Emulator;
use crate::population::Distribution;

/// Degrees of freedom of a study's own scatter: a study that nothing explains counts less, as under Student's t.
const TAIL: f64 = 4.0;
/// Geometric standard deviation of the prior of a spread between studies.
const SPREAD_GSD: f64 = 2.0;

/// Observations to calibrate to, on one scale, with what is known of their errors.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Published number.
    pub value: f64,
    /// Standard error of the published mean: the sampling of subjects.
    pub sampling: f64,
    /// Number of the study it comes from.
    pub study: usize,
    /// Number of its domain: studies spread by domain. None for untreated sides, which no hand treats differently.
    pub domain: Option<usize>,
}

/// Posterior of the parameters, in normal scores, followed by the logarithm of each domain's spread between studies.
#[derive(Debug, Clone)]
pub struct Posterior<'a> {
    emulator: &'a Emulator,
    observed: &'a [Observed],
    /// Spread that is expected in each domain.
    spreads: &'a [f64],
    /// What each study's own scatter is divided by.
    pub weights: Vec<f64>,
    /// Study that is left out.
    without: Option<usize>,
}

/// Mean and covariance of observations.
#[derive(Debug, Clone)]
struct Normal {
    mean: Vec<f64>,
    covariance: Mat<f64>,
}

impl<'a> Posterior<'a> {
    /// The posterior given all studies but `without`, every study counting in full.
    #[must_use]
    pub fn new(emulator: &'a Emulator, observed: &'a [Observed], spreads: &'a [f64], without: Option<usize>) -> Self {
        let studies = observed.iter().map(|o| o.study + 1).max().unwrap_or(0);
        Self { emulator, observed, spreads, weights: vec![1.0; studies], without }
    }

    /// Number of coordinates: parameters and spreads.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.emulator.inputs() + self.spreads.len()
    }

    /// The place at which everything is as it was expected.
    #[must_use]
    pub fn centre(&self) -> Vec<f64> {
        let mut centre = vec![0.0; self.emulator.inputs()];
        centre.extend(self.spreads.iter().map(|s| s.ln()));
        centre
    }

    /// Logarithm of the posterior density, up to a constant.
    #[must_use]
    pub fn log_density(&self, at: &[f64]) -> f64 {
        let kept: Vec<usize> = (0..self.observed.len()).filter(|i| Some(self.observed[*i].study) != self.without).collect();
        self.log_prior(at) + self.log_likelihood(at, &kept)
    }

    /// Logarithm of the prior density, up to a constant.
    #[must_use]
    pub fn log_prior(&self, at: &[f64]) -> f64 {
        let (scores, spreads) = at.split_at(self.emulator.inputs());
        let of_scores = scores.iter().map(|s| s * s).sum::<f64>();
        let of_spreads = spreads.iter().zip(self.spreads).map(|(s, expected)| ((s - expected.ln()) / SPREAD_GSD.ln()).powi(2)).sum::<f64>();
        -0.5 * (of_scores + of_spreads)
    }

    fn log_likelihood(&self, at: &[f64], kept: &[usize]) -> f64 {
        let normal = self.normal(at, kept);
        let Ok(factor) = normal.covariance.llt(Side::Lower) else { return f64::NEG_INFINITY };
        let residual = Mat::from_fn(kept.len(), 1, |i, _| self.observed[kept[i]].value - normal.mean[i]);
        let solved = factor.solve(&residual);
        let square: f64 = (0..kept.len()).map(|i| residual[(i, 0)] * solved[(i, 0)]).sum();
        let l = factor.L();
        let half_log_determinant: f64 = (0..kept.len()).map(|i| l[(i, i)].ln()).sum();
        -half_log_determinant - 0.5 * square
    }

    /// What is expected of some observations.
    fn normal(&self, at: &[f64], of: &[usize]) -> Normal {
        let (scores, spreads) = at.split_at(self.emulator.inputs());
        let runs = self.emulator.at(scores);
        let covariance = Mat::from_fn(of.len(), of.len(), |i, j| {
            let (a, b) = (of[i], of[j]);
            runs.covariance(a, b) + self.own(a, b, spreads)
        });
        Normal { mean: of.iter().map(|i| runs.means[*i]).collect(), covariance }
    }

    /// Covariance of two observations through what their studies have of their own.
    fn own(&self, a: usize, b: usize, spreads: &[f64]) -> f64 {
        let (x, y) = (&self.observed[a], &self.observed[b]);
        if x.study != y.study {
            return 0.0;
        }
        let between = match (x.domain, y.domain) {
            (Some(i), Some(j)) if i == j => (2.0 * spreads[i]).exp(),
            _ => 0.0,
        };
        let sampling = if a == b { x.sampling * x.sampling } else { 0.0 };
        (between + sampling) / self.weights[x.study]
    }

    /// Weighs studies down that nothing explains at `at`, in the manner of the E-step of a Student t: the scatter that all studies share
    /// counts among what explains a study.
    pub fn reweigh(&mut self, at: &[f64]) {
        for study in 0..self.weights.len() {
            let of: Vec<usize> = (0..self.observed.len()).filter(|i| self.observed[*i].study == study).collect();
            if of.is_empty() || Some(study) == self.without {
                continue;
            }
            self.weights[study] = 1.0;
            let normal = self.normal(at, &of);
            let residual = Mat::from_fn(of.len(), 1, |i, _| self.observed[of[i]].value - normal.mean[i]);
            let Ok(factor) = normal.covariance.llt(Side::Lower) else { continue };
            let solved = factor.solve(&residual);
            let square: f64 = (0..of.len()).map(|i| residual[(i, 0)] * solved[(i, 0)]).sum();
            // Never above 1: a study that fits well by luck is not more than a study.
            self.weights[study] = ((TAIL + of.len() as f64) / (TAIL + square)).min(1.0);
        }
    }

    /// Weights of the studies that were seen.
    #[must_use]
    pub fn seen(&self) -> Vec<f64> {
        let seen = |(study, weight): (usize, &f64)| (Some(study) != self.without).then_some(*weight);
        self.weights.iter().enumerate().filter_map(seen).collect()
    }

    /// What studies like these publish at `at`, one after the other, as if none had been seen.
    #[must_use]
    pub fn publishes(&self, at: &[f64]) -> Vec<Foreseen> {
        let (scores, spreads) = at.split_at(self.emulator.inputs());
        let runs = self.emulator.at(scores);
        let own = |i: usize| self.own(i, i, spreads) * self.weights[self.observed[i].study];
        (0..self.observed.len()).map(|i| Foreseen { mean: runs.means[i], shared: runs.covariance(i, i), own: own(i) }).collect()
    }

    /// What is predicted for a study at `at`, given all others.
    #[must_use]
    pub fn predict(&self, at: &[f64], study: usize) -> Vec<Foreseen> {
        let (of, others): (Vec<usize>, Vec<usize>) = (0..self.observed.len()).partition(|i| self.observed[*i].study == study);
        let all: Vec<usize> = of.iter().chain(&others).copied().collect();
        let normal = self.normal(at, &all);
        let spreads = &at[self.emulator.inputs()..];
        let (n, m) = (of.len(), others.len());
        let known = normal.covariance.submatrix(n, n, m, m);
        let cross = normal.covariance.submatrix(n, 0, m, n);
        let Ok(factor) = known.llt(Side::Lower) else { return Vec::new() };
        let residual = Mat::from_fn(m, 1, |i, _| self.observed[others[i]].value - normal.mean[n + i]);
        let (pulled, told) = (factor.solve(&residual), factor.solve(cross));
        (0..n)
            .map(|i| {
                let shift: f64 = (0..m).map(|k| cross[(k, i)] * pulled[(k, 0)]).sum();
                let known: f64 = (0..m).map(|k| cross[(k, i)] * told[(k, i)]).sum();
                let own = self.own(of[i], of[i], spreads);
                Foreseen { mean: normal.mean[i] + shift, shared: (normal.covariance[(i, i)] - known - own).max(0.0), own }
            })
            .collect()
    }
}

/// One observation of a study that has not been seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foreseen {
    /// Mean.
    pub mean: f64,
    /// Variance through what studies share.
    pub shared: f64,
    /// Variance through what the study has of its own: the spread between studies and the sampling of subjects.
    pub own: f64,
}

impl Foreseen {
    /// A published number. A study may be as odd as those were that have been seen: its own scatter is divided by one of their weights.
    pub fn draw(&self, weights: &[f64], rng: &mut impl Rng) -> f64 {
        let normal = Distribution::Normal { sd: 1.0, low: None, high: None };
        let weight = if weights.is_empty() { 1.0 } else { weights[rng.random_range(0..weights.len())] };
        self.mean + (self.shared + self.own / weight).sqrt() * normal.quantile(0.0, rng.random::<f64>())
    }
}
