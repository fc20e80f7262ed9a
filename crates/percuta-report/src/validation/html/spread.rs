//! Observables on which studies disagree, each study's number beside its prediction.

use percuta::evidence::Domain;
use percuta::evidence::validation::Row;

use super::plural;
use crate::format;
use crate::html::markup::{escape, paragraph, table};
use crate::validation::spread::{Disagreement, disagreements};
use crate::validation::words;

/// The section; empty where studies agree.
pub fn section(rows: &[Row]) -> String {
    let found = disagreements(rows);
    if found.is_empty() {
        return String::new();
    }
    let mut out = paragraph(&format!(
        "More than one study read {} (in absorption, of the same substance) by the same means on the same scale and published numbers of opposite signs, with intervals that do not overlap, or that differ by more than a factor of five. Every number stands for itself: nothing is averaged and none is taken to be the right one. \
         Studies differ in device, depth, days and people, so that a disagreement need not be a contradiction; where the predictions beside them differ as much, the protocols explain it. Context numbers are among them: measured in animals, by other means, or bounds.",
        plural(found.len(), "observable", "observables")
    ));
    for disagreement in &found {
        out.push_str(&one(disagreement));
    }
    out
}

fn one(d: &Disagreement) -> String {
    let (Some(first), Some(last)) = (d.rows.first(), d.rows.last()) else { return String::new() };
    let unit = words::unit(first);
    let space = if unit.is_empty() { "" } else { " " };
    let mut studies: Vec<&str> = d.rows.iter().map(|r| r.study.as_str()).collect();
    studies.sort_unstable();
    studies.dedup();
    let permeants = if first.domain == Domain::Absorption { " Substances differ." } else { "" };
    let caption = format!(
        "{}, {}{}{}{}: {} of {} from {}{space}{unit} to {}{space}{unit}; {}.{permeants}",
        first.name,
        words::scale(first.scale),
        if unit.is_empty() { "" } else { ", " },
        unit,
        if first.untreated { ", without treatment" } else { "" },
        plural(d.rows.len(), "number", "numbers"),
        plural(studies.len(), "study", "studies"),
        words::published(first),
        words::published(last),
        d.reasons()
    );
    let head = ["Study", "Observed", "Arm", "Day", "n", "Published (90 % interval)", "Predicted (90 % interval)", "Covered", "Role"]
        .map(str::to_owned);
    let rows: Vec<Vec<String>> = d
        .rows
        .iter()
        .map(|r| {
            vec![
                format!("<a href=\"#study-{}\">{}</a>", escape(&r.study), escape(&r.short)),
                escape(&r.quantity),
                escape(r.group.as_deref().unwrap_or("–")),
                format::day(r.day),
                words::subjects(r.n),
                words::published_interval(r),
                words::interval(r.scale, &r.predicted),
                if r.covered { "yes".into() } else { "<b>no</b>".into() },
                r.role.name().to_owned(),
            ]
        })
        .collect();
    table(&caption, &head, &rows).replacen("<table>", "<table class=\"many\">", 1)
}
