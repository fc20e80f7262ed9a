//! The surface of the skin as a height map: synthesis, measured maps, filters and parameters.

mod areal;
mod autocorrelation;
mod cosine;
mod decomposition;
mod expression;
mod filtration;
mod gaussian;
mod grain;
mod height_map;
mod nearby;
mod network;
mod noise;
mod pattern;
mod pores;
mod profile;
mod read;
mod scar;
mod strand;
mod surface;
mod synthesis;

pub use areal::{ArealParameters, ArealResult, areal};
pub use filtration::{FilterError, Filtration, Form};
pub use gaussian::mean_surface;
pub use height_map::{HeightMap, LEAST_PIXELS, MapError};
pub use pattern::{LinePattern, NetworkPattern, PatternError, PorePattern, Property, SkinTexture, SurfacePattern};
pub use pores::Pore;
pub use profile::{ProfileParameters, ProfileSettings, profile};
pub use read::{MapWarning, ReadError, Reading, Scale, read_map};
pub use scar::{ScarFootprint, ScarProfile, scatter_scars};
pub use surface::Surface;
pub use synthesis::{MOST_PIXELS, SynthesisError};
