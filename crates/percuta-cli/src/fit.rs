//! `percuta absorb --fit`: parameters of a permeation study from measured points.

use std::path::Path;

use percuta::course::permeation::file::LoadedStudy;
use percuta::course::permeation::fit::{FitSettings, describe, fit};

use crate::arguments::Absorb;
use crate::course_text;
use crate::failure::Failure;
use crate::terminal;

/// Fits what `--estimate` names to the points of `file` and prints what came out.
pub fn run(arguments: &Absorb, loaded: &LoadedStudy, file: &Path) -> Result<(), Failure> {
    let data = course_text::read_points(file, loaded.study.treatment.is_some())?;
    let settings = FitSettings { estimate: arguments.estimate.clone(), prior: arguments.prior };
    if !arguments.output.quiet {
        terminal::tell(&format!("Fitting {} to {}.", loaded.study.name, file.display()));
    }
    let found = fit(&loaded.study, &data, &settings, loaded.seed).map_err(|e| Failure::input(e.to_string()))?;
    if arguments.output.json {
        let json = serde_json::to_string_pretty(&found).map_err(|e| Failure::run(e.to_string()))?;
        terminal::print(&json);
    } else {
        terminal::print(describe(&found).trim_end());
    }
    Ok(())
}
