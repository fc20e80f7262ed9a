//! Light in skin: what absorbs and scatters it, the spectrum that comes back, the colour of that, and the way from colour to skin.

pub mod colorimetry;
mod error;
pub mod fit;
mod indices;
mod optics;
mod spectrum;
mod table;
mod tables;
#[cfg(test)]
mod test_skin;
mod tissue;
#[cfg(test)]
mod tone_tests;
pub mod transfer;

pub use error::LightError;
pub use indices::NarrowBand;
pub use optics::Optics;
pub use spectrum::{Spectrum, SpectrumError};
pub use table::{Appearance, ColourTable, Extent};
pub use tables::{PublishedRanges, Range, published_ranges};
pub use tissue::LitTissue;
