//! What gets in: permeants, barrier, channels and dose.

mod barrier;
mod channels;
mod closure;
mod column;
mod dose;
mod permeant;
mod relation;
mod uptake;

pub use barrier::{Barrier, Below, Estimate, Layer, water_cm2_per_h};
pub use channels::Channels;
pub use closure::Closure;
pub use column::{Amounts, Cells, Column, Curve, MarchError, Regimen, Spreading, Steady, spreading};
pub use dose::{Dosing, Vehicle};
pub use permeant::{IonisableGroup, Ionisation, Permeant, PermeantError, PermeantFault, Plasma};
pub use relation::Relation;
pub use uptake::Uptake;
