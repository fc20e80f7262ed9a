//! First-order and total indices with error bars.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::Model;
use super::design::{Design, REPLICATES};

/// An estimated index.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Index {
    /// Estimate: a share of the variance, which chance may put below 0 or above 1.
    pub value: f64,
    /// Half of the 90 % confidence interval of the estimate.
    pub error: f64,
}

impl Index {
    /// Both ends of the 90 % interval.
    #[must_use]
    pub fn ends(&self) -> (f64, f64) {
        (self.value - self.error, self.value + self.error)
    }
}

/// What one factor does to one output.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct FactorIndices {
    /// Share of the variance that would go, on average, if the factor alone were known.
    pub first: Index,
    /// Share of the variance that would remain, on average, if everything but the factor were known.
    pub total: Index,
}

/// What every factor does to one output.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputIndices {
    /// Mean of the output.
    pub mean: f64,
    /// Variance of the output.
    pub variance: f64,
    /// Sum of the first-order indices of all factors: how much of the variance is no interaction.
    pub first_sum: Index,
    /// By factor.
    pub factors: Vec<FactorIndices>,
}

/// Sums over the rows of one randomisation for one output, values counted from a value that the output has somewhere.
#[derive(Debug, Clone)]
struct Sums {
    rows: f64,
    /// Sum and sum of squares over A and B.
    values: f64,
    squares: f64,
    /// By factor: Σ b (m − a), Σ (m − a), Σ (m − a)², m being the mixed row.
    factors: Vec<[f64; 3]>,
}

/// First-order and total indices of every factor for each output of `f`; none for an output whose variance is zero.
///
/// The first order is estimated after Saltelli et al. 2010 (Comput Phys Commun 181:259) with centred values, the total after Jansen 1999
/// (Comput Phys Commun 117:35); both are exactly zero for a factor that does nothing. The base samples are [`REPLICATES`] independent
/// scramblings; the 90 % intervals come from leaving out one of them at a time (delete-a-group jackknife) and Student's t.
/// The result does not depend on the number of threads.
///
/// # Errors
/// The first error of `f`.
pub fn sobol<E: Send>(design: &Design, f: Model<'_, E>) -> Result<Vec<Option<OutputIndices>>, E> {
    let d = design.factors.len();
    let mut replicates: Vec<Vec<Sums>> = Vec::new();
    let mut origin: Option<Vec<f64>> = None;
    for replicate in 0..REPLICATES {
        // One row: f at A, at B and at A with each factor from B.
        let rows: Vec<Vec<Vec<f64>>> = (0..design.rows())
            .into_par_iter()
            .map(|row| {
                let (a, b) = design.pair(replicate, row);
                let mixed = (0..d).map(|k| f(&design.mixed(&a, &b, k)));
                [f(&a), f(&b)].into_iter().chain(mixed).collect::<Result<_, E>>()
            })
            .collect::<Result<_, E>>()?;
        let origin = origin.get_or_insert_with(|| rows.first().and_then(|r| r.first()).cloned().unwrap_or_default());
        replicates.push(origin.iter().enumerate().map(|(o, &zero)| sums(&rows, o, zero, d)).collect());
    }
    let origin = origin.unwrap_or_default();
    Ok(origin.iter().enumerate().map(|(o, &zero)| output(&replicates.iter().map(|r| &r[o]).collect::<Vec<_>>(), zero)).collect())
}

fn sums(rows: &[Vec<Vec<f64>>], output: usize, zero: f64, d: usize) -> Sums {
    let mut sums = Sums { rows: rows.len() as f64, values: 0.0, squares: 0.0, factors: vec![[0.0; 3]; d] };
    for row in rows {
        let at = |k: usize| row[k][output] - zero;
        let (a, b) = (at(0), at(1));
        sums.values += a + b;
        sums.squares += a * a + b * b;
        for (k, factor) in sums.factors.iter_mut().enumerate() {
            let step = at(k + 2) - a;
            factor[0] += b * step;
            factor[1] += step;
            factor[2] += step * step;
        }
    }
    sums
}

/// Mean and variance of what these sums hold, and first-order and total index by factor where there is variance.
fn indices<'a>(sums: impl Iterator<Item = &'a Sums> + Clone) -> (f64, f64, Option<Vec<[f64; 2]>>) {
    let total = |of: &dyn Fn(&Sums) -> f64| sums.clone().map(of).sum::<f64>();
    let rows = total(&|s| s.rows);
    let mean = total(&|s| s.values) / (2.0 * rows);
    let variance = total(&|s| s.squares) / (2.0 * rows) - mean * mean;
    // What rounding alone makes of values that are all the same.
    let floor = 1e-14 * mean * mean;
    if !(variance > floor && variance.is_normal()) {
        return (mean, 0.0, None);
    }
    let d = sums.clone().next().map_or(0, |s| s.factors.len());
    let of_factor = |k: usize| {
        let [cross, step, square] = [0, 1, 2].map(|i| total(&|s| s.factors[k][i]) / rows);
        [(cross - mean * step) / variance, square / (2.0 * variance)]
    };
    (mean, variance, Some((0..d).map(of_factor).collect()))
}

fn output(replicates: &[&Sums], zero: f64) -> Option<OutputIndices> {
    let all = || replicates.iter().copied();
    let (mean, variance, estimate) = indices(all());
    let estimate = estimate?;
    let left_out: Vec<Vec<[f64; 2]>> = (0..replicates.len())
        .filter_map(|r| indices(all().enumerate().filter(|(i, _)| *i != r).map(|(_, s)| s).collect::<Vec<_>>().into_iter()).2)
        .collect();
    let n = left_out.len() as f64;
    // If all of the variance is in one randomisation, leaving it out leaves nothing to compare with: the error is all there is.
    let quantile =
        if n > 1.0 && left_out.len() == replicates.len() { StudentsT::new(0.0, 1.0, n - 1.0).ok()?.inverse_cdf(0.95) } else { f64::NAN };
    let index = |of: &dyn Fn(&[[f64; 2]]) -> f64| {
        let mean = left_out.iter().map(|l| of(l)).sum::<f64>() / n;
        let squares = left_out.iter().map(|l| (of(l) - mean).powi(2)).sum::<f64>();
        let error = quantile * ((n - 1.0) / n * squares).sqrt();
        Index { value: of(&estimate), error: if error.is_finite() { error } else { 1.0 } }
    };
    let factors = (0..estimate.len()).map(|k| FactorIndices { first: index(&|e| e[k][0]), total: index(&|e| e[k][1]) }).collect();
    let first_sum = index(&|e| e.iter().map(|k| k[0]).sum());
    Some(OutputIndices { mean: mean + zero, variance, first_sum, factors })
}
