//! The healing cascade: local equations, their integration, the course-grade reduced model and the patch.
//!
//! [`Equations::rates`] holds the local equations, once. [`Step`] takes one positive, conservative step of
//! second order, [`Integrator`] chooses the steps; [`heal`] runs them for classes of tissue, [`patch`] for every
//! voxel of a block of skin.

mod agenda;
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

pub use agenda::{Event, agenda};
pub use block::{Block, LANES, Lanes};
pub use classes::{CLASSES, Exposed, Exposure, LayerExposure, classify};
pub use epidermis::Epidermis;
pub use equations::{Equations, Local, Rates};
pub use field::{Overlaid, Overlay, SourceField, signal_solver};
pub use history::{HealingHistory, LayerState};
pub use integrate::{COURSE_TOLERANCE, Diffused, IntegrationError, Integrator, Ledger};
use integrate::{FIRST_STEP, extrapolated};
pub use parameters::HealingParameters;
pub use reduced::{ReducedCourse, heal};
pub use step::{FibroblastTgf, Step, Taken, Tolerance};
