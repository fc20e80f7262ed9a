//! Transepidermal water loss: open channels leak like skin without stratum corneum and recover on their own clock.

use super::past;
use crate::injury::SessionInjury;
use crate::population::{Draw, ParameterError};

/// Water loss of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Barrier {
    baseline: f64,
    without_corneum: f64,
    narrow_gain: f64,
    half_time_h: f64,
    reference_depth_um: f64,
    depth_exponent: f64,
    tolerance: f64,
}

impl Barrier {
    /// Reads the cards `barrier.*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let barrier = draw.group("barrier");
        Ok(Self {
            baseline: barrier.get("tewl_baseline", "g/m2/h")?,
            without_corneum: barrier.get("tewl_without_corneum", "g/m2/h")?,
            narrow_gain: barrier.get("narrow_channel_gain", "1")?,
            half_time_h: barrier.get("recovery_half_time", "h")?,
            reference_depth_um: barrier.get("reference_depth", "um")?,
            depth_exponent: barrier.get("depth_exponent", "1")?,
            tolerance: barrier.get("recovered_within", "1")?,
        })
    }

    /// Water loss of untreated skin, g/m²/h.
    #[must_use]
    pub fn baseline(&self) -> f64 {
        self.baseline
    }

    /// Water loss above baseline just after a session, g/m²/h.
    ///
    /// Vapour spreads sideways above a narrow channel, so a little open area leaks more than its share; wholly open skin
    /// leaks like skin without stratum corneum.
    #[must_use]
    pub fn rise(&self, session: &SessionInjury) -> f64 {
        let share = self.narrow_gain * session.open_area / (1.0 + (self.narrow_gain - 1.0) * session.open_area);
        share * (self.without_corneum - self.baseline).max(0.0)
    }

    /// Time in which the excess water loss of a session halves, h.
    #[must_use]
    pub fn half_time_h(&self, session: &SessionInjury) -> f64 {
        self.half_time_h * (session.depth_um / self.reference_depth_um).powf(self.depth_exponent)
    }

    /// Hours until the water loss is within the tolerance of `barrier.recovered_within` of normal.
    #[must_use]
    pub fn recovery_h(&self, session: &SessionInjury) -> f64 {
        let (rise, allowed) = (self.rise(session), self.tolerance * self.baseline);
        if rise > allowed { self.half_time_h(session) * (rise / allowed).log2() } else { 0.0 }
    }

    /// Water loss on `days`, g/m²/h; on the day of a session it is the value just after it.
    #[must_use]
    pub fn series(&self, days: &[f64], sessions: &[SessionInjury]) -> Vec<f64> {
        let excess = |age_d: f64, s: &SessionInjury| self.rise(s) * (-24.0 * age_d / self.half_time_h(s)).exp2();
        let at = |day: f64| past(day, sessions).filter(|(_, s)| s.open_area > 0.0).map(|(age, s)| excess(age, s)).sum::<f64>();
        days.iter().map(|&day| self.baseline + at(day)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_session::{central, session};
    use super::*;

    #[test]
    fn untreated_skin_keeps_its_barrier() {
        let barrier = Barrier::from_draw(&central()).unwrap();
        assert!(barrier.series(&[0.0, 1.0, 3650.0], &[]).iter().all(|&v| v == barrier.baseline()));
    }

    #[test]
    fn the_excess_halves_on_its_clock() {
        let barrier = Barrier::from_draw(&central()).unwrap();
        let s = session(0.0, 700.0, 2000.0);
        let half_d = barrier.half_time_h(&s) / 24.0;
        let series = barrier.series(&[0.0, half_d, barrier.recovery_h(&s) / 24.0], std::slice::from_ref(&s));
        let rise = |i: usize| series[i] - barrier.baseline();
        assert!((rise(0) - barrier.rise(&s)).abs() < 1e-9);
        assert!((rise(1) / rise(0) - 0.5).abs() < 1e-9);
        assert!((rise(2) / barrier.baseline() - 0.1).abs() < 1e-9);
    }

    #[test]
    fn wholly_open_skin_leaks_like_stripped_skin() {
        let barrier = Barrier::from_draw(&central()).unwrap();
        let open = SessionInjury { open_area: 1.0, ..session(0.0, 500.0, 500.0) };
        assert!((barrier.baseline() + barrier.rise(&open) - barrier.without_corneum).abs() < 1e-9);
        let half = SessionInjury { open_area: 0.5, ..open };
        assert!(barrier.rise(&half) > 0.5 * (barrier.without_corneum - barrier.baseline()));
    }

    #[test]
    fn recovery_takes_a_day_or_two_and_longer_when_deeper() {
        let barrier = Barrier::from_draw(&central()).unwrap();
        let array = barrier.recovery_h(&session(0.0, 300.0, 150.0));
        assert!(array <= 24.0, "arrays of 300 um: within 24 h, not {array}");
        let hours = |depth| barrier.recovery_h(&session(0.0, depth, 2500.0));
        assert!(hours(1500.0) > hours(500.0) && hours(1500.0) < 72.0, "{} {}", hours(1500.0), hours(500.0));
        assert!(barrier.recovery_h(&session(0.0, 500.0, 2500.0)) > barrier.recovery_h(&session(0.0, 500.0, 1000.0)));
    }
}
