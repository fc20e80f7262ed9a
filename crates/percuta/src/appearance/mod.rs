//! What one sees: lines, scars, tone and colour.

mod colour;
mod grades;
pub mod light;
mod lines;
mod pigment;
pub mod relief;
mod scars;
#[cfg(test)]
mod test_history;

pub use colour::{ColourSeries, Complexion, Tint, srgb};
pub use lines::{
    Explanation, LineChange, LineFamilies, LineFamily, LineKind, LineSeries, LineShift, Lines, LinesOfDay, PerFamily, critical_strain,
    critical_wavelength_um,
};
pub use pigment::{Inhibition, LesionKind, MelaninProfile, Pigment, PigmentSeries};
pub use scars::{Scar, ScarClass, ScarSeries, ScarShape, Scars, SingleScar, SingleScarSeries};
