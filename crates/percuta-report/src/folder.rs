//! Writing a run's folder: all of it or nothing.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use percuta::course::Outcome;

use crate::error::ReportError;
use crate::figures::figures;
use crate::html;
use crate::manifest::manifest;
use crate::sources::sources_of;
use crate::summary::summarise;
use crate::tables;

/// What a run was made from, for the manifest and the report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inputs {
    /// Path of the course file as the user gave it.
    pub course_path: String,
    /// Text of the course file.
    pub course_text: String,
    /// Settings that overrode the course file, as given.
    pub overrides: Vec<String>,
    /// Version of Percuta.
    pub version: String,
    /// The command that was run.
    pub command: String,
}

/// Writes the folder of a run and returns the files written. The folder may exist if it is empty.
///
/// All files go to a folder beside it first, which is then renamed: a run is there whole or not at all. The results of an
/// `unfinished` run, whose folder lies in `dir`, are put together there and moved up one by one, and the folder goes last: until
/// then the run is not done, and nothing else in `dir` is touched.
///
/// # Errors
/// [`ReportError::Exists`] if the folder holds anything, [`ReportError::Io`] if a file cannot be written (the partial
/// folder is removed), the others if a file cannot be put together.
pub fn write(outcome: &Outcome, inputs: &Inputs, dir: &Path, unfinished: Option<&Path>) -> Result<Vec<PathBuf>, ReportError> {
    match unfinished {
        None => {
            refuse_overwriting(dir)?;
            write_files(&contents(outcome, inputs)?, dir)
        }
        Some(unfinished) => complete(&contents(outcome, inputs)?, dir, unfinished),
    }
}

/// Every file of the run: path in the folder and contents.
fn contents(outcome: &Outcome, inputs: &Inputs) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
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
        files.extend(figure.pictures.into_iter().map(|p| (format!("pictures/{}.png", p.name), p.png)));
    }
    files.push(("sources.bib".to_owned(), sources_of(outcome).into_bytes()));
    let manifest = manifest(outcome, inputs, &files)?;
    files.push(("manifest.json".to_owned(), manifest));
    Ok(files)
}

/// Refuses a folder that holds anything.
pub fn refuse_overwriting(dir: &Path) -> Result<(), ReportError> {
    match fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(ReportError::Exists { dir: dir.to_owned() }),
        },
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        // A file of that name is not to be overwritten either.
        Err(_) if dir.is_file() => Err(ReportError::Exists { dir: dir.to_owned() }),
        Err(source) => Err(ReportError::Io { path: dir.to_owned(), source }),
    }
}

/// Writes the files beside the folder and moves them there in one step.
pub fn write_files(files: &[(String, Vec<u8>)], dir: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let name = dir.file_name().unwrap_or_default().to_string_lossy();
    let partial = dir.with_file_name(format!(".{name}.partial-{}", std::process::id()));
    if let Some(parent) = dir.parent() {
        fs::create_dir_all(parent).map_err(|source| ReportError::Io { path: parent.to_owned(), source })?;
    }
    let done = fill(files, &partial).and_then(|()| {
        // Renaming onto an empty folder is not possible everywhere; removing fails if it is no longer empty.
        match fs::remove_dir(dir) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(ReportError::Io { path: dir.to_owned(), source }),
            _ => fs::rename(&partial, dir).map_err(|source| ReportError::Io { path: dir.to_owned(), source }),
        }
    });
    match done {
        Ok(()) => Ok(files.iter().map(|(path, _)| dir.join(path)).collect()),
        Err(error) => {
            // Nothing more can be done if this fails too; the first error is the one to report.
            let _ = fs::remove_dir_all(&partial);
            Err(error)
        }
    }
}

/// Writes the results of an unfinished run and ends it.
fn complete(files: &[(String, Vec<u8>)], dir: &Path, unfinished: &Path) -> Result<Vec<PathBuf>, ReportError> {
    let fault = |path: &Path, source| ReportError::Io { path: path.to_owned(), source };
    let results = unfinished.join("results");
    // Left by an attempt that was interrupted.
    remove(&results)?;
    fill(files, &results).inspect_err(|_| {
        let _ = fs::remove_dir_all(&results);
    })?;
    for entry in fs::read_dir(&results).map_err(|e| fault(&results, e))? {
        let entry = entry.map_err(|e| fault(&results, e))?;
        let place = dir.join(entry.file_name());
        remove(&place)?;
        fs::rename(entry.path(), &place).map_err(|e| fault(&place, e))?;
    }
    // First what says that there is an unfinished run, then the rest, which does no harm if it stays.
    let told = unfinished.join("run.json");
    fs::remove_file(&told).map_err(|e| fault(&told, e))?;
    let _ = fs::remove_dir_all(unfinished);
    Ok(files.iter().map(|(path, _)| dir.join(path)).collect())
}

