//! The points beside what the model says of them.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::member::MemberSkin;
use super::super::run::CENTRAL;
use super::super::{DataSeries, PermeationStudy};
use super::errors_of_points::errors;
use super::names::Chosen;
use super::{ErrorModel, FitError};
use crate::population::{Distribution, Draw, Purpose, stream};

/// How far from its card's value a parameter may go.
const WIDEST: f64 = 1e4;
/// Smallest relative change of a curve that is one.
const CHANGE: f64 = 1e-6;

/// A measured point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// Which arm.
    pub needled: bool,
    /// Index of its time among those of the arm.
    pub time: usize,
    /// Amount, µg/cm².
    pub amount: f64,
    /// Its error, µg/cm².
    pub error: f64,
}

/// What is to be fitted to what. Parameters are handled as natural logarithms.
pub(super) struct Problem<'a> {
    pub study: &'a PermeationStudy,
    pub chosen: &'a [Chosen],
    pub prior: bool,
    pub seed: u64,
    pub points: Vec<Point>,
    pub errors: ErrorModel,
    /// Points at 0 h, which say nothing.
    pub at_start: usize,
    /// Times of intact and of needled points, h.
    pub times_h: [Vec<f64>; 2],
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    pub start: Vec<f64>,
    pub evaluations: AtomicUsize,
    centre: Draw,
}

impl<'a> Problem<'a> {
    pub fn new(study: &'a PermeationStudy, data: &[DataSeries], chosen: &'a [Chosen], prior: bool, seed: u64) -> Result<Self, FitError> {
        for series in data {
            check(study, series)?;
        }
        let used: Vec<&DataSeries> = data.iter().filter(|s| s.time_h.iter().any(|t| *t > 0.0)).collect();
        if used.is_empty() {
            return Err(FitError::NoData);
        }
        let times_of = |needled: bool| {
            let mut times: Vec<f64> =
                used.iter().filter(|s| s.needled == needled).flat_map(|s| &s.time_h).copied().filter(|t| *t > 0.0).collect();
            times.sort_by(f64::total_cmp);
            times.dedup();
            times
        };
        let times_h = [times_of(false), times_of(true)];
        let mut points = Vec::new();
        let mut at_start = 0;
        for series in &used {
            for ((time, amount), error) in series.time_h.iter().zip(&series.amount_ug_per_cm2).zip(errors(series)) {
                if *time > 0.0 {
                    let time = times_h[usize::from(series.needled)].partition_point(|t| t < time);
                    points.push(Point { needled: series.needled, time, amount: *amount, error });
                } else {
                    at_start += 1;
                }
            }
        }
        if points.len() < chosen.len() {
            return Err(FitError::TooFewPoints { parameters: chosen.len(), points: points.len() });
        }
        let (mut low, mut high, mut start) = (Vec::new(), Vec::new(), Vec::new());
        for c in chosen {
            let [l, h] = limits(c, prior);
            low.push(l.ln());
            high.push(h.ln());
            start.push(c.card.value.ln());
        }
        Ok(Self {
            study,
            chosen,
            prior,
            seed,
            points,
            errors: ErrorModel::of(&used),
            at_start,
            times_h,
            low,
            high,
            start,
            evaluations: AtomicUsize::new(0),
            centre: Draw::central(&study.parameters),
        })
    }

    /// Cumulative amounts of intact and of needled skin at `times_h`, µg/cm²; of an arm without times none.
    pub fn amounts(&self, at: &[f64], times_h: &[Vec<f64>; 2]) -> Result<[Vec<f64>; 2], FitError> {
        self.evaluations.fetch_add(1, Ordering::Relaxed);
        let failed = |reason: String| FitError::Model { reason };
        let mut draw = self.centre.clone();
        for (c, u) in self.chosen.iter().zip(at) {
            draw = draw.with(&c.name, u.exp()).map_err(|e| failed(e.to_string()))?;
        }
        // The same punctures each time, so that the sum of squares is smooth.
        let rng = &mut stream(self.seed, CENTRAL, 0, Purpose::Punctures);
        let skin = MemberSkin::new(self.study, &draw, rng).map_err(|e| failed(e.to_string()))?;
        let uptake = skin.uptake(&draw).map_err(|e| failed(e.to_string()))?;
        let mut found = [Vec::new(), Vec::new()];
        for (needled, times_h) in [false, true].into_iter().zip(times_h) {
            if times_h.is_empty() {
                continue;
            }
            let (vehicle, dosing) = (&self.study.vehicle, &self.study.dosing);
            let curve = if needled { uptake.absorb(vehicle, dosing, times_h) } else { uptake.absorb_intact(vehicle, dosing, times_h) };
            found[usize::from(needled)] = curve.map_err(|e| failed(e.to_string()))?.amounts.iter().map(|a| a.absorbed).collect();
        }
        match found.iter().flatten().find(|a| !a.is_finite()) {
            Some(amount) => Err(failed(format!("an amount of {amount}"))),
            None => Ok(found),
        }
    }

    /// Amounts by the model at each point.
    pub fn predicted(&self, at: &[f64]) -> Result<Vec<f64>, FitError> {
        let amounts = self.amounts(at, &self.times_h)?;
        Ok(self.points.iter().map(|p| amounts[usize::from(p.needled)][p.time]).collect())
    }

