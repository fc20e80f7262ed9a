//! The skin of the tests: a forearm of 45 years.

use super::{LitTissue, Optics, Spectrum};
use crate::population::{Draw, ParameterSet};
use crate::skin::{Layers, Person, Sex, Tone, site_for};

/// Every card, with the layers of a forearm.
pub fn cards() -> ParameterSet {
    let mut set = ParameterSet::embedded().unwrap();
    let person = Person { age_years: 45.0, sex: Sex::Female, tone: Tone { melanosome_fraction: 0.03 }, colour: None };
    for (key, card) in site_for("forearm", &person).unwrap().cards {
        set.insert(&format!("skin.{key}"), card).unwrap();
    }
    set
}

/// At rest, with central constants.
pub fn forearm(melanosome_fraction: f64) -> (Optics, LitTissue) {
    let draw = Draw::central(&cards());
    let optics = Optics::from_draw(&draw).unwrap();
    let tissue = optics.resting(&Layers::from_draw(&draw).unwrap(), melanosome_fraction);
    (optics, tissue)
}

/// The 50 forearms of NIST.
pub fn nist() -> Vec<Spectrum> {
    let text = include_str!("../../../../../data/optics/nist-skin-reflectance.csv");
    let number = |l: &str| l.split(',').map(|x| x.parse().unwrap()).collect();
    let rows: Vec<Vec<f64>> = text.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit())).map(number).collect();
    let points = |k: usize| rows.iter().map(|r| (r[0], r[k])).collect::<Vec<_>>();
    (1..rows[0].len()).map(|k| Spectrum::measured(&points(k)).unwrap()).collect()
}
