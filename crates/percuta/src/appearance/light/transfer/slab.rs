//! What the light meets: layers, and the refractive indices at their faces.

/// A plane layer at one wavelength.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slab {
    /// Thickness, µm; infinite for a last layer without an end.
    pub thickness_um: f64,
    /// Absorption coefficient, 1/mm.
    pub absorption_per_mm: f64,
    /// Scattering coefficient (not the reduced one), 1/mm.
    pub scattering_per_mm: f64,
    /// Mean cosine of the scattering angle of Henyey and Greenstein's phase function, 0 to 0.999.
    pub anisotropy: f64,
}

/// What lies outside one face of the stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Refractive index of the outside.
    pub outside: f64,
    /// Refractive index of a clear plate on the face, if there is one, as in a measuring cell.
    pub plate: Option<f64>,
}

/// Refractive index of the whole stack, and what lies above and below it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indices {
    /// All layers.
    pub stack: f64,
    /// Above the first layer, where the light comes from.
    pub above: Face,
    /// Below the last one.
    pub below: Face,
}

impl Face {
    /// Without a plate.
    #[must_use]
    pub fn bare(outside: f64) -> Self {
        Self { outside, plate: None }
    }

    /// Under a plate.
    #[must_use]
    pub fn under(plate: f64, outside: f64) -> Self {
        Self { outside, plate: Some(plate) }
    }
}

impl Indices {
    /// A stack in something else, or on more of its own kind if `below` is its own index.
    #[must_use]
    pub fn new(stack: f64, above: f64, below: f64) -> Self {
        Self { stack, above: Face::bare(above), below: Face::bare(below) }
    }

    pub(super) fn check(&self) -> Result<(), TransferError> {
        let plates = [("the plate above", self.above.plate), ("the plate below", self.below.plate)];
        let bare = [("the stack", self.stack), ("what is above", self.above.outside), ("what is below", self.below.outside)];
        let all = bare.into_iter().chain(plates.into_iter().filter_map(|(what, index)| index.map(|index| (what, index))));
        for (what, found) in all {
            if !(1.0..=2.0).contains(&found) {
                return Err(TransferError::Index { what, found });
            }
        }
        Ok(())
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TransferError {
    /// Number of angles.
    #[error("{found} angles of light; expected an even number from 4 to {most}, for example 8")]
    Angles {
        /// Asked for.
        found: usize,
        /// The most that are supported.
        most: usize,
    },
    /// A refractive index.
    #[error("refractive index {found} of {what}; expected 1 to 2, for example 1.4 for skin and 1 for air")]
    Index {
        /// Of what.
        what: &'static str,
        /// Given.
        found: f64,
    },
    /// Not a value for each wavelength.
    #[error("{found} values of {what} in layer {layer}, counted from the top; expected {expected}, one for each wavelength")]
    Length {
        /// From 1 at the top.
        layer: usize,
        /// Which quantity.
        what: &'static str,
        /// Values given.
        found: usize,
        /// Wavelengths.
        expected: usize,
    },
    /// A layer.
    #[error("{what} {found} of layer {layer}, counted from the top; expected {expected}")]
    Layer {
        /// From 1 at the top.
        layer: usize,
        /// Which quantity.
        what: &'static str,
        /// Given.
        found: f64,
        /// What would do, with an example.
        expected: &'static str,
    },
}

impl Slab {
    /// Checks layer number `layer` of `count`.
    pub(super) fn check(&self, layer: usize, count: usize) -> Result<(), TransferError> {
        let wrong = |what, found, expected| Err(TransferError::Layer { layer, what, found, expected });
        let thickness = self.thickness_um;
        let (absorption, scattering) = (self.absorption_per_mm, self.scattering_per_mm);
        if thickness.is_nan() || thickness < 0.0 {
            wrong("thickness_um", thickness, "0 or more, for example 80")
        } else if thickness.is_infinite() && layer < count {
            wrong("thickness_um", thickness, "a finite number, because only the last layer may have no end")
        } else if !(0.0..=MOST_PER_MM).contains(&absorption) {
            wrong("absorption_per_mm", absorption, "0 to 1e9, for example 0.5")
        } else if !(0.0..=MOST_PER_MM).contains(&scattering) {
            wrong("scattering_per_mm", scattering, "0 to 1e9, for example 40")
        } else if !(0.0..=0.999).contains(&self.anisotropy) {
            wrong("anisotropy", self.anisotropy, "0 to 0.999, for example 0.8")
        } else {
            Ok(())
        }
    }
}

/// No matter comes near this; the numbers stay far from overflow.
const MOST_PER_MM: f64 = 1e9;
