//! What gets in: permeants, barrier, channels and dose.

mod barrier;
mod channels;
mod lag;
mod permeant;
mod uptake;

pub use barrier::{Barrier, potts_guy_cm_per_h};
pub use channels::{Channels, Closure, spreading_length};
pub use lag::{slab_breakthrough, transit_times};
pub use permeant::{IonisableGroup, Ionisation, Permeant, PermeantError, PermeantFault, Plasma};
pub use uptake::{Absorption, MassBalance, enhancement_series};
