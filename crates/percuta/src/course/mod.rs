//! Protocol and schedule: reading a course, running it, and its outcome.

mod adjunct;
mod collate;
mod definition;
pub mod file;
mod grades;
mod member;
mod outcome;
pub mod patch;
pub mod permeation;
mod readout;
mod run;
mod schedule;
pub mod sensitivity;
mod spectrum;
mod surface;
pub(crate) mod text;
mod warnings;
mod window;
mod wounded;

pub use definition::{Course, Lesion, Product, SurfaceKind, SurfaceMap};
pub use member::{Member, StageTimes, run_member, run_member_timed};
pub use outcome::{
    Comparison, DepthBand, DowntimeStatistics, GradeOutcome, GradeVisit, Outcome, PunctureStatistics, ReadoutSeries, ScarOutcome,
    ScarState, Specimen, SpecimenVisit, SpectraOutcome, Uptake, Warning,
};
pub use patch::{PatchOutcome, Readouts};
pub use readout::{INJURY, READOUTS, Readout, readout};
pub use run::{RunError, RunOptions, in_pool, run};
pub use schedule::{index_of, recorded_days};
pub use spectrum::read_spectrum;
pub use surface::{Metrology, Square, SurfaceOutcome, SurfaceParameter};
pub use warnings::warnings;
pub use window::window;
pub use wounded::Wounded;
