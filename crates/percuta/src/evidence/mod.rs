//! Published studies, the observation models that connect them to the state, and comparison.

mod study;

pub use study::Study;
