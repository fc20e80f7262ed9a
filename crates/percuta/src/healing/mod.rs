//! The healing cascade: local equations, their integration, and the course-grade reduced model.
//!
//! [`Equations::rates`] holds the local equations, once. [`Step`] takes one positive, conservative step of
//! second order, [`Integrator`] chooses the steps, and [`heal`] runs them for classes of tissue.

mod block;
mod classes;
mod epidermis;
mod equations;
mod field;
mod history;
mod integrate;
mod parameters;
pub mod patch;
mod reduced;
mod step;

pub use block::{Block, LANES, Lanes, splat};
pub use classes::{CLASSES, Exposure, LayerExposure, classify};
pub use epidermis::Epidermis;
pub use equations::{Equations, Local, Rates};
pub use field::{Overlay, SourceField};
pub use history::{HealingHistory, LayerState};
pub use integrate::{COURSE_TOLERANCE, IntegrationError, Integrator};
pub use parameters::HealingParameters;
pub use reduced::{ReducedCourse, heal};
pub use step::{Step, Tolerance};
