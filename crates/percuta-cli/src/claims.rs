//! `percuta claims`: the usual claims beside what was published and what is predicted.

use std::sync::atomic::AtomicBool;

use percuta::course::{Outcome, RunOptions, index_of, readout, run};
use percuta::evidence::{Claim, claims as all, grade};
use percuta::population::interval;

use crate::arguments::Claims;
use crate::check::significant;
use crate::course_text::load_text;
use crate::examples;
use crate::failure::Failure;
use crate::results;
use crate::terminal;

/// The course that stands for a usual one, and the permeant of its product, which few courses have.
const STANDARD: &str = "photoageing-face";
/// The course for what the usual one lacks: a lesion.
const LESION: &str = "melasma";
const PRODUCT: [&str; 3] = ["product.permeant=tranexamic-acid", "product.concentration=\"50 mg/mL\"", "product.dose=\"10 µL/cm²\""];

pub fn claims(arguments: &Claims) -> Result<(), Failure> {
    let claims = all().map_err(Failure::run)?;
    let outcomes = [outcome(STANDARD, &PRODUCT, arguments.members)?, outcome(LESION, &[], arguments.members)?];
    let parts: Vec<String> = claims.iter().map(|c| if arguments.markdown { markdown(c, &outcomes) } else { plain(c, &outcomes) }).collect();
    let course = &outcomes[0].course;
    let last = course.visits.last().copied().unwrap_or(0.0);
    let standard = format!(
        "The standard course is the example {STANDARD}: {} sessions, {}, {} mm, read on day {last:.0}; {} members. The product is tranexamic acid, put on just after a session. A lesion is that of the example {LESION}. Grades are of the tissue alone: published grades hold the expectation of raters as well, so that the two are not to be compared.",
        course.sessions.len(),
        course.device.name,
        course.setting_um / 1000.0,
        arguments.members
    );
    if arguments.markdown {
        terminal::print(&format!(
            "# The usual claims\n\n`percuta claims` prints this page. {standard} Predictions are changes from before the first session, as median and 90 % interval.\n\n{}",
            parts.join("\n\n")
        ));
    } else {
        terminal::print(&format!("{standard}\n\n{}", parts.join("\n\n")));
    }
    Ok(())
}

/// The outcome of an example.
fn outcome(name: &str, settings: &[&str], members: u32) -> Result<Outcome, Failure> {
    let example = examples::find(name).ok_or_else(|| Failure::run(format!("there is no example {name}")))?;
    let settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
    let loaded = load_text(example.text, name, std::path::Path::new("."), &settings)?;
    let options = RunOptions { seed: loaded.seed, members, threads: None };
    run(&loaded.course, &options, &|_, _| {}, &AtomicBool::new(false)).map_err(results::not_run)
}

/// What the first of the courses that has a read-out does to it by its last visit.
fn predicted(key: &str, outcomes: &[Outcome]) -> Option<String> {
    let of = readout(key)?;
    let outcome = outcomes.iter().find(|o| o.course.concerns(key))?;
    let series = outcome.readouts.iter().find(|r| r.readout.key == key)?;
    // Channels are open just after a session, and the probability is one of the whole course.
    let last = outcome.course.visits.last().copied()?;
    let day = if key == "product_enhancement_ratio" { 0.0 } else { last };
    let i = index_of(&outcome.days, day)?;
    let (change, unit) = match key {
        "product_enhancement_ratio" => (interval(&series.members.iter().map(|m| m[i]).collect::<Vec<_>>()), "-fold".to_owned()),
        _ => (
            interval(&series.members.iter().map(|m| m[i] - m[0]).collect::<Vec<_>>()),
            format!(" {}", of.unit.replace("% of baseline", "% of the baseline")),
        ),
    };
    let number = |x: f64| {
        if x.abs() >= 1000.0 {
            // Two digits: more would claim knowledge.
            format!("{:.0}", significant(x))
        } else if x.abs() >= 100.0 {
            format!("{x:.0}")
        } else if x.abs() >= 1.0 {
            format!("{x:.1}")
        } else {
            format!("{x:.2}")
        }
    };
    let tissue = if grade(key).is_some() { ", tissue alone" } else { "" };
    Some(format!("{}: {} ({} to {}){unit}{tissue}", of.name, number(change.median), number(change.low), number(change.high)))
}

fn rows(claim: &Claim, outcomes: &[Outcome]) -> Vec<(&'static str, String)> {
    let predictions: Vec<String> = claim.readouts.iter().filter_map(|k| predicted(k, outcomes)).collect();
    vec![
        ("Usual reference", format!("{}. {}", claim.usual_reference, claim.reference_is)),
        ("Controlled studies", claim.controlled.clone()),
        ("Uncontrolled studies", claim.uncontrolled.clone()),
        ("Predicted", predictions.join("; ")),
        ("Strength", claim.strength.clone()),
        ("What would settle it", claim.settles.clone()),
    ]
}

fn plain(claim: &Claim, outcomes: &[Outcome]) -> String {
    let indent = " ".repeat(24);
    let rows: Vec<String> =
        rows(claim, outcomes).iter().map(|(name, text)| format!("  {name:<21} {}", terminal::wrap(text, 84, &indent))).collect();
    format!("{}\n{}", claim.claim, rows.join("\n"))
}

fn markdown(claim: &Claim, outcomes: &[Outcome]) -> String {
    let rows: Vec<String> = rows(claim, outcomes).iter().map(|(name, text)| format!("| {name} | {} |", text.replace('|', "\\|"))).collect();
    format!("## {}\n\n| | |\n|---|---|\n{}", claim.claim.trim_end_matches('.'), rows.join("\n"))
}
