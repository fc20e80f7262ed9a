//! Reading a course file: TOML over the defaults of the template, `--set` over both, then every check.

mod error;
mod format;
mod keys;
mod overrides;
mod patch;
mod resolve;
mod schema;
mod source;

use std::path::Path;

use serde::Deserialize as _;

pub use error::{CourseError, Place};
pub use schema::schema;

use self::error::Fault;
use self::format::CourseFile;
use self::source::Sources;
use super::Course;
use super::patch::PatchSettings;

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
    let mut sources = Sources::new(file, text);
    let mut unreadable = Vec::new();
    for argument in settings {
        let key = argument.split('=').next().unwrap_or_default().trim();
        match source::set_line(argument) {
            Ok(line) => sources.push(&format!("--set {key}"), &line),
            Err(reason) => {
                let place = Place { name: "--set".into(), text: argument.clone(), span: 0..argument.len() };
                unreadable.push(CourseError {
                    place,
                    message: reason,
                    expected: Some("a key, `=` and a value".into()),
                    example: Some("--set treatment.depth=\"1 mm\"".into()),
                    help: None,
                });
            }
        }
    }
    if !unreadable.is_empty() {
        return Err(unreadable);
    }
    let defaults = settings.len() + 1;
    sources.push("the defaults", TEMPLATE);
    read(&sources, defaults)
        .and_then(|file_content| resolve::resolve(file_content, file, folder))
        .map_err(|faults| faults.into_iter().map(|f| sources.locate(f)).collect())
}

/// Text 0 is the file, then come the settings, and text `defaults` is the template.
fn read(sources: &Sources, defaults: usize) -> Result<CourseFile, Vec<Fault>> {
    let one = |fault: Fault| vec![fault];
    let mut course = sources.parse(0).map_err(one)?;
    for i in 1..defaults {
        let over = sources.parse(i).map_err(one)?.into_inner();
        source::set(course.get_mut(), over, 0);
    }
    let mut faults = Vec::new();
    keys::unknown(course.get_ref(), &schema(), "", &mut faults);
    keys::missing(course.get_ref(), &mut faults);
    if !faults.is_empty() {
        faults.sort_by_key(|f| f.span.start);
        return Err(faults);
    }
    let mut all = sources.parse(defaults).map_err(one)?;
    source::lay_over(all.get_mut(), course.into_inner());
    CourseFile::deserialize(toml::Deserializer::from(all)).map_err(|e| one(Fault::from_toml(&e)))
}

#[cfg(test)]
mod tests;
