//! Radiative transfer in plane layers by adding-doubling (van de Hulst 1980; Prahl, van Gemert & Welch 1993).
//!
//! Light that does not depend on azimuth is described by the flux along a few cosines, up and down. A layer is then two
//! matrices, of reflection and of transmission. Those of a very thin one follow from the equation of transfer, two equal ones on top of
//! each other make one that is twice as thick, and unlike ones are added from the bottom up.

mod doubling;
mod fresnel;
mod matrix;
mod quadrature;
mod scattering;
mod slab;
mod spectrum;
mod stack;
#[cfg(test)]
mod tests;

pub use slab::{Face, Indices, Slab, TransferError};
pub use spectrum::{LayerSpectrum, Reflectance};
pub use stack::{Flux, Transfer};
