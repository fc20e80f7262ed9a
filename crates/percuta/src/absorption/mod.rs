//! What gets in: permeants, barrier, channels and dose.

mod barrier;
mod brick;
mod channels;
mod lag;
mod permeability_table;
mod permeant;
mod relation;
mod uptake;

pub use barrier::{Barrier, potts_guy_cm_per_h};
pub use brick::BrickWall;
pub use channels::{Channels, Closure, spreading_length};
pub use lag::{slab_breakthrough, transit_times};
pub use permeability_table::{MeasuredPermeability, PermeabilityTable, RemovalPair, Score, Subset, removal_pairs};
pub use permeant::{IonisableGroup, Ionisation, Permeant, PermeantError, PermeantFault, Plasma};
pub use relation::{Relation, cleek_bunge, temperature_factor};
pub use uptake::{Absorption, MassBalance, enhancement_series};
