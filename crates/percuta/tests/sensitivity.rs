//! What drives a course: Sobol indices of whole courses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use percuta::course::sensitivity::{FactorKind, SensitivityError, SensitivityOutcome, SensitivitySettings, sensitivity};
use percuta::course::{Course, RunError, RunOptions, file, run};

const COURSE: &str = r#"
name = "test"
[person]
age = 54
tone = { fitzpatrick = "III" }
[treatment]
site = "zygoma"
device = "skinpen"
depth = "1.5 mm"
sessions = 1
[follow_up]
visits = ["0 d", "3 d", "180 d"]
"#;

fn course(settings: &[&str]) -> Course {
    let settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
    match file::load(COURSE, "test.toml", Path::new("."), &settings) {
        Ok(loaded) => loaded.course,
        Err(errors) => panic!("{}", errors[0].message),
    }
}

fn asked(readouts: &[&str], parameters: &[&str], strongest: usize, samples: u32) -> SensitivitySettings {
    let owned = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect();
    SensitivitySettings { readouts: owned(readouts), parameters: owned(parameters), strongest, samples, seed: 1, threads: Some(2) }
}

fn found(course: &Course, settings: &SensitivitySettings) -> SensitivityOutcome {
    sensitivity(course, settings, &|_, _| {}, &AtomicBool::new(false)).unwrap()
}

#[test]
fn the_indices_do_not_depend_on_the_number_of_threads() {
    let course = course(&[]);
    let two = asked(&["collagen_mass", "tewl"], &["barrier.", "skin."], 3, 64);
    let one = SensitivitySettings { threads: Some(1), ..two.clone() };
    let (a, b) = (found(&course, &one), found(&course, &two));
    assert_eq!(a.readouts, b.readouts);
    assert_eq!(a.factors, b.factors);
    let kinds: Vec<FactorKind> = a.factors.iter().map(|f| f.kind).collect();
    assert_eq!(kinds, [FactorKind::Parameter, FactorKind::Parameter, FactorKind::Parameter, FactorKind::Chance, FactorKind::Others]);
    assert!(a.factors[..3].iter().all(|f| f.name.starts_with("barrier.") || f.name.starts_with("skin.")));
    assert_eq!(a.factors[4].parameters, a.uncertain - 3);
    assert_eq!(a.screening_samples, Some(16));
}

#[test]
fn the_variance_is_that_of_the_ensemble_and_the_first_driver_the_same() {
    let course = course(&[]);
    let s = found(&course, &asked(&["collagen_mass"], &["healing."], 3, 128));
    let ensemble = run(&course, &RunOptions { seed: 4, members: 256, threads: Some(2) }, &|_, _| {}, &AtomicBool::new(false)).unwrap();
    let day = ensemble.days.len() - 1;
    for r in &s.readouts {
        let series = ensemble.readouts.iter().find(|e| e.readout.key == r.readout.key).unwrap();
        let changes: Vec<f64> = series.members.iter().map(|m| m[day] - m[0]).collect();
        let mean = changes.iter().sum::<f64>() / changes.len() as f64;
        let sd = (changes.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / (changes.len() - 1) as f64).sqrt();
        let last = r.last().unwrap();
        assert!((last.sd / sd - 1.0).abs() < 0.3, "{}: {} beside {sd}", r.readout.key, last.sd);
        assert!((last.mean - mean).abs() < 0.25 * sd, "{}: {} beside {mean}", r.readout.key, last.mean);
        let first = last.ranked().into_iter().find(|&k| s.factors[k].kind == FactorKind::Parameter).unwrap();
        let asked = |name: &str| name.starts_with("healing.");
        let drivers: Vec<&str> = series.drivers.iter().filter(|d| asked(&d.parameter)).take(3).map(|d| d.parameter.as_str()).collect();
        assert!(drivers.contains(&s.factors[first].name.as_str()), "{} is not among {drivers:?}", s.factors[first].name);
        let sum: f64 = last.indices.iter().map(|i| i.first.value).sum();
        assert!(sum < 1.3, "{}: first-order indices sum to {sum}", r.readout.key);
    }
}

