//! Where the needles sit: in a pen cartridge, on a drum, in an array.

use std::f64::consts::TAU;

use super::{Device, Handpiece};
use crate::population::{Draw, ParameterError};

/// Needles that draw parallel lines of punctures when the handpiece moves.
#[derive(Debug, Clone, PartialEq)]
pub struct Comb {
    /// Position of each needle (pen) or ring (roller): along and across the direction of movement, µm.
    pub teeth: Vec<(f64, f64)>,
    /// Way between two strikes of the same tooth, µm.
    pub step_um: f64,
    /// Width that the comb covers, µm.
    pub width_um: f64,
}

/// The comb of a pen or roller moved at `glide_um_per_s` (a roller's does not depend on the speed).
///
/// # Errors
/// If a card of the device is missing or in another unit, or a length or frequency on it is not above zero.
pub fn comb(device: &Device, draw: &Draw, glide_um_per_s: f64) -> Result<Comb, ParameterError> {
    match device.handpiece {
        Handpiece::Roller => {
            let diameter = positive(draw, "drum_diameter", "um")?;
            let width = positive(draw, "drum_width", "um")?;
            let rings = device.rings.unwrap_or(1).max(1);
            let gap = std::f64::consts::PI * diameter / (f64::from(device.needles) / f64::from(rings));
            // Rings sit evenly over the width, each a little ahead of its neighbour, like the thread of a screw.
            let teeth = (0..rings)
                .map(|i| {
                    let share = (f64::from(i) + 0.5) / f64::from(rings);
                    (gap * share, width * (share - 0.5))
                })
                .collect();
            Ok(Comb { teeth, step_um: gap, width_um: width })
        }
        Handpiece::Pen | Handpiece::Stamp => {
            let footprint = positive(draw, "footprint", "um")?;
            let frequency = positive(draw, "frequency", "Hz")?;
            Ok(Comb { teeth: cartridge(device.needles, footprint), step_um: glide_um_per_s / frequency, width_um: footprint })
        }
    }
}

/// Needles of a cartridge on concentric rings, evenly spaced on each, the outermost at the edge of the footprint.
/// The numbers per ring go with the rings' circumference. Makers do not publish the arrangement.
#[must_use]
pub fn cartridge(needles: u32, footprint_um: f64) -> Vec<(f64, f64)> {
    if needles <= 1 {
        return vec![(0.0, 0.0); needles as usize];
    }
    let rings = (0.5 * f64::from(needles).sqrt()).round().max(1.0) as u32;
    let weights = f64::from(rings * (rings + 1) / 2);
    let mut at = Vec::with_capacity(needles as usize);
    for ring in 1..=rings {
        let left = needles - at.len() as u32;
        let count = if ring == rings { left } else { ((f64::from(needles * ring) / weights).round() as u32).clamp(1, left) };
        let radius = 0.5 * footprint_um * f64::from(ring) / f64::from(rings);
        for i in 0..count {
            let angle = TAU * (f64::from(i) / f64::from(count) + 0.5 * f64::from(ring) / f64::from(count));
            at.push((radius * angle.cos(), radius * angle.sin()));
        }
    }
    at
}

/// Columns and rows of a stamp's array, as near to a square as the number of needles allows.
#[must_use]
pub fn array(needles: u32) -> (u32, u32) {
    let columns = (f64::from(needles).sqrt().ceil() as u32).max(1);
    (columns, needles.div_ceil(columns).max(1))
}

/// A card of the device that must be above zero.
pub(super) fn positive(draw: &Draw, key: &str, unit: &str) -> Result<f64, ParameterError> {
    let value = draw.group("device").get(key, unit)?;
    if value.is_finite() && value > 0.0 {
        Ok(value)
    } else {
        Err(ParameterError::Malformed { file: format!("device.{key}"), reason: format!("it must be above zero, not {value}") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cartridge_has_all_its_needles_inside_the_footprint() {
        for needles in [1, 2, 6, 11, 12, 14, 36, 42] {
            let at = cartridge(needles, 6000.0);
            assert_eq!(at.len(), needles as usize);
            assert!(at.iter().all(|(x, y)| x.hypot(*y) <= 3000.0 + 1e-9));
            let (cx, cy) = at.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x, b + y));
            assert!(f64::hypot(cx, cy) < 1e-6, "the group is centred");
        }
    }

    #[test]
    fn arrays_hold_all_needles() {
        assert_eq!(array(100), (10, 10));
        assert_eq!(array(49), (7, 7));
        let (c, r) = array(14);
        assert!(c * r >= 14 && c * (r - 1) < 14);
    }
}
