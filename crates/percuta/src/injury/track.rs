//! What one needle leaves behind: the section of its track at every depth.

use std::f64::consts::PI;

use crate::device::Needle;
use crate::population::{Draw, ParameterError};

/// Shape of a needle track and what becomes of the tissue in it.
///
/// At every depth the track is a stadium: the needle's disc drawn out along the slit. The slit is longest at the surface and
/// shrinks with the root of the distance to the tip, `d sqrt(1 - z/p)`. For a sinusoidal stroke much longer than the depth that
/// is the exact ratio of the times spent below `z` and below the surface; at 1.5 mm of a 2.5 mm stroke it is 8 % too long at half
/// the depth. For rollers it is up to a fifth too short there. Both are small beside the uncertainty of the slit itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Track {
    /// The needle.
    pub needle: Needle,
    /// Radius of the core that is cut or displaced over the needle's radius.
    pub core_radius: f64,
    /// Radius of the channel that stays open over the needle's radius. The slit closes in the same proportion.
    pub hole_recoil: f64,
    /// Share of the core that is really cut or lysed.
    pub lysed_fraction: f64,
}

/// A disc of a given radius drawn out over a given length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stadium {
    /// Radius of the ends, µm.
    pub radius_um: f64,
    /// Distance between the centres of the ends, µm.
    pub length_um: f64,
}

impl Stadium {
    /// Area, µm².
    #[must_use]
    pub fn area_um2(&self) -> f64 {
        PI * self.radius_um * self.radius_um + 2.0 * self.radius_um * self.length_um
    }

    /// The same shape `factor` times as large in each direction.
    #[must_use]
    pub fn scaled(&self, factor: f64) -> Self {
        Self { radius_um: factor * self.radius_um, length_um: factor * self.length_um }
    }
}

