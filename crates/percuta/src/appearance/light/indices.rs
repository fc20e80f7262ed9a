//! Indices of melanin and of haemoglobin as narrow-band reflectance meters give them.

use super::{LightError, LitTissue, Optics};
use crate::population::{Draw, ParameterError};

/// Melanin and erythema index, a.u.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkinIndices {
    /// Rises with melanin.
    pub melanin: f64,
    /// Rises with blood.
    pub erythema: f64,
}

/// The meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Meter {
    /// Green, red and infrared, nm.
    pub(super) wavelengths_nm: [f64; 3],
    scale: f64,
    ratio: f64,
}

impl Meter {
    pub(super) fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let optics = draw.group("optics");
        Ok(Self {
            wavelengths_nm: [optics.get("index_green", "nm")?, optics.get("index_red", "nm")?, optics.get("index_infrared", "nm")?],
            scale: optics.get("index_scale", "a.u.")?,
            ratio: optics.get("index_ratio", "1")?,
        })
    }

    /// `scale/log ratio (log(longer/shorter) + log ratio)`.
    fn index(&self, longer: f64, shorter: f64) -> f64 {
        self.scale * ((longer / shorter).ln() / self.ratio.ln() + 1.0)
    }
}

impl Optics {
    /// Reflectance of green, red and infrared light from within the skin: the meter leaves out what the surface reflects.
    ///
    /// # Errors
    /// As for a spectrum.
    pub fn index_reflectances(&self, tissue: &LitTissue) -> Result<[f64; 3], LightError> {
        let found = self.reflectances(tissue, &self.meter.wavelengths_nm)?;
        Ok(std::array::from_fn(|i| found[i] - self.specular()))
    }

    /// Indices of these reflectances.
    #[must_use]
    pub fn indices_of(&self, [green, red, infrared]: [f64; 3]) -> SkinIndices {
        SkinIndices { melanin: self.meter.index(infrared, red), erythema: self.meter.index(red, green) }
    }
}
