//! How channels close, and when a measurement calls them closed.

use std::f64::consts::LN_2;

use crate::population::{Draw, ParameterError};
use crate::skin::Person;

/// How fast channels close in one member: exponentially, at two speeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closure {
    /// Half-life of the channels' section in the open, h.
    pub open_h: f64,
    /// Half-life under a cover, h.
    pub occluded_h: f64,
}

/// Methods by which channels have been called closed, with the card of each: how many times longer than by impedance it sees them.
const METHODS: [(&str, &str); 3] =
    [("electrical impedance", "seen_by_impedance"), ("water loss", "seen_by_water_loss"), ("dye", "seen_by_dye")];

/// Sites where closure was measured, with the card of each.
const SITES: [(&str, &str); 3] = [("abdomen", "site_abdomen"), ("upper-arm", "site_upper_arm"), ("forearm", "site_forearm")];

impl Closure {
    /// Living skin. Half-lives grow with age and, weakly, with the melanosome fraction; three sites have data of their own.
    ///
    /// # Errors
    /// If a card of the group `channels` is missing or in another unit.
    pub fn living(person: &Person, site: &str, draw: &Draw) -> Result<Self, ParameterError> {
        let g = draw.group("channels");
        let tone = (person.tone.melanosome_fraction / g.get("tone_reference", "1")?).powf(g.get("tone_exponent", "1")?);
        let decades = (person.age_years - g.get("age_reference", "a")?) / 10.0;
        let site = match SITES.iter().find(|(key, _)| *key == site) {
            Some((_, card)) => g.get(card, "1")?,
            None => 1.0,
        };
        // (1 + slope) to the power of decades: the same relative step per decade, positive at any age.
        let slower = site * tone * (1.0 + g.get("age_slope", "1")?).powf(decades);
        Ok(Self { open_h: slower * g.get("half_life_open", "h")?, occluded_h: slower * g.get("half_life_occluded", "h")? })
    }

    /// Excised skin: it does not heal, but contracts and swells, covered or not.
    ///
    /// # Errors
    /// If a card of the group `channels` is missing or in another unit.
    pub fn excised(draw: &Draw) -> Result<Self, ParameterError> {
        let half_life = draw.group("channels").get("half_life_excised", "h")?;
        Ok(Self { open_h: half_life, occluded_h: half_life })
    }

    /// Rate of closure, 1/h.
    #[must_use]
    pub fn rate_per_h(&self, occluded: bool) -> f64 {
        LN_2 / if occluded { self.occluded_h } else { self.open_h }
    }

    /// Share of the initial section left after some hours (1 at 0 h).
    #[must_use]
    pub fn open_share(&self, hours: f64, occluded: bool) -> f64 {
        (-self.rate_per_h(occluded) * hours).exp()
    }

    /// When each method calls the channels closed: (method, hours in the open, hours under a cover).
    ///
    /// # Errors
    /// If a card of the group `channels` is missing or in another unit.
    pub fn closed_by(&self, draw: &Draw) -> Result<Vec<(&'static str, f64, f64)>, ParameterError> {
        let g = draw.group("channels");
        let half_lives = -g.get("closed_share", "1")?.log2();
        METHODS
            .iter()
            .map(|(name, card)| {
                let times = half_lives * g.get(card, "1")?;
                Ok((*name, times * self.open_h, times * self.occluded_h))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::ParameterSet;
    use crate::skin::{Sex, Tone};

    #[test]
    fn darker_and_older_skin_closes_later() {
        let draw = Draw::central(&ParameterSet::embedded().unwrap());
        let person = |age, m| Person { age_years: age, sex: Sex::Female, tone: Tone { melanosome_fraction: m }, colour: None };
        let half = |age, m| Closure::living(&person(age, m), "zygoma", &draw).unwrap().occluded_h;
        assert!((half(25.6, 0.038) - 20.0).abs() < 1e-9);
        assert!((half(25.6, 0.305) / half(25.6, 0.038) - 66.5 / 50.2).abs() < 0.03);
        assert!(half(77.3, 0.038) > half(25.6, 0.038));
    }

    #[test]
    fn methods_close_the_channels_when_they_were_published_to() {
        let draw = Draw::central(&ParameterSet::embedded().unwrap());
        let person = Person { age_years: 25.6, sex: Sex::Female, tone: Tone { melanosome_fraction: 0.038 }, colour: None };
        let by = Closure::living(&person, "zygoma", &draw).unwrap().closed_by(&draw).unwrap();
        // Impedance within 2 h (Gupta 2011), water loss 4 to 5 h and calcein 12 to 18 h (Kalluri 2011), all in the open.
        for ((_, open, _), (low, high)) in by.iter().zip([(1.5, 2.0), (4.0, 5.0), (12.0, 18.0)]) {
            assert!((low..=high).contains(open), "{by:?}");
        }
        // Impedance under the cover of the study by site: 58 to 63 h, within a third.
        assert!((by[0].2 / 60.6 - 1.0).abs() < 0.35, "{by:?}");
    }
}
