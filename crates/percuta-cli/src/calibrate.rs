//! `percuta calibrate`: parameters of the model from published studies.

use std::fs;
use std::path::{Path, PathBuf};

use percuta::evidence::calibration::{
    CalibrationError, CalibrationOutcome, CalibrationProblem, Design, LeftOutSkill, TEMPLATE, calibrate as run, check, load, petab,
};
use percuta::evidence::study::{Record, Study};
use percuta::population::calibration::AGREED;

use crate::arguments::Calibrate;
use crate::course_text::{show, text_of};
use crate::failure::Failure;
use crate::interrupt::stop_on_interrupt;
use crate::place::Place;
use crate::progress::Progress;
use crate::run::VERSION;
use crate::study::{record, records_in};
use crate::terminal;
use crate::validate::embedded;

/// Folder in which the designs of a calibration lie until it is done.
const UNFINISHED: &str = "unfinished";

pub fn calibrate(arguments: &Calibrate) -> Result<(), Failure> {
    let Some(file) = arguments.file.as_deref().filter(|_| !arguments.template) else {
        terminal::print(TEMPLATE.trim_end());
        return Ok(());
    };
    let text = text_of(file, "percuta calibrate --template >")?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let problem = load(&text, &file.display().to_string(), folder, &arguments.settings).map_err(|errors| Failure::shown(show(errors)))?;
    let records = records(&problem)?;
    check(&problem, &records).map_err(|e| Failure::input(e.to_string()))?;
    let key = key(&text, arguments, &problem)?;
    let place = match &arguments.resume {
        Some(folder) => resumed(folder, &key)?,
        None => started(arguments.out.as_deref(), &problem.name, &key)?,
    };
    let quiet = arguments.quiet || arguments.json;
    if !quiet {
        terminal::tell(&format!("Calibrating {} parameters; the design first.", problem.parameters.len()));
    }
    let cancel = stop_on_interrupt(None, "Stopping after the study in flight")?;
    let progress = Progress::start(records.len() as u64, "studies", quiet);
    let unfinished = place.folder.join(UNFINISHED);
    let mut unwritten = None;
    let result = run(
        &problem,
        &records,
        arguments.threads.map(usize::from),
        &|study| fs::read(unfinished.join(format!("{study}.json"))).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()),
        &mut |design| {
            if let Err(e) = keep(&unfinished, design) {
                unwritten = Some(e);
            }
        },
        &|done, total| progress.set(done, total),
        &cancel,
    );
    progress.stop();
    if let Some(e) = unwritten {
        terminal::tell(&format!("warning: the design could not be kept for a later --resume: {e}"));
    }
    let outcome = result.map_err(|e| match e {
        CalibrationError::Cancelled { done, total } => Failure::interrupted(format!(
            "Stopped after the design of {done} of {total} studies. Go on with: percuta calibrate {}{} --resume {}",
            file.display(),
            arguments.settings.iter().map(|s| format!(" --set '{s}'")).collect::<String>(),
            place.folder.display()
        )),
        CalibrationError::NoObservation | CalibrationError::SmallDesign { .. } => Failure::input(e.to_string()),
        e => Failure::run(e.to_string()),
    })?;
    let json = written(&outcome, &problem, &place.folder)?;
    if outcome.disagreement > AGREED {
        terminal::tell(&format!(
            "warning: the walkers disagree ({:.2}, above {AGREED}), so that the posterior is not known yet; take more steps with --set run.steps={}",
            outcome.disagreement,
            4 * problem.steps
        ));
    }
    if arguments.json {
        terminal::print(json.trim_end());
    } else if !arguments.quiet {
        terminal::print(&describe(&outcome));
        terminal::print(&format!(
            "\nWrote {} and calibration.json beside it\nA course in this folder takes it with: posterior = \"{}\"",
            place.folder.join("calibration.html").display(),
            place.folder.join("posterior.toml").display()
        ));
    }
    Ok(())
}

/// Writes the results in place of what was kept for going on, which comes back where they cannot be written.
fn written(outcome: &CalibrationOutcome, problem: &CalibrationProblem, folder: &Path) -> Result<String, Failure> {
    let unfinished = folder.join(UNFINISHED);
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let aside = folder.with_file_name(format!(".{name}.{UNFINISHED}"));
    fs::rename(&unfinished, &aside).map_err(|e| Failure::run(format!("`{}` cannot be moved: {e}", unfinished.display())))?;
    match percuta_report::calibration::write(outcome, problem, folder) {
        Ok(json) => {
            // Does no harm if it stays.
            let _ = fs::remove_dir_all(&aside);
            Ok(json)
        }
        Err(e) => {
            let back = fs::create_dir_all(folder).and_then(|()| fs::rename(&aside, &unfinished));
            let kept = if back.is_ok() { folder } else { &aside };
            Err(Failure::run(format!("{e}\n  help: the runs are kept in `{}`; --resume goes on with them", kept.display())))
        }
    }
}

