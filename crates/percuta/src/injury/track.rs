//! What one needle leaves behind: the section of its track at every depth.

use std::f64::consts::PI;

use crate::device::Needle;
use crate::population::{Draw, ParameterError};

/// Shape of a needle track and what becomes of the tissue in it.
///
/// At every depth the track is a stadium: the needle's disc drawn out along the slit. The slit is longest at the surface and
/// shrinks with the root of the distance to the tip, `d sqrt(1 - z/p)`. For a sinusoidal stroke much longer than the depth that
/// is the exact ratio of the times spent below `z` and below the surface; at 1.5 mm of a 2.5 mm stroke it is 8 % too long at half
/// the depth. For rollers it is up to a fifth too short there. Both are small beside the uncertainty of the slit.
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

/// A track between two depths, averaged over the part of that stretch that the needle is in:
/// area times `share` times the distance of the depths is the exact volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stretch {
    /// Stadium of the core with the mean area.
    pub core: Stadium,
    /// Stadium of the open channel with the mean area.
    pub hole: Stadium,
    /// Share of the stretch that the needle is in.
    pub share: f64,
}

/// Integrals over the height above the tip: of the squared radius, of radius times root of the height, of the root alone.
struct Integrals {
    squares: f64,
    ribbons: f64,
    roots: f64,
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

    /// Core and open channel averaged between two depths, for a puncture that reaches `reach_um`.
    #[must_use]
    pub fn mean(&self, from_um: f64, to_um: f64, reach_um: f64, slit_um: f64) -> Stretch {
        let top = from_um.max(0.0);
        let height = to_um.min(reach_um) - top;
        if height <= 0.0 {
            let nothing = Stadium { radius_um: 0.0, length_um: 0.0 };
            return Stretch { core: nothing, hole: nothing, share: 0.0 };
        }
        // Integrals from the tip up, taken between the two ends of the stretch.
        let (high, low) = (self.below(reach_um - top), self.below(reach_um - top - height));
        let root = slit_um / reach_um.sqrt();
        let length_um = root * (high.roots - low.roots) / height;
        let discs = PI * (high.squares - low.squares) / height;
        let ribbons = 2.0 * root * (high.ribbons - low.ribbons) / height;
        // The stadium of that length that has the mean area.
        let stadium = |factor: f64| {
            let area = factor * (factor * discs + ribbons);
            Stadium { radius_um: ((length_um * length_um + PI * area).sqrt() - length_um) / PI, length_um }
        };
        Stretch { core: stadium(self.core_radius), hole: stadium(1.0).scaled(self.hole_recoil), share: height / (to_um - from_um) }
    }

    /// Integrals over the height from the tip up to `above_tip`.
    fn below(&self, above_tip: f64) -> Integrals {
        let (tip, shaft, taper) = self.cone();
        let u = above_tip.min(taper);
        let slope = (shaft - tip) / taper;
        let (root_u, root) = (u * u.sqrt(), above_tip * above_tip.sqrt());
        let beyond = (above_tip - taper).max(0.0);
        Integrals {
            squares: u * (tip * tip + tip * slope * u + slope * slope * u * u / 3.0) + shaft * shaft * beyond,
            ribbons: root_u * (tip * 2.0 / 3.0 + slope * 0.4 * u) + shaft * 2.0 / 3.0 * (root - root_u),
            roots: root * 2.0 / 3.0,
        }
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
            let Stretch { core, hole, share } = t.mean(from, to, 1100.0, 80.0);
            let steps = 200_000;
            let dz = (to - from) / f64::from(steps);
            let (mut volume, mut open) = (0.0, 0.0);
            for i in 0..steps {
                let z = from + (f64::from(i) + 0.5) * dz;
                volume += t.core_section_um2(z, 1100.0, 80.0) * dz;
                open += t.outline(z, 1100.0, 80.0).scaled(0.5).area_um2() * dz;
            }
            assert!((core.area_um2() * share * (to - from) / volume - 1.0).abs() < 1e-6, "{from} to {to}");
            assert!((hole.area_um2() * share * (to - from) / open - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn nothing_below_the_tip() {
        let below = track().mean(500.0, 700.0, 400.0, 80.0);
        assert_eq!((below.core.area_um2(), below.hole.area_um2(), below.share), (0.0, 0.0, 0.0));
        assert_eq!(track().core_section_um2(400.0, 400.0, 80.0), 0.0);
        assert_eq!(track().hole_radius_um(500.0, 400.0), 0.0);
        assert!(
            (track().mean(300.0, 500.0, 400.0, 80.0).share - 0.5).abs() < 1e-12,
            "the layer of the tip counts only as far as it is entered"
        );
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
