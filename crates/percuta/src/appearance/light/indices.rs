//! Indices of melanin and erythema, as meters with three narrow bands give them.

use crate::population::{Draw, ParameterError};

/// Wavelengths and scale of the indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NarrowBand {
    green_nm: f64,
    red_nm: f64,
    infrared_nm: f64,
    scale: f64,
    ratio: f64,
}

impl NarrowBand {
    /// Reads the cards `optics.index_*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let optics = draw.group("optics");
        Ok(Self {
            green_nm: optics.get("index_green", "nm")?,
            red_nm: optics.get("index_red", "nm")?,
            infrared_nm: optics.get("index_infrared", "nm")?,
            scale: optics.get("index_scale", "a.u.")?,
            ratio: optics.get("index_ratio", "1")?,
        })
    }

    /// Green, red and infrared, nm.
    #[must_use]
    pub fn wavelengths_nm(&self) -> [f64; 3] {
        [self.green_nm, self.red_nm, self.infrared_nm]
    }

    /// Melanin index, a.u.: how much less red comes back than infrared.
    #[must_use]
    pub fn melanin_index(&self, red: f64, infrared: f64) -> f64 {
        self.index(infrared / red)
    }

    /// Erythema index, a.u.: how much less green comes back than red.
    #[must_use]
    pub fn erythema_index(&self, green: f64, red: f64) -> f64 {
        self.index(red / green)
    }

    fn index(&self, ratio: f64) -> f64 {
        self.scale * (1.0 + ratio.ln() / self.ratio.ln())
    }
}
