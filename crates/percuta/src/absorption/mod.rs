//! What gets in: permeants, barrier, channels and dose.

mod barrier;
mod channels;
mod dose;
mod lag;
mod permeant;
mod relation;
mod uptake;

pub use barrier::{Barrier, potts_guy_cm_per_h};
pub use channels::{Channels, Closure, spreading_length};
pub use dose::{Dosing, Vehicle};
pub use lag::{slab_breakthrough, transit_times};
pub use permeant::{Ionisation, Permeant, PermeantError};
pub use relation::Relation;
pub use uptake::{Absorption, MassBalance, enhancement_series};
