//! Which parameters drive a read-out: rank correlations over the ensemble.

use serde::Serialize;

use super::{Draw, ParameterSet};

/// A parameter and how strongly a result follows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Driver {
    /// Name of the parameter.
    pub parameter: String,
    /// Spearman rank correlation over the members, -1 to 1.
    pub rank_correlation: f64,
}

/// Rank correlation that chance alone would exceed for one of `parameters` parameters in 5 % of ensembles
/// of `members` (normal approximation, Bonferroni). Weaker drivers cannot be told from noise.
#[must_use]
pub fn noise_floor(members: usize, parameters: usize) -> f64 {
    use statrs::distribution::{ContinuousCDF, Normal};
    let p = 0.05 / (2.0 * parameters.max(1) as f64);
    (Normal::standard().inverse_cdf(1.0 - p) / ((members.max(3) - 1) as f64).sqrt()).min(1.0)
}

/// The parameters a result follows, strongest first, among those whose names start with one of `groups`.
/// Parameters that do not vary are left out; the number of those that remain is what [`noise_floor`] needs.
#[must_use]
pub fn drivers(set: &ParameterSet, draws: &[Draw], groups: &[&str], result: &[f64]) -> Vec<Driver> {
    let target = ranks(result);
    let mut found: Vec<Driver> = set
        .names()
        .enumerate()
        .filter(|(_, name)| name.split('.').next().is_some_and(|group| groups.contains(&group)))
        .filter_map(|(i, name)| {
            let column: Vec<f64> = draws.iter().map(|d| d.values()[i]).collect();
            let r = correlation(&ranks(&column), &target)?;
            Some(Driver { parameter: name.to_owned(), rank_correlation: r })
        })
        .collect();
    found.sort_by(|a, b| b.rank_correlation.abs().total_cmp(&a.rank_correlation.abs()).then(a.parameter.cmp(&b.parameter)));
    found
}

/// Ranks with ties averaged.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut i = 0;
    while i < order.len() {
        let mut j = i;
        while j + 1 < order.len() && values[order[j + 1]] == values[order[i]] {
            j += 1;
        }
        for &k in &order[i..=j] {
            ranks[k] = (i + j) as f64 / 2.0;
        }
        i = j + 1;
    }
    ranks
}

fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let (mut sxy, mut sxx, mut syy) = (0.0, 0.0, 0.0);
    for (a, b) in x.iter().zip(y) {
        sxy += (a - mx) * (b - my);
        sxx += (a - mx) * (a - mx);
        syy += (b - my) * (b - my);
    }
    (sxx > 0.0 && syy > 0.0).then(|| sxy / (sxx * syy).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{Distribution, Kind, Parameter, draw_members};

    #[test]
    fn a_monotone_result_is_found_and_noise_is_not() {
        let mut set = ParameterSet::default();
        for n in ["a.cause", "a.idle", "b.out_of_reach"] {
            let card = Parameter {
                value: 1.0,
                unit: "1".into(),
                distribution: Distribution::Lognormal { gsd: 2.0, low: None, high: None },
                kind: Kind::Assumed,
                meaning: "test".into(),
                source: "test".into(),
                id: None,
                note: None,
            };
            set.insert(n, card).unwrap();
        }
        let draws = draw_members(&set, 3, 64);
        let result: Vec<f64> = draws.iter().map(|d| -d.values()[0].powi(3)).collect();
        let found = drivers(&set, &draws, &["a"], &result);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].parameter, "a.cause");
        assert!((found[0].rank_correlation + 1.0).abs() < 1e-12);
        assert!(found[1].rank_correlation.abs() < noise_floor(64, 2));
    }
}
