//! The part of a run that computes the block of skin: progress, snapshots, fields, interruption.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use percuta::course::file::LoadedCourse;
use percuta::course::patch::{PatchOutcome, PatchRun, PatchSettings, SnapshotError, Watch};
use percuta::course::{RunError, in_pool};
use percuta::healing::patch::PatchFields;
use percuta_report::fields::{FieldFiles, FieldMeta};

use crate::arguments::How;
use crate::failure::Failure;
use crate::memory;
use crate::progress::Progress;
use crate::run::VERSION;
use crate::terminal;
use crate::unfinished::Unfinished;

/// Steps of the progress bar.
const STEPS: usize = 1000;
/// Snapshots take one part in so many of the time at most.
const SHARE: u32 = 20;

/// Computes the block, from the last snapshot if there is one.
pub fn compute(
    loaded: &LoadedCourse,
    settings: &PatchSettings,
    how: &How,
    (folder, unfinished): (&Path, &Unfinished),
    key: &str,
    cancel: &AtomicBool,
) -> Result<PatchOutcome, Failure> {
    let say = |text: &str| {
        if !how.output.quiet {
            terminal::tell(text);
        }
    };
    memory::enough_for(&loaded.course, settings, how)?;
    let kept = unfinished.load(&loaded.course, settings, loaded.seed, key)?;
    let run = match kept {
        Some(run) => {
            say(&format!("Going on from day {:.1}.", run.patch().now()));
            Ok(run)
        }
        None => PatchRun::new(&loaded.course, settings, loaded.seed),
    };
    let mut run = run.map_err(failed)?;
    let place = run.patch().place().clone();
    let grid = &place.grid;
    say(&format!("Block of {} mm: {} x {} x {} voxels.", grid.side_um() / 1000.0, grid.n, grid.n, grid.layers()));
    let meta = FieldMeta { version: VERSION.into(), seed: loaded.seed, course: loaded.course.name.clone() };
    let fields = match settings.field_days.is_empty() {
        true => None,
        false => Some(FieldFiles::open(folder, grid, place.first_dermal_layer, &meta).map_err(|e| Failure::run(e.to_string()))?),
    };
    let mut watcher = Watcher {
        unfinished,
        key,
        cancel,
        progress: Progress::start(STEPS as u64, "parts of the block's time", how.output.quiet),
        every: Duration::from_secs(u64::from(how.snapshot_every)),
        next: Instant::now() + Duration::from_secs(u64::from(how.snapshot_every)),
        fields,
        quiet: how.output.quiet,
    };
    let threads = how.output.threads.map(usize::from);
    let done = in_pool(threads, || run.march(&mut watcher)).and_then(|done| done);
    watcher.progress.stop();
    if !done.map_err(failed)? {
        unfinished.save(&run, key).map_err(|e| Failure::run(format!("stopped, and no snapshot could be written: {e}")))?;
        return Err(Failure::interrupted(String::new()));
    }
    // What follows takes a fraction of the time; it starts over if it is interrupted.
    if let Err(e) = unfinished.save(&run, key) {
        say(&not_saved(&e));
    }
    in_pool(threads, || run.finish()).and_then(|outcome| outcome).map_err(failed)
}

fn not_saved(error: &SnapshotError) -> String {
    format!("warning: a snapshot could not be written: {error}")
}

fn failed(error: RunError) -> Failure {
    Failure::run(error.to_string())
}

/// Watches the block: shows progress, writes snapshots and fields, stops it on request.
struct Watcher<'a> {
    unfinished: &'a Unfinished,
    key: &'a str,
    cancel: &'a AtomicBool,
    progress: Progress,
    every: Duration,
    next: Instant,
    fields: Option<FieldFiles>,
    quiet: bool,
}

impl Watch for Watcher<'_> {
    fn stop(&mut self, run: &PatchRun) -> bool {
        self.progress.set((run.progress() * STEPS as f64) as usize, STEPS);
        let now = Instant::now();
        if now >= self.next {
            // The run goes on; the last snapshot that was written stays.
            if let Err(e) = self.unfinished.save(run, self.key)
                && !self.quiet
            {
                terminal::tell(&not_saved(&e));
            }
            self.next = Instant::now() + self.every.max(SHARE * now.elapsed());
        }
        self.cancel.load(Ordering::Relaxed)
    }

    fn fields(&mut self, fields: &PatchFields) -> Result<(), String> {
        self.fields.as_mut().map_or(Ok(()), |files| files.append(fields)).map_err(|e| e.to_string())
    }
}
