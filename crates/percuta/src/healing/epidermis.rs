//! Epidermis: closing of channels, and thickening while the fibroblasts below are active.

use super::HealingParameters;

/// Thickness of the viable epidermis over time.
///
/// `x' = gain g (1 - x/cap) - x/return`, with g the primed fibroblasts of the papillary dermis and x the
/// thickening: growth factors of primed fibroblasts drive keratinocytes, transit brings them back.
#[derive(Debug, Clone)]
pub struct Epidermis {
    gain: f64,
    cap: f64,
    give_back: f64,
    lag: f64,
    speed: f64,
    thickening: f64,
}

impl Epidermis {
    /// Epidermis at rest.
    #[must_use]
    pub fn new(p: &HealingParameters) -> Self {
        Self {
            gain: p.epidermal_gain,
            cap: p.epidermal_cap,
            give_back: 1.0 / p.epidermal_return,
            lag: p.closure_lag,
            speed: p.closure_speed,
            thickening: 0.0,
        }
    }

    /// Advances by `h` days while the drive goes from `before` to `after`; exact for a constant drive.
    pub fn advance(&mut self, h: f64, before: f64, after: f64) {
        let growth = self.gain * 0.5 * (before + after);
        let rate = growth / self.cap + self.give_back;
        let target = growth / rate;
        self.thickening = target + (self.thickening - target) * (-rate * h).exp();
    }

    /// Thickness relative to baseline.
    #[must_use]
    pub fn factor(&self) -> f64 {
        1.0 + self.thickening
    }

    /// Open share of a channel of half width `channel_um`, `since` days after it was made: keratinocytes
    /// advance from the rim at constant speed after a lag, so it closes at lag + half width / speed.
    #[must_use]
    pub fn wound(&self, since: f64, channel_um: f64) -> f64 {
        let advanced = ((since - self.lag).max(0.0) * self.speed / channel_um.max(1.0)).min(1.0);
        (1.0 - advanced) * (1.0 - advanced)
    }
}
