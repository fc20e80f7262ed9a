//! Needles, handpieces and their motion: from a device setting to a table of punctures.

mod catalogue;
mod density;
pub mod kinematics;
pub mod layout;
mod motion;
mod needle;
mod punctures;
pub mod statistics;

pub use catalogue::{Device, DeviceError, Handpiece};
pub use density::expected_density_per_cm2;
pub use motion::Motion;
pub use needle::Needle;
pub use punctures::{PunctureTable, punctures};
