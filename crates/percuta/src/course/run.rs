//! Running a course over an ensemble.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use super::collate::collate;
use super::member::{Member, run_member};
use super::schedule::recorded_days;
use super::{Course, Outcome};
use crate::appearance::light::LightError;
use crate::appearance::relief::{FilterError, PatternError, SynthesisError};
use crate::population::{Draw, ParameterError, draw_members};

/// Number of the member with central parameters, which pictures show; no ensemble has that many.
pub(super) const CENTRAL: u32 = u32::MAX;

/// How a course is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunOptions {
    /// Seed of all random streams.
    pub seed: u64,
    /// Members of the ensemble; one member is the central parameter values.
    pub members: u32,
    /// Threads; all cores when `None`. The result does not depend on it.
    pub threads: Option<usize>,
}

/// Why a run stopped.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The caller asked to stop.
    #[error("stopped after {done} of {total} members")]
    Cancelled {
        /// Members finished.
        done: usize,
        /// Members asked for.
        total: usize,
    },
    /// A parameter is missing or in another unit.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// The surface cannot be synthesised.
    #[error("surface of the skin: {0}")]
    Surface(#[from] SynthesisError),
    /// There is no such surface.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// The surface does not fit its filters.
    #[error("roughness of the skin: {0}")]
    Filter(#[from] FilterError),
    /// The light model could not go on.
    #[error("light in the skin: {0}")]
    Light(#[from] LightError),
    /// The integrator could not go on.
    #[error("member {member}: the healing equations could not be integrated past day {day:.4}: {reason}")]
    Numerics {
        /// Member of the ensemble.
        member: u32,
        /// Day at which it stopped.
        day: f64,
        /// What happened, with the state.
        reason: String,
    },
    /// The patch could not go on.
    #[error("the patch stopped on day {day:.4}: {reason}")]
    Patch {
        /// Day at which it stopped.
        day: f64,
        /// What happened, with the state.
        reason: String,
    },
    /// The fields of a visit could not be handed on.
    #[error("{reason}")]
    Fields {
        /// What happened.
        reason: String,
    },
    /// A stage handed on a value that is not finite.
    #[error("member {member}: read-out `{readout}` is not finite on day {day:.2}; this is a defect of Percuta, please report it")]
    NotFinite {
        /// Member of the ensemble.
        member: u32,
        /// Key of the read-out.
        readout: String,
        /// Day.
        day: f64,
    },
    /// The thread pool could not be started.
    #[error("could not start {threads} threads: {reason}")]
    Threads {
        /// Threads asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
}

/// Runs `course`; `progress(done, total)` is called after each member, from any thread.
///
/// # Errors
/// See [`RunError`]. Setting `cancel` stops after the members in flight.
pub fn run(
    course: &Course,
    options: &RunOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
    cancel: &AtomicBool,
) -> Result<Outcome, RunError> {
    let days = recorded_days(&course.sessions, &course.visits);
    let draws = draw_members(&course.parameters, options.seed, options.members);
    let total = draws.len();
    let done = AtomicUsize::new(0);
    let members: Vec<Member> = in_pool(options.threads, || {
        draws
            .par_iter()
            .enumerate()
            .map(|(i, draw)| {
                if cancel.load(Ordering::Relaxed) {
                    return Err(RunError::Cancelled { done: done.load(Ordering::Relaxed), total });
                }
                let member = run_member(course, draw, options.seed, i as u32, &days)?;
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
                Ok(member)
            })
            .collect::<Result<_, RunError>>()
    })??;
    let central = run_member(course, &Draw::central(&course.parameters), options.seed, CENTRAL, &days)?;
    in_pool(options.threads, || collate(course, options.seed, draws, members, central))?
}

/// Runs `work` on so many threads, all cores when `None`.
///
/// # Errors
/// [`RunError::Threads`] if they cannot be started.
pub fn in_pool<T: Send>(threads: Option<usize>, work: impl FnOnce() -> T + Send) -> Result<T, RunError> {
    let threads = threads.unwrap_or(0);
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().map_err(|e| RunError::Threads { threads, reason: e.to_string() })?;
    Ok(pool.install(work))
}