/// Removes a file or folder if it is there.
fn remove(path: &Path) -> Result<(), ReportError> {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(source) if source.kind() != io::ErrorKind::NotFound => Err(ReportError::Io { path: path.to_owned(), source }),
        _ => Ok(()),
    }
}

fn fill(files: &[(String, Vec<u8>)], partial: &Path) -> Result<(), ReportError> {
    let fault = |path: &Path, source| ReportError::Io { path: path.to_owned(), source };
    fs::create_dir(partial).map_err(|e| fault(partial, e))?;
    for (name, bytes) in files {
        let path = partial.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|e| fault(folder, e))?;
        }
        fs::write(&path, bytes).map_err(|e| fault(&path, e))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// An empty folder for one test.
    fn scratch(test: &str) -> PathBuf {
        let dir = std::env::temp_dir().join(format!("percuta-report-{test}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        dir
    }

    #[test]
    fn a_run_is_written_whole_and_never_overwritten() {
        let dir = scratch("whole");
        let run = dir.join("a/run");
        let files = write(&fixture::outcome(), &fixture::inputs(), &run, None).unwrap();
        for name in ["report.html", "summary.json", "manifest.json", "tables/readouts.csv", "tables/readouts.parquet"] {
            assert!(files.contains(&run.join(name)), "{name} is missing");
        }
        assert!(files.iter().all(|f| f.metadata().unwrap().len() > 0));
        assert_eq!(fs::read_dir(dir.join("a")).unwrap().count(), 1, "no partial folder is left");

        let manifest: serde_json::Value = serde_json::from_slice(&fs::read(run.join("manifest.json")).unwrap()).unwrap();
        for file in files.iter().filter(|f| !f.ends_with("manifest.json")) {
            let name = file.strip_prefix(&run).unwrap().to_string_lossy().replace('\\', "/");
            assert_eq!(manifest["files"][&name], crate::hash::sha256(&fs::read(file).unwrap()), "{name}");
        }
        assert_eq!(manifest["course"]["text"], fixture::inputs().course_text);

        let before = fs::read(run.join("report.html")).unwrap();
        let again = write(&fixture::outcome(), &fixture::inputs(), &run, None);
        assert!(matches!(again, Err(ReportError::Exists { .. })));
        assert_eq!(fs::read(run.join("report.html")).unwrap(), before);

        let empty = dir.join("empty");
        fs::create_dir(&empty).unwrap();
        assert!(write_files(&[], &empty).is_ok() && empty.is_dir(), "an empty folder may be filled");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn the_same_outcome_gives_the_same_bytes() {
        let (a, b) =
            (contents(&fixture::outcome(), &fixture::inputs()).unwrap(), contents(&fixture::outcome(), &fixture::inputs()).unwrap());
        assert_eq!(a.len(), b.len());
        for (x, y) in a.iter().zip(&b).filter(|(x, _)| x.0 != "manifest.json") {
            assert!(x == y, "{} differs", x.0);
        }
    }

    #[test]
    fn an_unfinished_run_is_completed_in_place() {
        let dir = scratch("complete");
        let run = dir.join("run");
        let unfinished = run.join("unfinished");
        // An attempt before was stopped while it moved its files up; a reader has left notes.
        fs::create_dir_all(unfinished.join("results/half")).unwrap();
        fs::create_dir_all(run.join("figures")).unwrap();
        fs::write(run.join("figures/old"), "old").unwrap();
        fs::write(run.join("notes.txt"), "mine").unwrap();
        fs::write(unfinished.join("run.json"), "{}").unwrap();
        let files = [("report.html".to_owned(), vec![1]), ("figures/new".to_owned(), vec![2])];
        let written = complete(&files, &run, &unfinished).unwrap();
        assert_eq!(written, [run.join("report.html"), run.join("figures/new")]);
        assert!(written.iter().all(|f| f.is_file()) && !run.join("figures/old").exists() && !unfinished.exists());
        assert_eq!(fs::read_to_string(run.join("notes.txt")).unwrap(), "mine");
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn an_unwritable_place_is_named() {
        let dir = scratch("unwritable");
        fs::write(dir.join("file"), "x").unwrap();
        let fault = write_files(&[], &dir.join("file/run")).unwrap_err();
        assert!(matches!(&fault, ReportError::Io { path, .. } if path.ends_with("file")), "{fault}");
        assert!(matches!(refuse_overwriting(&dir.join("file")), Err(ReportError::Exists { .. })));
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn a_failure_midway_leaves_nothing_behind() {
        let dir = scratch("midway");
        // The second file needs a folder where the first has put a file, as a full disk would stop it midway.
        let files = [("a".to_owned(), vec![1]), ("a/b".to_owned(), vec![2])];
        let fault = write_files(&files, &dir.join("run")).unwrap_err();
        assert!(matches!(fault, ReportError::Io { .. }));
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 0, "the partial folder is removed");
        fs::remove_dir_all(dir).unwrap();
    }
}
