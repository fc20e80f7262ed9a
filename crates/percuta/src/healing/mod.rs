//! The healing cascade: local equations and the course-grade reduced model.

mod history;

pub use history::{HealingHistory, LayerState};
