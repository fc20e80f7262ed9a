//! How the handpiece is moved over the skin.

use serde::Serialize;

use super::Handpiece;
use crate::population::ParameterError;

/// A raster of parallel tracks, repeated in several directions. Stamps use only `passes`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Motion {
    /// Times the whole area is covered. Pass `i` runs along `directions_deg[i % len]`.
    pub passes: u32,
    /// Directions of the tracks in degrees from the x axis; at least one.
    pub directions_deg: Vec<f64>,
    /// Speed of the handpiece along a track, µm/s.
    pub glide_um_per_s: f64,
    /// Share of a track's width that the next track covers again, 0 to below 1.
    pub overlap: f64,
}

impl Motion {
    /// Whether the handpiece can be moved like this.
    ///
    /// # Errors
    /// Says which value is out of its range.
    pub fn check(&self, handpiece: Handpiece) -> Result<(), ParameterError> {
        let bad = |reason: String| Err(ParameterError::Malformed { file: "motion".into(), reason });
        if handpiece == Handpiece::Stamp {
            return Ok(());
        }
        if !(self.glide_um_per_s.is_finite() && self.glide_um_per_s > 0.0) {
            return bad(format!("the glide speed must be above zero, not {} um/s", self.glide_um_per_s));
        }
        if !(0.0..1.0).contains(&self.overlap) {
            return bad(format!("the overlap must be from 0 to below 1, not {}", self.overlap));
        }
        if self.directions_deg.is_empty() || self.directions_deg.iter().any(|d| !d.is_finite()) {
            return bad("at least one direction of the tracks is needed".into());
        }
        Ok(())
    }
}
