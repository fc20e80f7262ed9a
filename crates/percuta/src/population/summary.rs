//! Medians with 90 % intervals.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Median and 90 % interval of an ensemble.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interval {
    /// Median over the members.
    pub median: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
}

/// Median and 5th and 95th percentile of `values` (linear interpolation between order statistics).
#[must_use]
pub fn interval(values: &[f64]) -> Interval {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |p: f64| match sorted.len() {
        0 => f64::NAN,
        n => {
            let x = p * (n - 1) as f64;
            let i = x.floor() as usize;
            let j = (i + 1).min(n - 1);
            // Equal neighbours must give exactly that value: an untreated read-out has no interval.
            if sorted[i] == sorted[j] { sorted[i] } else { sorted[i] + (x - i as f64) * (sorted[j] - sorted[i]) }
        }
    };
    Interval { median: at(0.5), low: at(0.05), high: at(0.95) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_of_a_ramp() {
        let ramp: Vec<f64> = (0..=100).map(f64::from).rev().collect();
        let i = interval(&ramp);
        assert!((i.median - 50.0).abs() < 1e-12 && (i.low - 5.0).abs() < 1e-12 && (i.high - 95.0).abs() < 1e-12);
    }
}