    /// Model minus point in errors of the points; then, with a prior, parameter minus its card in standard deviations.
    pub fn residuals(&self, at: &[f64]) -> Result<Vec<f64>, FitError> {
        let predicted = self.predicted(at)?;
        let mut residuals: Vec<f64> = predicted.iter().zip(&self.points).map(|(m, p)| (m - p.amount) / p.error).collect();
        if self.prior {
            residuals.extend(self.chosen.iter().zip(at).filter_map(|(c, u)| from_card(c, *u)));
        }
        Ok(residuals)
    }

    /// Refuses parameters that change nothing at the points.
    pub fn check_effects(&self) -> Result<(), FitError> {
        let centre = self.predicted(&self.start)?;
        for (k, c) in self.chosen.iter().enumerate() {
            let differs = |way: f64| -> Result<bool, FitError> {
                let mut at = self.start.clone();
                at[k] = (at[k] + way).clamp(self.low[k], self.high[k]);
                Ok(self.predicted(&at)?.iter().zip(&centre).any(|(a, b)| (a - b).abs() > CHANGE * b.abs().max(f64::MIN_POSITIVE)))
            };
            if !differs(std::f64::consts::LN_2)? && !differs(-std::f64::consts::LN_2)? {
                return Err(FitError::NoEffect { name: c.name.clone(), because: self.because_without_effect(&c.name) });
            }
        }
        Ok(())
    }

    fn because_without_effect(&self, name: &str) -> String {
        let of_needling = ["channels.", "injury.", "device.", "motion."].iter().any(|p| name.starts_with(p));
        if of_needling && self.times_h[1].is_empty() {
            ": all of them are of intact skin; expected points of needled skin (`needled` in the column `arm`)".into()
        } else {
            String::new()
        }
    }
}

/// Refuses points that cannot be or have no curve.
fn check(study: &PermeationStudy, series: &DataSeries) -> Result<(), FitError> {
    let group = &series.group;
    let wrong = |reason: String| Err(FitError::Points { group: group.clone(), reason });
    let (times, amounts) = (&series.time_h, &series.amount_ug_per_cm2);
    if times.len() != amounts.len() || series.sd_ug_per_cm2.as_ref().is_some_and(|sd| sd.len() != times.len()) {
        return wrong("times, amounts and standard deviations are not equally many".into());
    }
    if series.needled && study.treatment.is_none() {
        return Err(FitError::NoTreatment { group: group.clone() });
    }
    if let Some(t) = times.iter().find(|t| !t.is_finite() || **t < 0.0) {
        return wrong(format!("a point is at {t} h; expected hours from the first application on"));
    }
    // Hours that went through another unit.
    if let Some(t) = times.iter().find(|t| **t > study.duration_h * (1.0 + 1e-9)) {
        return Err(FitError::Beyond { group: group.clone(), time_h: *t, duration_h: study.duration_h });
    }
    if let Some(y) = amounts.iter().find(|y| !y.is_finite()) {
        return wrong(format!("an amount is {y}; expected µg/cm²"));
    }
    let after = |i: &usize| times[*i] > 0.0;
    if let Some(i) =
        (0..times.len()).filter(after).find(|i| series.sd_ug_per_cm2.as_ref().is_some_and(|sd| !(sd[*i] > 0.0 && sd[*i].is_finite())))
    {
        return wrong(format!(
            "the standard deviation at {} h is not above 0; expected one, or no such column (errors are then assumed)",
            times[i]
        ));
    }
    if series.sd_ug_per_cm2.is_none() && !times.is_empty() && amounts.iter().all(|y| *y <= 0.0) {
        return wrong("no amount is above 0; expected one, or standard deviations that say how small they are".into());
    }
    Ok(())
}

/// Between what a parameter is sought.
fn limits(chosen: &Chosen, prior: bool) -> [f64; 2] {
    let value = chosen.card.value;
    let (low, high) = match chosen.card.distribution {
        Distribution::Normal { low, high, .. } | Distribution::Lognormal { low, high, .. } => (low, high),
        Distribution::Uniform { low, high } | Distribution::Triangular { low, high } => (Some(low), Some(high)),
        // Its ends are a judgement of likely orders of magnitude; without prior they do not count.
        Distribution::Loguniform { low, high } if prior => (Some(low), Some(high)),
        Distribution::Loguniform { .. } | Distribution::Fixed => (None, None),
    };
    [value / WIDEST, value * WIDEST].map(|w| w.clamp(low.unwrap_or(0.0).max(value / WIDEST), high.unwrap_or(f64::INFINITY)))
}

/// Distance of a parameter from its card, in standard deviations; none where the card has no density that changes.
fn from_card(chosen: &Chosen, u: f64) -> Option<f64> {
    let value = chosen.card.value;
    match chosen.card.distribution {
        Distribution::Normal { sd, .. } => Some((u.exp() - value) / sd),
        Distribution::Lognormal { gsd, .. } => Some((u - value.ln()) / gsd.ln()),
        Distribution::Triangular { low, high } => Some((u.exp() - value) / ((high - low) / 24f64.sqrt())),
        Distribution::Uniform { .. } | Distribution::Loguniform { .. } | Distribution::Fixed => None,
    }
}
