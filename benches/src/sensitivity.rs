//! A sensitivity analysis of a whole course: screening, then thirty parameters with indices of their own.

use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use percuta::course::Course;
use percuta::course::sensitivity::{SensitivitySettings, sensitivity};

/// Base samples: the default of the program.
const SAMPLES: u32 = 512;

/// Time of the analysis on all cores, and evaluations a second.
pub fn run(course: &Course) -> Result<(), Box<dyn Error>> {
    let settings =
        SensitivitySettings { readouts: Vec::new(), parameters: Vec::new(), strongest: 30, samples: SAMPLES, seed: 1, threads: None };
    let evaluations = AtomicUsize::new(0);
    let clock = Instant::now();
    let count = |done: usize, _: usize| {
        evaluations.fetch_max(done, Ordering::Relaxed);
    };
    let outcome = sensitivity(course, &settings, &count, &AtomicBool::new(false))?;
    let (seconds, evaluations) = (clock.elapsed().as_secs_f64(), evaluations.into_inner());
    println!(
        "  30 of {} parameters, {SAMPLES} base samples, {} read-outs: {seconds:.1} s for {evaluations} evaluations, {:.2} ms each",
        outcome.candidates,
        outcome.readouts.len(),
        1e3 * seconds / evaluations as f64
    );
    Ok(())
}
