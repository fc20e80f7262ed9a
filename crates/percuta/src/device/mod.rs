//! Needles, handpieces and their motion: from a device setting to a table of punctures.

mod catalogue;
mod motion;
mod needle;
mod punctures;

pub use catalogue::{Device, Handpiece};
pub use motion::Motion;
pub use needle::Needle;
pub use punctures::PunctureTable;
