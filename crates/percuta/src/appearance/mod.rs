//! What one sees: lines, scars, tone and colour.

mod colour;
mod lines;
mod pigment;
pub mod relief;
mod scars;
#[cfg(test)]
mod test_history;

pub use colour::{ColourMap, ColourSeries, srgb};
pub use lines::{LineChange, LineFamilies, LineFamily, LineSeries, Lines, critical_strain, critical_wavelength_um};
pub use pigment::{Inhibition, Pigment, PigmentSeries};
pub use scars::{Scar, ScarSeries, ScarShape, Scars};
