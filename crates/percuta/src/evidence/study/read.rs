//! Reading a study record.

use std::path::Path;

use serde_json::Value;
use toml::Spanned;

use super::arms::{Arm, arms};
use super::check::{check, observation};
use super::file::StudyFile;
use super::{Role, Study};
use crate::course;
use crate::course::text::{CourseError, Fault, Kind, Sources, schema_of};

/// A study record with every key, commented.
pub const TEMPLATE: &str = include_str!("template.toml");

/// Text of the sources in which each template lies.
const OF_A_RECORD: usize = 1;
pub(super) const OF_A_COURSE: usize = 2;
pub(super) const OF_PERMEATION: usize = 3;

/// A study whose protocol can be run.
#[derive(Debug, Clone)]
pub struct Record {
    /// The study.
    pub study: Study,
    /// What was done in each arm that an observation speaks of; empty if the record has no protocol.
    pub arms: Vec<Arm>,
}

/// JSON Schema of a study record.
#[must_use]
pub fn schema() -> Value {
    schema_of::<StudyFile>("")
}

/// Reads a record from TOML `text`. `label` names it in errors; `folder` is where paths in its protocol start.
///
/// # Errors
/// Every mistake that was found, in the order of the text. There is at least one.
pub fn read(label: &str, text: &str, folder: &Path) -> Result<Record, Vec<CourseError>> {
    let sources = sources(label, text);
    let found = content(&sources).and_then(|file| {
        let study = study_of(&file)?;
        let arms = arms(&file, &study, &sources, folder)?;
        Ok(Record { study, arms })
    });
    found.map_err(|faults| located(&sources, faults))
}

/// Reads what a record observed and leaves its protocol unread.
pub(super) fn study(label: &str, text: &str) -> Result<Study, Vec<CourseError>> {
    let sources = sources(label, text);
    content(&sources).and_then(|file| study_of(&file)).map_err(|faults| located(&sources, faults))
}

fn sources(label: &str, text: &str) -> Sources {
    let mut sources = Sources::new(label, text);
    sources.push("the defaults", "");
    sources.push("the defaults of a course", course::file::TEMPLATE);
    sources.push("the defaults of a permeation study", course::permeation::file::TEMPLATE);
    sources
}

fn located(sources: &Sources, mut faults: Vec<Fault>) -> Vec<CourseError> {
    faults.sort_by_key(|f| f.span.start);
    faults.into_iter().map(|f| sources.locate(f)).collect()
}

fn content(sources: &Sources) -> Result<StudyFile, Vec<Fault>> {
    let kind = Kind { what: "a study record", template: "", optional: &[], setting: "", schema: schema() };
    let given = sources.parse(0).map_err(|fault| vec![fault])?.into_inner();
    kind.finish(sources, OF_A_RECORD, given, |_, _| {})
}

/// The study of a file, if nothing in it contradicts itself.
fn study_of(file: &StudyFile) -> Result<Study, Vec<Fault>> {
    let mut faults = check(file);
    let permeation = file.permeation.is_some();
    let observations = file.observations.iter().filter_map(|o| observation(o, permeation, &mut faults)).collect();
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Study {
        id: file.id.get_ref().clone(),
        citation: file.citation.get_ref().clone(),
        identifier: file.identifier.clone(),
        access: file.access.get_ref().clone(),
        kind: file.kind,
        reliability: file.reliability.clone(),
        assumed: file.assumed.iter().map(|a| a.get_ref().clone()).collect(),
        note: file.note.clone(),
        observations,
    })
}

/// Whether the model can be asked: everything but context needs a protocol.
pub(super) fn needs_protocol(file: &StudyFile) -> Option<std::ops::Range<usize>> {
    file.observations.iter().find(|o| o.get_ref().role != Role::Context).map(Spanned::span)
}
