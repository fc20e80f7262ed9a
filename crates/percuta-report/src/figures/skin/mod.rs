//! Skin as a dermatologist sees it: a photograph of a square of it under a raking lamp.
//!
//! The model gives the relief, the melanin and blood, and the colour that these have; where in the square there is a little more or
//! less of each is ornament ([`mottle`]) and the same at every visit.

pub mod before_after;
pub mod gloss;
pub mod grid;
pub mod lighting;
pub mod marks;
pub mod mottle;
pub mod patch;
pub mod photograph;
mod ready;
pub mod scatter;
pub mod scene;
mod sitting;
pub mod spectrum;
pub mod surface;
#[cfg(test)]
mod tests;
mod texture;
pub mod visits;

pub use grid::Grid;
pub use lighting::Lighting;
pub use patch::{SkinPatch, SkinVisit, Studio};
pub use photograph::photograph;
pub use ready::ReadyColours;
pub use scene::SkinScene;
pub use sitting::figures;
