//! Published studies, the observation models that connect them to the state, and comparison.

mod compare;
pub mod observation;
mod study;

pub use compare::{Predicted, compare};
pub use study::{Observation, Scale, Study, StudyError};
