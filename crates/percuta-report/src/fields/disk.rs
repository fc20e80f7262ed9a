//! Files that are there whole or not at all, and the removal of what was never finished.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::error::ReportError;

/// Ending of a file that is being written.
const PARTIAL: &str = ".partial";

/// A failure to write `path`.
pub fn unwritten(path: &Path) -> impl FnOnce(io::Error) -> ReportError {
    move |source| ReportError::Io { path: path.to_owned(), source }
}

/// A failure to read `path`.
pub fn unread(path: &Path) -> impl FnOnce(io::Error) -> ReportError {
    move |source| ReportError::Read { path: path.to_owned(), source }
}

/// The name of `path` while it is being written.
pub fn partial(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(PARTIAL);
    PathBuf::from(name)
}

/// Makes the folder that `path` is in.
pub fn make_parent(path: &Path) -> Result<(), ReportError> {
    match path.parent() {
        Some(folder) => fs::create_dir_all(folder).map_err(unwritten(folder)),
        None => Ok(()),
    }
}

/// Writes a file under another name and renames it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), ReportError> {
    make_parent(path)?;
    let partial = partial(path);
    let done = fs::write(&partial, bytes).and_then(|()| fs::rename(&partial, path));
    done.map_err(|source| {
        // Makes room on a full disk; the first error is the one to report.
        let _ = fs::remove_file(&partial);
        ReportError::Io { path: path.to_owned(), source }
    })
}

/// Removes everything directly in `folder` that is `stale` by its name, and unfinished files. The folder may be missing.
pub fn sweep(folder: &Path, stale: impl Fn(&str) -> bool) -> Result<(), ReportError> {
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(unread(folder))?,
    };
    for entry in entries {
        let entry = entry.map_err(unread(folder))?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        if name.ends_with(PARTIAL) || stale(&name) {
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(unwritten(&path))?;
        }
    }
    Ok(())
}
