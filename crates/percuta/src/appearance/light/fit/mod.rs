//! From light back to skin: how much melanin and blood explain a spectrum or a colour.

mod colour;
mod members;
mod search;
mod spectrum;
#[cfg(test)]
mod tests;

pub use colour::{ColourFit, fit_colour};
pub use members::{ColourEstimate, Members};
pub(crate) use spectrum::used;
pub use spectrum::{Estimate, SpectrumFit, fit_spectrum};

use super::{LightError, Optics, SpectrumError};
use crate::skin::Lab;

/// Whether a measured reflectance holds what the surface reflects like a mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Specular {
    /// It does, as in a closed integrating sphere.
    #[default]
    Included,
    /// A trap for gloss or the geometry keeps it out.
    Excluded,
}

impl Specular {
    /// What such a measurement misses of the reflectance.
    fn missing(self, optics: &Optics) -> f64 {
        match self {
            Self::Included => 0.0,
            Self::Excluded => optics.specular(),
        }
    }
}

/// Why there is no skin of that light.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    /// The light of some skin cannot be computed.
    #[error(transparent)]
    Light(#[from] LightError),
    /// The spectrum cannot be used.
    #[error(transparent)]
    Spectrum(#[from] SpectrumError),
    /// A colour that no melanin and blood give.
    #[error(
        "no skin has the colour L* {:.1}, a* {:.1}, b* {:.1}: the nearest that melanin and blood give is L* {:.1}, a* {:.1}, b* {:.1}, at a difference (CIEDE2000) of {distance:.1}; expected {tolerance:.1} or less",
        .asked.l, .asked.a, .asked.b, .nearest.l, .nearest.a, .nearest.b
    )]
    Colour {
        /// Asked for.
        asked: Lab,
        /// Nearest colour of skin.
        nearest: Lab,
        /// Between them, CIEDE2000.
        distance: f64,
        /// Largest difference that still counts as skin.
        tolerance: f64,
    },
    /// A colour that is none.
    #[error("L* {:.1}, a* {:.1}, b* {:.1} is no colour; expected L* from 0 to 100 and finite a* and b*, for example 62, 9, 16", .asked.l, .asked.a, .asked.b)]
    NoColour {
        /// Asked for.
        asked: Lab,
    },
}
