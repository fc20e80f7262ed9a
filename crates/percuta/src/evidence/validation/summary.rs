//! Scores over many observations.

use std::cmp::Ordering;

use serde::Serialize;

use super::row::{Row, Scored};
use super::score::share_interval;
use crate::evidence::{Domain, Role};

/// Scores over the observations of one role and, if it names one, one domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// Calibration or validation.
    pub role: Role,
    /// Domain; none for all of them.
    pub domain: Option<Domain>,
    /// Studies.
    pub studies: usize,
    /// Observations.
    pub observations: usize,
    /// Of these, of skin that was not treated.
    pub untreated: usize,
    /// Observations that their 90 % interval holds.
    pub covered: usize,
    /// That as a share, with its own 90 % interval (observations of one study are not independent: it is too narrow).
    pub coverage: (f64, f64, f64),
    /// Median of |predicted - published| / |published|.
    pub median_relative_error: Option<f64>,
    /// Mean of predicted less published on the scale of the scores, %.
    pub bias: f64,
    /// Mean continuous ranked probability score, %.
    pub crps: f64,
    /// Mean interval score, %.
    pub interval_score: f64,
    /// Share of its CRPS and of its interval score that the model spares against "nothing changes", over the observations that have both.
    pub skill_over_no_change: Option<Skill>,
    /// The same against the mean of the other studies.
    pub skill_over_other_studies: Option<Skill>,
}

/// What the model spares of a naive predictor's score: 1 is perfect, 0 no better, below 0 worse.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Skill {
    /// Of the continuous ranked probability score.
    pub crps: f64,
    /// Of the interval score.
    pub interval_score: f64,
    /// Observations that have both.
    pub observations: usize,
}

/// Order of the arms of one study in one observable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DoseOrder {
    /// Id of the study.
    pub study: String,
    /// Key of the observable.
    pub readout: String,
    /// Day.
    pub day: f64,
    /// Role of the observations; calibration where they differ in it.
    pub role: Role,
    /// Pairs of arms that needles treat differently, or that differ in being treated at all, with different published numbers.
    pub pairs: usize,
    /// Pairs whose predicted medians lie in the published order; equal ones count half.
    pub in_order: f64,
}

/// All scores: for calibration and validation, over everything and by domain.
pub(super) fn scores(rows: &[Row]) -> Vec<Score> {
    let mut scores = Vec::new();
    for role in [Role::Calibration, Role::Validation] {
        for domain in std::iter::once(None).chain(Domain::ALL.map(Some)) {
            let of: Vec<&Row> = rows.iter().filter(|r| r.role == role && domain.is_none_or(|d| d == r.domain)).collect();
            if !of.is_empty() {
                scores.push(score(role, domain, &of));
            }
        }
    }
    scores
}

fn score(role: Role, domain: Option<Domain>, rows: &[&Row]) -> Score {
    let n = rows.len();
    let mean = |f: &dyn Fn(&Row) -> f64| rows.iter().map(|r| f(r)).sum::<f64>() / n as f64;
    let covered = rows.iter().filter(|r| r.covered).count();
    let (low, high) = share_interval(covered, n);
    let mut studies: Vec<&str> = rows.iter().map(|r| r.study.as_str()).collect();
    studies.sort_unstable();
    studies.dedup();
    Score {
        role,
        domain,
        studies: studies.len(),
        observations: n,
        untreated: rows.iter().filter(|r| r.untreated).count(),
        covered,
        coverage: (covered as f64 / n as f64, low, high),
        median_relative_error: median(rows.iter().filter_map(|r| r.relative_error).map(f64::abs).collect()),
        bias: mean(&|r| r.model.error),
        crps: mean(&|r| r.model.crps),
        interval_score: mean(&|r| r.model.interval_score),
        skill_over_no_change: skill(rows.iter().filter_map(|r| Some((r.model, r.no_change?)))),
        skill_over_other_studies: skill(rows.iter().filter_map(|r| Some((r.model, r.other_studies?)))),
    }
}

/// What the first of each pair spares of the score of the second; none without pairs.
#[must_use]
pub fn skill(pairs: impl Iterator<Item = (Scored, Scored)>) -> Option<Skill> {
    let both: Vec<(Scored, Scored)> = pairs.collect();
    let sum = |f: &dyn Fn(&(Scored, Scored)) -> f64| both.iter().map(f).sum::<f64>();
    let of = |model: f64, naive: f64| 1.0 - model / naive;
    (!both.is_empty()).then(|| Skill {
        crps: of(sum(&|b| b.0.crps), sum(&|b| b.1.crps)),
        interval_score: of(sum(&|b| b.0.interval_score), sum(&|b| b.1.interval_score)),
        observations: both.len(),
    })
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    (n > 0).then(|| 0.5 * (values[(n - 1) / 2] + values[n / 2]))
}

/// The order of arms within each study, for everything that was observed on the same day in at least two arms that needles treat
/// differently. Arms that differ in people, places or substances alone tell nothing of needling.
pub(super) fn dose_order(rows: &[Row]) -> Vec<DoseOrder> {
    let mut orders: Vec<DoseOrder> = Vec::new();
    for (i, a) in rows.iter().enumerate().filter(|(_, r)| r.role != Role::Context) {
        for b in &rows[..i] {
            let same = (&b.study, &b.readout, b.scale, &b.substance) == (&a.study, &a.readout, a.scale, &a.substance);
            if !same || (b.day - a.day).abs() > 1e-9 || b.role == Role::Context || b.treatment == a.treatment || a.published == b.published
            {
                continue;
            }
            let role = if a.role == b.role { a.role } else { Role::Calibration };
            let right = match a.predicted.median.total_cmp(&b.predicted.median) {
                Ordering::Equal => 0.5,
                order => f64::from(u8::from((order == Ordering::Greater) == (a.published > b.published))),
            };
            let found = orders.iter_mut().find(|o| (&o.study, &o.readout, o.day, o.role) == (&a.study, &a.readout, a.day, role));
            match found {
                Some(order) => {
                    order.pairs += 1;
                    order.in_order += right;
                }
                None => orders.push(DoseOrder {
                    study: a.study.clone(),
                    readout: a.readout.clone(),
                    day: a.day,
                    role,
                    pairs: 1,
                    in_order: right,
                }),
            }
        }
    }
    orders
}
