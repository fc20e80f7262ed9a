//! A calibration of six parameters on every study that has calibration data.

use std::error::Error;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use percuta::evidence::calibration::{calibrate, load};
use percuta::evidence::study::{Record, Study, read};

/// The problem behind the default parameters, with fewer parameters and more studies.
const SETTINGS: [&str; 3] = [
    "parameters=[\"rater.expectation\",\"scars.fill_efficiency\",\"healing.epidermal_gain\",\"pigment.lesion_cut\",\"erythema.fading\",\"channels.patency\"]",
    "without=[]",
    "run.leave_one_out=false",
];

/// Time of the design and of what is made of it, on all cores.
///
/// # Errors
/// If a record or the problem cannot be read, or if the calibration fails.
pub fn run() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/calibration");
    let text = std::fs::read_to_string(folder.join("defaults.toml"))?;
    let first = |errors: Vec<percuta::course::file::CourseError>| errors.first().map_or(String::new(), |e| e.message.clone());
    let problem = load(&text, "defaults.toml", &folder, &SETTINGS.map(str::to_owned)).map_err(first)?;
    let records: Vec<Record> = Study::texts().map(|(label, text)| read(&label, text, &folder)).collect::<Result<_, _>>().map_err(first)?;
    let clock = Instant::now();
    let mut designed = 0.0;
    let outcome = calibrate(
        &problem,
        &records,
        None,
        &|_| None,
        &mut |_| designed = clock.elapsed().as_secs_f64(),
        &|_, _| {},
        &AtomicBool::new(false),
    )?;
    println!(
        "  {} parameters, {} observations of {} studies, {} runs an arm, {} walkers and {} steps: {:.0} s, of which {:.0} s are the runs",
        outcome.parameters.len(),
        outcome.targets.len(),
        outcome.studies.len(),
        problem.design,
        problem.walkers,
        problem.steps,
        clock.elapsed().as_secs_f64(),
        designed,
    );
    Ok(())
}
