//! Benchmarks of a course, apart from the tests: `cargo xtask bench`.
//!
//! Times are minima over repeats on whatever machine this is; read ratios and shares, not milliseconds.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use percuta::course::{Course, RunOptions, StageTimes, file, recorded_days, run, run_member_timed};
use percuta::population::{Draw, draw_members};

fn main() -> Result<(), Box<dyn Error>> {
    probe()?;
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
        }
    }
    Ok(())
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

#[allow(dead_code)]
fn probe() -> Result<(), Box<dyn Error>> {
    use percuta::device;
    use percuta::healing::*;
    use percuta::injury::{Track, injure};
    use percuta::population::{Purpose, stream};
    let course = course(&[])?;
    let draw = Draw::central(&course.parameters);
    let layers = percuta::skin::Layers::from_draw(&draw)?;
    let d = device::expected_density_per_cm2(&course.device, &course.motion, &draw)?;
    let grid = percuta::course::window(&layers, d);
    println!("density {d}, n {} spacing {} layers {}", grid.n, grid.spacing_um, grid.layers());
    let track = Track::from_draw(&draw)?;
    let p = HealingParameters::from_draw(&draw)?;
    let mut t = [f64::INFINITY; 6];
    for _ in 0..20 {
        let c = Instant::now();
        let table =
            device::punctures(&course.device, &course.motion, 1500.0, grid.side_um(), &draw, &mut stream(1, 0, 0, Purpose::Punctures))?;
        t[0] = t[0].min(c.elapsed().as_secs_f64());
        let c = Instant::now();
        let i = injure(&table, &track, &grid);
        t[1] = t[1].min(c.elapsed().as_secs_f64());
        let c = Instant::now();
        let f = SourceField::new(grid.clone(), [i.damaged.clone(), i.damaged.clone()], &p);
        t[2] = t[2].min(c.elapsed().as_secs_f64());
        let c = Instant::now();
        let o: Vec<Overlay> = (0..4).map(|s| Overlay { swapped: s % 2 == 1, shift_x: 7 * s, shift_y: 11 * s }).collect();
        let e = classify(&f, &o, 2, 8);
        t[3] = t[3].min(c.elapsed().as_secs_f64());
        std::hint::black_box(e);
        let c = Instant::now();
        std::hint::black_box(percuta::tissue::Elliptic::new(&grid, &vec![1e5; grid.layers()], &vec![9.0; grid.layers()]));
        t[4] = t[4].min(c.elapsed().as_secs_f64());
        t[5] = table.len() as f64;
    }
    println!(
        "punctures {:.3} ms, injure {:.3}, field {:.3} (setup {:.3}), classify {:.3}; {} punctures",
        t[0] * 1e3,
        t[1] * 1e3,
        t[2] * 1e3,
        t[4] * 1e3,
        t[3] * 1e3,
        t[5]
    );
    Ok(())
}
