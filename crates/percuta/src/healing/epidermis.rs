//! Epidermis: closing of channels, and thickening while the fibroblasts below are active.

use super::HealingParameters;

/// How the viable epidermis answers to the fibroblasts below, and closes.
///
/// `x' = gain g (1 - x/cap) - x/return`, with g the primed fibroblasts of the papillary dermis and x the
/// thickening: growth factors of primed fibroblasts drive keratinocytes, transit brings them back.
#[derive(Debug, Clone, Copy)]
pub struct Epidermis {
    gain: f64,
    cap: f64,
    give_back: f64,
    lag: f64,
    speed: f64,
}

impl Epidermis {
    /// Reads the epidermis' parameters.
    #[must_use]
    pub fn new(p: &HealingParameters) -> Self {
        Self {
            gain: p.epidermal_gain,
            cap: p.epidermal_cap,
            give_back: 1.0 / p.epidermal_return,
            lag: p.closure_lag,
            speed: p.closure_speed,
        }
    }

    /// Thickening, relative to baseline, `h` days after it was `thickening`, while the drive goes from `before` to `after`;
    /// exact for a constant drive.
    #[inline]
    #[must_use]
    pub fn advance(&self, thickening: f64, h: f64, before: f64, after: f64) -> f64 {
        let growth = self.gain * 0.5 * (before + after);
        let rate = growth / self.cap + self.give_back;
        let target = growth / rate;
        target + (thickening - target) * (-rate * h).exp()
    }

    /// Open share of a channel of half width `channel_um`, `since` days after it was made: keratinocytes
    /// advance from the rim at constant speed after a lag, so it closes at lag + half width / speed.
    #[must_use]
    pub fn wound(&self, since: f64, channel_um: f64) -> f64 {
        let advanced = ((since - self.lag).max(0.0) * self.speed / channel_um.max(1.0)).min(1.0);
        (1.0 - advanced) * (1.0 - advanced)
    }
}
