//! Calibration of parameters of the model to published studies.

mod file;
mod fitted;
mod left_out;
mod observations;
pub mod petab;
mod run;
mod skill;

pub use file::{CalibrationProblem, TEMPLATE, load, schema};
pub use fitted::Fitted;
pub use left_out::LeftOut;
pub use observations::Target;
pub use run::{Calibrated, CalibrationError, CalibrationOutcome, Design, SpreadFound, StudyWeight, calibrate, check};
pub use skill::{LeftOutScore, LeftOutSkill, Verdict};

#[cfg(test)]
mod tests;
