//! Protocol and schedule: reading a course, running it, and its outcome.

mod definition;
pub mod file;
mod outcome;
mod readout;
mod run;
mod warnings;

pub use definition::{Course, Lesion, Product};
pub use outcome::{Comparison, DepthBand, Outcome, PunctureStatistics, ReadoutSeries, Specimen, SpecimenVisit, Uptake, Warning};
pub use readout::{READOUTS, Readout, readout};
pub use run::{RunError, RunOptions, run};
pub use warnings::warnings;
