//! Scores of predictive distributions (Gneiting & Raftery 2007, J Am Stat Assoc 102:359).

use statrs::distribution::{Continuous, ContinuousCDF, Normal, StudentsT};
use statrs::function::beta::beta;

use crate::population::Interval;

/// Share that an interval leaves out.
const ALPHA: f64 = 0.1;
/// Standard deviations on each side of a 90 % interval of a normal distribution.
pub const SIDES: f64 = 1.644_853_6;

/// Continuous ranked probability score of an ensemble that stands for a distribution, in the unit of its members: the mean
/// distance to the observation less half the mean distance between two members.
#[must_use]
pub fn crps(members: &[f64], observed: f64) -> f64 {
    let mut sorted = members.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len() as f64;
    if n < 2.0 {
        return sorted.first().map_or(f64::NAN, |x| (x - observed).abs());
    }
    let distance = sorted.iter().map(|x| (x - observed).abs()).sum::<f64>() / n;
    // Sum over pairs of |a - b| from the order: member i lies above i others.
    let pairs: f64 = sorted.iter().enumerate().map(|(i, x)| (2.0 * i as f64 - (n - 1.0)) * x).sum();
    distance - pairs / (n * (n - 1.0))
}

/// The same of a Student t distribution of more than one degree of freedom, in closed form (Jordan, Krueger & Lerch 2019, J Stat Softw
/// 90:12).
#[must_use]
pub fn crps_student(t: &StudentsT, observed: f64) -> f64 {
    let nu = t.freedom();
    let z = (observed - t.location()) / t.scale();
    let standard = t.scale() * t.pdf(observed);
    let spread = 2.0 * nu.sqrt() / (nu - 1.0) * beta(0.5, nu - 0.5) / beta(0.5, 0.5 * nu).powi(2);
    t.scale() * (z * (2.0 * t.cdf(observed) - 1.0) + 2.0 * standard * (nu + z * z) / (nu - 1.0) - spread)
}

/// Interval score of a 90 % interval: its width, and twenty times what the observation lies outside.
#[must_use]
pub fn interval_score(interval: &Interval, observed: f64) -> f64 {
    let outside = (interval.low - observed).max(0.0) + (observed - interval.high).max(0.0);
    interval.high - interval.low + 2.0 / ALPHA * outside
}

/// 90 % interval of a share of which `hits` of `of` were seen (Wilson 1927).
#[must_use]
pub fn share_interval(hits: usize, of: usize) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (of as f64, hits as f64 / of as f64);
    let z = Normal::standard().inverse_cdf(1.0 - 0.5 * ALPHA);
    let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::Distribution;

    #[test]
    fn crps_of_a_normal_ensemble_is_that_of_the_normal() {
        let normal = Distribution::Normal { sd: 2.0, low: None, high: None };
        let members: Vec<f64> = (0..4000).map(|i| normal.quantile(1.0, (f64::from(i) + 0.5) / 4000.0)).collect();
        for observed in [-4.0, 1.0, 2.5, 9.0] {
            let student = StudentsT::new(1.0, 2.0, 1e5).unwrap();
            assert!((crps(&members, observed) - crps_student(&student, observed)).abs() < 2e-3, "{observed}");
        }
        // Known: 2 phi(0) - 1/sqrt(pi) = 0.23369 for the centre of the standard normal.
        assert!((crps_student(&StudentsT::new(0.0, 1.0, 1e6).unwrap(), 0.0) - 0.233_695).abs() < 1e-5);
    }

    #[test]
    fn crps_of_a_student_ensemble_is_that_of_the_student() {
        let student = StudentsT::new(1.0, 2.0, 3.0).unwrap();
        let members: Vec<f64> = (0..20_000).map(|i| student.inverse_cdf((f64::from(i) + 0.5) / 20_000.0)).collect();
        for observed in [-4.0, 1.0, 2.5, 30.0] {
            assert!((crps(&members, observed) - crps_student(&student, observed)).abs() < 5e-3, "{observed}");
        }
    }

    #[test]
    fn crps_of_pairs_by_hand_and_of_one_member() {
        // Fair form for two members 0 and 2 and observation 1: 1 - 2 / 2 = 0.
        assert!(crps(&[0.0, 2.0], 1.0).abs() < 1e-12);
        assert_eq!(crps(&[3.0], 1.0), 2.0);
    }

    #[test]
    fn interval_score_is_width_inside_and_grows_outside() {
        let interval = Interval { median: 0.0, low: -1.0, high: 1.0 };
        assert_eq!(interval_score(&interval, 0.5), 2.0);
        assert!((interval_score(&interval, 1.5) - 12.0).abs() < 1e-12);
    }

    #[test]
    fn shares_have_wilsons_interval() {
        // n = 10, all hits, z = 1.645: lower limit n / (n + z^2).
        let (low, high) = share_interval(10, 10);
        assert!((low - 10.0 / (10.0 + 1.644_854f64.powi(2))).abs() < 1e-4 && high > 0.999);
        assert_eq!(share_interval(0, 0), (0.0, 1.0));
    }
}
