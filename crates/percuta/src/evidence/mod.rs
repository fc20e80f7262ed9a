//! Published studies, the observation models that connect them to the state, and comparison.

mod compare;
pub mod observation;
mod rater;
mod study;

pub use compare::{Predicted, compare};
pub use rater::{GRADES, Grade, Rated, Rater, grade};
pub use study::{Observation, Scale, Study, StudyError};
