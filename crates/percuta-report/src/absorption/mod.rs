//! The report of a permeation study: [`write()`] turns a [`PermeationOutcome`] into one folder as a course's run is one.

mod efsa;
mod figures;
#[cfg(test)]
mod fixture;
mod html;
mod ivpt;
mod summary;
mod tables;
mod words;

use std::path::Path;

use percuta::course::permeation::PermeationOutcome;

use crate::error::ReportError;
use crate::folder::{Inputs, refuse_overwriting, write_files};
use crate::manifest::manifest;
use crate::sources::sources_of;

pub use figures::figures;
pub use summary::{
    AbsorbSummary, Arm, Block, Channels, Compartment, Cover, Donor, Driver, Ivpt, IvptReadout, Profile, Quantity, Window, summarise,
    summary_schema,
};

/// Writes the folder of a study: all of it or nothing. The folder may exist if it is empty.
///
/// # Errors
/// [`ReportError::Exists`] if the folder holds anything, [`ReportError::Io`] if a file cannot be written (the partial
/// folder is removed), the others if a file cannot be put together.
pub fn write(outcome: &PermeationOutcome, inputs: &Inputs, folder: &Path) -> Result<(), ReportError> {
    refuse_overwriting(folder)?;
    write_files(&contents(outcome, inputs)?, folder).map(|_| ())
}

/// Every file of the study: path in the folder and contents.
fn contents(outcome: &PermeationOutcome, inputs: &Inputs) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let summary = summarise(outcome, &inputs.version)?;
    let figures = figures(outcome, &inputs.version)?;
    let mut files = vec![("report.html".to_owned(), html::report(outcome, inputs, &figures).into_bytes())];
    let mut json = serde_json::to_vec_pretty(&summary).map_err(|e| ReportError::make("summary.json", e))?;
    json.push(b'\n');
    files.push(("summary.json".to_owned(), json));
    files.extend(tables::files(outcome, &inputs.version)?);
    for figure in figures {
        files.push((format!("figures/{}.svg", figure.id), figure.svg.into_bytes()));
        files.push((format!("figures/{}.png", figure.id), figure.png));
    }
    files.push(("sources.bib".to_owned(), sources_of(outcome).into_bytes()));
    let manifest = manifest(outcome, inputs, &files)?;
    files.push(("manifest.json".to_owned(), manifest));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_study_is_written_whole_and_never_overwritten() {
        let dir = std::env::temp_dir().join(format!("percuta-report-study-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        let folder = dir.join("study");
        write(&fixture::outcome(), &fixture::inputs(), &folder).unwrap();
        for name in ["report.html", "summary.json", "tables/curves.csv", "tables/mass_balance.parquet", "figures/mass-balance.png"] {
            assert!(folder.join(name).metadata().unwrap().len() > 0, "{name}");
        }
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "no partial folder is left");
        let manifest: serde_json::Value = serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["study"]["text"], fixture::inputs().course_text);
        assert!(manifest.get("course").is_none());
        let files = manifest["files"].as_object().unwrap();
        for (name, hash) in files {
            assert_eq!(*hash, crate::hash::sha256(&fs::read(folder.join(name)).unwrap()), "{name}");
        }
        assert!(matches!(write(&fixture::outcome(), &fixture::inputs(), &folder), Err(ReportError::Exists { .. })));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_same_outcome_gives_the_same_bytes() {
        let make = || contents(&fixture::outcome(), &fixture::inputs()).unwrap();
        for (x, y) in make().iter().zip(&make()).filter(|(x, _)| x.0 != "manifest.json") {
            assert!(x == y, "{} differs", x.0);
        }
    }
}
