//! Tables of the scores.

use percuta::evidence::Role;
use percuta::evidence::validation::{Score, Skill, Validation};

use super::plural;
use crate::format;
use crate::html::markup::{escape, paragraph, table};
use crate::validation::words;

/// The two naive predictors, and what a score has against each.
type Naive = (&'static str, fn(&Score) -> Option<&Skill>);
const NAIVE: [Naive; 2] =
    [("“no change”", |s| s.skill_over_no_change.as_ref()), ("the mean of other studies", |s| s.skill_over_other_studies.as_ref())];

/// All scores of one role.
pub fn of(validation: &Validation, role: Role) -> String {
    let scores: Vec<&Score> = validation.scores.iter().filter(|s| s.role == role).collect();
    if scores.is_empty() {
        return paragraph(match role {
            Role::Validation => "No validation observation was predicted: nothing here tests the model.",
            _ => "No calibration observation was predicted.",
        });
    }
    let mut out = String::new();
    if role == Role::Calibration {
        out.push_str(&paragraph("These observations set parameters of the model. Agreement with them is no evidence for it."));
    }
    let head = [
        "Domain",
        "Studies",
        "Observations",
        "Of untreated skin",
        "Covered",
        "Coverage (90 % interval)",
        "Median relative error",
        "Bias, %",
        "CRPS, %",
        "Interval score, %",
    ]
    .map(str::to_owned);
    let rows: Vec<Vec<String>> = scores.iter().map(|s| line(s)).collect();
    let what = format!("{} observations against their predictions.", words::role(role));
    out.push_str(&table(&what, &head, &rows));
    out.push_str(&wide(scores[0]));
    let head = ["Domain", "Skill over “no change”", "Skill over the mean of other studies"].map(str::to_owned);
    let rows: Vec<Vec<String>> = scores
        .iter()
        .map(|s| {
            let mut row = vec![domain(s).to_owned()];
            row.extend(NAIVE.iter().map(|(_, of)| words::skill(of(s))));
            row
        })
        .collect();
    out.push_str(&table("Skill by CRPS / by interval score, and the number of observations compared.", &head, &rows));
    for (name, of) in NAIVE {
        out.push_str(&verdict(&scores, name, of));
    }
    out
}

/// In words where intervals hold more than they should.
fn wide(all: &Score) -> String {
    if all.coverage.0 <= 0.97 {
        return String::new();
    }
    // At least so many of independent observations by chance.
    let chance: f64 = (all.covered..=all.observations).map(|k| binomial(all.observations, k, 0.9)).sum();
    format!(
        "<p class=\"outcome\">{} of {} intervals hold the published number where nine of ten should: they are wider than they need be, or lucky (true intervals of 90 % would do so in {} of 100 such tables).</p>\n",
        all.covered,
        all.observations,
        format::fixed(100.0 * chance, 0)
    )
}

/// Probability of `k` of `n`.
fn binomial(n: usize, k: usize, p: f64) -> f64 {
    (1..=k).map(|i| (n - k + i) as f64 / i as f64).product::<f64>() * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)
}

fn domain(score: &Score) -> &'static str {
    score.domain.map_or("All", |d| d.name())
}

fn line(s: &Score) -> Vec<String> {
    let percent = |share: f64| format::fixed(100.0 * share, 0);
    let (share, low, high) = s.coverage;
    vec![
        domain(s).to_owned(),
        s.studies.to_string(),
        s.observations.to_string(),
        s.untreated.to_string(),
        s.covered.to_string(),
        format!("{} % <span class=\"together\">({} to {} %)</span>", percent(share), percent(low), percent(high)),
        s.median_relative_error.map_or("none".into(), |e| format!("{} %", large(100.0 * e))),
        words::with_sign(s.bias, 0),
        large(s.crps),
        large(s.interval_score),
    ]
}

/// Whole numbers are enough for a score, but for a very small one.
fn large(x: f64) -> String {
    if x.abs() < 10.0 { format::fixed(x, 1) } else { format::fixed(x, 0) }
}

/// In words where the model is worse than a naive predictor and where there is nothing to compare it with.
fn verdict(scores: &[&Score], name: &str, of: fn(&Score) -> Option<&Skill>) -> String {
    let worse: Vec<String> = scores
        .iter()
        .filter_map(|s| of(s).filter(|skill| words::worse(skill)).map(|skill| (s, skill)))
        .map(|(s, k)| {
            let by = match (k.crps < 0.0, k.interval_score < 0.0) {
                (true, true) => "by both scores",
                (true, false) => "by CRPS",
                _ => "by interval score",
            };
            format!("{} ({by}, {})", domain(s), plural(k.observations, "observation", "observations"))
        })
        .collect();
    let none: Vec<&str> = scores.iter().filter(|s| of(s).is_none()).map(|s| domain(s)).collect();
    let mut out = String::new();
    if !worse.is_empty() {
        out.push_str(&format!("<p class=\"outcome\">The model is worse than {name} in: {}.</p>\n", escape(&worse.join("; "))));
    } else if none.len() < scores.len() {
        out.push_str(&paragraph(&format!("Nowhere in this table is the model worse than {name}.")));
    }
    if !none.is_empty() {
        out.push_str(&paragraph(&format!("Nothing to compare with {name} in: {}.", none.join("; "))));
    }
    out
}

/// Whether more is predicted where more was found.
pub fn dose_order(validation: &Validation) -> String {
    let orders = &validation.dose_order;
    if orders.is_empty() {
        return paragraph("No study has two arms that needles treat differently and that were read by the same means on the same day.");
    }
    let (pairs, right) = orders.iter().fold((0, 0.0), |(p, r), o| (p + o.pairs, r + o.in_order));
    let head = ["Study", "Role", "Read-out", "Day", "Pairs of arms", "In the published order"].map(str::to_owned);
    let rows: Vec<Vec<String>> = orders
        .iter()
        .map(|o| {
            let row = validation.rows.iter().find(|r| r.study == o.study && r.readout == o.readout);
            let short = row.map_or(o.study.as_str(), |r| r.short.as_str());
            vec![
                format!("<a href=\"#study-{}\">{}</a>", escape(&o.study), escape(short)),
                words::role(o.role).to_owned(),
                escape(row.map_or(o.readout.as_str(), |r| r.name.as_str())),
                format::day(o.day),
                o.pairs.to_string(),
                format::plain(o.in_order),
            ]
        })
        .collect();
    let mut out = paragraph(&format!(
        "{right} of {pairs} pairs of arms lie in the published order: the arm in which more was found is the arm in which more is predicted. By chance half of them would, and equal predictions count half. Arms are counted that needles treat differently, or that are treated and not; not those that differ in people, places, substances or times. Differences that a study may owe to chance are among them.",
        right = format::plain(right)
    ));
    out.push_str(&table("Pairs of arms of one study with different published numbers, read on the same day.", &head, &rows));
    out
}
