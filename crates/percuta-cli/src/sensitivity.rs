//! `percuta sensitivity`: what drives the results of a course.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use percuta::course::file::LoadedCourse;
use percuta::course::sensitivity::{
    FactorKind, ReadoutSensitivity, SensitivityError, SensitivityOutcome, SensitivitySettings, VisitSensitivity, sensitivity,
};
use percuta::course::{RunError, warnings};
use percuta::population::sensitivity::Index;
use percuta_report::Inputs;
use percuta_report::sensitivity::{told, write};

use crate::arguments::Sensitivity;
use crate::check;
use crate::course_text;
use crate::failure::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::place::Place;
use crate::progress::Progress;
use crate::readouts::{is_key, short};
use crate::results;
use crate::run::VERSION;
use crate::terminal;

/// Parameters shown for each read-out: of all read-outs, and of those that were asked for.
const SHOWN: (usize, usize) = (4, 12);

pub fn run(arguments: &Sensitivity) -> Result<(), Failure> {
    let mut settings = arguments.settings.clone();
    settings.extend(arguments.seed.map(|n| format!("run.seed={n}")));
    let (loaded, text) = course_text::read(&arguments.file, &settings)?;
    let place = Place::reserve(arguments.out.as_deref(), &loaded.course.name)?;
    if !arguments.quiet {
        for warning in warnings(&loaded.course) {
            terminal::tell(&check::show(&warning));
        }
    }
    let cancel = stop_on_interrupt(Some(&place), "Stopping after the evaluations in flight")?;
    let done = analyse(arguments, &loaded, &cancel).and_then(|outcome| {
        let inputs = Inputs {
            course_path: arguments.file.display().to_string(),
            course_text: text,
            overrides: settings,
            version: VERSION.into(),
            command: std::env::args().collect::<Vec<_>>().join(" "),
        };
        write(&outcome, &inputs, &place.folder).map_err(|e| results::not_written(&e, false))?;
        Ok(outcome)
    });
    let outcome = done.inspect_err(|_| place.release())?;
    finish(arguments, &outcome, &place.folder)
}

fn analyse(arguments: &Sensitivity, loaded: &LoadedCourse, cancel: &AtomicBool) -> Result<SensitivityOutcome, Failure> {
    let settings = SensitivitySettings {
        readouts: arguments.readouts.clone(),
        parameters: arguments.parameters.clone(),
        strongest: usize::from(arguments.strongest),
        samples: arguments.samples,
        seed: loaded.seed,
        threads: arguments.threads.map(usize::from),
    };
    if !arguments.quiet {
        terminal::tell(&format!("Looking for what drives {}, with {} base samples.", loaded.course.name, settings.samples));
    }
    let progress = Progress::start(1, "evaluations", arguments.quiet);
    let result = sensitivity(&loaded.course, &settings, &|done, total| progress.set(done, total), cancel);
    progress.stop();
    result.map_err(not_analysed)
}

/// Why an analysis has no result.
fn not_analysed(error: SensitivityError) -> Failure {
    match error {
        SensitivityError::Run(RunError::Cancelled { done, total }) => Failure::interrupted(format!(
            "Stopped after {done} of {total} evaluations. Nothing was written: results exist whole or not at all."
        )),
        SensitivityError::Run(other) => Failure::run(other.to_string()),
        SensitivityError::UnknownReadout { .. } | SensitivityError::NotConcerned { .. } => {
            Failure::input(format!("{error}\n  help: `percuta explain readout.` lists the read-outs"))
        }
        SensitivityError::NoParameter { .. } => {
            Failure::input(format!("{error}\n  help: `percuta explain` lists the parameters; fixed ones have nothing to explain"))
        }
        mistake => Failure::input(mistake.to_string()),
    }
}

/// Says what came out and where it is.
fn finish(arguments: &Sensitivity, outcome: &SensitivityOutcome, folder: &Path) -> Result<(), Failure> {
    if arguments.json {
        results::print_file(&folder.join("sensitivity.json"))?;
    }
    if !arguments.quiet {
        results::print_report(arguments.json, &tables(outcome, !arguments.readouts.is_empty()), folder);
    }
    Ok(())
}

/// A table for each read-out at its last visit: of all that were asked for, else of those that most users look for.
fn tables(outcome: &SensitivityOutcome, asked: bool) -> String {
    if outcome.readouts.is_empty() {
        return "  None of the chosen read-outs changes: there is nothing to explain.".into();
    }
    let shown: Vec<&ReadoutSensitivity> = outcome.readouts.iter().filter(|r| asked || is_key(r.readout.key)).collect();
    // Where none of them is left, all are of interest.
    let shown = if shown.is_empty() { outcome.readouts.iter().collect() } else { shown };
    let most = if asked { SHOWN.1 } else { SHOWN.0 };
    let width = outcome.factors.iter().map(|f| label(outcome, &f.name).chars().count()).max().unwrap_or(0);
    let mut blocks: Vec<String> = shown.iter().filter_map(|r| Some(table(outcome, r, r.last()?, most, width))).collect();
    blocks.push("  Per cent of the variance of the change, ± half of the 90 % interval of the estimate.".into());
    let left = outcome.readouts.len() - shown.len();
    if left > 0 {
        blocks.push(format!("  {left} more read-outs are in the report."));
    }
    blocks.join("\n\n")
}

fn table(outcome: &SensitivityOutcome, readout: &ReadoutSensitivity, visit: &VisitSensitivity, most: usize, width: usize) -> String {
    let unit = if readout.readout.unit == "1" { String::new() } else { format!(" {}", readout.readout.unit) };
    let mut lines = vec![
        format!(
            "  {}, day {}: change {} (standard deviation {}){unit}",
            readout.readout.name,
            visit.day,
            short(visit.mean),
            short(visit.sd)
        ),
        format!("    {:<width$}  {:>14}  {:>14}", "", "first-order", "total"),
    ];
    let mut parameters = 0;
    for k in visit.ranked() {
        let (factor, indices) = (&outcome.factors[k], visit.indices[k]);
        if matches!(factor.kind, FactorKind::Parameter | FactorKind::Posterior) {
            parameters += 1;
            if parameters > most || !told(indices.total) {
                continue;
            }
        }
        let row = format!("    {:<width$}  {:>14}  {:>14}", label(outcome, &factor.name), index(indices.first), index(indices.total));
        lines.push(row);
    }
    lines.join("\n")
}

fn label(outcome: &SensitivityOutcome, name: &str) -> String {
    match outcome.factors.iter().find(|f| f.name == name) {
        Some(f) if f.kind == FactorKind::Others => format!("(the {} others together)", f.parameters),
        Some(f) if f.kind == FactorKind::Posterior => format!("(posterior, {} parameters)", f.parameters),
        Some(f) if f.kind == FactorKind::Chance => "(chance: where the needles land)".into(),
        _ => name.to_owned(),
    }
}

fn index(i: Index) -> String {
    let value = 100.0 * i.value;
    // No minus before a zero.
    let value = if value.abs() < 0.05 { 0.0 } else { value };
    format!("{value:.1} ± {:.1}", 100.0 * i.error)
}
