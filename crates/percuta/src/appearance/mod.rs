//! What one sees: lines, scars, tone and colour.

mod colour;
mod grades;
mod lines;
mod pigment;
mod scars;
#[cfg(test)]
mod test_history;

pub use colour::{ColourMap, ColourSeries, srgb};
pub use lines::{
    Explanation, LineChange, LineFamilies, LineFamily, LineKind, LineSeries, LineShift, Lines, LinesOfDay, PerFamily, critical_strain,
    critical_wavelength_um,
};
pub use pigment::{Inhibition, Pigment, PigmentSeries};
pub use scars::{Scar, ScarClass, ScarSeries, ScarShape, Scars, SingleScar, SingleScarSeries};
