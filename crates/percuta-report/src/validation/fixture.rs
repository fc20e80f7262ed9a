//! A made-up validation.

use percuta::evidence::validation::{DoseOrder, Failed, Row, Score, Scored, Skill, Validated, Validation};
use percuta::evidence::{Domain, Reliability, Role, Scale, StudyKind};
use percuta::population::Interval;

fn scored(error: f64) -> Scored {
    Scored { error, crps: 0.6 * error.abs() + 4.0, interval_score: 80.0 + error.abs() }
}

/// A change in per cent of a study's read-out.
pub fn row(study: &str, readout: &str, published: f64) -> Row {
    let predicted = Interval { median: published + 5.0, low: published - 25.0, high: published + 40.0 };
    Row {
        study: study.into(),
        short: study.split('-').map(str::to_uppercase).collect::<Vec<_>>().join(" "),
        quantity: format!("{readout} as {study} found it"),
        readout: readout.into(),
        name: format!("Name of {readout}"),
        domain: Domain::Lines,
        group: None,
        substance: None,
        treatment: Some("pen".into()),
        untreated: false,
        scale: Scale::PercentChange,
        unit: "%".into(),
        day: 90.0,
        published,
        published_interval: None,
        n: Some(20),
        role: Role::Validation,
        predicted,
        tissue: None,
        covered: true,
        standardised_error: -0.25,
        relative_error: (published != 0.0).then(|| 5.0 / published.abs()),
        model: scored(5.0),
        no_change: Some(scored(-published)),
        other_studies: None,
        scored: published,
        published_scored: None,
        predicted_scored: predicted,
        note: None,
    }
}

/// The same with a published interval.
pub fn row_with_interval(study: &str, readout: &str, published: f64, interval: (f64, f64)) -> Row {
    Row { published_interval: Some(interval), published_scored: Some(interval), ..row(study, readout, published) }
}

/// A value in its own unit.
fn value(study: &str, readout: &str, domain: Domain, published: f64, (low, median, high): (f64, f64, f64)) -> Row {
    let log = |x: f64| if published > 0.0 && low > 0.0 { 100.0 * x.ln() } else { 100.0 * x };
    Row {
        domain,
        scale: Scale::Value,
        unit: "cm/h".into(),
        covered: low <= published && published <= high,
        predicted: Interval { median, low, high },
        scored: log(published),
        predicted_scored: Interval { median: log(median), low: log(low), high: log(high) },
        relative_error: (published != 0.0).then(|| (median - published) / published),
        role: Role::Calibration,
        ..row(study, readout, published)
    }
}

fn study(id: &str, short: &str) -> Validated {
    Validated {
        id: id.into(),
        short: short.into(),
        citation: format!("{short}. A study that was made up. J Fict 2001;1:1-2"),
        identifier: Some("10.1000/fict".into()),
        kind: StudyKind::Clinical,
        reliability: vec![Reliability::Controlled, Reliability::SplitFace],
        assumed: vec!["person.sex".into(), "treatment.passes".into()],
        note: Some("Read in full.".into()),
        unpredicted: Vec::new(),
    }
}

fn score(role: Role, domain: Option<Domain>, covered: usize, observations: usize) -> Score {
    let share = covered as f64 / observations as f64;
    Score {
        role,
        domain,
        studies: 2,
        observations,
        untreated: 0,
        covered,
        coverage: (share, (share - 0.2).max(0.0), (share + 0.2).min(1.0)),
        median_relative_error: Some(0.31),
        bias: 5.2,
        crps: 7.1,
        interval_score: 84.0,
        skill_over_no_change: Some(Skill { crps: 0.42, interval_score: 0.1, observations: 3 }),
        skill_over_other_studies: None,
    }
}

/// A validation with a published zero, infinite errors, a failed study, negative skill and studies that disagree.
pub fn validation() -> Validation {
    let mut graded = row_with_interval("alpha-2001-pen", "lemperle_grade", -30.0, (-40.0, -20.0));
    graded.tissue = Some(Interval { median: -8.0, low: -15.0, high: 1.0 });
    graded.group = Some("1.5 mm".into());
    let mut other = row("alpha-2001-pen", "lemperle_grade", -12.0);
    (other.group, other.note) = (Some("0.5 mm".into()), Some("Read off a figure.".into()));
    let contrary = row_with_interval("beta-2002-roller", "lemperle_grade", 9.0, (1.0, 17.0));
    let mut zero = value("beta-2002-roller", "pih_probability", Domain::Safety, 0.0, (0.0, 0.0, 12.0));
    (zero.no_change, zero.standardised_error) = (None, 0.0);
    let mut missed = value("beta-2002-roller", "erythema_duration", Domain::Safety, 21.0, (0.2, 0.7, 2.9));
    (missed.standardised_error, missed.unit, missed.role) = (f64::INFINITY, "d".into(), Role::Context);
    let mut small = value("gamma-2003-cells", "kp", Domain::Absorption, 3.2e-5, (2e-6, 1.9e-4, 0.0114));
    small.published_interval = Some((-1e-6, 6.5e-5));
    small.published_scored = Some((f64::NEG_INFINITY, 100.0 * 6.5e-5f64.ln()));
    let scars =
        Row { domain: Domain::Scars, scale: Scale::Difference, unit: "grade".into(), ..row("gamma-2003-cells", "ecca_score", -1.2) };
    let mut studies =
        vec![study("alpha-2001-pen", "Alpha 2001"), study("beta-2002-roller", "Beta 2002"), study("gamma-2003-cells", "Gamma 2003")];
    studies[1].unpredicted = vec!["scar depth without a scar".into()];
    (studies[2].kind, studies[2].identifier, studies[2].note) = (StudyKind::ExVivo, None, None);
    (studies[2].assumed, studies[2].reliability) = (Vec::new(), Vec::new());
    let mut worse = score(Role::Validation, Some(Domain::Lines), 2, 3);
    worse.skill_over_no_change = Some(Skill { crps: -0.31, interval_score: 0.05, observations: 3 });
    worse.skill_over_other_studies = Some(Skill { crps: -1.07, interval_score: -0.2, observations: 2 });
    let mut nothing = score(Role::Calibration, Some(Domain::Safety), 1, 1);
    (nothing.median_relative_error, nothing.skill_over_no_change) = (None, None);
    Validation {
        seed: 7,
        members: 64,
        studies,
        rows: vec![graded, other, contrary, zero, missed, small, scars],
        scores: vec![
            score(Role::Calibration, None, 2, 2),
            nothing,
            score(Role::Calibration, Some(Domain::Absorption), 1, 1),
            score(Role::Validation, None, 3, 4),
            worse,
            score(Role::Validation, Some(Domain::Scars), 1, 1),
        ],
        dose_order: vec![DoseOrder {
            study: "alpha-2001-pen".into(),
            readout: "lemperle_grade".into(),
            day: 90.0,
            role: Role::Validation,
            pairs: 1,
            in_order: 1.0,
        }],
        failed: vec![Failed { study: "delta-2004".into(), reason: "the step of the solver fell below its least <size>".into() }],
    }
}

/// A validation of nothing.
pub fn empty() -> Validation {
    Validation {
        seed: 1,
        members: 16,
        studies: Vec::new(),
        rows: Vec::new(),
        scores: Vec::new(),
        dose_order: Vec::new(),
        failed: Vec::new(),
    }
}
