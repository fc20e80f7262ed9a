//! `manifest.json`: what a run was made from and which files it holds.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use percuta::population::Parameter;
use serde::Serialize;

use crate::error::ReportError;
use crate::folder::Inputs;
use crate::hash::sha256;
use crate::run::Run;

#[derive(Serialize)]
struct Manifest<'a> {
    percuta: &'a str,
    command: &'a str,
    /// Seconds since 1970-01-01 UTC.
    written_unix_s: u64,
    seed: u64,
    members: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    course: Option<InputFile<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    study: Option<InputFile<'a>>,
    /// SHA-256 by path of the files that the course names, such as the map of its surface.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    named_files: BTreeMap<&'a str, &'a str>,
    /// SHA-256 of each group of parameter cards as used (`healing`, `device`, ...), the user's overrides included.
    parameter_groups: BTreeMap<String, String>,
    /// SHA-256 by path.
    files: BTreeMap<&'a str, String>,
}

#[derive(Serialize)]
struct InputFile<'a> {
    path: &'a str,
    sha256: String,
    text: &'a str,
    overrides: &'a [String],
}

/// The manifest of a run with these files (path in the folder, contents).
pub fn manifest(run: &impl Run, inputs: &Inputs, files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, ReportError> {
    let fault = |e: serde_json::Error| ReportError::make("manifest.json", e);
    let mut groups: BTreeMap<String, BTreeMap<&str, &Parameter>> = BTreeMap::new();
    for (name, card) in run.parameters().iter() {
        let group = name.split('.').next().unwrap_or(name);
        groups.entry(group.to_owned()).or_default().insert(name, card);
    }
    let mut parameter_groups = BTreeMap::new();
    for (group, cards) in groups {
        parameter_groups.insert(group, sha256(&serde_json::to_vec(&cards).map_err(fault)?));
    }
    let file = InputFile {
        path: &inputs.course_path,
        sha256: sha256(inputs.course_text.as_bytes()),
        text: &inputs.course_text,
        overrides: &inputs.overrides,
    };
    let (course, study) = if run.kind() == "course" { (Some(file), None) } else { (None, Some(file)) };
    let manifest = Manifest {
        percuta: &inputs.version,
        command: &inputs.command,
        written_unix_s: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs()),
        seed: run.seed(),
        members: run.members(),
        course,
        study,
        named_files: run.named_files().into_iter().collect(),
        parameter_groups,
        files: files.iter().map(|(path, bytes)| (path.as_str(), sha256(bytes))).collect(),
    };
    let mut text = serde_json::to_vec_pretty(&manifest).map_err(fault)?;
    text.push(b'\n');
    Ok(text)
}
