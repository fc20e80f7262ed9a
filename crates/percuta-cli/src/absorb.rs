//! `percuta absorb`: a permeation study from its file to the folder of results.

use std::sync::atomic::AtomicBool;

use percuta::course::permeation::file::LoadedStudy;
use percuta::course::permeation::{PermeationOutcome, run, run_block, warnings};
use percuta::course::{RunError, RunOptions};
use percuta_report::{Inputs, absorption};

use crate::arguments::Absorb;
use crate::check;
use crate::course_text;
use crate::failure::Failure;
use crate::fit;
use crate::interrupt::{STOPPING, stop_on_interrupt};
use crate::permeation;
use crate::place::Place;
use crate::progress::Progress;
use crate::results;
use crate::run::VERSION;
use crate::terminal;

pub fn absorb(arguments: &Absorb) -> Result<(), Failure> {
    // The options go the way of every other setting, so that they meet the same checks.
    let mut settings = arguments.settings.clone();
    settings.extend(arguments.seed.map(|n| format!("run.seed={n}")));
    settings.extend(arguments.members.map(|n| format!("run.members={n}")));
    settings.extend(arguments.fidelity.as_ref().map(|f| format!("run.fidelity=\"{f}\"")));
    let (loaded, text) = course_text::read_study(&arguments.file, &settings)?;
    if let Some(points) = &arguments.fit {
        return fit::run(arguments, &loaded, points);
    }
    let place = Place::reserve(arguments.out.as_deref(), &loaded.study.name)?;
    let output = &arguments.output;
    if !output.quiet {
        for warning in warnings(&loaded.study) {
            terminal::tell(&check::show(&warning));
        }
    }
    let cancel = stop_on_interrupt(Some(&place), STOPPING)?;
    let threads = output.threads.map(usize::from);
    let done = compute(&loaded, threads, output.quiet, &cancel).map_err(results::not_run).and_then(|outcome| {
        let inputs = Inputs {
            course_path: arguments.file.display().to_string(),
            course_text: text,
            overrides: settings,
            version: VERSION.into(),
            command: std::env::args().collect::<Vec<_>>().join(" "),
        };
        absorption::write(&outcome, &inputs, &place.folder).map_err(|e| results::not_written(&e, false))?;
        Ok(outcome)
    });
    let outcome = done.inspect_err(|_| place.release())?;
    results::print_json(output, &place.folder)?;
    if !output.quiet {
        results::print_end(output, &permeation::result(&outcome), &place.folder);
    }
    Ok(())
}

fn compute(loaded: &LoadedStudy, threads: Option<usize>, quiet: bool, cancel: &AtomicBool) -> Result<PermeationOutcome, RunError> {
    let options = RunOptions { seed: loaded.seed, members: loaded.members, threads };
    if !quiet {
        terminal::tell(&format!("Running {} with {} members.", loaded.study.name, options.members));
    }
    let progress = Progress::start(u64::from(options.members), "members", quiet);
    let result = run(&loaded.study, &options, &|done, total| progress.set(done, total), cancel);
    progress.stop();
    let mut outcome = result?;
    if let Some(settings) = &loaded.block {
        if !quiet {
            terminal::tell("Running the block of skin in three dimensions.");
        }
        let progress = Progress::start(100, "% of the study", quiet);
        let block = run_block(&loaded.study, settings, loaded.seed, threads, &|done, total| progress.set(done, total), cancel);
        progress.stop();
        outcome.block = Some(block?);
    }
    Ok(outcome)
}
