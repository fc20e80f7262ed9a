//! What one session did, as the later stages read it.

/// Averages over the treated area after one session in one member.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionInjury {
    /// Day of the session, counted from the first one.
    pub day: f64,
    /// Needle length protruding at the setting, µm.
    pub setting_um: f64,
    /// Needles that strike at once.
    pub needles: u32,
    /// Punctures per cm².
    pub density_per_cm2: f64,
    /// Mean depth reached below the surface, µm.
    pub depth_um: f64,
    /// Mean radius of the open channel at the surface, µm.
    pub channel_radius_um: f64,
    /// Share of the surface that is open channel.
    pub open_area: f64,
    /// Open-channel share of the area in each layer of the grid.
    pub open_area_by_layer: Vec<f64>,
    /// Damaged (cut or lysed) fraction of each layer of the grid.
    pub damaged: Vec<f64>,
    /// Damaged fraction of the viable epidermis.
    pub damaged_epidermis: f64,
    /// Damaged fraction of the papillary dermis.
    pub damaged_papillary: f64,
    /// Share of punctures that reach the papillary dermis.
    pub reaching_dermis: f64,
}
