//! What was done in each arm of a study: its protocol as a course or a permeation study that can be run.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Study;
use super::file::StudyFile;
use super::read::{OF_A_COURSE, OF_PERMEATION};
use crate::course::permeation::PermeationStudy;
use crate::course::text::{Fault, Sources, set};
use crate::course::{self, Course};

/// One arm of a study.
#[derive(Debug, Clone)]
pub struct Arm {
    /// Name in the observations; none for the protocol itself.
    pub group: Option<String>,
    /// What was done.
    pub protocol: Protocol,
}

/// What was done in an arm.
#[derive(Debug, Clone)]
pub enum Protocol {
    /// A course on living skin, read on the days of the arm's observations.
    Course(Box<Course>),
    /// A permeation study on excised skin.
    Permeation(Box<PermeationStudy>),
}

/// The arms that the observations speak of.
pub(super) fn arms(file: &StudyFile, study: &Study, sources: &Sources, folder: &Path) -> Result<Vec<Arm>, Vec<Fault>> {
    let permeation = file.permeation.is_some();
    if !permeation && file.protocol.is_none() {
        return Ok(Vec::new());
    }
    let mut groups: Vec<Option<&str>> = Vec::new();
    for observation in &study.observations {
        let group = observation.group.as_deref();
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let mut arms = Vec::new();
    for group in groups {
        let given = table(sources, if permeation { "permeation" } else { "protocol" }, group)?;
        let days = study.observations.iter().filter(|o| o.group.as_deref() == group).map(|o| o.day);
        let protocol = if permeation {
            let loaded = course::permeation::file::of_table(given, sources, OF_PERMEATION, &study.id, folder)?;
            Protocol::Permeation(Box::new(loaded.study))
        } else {
            let mut course = course::file::of_table(given, sources, OF_A_COURSE, &study.id, folder)?.course;
            course.visits = visits(days);
            if group == Some(Study::UNTREATED) {
                course.sessions.clear();
            }
            Protocol::Course(Box::new(course))
        };
        arms.push(Arm { group: group.map(Into::into), protocol });
    }
    Ok(arms)
}

/// Days on which a course is read for observations of these days.
pub(in crate::evidence) fn visits(days: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut visits: Vec<f64> = days.chain([0.0]).collect();
    visits.sort_by(f64::total_cmp);
    visits.dedup();
    visits
}

/// The protocol with what an arm lays over it.
fn table<'s>(sources: &'s Sources, key: &str, group: Option<&str>) -> Result<DeTable<'s>, Vec<Fault>> {
    let mut root = sources.parse(0).map_err(|f| vec![f])?.into_inner();
    let mut protocol = taken(&mut root, key)?;
    if let Some(group) = group
        && let Ok(mut arms) = taken(&mut root, "arms")
        && arms.get(group).is_some()
    {
        set(&mut protocol, taken(&mut arms, group)?, 0);
    }
    Ok(protocol)
}

fn taken<'s>(table: &mut DeTable<'s>, key: &str) -> Result<DeTable<'s>, Vec<Fault>> {
    let value = table.remove(key);
    let span = value.as_ref().map_or(0..0, Spanned::span);
    match value.map(Spanned::into_inner) {
        Some(DeValue::Table(table)) => Ok(table),
        _ => Err(vec![Fault::new(span, format!("`{key}` is no table")).expected(format!("a table `[{key}]`"))]),
    }
}
