//! Uptake of an applied product through intact and needled skin.

use super::lag::transit_times;
use super::{Barrier, Channels, Closure};
use crate::course::Product;
use crate::injury::SessionInjury;
use crate::population::{Draw, ParameterError};
use crate::skin::{Layers, Person};

const HOURS_PER_DAY: f64 = 24.0;

/// A product on the skin of one member: the intact barrier and the channels of at most one session in parallel,
/// viable tissue in series.
///
/// Not modelled: evaporation of the vehicle, solubility, swelling of the stratum corneum under a cover, binding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Absorption {
    /// Intact barrier and tissue.
    pub barrier: Barrier,
    /// Permeability of the channels just after the session, cm/h; 0 without a session.
    pub channels_cm_per_h: f64,
    /// How the channels close.
    pub closure: Closure,
    /// Concentration in the vehicle at application, µg/cm³.
    pub concentration_ug_per_cm3: f64,
    /// Height of the applied layer, cm (its volume per area).
    pub layer_cm: f64,
    intact_lag_h: f64,
    channel_lag_h: f64,
}

/// Where the dose is, µg/cm². The three add up to the applied dose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MassBalance {
    /// Still in the vehicle.
    pub in_vehicle: f64,
    /// Left the vehicle, not yet absorbed.
    pub in_skin: f64,
    /// Absorbed.
    pub delivered: f64,
}

impl Absorption {
    /// Absorption of `product` after `session` (or through intact skin) in one member.
    ///
    /// # Errors
    /// If a card of the groups `absorption` or `channels` is missing or in another unit.
    pub fn from_draw(
        product: &Product,
        session: Option<&SessionInjury>,
        layers: &Layers,
        person: &Person,
        draw: &Draw,
    ) -> Result<Self, ParameterError> {
        let barrier = Barrier::from_draw(&product.permeant, layers.stratum_corneum_um, draw)?;
        let channels = match session {
            Some(session) => Channels::of(session, layers, draw)?,
            None => None,
        };
        let start_um = layers.stratum_corneum_um + channels.map_or(0.0, |c| c.depth_um);
        Ok(Self {
            barrier,
            channels_cm_per_h: channels.map_or(0.0, |c| c.conductance_cm_per_h(barrier.tissue_cm2_per_h)),
            closure: Closure::from_draw(person, draw)?,
            concentration_ug_per_cm3: product.concentration_mg_per_ml * 1000.0,
            layer_cm: product.dose_ul_per_cm2 * 1e-3,
            intact_lag_h: barrier.stratum_corneum_lag_h + barrier.tissue_lag_h(layers.stratum_corneum_um),
            channel_lag_h: barrier.tissue_lag_h(start_um),
        })
    }

    /// The same product on intact skin.
    #[must_use]
    pub fn intact(&self) -> Self {
        Self { channels_cm_per_h: 0.0, ..*self }
    }

    /// Applied dose, µg/cm².
    #[must_use]
    pub fn dose_ug_per_cm2(&self) -> f64 {
        self.concentration_ug_per_cm3 * self.layer_cm
    }

    /// Permeability of the whole skin some hours after the session, covered or open since then, cm/h.
    #[must_use]
    pub fn permeability_cm_per_h(&self, hours_after_session: f64, occluded: bool) -> f64 {
        self.barrier.with_channels(self.channels_cm_per_h * self.closure.open_share(hours_after_session, occluded))
    }

    /// Permeability over that of intact skin some hours after the session, the skin covered or open since then.
    /// Exactly 1 without a session.
    #[must_use]
    pub fn enhancement_ratio(&self, hours_after_session: f64, occluded: bool) -> f64 {
        self.permeability_cm_per_h(hours_after_session, occluded) / self.barrier.with_channels(0.0)
    }

    /// Steady flux from an inexhaustible layer of the product at that permeability, µg/cm²/h.
    #[must_use]
    pub fn steady_flux_ug_per_cm2_h(&self, hours_after_session: f64, occluded: bool) -> f64 {
        self.permeability_cm_per_h(hours_after_session, occluded) * self.concentration_ug_per_cm3
    }

