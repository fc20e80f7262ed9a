//! What a run in three dimensions leaves while it goes, so that it can be gone on with after any interruption.
//!
//! `DIR/unfinished` holds the course file, how it was run (`run.json`) and the last snapshot; fields stand in `DIR` from the
//! start. When the run is done it is gone.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use percuta::course::Course;
use percuta::course::patch::{PatchRun, PatchSettings, SnapshotError};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

const FOLDER: &str = "unfinished";
const COURSE: &str = "course.toml";
const RUN: &str = "run.json";
const STATE: &str = "state";

/// How a run was asked for: enough to ask for it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The command line.
    pub command: String,
    /// Version of Percuta.
    pub version: String,
    /// Path of the course file as it was given.
    pub course_path: String,
    /// Folder in which paths of the course file start.
    pub course_folder: PathBuf,
    /// Settings over the file's.
    pub settings: Vec<String>,
}

/// The folder of an unfinished run. No other process works on the run while this lives.
#[derive(Debug)]
pub struct Unfinished {
    /// The folder, within that of the run.
    pub folder: PathBuf,
    _lock: File,
}

impl Unfinished {
    /// Begins a run in `place`.
    pub fn begin(place: &Path, asked: &Asked, course_text: &str) -> Result<Self, Failure> {
        let folder = place.join(FOLDER);
        let json = serde_json::to_string_pretty(asked).map_err(|e| Failure::run(e.to_string()))?;
        let write = || {
            fs::create_dir(&folder)?;
            fs::write(folder.join(COURSE), course_text)?;
            // Last: a folder without it is not a run.
            fs::write(folder.join(RUN), json)
        };
        let locked = write().map_err(|e| Failure::run(format!("{} cannot be written: {e}", folder.display()))).and_then(|()| lock(&folder));
        match locked {
            Ok(lock) => Ok(Self { folder, _lock: lock }),
            Err(failure) => {
                // Nothing is in it yet.
                let _ = fs::remove_dir_all(&folder);
                Err(failure)
            }
        }
    }

    /// The unfinished run in `place`, how it was asked for and the text of its course.
    pub fn open(place: &Path) -> Result<(Self, Asked, String), Failure> {
        let folder = place.join(FOLDER);
        let shown = place.display();
        let read = |name: &str| {
            fs::read_to_string(folder.join(name)).map_err(|e| match e.kind() {
                io::ErrorKind::NotFound if !place.exists() => Failure::input(format!("there is no folder `{shown}`")),
                io::ErrorKind::NotFound if place.join("report.html").exists() => {
                    Failure::input(format!("the run in `{shown}` is finished; its report is {}", place.join("report.html").display()))
                }
                io::ErrorKind::NotFound => Failure::input(format!(
                    "`{shown}` holds no unfinished run\n  help: only runs with `--fidelity patch` can be gone on with; name the folder that the run printed"
                )),
                _ => Failure::input(format!("`{}` cannot be read: {e}", folder.join(name).display())),
            })
        };
        let asked: Asked = serde_json::from_str(&read(RUN)?)
            .map_err(|e| Failure::input(format!("`{}` is damaged: {e}; run the course again", folder.join(RUN).display())))?;
        let text = read(COURSE)?;
        let lock = lock(&folder)?;
        Ok((Self { folder, _lock: lock }, asked, text))
    }

    /// Writes a snapshot: to another name first, so that a whole one is there at any time.
    pub fn save(&self, run: &PatchRun, key: &str) -> Result<(), SnapshotError> {
        let partial = self.folder.join("state.partial");
        let write = || {
            let mut file = BufWriter::new(File::create(&partial)?);
            run.save(key, &mut file)?;
            file.flush()?;
            file.get_ref().sync_data()?;
            fs::rename(&partial, self.folder.join(STATE))?;
            Ok(())
        };
        write().inspect_err(|_: &SnapshotError| {
            // It would take the room that the next one needs.
            let _ = fs::remove_file(&partial);
        })
    }

    /// The run as the last snapshot has it; none if it was stopped before the first.
    pub fn load(&self, course: &Course, settings: &PatchSettings, seed: u64, key: &str) -> Result<Option<PatchRun>, Failure> {
        let path = self.folder.join(STATE);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(Failure::input(format!("`{}` cannot be read: {e}", path.display()))),
        };
        PatchRun::resume(course, settings, seed, key, &mut BufReader::new(file)).map(Some).map_err(|e| {
            Failure::input(format!("`{}`: {e}\n  help: remove the file to start this run over, or run the course again", path.display()))
        })
    }
}

/// Keeps other processes off a run for as long as the file lives.
fn lock(folder: &Path) -> Result<File, Failure> {
    let path = folder.join(RUN);
    let file = File::open(&path).map_err(|e| Failure::input(format!("`{}` cannot be read: {e}", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::input(format!("another process is at work on the run in `{}`", folder.display()))),
        // Where locks are not supported, nobody is kept off.
        Err(TryLockError::Error(_)) => Ok(file),
    }
}
