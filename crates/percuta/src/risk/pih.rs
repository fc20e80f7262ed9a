//! Probability of post-inflammatory hyperpigmentation: logistic in dose, continuous in skin tone.

use super::{damage, past};
use crate::injury::SessionInjury;
use crate::population::{Draw, ParameterError};
use crate::skin::Tone;

/// Risk of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pih {
    reference_odds: f64,
    reference_damage: f64,
    reference_depth_um: f64,
    damage_exponent: f64,
    depth_exponent: f64,
}

impl Pih {
    /// Reads the cards `pih.*` for a person of that tone.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw, tone: Tone) -> Result<Self, ParameterError> {
        let pih = draw.group("pih");
        let odds = |percent: f64| percent / (100.0 - percent);
        let light = odds(pih.get("light_probability", "%")?).ln();
        let dark = odds(pih.get("dark_probability", "%")?).ln();
        let (from, to) = (pih.get("light_melanosomes", "1")?.ln(), pih.get("dark_melanosomes", "1")?.ln());
        let share = (tone.melanosome_fraction.ln() - from) / (to - from);
        Ok(Self {
            reference_odds: (light + share * (dark - light)).exp(),
            reference_damage: pih.get("reference_damage", "1")?,
            reference_depth_um: pih.get("reference_depth", "um")?,
            damage_exponent: pih.get("damage_exponent", "1")?,
            depth_exponent: pih.get("depth_exponent", "1")?,
        })
    }

    /// Probability that these sessions together leave hyperpigmentation, %. No damage, no risk.
    #[must_use]
    pub fn percent<'a>(&self, sessions: impl Iterator<Item = &'a SessionInjury>) -> f64 {
        let of = |s: &SessionInjury| damage(s) / self.reference_damage * (s.depth_um / self.reference_depth_um).powf(self.depth_exponent);
        let dose: f64 = sessions.filter(|s| damage(s) > 0.0).map(of).sum();
        let odds = if dose > 0.0 { self.reference_odds * dose.powf(self.damage_exponent) } else { 0.0 };
        100.0 * odds / (1.0 + odds)
    }

    /// Probability from the sessions up to each day, %.
    #[must_use]
    pub fn series(&self, days: &[f64], sessions: &[SessionInjury]) -> Vec<f64> {
        days.iter().map(|&day| self.percent(past(day, sessions).map(|(_, s)| s))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_session::{central, session};
    use super::*;

    fn pih(melanosome_fraction: f64) -> Pih {
        Pih::from_draw(&central(), Tone { melanosome_fraction }).unwrap()
    }

    fn percent(fraction: f64, depth_um: f64, density: f64) -> f64 {
        pih(fraction).percent([session(0.0, depth_um, density)].iter())
    }

    #[test]
    fn untreated_skin_has_no_risk() {
        assert!(pih(0.3).series(&[0.0, 100.0], &[]).iter().all(|&p| p == 0.0));
        assert_eq!(percent(0.3, 500.0, 0.0), 0.0);
    }

    #[test]
    fn the_reference_course_has_the_prior_of_its_tone() {
        let reference = |fraction| {
            let pih = pih(fraction);
            let damaged = 0.5 * pih.reference_damage;
            let depth_um = pih.reference_depth_um;
            let s = SessionInjury { damaged_epidermis: damaged, damaged_papillary: damaged, ..session(0.0, depth_um, 500.0) };
            pih.percent([s].iter())
        };
        assert!((0.0..1.0).contains(&reference(0.038)), "Fitzpatrick I-III: 0-1 %");
        assert!((1.0..15.0).contains(&reference(0.135)), "Fitzpatrick IV-V: 1-15 %");
    }

    #[test]
    fn deeper_denser_darker_and_more_sessions_raise_the_risk() {
        assert!(percent(0.135, 500.0, 500.0) < percent(0.135, 1500.0, 500.0));
        assert!(percent(0.135, 500.0, 500.0) < percent(0.135, 500.0, 2000.0));
        let by_tone: Vec<f64> = [0.02, 0.05, 0.1, 0.2, 0.4].iter().map(|&f| percent(f, 1000.0, 1000.0)).collect();
        assert!(by_tone.windows(2).all(|w| w[0] < w[1]), "{by_tone:?}");
        let series = pih(0.135).series(&[0.0, 14.0, 28.0], &[session(0.0, 1500.0, 500.0), session(28.0, 300.0, 500.0)]);
        assert!(series[0] > 0.0 && series[1] == series[0] && series[2] > series[1]);
    }

    #[test]
    fn the_probability_never_passes_one() {
        let p = percent(0.43, 3000.0, 40_000.0);
        assert!(p > 10.0 && p < 100.0, "{p}");
    }
}
