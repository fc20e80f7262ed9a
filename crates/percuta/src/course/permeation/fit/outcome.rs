//! What a fit hands on.

use serde::Serialize;

use super::super::DataSeries;
use super::super::run::times;
use super::errors_of_points::{ErrorModel, Tolerance, errors};
use super::identify::Identified;
use super::problem::Problem;
use super::profile::Side;
use super::search::Found;
use super::{FitError, words};

/// The result of a fit.
#[derive(Debug, Clone, Serialize)]
pub struct FitOutcome {
    /// Each parameter, in the order it was asked for.
    pub estimates: Vec<Estimate>,
    /// Whether the cards' distributions counted.
    pub prior: bool,
    /// Where the errors of the points come from.
    pub errors: ErrorModel,
    /// Standard deviation of the residuals, in errors of the points: 1 if they scatter as their errors say, 0 if there are as many
    /// parameters as points.
    pub residual_sd: f64,
    /// Share of the variance of the points that the curves explain, each point weighted by its error.
    pub r_squared: f64,
    /// Points that count: those after 0 h.
    pub points: usize,
    /// The fitted curve of each series of points.
    pub curves: Vec<FittedCurve>,
    /// Correlations of the estimates (of their logarithms), in their order.
    pub correlations: Vec<Vec<f64>>,
    /// A sentence for each set of parameters that these points do not tell apart.
    pub not_told_apart: Vec<String>,
    /// Everything else a reader must know before using the numbers.
    pub warnings: Vec<String>,
    /// How often the model was computed.
    pub evaluations: usize,
}

/// One estimated parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Estimate {
    /// Name of the card.
    pub name: String,
    /// How sentences call it.
    pub label: String,
    /// Unit of all values; `1` for a bare number.
    pub unit: String,
    /// Value of the card, where the search started.
    pub start: f64,
    /// Best value.
    pub value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
    /// Whether the points set no lower end: `low` is where the search stops.
    pub bounded_low: bool,
    /// Whether they set no upper end.
    pub bounded_high: bool,
    /// 2.5 % of the card's distribution.
    pub card_low: f64,
    /// 97.5 % of the card's distribution.
    pub card_high: f64,
}

/// A fitted curve beside its points.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FittedCurve {
    /// Group of the points.
    pub group: String,
    /// Which arm.
    pub needled: bool,
    /// Times of the curve, h.
    pub times_h: Vec<f64>,
    /// Fitted cumulative amount, µg/cm².
    pub amount_ug_per_cm2: Vec<f64>,
    /// Times of the points, h.
    pub data_time_h: Vec<f64>,
    /// Measured amounts, µg/cm².
    pub data_ug_per_cm2: Vec<f64>,
    /// Errors of the points, stated or assumed, µg/cm².
    pub data_error_ug_per_cm2: Vec<f64>,
    /// Fitted amounts at the points, µg/cm².
    pub fitted_ug_per_cm2: Vec<f64>,
}

pub(super) fn collate(
    problem: &Problem,
    data: &[DataSeries],
    best: &Found,
    sides: &[[Side; 2]],
    tolerance: &Tolerance,
    identified: Identified,
) -> Result<FitOutcome, FitError> {
    let estimates: Vec<Estimate> = problem
        .chosen
        .iter()
        .zip(&best.at)
        .zip(sides)
        .map(|((c, u), [low, high])| Estimate {
            name: c.name.clone(),
            label: c.label.clone(),
            unit: c.card.unit.clone(),
            start: c.card.value,
            value: u.exp(),
            low: low.at.exp(),
            high: high.at.exp(),
            bounded_low: low.bounded,
            bounded_high: high.bounded,
            card_low: c.card.distribution.quantile(c.card.value, 0.025),
            card_high: c.card.distribution.quantile(c.card.value, 0.975),
        })
        .collect();
    let not_told_apart = words::not_told_apart(&estimates, &identified);
    Ok(FitOutcome {
        prior: problem.prior,
        errors: problem.errors,
        residual_sd: tolerance.residual_sd,
        r_squared: r_squared(problem, best),
        points: problem.points.len(),
        curves: curves(problem, data, best)?,
        correlations: identified.correlations,
        not_told_apart,
        warnings: Vec::new(),
        evaluations: 0,
        estimates,
    })
}

fn r_squared(problem: &Problem, best: &Found) -> f64 {
    let weight = |p: &super::problem::Point| 1.0 / (p.error * p.error);
    let all: f64 = problem.points.iter().map(weight).sum();
    let mean = problem.points.iter().map(|p| weight(p) * p.amount).sum::<f64>() / all;
    let variance: f64 = problem.points.iter().map(|p| weight(p) * (p.amount - mean).powi(2)).sum();
    let left: f64 = best.residuals[..problem.points.len()].iter().map(|r| r * r).sum();
    if variance > 0.0 { 1.0 - left / variance } else { 0.0 }
}

fn curves(problem: &Problem, data: &[DataSeries], best: &Found) -> Result<Vec<FittedCurve>, FitError> {
    let of = |needled: bool| {
        let own: Vec<f64> = data.iter().filter(|s| s.needled == needled).flat_map(|s| &s.time_h).copied().collect();
        if own.is_empty() {
            return own;
        }
        let mut all = times(problem.study);
        all.retain(|t| own.iter().all(|o| (o - t).abs() > 1e-6 * problem.study.duration_h));
        all.extend(own);
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    };
    let times_h = [of(false), of(true)];
    let amounts = problem.amounts(&best.at, &times_h)?;
    Ok(data
        .iter()
        .map(|s| {
            let (times_h, amounts) = (&times_h[usize::from(s.needled)], &amounts[usize::from(s.needled)]);
            let at = |t: &f64| amounts[times_h.partition_point(|x| x < t).min(times_h.len() - 1)];
            FittedCurve {
                group: s.group.clone(),
                needled: s.needled,
                times_h: times_h.clone(),
                amount_ug_per_cm2: amounts.clone(),
                data_time_h: s.time_h.clone(),
                data_ug_per_cm2: s.amount_ug_per_cm2.clone(),
                data_error_ug_per_cm2: errors(s),
                fitted_ug_per_cm2: s.time_h.iter().map(at).collect(),
            }
        })
        .collect())
}
