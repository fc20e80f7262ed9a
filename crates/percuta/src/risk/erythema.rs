//! Redness after a session: a rise of the haemoglobin index that fades over hours to days.

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
    visible: f64,
}

impl Erythema {
    /// Reads the cards `erythema.*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let erythema = draw.group("erythema");
        Ok(Self {
            highest: erythema.get("highest_rise", "a.u.")?,
            half_damage: erythema.get("half_damage", "1")?,
            fading_d: erythema.get("fading", "d")?,
            reference_depth_um: erythema.get("reference_depth", "um")?,
            depth_exponent: erythema.get("depth_exponent", "1")?,
            visible: erythema.get("visible_rise", "a.u.")?,
        })
    }

    /// Rise of the haemoglobin index just after a session, a.u. (scale of the Takiwaki transform).
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

    /// Days for which the redness of a session can be seen.
    #[must_use]
    pub fn days_visible(&self, session: &SessionInjury) -> f64 {
        let rise = self.rise(session);
        if rise > self.visible { self.fading_d(session) * (rise / self.visible).ln() } else { 0.0 }
    }

    /// Rise of the haemoglobin index on `days`, a.u.; on the day of a session it is the value just after it.
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
    use crate::population::{ParameterSet, draw_members, interval};

    #[test]
    fn untreated_skin_does_not_redden() {
        let erythema = Erythema::from_draw(&central()).unwrap();
        assert!(erythema.series(&[0.0, 1.0, 100.0], &[]).iter().all(|&v| v == 0.0));
        assert!(erythema.series(&[0.0, 1.0], &[session(0.0, 500.0, 0.0)]).iter().all(|&v| v == 0.0));
    }

    #[test]
    fn deeper_and_denser_needling_reddens_more_and_longer() {
        let erythema = Erythema::from_draw(&central()).unwrap();
        let days = |depth, density| erythema.days_visible(&session(0.0, depth, density));
        assert!(days(500.0, 500.0) < days(1500.0, 500.0));
        assert!(days(500.0, 250.0) < days(500.0, 2000.0));
        assert!(erythema.rise(&session(0.0, 500.0, 250.0)) < erythema.rise(&session(0.0, 500.0, 2000.0)));
    }

    #[test]
    fn redness_lasts_as_long_as_the_clinics_report() {
        // 3-6 h and 1-2 d after rollers; everything transient is over by 7 d.
        let set = ParameterSet::embedded().unwrap();
        let days: Vec<f64> =
            draw_members(&set, 1, 200).iter().map(|d| Erythema::from_draw(d).unwrap().days_visible(&session(0.0, 1200.0, 500.0))).collect();
        let days = interval(&days);
        assert!(days.median > 0.25 && days.median < 2.0 && days.high < 7.0, "{days:?}");
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
