//! A course as a whole: baseline, determinism, kinematics, and what the needles' number and kind decide.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::path::Path;
use std::sync::atomic::AtomicBool;

use percuta::course::{Course, Outcome, RunOptions, file, run};
use percuta::population::interval;

const COURSE: &str = r#"
name = "test"
[person]
age = 54
tone = { fitzpatrick = "III" }
[treatment]
site = "zygoma"
device = "skinpen"
depth = "1.5 mm"
sessions = 4
interval = "30 d"
"#;

fn course(settings: &[&str]) -> Course {
    let settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
    match file::load(COURSE, "test.toml", Path::new("."), &settings) {
        Ok(loaded) => loaded.course,
        Err(errors) => panic!("{}", errors[0].message),
    }
}

fn outcome(course: &Course, seed: u64, members: u32, threads: usize) -> Outcome {
    run(course, &RunOptions { seed, members, threads: Some(threads) }, &|_, _| {}, &AtomicBool::new(false)).unwrap()
}

fn last(outcome: &Outcome, key: &str) -> Vec<f64> {
    let series = outcome.readouts.iter().find(|r| r.readout.key == key).unwrap();
    series.members.iter().map(|m| *m.last().unwrap()).collect()
}

#[test]
fn print_table() {
    for (label, settings) in [
        ("pen", vec![]),
        ("roller", vec!["treatment.device=\"dermaroller-mf8\"", "treatment.passes=15"]),
        ("pen 0.5", vec!["treatment.depth=\"0.5 mm\""]),
    ] {
        let o = outcome(&course(&settings), 1, 64, 2);
        println!("== {label}: {:?}", o.punctures);
        for r in &o.readouts {
            let at = |d: f64| interval(&r.members.iter().map(|m| m[percuta::course::index_of(&o.days, d).unwrap()]).collect::<Vec<_>>());
            let b = interval(&r.members.iter().map(|m| m[0]).collect::<Vec<_>>());
            let f = |i: percuta::population::Interval| format!("{:.3} [{:.3},{:.3}]", i.median, i.low, i.high);
            println!(
                "{:28} {:26} d0 {:26} d28 {:26} d180 {:26} | {}",
                r.readout.key,
                f(b),
                f(at(0.0)),
                f(at(28.0)),
                f(at(180.0)),
                r.drivers.iter().take(3).map(|d| format!("{} {:.2}", d.parameter, d.rank_correlation)).collect::<Vec<_>>().join(", ")
            );
        }
        println!("{:?}\n{:?}", o.downtime, o.warnings);
        for b in o.damage_by_depth.iter().step_by(6) {
            println!(
                "{:.0} {:.4} [{:.4} {:.4}] open {:.4}",
                b.top_um,
                b.value.median,
                b.value.low,
                b.value.high,
                b.open_area.map_or(0.0, |o| o.median)
            );
        }
    }
}
