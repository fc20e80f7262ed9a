//! Downtime of one session: how long it shows and how long the skin is open.

use super::{Barrier, Bleeding, Erythema};
use crate::injury::SessionInjury;
use crate::population::{Draw, ParameterError};
use crate::skin::Layers;

/// Downtime of one session in one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Downtime {
    /// Days for which redness can be seen.
    pub erythema_d: f64,
    /// Hours until water loss is within 10 % of normal.
    pub barrier_h: f64,
    /// Days for which pinpoint crusts are there; 0 if nothing bled.
    pub crusts_d: f64,
    /// Days until make-up may cover the skin: when the barrier is back, not before the customary wait.
    pub makeup_d: f64,
}

/// What downtime needs to know of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recovery {
    /// Redness.
    pub erythema: Erythema,
    /// Water loss.
    pub barrier: Barrier,
    /// Capillary loops.
    pub bleeding: Bleeding,
    visible_rise: f64,
    crust_life_d: f64,
    crusted_at_per_cm2: f64,
    makeup_wait_d: f64,
}

impl Recovery {
    /// Reads the cards `erythema.*`, `barrier.*` and `bleeding.*`; `visible_rise` is the rise of blood above its
    /// resting content that can just be seen in this skin.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw, layers: &Layers, visible_rise: f64) -> Result<Self, ParameterError> {
        Ok(Self {
            erythema: Erythema::from_draw(draw)?,
            barrier: Barrier::from_draw(draw)?,
            bleeding: Bleeding::from_draw(draw, layers)?,
            visible_rise,
            crust_life_d: draw.get("bleeding.crust_life", "d")?,
            crusted_at_per_cm2: draw.get("bleeding.crusted_at", "1/cm2")?,
            makeup_wait_d: draw.get("barrier.makeup_wait", "d")?,
        })
    }

    /// Downtime of a session.
    #[must_use]
    pub fn downtime(&self, session: &SessionInjury) -> Downtime {
        let points = self.bleeding.points_per_cm2(session);
        let barrier_h = self.barrier.recovery_h(session);
        Downtime {
            erythema_d: self.erythema.days_visible(session, self.visible_rise),
            barrier_h,
            crusts_d: self.crust_life_d * points / (points + self.crusted_at_per_cm2),
            makeup_d: if session.density_per_cm2 > 0.0 { self.makeup_wait_d.max(barrier_h / 24.0) } else { 0.0 },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_session::{central, session};
    use super::*;

    const LAYERS: Layers = Layers { stratum_corneum_um: 20.0, viable_epidermis_um: 60.0, papillary_dermis_um: 250.0, dermis_um: 1000.0 };

    #[test]
    fn a_harder_session_costs_more_days() {
        let recovery = Recovery::from_draw(&central(), &LAYERS, 0.2).unwrap();
        let (gentle, hard) = (recovery.downtime(&session(0.0, 100.0, 500.0)), recovery.downtime(&session(0.0, 1500.0, 3000.0)));
        assert!(gentle.erythema_d < hard.erythema_d);
        assert!(gentle.barrier_h < hard.barrier_h);
        assert!(gentle.crusts_d < hard.crusts_d);
        assert!(gentle.makeup_d <= hard.makeup_d);
        assert!(hard.erythema_d < 7.0 && hard.crusts_d < 7.0 && hard.makeup_d < 7.0, "{hard:?}");
    }

    #[test]
    fn no_needling_no_downtime() {
        let recovery = Recovery::from_draw(&central(), &LAYERS, 0.2).unwrap();
        let none = recovery.downtime(&session(0.0, 1500.0, 0.0));
        assert_eq!(none, Downtime { erythema_d: 0.0, barrier_h: 0.0, crusts_d: 0.0, makeup_d: 0.0 });
    }
}
