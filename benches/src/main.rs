//! Benchmarks of a course, apart from the tests: `cargo xtask bench`.
//!
//! Times are minima over repeats on whatever machine this is; read ratios and shares, not milliseconds.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod absorption;
mod calibration;
mod healing;
mod light;
mod mosaic;
mod patch;
mod peers;
mod picture;
mod sensitivity;
mod tissue;

use std::error::Error;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use percuta::course::{Course, RunOptions, StageTimes, file, recorded_days, run, run_member_timed};
use percuta::population::{Draw, draw_members};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        Some("absorption") => return absorption::run(&arguments[1..]),
        Some("calibration") => {
            println!("\ncalibration");
            return calibration::run();
        }
        Some("light") => return light::run().and_then(|()| picture::run()),
        Some("mosaic") => return mosaic::run(),
        Some("patch") => return patch::run(),
        Some("sensitivity") => {
            println!("\nsensitivity, pen, 4 sessions, 180 d");
            return sensitivity::run(&course(&[])?);
        }
        Some("peers") => return peers::run(&arguments[1..]),
        Some("tissue") => return tissue::run(),
        _ => {}
    }
    for (label, settings) in [
        ("pen, 4 sessions, 180 d", vec![]),
        ("pen, 1 session, 180 d", vec!["treatment.sessions=1"]),
        ("roller, 4 sessions, 180 d", vec!["treatment.device=\"dermaroller-mf8\"", "treatment.passes=15"]),
        ("pen, untreated, 180 d", vec!["treatment.sessions=0"]),
    ] {
        let course = course(&settings)?;
        println!("\n{label}");
        member(&course)?;
        if settings.is_empty() {
            ensemble(&course)?;
            sensitivity::run(&course)?;
        }
    }
    println!("\ncalibration");
    calibration::run()
}

fn course(settings: &[&str]) -> Result<Course, Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let text = std::fs::read_to_string(folder.join("photoageing-face.toml"))?;
    let settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
    file::load(&text, "photoageing-face.toml", &folder, &settings).map(|c| c.course).map_err(|e| e[0].message.clone().into())
}

/// One member: total and share of each stage.
fn member(course: &Course) -> Result<(), Box<dyn Error>> {
    let days = recorded_days(&course.sessions, &course.visits);
    let draw = Draw::central(&course.parameters);
    let (mut best, mut stages) = (f64::INFINITY, StageTimes::default());
    for _ in 0..20 {
        let clock = Instant::now();
        let (member, times) = run_member_timed(course, &draw, 1, 0, &days)?;
        std::hint::black_box(&member);
        let total = clock.elapsed().as_secs_f64();
        if total < best {
            (best, stages) = (total, times);
        }
    }
    let draws = draw_members(&course.parameters, 1, 16);
    let clock = Instant::now();
    for (i, draw) in draws.iter().enumerate() {
        std::hint::black_box(run_member_timed(course, draw, 1, i as u32, &days)?);
    }
    let typical = clock.elapsed().as_secs_f64() / draws.len() as f64;
    let share = |t: f64| 100.0 * t / best;
    println!("  one member, central parameters  {:8.2} ms; mean of 16 drawn members {:.2} ms", 1e3 * best, 1e3 * typical);
    println!(
        "  share: injury {:.0} %, field and classes {:.0} %, healing {:.0} %, read-outs {:.0} %",
        share(stages.injury),
        share(stages.field),
        share(stages.healing),
        share(stages.readouts)
    );
    Ok(())
}

/// 64 members on one and on two threads.
fn ensemble(course: &Course) -> Result<(), Box<dyn Error>> {
    for threads in [1, 2] {
        let options = RunOptions { seed: 1, members: 64, threads: Some(threads) };
        let clock = Instant::now();
        std::hint::black_box(run(course, &options, &|_, _| {}, &AtomicBool::new(false))?);
        println!("  64 members, {threads} thread(s)        {:8.2} s", clock.elapsed().as_secs_f64());
    }
    Ok(())
}