impl Track {
    /// Reads the needle and `injury.core_radius`, `injury.hole_recoil` and `injury.lysed_fraction` ("1").
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let injury = draw.group("injury");
        Ok(Self {
            needle: Needle::from_draw(draw)?,
            core_radius: injury.get("core_radius", "1")?,
            hole_recoil: injury.get("hole_recoil", "1")?,
            lysed_fraction: injury.get("lysed_fraction", "1")?.clamp(0.0, 1.0),
        })
    }

    /// Outline of the needle's sweep at a depth, for a puncture that reaches `reach_um` and tore a slit of `slit_um` at the surface.
    #[must_use]
    pub fn outline(&self, depth_um: f64, reach_um: f64, slit_um: f64) -> Stadium {
        if depth_um >= reach_um {
            return Stadium { radius_um: 0.0, length_um: 0.0 };
        }
        let above_tip = reach_um - depth_um;
        Stadium { radius_um: self.needle.radius_um(above_tip), length_um: slit_um * (above_tip / reach_um).min(1.0).sqrt() }
    }

    /// Section of the core at a depth, µm².
    #[must_use]
    pub fn core_section_um2(&self, depth_um: f64, reach_um: f64, slit_um: f64) -> f64 {
        let outline = self.outline(depth_um, reach_um, slit_um);
        Stadium { radius_um: self.core_radius * outline.radius_um, ..outline }.area_um2()
    }

    /// Radius of the open channel at a depth, µm.
    #[must_use]
    pub fn hole_radius_um(&self, depth_um: f64, reach_um: f64) -> f64 {
        self.hole_recoil * self.outline(depth_um, reach_um, 0.0).radius_um
    }

    /// Stadium of the core whose area is the mean between two depths, and the share of that stretch that the needle is in.
    /// The mean is taken over that share, so that area times share times thickness is the exact volume.
    #[must_use]
    pub fn mean_core(&self, from_um: f64, to_um: f64, reach_um: f64, slit_um: f64) -> (Stadium, f64) {
        self.mean_stadium(from_um, to_um, reach_um, slit_um, self.core_radius)
    }

    /// The same for the channel that stays open.
    #[must_use]
    pub fn mean_hole(&self, from_um: f64, to_um: f64, reach_um: f64, slit_um: f64) -> (Stadium, f64) {
        let (outline, share) = self.mean_stadium(from_um, to_um, reach_um, slit_um, 1.0);
        (outline.scaled(self.hole_recoil), share)
    }

    fn mean_stadium(&self, from_um: f64, to_um: f64, reach_um: f64, slit_um: f64, radius_factor: f64) -> (Stadium, f64) {
        let bottom = to_um.min(reach_um);
        let top = from_um.max(0.0);
        let height = bottom - top;
        if height <= 0.0 {
            return (Stadium { radius_um: 0.0, length_um: 0.0 }, 0.0);
        }
        // Distances above the tip.
        let (low, high) = (reach_um - bottom, reach_um - top);
        let root = slit_um / reach_um.sqrt();
        let slits = root * 2.0 / 3.0 * (high.powf(1.5) - low.powf(1.5)) / height;
        let area = (radius_factor * radius_factor * PI * (self.squares(high) - self.squares(low))
            + radius_factor * 2.0 * root * (self.ribbons(high) - self.ribbons(low)))
            / height;
        let radius_um = ((slits * slits + PI * area).sqrt() - slits) / PI;
        (Stadium { radius_um, length_um: slits }, height / (to_um - from_um))
    }

    /// Integral of the squared radius from the tip up, µm³.
    fn squares(&self, above_tip: f64) -> f64 {
        let (tip, shaft, taper) = self.cone();
        let u = above_tip.min(taper);
        let slope = (shaft - tip) / taper;
        let cone = u * (tip * tip + tip * slope * u + slope * slope * u * u / 3.0);
        cone + shaft * shaft * (above_tip - taper).max(0.0)
    }

    /// Integral of radius times the root of the height from the tip up.
    fn ribbons(&self, above_tip: f64) -> f64 {
        let (tip, shaft, taper) = self.cone();
        let u = above_tip.min(taper);
        let slope = (shaft - tip) / taper;
        let cone = tip * 2.0 / 3.0 * u.powf(1.5) + slope * 0.4 * u.powf(2.5);
        cone + shaft * 2.0 / 3.0 * (above_tip.powf(1.5) - taper.powf(1.5)).max(0.0)
    }

    fn cone(&self) -> (f64, f64, f64) {
        let tip = self.needle.tip_radius_um;
        (tip, self.needle.shaft_radius_um.max(tip), self.needle.taper_um)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track() -> Track {
        Track {
            needle: Needle { shaft_radius_um: 110.0, tip_radius_um: 6.0, taper_um: 700.0 },
            core_radius: 1.1,
            hole_recoil: 0.5,
            lysed_fraction: 0.12,
        }
    }

    #[test]
    fn layer_means_are_the_integral_of_the_section() {
        let t = track();
        for (from, to) in [(0.0, 60.0), (100.0, 700.0), (300.0, 1200.0), (900.0, 1400.0)] {
            let (mean, share) = t.mean_core(from, to, 1100.0, 80.0);
            let (hole, _) = t.mean_hole(from, to, 1100.0, 80.0);
            let steps = 200_000;
            let dz = (to - from) / f64::from(steps);
            let (mut volume, mut open) = (0.0, 0.0);
            for i in 0..steps {
                let z = from + (f64::from(i) + 0.5) * dz;
                volume += t.core_section_um2(z, 1100.0, 80.0) * dz;
                open += t.outline(z, 1100.0, 80.0).scaled(0.5).area_um2() * dz;
            }
            assert!((mean.area_um2() * share * (to - from) / volume - 1.0).abs() < 1e-6, "{from} to {to}");
            assert!((hole.area_um2() * share * (to - from) / open - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn nothing_below_the_tip() {
        let (mean, share) = track().mean_core(500.0, 700.0, 400.0, 80.0);
        assert_eq!((mean.area_um2(), share), (0.0, 0.0));
        assert_eq!(track().core_section_um2(400.0, 400.0, 80.0), 0.0);
        assert_eq!(track().hole_radius_um(500.0, 400.0), 0.0);
        let (_, share) = track().mean_core(300.0, 500.0, 400.0, 80.0);
        assert!((share - 0.5).abs() < 1e-12, "the layer of the tip counts only as far as it is entered");
    }

    #[test]
    fn the_slits_taper_is_near_the_exact_dwell_ratio() {
        use crate::device::kinematics::share_below;
        for (p, tolerance) in [(500.0, 0.03), (1500.0, 0.06)] {
            for share in [0.1, 0.5, 0.9] {
                let exact = share_below(share * p, p, 2500.0) / share_below(0.0, p, 2500.0);
                let used = track().outline(share * p, p, 1.0).length_um;
                assert!((used - exact).abs() < tolerance, "{p} {share}: {used} for {exact}");
            }
        }
    }
}
