//! Protocol and schedule: reading a course, running it, and its outcome.

mod definition;
mod outcome;
mod readout;
mod run;

pub use definition::{Course, Lesion, Product};
pub use outcome::{Comparison, DepthBand, Outcome, PunctureStatistics, ReadoutSeries, Specimen, SpecimenVisit, Uptake, Warning};
pub use readout::{READOUTS, Readout, readout};
pub use run::{RunError, RunOptions, run};
