//! Calibration of parameters of the model to published studies.

mod file;
mod left_out;
mod observations;
mod run;

pub use file::{CalibrationProblem, TEMPLATE, load, schema};
pub use left_out::LeftOut;
pub use observations::Target;
pub use run::{Calibrated, CalibrationError, CalibrationOutcome, Design, SpreadFound, StudyWeight, calibrate};

#[cfg(test)]
mod tests;
