//! A height map as files: its parameters, the heights themselves, and a picture under raking light.

mod heights;
mod hillshade;
mod summary;

pub use heights::{heights_png, heights_tiff};
pub use hillshade::{Light, hillshade, hillshade_png};
pub use summary::{FILES, ReliefSummary, write};
