//! How far a point may lie from the curve, and from there how much worse than the best a fit may be.

use serde::Serialize;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::problem::Problem;
use super::search::Found;
use crate::course::permeation::DataSeries;

/// Error of a point without a standard deviation, as a share of its amount.
const RELATIVE: f64 = 0.1;
/// And, on top, of the greatest amount of its group.
const OF_THE_GREATEST: f64 = 0.01;
/// Accuracy of the march, as a share of an amount: curves are not closer to the truth however close the points are to them.
const NUMERICAL: f64 = 0.005;
/// 95 % of the chi-squared distribution with one degree of freedom.
const CHI_SQUARED: f64 = 3.841_458_8;

/// Where the errors of the points come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorModel {
    /// Standard deviations of the points.
    Stated,
    /// None was stated: 10 % of each amount and 1 % of the greatest of its group. Only their proportions count; how large they are
    /// is estimated from the scatter about the curve.
    Assumed,
    /// Some groups have standard deviations; the others are assumed as above.
    Mixed,
}

impl ErrorModel {
    /// One line.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::Stated => "the standard deviations of the points",
            Self::Assumed => "assumed: 10 % of each amount + 1 % of the greatest",
            Self::Mixed => "standard deviations where stated, else 10 % of each amount + 1 % of the greatest",
        }
    }

    pub(super) fn of(data: &[&DataSeries]) -> Self {
        match data.iter().filter(|s| s.sd_ug_per_cm2.is_some()).count() {
            0 => Self::Assumed,
            n if n == data.len() => Self::Stated,
            _ => Self::Mixed,
        }
    }
}

/// The errors of one series, µg/cm².
pub(super) fn errors(series: &DataSeries) -> Vec<f64> {
    if let Some(sd) = &series.sd_ug_per_cm2 {
        return sd.clone();
    }
    let greatest = series.amount_ug_per_cm2.iter().copied().fold(0.0, f64::max);
    series.amount_ug_per_cm2.iter().map(|y| RELATIVE * y.abs() + OF_THE_GREATEST * greatest).collect()
}

/// How much worse than the best a fit may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tolerance {
    /// Standard deviation of the residuals, in errors of the points.
    pub residual_sd: f64,
    /// Rise of the sum of squares at the ends of the 95 % interval.
    pub rise: f64,
}

impl Tolerance {
    pub fn new(problem: &Problem, best: &Found) -> Self {
        let points = problem.points.len();
        let squares: f64 = best.residuals[..points].iter().map(|r| r * r).sum();
        let freedom = points.saturating_sub(problem.chosen.len());
        let residual_sd = if freedom > 0 { (squares / freedom as f64).sqrt() } else { 0.0 };
        // A prior is in units of its own, so that the errors must be taken as they are.
        if problem.prior || freedom == 0 {
            return Self { residual_sd, rise: CHI_SQUARED };
        }
        let numerical = |p: &super::problem::Point| (NUMERICAL * p.amount / p.error).powi(2);
        let floor = problem.points.iter().map(numerical).sum::<f64>() / points as f64;
        let scale = (residual_sd * residual_sd).max(floor);
        if problem.errors != ErrorModel::Assumed && scale < 1.0 {
            return Self { residual_sd, rise: CHI_SQUARED };
        }
        let student = StudentsT::new(0.0, 1.0, freedom as f64).map_or(CHI_SQUARED.sqrt(), |t| t.inverse_cdf(0.975));
        Self { residual_sd, rise: scale * student * student }
    }
}
