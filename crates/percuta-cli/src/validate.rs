//! `percuta validate`: published studies predicted from their protocols alone.

use std::path::Path;

use percuta::course::{RunError, RunOptions};
use percuta::evidence::study::{Record, Study, read};
use percuta::evidence::validation::{Failed, Row, Score, Skill, Validation, validate as run};
use percuta::evidence::{Role, Scale};

use crate::arguments::Validate;
use crate::failure::Failure;
use crate::interrupt::{STOPPING, stop_on_interrupt};
use crate::place::Place;
use crate::progress::Progress;
use crate::study::{record, records_in};
use crate::terminal;

pub fn validate(arguments: &Validate) -> Result<(), Failure> {
    let (mut records, mistakes) = match &arguments.studies {
        Some(folder) => of_folder(folder)?,
        None => (embedded()?, Vec::new()),
    };
    select(&mut records, &arguments.only)?;
    let place = Place::reserve(arguments.out.as_deref(), "validation")?;
    let cancel = stop_on_interrupt(Some(&place), STOPPING)?;
    let quiet = arguments.quiet || arguments.json;
    let progress = Progress::start(records.len() as u64, "studies", quiet);
    let options = RunOptions { seed: arguments.seed, members: arguments.members, threads: arguments.threads.map(usize::from) };
    let result = run(&records, &options, &|done, total| progress.set(done, total), &cancel);
    progress.stop();
    let mut validation = result.map_err(|e| {
        place.release();
        match e {
            RunError::Cancelled { done, total } => {
                Failure::interrupted(format!("Stopped after {done} of {total} studies; nothing was written."))
            }
            e => Failure::run(e.to_string()),
        }
    })?;
    validation.failed.extend(mistakes.iter().map(|(file, text)| Failed { study: file.clone(), reason: text.clone() }));
    let json = percuta_report::validation::write(&validation, &place.folder).map_err(|e| Failure::run(e.to_string()))?;
    if arguments.json {
        terminal::print(json.trim_end());
    } else if !arguments.quiet {
        terminal::print(&text(&validation));
        terminal::print(&format!("\nWrote {}", place.folder.join("validation.html").display()));
    }
    match validation.failed.as_slice() {
        [] => Ok(()),
        failed => {
            let list: Vec<String> = failed.iter().map(|f| format!("{}\n{}", f.study, f.reason.trim_end())).collect();
            let n = failed.len();
            Err(Failure::shown(format!(
                "{n} stud{} could not be predicted; the others were:\n\n{}",
                if n == 1 { "y" } else { "ies" },
                list.join("\n\n")
            )))
        }
    }
}

/// The records that come with Percuta.
pub fn embedded() -> Result<Vec<Record>, Failure> {
    Study::texts()
        .map(|(label, text)| read(&label, text, Path::new(".")).map_err(|errors| Failure::shown(crate::course_text::show(errors))))
        .collect()
}

type Mistakes = Vec<(String, String)>;

fn of_folder(folder: &Path) -> Result<(Vec<Record>, Mistakes), Failure> {
    let (mut records, mut mistakes) = (Vec::new(), Mistakes::new());
    for file in records_in(folder)? {
        match record(&file) {
            Ok(record) => records.push(record),
            Err(text) => mistakes.push((file.display().to_string(), text)),
        }
    }
    Ok((records, mistakes))
}

fn select(records: &mut Vec<Record>, only: &[String]) -> Result<(), Failure> {
    for id in only {
        if !records.iter().any(|r| r.study.id == *id) {
            let known: Vec<&str> = records.iter().map(|r| r.study.id.as_str()).collect();
            return Err(Failure::input(format!("no study is called `{id}`\n  expected: one of {}", known.join(", "))));
        }
    }
    if !only.is_empty() {
        records.retain(|r| only.contains(&r.study.id));
    }
    Ok(())
}

fn text(validation: &Validation) -> String {
    let mut lines = vec![format!(
        "  {:<20} {:<30} {:>9} {:>10} {:>10} {:>24} {:>6}  role",
        "study", "observable", "arm", "day", "published", "predicted (90 %)", "z"
    )];
    lines.extend(validation.rows.iter().map(row));
    lines.push(String::new());
    lines.extend(validation.scores.iter().map(score));
    let (pairs, right) = validation.dose_order.iter().fold((0, 0.0), |(p, r), o| (p + o.pairs, r + o.in_order));
    if pairs > 0 {
        lines.push(format!("\n{right} of {pairs} pairs of arms within a study lie in the published order."));
    }
    lines.join("\n")
}

fn row(row: &Row) -> String {
    let unit = if row.scale == Scale::PercentChange { "%" } else { "" };
    let predicted = format!("{}{unit} ({} to {})", short(row.predicted.median), short(row.predicted.low), short(row.predicted.high));
    let mark = if row.covered { ' ' } else { '!' };
    format!(
        "{mark} {:<20} {:<30} {:>9} {:>10} {:>10} {predicted:>24} {:>6}  {}",
        cut(&row.short, 20),
        cut(&row.readout, 30),
        cut(row.group.as_deref().unwrap_or(""), 9),
        short(row.day),
        format!("{}{unit}", short(row.published)),
        format!("{:.1}", row.standardised_error),
        row.role.name()
    )
}

fn score(score: &Score) -> String {
    let skill =
        |skill: &Option<Skill>| skill.map_or_else(|| "none to compare".into(), |s| format!("{:+.2} (n {})", s.crps, s.observations));
    let role = match score.role {
        Role::Calibration => "calibration",
        _ => "validation",
    };
    format!(
        "{role:<12} {:<18} {} of {} covered ({:.0} %); skill over no change {}, over other studies {}",
        score.domain.map_or("all", |d| d.name()),
        score.covered,
        score.observations,
        100.0 * score.coverage.0,
        skill(&score.skill_over_no_change),
        skill(&score.skill_over_other_studies),
    )
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width { text.to_owned() } else { text.chars().take(width - 1).chain(['…']).collect() }
}

/// Three digits that matter.
fn short(x: f64) -> String {
    match x.abs() {
        0.0 => "0".into(),
        a if !(1e-3..1e5).contains(&a) => format!("{x:.1e}"),
        a => format!("{x:.*}", (2.0 - a.log10().floor()).clamp(0.0, 4.0) as usize),
    }
}
