//! Which combinations of parameters the data tell apart.

use faer::{Mat, Side};

/// A direction in the space of parameters, in normal scores, and what the data made of its uncertainty.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Combination {
    /// Standard deviation after over before: 1 where the data tell nothing.
    pub left: f64,
    /// Share of each parameter in it, with sign; of unit length.
    pub direction: Vec<f64>,
}

/// Combinations of the first `parameters` coordinates from what the data tell most of to what they tell least of.
#[must_use]
pub fn combinations(places: &[Vec<f64>], parameters: usize) -> Vec<Combination> {
    let n = places.len() as f64;
    let mean: Vec<f64> = (0..parameters).map(|i| places.iter().map(|p| p[i]).sum::<f64>() / n).collect();
    let covariance =
        Mat::from_fn(parameters, parameters, |i, j| places.iter().map(|p| (p[i] - mean[i]) * (p[j] - mean[j])).sum::<f64>() / n);
    // Under the prior the scores are standard normal, so that eigenvalues compare after with before.
    let Ok(eigen) = covariance.self_adjoint_eigen(Side::Lower) else { return Vec::new() };
    let (values, vectors) = (eigen.S(), eigen.U());
    (0..parameters)
        .map(|k| Combination { left: values[k].max(0.0).sqrt(), direction: (0..parameters).map(|i| vectors[(i, k)]).collect() })
        .collect()
}

/// Correlation of each of the first `parameters` coordinates with each; 0 of what does not vary.
#[must_use]
pub fn correlations(places: &[Vec<f64>], parameters: usize) -> Vec<Vec<f64>> {
    let n = places.len().max(1) as f64;
    let mean: Vec<f64> = (0..parameters).map(|i| places.iter().map(|p| p[i]).sum::<f64>() / n).collect();
    let covariance = |i: usize, j: usize| places.iter().map(|p| (p[i] - mean[i]) * (p[j] - mean[j])).sum::<f64>() / n;
    let sd: Vec<f64> = (0..parameters).map(|i| covariance(i, i).sqrt()).collect();
    let of = |i: usize, j: usize| {
        if i == j {
            1.0
        } else if sd[i] > 0.0 && sd[j] > 0.0 {
            covariance(i, j) / (sd[i] * sd[j])
        } else {
            0.0
        }
    };
    (0..parameters).map(|i| (0..parameters).map(|j| of(i, j)).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_sum_and_an_unknown_difference_are_told_apart() {
        // x + y is known to 0.1, x - y not at all.
        let places: Vec<Vec<f64>> = (0..2000)
            .map(|i| {
                let (s, d) = (0.1 * (f64::from(i) * 0.7).sin() * 2f64.sqrt(), (f64::from(i) * 0.37).sin() * 2f64.sqrt());
                vec![(s + d) / 2f64.sqrt(), (s - d) / 2f64.sqrt(), 9.0]
            })
            .collect();
        let found = combinations(&places, 2);
        assert!((found[0].left - 0.1).abs() < 0.01 && (found[1].left - 1.0).abs() < 0.02, "{found:?}");
        assert!((found[0].direction[0] * found[0].direction[1] - 0.5).abs() < 0.01);
        assert!((found[1].direction[0] * found[1].direction[1] + 0.5).abs() < 0.01);
        let found = correlations(&places, 3);
        assert!(found[0][1] < -0.95 && found[0][1] == found[1][0] && found[0][0] == 1.0, "{found:?}");
        assert_eq!(found[2], [0.0, 0.0, 1.0], "what is known exactly has no correlation");
    }
}
