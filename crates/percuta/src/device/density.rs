//! Punctures per area in closed form.

use super::layout::{array, comb, positive};
use super::{Device, Handpiece, Motion};
use crate::population::{Draw, ParameterError};

/// Punctures per cm² that the geometry and the motion give on average, over all passes.
///
/// Pen: `N f / (v w (1 - overlap))` per pass; roller: needles over the area of the rolled-out drum; stamp: needles over the
/// array's area. It counts strikes; where the setting is so small that a needle does not enter, there are fewer punctures.
///
/// # Errors
/// If a card is missing or in another unit, or the motion is not one.
pub fn expected_density_per_cm2(device: &Device, motion: &Motion, draw: &Draw) -> Result<f64, ParameterError> {
    const UM2_PER_CM2: f64 = 1e8;
    motion.check(device.handpiece)?;
    let per_pass = match device.handpiece {
        Handpiece::Pen | Handpiece::Roller => {
            let comb = comb(device, draw, motion.glide_um_per_s)?;
            comb.teeth.len() as f64 / (comb.step_um * comb.width_um * (1.0 - motion.overlap))
        }
        Handpiece::Stamp => {
            let pitch = positive(draw, "pitch", "um")?;
            let (columns, rows) = array(device.needles);
            f64::from(device.needles) / (f64::from(columns * rows) * pitch * pitch)
        }
    };
    Ok(UM2_PER_CM2 * f64::from(motion.passes) * per_pass)
}
