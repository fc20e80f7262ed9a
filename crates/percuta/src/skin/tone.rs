//! Skin tone: one continuous melanosome fraction, and the scales that are views of it.

use serde::Serialize;

/// Constitutive skin tone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tone {
    /// Volume fraction of melanosomes in the epidermis, 0 to 1.
    pub melanosome_fraction: f64,
}

/// Skin colour in CIELAB (D65, 2 degrees).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lab {
    /// Lightness.
    pub l: f64,
    /// Red-green.
    pub a: f64,
    /// Yellow-blue.
    pub b: f64,
}
