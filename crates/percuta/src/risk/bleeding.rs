//! Pinpoint bleeding: capillary loops of the papillary dermis that a needle strikes.

use std::f64::consts::PI;

use super::on_session_days;
use crate::injury::SessionInjury;
use crate::population::{Draw, ParameterError};
use crate::skin::Layers;

/// Capillary loops of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bleeding {
    loops_per_um2: f64,
    loop_radius_um: f64,
    tip_depth_um: f64,
    loop_length_um: f64,
    shows: f64,
}

impl Bleeding {
    /// Reads the cards `bleeding.*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw, layers: &Layers) -> Result<Self, ParameterError> {
        let bleeding = draw.group("bleeding");
        Ok(Self {
            loops_per_um2: 1e-6 * bleeding.get("loop_density", "1/mm2")?,
            loop_radius_um: 0.5 * bleeding.get("loop_diameter", "um")?,
            tip_depth_um: layers.stratum_corneum_um + bleeding.get("suprapapillary_epidermis", "um")?,
            loop_length_um: bleeding.get("loop_length", "um")?,
            shows: bleeding.get("share_visible", "1")?,
        })
    }

    /// Depth of the tips of the capillary loops below the surface, µm: nothing shallower bleeds.
    #[must_use]
    pub fn tip_depth_um(&self) -> f64 {
        self.tip_depth_um
    }

    /// Probability that a puncture strikes at least one loop. Loops stand upright and at random (Poisson).
    #[must_use]
    pub fn strike_probability(&self, session: &SessionInjury) -> f64 {
        let crossed = ((session.depth_um - self.tip_depth_um) / self.loop_length_um).clamp(0.0, 1.0);
        let area_um2 = PI * (session.channel_radius_um + self.loop_radius_um).powi(2);
        1.0 - (-self.loops_per_um2 * area_um2 * crossed).exp()
    }

    /// Bleeding points of one session, 1/cm².
    #[must_use]
    pub fn points_per_cm2(&self, session: &SessionInjury) -> f64 {
        self.shows * session.density_per_cm2 * self.strike_probability(session)
    }

    /// Bleeding points on `days`, 1/cm²; 0 on days without a session.
    #[must_use]
    pub fn series(&self, days: &[f64], sessions: &[SessionInjury]) -> Vec<f64> {
        on_session_days(days, sessions, |s| self.points_per_cm2(s))
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_session::{central, session};
    use super::*;

    const LAYERS: Layers = Layers { stratum_corneum_um: 20.0, viable_epidermis_um: 60.0, papillary_dermis_um: 250.0, dermis_um: 1000.0 };

    #[test]
    fn nothing_bleeds_above_the_loops() {
        let bleeding = Bleeding::from_draw(&central(), &LAYERS).unwrap();
        assert!((bleeding.tip_depth_um() - 45.2).abs() < 0.2, "loops start 45-50 um below the surface");
        assert_eq!(bleeding.points_per_cm2(&session(0.0, 45.0, 500.0)), 0.0);
        assert!(bleeding.points_per_cm2(&session(0.0, 60.0, 500.0)) > 0.0);
    }

    #[test]
    fn deeper_denser_and_wider_needling_bleeds_more() {
        let bleeding = Bleeding::from_draw(&central(), &LAYERS).unwrap();
        let points = |depth, density| bleeding.points_per_cm2(&session(0.0, depth, density));
        assert!(points(100.0, 500.0) < points(200.0, 500.0));
        assert!(points(200.0, 500.0) <= points(1500.0, 500.0));
        assert!((points(500.0, 1000.0) / points(500.0, 500.0) - 2.0).abs() < 1e-12);
        let wide = SessionInjury { channel_radius_um: 80.0, ..session(0.0, 500.0, 500.0) };
        assert!(bleeding.points_per_cm2(&wide) > points(500.0, 500.0));
    }

    #[test]
    fn a_narrow_needle_strikes_loops_in_proportion_to_their_area() {
        let bleeding = Bleeding { loops_per_um2: 14e-6, loop_radius_um: 7.5, ..Bleeding::from_draw(&central(), &LAYERS).unwrap() };
        let thin = SessionInjury { channel_radius_um: 10.0, ..session(0.0, 1500.0, 500.0) };
        let expected = 14e-6 * PI * 17.5f64.powi(2);
        assert!((bleeding.strike_probability(&thin) / expected - 1.0).abs() < 0.01);
    }

    #[test]
    fn it_bleeds_on_session_days_only() {
        let bleeding = Bleeding::from_draw(&central(), &LAYERS).unwrap();
        let series = bleeding.series(&[0.0, 1.0], &[session(0.0, 1000.0, 500.0)]);
        assert!(series[0] > 0.0 && series[1] == 0.0);
    }
}
