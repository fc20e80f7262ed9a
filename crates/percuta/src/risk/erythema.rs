//! Redness after a session: vessels dilate and fill, and go back over hours to days. How red that looks is for light to say.

use super::{damage, past};
use crate::injury::SessionInjury;
use crate::population::{Draw, ParameterError};

/// Size and duration of the redness in one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Erythema {
    highest: f64,
    half_damage: f64,
    fading_d: f64,
    reference_depth_um: f64,
    depth_exponent: f64,
}

impl Erythema {
    /// Reads the cards `erythema.*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let erythema = draw.group("erythema");
        Ok(Self {
            highest: erythema.get("highest_dilation", "1")?,
            half_damage: erythema.get("half_damage", "1")?,
            fading_d: erythema.get("fading", "d")?,
            reference_depth_um: erythema.get("reference_depth", "um")?,
            depth_exponent: erythema.get("depth_exponent", "1")?,
        })
    }

    /// Blood above the resting content just after a session, as a share of it.
    #[must_use]
    pub fn rise(&self, session: &SessionInjury) -> f64 {
        let damage = damage(session);
        if damage > 0.0 { self.highest * damage / (damage + self.half_damage) } else { 0.0 }
    }

    /// Time constant with which the redness of a session fades, d.
    #[must_use]
    pub fn fading_d(&self, session: &SessionInjury) -> f64 {
        self.fading_d * (session.depth_um / self.reference_depth_um).powf(self.depth_exponent)
    }

    /// Days for which the redness of a session can be seen, where a rise of `visible` just can.
    #[must_use]
    pub fn days_visible(&self, session: &SessionInjury, visible: f64) -> f64 {
        let rise = self.rise(session);
        if rise > visible { self.fading_d(session) * (rise / visible).ln() } else { 0.0 }
    }

    /// Blood above the resting content on `days`, as a share of it; on the day of a session it is the value just after it.
    #[must_use]
    pub fn series(&self, days: &[f64], sessions: &[SessionInjury]) -> Vec<f64> {
        let at = |day: f64| {
            past(day, sessions).filter(|(_, s)| self.rise(s) > 0.0).map(|(age, s)| self.rise(s) * (-age / self.fading_d(s)).exp()).sum()
        };
        days.iter().map(|&day| at(day)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_session::{central, session};
    use super::*;

    /// A rise that can just be seen.
    const VISIBLE: f64 = 0.2;

    #[test]
    fn untreated_skin_does_not_redden() {
        let erythema = Erythema::from_draw(&central()).unwrap();
        assert!(erythema.series(&[0.0, 1.0, 100.0], &[]).iter().all(|&v| v == 0.0));
        assert!(erythema.series(&[0.0, 1.0], &[session(0.0, 500.0, 0.0)]).iter().all(|&v| v == 0.0));
    }

    #[test]
    fn deeper_and_denser_needling_reddens_more_and_longer() {
        let erythema = Erythema::from_draw(&central()).unwrap();
        let days = |depth, density| erythema.days_visible(&session(0.0, depth, density), VISIBLE);
        assert!(days(500.0, 500.0) < days(1500.0, 500.0));
        assert!(days(500.0, 250.0) < days(500.0, 2000.0));
        assert!(erythema.rise(&session(0.0, 500.0, 250.0)) < erythema.rise(&session(0.0, 500.0, 2000.0)));
    }

    #[test]
    fn redness_fades_exponentially_and_sessions_add_up() {
        let erythema = Erythema::from_draw(&central()).unwrap();
        let first = session(0.0, 1000.0, 500.0);
        let tau = erythema.fading_d(&first);
        let one = erythema.series(&[0.0, tau], std::slice::from_ref(&first));
        assert!((one[0] - erythema.rise(&first)).abs() < 1e-12);
        assert!((one[1] / one[0] - (-1.0f64).exp()).abs() < 1e-12);
        let two = erythema.series(&[0.5, 1.0], &[first, session(1.0, 1000.0, 500.0)]);
        assert!(two[1] > two[0]);
    }
}
