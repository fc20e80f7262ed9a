//! Why a report could not be written.

use std::io;
use std::path::PathBuf;

/// Why a report could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder holds something already.
    #[error("{} exists and is not empty; a run never overwrites another", .dir.display())]
    Exists {
        /// The folder asked for.
        dir: PathBuf,
    },
    /// A file or folder could not be written.
    #[error("could not write {}: {source}", .path.display())]
    Io {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of an interrupted run could not be read.
    #[error("could not read {}: {source}", .path.display())]
    Read {
        /// File or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Field files are there and cannot be continued.
    #[error("cannot continue the fields in {}: {reason}", .path.display())]
    ForeignFields {
        /// The file that says so.
        path: PathBuf,
        /// What is different.
        reason: String,
    },
    /// A number that must stand in a file is not finite.
    #[error("{what} is not a finite number; this is a defect of Percuta, please report it")]
    NotFinite {
        /// Which number.
        what: String,
    },
    /// A file could not be put together.
    #[error("could not make {file}: {reason}; this is a defect of Percuta, please report it")]
    Make {
        /// File in the run folder.
        file: String,
        /// What the encoder said.
        reason: String,
    },
}

impl ReportError {
    /// A file that could not be put together.
    pub(crate) fn make(file: impl Into<String>, reason: impl ToString) -> Self {
        Self::Make { file: file.into(), reason: reason.to_string() }
    }
}
