//! Shape of one needle.

use crate::population::{Draw, ParameterError};

/// A conical point on a cylindrical shaft.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Needle {
    /// Radius of the shaft, µm.
    pub shaft_radius_um: f64,
    /// Radius of the tip, µm.
    pub tip_radius_um: f64,
    /// Length of the conical point, µm.
    pub taper_um: f64,
}

impl Needle {
    /// Reads `device.shaft_diameter`, `device.tip_radius` and `device.taper_length` (um).
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let device = draw.group("device");
        Ok(Self {
            shaft_radius_um: 0.5 * device.get("shaft_diameter", "um")?,
            tip_radius_um: device.get("tip_radius", "um")?,
            taper_um: device.get("taper_length", "um")?,
        })
    }

    /// Radius of the needle at a distance above its tip, µm.
    #[must_use]
    pub fn radius_um(&self, above_tip_um: f64) -> f64 {
        let share = (above_tip_um / self.taper_um).clamp(0.0, 1.0);
        self.tip_radius_um + share * (self.shaft_radius_um - self.tip_radius_um).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radius_grows_from_tip_to_shaft() {
        let n = Needle { shaft_radius_um: 125.0, tip_radius_um: 5.0, taper_um: 1000.0 };
        assert!((n.radius_um(0.0) - 5.0).abs() < 1e-12);
        assert!((n.radius_um(500.0) - 65.0).abs() < 1e-12);
        assert!((n.radius_um(2000.0) - 125.0).abs() < 1e-12);
    }
}
