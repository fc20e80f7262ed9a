//! The folder of a validation: `validation.html`, `validation.json`, tables and figures.

pub(crate) mod figures;
#[cfg(test)]
mod fixture;
mod html;
mod spread;
mod tables;
pub(crate) mod words;

use std::path::Path;

use percuta::evidence::validation::Validation;

use crate::error::ReportError;
use crate::folder::write_files;

/// Version on page and figures.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Writes the results into the empty folder `dir` and returns `validation.json`.
///
/// # Errors
/// [`ReportError`] if a file cannot be put together or written; nothing is left then.
pub fn write(validation: &Validation, dir: &Path) -> Result<String, ReportError> {
    let mut validation = validation.clone();
    for failed in &mut validation.failed {
        failed.reason = words::without_colours(&failed.reason);
    }
    let json = json(&validation)?;
    write_files(&contents(&validation, &json)?, dir)?;
    Ok(json)
}

fn json(validation: &Validation) -> Result<String, ReportError> {
    Ok(serde_json::to_string_pretty(validation).map_err(|e| ReportError::make("validation.json", e))? + "\n")
}

/// Every file: path in the folder and contents.
fn contents(validation: &Validation, json: &str) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let figures = figures::figures(validation, VERSION)?;
    let mut files = vec![
        ("validation.html".to_owned(), html::report(validation, &figures, VERSION).into_bytes()),
        ("validation.json".to_owned(), json.as_bytes().to_vec()),
    ];
    files.extend(tables::files(validation, VERSION)?);
    for figure in figures {
        files.push((format!("figures/{}.svg", figure.id), figure.svg.into_bytes()));
        files.push((format!("figures/{}.png", figure.id), figure.png));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_folder_is_written_whole() {
        let dir = std::env::temp_dir().join(format!("percuta-report-validation-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        let folder = dir.join("validation");
        let mut validation = fixture::validation();
        validation.failed[0].reason = "\u{1b}[31merror\u{1b}[0m: what a terminal shows in red".into();
        let json = write(&validation, &folder).unwrap();
        assert!(json.contains("\"error: what a terminal shows in red\""));
        for name in [
            "validation.html",
            "validation.json",
            "tables/validation.csv",
            "tables/validation.parquet",
            "tables/scores.csv",
            "figures/coverage-by-domain.svg",
            "figures/predicted-against-published.png",
            "figures/forest-scars.svg",
        ] {
            assert!(folder.join(name).metadata().unwrap().len() > 0, "{name}");
        }
        assert_eq!(fs::read_to_string(folder.join("validation.json")).unwrap(), json);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1, "no partial folder is left");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_same_validation_gives_the_same_bytes() {
        let make = || contents(&fixture::validation(), "{}").unwrap();
        for (x, y) in make().iter().zip(&make()) {
            assert!(x == y, "{} differs", x.0);
        }
    }

    #[test]
    fn a_validation_without_rows_has_a_folder_too() {
        let files = contents(&fixture::empty(), "{}").unwrap();
        assert!(files.iter().all(|(name, _)| !name.starts_with("figures/")));
        assert!(files.iter().any(|(name, _)| name == "tables/validation.parquet"));
    }
}
