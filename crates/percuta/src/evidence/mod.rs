//! Published studies, the observation models that connect them to the state, and comparison.

pub mod calibration;
mod claims;
mod compare;
pub mod observable;
pub mod observation;
mod rater;
pub mod study;
pub mod validation;

pub use claims::{Claim, claims};
pub use compare::{Predicted, compare};
pub use observable::{Domain, Observable};
pub use rater::{GRADES, Grade, Rated, Rater, grade};
pub use study::{Observation, Reliability, Role, Scale, Study, StudyError, StudyKind};
