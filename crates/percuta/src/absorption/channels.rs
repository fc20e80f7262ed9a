//! Needle channels as a path past the stratum corneum.

use std::f64::consts::PI;

use crate::injury::{SessionInjury, Track};
use crate::population::{Draw, ParameterError};
use crate::skin::Layers;

/// Most of the surface that can be open: beyond it there is no skin left to speak of.
const MOST_OPEN: f64 = 0.8;
/// Depths at which the radius is looked at.
const LEVELS: u32 = 8;

/// The channels of one treatment as diffusion sees them: equal cylinders, evenly spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Channels {
    /// Channels per cm².
    pub density_per_cm2: f64,
    /// Radius with the mean section over the open depth, µm.
    pub radius_um: f64,
    /// Depth of the open part below the surface, µm.
    pub depth_um: f64,
}

impl Channels {
    /// What a session leaves open in this skin; `None` where nothing passes the stratum corneum.
    ///
    /// # Errors
    /// If `channels.open_depth` or a card of the track is missing or in another unit.
    pub fn of(session: &SessionInjury, layers: &Layers, draw: &Draw) -> Result<Option<Self>, ParameterError> {
        Self::left_by(session.density_per_cm2, session.depth_um, session.channel_radius_um, layers, draw)
    }

    /// What punctures that reach `reach_um` leave open, whose channels have the radius `mouth_um` at the surface; `None` where
    /// nothing passes the stratum corneum.
    ///
    /// Most fall shut. Those that do not lie at random: where they overlap they make one channel, so that the open share of the
    /// surface is `1 - exp(-N π a²)` and there are as many channels as fill it.
    ///
    /// # Errors
    /// If a card of the group `channels` or of the track is missing or in another unit.
    pub fn left_by(
        density_per_cm2: f64,
        reach_um: f64,
        mouth_um: f64,
        layers: &Layers,
        draw: &Draw,
    ) -> Result<Option<Self>, ParameterError> {
        let cards = draw.group("channels");
        let share = cards.get("open_depth", "1")?;
        if reach_um <= layers.stratum_corneum_um || density_per_cm2 <= 0.0 || mouth_um <= 0.0 {
            return Ok(None);
        }
        let depth_um = layers.stratum_corneum_um + share * (reach_um - layers.stratum_corneum_um);
        let track = Track::from_draw(draw)?;
        let radius = |level: f64| track.hole_radius_um(level * depth_um, reach_um);
        let squares: f64 = (0..LEVELS).map(|i| radius((f64::from(i) + 0.5) / f64::from(LEVELS)).powi(2)).sum();
        let surface = radius(0.0);
        // A needle that only just enters has no radius at the surface to go by.
        let narrowing = if surface > 0.0 { (squares / f64::from(LEVELS)).sqrt() / surface } else { 1.0 };
        let radius_um = mouth_um * narrowing;
        let section_cm2 = PI * radius_um * radius_um * 1e-8;
        let open = density_per_cm2 * cards.get("patency", "1")?;
        let open_area = (-(-open * section_cm2).exp_m1()).min(MOST_OPEN);
        Ok(Some(Self { density_per_cm2: open_area / section_cm2, radius_um, depth_um }))
    }

    /// Channels per cm² that leave tissue between them.
    #[must_use]
    pub fn separate_per_cm2(&self) -> f64 {
        self.density_per_cm2.min(MOST_OPEN / (PI * self.radius_um * self.radius_um * 1e-8))
    }

    /// Share of the surface that is open.
    #[must_use]
    pub fn open_area(&self) -> f64 {
        (self.density_per_cm2 * PI * self.radius_um * self.radius_um * 1e-8).min(MOST_OPEN)
    }
}
