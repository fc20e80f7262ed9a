//! Names, numbers and judgements of a calibration as a reader wants them.

use percuta::evidence::Scale;
use percuta::evidence::calibration::{Calibrated, CalibrationOutcome, LeftOutScore, LeftOutSkill, Target, Verdict};
use percuta::evidence::observable::{of_a_course, of_permeation};
use percuta::evidence::validation::ScoreScale;
use percuta::population::Interval;
use percuta::population::calibration::Combination;

use crate::format;

/// Half of the 95 % quantile of chi-squared with one degree of freedom: what a profile may lose before a value is left out.
pub const THRESHOLD: f64 = 1.92;
/// Correlation from which two parameters are said to trade off.
pub const TRADE_OFF: f64 = 0.3;
/// Share of a direction from which a parameter is named in it.
const NAMED: f64 = 0.3;

/// Name of an observable.
pub fn observable(key: &str) -> &str {
    of_a_course().chain(of_permeation()).find(|o| o.key == key).map_or(key, |o| o.name)
}

/// Study, observable, arm and day in one line.
pub fn label(short: &str, readout: &str, group: Option<&str>, day: f64) -> String {
    let group = group.map(|g| format!(", {g}")).unwrap_or_default();
    let day = if day > 0.0 { format!(", day {}", format::day(day)) } else { String::new() };
    format!("{short} · {}{group}{day}", observable(readout))
}

/// Whether a target stands as a logarithm on the scale of the scores.
pub fn logarithmic(target: &Target) -> bool {
    matches!(target.score_scale, ScoreScale::Logarithm { .. })
}

/// A number on the scale of the scores as a reader sees it: a change in per cent of the baseline, or the value itself.
pub fn shown(target: &Target, scored: f64) -> f64 {
    if target.scale == Scale::Value { target.score_scale.number(scored) } else { scored }
}

/// Median and interval as a reader sees them.
pub fn shown_interval(target: &Target, i: &Interval) -> String {
    let of = |x: f64| signed(target, shown(target, x));
    format!("{} ({} to {})", of(i.median), of(i.low), of(i.high))
}

/// A number that [`shown`] gave: with its sign where it is a change.
pub fn signed(target: &Target, x: f64) -> String {
    let x = if x.abs() < 1e-12 { 0.0 } else { x };
    let sign = if target.scale != Scale::Value && x > 0.0 { "+" } else { "" };
    format!("{sign}{}", format::own_digits(x))
}

/// Unit of what [`shown`] gives; nothing for a plain number.
pub fn unit(target: &Target) -> &str {
    match target.scale {
        Scale::Value if target.unit == "1" => "",
        Scale::Value => &target.unit,
        _ => "% of the baseline",
    }
}

/// Unit of a parameter after a number.
pub fn with_unit(text: String, unit: &str) -> String {
    if unit == "1" { text } else { format!("{text} {unit}") }
}

/// What the data bound by themselves, the prior of this parameter aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounds {
    /// On both sides.
    Both,
    /// From below alone.
    Below,
    /// From above alone.
    Above,
    /// Not at all.
    None,
}

impl Bounds {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Both => "on both sides",
            Self::Below => "from below only",
            Self::Above => "from above only",
            Self::None => "not at all",
        }
    }
}

/// Normal scores at which a profile is known: evenly from -3 to 3.
pub fn scores(p: &Calibrated) -> Vec<f64> {
    let last = p.profile.len().saturating_sub(1).max(1) as f64;
    (0..p.profile.len()).map(|i| -3.0 + 6.0 * i as f64 / last).collect()
}

/// The profile without the prior of this parameter: what the data say of it, less that at the best.
pub fn of_the_data(p: &Calibrated) -> Vec<f64> {
    let bare: Vec<f64> = p.profile.iter().zip(scores(p)).map(|(point, z)| point.1 + 0.5 * z * z).collect();
    let highest = bare.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    bare.iter().map(|l| l - highest).collect()
}

/// Where the profile of the data alone falls below the threshold.
pub fn bounds(p: &Calibrated) -> Bounds {
    let data = of_the_data(p);
    let best = (0..data.len()).max_by(|a, b| data[*a].total_cmp(&data[*b])).unwrap_or(0);
    let falls = |part: &[f64]| part.iter().any(|l| *l < -THRESHOLD);
    match (falls(&data[..best]), falls(&data[best..])) {
        (true, true) => Bounds::Both,
        (true, false) => Bounds::Below,
        (false, true) => Bounds::Above,
        (false, false) => Bounds::None,
    }
}

/// Pairs of parameters that trade off, the strongest first.
pub fn trade_offs(outcome: &CalibrationOutcome) -> Vec<(usize, usize, f64)> {
    let mut pairs: Vec<(usize, usize, f64)> = (0..outcome.correlations.len())
        .flat_map(|i| (0..i).map(move |j| (j, i)))
        .map(|(j, i)| (j, i, outcome.correlations[i][j]))
        .filter(|p| p.2.abs() >= TRADE_OFF)
        .collect();
    pairs.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    pairs
}

/// A direction in words: its parameters with their shares, the largest first and positive.
pub fn direction(outcome: &CalibrationOutcome, combination: &Combination) -> String {
    let mut parts: Vec<(usize, f64)> = combination.direction.iter().copied().enumerate().collect();
    parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let turn = parts.first().map_or(1.0, |p| p.1.signum());
    let mut text = String::new();
    for (n, (k, share)) in parts.iter().enumerate().filter(|(n, p)| *n == 0 || p.1.abs() >= NAMED) {
        let sign = match (n, turn * share < 0.0) {
            (0, _) => "",
            (_, true) => " − ",
            (_, false) => " + ",
        };
        text.push_str(&format!("{sign}{} {}", format::fixed(share.abs(), 2), outcome.parameters[*k].name));
    }
    text
}

/// A skill with its interval, number of observations and verdict.
pub fn skill(skill: Option<&LeftOutSkill>) -> String {
    let Some(s) = skill else { return "nothing to compare".into() };
    let signed = |x: f64| crate::validation::words::with_sign(x, 2);
    let interval = s.crps_interval.map_or_else(String::new, |(low, high)| format!(" ({} to {})", signed(low), signed(high)));
    format!("{}{interval}, {}: {}", signed(s.skill.crps), observations_of(s.skill.observations, s.studies), s.verdict().words())
}

/// `7 of 4 studies`.
fn observations_of(observations: usize, studies: usize) -> String {
    format!("n {observations} of {} {}", studies, if studies == 1 { "study" } else { "studies" })
}

/// Domains (or all) in which a skill has a verdict.
pub fn with_verdict(outcome: &CalibrationOutcome, of: fn(&LeftOutScore) -> Option<&LeftOutSkill>, verdict: Verdict) -> Vec<&'static str> {
    outcome
        .left_out_scores
        .iter()
        .filter(|s| of(s).is_some_and(|k| k.verdict() == verdict))
        .map(|s| s.domain.map_or("all together", |d| d.name()))
        .collect()
}

/// A number with its noun.
pub fn plural(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}
