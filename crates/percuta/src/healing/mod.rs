//! The healing cascade: local equations, their integration, and the course-grade reduced model.
//!
//! [`Equations::rates`] holds the local equations, once. [`Step`] takes one positive, conservative step of
//! second order, [`Integrator`] chooses the steps, and [`reduced`] runs them for classes of tissue.

mod block;
mod equations;
mod history;
mod integrate;
mod parameters;
mod step;

pub use block::{Block, LANES};
pub use equations::{Equations, Local, Rates};
pub use history::{HealingHistory, LayerState};
pub use integrate::{COURSE_TOLERANCE, IntegrationError, Integrator};
pub use parameters::HealingParameters;
pub use step::{Step, Tolerance};
