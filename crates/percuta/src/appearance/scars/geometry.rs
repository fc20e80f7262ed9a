//! Classes of scars and the solids they resemble.

use std::f64::consts::{FRAC_PI_4, FRAC_PI_6, PI};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Class of a scar: the three of Jacob et al. 2001 for atrophic acne scars, a line left by a cut, and a scar that stands above the skin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ScarClass {
    /// Narrow and tapering, with a tract below.
    Icepick,
    /// Steep walls and a flat floor.
    Boxcar,
    /// Shallow and wide.
    Rolling,
    /// Along a line, sunken or raised.
    Linear,
    /// Raised.
    Hypertrophic,
}

impl ScarClass {
    /// Name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Icepick => "ice-pick",
            Self::Boxcar => "boxcar",
            Self::Rolling => "rolling",
            Self::Linear => "linear",
            Self::Hypertrophic => "hypertrophic",
        }
    }

    /// Whether it is one of the classes of acne scars.
    #[must_use]
    pub fn is_acne(self) -> bool {
        matches!(self, Self::Icepick | Self::Boxcar | Self::Rolling)
    }

    /// Solid that its missing or excess volume resembles.
    #[must_use]
    pub fn shape(self) -> ScarShape {
        match self {
            Self::Icepick => ScarShape::Cone,
            Self::Boxcar => ScarShape::Cylinder,
            Self::Rolling | Self::Hypertrophic => ScarShape::SphericalCap,
            Self::Linear => ScarShape::Ridge,
        }
    }
}

/// Solid that the missing or excess volume of a scar resembles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScarShape {
    /// Tapers to a point.
    Cone,
    /// Steep walls and a flat floor.
    Cylinder,
    /// Shallow bowl or dome.
    SphericalCap,
    /// A furrow or ridge of parabolic section.
    Ridge,
}

/// One scar before treatment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scar {
    /// Width at the surface, µm.
    pub width_um: f64,
    /// Height above the surrounding skin, µm; that of a pit is negative.
    pub relief_um: f64,
    /// Depth of the tract below the floor of a pit, µm.
    pub tract_um: f64,
    /// Length of a ridge, µm.
    pub length_um: f64,
    /// Shape.
    pub shape: ScarShape,
}

impl Scar {
    /// Depth below the surrounding skin, µm; 0 for a scar that stands above it.
    #[must_use]
    pub fn depth_um(&self) -> f64 {
        (-self.relief_um).max(0.0)
    }

    /// Volume that is missing or in excess at a relief of that size, mm³; the width stays.
    #[must_use]
    pub fn volume_mm3(&self, relief_um: f64) -> f64 {
        let (w, d, l) = (self.width_um * 1e-3, relief_um.abs() * 1e-3, self.length_um * 1e-3);
        match self.shape {
            ScarShape::Cone => FRAC_PI_4 * w * w * d / 3.0,
            ScarShape::Cylinder => FRAC_PI_4 * w * w * d,
            ScarShape::SphericalCap => FRAC_PI_6 * d * (0.75 * w * w + d * d),
            ScarShape::Ridge => 2.0 / 3.0 * w * d * l,
        }
    }

    /// Width over which the surface lies more than `step_um` off the surrounding skin, µm.
    #[must_use]
    pub fn visible_width_um(&self, relief_um: f64, step_um: f64) -> f64 {
        let d = relief_um.abs();
        if d <= step_um {
            return 0.0;
        }
        match self.shape {
            ScarShape::Cone => self.width_um * (1.0 - step_um / d),
            ScarShape::Cylinder => self.width_um,
            ScarShape::SphericalCap => {
                let half = 0.5 * self.width_um;
                let sphere = 0.5 * (half * half + d * d) / d;
                2.0 * (sphere * sphere - (sphere - d + step_um).powi(2)).max(0.0).sqrt()
            }
            ScarShape::Ridge => self.width_um * (1.0 - step_um / d).sqrt(),
        }
    }

    /// Area over which the surface lies more than `step_um` off the surrounding skin, mm².
    #[must_use]
    pub fn visible_area_mm2(&self, relief_um: f64, step_um: f64) -> f64 {
        let w = self.visible_width_um(relief_um, step_um) * 1e-3;
        match self.shape {
            ScarShape::Ridge => w * self.length_um * 1e-3,
            _ => 0.25 * PI * w * w,
        }
    }

    /// Share of a pit's depth that the needles cross in air, 0 to 1, for a handpiece nose of that width; a raised scar meets them first.
    ///
    /// A flat nose sinks into a bowl of parabolic section by `1 - (nose/width)^2` of its depth; soft skin yields at the rim,
    /// which rounds that law off.
    #[must_use]
    pub fn bridged(&self, nose_um: f64) -> f64 {
        if self.relief_um >= 0.0 {
            return 0.0;
        }
        let ratio = (nose_um / self.width_um).powi(2);
        ratio / (1.0 + ratio)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scar(shape: ScarShape) -> Scar {
        Scar { width_um: 2000.0, relief_um: -300.0, tract_um: 0.0, length_um: 30_000.0, shape }
    }

    #[test]
    fn volumes_of_the_solids() {
        let disc = PI * 0.3;
        assert!((scar(ScarShape::Cylinder).volume_mm3(-300.0) - disc).abs() < 1e-12);
        assert!((scar(ScarShape::Cone).volume_mm3(-300.0) - disc / 3.0).abs() < 1e-12);
        assert!((scar(ScarShape::Ridge).volume_mm3(300.0) - 2.0 / 3.0 * 2.0 * 0.3 * 30.0).abs() < 1e-12);
        // A cap as high as its radius is a hemisphere, above the skin or below it.
        for relief in [1000.0, -1000.0] {
            assert!((scar(ScarShape::SphericalCap).volume_mm3(relief) - 2.0 / 3.0 * PI).abs() < 1e-12);
        }
        assert_eq!(scar(ScarShape::Cone).volume_mm3(0.0), 0.0);
    }

    #[test]
    fn visible_areas_are_sections_of_the_solids() {
        for (shape, at_half) in [
            (ScarShape::Cone, 0.25 * PI),
            (ScarShape::Cylinder, PI),
            (ScarShape::Ridge, 60.0 * 0.5f64.sqrt()),
            // r² = R² - (R - d + t)² with R = (1 + 0.09)/0.6 mm.
            (ScarShape::SphericalCap, PI * ((1.09f64 / 0.6).powi(2) - (1.09f64 / 0.6 - 0.15).powi(2))),
        ] {
            let scar = scar(shape);
            assert!((scar.visible_area_mm2(-300.0, 150.0) / at_half - 1.0).abs() < 1e-12, "{shape:?}");
            let full = if shape == ScarShape::Ridge { 60.0 } else { PI };
            assert!((scar.visible_area_mm2(300.0, 0.0) / full - 1.0).abs() < 1e-12, "{shape:?}");
            assert_eq!(scar.visible_area_mm2(-300.0, 300.0), 0.0);
        }
    }

    #[test]
    fn a_wide_scar_lets_the_nose_follow_and_a_raised_one_meets_it() {
        let wide = |width_um| Scar { width_um, ..scar(ScarShape::SphericalCap) };
        assert!(wide(500.0).bridged(5000.0) > 0.98);
        assert!(wide(50_000.0).bridged(5000.0) < 0.02);
        assert_eq!(Scar { relief_um: 300.0, ..wide(500.0) }.bridged(5000.0), 0.0);
    }
}
