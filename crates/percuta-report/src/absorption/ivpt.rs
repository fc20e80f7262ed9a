//! Statistics of an in-vitro permeation test over donors and replicates, on logarithms as the FDA takes them.

use percuta::course::permeation::{PermeationOutcome, Replicate};

/// What of a replicate is looked at.
pub type Readout = fn(&Replicate) -> f64;

/// One read-out of one donor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DonorStatistics {
    pub donor: u32,
    pub replicates: usize,
    pub geometric_mean: f64,
    /// Geometric coefficient of variation between its replicates, %; none of a single replicate.
    pub cv_percent: Option<f64>,
}

/// One read-out of one arm.
#[derive(Debug, Clone, PartialEq)]
pub struct ArmStatistics {
    pub donors: Vec<DonorStatistics>,
    /// Of the donors' geometric means.
    pub geometric_mean: f64,
    /// Between replicates of a donor, pooled over donors, %.
    pub within_donor_cv_percent: Option<f64>,
    /// Between donors, what replicates contribute taken off, %.
    pub between_donor_cv_percent: Option<f64>,
}

/// Geometric mean of numbers above zero.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    let positive = !values.is_empty() && values.iter().all(|v| *v > 0.0 && v.is_finite());
    positive.then(|| (values.iter().map(|v| v.ln()).sum::<f64>() / values.len() as f64).exp())
}

/// Statistics of a read-out of one arm; none without replicates, or where one of them is not above zero.
pub fn statistics(outcome: &PermeationOutcome, needled: bool, value: impl Fn(&Replicate) -> f64) -> Option<ArmStatistics> {
    let mut donors = Vec::new();
    let (mut squares, mut freedom, mut means) = (0.0, 0usize, Vec::new());
    let most = outcome.replicates.iter().map(|r| r.donor).max().unwrap_or(0);
    for donor in 1..=most {
        let own: Vec<f64> = outcome.replicates.iter().filter(|r| r.needled == needled && r.donor == donor).map(&value).collect();
        if own.is_empty() {
            continue;
        }
        let geometric_mean = geometric_mean(&own)?;
        let mean = geometric_mean.ln();
        let sum: f64 = own.iter().map(|v| (v.ln() - mean).powi(2)).sum();
        let cv_percent = (own.len() > 1).then(|| cv(sum / (own.len() - 1) as f64));
        squares += sum;
        freedom += own.len() - 1;
        means.push((mean, own.len()));
        donors.push(DonorStatistics { donor, replicates: own.len(), geometric_mean, cv_percent });
    }
    if means.is_empty() {
        return None;
    }
    let n = means.len() as f64;
    let grand = means.iter().map(|m| m.0).sum::<f64>() / n;
    let within = (freedom > 0).then(|| squares / freedom as f64);
    let between = (means.len() > 1).then(|| {
        let of_means = means.iter().map(|m| (m.0 - grand).powi(2)).sum::<f64>() / (n - 1.0);
        let harmonic = n / means.iter().map(|m| 1.0 / m.1 as f64).sum::<f64>();
        (of_means - within.unwrap_or(0.0) / harmonic).max(0.0)
    });
    Some(ArmStatistics {
        donors,
        geometric_mean: grand.exp(),
        within_donor_cv_percent: within.map(cv),
        between_donor_cv_percent: between.map(cv),
    })
}

/// Geometric coefficient of variation of a variance of natural logarithms, %.
fn cv(variance: f64) -> f64 {
    100.0 * (variance.exp() - 1.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::fixture;

    #[test]
    fn variances_are_told_apart() {
        let mut o = fixture::outcome();
        // Donors a factor e² apart, replicates a factor e apart.
        for r in &mut o.replicates {
            r.amt_ug_per_cm2 = (2.0 * f64::from(r.donor % 2) + f64::from(r.replicate % 2)).exp();
        }
        let s = statistics(&o, true, |r| r.amt_ug_per_cm2).unwrap();
        assert_eq!(s.donors.len(), 4);
        assert!((s.geometric_mean - 1.5f64.exp()).abs() < 1e-12);
        let within = 1.5 / 5.0;
        assert!((s.within_donor_cv_percent.unwrap() - cv(within)).abs() < 1e-9);
        assert!((s.between_donor_cv_percent.unwrap() - cv(4.0 / 3.0 - within / 6.0)).abs() < 1e-9);
        assert!((s.donors[0].geometric_mean - 2.5f64.exp()).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_said_of_zeros_and_of_single_values() {
        let mut o = fixture::outcome();
        o.replicates.retain(|r| r.donor == 1 && r.replicate == 1);
        let s = statistics(&o, true, |r| r.amt_ug_per_cm2).unwrap();
        assert!(s.within_donor_cv_percent.is_none() && s.between_donor_cv_percent.is_none());
        assert!(statistics(&o, true, |_| 0.0).is_none());
        o.replicates.clear();
        assert!(statistics(&o, true, |r| r.amt_ug_per_cm2).is_none());
        assert!(geometric_mean(&[]).is_none() && geometric_mean(&[1.0, 0.0]).is_none());
    }
}
