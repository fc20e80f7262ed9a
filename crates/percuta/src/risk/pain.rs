//! Pain while needling: a power law in needle length and number.

use super::on_session_days;
use crate::injury::SessionInjury;
use crate::population::{Draw, ParameterError};

/// Pain in one member, without anaesthesia.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pain {
    anchor_percent: f64,
    anchor_length_um: f64,
    length_exponent: f64,
    number_exponent: f64,
}

impl Pain {
    /// Reads the cards `pain.*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let pain = draw.group("pain");
        Ok(Self {
            anchor_percent: pain.get("single_needle", "%")?,
            anchor_length_um: pain.get("single_needle_length", "um")?,
            length_exponent: pain.get("length_exponent", "1")?,
            number_exponent: pain.get("number_exponent", "1")?,
        })
    }

    /// Pain of one session, % of a 26 G hypodermic needle. The length is the needle length set, the number the needles
    /// that strike at once.
    #[must_use]
    pub fn percent(&self, session: &SessionInjury) -> f64 {
        if session.density_per_cm2 <= 0.0 {
            return 0.0;
        }
        let length = (session.setting_um / self.anchor_length_um).powf(self.length_exponent);
        self.anchor_percent * length * f64::from(session.needles.max(1)).powf(self.number_exponent)
    }

    /// Pain on `days`, % of a 26 G needle; 0 on days without a session.
    #[must_use]
    pub fn series(&self, days: &[f64], sessions: &[SessionInjury]) -> Vec<f64> {
        on_session_days(days, sessions, |s| self.percent(s))
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_session::{central, session};
    use super::*;

    fn of(setting_um: f64, needles: u32) -> SessionInjury {
        SessionInjury { setting_um, needles, ..session(0.0, setting_um, 500.0) }
    }

    #[test]
    fn three_times_the_length_is_seven_times_the_pain_and_ten_times_the_number_twice() {
        let pain = Pain::from_draw(&central()).unwrap();
        let percent = |length, number| pain.percent(&of(length, number));
        assert!((percent(1450.0, 1) / percent(1450.0 / 3.0, 1) - 7.0).abs() < 0.05);
        assert!((percent(620.0, 50) / percent(620.0, 5) - 2.0).abs() < 0.01);
    }

    #[test]
    fn the_tested_designs_lie_between_5_and_40_per_cent() {
        let pain = Pain::from_draw(&central()).unwrap();
        for session in [of(480.0, 1), of(1450.0, 1), of(620.0, 50)] {
            let percent = pain.percent(&session);
            assert!((4.9..=40.0).contains(&percent), "{percent}");
        }
    }

    #[test]
    fn it_hurts_on_session_days_only() {
        let pain = Pain::from_draw(&central()).unwrap();
        let series = pain.series(&[0.0, 1e-5, 1.0, 28.0 + 1e-9], &[of(1000.0, 12), session(28.0, 1500.0, 500.0)]);
        assert!(series[0] > 0.0 && series[1] == 0.0 && series[2] == 0.0 && series[3] > series[0]);
        assert!(pain.series(&[0.0, 1.0], &[]).iter().all(|&v| v == 0.0));
        assert_eq!(pain.percent(&session(0.0, 500.0, 0.0)), 0.0);
    }
}
