//! Reading a permeation study: TOML over the defaults of the template, `--set` over both, then every check.

mod dose;
mod format;
mod resolve;
mod schema;
mod skin;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

pub use schema::schema;

use self::format::{OF_THE_ARRAY, OF_THE_TREATMENT, OF_THE_VEHICLE, StudyFile};
use super::{BlockSettings, PermeationStudy};
use crate::course::text::{self, CourseError, Fault, Kind, Sources};

/// A permeation study with every key and its default, commented.
pub const TEMPLATE: &str = include_str!("template.toml");

/// A study that can be run, and how its file asks for it.
#[derive(Debug, Clone)]
pub struct LoadedStudy {
    /// The study.
    pub study: PermeationStudy,
    /// Seed of all random streams.
    pub seed: u64,
    /// Members of the ensemble.
    pub members: u32,
    /// The block of skin to compute beside the ensemble, if the study asks for one.
    pub block: Option<BlockSettings>,
}

/// Reads a permeation study from TOML `text`.
///
/// `file` names the text in errors and the study if it has no name; `folder` is where paths in it start;
/// `settings` are `KEY=VALUE` pairs laid over it.
///
/// # Errors
/// Every mistake that was found, in the order of the text. There is at least one.
pub fn load(text: &str, file: &str, folder: &Path, settings: &[String]) -> Result<LoadedStudy, Vec<CourseError>> {
    let kind = kind();
    let sources = kind.sources(text, file, settings)?;
    let mut places = Places::new();
    let content = kind.read::<StudyFile>(&sources, |given, faults| {
        missing(given, faults);
        places = places_of_permeant(given);
    });
    let resolved = content.map_err(resolve::Mistakes::from).and_then(|content| resolve::resolve(content, &places, file, folder));
    resolved.map_err(|mistakes| {
        let of_the_file = mistakes.faults.into_iter().map(|f| sources.locate(f));
        of_the_file.chain(mistakes.of_data).collect()
    })
}

/// Reads a permeation study from a table of another file; [`TEMPLATE`] is text `defaults` of `sources`. It names no measured points.
pub(crate) fn of_table<'s>(
    given: DeTable<'s>,
    sources: &'s Sources,
    defaults: usize,
    name: &str,
    folder: &Path,
) -> Result<LoadedStudy, Vec<Fault>> {
    let mut places = Places::new();
    let content = kind().finish::<StudyFile>(sources, defaults, given, |given, faults| {
        missing(given, faults);
        if let Some((key, _)) = given.get_key_value("data") {
            faults.push(Fault::new(key.span(), "measured points are no part of a protocol").expected("no `data`"));
        }
        places = places_of_permeant(given);
    })?;
    resolve::resolve(content, &places, name, folder).map_err(|mistakes| mistakes.faults)
}

fn kind() -> Kind {
    Kind {
        what: "a permeation study",
        template: TEMPLATE,
        optional: &["treatment"],
        setting: "--set study.duration=\"6 h\"",
        schema: schema(),
    }
}

/// Whether `text` is meant as a permeation study and not as a course: by the keys that only a study has.
///
/// It need not be whole, nor TOML: somebody's mistakes in it are reported for what it is.
#[must_use]
pub fn is_study(text: &str) -> bool {
    let mut top = true;
    text.lines().map(str::trim).any(|line| {
        let table = line.strip_prefix('[').map(|rest| rest.split([']', '.', ' ']).next().unwrap_or_default());
        top &= table.is_none();
        let key = line.split(['=', '.', ' ']).next().unwrap_or_default();
        table.is_some_and(|t| ["permeant", "vehicle", "dose", "skin", "array", "barrier"].contains(&t)) || top && key == "permeant"
    })
}

/// Where the file gives each property of a permeant of its own.
type Places = BTreeMap<String, Range<usize>>;

fn places_of_permeant(given: &DeTable<'_>) -> Places {
    let mut places = Places::new();
    let Some(DeValue::Table(permeant)) = given.get("permeant").map(Spanned::get_ref) else { return places };
    for (key, value) in permeant {
        places.insert(key.get_ref().to_string(), value.span());
        if let DeValue::Table(below) = value.get_ref() {
            places.extend(below.iter().map(|(k, v)| (format!("{}.{}", key.get_ref(), k.get_ref()), v.span())));
        }
    }
    places
}

/// Keys without default that the study does not give.
fn missing(given: &DeTable<'_>, faults: &mut Vec<Fault>) {
    if given.get("permeant").is_none() {
        faults.push(
            Fault::new(0..0, "a permeation study has no `permeant`")
                .expected("`permeant`, which has no default")
                .example("permeant = \"caffeine\"")
                .help("`percuta explain permeant.` lists all"),
        );
    }
    text::missing(given, "vehicle", &OF_THE_VEHICLE, faults);
    for (table, keys) in [("treatment", OF_THE_TREATMENT.as_slice()), ("array", &OF_THE_ARRAY)] {
        if given.get(table).is_some() {
            text::missing(given, table, keys, faults);
        }
    }
    let dose = given.get("dose");
    let has = |key: &str| matches!(dose.map(Spanned::get_ref), Some(DeValue::Table(t)) if t.get(key).is_some());
    // `infinite = false` beside no amount is found when the value is known.
    if !has("amount") && !has("infinite") {
        faults.push(
            Fault::new(dose.map_or(0..0, Spanned::span), "`[dose]` has no `amount`")
                .expected("the volume of an application, or `infinite = true`")
                .example("amount = \"10 µL/cm²\""),
        );
    }
}

#[cfg(test)]
mod tests;
