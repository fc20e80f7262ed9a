//! `percuta explain`: where a number comes from.

mod catalogue;
mod relations;

use percuta::evidence::Study;
use percuta::population::{Parameter, ParameterSet};

use self::catalogue::{Entry, entries};
use crate::arguments::Explain;
use crate::failure::Failure;
use crate::terminal;

pub fn explain(arguments: &Explain) -> Result<(), Failure> {
    let set = ParameterSet::embedded().map_err(|e| Failure::run(e.to_string()))?;
    let entries = entries().map_err(Failure::run)?;
    let name = arguments.name.as_deref().unwrap_or_default().trim();
    if let Ok(card) = set.card(name) {
        terminal::print(&show_card(name, card));
        return Ok(());
    }
    if name == relations::NAME {
        terminal::print(&relations::relations(&set).map_err(|e| Failure::run(e.to_string()))?);
        return Ok(());
    }
    if let Some(entry) = entries.iter().find(|e| e.name == name || e.key() == name) {
        terminal::print(&show_entry(entry));
        return Ok(());
    }
    let of_entries = cards_of_entries(&entries);
    if let Some((full, card)) = of_entries.iter().find(|(full, _)| full == name) {
        terminal::print(&show_card(full, card));
        return Ok(());
    }
    // In a run the cards of its device are called `device.<card>` and those of its site `skin.<card>`.
    if let Some((group @ ("device" | "skin"), card)) = name.split_once('.') {
        let group = if group == "skin" { "site" } else { group };
        let found: Vec<_> = of_entries
            .iter()
            .filter(|(full, _)| full.starts_with(group) && full.rsplit('.').next() == Some(card))
            .map(|(full, card)| line(full, card))
            .collect();
        if !found.is_empty() {
            terminal::print(&format!("`{name}` depends on the {group}:\n{}", found.join("\n")));
            return Ok(());
        }
    }
    let listed = list(&set, &entries, name);
    if listed.is_empty() {
        return Err(unknown(name, &set, &entries));
    }
    terminal::print(&listed.join("\n"));
    Ok(())
}

/// Cards of catalogue entries as `device.skinpen.stroke_frequency`.
fn cards_of_entries(entries: &[Entry]) -> Vec<(String, &Parameter)> {
    entries.iter().flat_map(|e| e.cards.iter().map(move |(key, card)| (format!("{}.{key}", e.name), card))).collect()
}

/// One line for each name that starts with `prefix`.
fn list(set: &ParameterSet, entries: &[Entry], prefix: &str) -> Vec<String> {
    let parameters = set.iter().filter(|(n, _)| n.starts_with(prefix)).map(|(n, c)| line(n, c));
    let catalogue = entries.iter().filter(|e| e.name.starts_with(prefix)).map(|e| format!("{:<42} {}", e.name, e.title));
    let relations = relations::NAME.starts_with(prefix).then(|| format!("{:<42} {}", relations::NAME, relations::TITLE));
    parameters.chain(catalogue).chain(relations).collect()
}

fn line(name: &str, card: &Parameter) -> String {
    format!("{name:<42} {:<16} {}", quantity(card.value, &card.unit), first_sentence(&card.meaning))
}

fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first).trim_end_matches('.')
}

fn quantity(value: f64, unit: &str) -> String {
    if unit == "1" { value.to_string() } else { format!("{value} {unit}") }
}

fn show_card(name: &str, card: &Parameter) -> String {
    let kind = format!("{:?}", card.kind).to_lowercase();
    let mut rows = vec![
        ("value", quantity(card.value, &card.unit)),
        ("spread", card.distribution.describe()),
        ("kind", kind),
        ("meaning", card.meaning.clone()),
        ("source", card.source.clone()),
    ];
    rows.extend(card.id.clone().map(|id| ("id", id)));
    rows.extend(card.note.clone().map(|note| ("note", note)));
    let informing = informing(card);
    if !informing.is_empty() {
        rows.push(("studies", informing.join("\n")));
    }
    format!("{name}\n{}", show_rows(&rows))
}

/// Study records that inform a parameter.
fn informing(card: &Parameter) -> Vec<String> {
    Study::ids().filter_map(|id| Study::find(id).ok()).filter(|s| s.informs(card)).map(|s| format!("study.{}", s.id)).collect()
}

fn show_entry(entry: &Entry) -> String {
    let mut text = format!("{}: {}\n{}", entry.name, entry.title, show_rows(&entry.rows));
    for (key, card) in &entry.cards {
        text += &format!("\n\n{}", show_card(&format!("{}.{key}", entry.name), card));
    }
    text
}

fn show_rows(rows: &[(&'static str, String)]) -> String {
    let indent = " ".repeat(16);
    rows.iter().map(|(key, text)| format!("  {key:<13} {}", terminal::wrap(text, 90, &indent))).collect::<Vec<_>>().join("\n")
}

/// Nothing is called that: the nearest names.
fn unknown(name: &str, set: &ParameterSet, entries: &[Entry]) -> Failure {
    let last = |n: &str| n.rsplit('.').next().unwrap_or(n).to_owned();
    let all: Vec<String> =
        set.names().map(str::to_owned).chain(entries.iter().map(|e| e.name.clone())).chain([relations::NAME.into()]).collect();
    // A name without its group is as good as one with it.
    let mut near: Vec<(f64, &String)> = all
        .iter()
        .map(|n| (strsim::jaro_winkler(name, n).max(strsim::jaro_winkler(&last(name), &last(n))), n))
        .filter(|(s, _)| *s > 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let help = match near.as_slice() {
        [] => "`percuta explain` lists all names".to_owned(),
        near => format!("did you mean {}?", near.iter().take(3).map(|(_, n)| format!("`{n}`")).collect::<Vec<_>>().join(" or ")),
    };
    Failure::input(format!("nothing is called `{name}`\n  help: {help}"))
}
