//! A made-up calibration.

use std::path::Path;

use percuta::evidence::calibration::{
    Calibrated, CalibrationOutcome, CalibrationProblem, Fitted, LeftOut, LeftOutScore, LeftOutSkill, SpreadFound, StudyWeight, TEMPLATE,
    Target, load,
};
use percuta::evidence::validation::{ScoreScale, Scored, Skill};
use percuta::evidence::{Domain, Scale};
use percuta::population::calibration::Combination;
use percuta::population::{Interval, JointDraws};

/// The problem it comes from.
pub fn problem() -> CalibrationProblem {
    let mut problem = load(TEMPLATE, "template.toml", Path::new("."), &[]).unwrap();
    problem.description = "Made up <to be read>.".into();
    problem
}

fn target(study: &str, readout: &str, domain: Domain, (scale, unit): (Scale, &str), published: f64) -> Target {
    let score_scale = if scale == Scale::Value { ScoreScale::Logarithm { least: 0.0 } } else { ScoreScale::Linear { whole: 100.0 } };
    let value = score_scale.score(published);
    Target {
        study: study.into(),
        short: study.split('-').map(str::to_uppercase).collect::<Vec<_>>().join(" "),
        observation: 0,
        readout: readout.into(),
        domain,
        group: None,
        day: 90.0,
        handled: true,
        scale,
        unit: unit.into(),
        untreated: false,
        published,
        baseline: None,
        n: Some(20),
        score_scale,
        substance: None,
        standard_error: if scale == Scale::Value { 0.05 * published } else { 5.0 },
        value,
        sampling: 5.0,
        no_change: Some(Scored { error: -value, crps: 8.0, interval_score: 60.0 }),
    }
}

fn around(x: f64, half: f64) -> Interval {
    Interval { median: x, low: x - half, high: x + half }
}

/// A parameter of which so much of the standard deviation is left.
fn parameter(name: &str, unit: &str, shift: f64, left: f64) -> Calibrated {
    let value = |z: f64| 2.0 * (0.3 * z).exp();
    let log = |z: f64| -0.5 * ((z - shift) / left).powi(2);
    Calibrated {
        name: name.into(),
        unit: unit.into(),
        card: 2.0,
        prior: Interval { median: 2.0, low: value(-1.645), high: value(1.645) },
        posterior: Interval { median: value(shift), low: value(shift - 1.645 * left), high: value(shift + 1.645 * left) },
        left,
        told: left < 0.8,
        profile: (0..25).map(|i| -3.0 + 0.25 * f64::from(i)).map(|z| (value(z), log(z))).collect(),
    }
}

fn skill(crps: f64, interval: Option<(f64, f64)>) -> Option<LeftOutSkill> {
    Some(LeftOutSkill { skill: Skill { crps, interval_score: 0.1, observations: 3 }, studies: 3, crps_interval: interval })
}

/// A calibration with a told and an untold parameter that trade off, a study of little weight, a miss, and a domain without skill.
pub fn outcome() -> CalibrationOutcome {
    let targets = vec![
        target("alpha-2001-pen", "tewl", Domain::Safety, (Scale::PercentChange, "%"), 40.0),
        target("beta-2002-roller", "kp", Domain::Absorption, (Scale::Value, "cm/h"), 3.2e-4),
        Target { group: Some("0.5 <mm>".into()), ..target("gamma-2003-stamp", "tewl", Domain::Safety, (Scale::PercentChange, "%"), -5.0) },
    ];
    let fitted = targets.iter().map(|t| Fitted { before: around(t.value + 20.0, 40.0), after: around(t.value + 6.0, 25.0), covered: true });
    let mut left_out: Vec<LeftOut> = targets
        .iter()
        .map(|t| LeftOut {
            study: t.study.clone(),
            short: t.short.clone(),
            readout: t.readout.clone(),
            domain: t.domain,
            group: t.group.clone(),
            day: t.day,
            published: t.value,
            predicted: around(t.value + 10.0, 30.0),
            covered: true,
            scored: Scored { error: 10.0, crps: 6.0, interval_score: 60.0 },
            no_change: t.no_change,
            other_studies: None,
        })
        .collect();
    (left_out[2].predicted, left_out[2].covered) = (around(60.0, 30.0), false);
    let score = |domain, studies: usize, covered: usize, over| LeftOutScore {
        domain,
        studies,
        observations: studies,
        covered,
        coverage: (covered as f64 / studies as f64, 0.3, 0.9),
        crps: 6.0,
        interval_score: 60.0,
        skill_over_no_change: over,
        skill_over_other_studies: None,
    };
    let draws = (0..60).map(|i| f64::from(i) / 59.0).map(|u| vec![2.0 + 0.3 * u, 1.5 + 1.2 * u]).collect();
    CalibrationOutcome {
        name: "made-up".into(),
        seed: 3,
        design: 200,
        parameters: vec![parameter("barrier.made_up", "h", 0.2, 0.3), parameter("scars.made_up", "1", 0.0, 1.0)],
        spreads: vec![
            SpreadFound {
                domain: Domain::Absorption,
                expected: 0.7,
                found: Interval { median: 0.8, low: 0.3, high: 1.9 },
                targets: 1,
                studies: 1,
            },
            SpreadFound {
                domain: Domain::Safety,
                expected: 0.3,
                found: Interval { median: 0.2, low: 0.1, high: 0.5 },
                targets: 2,
                studies: 2,
            },
        ],
        studies: targets
            .iter()
            .map(|t| StudyWeight { study: t.study.clone(), weight: if t.study.starts_with("gamma") { 0.31 } else { 1.0 } })
            .collect(),
        fitted: fitted.collect(),
        explained: vec![0.6, 0.1, 0.02],
        correlations: vec![vec![1.0, -0.62], vec![-0.62, 1.0]],
        combinations: vec![
            Combination { left: 0.2, direction: vec![-0.9, -0.44] },
            Combination { left: 0.97, direction: vec![-0.44, 0.9] },
        ],
        left_out,
        left_out_scores: vec![
            score(None, 3, 2, skill(0.25, Some((-0.1, 0.4)))),
            score(Some(Domain::Absorption), 1, 1, skill(0.5, Some((0.2, 0.7)))),
            score(Some(Domain::Safety), 2, 1, skill(-0.2, None)),
        ],
        accepted: 0.33,
        disagreement: 1.02,
        posterior: JointDraws {
            problem: "made-up".into(),
            percuta: "0.1.0".into(),
            studies: targets.iter().map(|t| t.study.clone()).collect(),
            names: vec!["barrier.made_up".into(), "scars.made_up".into()],
            units: vec!["h".into(), "1".into()],
            draws,
        },
        targets,
    }
}
