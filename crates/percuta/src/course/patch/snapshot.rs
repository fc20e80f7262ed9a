//! Keeping a run on the patch, and going on with it: same bytes as if it had never stopped.
//!
//! A snapshot is a line of text, the key of the run, the state, and a checksum of all of it.

use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};

use serde::Serialize;

use super::super::{Course, RunError};
use super::run::Record;
use super::{PatchRun, PatchSettings};
use crate::healing::patch::PatchState;

/// First bytes of a snapshot; the number goes up when what is kept changes.
const MAGIC: &[u8] = b"percuta snapshot 2\n";

/// Why a snapshot cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// It could not be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("this is not a snapshot of Percuta, or one of another version")]
    Foreign,
    /// It belongs to another run.
    #[error("this snapshot belongs to another course, other settings or another version of Percuta")]
    OtherRun,
    /// It is cut off or damaged.
    #[error("this snapshot is cut off or damaged: {0}")]
    Damaged(String),
    /// The run cannot be set up.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl PatchRun {
    /// Writes everything that is needed to go on. `key` says which run this is: [`PatchRun::resume`] wants the same.
    ///
    /// # Errors
    /// [`SnapshotError::Io`] if it cannot be written.
    pub fn save(&self, key: &str, to: &mut dyn Write) -> Result<(), SnapshotError> {
        let mut to = Summing { inner: to, sum: crc32fast::Hasher::new() };
        to.write_all(MAGIC)?;
        let key = key.as_bytes();
        to.write_all(&(key.len() as u64).to_le_bytes())?;
        to.write_all(key)?;
        let mut buffer = BufWriter::with_capacity(1 << 20, &mut to);
        postcard::to_io(&Kept { state: self.patch.state(), record: &self.record }, &mut buffer).map_err(encoding)?;
        buffer.flush()?;
        drop(buffer);
        let sum = to.sum.finalize();
        to.inner.write_all(&sum.to_le_bytes())?;
        Ok(())
    }

    /// The run of this course as it was kept under this key.
    ///
    /// # Errors
    /// See [`SnapshotError`]. A snapshot that is not whole is never gone on with.
    pub fn resume<F: Read + Seek>(
        course: &Course,
        settings: &PatchSettings,
        seed: u64,
        key: &str,
        from: &mut F,
    ) -> Result<Self, SnapshotError> {
        check_whole(from)?;
        from.seek(SeekFrom::Start(MAGIC.len() as u64))?;
        let mut length = [0; 8];
        from.read_exact(&mut length)?;
        if u64::from_le_bytes(length) != key.len() as u64 {
            return Err(SnapshotError::OtherRun);
        }
        let mut found = vec![0; key.len()];
        from.read_exact(&mut found)?;
        if found != key.as_bytes() {
            return Err(SnapshotError::OtherRun);
        }
        // There are no texts in a snapshot, so that nothing needs room of its own.
        let mut none = [0; 64];
        let ((state, record), _): ((PatchState, Record), _) =
            postcard::from_io((from, &mut none[..])).map_err(|e| SnapshotError::Damaged(e.to_string()))?;
        Ok(Self::prepare(course, settings, seed, Some((state, record)))?)
    }
}

/// That the bytes begin as a snapshot does and end in their checksum; read in pieces, since they may fill half the memory.
fn check_whole<F: Read + Seek>(from: &mut F) -> Result<(), SnapshotError> {
    let end = from.seek(SeekFrom::End(0))?;
    from.seek(SeekFrom::Start(0))?;
    let mut magic = Vec::new();
    from.take(MAGIC.len() as u64).read_to_end(&mut magic)?;
    if magic != MAGIC {
        return Err(SnapshotError::Foreign);
    }
    let body = end.checked_sub(4).filter(|body| *body >= (MAGIC.len() + 8) as u64);
    let Some(body) = body else { return Err(SnapshotError::Damaged("it ends too early".into())) };
    let mut sum = crc32fast::Hasher::new();
    sum.update(&magic);
    let (mut left, mut piece) = (body - MAGIC.len() as u64, vec![0; 1 << 20]);
    while left > 0 {
        let size = piece.len().min(usize::try_from(left).unwrap_or(piece.len()));
        from.read_exact(&mut piece[..size])?;
        sum.update(&piece[..size]);
        left -= size as u64;
    }
    let mut written = [0; 4];
    from.read_exact(&mut written)?;
    if sum.finalize() == u32::from_le_bytes(written) { Ok(()) } else { Err(SnapshotError::Damaged("its checksum does not fit".into())) }
}

#[derive(Serialize)]
struct Kept<'a> {
    state: &'a PatchState,
    record: &'a Record,
}

fn encoding(error: postcard::Error) -> SnapshotError {
    SnapshotError::Io(io::Error::other(error.to_string()))
}

/// Passes bytes on and sums them up.
struct Summing<'a> {
    inner: &'a mut dyn Write,
    sum: crc32fast::Hasher,
}

impl Write for Summing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
