//! The papers a run rests on, as BibTeX.

use std::collections::BTreeMap;

use percuta::population::{Kind, Parameter};

use crate::run::Run;

/// What stands for "nobody published this" in the cards.
const NO_PAPER: [&str; 5] = ["No ", "Assumed", "Set by", "Judgement", "Definition"];

/// `sources.bib` of a run.
pub fn sources_of(run: &impl Run) -> String {
    let groups = run.groups();
    let acts = |name: &str| name.split('.').next().is_some_and(|g| groups.contains(&g));
    bibtex(run.parameters().iter().filter(|(name, _)| acts(name)), &run.citations())
}

/// One source and the parameters that stand on it.
#[derive(Debug, Default)]
struct Source<'a> {
    text: &'a str,
    id: Option<&'a str>,
    parameters: Vec<&'a str>,
}

/// BibTeX of the sources of `cards`, sorted by key, each with the parameters that stand on it. `beside` are further citations: text
/// and identifier.
fn bibtex<'a>(cards: impl Iterator<Item = (&'a str, &'a Parameter)>, beside: &[(&'a str, Option<&'a str>)]) -> String {
    let mut sources: BTreeMap<&str, Source<'_>> = BTreeMap::new();
    let mut add = |text: &'a str, id: Option<&'a str>, parameter: Option<&'a str>| {
        let source = sources.entry(id.unwrap_or(text)).or_default();
        // The longest wording of one paper says most of it.
        if text.len() > source.text.len() {
            source.text = text;
        }
        source.id = source.id.or(id);
        source.parameters.extend(parameter);
    };
    for (text, id) in beside {
        add(text, *id, None);
    }
    for (name, card) in cards.filter(|(_, c)| c.kind != Kind::Setting && !NO_PAPER.iter().any(|n| c.source.starts_with(n))) {
        add(&card.source, card.id.as_deref(), Some(name));
    }
    let mut entries: BTreeMap<String, String> = BTreeMap::new();
    for source in sources.values() {
        let stem = key(source.text);
        let number = (1..).find(|n| !entries.contains_key(&numbered(&stem, *n))).unwrap_or(1);
        let own = numbered(&stem, number);
        entries.insert(own.clone(), entry(&own, source));
    }
    entries.into_values().collect::<Vec<_>>().join("\n")
}

fn numbered(stem: &str, number: usize) -> String {
    if number == 1 { stem.to_owned() } else { format!("{stem}-{number}") }
}

fn entry(key: &str, source: &Source<'_>) -> String {
    let mut text = format!("@misc{{{key},\n  howpublished = {{{}}},\n", escaped(source.text));
    if let Some(year) = year(source.text) {
        text += &format!("  year = {{{year}}},\n");
    }
    match source.id {
        Some(doi) if doi.starts_with("10.") => text += &format!("  doi = {{{doi}}},\n"),
        Some(other) => text += &format!("  note = {{{}}},\n", escaped(other)),
        None => {}
    }
    if !source.parameters.is_empty() {
        text += &format!("  keywords = {{{}}},\n", escaped(&source.parameters.join(", ")));
    }
    text + "}\n"
}

/// First word that begins like a name, and the year: `Aust2008`.
fn key(text: &str) -> String {
    let word = text
        .split(|c: char| !c.is_alphabetic())
        .find(|w| w.len() > 2 && w.chars().next().is_some_and(char::is_uppercase))
        .unwrap_or("source");
    let plain: String = word.chars().filter(char::is_ascii_alphabetic).collect();
    format!("{plain}{}", year(text).unwrap_or_default())
}

fn year(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_digit()).find(|t| t.len() == 4 && ("1800".."2100").contains(t))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if matches!(c, '%' | '&' | '_' | '#' | '$') {
            out.push('\\');
        }
        // Braces would end the field.
        if !matches!(c, '{' | '}' | '\\') {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use percuta::population::ParameterSet;

    #[test]
    fn papers_are_listed_once_with_what_stands_on_them() {
        let set = ParameterSet::embedded().unwrap();
        let text = bibtex(set.iter(), &[("Kenkel group. Aesthet Surg J 2021", Some("PMID 33656167"))]);
        assert!(text.contains("@misc{Kenkel2021,") && text.contains("note = {PMID 33656167}"));
        // Two cards on one paper.
        let hackethal: Vec<&str> = text.split("@misc").filter(|e| e.contains("10.1111/srt.12918")).collect();
        assert_eq!(hackethal.len(), 1);
        assert!(hackethal[0].contains("erythema.half\\_damage, erythema.highest\\_dilation"), "{}", hackethal[0]);
        assert!(!text.contains("No measurement found") && !text.contains("No estimate found"));
        let keys: Vec<&str> = text.lines().filter(|l| l.starts_with('@')).collect();
        let mut unique = keys.clone();
        unique.dedup();
        assert_eq!(keys, unique);
        assert_eq!(text.matches('{').count(), text.matches('}').count());
    }

    #[test]
    fn keys_are_author_and_year() {
        assert_eq!(key("Aust MC et al. Plast Reconstr Surg 2008;121:1421"), "Aust2008");
        assert_eq!(key("no name here"), "source");
        assert_eq!(year("pages 12345 of 1999"), Some("1999"));
    }
}
