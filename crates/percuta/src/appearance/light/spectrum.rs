//! Reflectance by wavelength, simulated or measured.

use serde::Serialize;

/// Wavelengths of colour, every 5 nm, as the tables of the standard observer have them.
pub(super) const VISIBLE_NM: [f64; 81] = {
    let mut nm = [380.0; 81];
    let mut i = 1;
    while i < 81 {
        nm[i] = nm[i - 1] + 5.0;
        i += 1;
    }
    nm
};

/// Reflectance at increasing wavelengths.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Spectrum {
    /// Wavelengths, nm.
    pub wavelength_nm: Vec<f64>,
    /// Reflected share of the light, 0 to 1.
    pub reflectance: Vec<f64>,
}

/// Why a spectrum cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SpectrumError {
    /// Too few points.
    #[error("the spectrum has {found} points between 380 and 780 nm; expected {least} or more, for example every 10 nm from 400 to 700")]
    Few {
        /// Points within the wavelengths of the model.
        found: usize,
        /// Fewest.
        least: usize,
    },
    /// Wavelengths that do not increase, or numbers without a meaning.
    #[error("point {point} of the spectrum, {wavelength_nm} nm with a reflectance of {reflectance}; expected {expected}")]
    Point {
        /// From 1.
        point: usize,
        /// Its wavelength.
        wavelength_nm: f64,
        /// Its reflectance.
        reflectance: f64,
        /// What would do.
        expected: &'static str,
    },
}

impl Spectrum {
    /// From measured points, each once, at increasing wavelengths and with reflectances from 0 to 1.
    ///
    /// # Errors
    /// The first point that is wrong.
    pub fn measured(points: &[(f64, f64)]) -> Result<Self, SpectrumError> {
        let mut last = 0.0;
        for (i, &(wavelength_nm, reflectance)) in points.iter().enumerate() {
            let wrong = |expected| Err(SpectrumError::Point { point: i + 1, wavelength_nm, reflectance, expected });
            if !wavelength_nm.is_finite() || wavelength_nm <= last {
                return wrong("wavelengths that increase, for example 400, 410, 420");
            }
            if !(0.0..=1.0).contains(&reflectance) {
                return wrong("a reflectance from 0 to 1, for example 0.45");
            }
            last = wavelength_nm;
        }
        let (wavelength_nm, reflectance) = points.iter().copied().unzip();
        Ok(Self { wavelength_nm, reflectance })
    }

    /// Reflectance at a wavelength: linear between points, the nearest beyond them, not a number without any.
    #[must_use]
    pub fn at(&self, wavelength_nm: f64) -> f64 {
        let i = self.wavelength_nm.partition_point(|w| *w <= wavelength_nm);
        match (i.checked_sub(1), self.wavelength_nm.get(i)) {
            (None, None) => f64::NAN,
            (None, Some(_)) => self.reflectance[0],
            (Some(before), None) => self.reflectance[before],
            (Some(before), Some(after)) => {
                let from = self.wavelength_nm[before];
                let share = (wavelength_nm - from) / (after - from);
                self.reflectance[before] + share * (self.reflectance[i] - self.reflectance[before])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wavelengths_of_colour() {
        assert_eq!((VISIBLE_NM[0], VISIBLE_NM[1], VISIBLE_NM[80]), (380.0, 385.0, 780.0));
    }

    #[test]
    fn a_spectrum_is_linear_between_its_points_and_level_beyond_them() {
        let spectrum = Spectrum::measured(&[(400.0, 0.2), (500.0, 0.4), (520.0, 0.3)]).unwrap();
        for (nm, expected) in [(380.0, 0.2), (400.0, 0.2), (450.0, 0.3), (500.0, 0.4), (505.0, 0.375), (520.0, 0.3), (900.0, 0.3)] {
            assert!((spectrum.at(nm) - expected).abs() < 1e-12, "{nm} nm");
        }
        assert!(Spectrum { wavelength_nm: vec![], reflectance: vec![] }.at(500.0).is_nan());
    }

    #[test]
    fn points_that_are_no_spectrum_are_refused() {
        for (points, wrong) in [
            (vec![(400.0, 0.2), (390.0, 0.2)], 2),
            (vec![(400.0, 0.2), (400.0, 0.2)], 2),
            (vec![(400.0, 1.2)], 1),
            (vec![(400.0, -0.1)], 1),
            (vec![(400.0, f64::NAN)], 1),
            (vec![(f64::NAN, 0.1)], 1),
        ] {
            assert!(matches!(Spectrum::measured(&points), Err(SpectrumError::Point { point, .. }) if point == wrong), "{points:?}");
        }
    }
}