    /// Lag time of the product applied just after the session, min: that of each path weighted by its share of
    /// the steady flux, which is where the straight part of their summed curve meets the time axis.
    #[must_use]
    pub fn lag_min(&self) -> f64 {
        let share = self.channel_share(self.channels_cm_per_h);
        60.0 * (share * self.channel_lag_h + (1.0 - share) * self.intact_lag_h)
    }

    /// Share of the flux that takes the channels.
    fn channel_share(&self, channels_cm_per_h: f64) -> f64 {
        channels_cm_per_h / (channels_cm_per_h + self.barrier.kp_cm_per_h)
    }

    /// Where the dose is `hours` after an application `delay_h` after the session. The skin is open until the
    /// application, and `occluded` says whether it is covered from then on.
    ///
    /// The vehicle is mixed and depletes (exact, no time steps). What leaves it takes the transit time of a slab with
    /// the lag time of its path; the two paths share the flux as at the application.
    /// Transit times come in 200 classes: what is absorbed while less than 0.25 % of the steady flux has broken through is 0.
    #[must_use]
    pub fn mass_balance(&self, delay_h: f64, hours: f64, occluded: bool) -> MassBalance {
        let dose = self.dose_ug_per_cm2();
        if dose <= 0.0 {
            return MassBalance { in_vehicle: 0.0, in_skin: 0.0, delivered: 0.0 };
        }
        let channels = self.channels_cm_per_h * self.closure.open_share(delay_h, false);
        let left_behind = |time_h: f64| -(-self.passed_cm(channels, time_h.max(0.0), occluded) / self.layer_cm).exp_m1();
        let gone = dose * left_behind(hours);
        let arrived = |lag_h: f64| {
            let times = transit_times();
            times.iter().map(|t| left_behind(hours - t * lag_h)).sum::<f64>() / times.len() as f64
        };
        let share = self.channel_share(channels);
        // Rounding in the average must not make more arrive than left.
        let delivered = gone.min(dose * (share * arrived(self.channel_lag_h) + (1.0 - share) * arrived(self.intact_lag_h)));
        MassBalance { in_vehicle: dose - gone, in_skin: gone - delivered, delivered }
    }

    /// Amount absorbed `hours` after an application `delay_h` after the session, µg/cm²: at most the dose.
    #[must_use]
    pub fn cumulative_ug_per_cm2(&self, delay_h: f64, hours: f64, occluded: bool) -> f64 {
        self.mass_balance(delay_h, hours, occluded).delivered
    }

    /// Amount absorbed in the 24 h after an application `delay_h` after the session, µg/cm².
    #[must_use]
    pub fn delivered_24h_ug_per_cm2(&self, delay_h: f64, occluded: bool) -> f64 {
        self.cumulative_ug_per_cm2(delay_h, HOURS_PER_DAY, occluded)
    }

    /// Amount absorbed in 24 h through intact skin, µg/cm².
    #[must_use]
    pub fn intact_24h_ug_per_cm2(&self) -> f64 {
        self.intact().delivered_24h_ug_per_cm2(0.0, false)
    }

    /// Integral of the permeability over `time_h` from channels that start at `channels` (cm/h), cm.
    fn passed_cm(&self, channels: f64, time_h: f64, occluded: bool) -> f64 {
        // With u the closing channels, k their rate, K the intact barrier, T the ceiling and A = K + T, the permeability
        // is T (K + u) / (A + u) = TK/A + (T²/A) u / (A + u), and u / (A + u) is the derivative of -ln(A + u) / k.
        let (intact, ceiling) = (self.barrier.kp_cm_per_h, self.barrier.ceiling_cm_per_h);
        let sum = intact + ceiling;
        let rate = self.closure.rate_per_h(occluded);
        let remaining = channels * (-rate * time_h).exp();
        let closed = ((channels - remaining) / (sum + remaining)).ln_1p();
        ceiling * intact / sum * time_h + ceiling * ceiling / sum / rate * closed
    }
}

