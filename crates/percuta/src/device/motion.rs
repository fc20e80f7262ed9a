//! How the handpiece is moved over the skin.

use serde::Serialize;

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