fn records(problem: &CalibrationProblem) -> Result<Vec<Record>, Failure> {
    let records: Vec<Record> = match &problem.studies {
        None => embedded()?,
        Some(folder) => records_in(folder)?.iter().map(|f| record(f).map_err(Failure::shown)).collect::<Result<_, _>>()?,
    };
    let records = match &problem.petab {
        None => records,
        Some(tables) => petab::records(tables, &records).map_err(|errors| Failure::shown(show(errors)))?,
    };
    for id in problem.only.iter().chain(&problem.without) {
        if !records.iter().any(|r| r.study.id == *id) {
            return Err(Failure::input(format!(
                "no study is called `{id}`\n  help: `percuta explain study.` lists those that come with Percuta"
            )));
        }
    }
    Ok(records)
}

/// What must be the same for a calibration to go on: version, problem, records.
fn key(text: &str, arguments: &Calibrate, problem: &CalibrationProblem) -> Result<String, Failure> {
    let mut all = vec![VERSION.to_owned(), text.to_owned(), arguments.settings.join("\n")];
    match &problem.studies {
        None => all.extend(Study::texts().map(|(_, text)| text.to_owned())),
        Some(folder) => {
            for file in records_in(folder)? {
                all.push(text_of(&file, "percuta study new")?);
            }
        }
    }
    if let Some(tables) = &problem.petab {
        all.extend(petab::texts(tables).map_err(|e| Failure::input(format!("`{}` cannot be read: {e}", tables.display())))?);
    }
    Ok(percuta_report::calibration::key(&all))
}

fn started(out: Option<&Path>, name: &str, key: &str) -> Result<Place, Failure> {
    let place = Place::reserve(out, name)?;
    let unfinished = place.folder.join(UNFINISHED);
    let made = fs::create_dir(&unfinished).and_then(|()| fs::write(unfinished.join("key"), key));
    made.map_err(|e| Failure::run(format!("`{}` cannot be written: {e}", unfinished.display())))?;
    Ok(place)
}

fn resumed(folder: &Path, key: &str) -> Result<Place, Failure> {
    let kept = fs::read_to_string(folder.join(UNFINISHED).join("key"))
        .map_err(|_| Failure::input(format!("`{}` holds no calibration that was stopped", folder.display())))?;
    if kept != key {
        return Err(Failure::input(format!(
            "the calibration in `{}` was started with another problem, other studies or another version\n  help: start anew without --resume",
            folder.display()
        )));
    }
    Ok(Place { folder: folder.to_owned() })
}

/// Writes beside and renames, so that a design is there whole or not at all.
fn keep(folder: &Path, design: &Design) -> std::io::Result<()> {
    let bytes = serde_json::to_vec(design)?;
    let partial: PathBuf = folder.join(format!(".{}.partial", design.study));
    fs::write(&partial, bytes)?;
    fs::rename(partial, folder.join(format!("{}.json", design.study)))
}

fn describe(outcome: &CalibrationOutcome) -> String {
    let mut lines = vec![format!("  {:<32} {:>26} {:>28}  left", "parameter", "before (90 %)", "after (90 %)")];
    for p in &outcome.parameters {
        let of = |i: &percuta::population::Interval| format!("{:.3} ({:.3} to {:.3})", i.median, i.low, i.high);
        let told = if p.told { "" } else { "  not told by the data" };
        lines.push(format!("  {:<32} {:>26} {:>28}  {:.2}{told}", p.name, of(&p.prior), of(&p.posterior), p.left));
    }
    lines.push(String::new());
    for s in &outcome.spreads {
        lines.push(format!(
            "  between studies, {:<18} {:.2} expected, {:.2} ({:.2} to {:.2}) found from {} observation{} of {} stud{}",
            s.domain.name(),
            s.expected,
            s.found.median,
            s.found.low,
            s.found.high,
            s.targets,
            crate::study::plural(s.targets),
            s.studies,
            if s.studies == 1 { "y" } else { "ies" }
        ));
    }
    for s in outcome.studies.iter().filter(|s| s.weight < 0.5) {
        lines.push(format!("  {} counts {:.2}: nothing explains it", s.study, s.weight));
    }
    if !outcome.left_out.is_empty() {
        let covered = outcome.left_out.iter().filter(|l| l.covered).count();
        let (low, high) = percuta::evidence::validation::share_interval(covered, outcome.left_out.len());
        lines.push(format!(
            "\n  Predicted from the other studies, {covered} of {} observations lie in their 90 % interval ({:.0} %, {:.0} to {:.0}).",
            outcome.left_out.len(),
            100.0 * covered as f64 / outcome.left_out.len() as f64,
            100.0 * low,
            100.0 * high
        ));
    }
    let over = |s: &Option<LeftOutSkill>| match s {
        None => "nothing to compare".to_owned(),
        Some(s) => {
            let interval = s.crps_interval.map_or_else(String::new, |(low, high)| format!(" ({low:+.2} to {high:+.2})"));
            format!("{:+.2}{interval}, {}", s.skill.crps, s.verdict().words())
        }
    };
    if !outcome.left_out_scores.is_empty() {
        lines.push(format!("  {:<18} {:>8}  {:<40} skill over the other studies", "of these", "inside", "skill over no change (90 %)"));
    }
    for s in &outcome.left_out_scores {
        let (domain, inside) = (s.domain.map_or("all", |d| d.name()), format!("{} of {}", s.covered, s.observations));
        let (still, others) = (over(&s.skill_over_no_change), over(&s.skill_over_other_studies));
        lines.push(format!("  {domain:<18} {inside:>8}  {still:<40} {others}"));
    }
    lines.join("\n")
}
