//! The surface of the skin as a height map.

mod areal;
mod autocorrelation;
mod filtration;
mod gaussian;
mod height_map;
mod noise;
mod profile;

pub use areal::{ArealParameters, ArealResult, areal};
pub use filtration::{FilterError, Filtration, Form};
pub use gaussian::mean_surface;
pub use height_map::{HeightMap, LEAST_PIXELS, MapError};
pub use profile::{ProfileParameters, ProfileSettings, profile};
