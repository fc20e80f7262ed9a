//! What one sees: lines, scars, tone and colour.

mod colour;
pub mod light;
mod lines;
mod pigment;
pub mod relief;
mod scars;
#[cfg(test)]
mod test_history;

pub use colour::{ColourMap, ColourSeries, srgb};
pub use lines::{LineChange, LineFamilies, LineFamily, LineSeries, Lines, critical_strain, critical_wavelength_um};
pub use pigment::{Inhibition, LesionKind, MelaninProfile, Pigment, PigmentSeries};
pub use scars::{Scar, ScarSeries, ScarShape, Scars};