#[test]
fn an_untreated_course_has_nothing_to_explain() {
    let s = found(&course(&["treatment.sessions=0"]), &asked(&[], &["healing."], 2, 64));
    assert!(s.readouts.is_empty() && s.unchanged.len() > 20);
}

#[test]
fn without_a_screening_every_asked_parameter_is_a_factor() {
    let s = found(&course(&[]), &asked(&["tewl"], &["barrier."], 30, 64));
    assert!(s.screening_samples.is_none() && s.factors.iter().filter(|f| f.kind == FactorKind::Parameter).count() == s.candidates);
    assert_eq!(s.evaluations, 64 * (s.candidates + 4));
}

#[test]
fn mistakes_are_named_and_a_stop_is_heeded() {
    let course = course(&[]);
    let fault = |settings: &SensitivitySettings| sensitivity(&course, settings, &|_, _| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(
        matches!(fault(&asked(&["collagen_mas"], &[], 3, 64)), SensitivityError::UnknownReadout { suggestion: Some(s), .. } if s == "collagen_mass")
    );
    assert!(matches!(fault(&asked(&["lesion_contrast"], &[], 3, 64)), SensitivityError::NotConcerned { .. }));
    assert!(matches!(fault(&asked(&["tewl"], &["pain."], 3, 64)), SensitivityError::NoParameter { .. }));
    assert!(matches!(fault(&asked(&[], &[], 3, 100)), SensitivityError::Samples { samples: 100 }));
    let (cancel, calls) = (AtomicBool::new(false), AtomicUsize::new(0));
    let stop = |done: usize, _: usize| {
        calls.fetch_add(1, Ordering::Relaxed);
        cancel.store(done >= 5, Ordering::Relaxed);
    };
    let stopped = sensitivity(&course, &asked(&["tewl"], &[], 3, 64), &stop, &cancel).unwrap_err();
    assert!(matches!(stopped, SensitivityError::Run(RunError::Cancelled { total, .. }) if total > 448));
    assert!(calls.load(Ordering::Relaxed) < 10);
}

#[test]
fn a_posterior_ensemble_is_one_factor_that_takes_whole_rows() {
    // Two parameters that only act together: whichever is high, the other is low.
    let folder = std::env::temp_dir().join(format!("percuta-sensitivity-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let rows: Vec<String> = (0..64).map(|i| 0.5 + f64::from(i) / 63.0).map(|x| format!("[{}, {}]", 20.0 * x, 0.1 / x)).collect();
    let text = format!(
        "problem = \"p\"\npercuta = \"0\"\nstudies = [\"a\"]\nnames = [\"barrier.recovery_half_time\", \"rater.expectation\"]\nunits = [\"h\", \"1\"]\ndraws = [{}]\n",
        rows.join(", ")
    );
    std::fs::write(folder.join("posterior.toml"), text).unwrap();
    let setting = format!("posterior={:?}", folder.join("posterior.toml").display().to_string());
    let with = course(&[&setting]);
    let s = found(&with, &asked(&["tewl"], &["barrier."], 30, 64));
    std::fs::remove_dir_all(&folder).unwrap();
    let posterior = s.factors.iter().position(|f| f.kind == FactorKind::Posterior).unwrap();
    assert_eq!((s.factors[posterior].name.as_str(), s.factors[posterior].parameters), ("posterior", 2));
    assert!(s.factors.iter().all(|f| f.name != "barrier.recovery_half_time"), "it is in the posterior");
    let early = s.readouts[0].visits.first().unwrap();
    assert!(early.indices[posterior].total.value > 0.05, "{:?}", early.indices[posterior]);
    assert_eq!(s.uncertain, found(&course(&[]), &asked(&["tewl"], &["barrier.recovery_half_time"], 1, 64)).uncertain);
}
