//! Reading a course file: TOML over the defaults of the template, `--set` over both, then every check.

mod format;
mod lines;
mod patch;
mod posterior;
mod resolve;
mod scars;
mod schema;
mod surface;
mod surface_map;

use std::path::Path;

use toml::de::DeTable;

pub use schema::schema;

use self::format::{CourseFile, REQUIRED};
use super::Course;
use super::patch::PatchSettings;
use super::text::{self, Fault, Kind, Sources};
pub use super::text::{CourseError, Place};

/// A course file with every key and its default, commented.
pub const TEMPLATE: &str = include_str!("template.toml");

/// A course that can be run, and how its file asks for it.
#[derive(Debug, Clone)]
pub struct LoadedCourse {
    /// The course.
    pub course: Course,
    /// Seed of all random streams.
    pub seed: u64,
    /// Members of the ensemble.
    pub members: u32,
    /// The block of skin to compute beside the ensemble, if the course asks for one.
    pub patch: Option<PatchSettings>,
}

/// Reads a course from TOML `text`.
///
/// `file` names the text in errors and the course if it has no name; `folder` is where paths in it start;
/// `settings` are `KEY=VALUE` pairs laid over it.
///
/// # Errors
/// Every mistake that was found, in the order of the text. There is at least one.
pub fn load(text: &str, file: &str, folder: &Path, settings: &[String]) -> Result<LoadedCourse, Vec<CourseError>> {
    let kind = kind();
    let sources = kind.sources(text, file, settings)?;
    let check = |given: &DeTable<'_>, faults: &mut Vec<_>| {
        text::missing(given, "treatment", &REQUIRED, faults);
        surface_map::one_surface(given, faults);
    };
    kind.read::<CourseFile>(&sources, check)
        .and_then(|content| resolve::resolve(content, file, folder))
        .map_err(|faults| faults.into_iter().map(|f| sources.locate(f)).collect())
}

/// Reads a course from a table of another file; [`TEMPLATE`] is text `defaults` of `sources`.
pub(crate) fn of_table<'s>(
    given: DeTable<'s>,
    sources: &'s Sources,
    defaults: usize,
    name: &str,
    folder: &Path,
) -> Result<LoadedCourse, Vec<Fault>> {
    kind()
        .finish::<CourseFile>(sources, defaults, given, |given, faults| text::missing(given, "treatment", &REQUIRED, faults))
        .and_then(|content| resolve::resolve(content, name, folder))
}

fn kind() -> Kind {
    Kind { what: "a course", template: TEMPLATE, optional: &[], setting: "--set treatment.depth=\"1 mm\"", schema: schema() }
}

#[cfg(test)]
mod tests;
