//! The posterior ensemble that a course names.

use std::fs;
use std::path::Path;

use toml::Spanned;

use crate::course::text::Fault;
use crate::population::{JointDraws, ParameterSet};

/// Lays the draws of the file over the parameters.
pub(super) fn lay_over(file: Option<&Spanned<String>>, folder: &Path, set: &mut ParameterSet, faults: &mut Vec<Fault>) {
    let Some(file) = file else { return };
    let fault = |message: String| {
        Fault::new(file.span(), message)
            .expected("a posterior ensemble, as `percuta calibrate` writes it")
            .example("posterior = \"percuta-runs/calibration-1/posterior.toml\"")
    };
    let shown = file.get_ref();
    let done = fs::read_to_string(folder.join(shown))
        .map_err(|e| format!("`{shown}` cannot be read: {e}"))
        .and_then(|text| JointDraws::parse(&text).map_err(|e| format!("`{shown}` is no posterior ensemble: {}", e.trim_end())))
        .and_then(|joint| joint.lay_over(set).map_err(|e| format!("`{shown}`: {e}")));
    if let Err(message) = done {
        faults.push(fault(message));
    }
}
