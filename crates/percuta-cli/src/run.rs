//! `percuta run`: a course from its file to the folder of results.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use percuta::course::file::LoadedCourse;
use percuta::course::{Course, Outcome, RunOptions, Warning, warnings};
use percuta_report::Inputs;
use percuta_report::summary::summarise;

use crate::arguments::{How, Run};
use crate::check;
use crate::course_text;
use crate::failure::Failure;
use crate::interrupt::{STOPPING, stop_on_interrupt};
use crate::memory;
use crate::patch;
use crate::place::Place;
use crate::progress::Progress;
use crate::readouts;
use crate::results::{self, not_written};
use crate::terminal;
use crate::unfinished::{Asked, Unfinished};

pub const VERSION: &str = env!("CARGO_PKG_VERSION");

pub fn run(arguments: &Run) -> Result<(), Failure> {
    // The options go the way of every other setting, so that they meet the same checks.
    let mut settings = arguments.settings.clone();
    settings.extend(arguments.seed.map(|n| format!("run.seed={n}")));
    settings.extend(arguments.members.map(|n| format!("run.members={n}")));
    settings.extend(arguments.fidelity.as_ref().map(|f| format!("run.fidelity=\"{f}\"")));
    let (loaded, text) = course_text::read(&arguments.file, &settings)?;
    if let Some(patch) = &loaded.patch {
        memory::enough_for(&loaded.course, patch, &arguments.how)?;
    }
    let place = Place::reserve(arguments.out.as_deref(), &loaded.course.name)?;
    let asked = Asked {
        command: std::env::args().collect::<Vec<_>>().join(" "),
        version: VERSION.into(),
        course_path: arguments.file.display().to_string(),
        course_folder: course_folder(&arguments.file),
        settings,
    };
    let unfinished = match loaded.patch {
        Some(_) => Some(Unfinished::begin(&place.folder, &asked, &text).inspect_err(|_| place.release())?),
        None => None,
    };
    let folder = place.folder.clone();
    complete(Task { loaded, text, asked, folder, unfinished, place: Some(place) }, &arguments.how)
}

/// The folder of a course file, from the root: the run may be gone on with from elsewhere.
fn course_folder(file: &Path) -> PathBuf {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}

/// A run that is to be completed.
pub struct Task {
    pub loaded: LoadedCourse,
    pub text: String,
    pub asked: Asked,
    pub folder: PathBuf,
    /// What is kept of the block, where there is one.
    pub unfinished: Option<Unfinished>,
    /// The folder, if this run has made it.
    pub place: Option<Place>,
}

/// Computes what is left and writes the results.
pub fn complete(task: Task, how: &How) -> Result<(), Failure> {
    let Task { loaded, text, asked, folder, unfinished, place } = task;
    let options = RunOptions { seed: loaded.seed, members: loaded.members, threads: how.output.threads.map(usize::from) };
    let say = |text: &str| {
        if !how.output.quiet {
            terminal::tell(text);
        }
    };
    let of_block = block_warnings(&loaded)?;
    for warning in warnings(&loaded.course).iter().chain(&of_block) {
        say(&check::show(warning));
    }
    // A folder with an unfinished run in it stays.
    let message = if unfinished.is_some() { "Stopping after a snapshot" } else { STOPPING };
    let cancel = stop_on_interrupt(place.as_ref(), message)?;
    let kept = unfinished.as_ref().map(|u| (folder.as_path(), u));
    let done = simulate(&loaded, &options, how, kept, &asked, &cancel).and_then(|outcome| {
        let inputs = Inputs {
            course_path: asked.course_path.clone(),
            course_text: text,
            overrides: asked.settings.clone(),
            version: VERSION.into(),
            command: asked.command.clone(),
        };
        percuta_report::write(&outcome, &inputs, &folder, unfinished.as_ref().map(|u| u.folder.as_path()))
            .map_err(|e| not_written(&e, unfinished.is_some()))?;
        Ok(outcome)
    });
    let outcome = match done {
        Ok(outcome) => outcome,
        // What is there of a block is worth hours: it stays, whatever happened.
        Err(failure) if unfinished.is_some() => {
            let what = if failure.code == 130 { "Stopped." } else { failure.text.as_str() };
            return Err(Failure { code: failure.code, text: format!("{what}\nTo go on: percuta resume {}", folder.display()) });
        }
        Err(failure) => {
            if let Some(place) = &place {
                place.release();
            }
            return Err(failure);
        }
    };
    finish(how, &outcome, &folder)
}

/// The block of skin, if there is one, and the ensemble.
fn simulate(
    loaded: &LoadedCourse,
    options: &RunOptions,
    how: &How,
    kept: Option<(&Path, &Unfinished)>,
    asked: &Asked,
    cancel: &AtomicBool,
) -> Result<Outcome, Failure> {
    let block = match (&loaded.patch, kept) {
        (Some(settings), Some(kept)) => Some(patch::compute(loaded, settings, how, kept, &key(loaded, asked)?, cancel)?),
        _ => None,
    };
    if !how.output.quiet {
        terminal::tell(&format!("Running {} with {} members.", loaded.course.name, options.members));
    }
    let mut outcome = ensemble(&loaded.course, options, how.output.quiet, cancel)?;
    outcome.warnings.extend(block_warnings(loaded)?);
    outcome.patch = block;
    Ok(outcome)
}

fn block_warnings(loaded: &LoadedCourse) -> Result<Vec<Warning>, Failure> {
    let found = loaded.patch.as_ref().map(|settings| settings.warnings(&loaded.course)).transpose();
    found.map(Option::unwrap_or_default).map_err(|e| Failure::run(e.to_string()))
}

/// Says which run a snapshot belongs to.
fn key(loaded: &LoadedCourse, asked: &Asked) -> Result<String, Failure> {
    let course = serde_json::to_string(&loaded.course).map_err(|e| Failure::run(e.to_string()))?;
    Ok(format!("percuta {} seed {} {:?} {course}", asked.version, loaded.seed, loaded.patch))
}

fn ensemble(course: &Course, options: &RunOptions, quiet: bool, cancel: &AtomicBool) -> Result<Outcome, Failure> {
    let progress = Progress::start(u64::from(options.members), "members", quiet);
    let result = percuta::course::run(course, options, &|done, total| progress.set(done, total), cancel);
    progress.stop();
    result.map_err(results::not_run)
}

/// Says what came out and where it is.
fn finish(how: &How, outcome: &Outcome, folder: &Path) -> Result<(), Failure> {
    results::print_json(&how.output, folder)?;
    if how.output.quiet {
        return Ok(());
    }
    let summary = summarise(outcome, VERSION).map_err(|e| Failure::run(e.to_string()))?;
    let block = outcome.patch.as_ref().map_or_else(String::new, |p| format!("\n\n{}", readouts::beside(p, &outcome.course)));
    results::print_end(&how.output, &format!("{}{block}", readouts::table(&summary, &outcome.course)), folder);
    Ok(())
}
