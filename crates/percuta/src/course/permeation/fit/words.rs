//! What a fit says in words.

use super::ErrorModel;
use super::identify::Identified;
use super::outcome::{Estimate, FitOutcome};
use super::problem::Problem;
use super::search::Found;
use crate::population::Distribution;

/// Correlation above which two estimates are one.
const ONE: f64 = 0.95;
/// Interval, upper over lower end, that is narrow enough however correlated the estimate is.
const NARROW: f64 = 1.25;
/// Ends of searches whose sums of squares differ by less than this and whose parameters differ by more than [`APART`] (a logarithm)
/// are two solutions.
const AS_GOOD: f64 = 1.0;
const APART: f64 = 0.5;

/// A sentence for each set of parameters that the points do not tell apart.
pub(super) fn not_told_apart(estimates: &[Estimate], identified: &Identified) -> Vec<String> {
    let wide = |k: usize| {
        let e = &estimates[k];
        e.bounded_low || e.bounded_high || e.high / e.low > NARROW
    };
    let mut sentences = Vec::new();
    let mut pairs: Vec<[usize; 2]> = Vec::new();
    for i in 0..estimates.len() {
        for j in i + 1..estimates.len() {
            let correlation = identified.correlations[i][j];
            if correlation.abs() > ONE && (wide(i) || wide(j)) {
                pairs.push([i, j]);
                let (a, b) = (&estimates[i].label, &estimates[j].label);
                // Along the direction that is not seen, the second goes this much further than the first.
                let power = identified.strength[j] / identified.strength[i].max(f64::MIN_POSITIVE);
                let alike = (0.8..1.25).contains(&power);
                let only = match (correlation < 0.0, alike) {
                    (true, true) => "only their product is determined".into(),
                    (false, true) => "only their ratio is determined".into(),
                    (true, false) => format!("only {a} × {b}^{power:.2} is determined"),
                    (false, false) => format!("only {a} / {b}^{power:.2} is determined"),
                };
                sentences.push(format!("{a} and {b} cannot be told apart by these points: {only} (correlation {correlation:.2})"));
            }
        }
    }
    for group in &identified.groups {
        if group.iter().any(|k| wide(*k)) && !pairs.iter().any(|p| p.iter().all(|k| group.contains(k))) {
            let labels: Vec<&str> = group.iter().map(|k| estimates[*k].label.as_str()).collect();
            let (last, first) = (labels[labels.len() - 1], labels[..labels.len() - 1].join(", "));
            sentences.push(format!("{first} and {last} move these curves only together: estimate fewer of them, or add other points"));
        }
    }
    sentences
}

/// Everything else that must be said.
pub(super) fn add(problem: &Problem, best: &Found, ends: &[Found], outcome: &mut FitOutcome) {
    let mut said = Vec::new();
    for (k, e) in outcome.estimates.iter().enumerate() {
        let (low, high) = (number(problem.low[k].exp()), number(problem.high[k].exp()));
        let label = &e.label;
        match (e.bounded_low, e.bounded_high) {
            (true, true) => said.push(format!("These points do not determine {label}: any value from {low} to {high} fits as well.")),
            (true, false) => {
                said.push(format!(
                    "These points set no lower limit to {label}: any value below {} is possible ({low} is the least tried).",
                    number(e.high)
                ));
            }
            (false, true) => {
                said.push(format!(
                    "These points set no upper limit to {label}: any value above {} is possible ({high} is the most tried).",
                    number(e.low)
                ));
            }
            (false, false) => {}
        }
        let at_limit = (best.at[k] - problem.low[k]).abs() < 1e-6 || (best.at[k] - problem.high[k]).abs() < 1e-6;
        if at_limit {
            said.push(format!("The best value of {label} is the limit of what is possible, {}.", number(e.value)));
        }
        let card = &problem.chosen[k].card;
        let outside = e.value < e.card_low || e.value > e.card_high;
        if outside && card.distribution != Distribution::Fixed {
            said.push(format!(
                "The value of {label} lies outside what its card holds for likely, {} to {}: the study or another parameter may be the reason.",
                number(e.card_low),
                number(e.card_high)
            ));
        }
        if problem.prior && card.distribution == Distribution::Fixed {
            said.push(format!("The card of {label} has no distribution, so that it has no prior."));
        }
    }
    let freedom = problem.points.len() - problem.chosen.len();
    if freedom == 0 {
        said.push("There are as many parameters as points: the curve goes through them whatever they are, and the intervals rest on their errors alone.".into());
    } else if freedom < 3 && !problem.prior && problem.errors == ErrorModel::Assumed {
        said.push(format!(
            "Only {freedom} more points than parameters: the size of the errors is hardly known, which makes the intervals wide."
        ));
    }
    if outcome.residual_sd > 2.0 {
        said.push(format!(
            "The points lie {:.1} times as far from the curve as their errors say: no value of these parameters fits them, and the intervals mean little.",
            outcome.residual_sd
        ));
    }
    let other = ends.iter().find(|end| {
        let far = end.at.iter().zip(&best.at).any(|(a, b)| (a - b).abs() > APART);
        far && end.squares < best.squares + AS_GOOD
    });
    if let (Some(other), true) = (other, outcome.not_told_apart.is_empty()) {
        let values: Vec<String> =
            outcome.estimates.iter().zip(&other.at).map(|(e, u)| format!("{} {}", e.label, number(u.exp()))).collect();
        said.push(format!("Another solution fits about as well: {}.", values.join(", ")));
    }
    if problem.at_start > 0 {
        said.push(format!(
            "{} at 0 h says nothing and does not count.",
            if problem.at_start == 1 { "One point".into() } else { format!("Each of {} points", problem.at_start) }
        ));
    }
    outcome.warnings = said;
}

/// Three significant digits.
pub(super) fn number(x: f64) -> String {
    if x == 0.0 || !x.is_finite() {
        return format!("{x}");
    }
    let order = x.abs().log10().floor() as i32;
    if !(-3..6).contains(&order) {
        return format!("{x:.2e}");
    }
    let unit = 10f64.powi(order - 2);
    let digits = (2 - order).max(0) as usize;
    format!("{:.digits$}", (x / unit).round() * unit)
}
