//! What gets in: permeants, barrier, channels and dose.

mod barrier;
mod block;
mod brick;
mod channels;
mod closure;
mod column;
mod donor;
mod dose;
mod permeability_table;
mod permeant;
mod relation;
mod uptake;

pub use barrier::{Barrier, Below, Estimate, Layer, water_cm2_per_h};
pub use block::{Block, BlockError, BlockMarch, Placement, Section};
pub use brick::BrickWall;
pub use channels::Channels;
pub use closure::Closure;
pub use column::{Amounts, Array, Cells, Column, Curve, MarchError, Regimen, Spreading, Steady, spreading};
pub use donor::{Donor, Offer};
pub use dose::{Dosing, Vehicle};
pub use permeability_table::{MeasuredPermeability, PermeabilityTable, RemovalPair, Score, Subset, removal_pairs};
pub use permeant::{IonisableGroup, Ionisation, Permeant, PermeantError, PermeantFault, Plasma};
pub use relation::{Relation, cleek_bunge, temperature_factor};
pub use uptake::Uptake;
