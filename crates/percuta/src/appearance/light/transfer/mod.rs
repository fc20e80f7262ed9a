//! Radiative transfer in plane layers by adding-doubling (van de Hulst 1980; Prahl, van Gemert & Welch 1993).
//!
//! Light that does not depend on azimuth is described by the flux along a few cosines, up and down. A layer is then two
//! matrices, of reflection and of transmission. Those of a very thin one follow from the equation of transfer, two equal ones on top of
//! each other make one that is twice as thick, and unlike ones are added from the bottom up.
//!
//! [`Transfer::flux`] is written to be read: everything about one wavelength. [`Transfer::reflectances`] is written for speed: what
//! comes back, of whole spectra. Each is the other's check.
//!
//! ```
//! use percuta::appearance::light::transfer::{Indices, Slab, Transfer};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let epidermis = Slab { thickness_um: 80.0, absorption_per_mm: 1.0, scattering_per_mm: 30.0, anisotropy: 0.8 };
//! let dermis = Slab { thickness_um: f64::INFINITY, absorption_per_mm: 0.2, scattering_per_mm: 20.0, anisotropy: 0.8 };
//! let skin_in_air = Transfer::new(8, Indices::new(1.4, 1.0, 1.4))?;
//! let flux = skin_in_air.flux(&[epidermis, dermis])?;
//! assert!(flux.normal_reflectance > 0.2 && flux.normal_reflectance < 0.4);
//! assert!((flux.normal_reflectance + flux.absorbed.iter().sum::<f64>() - 1.0).abs() < 1e-9);
//! # Ok(())
//! # }
//! ```

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