/// Enhancement ratio of `product` if it were applied on each of `days`, with the channels of all earlier sessions;
/// exactly 1 before the first. Cover as the product says, from the session on.
///
/// # Errors
/// If a card of the groups `absorption` or `channels` is missing or in another unit.
pub fn enhancement_series(
    days: &[f64],
    sessions: &[SessionInjury],
    product: &Product,
    layers: &Layers,
    person: &Person,
    draw: &Draw,
) -> Result<Vec<f64>, ParameterError> {
    let intact = Absorption::from_draw(product, None, layers, person, draw)?;
    let mut opened = Vec::with_capacity(sessions.len());
    for session in sessions {
        opened.push((session.day, Absorption::from_draw(product, Some(session), layers, person, draw)?.channels_cm_per_h));
    }
    Ok(days
        .iter()
        .map(|&day| {
            let open = |since: f64| intact.closure.open_share((day - since) * HOURS_PER_DAY, product.occluded);
            let channels: f64 = opened.iter().filter(|(since, _)| *since <= day).map(|(since, k)| k * open(*since)).sum();
            intact.barrier.with_channels(channels) / intact.barrier.with_channels(0.0)
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::absorption::Permeant;
    use crate::population::{ParameterSet, draw_members};
    use crate::skin::{Sex, Tone};

    const LAYERS: Layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 60.0, papillary_dermis_um: 150.0, dermis_um: 1200.0 };
    const PERSON: Person = Person { age_years: 40.0, sex: Sex::Female, tone: Tone { melanosome_fraction: 0.04 } };

    fn product(key: &str) -> Product {
        Product {
            permeant: Permeant::find(key).unwrap(),
            concentration_mg_per_ml: 20.0,
            dose_ul_per_cm2: 5.0,
            applied_after_h: 0.0,
            occluded: false,
        }
    }

    fn session(day: f64, density: f64, depth_um: f64) -> SessionInjury {
        SessionInjury {
            day,
            setting_um: depth_um,
            needles: 12,
            density_per_cm2: density,
            depth_um,
            channel_radius_um: 35.0,
            open_area: density * std::f64::consts::PI * 35.0e-4 * 35.0e-4,
            open_area_by_layer: vec![],
            damaged: vec![],
            damaged_epidermis: 0.0,
            damaged_papillary: 0.0,
            reaching_dermis: 1.0,
        }
    }

    fn central() -> Draw {
        Draw::central(&ParameterSet::embedded().unwrap())
    }

    fn absorption(key: &str, session: Option<&SessionInjury>) -> Absorption {
        Absorption::from_draw(&product(key), session, &LAYERS, &PERSON, &central()).unwrap()
    }

    #[test]
    fn without_a_session_the_ratio_is_exactly_one() {
        for key in Permeant::keys() {
            let a = absorption(key, None);
            for hours in [0.0, 0.3, 24.0, 1e4] {
                assert_eq!(a.enhancement_ratio(hours, false), 1.0);
                assert_eq!(a.enhancement_ratio(hours, true), 1.0);
            }
            assert_eq!(a.delivered_24h_ug_per_cm2(3.0, true), a.intact_24h_ug_per_cm2());
        }
        let series = enhancement_series(&[0.0, 1.0, 400.0], &[], &product("water"), &LAYERS, &PERSON, &central()).unwrap();
        assert_eq!(series, vec![1.0; 3]);
    }

    #[test]
    fn needles_that_stay_in_the_stratum_corneum_open_nothing() {
        let shallow = session(0.0, 500.0, 12.0);
        assert_eq!(absorption("naloxone", Some(&shallow)).enhancement_ratio(0.0, false), 1.0);
    }

    #[test]
    fn enhancement_saturates_with_density_at_the_ceiling() {
        let er = |density| absorption("naloxone", Some(&session(0.0, density, 500.0))).enhancement_ratio(0.0, false);
        let (sparse, double) = (er(0.01), er(0.02));
        assert!(((double - 1.0) / (sparse - 1.0) - 2.0).abs() < 0.01, "proportional while channels are few");
        assert!(er(2000.0) < 1.2 * er(1000.0), "nearly flat when they are many");
        let a = absorption("naloxone", None);
        let most = a.barrier.ceiling_cm_per_h / a.barrier.with_channels(0.0);
        assert!(er(1e9) <= most && er(1e9) > 0.999 * most);
    }

    #[test]
    fn depth_raises_enhancement_less_than_proportionally() {
        let er = |depth| absorption("naloxone", Some(&session(0.0, 16.7, depth))).enhancement_ratio(0.0, false) - 1.0;
        for depth in [250.0, 500.0, 1000.0] {
            assert!(er(2.0 * depth) > er(depth) && er(2.0 * depth) < 2.0 * er(depth));
        }
    }

    #[test]
    fn ions_gain_more_than_small_neutral_lipophiles() {
        let s = session(0.0, 200.0, 500.0);
        let er = |key| absorption(key, Some(&s)).enhancement_ratio(0.0, false);
        assert!(er("naloxone") > 10.0 * er("hydroquinone"), "{} {}", er("naloxone"), er("hydroquinone"));
        assert!(er("tranexamic-acid") > 10.0 * er("hydroquinone"));
        let mut lipophile = product("lidocaine");
        lipophile.permeant.groups.clear();
        let neutral = Absorption::from_draw(&lipophile, Some(&s), &LAYERS, &PERSON, &central()).unwrap();
        assert!(er("lidocaine") > 5.0 * neutral.enhancement_ratio(0.0, false), "the same molecule, ionised and not");
        // Beyond log P 2 the recorded gain from removing the stratum corneum altogether is at most a few-fold.
        lipophile.permeant.log_kow = 4.0;
        let lipophilic = Absorption::from_draw(&lipophile, Some(&s), &LAYERS, &PERSON, &central()).unwrap();
        assert!(lipophilic.enhancement_ratio(0.0, false) < 5.0);
    }

    #[test]
    fn a_cover_lengthens_the_window_more_than_tenfold() {
        let a = absorption("naloxone", Some(&session(0.0, 16.7, 500.0)));
        let start = a.enhancement_ratio(0.0, false) - 1.0;
        let window =
            |occluded| (0..100_000).map(|i| f64::from(i) * 0.01).find(|&h| a.enhancement_ratio(h, occluded) - 1.0 < 0.1 * start).unwrap();
        assert!(window(true) > 10.0 * window(false), "{} {}", window(true), window(false));
    }

    #[test]
    fn steady_flux_is_permeability_times_concentration() {
        // A layer too thick to deplete, on intact skin, long after the lag: dQ/dt = Kp C, and the
        // straight line meets the time axis at the lag.
        let mut p = product("caffeine");
        p.dose_ul_per_cm2 = 1e9;
        let a = Absorption::from_draw(&p, None, &LAYERS, &PERSON, &central()).unwrap();
        let (q1, q2) = (a.cumulative_ug_per_cm2(0.0, 40.0, true), a.cumulative_ug_per_cm2(0.0, 60.0, true));
        let flux = (q2 - q1) / 20.0;
        let kp = a.barrier.kp_cm_per_h * a.barrier.ceiling_cm_per_h / (a.barrier.kp_cm_per_h + a.barrier.ceiling_cm_per_h);
        assert!((flux / (kp * 20_000.0) - 1.0).abs() < 1e-6);
        assert!((flux / a.steady_flux_ug_per_cm2_h(0.0, true) - 1.0).abs() < 1e-6);
        assert!(((40.0 - q1 / flux) * 60.0 / a.lag_min() - 1.0).abs() < 1e-5);
    }

    #[test]
    fn the_closed_form_agrees_with_stepping() {
        let a = absorption("naloxone", Some(&session(0.0, 100.0, 500.0)));
        let (dt, mut left) = (1e-4, a.dose_ug_per_cm2());
        for step in 0..60_000 {
            let time = f64::from(step) * dt;
            // Implicit midpoint: second order in the step.
            let x = 0.5 * dt * a.permeability_cm_per_h(time + 0.5 * dt, false) / a.layer_cm;
            left *= (1.0 - x) / (1.0 + x);
        }
        let exact = a.mass_balance(0.0, 6.0, false).in_vehicle;
        assert!((left / exact - 1.0).abs() < 1e-7, "{left} against {exact}");
    }

    #[test]
    fn something_passes_before_the_lag_time() {
        let a = absorption("naloxone", None);
        let lag_h = a.lag_min() / 60.0;
        // At the lag time a slab has passed 2/(π²) Σ (-1)^(n+1)/n² exp(-n²π²/6) x 6 of what it passes in a lag time: 0.23.
        let passed = a.cumulative_ug_per_cm2(0.0, lag_h, true) / (a.steady_flux_ug_per_cm2_h(0.0, true) * lag_h);
        assert!((passed - 0.23).abs() < 0.02, "{passed}");
    }

    #[test]
    fn channels_shorten_the_lag() {
        let (intact, needled) = (absorption("naloxone", None), absorption("naloxone", Some(&session(0.0, 200.0, 500.0))));
        assert!(needled.lag_min() < 0.5 * intact.lag_min());
        // A single path: L²/6D by hand.
        let open_um = 15.0 + 0.3 * 485.0;
        let by_hand = ((550.0 - open_um) * 1e-4f64).powi(2) / (6.0 * needled.barrier.tissue_cm2_per_h) * 60.0;
        let many = absorption("naloxone", Some(&session(0.0, 1e12, 500.0)));
        assert!((many.lag_min() / by_hand - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_series_is_one_before_the_first_session_and_peaks_on_session_days() {
        let sessions = [session(0.0, 200.0, 500.0), session(28.0, 200.0, 500.0)];
        let days = [-1.0, 0.0, 1.0, 27.0, 28.0, 60.0];
        let s = enhancement_series(&days, &sessions, &product("naloxone"), &LAYERS, &PERSON, &central()).unwrap();
        let one = absorption("naloxone", Some(&sessions[0])).enhancement_ratio(0.0, false);
        assert_eq!((s[0], s[3], s[5]), (1.0, 1.0, 1.0));
        assert_eq!((s[1], s[4]), (one, one));
        assert!(s[2] < 1.001);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn the_dose_is_conserved_and_never_exceeded(
            member in 0usize..64, density in 0.0..5000.0f64, depth in 0.0..2500.0f64,
            dose in 0.0..200.0f64, delay in 0.0..72.0f64, hours in 0.0..96.0f64, occluded: bool, which in 0usize..64,
        ) {
            let set = ParameterSet::embedded().unwrap();
            let draw = &draw_members(&set, 11, 64)[member];
            let key = Permeant::keys().nth(which % Permeant::keys().count()).unwrap();
            let p = Product { dose_ul_per_cm2: dose, ..product(key) };
            let a = Absorption::from_draw(&p, Some(&session(0.0, density, depth)), &LAYERS, &PERSON, draw).unwrap();
            let m = a.mass_balance(delay, hours, occluded);
            prop_assert!(m.delivered.is_finite() && m.delivered >= 0.0 && m.delivered <= a.dose_ug_per_cm2());
            prop_assert!(m.in_vehicle >= 0.0 && m.in_skin >= 0.0);
            prop_assert!((m.in_vehicle + m.in_skin + m.delivered - a.dose_ug_per_cm2()).abs() <= 1e-9 * a.dose_ug_per_cm2());
            prop_assert!(a.enhancement_ratio(delay, occluded) >= 1.0);
            // More open channels and a cover never deliver less.
            prop_assert!(m.delivered >= a.intact().cumulative_ug_per_cm2(delay, hours, occluded) * (1.0 - 1e-12));
            prop_assert!(a.cumulative_ug_per_cm2(delay, hours, true) >= a.cumulative_ug_per_cm2(delay, hours, false) * (1.0 - 1e-9) || a.closure.occluded_h < a.closure.open_h);
        }
    }
}
