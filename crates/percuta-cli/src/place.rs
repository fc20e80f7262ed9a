//! The folder a run writes to, reserved before the run starts.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

const RUNS: &str = "percuta-runs";

/// A new, empty folder that can be written to.
#[derive(Debug, Clone)]
pub struct Place {
    pub folder: PathBuf,
}

impl Place {
    /// Makes `out`, or the next free `percuta-runs/<course>-<n>`.
    pub fn reserve(out: Option<&Path>, course: &str) -> Result<Self, Failure> {
        let place = match out {
            Some(folder) => {
                if let Some(parent) = folder.parent().filter(|p| !p.as_os_str().is_empty()) {
                    fs::create_dir_all(parent).map_err(|e| match e.kind() {
                        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                            Failure::input(format!("`{}` cannot be made: a file is in the way", folder.display()))
                        }
                        _ => unwritable(folder, &e),
                    })?;
                }
                fs::create_dir(folder).map_err(|e| match e.kind() {
                    io::ErrorKind::AlreadyExists => Failure::input(format!(
                        "`{}` exists; a run never overwrites another\n  help: name a new folder, or leave --out away to get the next free one in {RUNS}",
                        folder.display()
                    )),
                    _ => unwritable(folder, &e),
                })?;
                Self { folder: folder.to_owned() }
            }
            None => next_free(course)?,
        };
        // A folder can be made on a full or read-only-mounted disk where a file cannot.
        let probe = place.folder.join(".probe");
        let written = fs::write(&probe, b"percuta").and_then(|()| fs::remove_file(&probe));
        written.map_err(|e| {
            let _ = fs::remove_file(&probe);
            place.release();
            unwritable(&place.folder, &e)
        })?;
        Ok(place)
    }

    /// Gives the folder up, and the one around it if that is empty too.
    pub fn release(&self) {
        if fs::remove_dir(&self.folder).is_ok()
            && let Some(parent) = self.folder.parent()
            && parent.ends_with(RUNS)
        {
            // Fails if another run is in it, which is right.
            let _ = fs::remove_dir(parent);
        }
    }
}

fn next_free(course: &str) -> Result<Place, Failure> {
    let runs = Path::new(RUNS);
    fs::create_dir_all(runs).map_err(|e| unwritable(runs, &e))?;
    for n in 1..u32::MAX {
        let folder = runs.join(format!("{course}-{n}"));
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(Place { folder }),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(unwritable(&folder, &e)),
        }
    }
    Err(Failure::input(format!("{RUNS} has no free number left")))
}

fn unwritable(folder: &Path, error: &io::Error) -> Failure {
    Failure::input(format!(
        "results cannot be written to `{}`: {error}\n  help: choose another place with --out; nothing has been run yet",
        folder.display()
    ))
}
