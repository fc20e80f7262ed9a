//! `percuta run`: a course from its file to the folder of results.

use std::fs;
use std::path::Path;
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use percuta::course::{Course, Outcome, RunError, RunOptions, warnings};
use percuta_report::summary::summarise;
use percuta_report::{Inputs, ReportError};

use crate::arguments::Run;
use crate::check;
use crate::course_text;
use crate::failure::Failure;
use crate::place::Place;
use crate::progress::Progress;
use crate::readouts;
use crate::terminal;

const VERSION: &str = env!("CARGO_PKG_VERSION");

pub fn run(arguments: &Run) -> Result<(), Failure> {
    // The options go the way of every other setting, so that they meet the same checks.
    let mut settings = arguments.settings.clone();
    settings.extend(arguments.seed.map(|n| format!("run.seed={n}")));
    settings.extend(arguments.members.map(|n| format!("run.members={n}")));
    let (loaded, text) = course_text::read(&arguments.file, &settings)?;
    let course = loaded.course;
    let options = RunOptions { seed: loaded.seed, members: loaded.members, threads: arguments.threads.map(usize::from) };
    let say = |text: &str| {
        if !arguments.quiet {
            terminal::tell(text);
        }
    };
    for warning in warnings(&course) {
        say(&check::show(&warning));
    }
    let place = Place::reserve(arguments.out.as_deref(), &course.name)?;
    let cancel = stop_on_interrupt(&place)?;
    say(&format!("Running {} with {} members.", course.name, options.members));

    let written = simulate(&course, &options, arguments.quiet, &cancel).and_then(|outcome| {
        let inputs = Inputs {
            course_path: arguments.file.display().to_string(),
            course_text: text,
            overrides: settings,
            version: VERSION.into(),
            command: std::env::args().collect::<Vec<_>>().join(" "),
        };
        percuta_report::write(&outcome, &inputs, &place.folder).map_err(|e| not_written(&e))?;
        Ok(outcome)
    });
    let outcome = written.inspect_err(|_| place.release())?;
    finish(arguments, &outcome, &place.folder)
}

fn simulate(course: &Course, options: &RunOptions, quiet: bool, cancel: &AtomicBool) -> Result<Outcome, Failure> {
    let progress = Progress::start(options.members, quiet);
    let result = percuta::course::run(course, options, &|done, total| progress.set(done, total), cancel);
    progress.stop();
    result.map_err(|e| match e {
        RunError::Cancelled { done, total } => Failure::interrupted(format!(
            "Stopped after {done} of {total} members. Nothing was written: results exist whole or not at all."
        )),
        other => Failure::run(other.to_string()),
    })
}

/// The first Ctrl-C asks the run to stop, the second ends the program.
fn stop_on_interrupt(place: &Place) -> Result<Arc<AtomicBool>, Failure> {
    let cancel = Arc::new(AtomicBool::new(false));
    let (flag, reserved) = (Arc::clone(&cancel), place.clone());
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            reserved.release();
            process::exit(130);
        }
        terminal::tell("Stopping after the members in flight; press Ctrl-C again to stop at once.");
    })
    .map_err(|e| {
        place.release();
        Failure::run(format!("the signal handler cannot be set: {e}"))
    })?;
    Ok(cancel)
}

fn not_written(error: &ReportError) -> Failure {
    let help = match error {
        ReportError::Io { .. } => {
            "\n  help: the run's files were taken away again; free some space or choose another place with --out, and run again"
        }
        _ => "",
    };
    Failure::run(format!("{error}{help}"))
}

/// Says what came out and where it is.
fn finish(arguments: &Run, outcome: &Outcome, folder: &Path) -> Result<(), Failure> {
    if arguments.json {
        let file = folder.join("summary.json");
        let json = fs::read_to_string(&file).map_err(|e| Failure::run(format!("{} cannot be read: {e}", file.display())))?;
        terminal::print(json.trim_end());
    }
    if arguments.quiet {
        return Ok(());
    }
    let summary = summarise(outcome, VERSION).map_err(|e| Failure::run(e.to_string()))?;
    let text = format!("\n{}\n\nReport: {}", readouts::table(&summary, &outcome.course), folder.join("report.html").display());
    if arguments.json {
        terminal::tell(&text)
    } else {
        terminal::print(&text)
    }
    Ok(())
}
