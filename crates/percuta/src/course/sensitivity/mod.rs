//! What drives the results of a course: Sobol indices of its parameters.
//!
//! The variance that is divided up is that of the course's own ensemble: every uncertain parameter is drawn from its distribution, and where
//! the needles land is drawn too. A screening finds the parameters that matter most for the chosen read-outs; each of them gets indices of its
//! own. All the others are varied together as one factor, and chance is one more: nothing is fixed, and what the screening missed is a number.

mod factors;
mod outcome;
mod run;
mod settings;

pub use factors::{Factor, FactorKind};
pub use outcome::{ReadoutSensitivity, SensitivityOutcome, VisitSensitivity};
pub use run::sensitivity;
pub use settings::{SAMPLES, SensitivityError, SensitivitySettings};
