//! Sites of the body as data files: `data/sites/*.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ageing::Ageing;
use super::{Person, Sex};
use crate::data;
use crate::population::{Parameter, nearest};

/// The layers every site states, sorted; the cards of a [`Site`] are exactly these.
const LAYERS: [&str; 4] = ["dermis", "papillary_dermis", "stratum_corneum", "viable_epidermis"];

/// A treated site and its layer thicknesses for one person.
#[derive(Debug, Clone, Serialize)]
pub struct Site {
    /// Key in the course file.
    pub key: String,
    /// Name in reports.
    pub name: String,
    /// Cards entered into the parameter set as `skin.<key>`.
    pub cards: Vec<(String, Parameter)>,
}

/// Why there is no such site for such a person.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SiteError {
    /// No site of that key.
    #[error(
        "no site is called `{key}`{}; the sites are {}",
        .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default(),
        .known.join(", ")
    )]
    Unknown {
        /// The key asked for.
        key: String,
        /// The nearest existing key.
        suggestion: Option<String>,
        /// All keys.
        known: Vec<&'static str>,
    },
    /// An age the tables do not cover.
    #[error("the skin tables cover ages from {low} to {high} years, not {age}")]
    Age {
        /// The age asked for, years.
        age: f64,
        /// Youngest age covered, years.
        low: f64,
        /// Oldest age covered, years.
        high: f64,
    },
    /// A data file that does not parse or contradicts itself.
    #[error("{file}: {reason}")]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

/// A file of `data/sites`: layer cards for both sexes, or one for each.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct SiteFile {
    name: String,
    #[serde(default)]
    both: BTreeMap<String, Parameter>,
    #[serde(default)]
    female: BTreeMap<String, Parameter>,
    #[serde(default)]
    male: BTreeMap<String, Parameter>,
}

/// Keys of all sites, sorted.
#[must_use]
pub fn site_keys() -> Vec<&'static str> {
    data::SITES.iter().map(|(stem, _)| *stem).collect()
}

/// The site `key` as it is in `person`: layer thicknesses (um) by sex and age.
///
/// # Errors
/// Unknown key, an age outside the tables, or a malformed data file (a test keeps that from happening).
pub fn site_for(key: &str, person: &Person) -> Result<Site, SiteError> {
    let Some((stem, text)) = data::SITES.iter().find(|(stem, _)| *stem == key) else {
        let known = site_keys();
        return Err(SiteError::Unknown { key: key.into(), suggestion: nearest(key, known.iter().copied()), known });
    };
    let ageing = Ageing::embedded()?;
    ageing.check(person.age_years)?;
    read(stem, text, person, &ageing)
}

fn read(stem: &str, text: &str, person: &Person, ageing: &Ageing) -> Result<Site, SiteError> {
    let malformed = |reason: String| SiteError::Malformed { file: format!("data/sites/{stem}.toml"), reason };
    let file: SiteFile = toml::from_str(text).map_err(|e| malformed(e.to_string()))?;
    let mut cards = file.both;
    cards.extend(match person.sex {
        Sex::Female => file.female,
        Sex::Male => file.male,
    });
    if !cards.keys().map(String::as_str).eq(LAYERS) {
        let found: Vec<&str> = cards.keys().map(String::as_str).collect();
        return Err(malformed(format!("a site states {} for each sex, not {}", LAYERS.join(", "), found.join(", "))));
    }
    for (key, card) in &mut cards {
        *card = ageing.apply(key, card, person);
        if card.unit != "um" {
            return Err(malformed(format!("`{key}` is given in {}, it is read in um", card.unit)));
        }
        if let Some(fault) = card.distribution.fault(card.value) {
            return Err(malformed(format!("`{key}` at {} years: {fault}", person.age_years)));
        }
    }
    Ok(Site { key: stem.into(), name: file.name, cards: cards.into_iter().collect() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{Distribution, Kind, ParameterSet, draw_members};
    use crate::skin::{Layers, Tone};

    fn person(age_years: f64, sex: Sex) -> Person {
        Person { age_years, sex, tone: Tone { melanosome_fraction: 0.03 }, colour: None }
    }

    fn card(site: &Site, key: &str) -> Parameter {
        site.cards.iter().find(|(k, _)| k == key).unwrap().1.clone()
    }

    fn sd(card: &Parameter) -> f64 {
        match card.distribution {
            Distribution::Normal { sd, .. } => sd,
            _ => panic!("not normal"),
        }
    }

    #[test]
    fn every_site_is_sound_for_every_adult() {
        assert_eq!(site_keys().len(), 15);
        for key in site_keys() {
            for sex in [Sex::Female, Sex::Male] {
                for age in [18.0, 31.5, 45.0, 60.0, 80.0, 120.0] {
                    let site = site_for(key, &person(age, sex)).unwrap();
                    assert_eq!(site.cards.iter().map(|(k, _)| k.as_str()).collect::<Vec<_>>(), LAYERS);
                    let mut set = ParameterSet::default();
                    for (k, c) in &site.cards {
                        assert!(c.kind != Kind::Assumed || c.note.is_some(), "{key}.{k} is assumed and does not say why");
                        set.insert(&format!("skin.{k}"), c.clone()).unwrap();
                    }
                    for draw in draw_members(&set, 7, 64) {
                        let layers = Layers::from_draw(&draw).unwrap();
                        assert!(layers.stratum_corneum_um >= 5.0 && layers.viable_epidermis_um >= 25.0, "{key}");
                        assert!(layers.viable_epidermis_um > layers.stratum_corneum_um * 0.5, "{key}");
                        assert!(layers.dermis_um >= 250.0 && layers.papillary_dermis_um <= 0.5 * layers.dermis_um, "{key}");
                    }
                }
            }
        }
    }

    #[test]
    fn facial_dermis_is_the_published_table_at_its_own_age() {
        let female = site_for("forehead", &person(45.0, Sex::Female)).unwrap();
        let male = site_for("forehead", &person(45.0, Sex::Male)).unwrap();
        assert_eq!((card(&female, "dermis").value, sd(&card(&female, "dermis"))), (860.0, 160.0));
        assert_eq!((card(&male, "dermis").value, sd(&card(&male, "dermis"))), (1170.0, 280.0));
        let eyelid = site_for("eyelid", &person(45.0, Sex::Female)).unwrap();
        assert!(card(&eyelid, "dermis").value < card(&female, "dermis").value);
    }

    #[test]
    fn epidermis_stays_below_what_ultrasound_reads() {
        // High-frequency ultrasound reads 170 to 220 um on the face; histology does not reach that.
        for key in site_keys() {
            let site = site_for(key, &person(30.0, Sex::Male)).unwrap();
            assert!(card(&site, "viable_epidermis").value < 120.0, "{key}");
        }
    }

    #[test]
    fn age_moves_the_mean_by_half_and_lets_the_spread_reach_both_sources() {
        let at = |age| card(&site_for("forehead", &person(age, Sex::Female)).unwrap(), "dermis");
        let old = at(65.0);
        // Two decades at half of -6 %/decade: -6 %; the added SD of 6 % reaches no change and -12 %.
        assert!((old.value - 860.0 * 0.94).abs() < 1e-9);
        assert!((sd(&old) - (160.0_f64 * 0.94).hypot(860.0 * 0.06)).abs() < 1e-9);
        assert!(at(25.0).value > 860.0 && sd(&at(25.0)) > 160.0, "uncertainty grows away from the table's age on both sides");
        let men = card(&site_for("forehead", &person(65.0, Sex::Male)).unwrap(), "viable_epidermis");
        assert!((men.value - 68.0 * (1.0 - 0.072)).abs() < 1e-9);
        for key in ["stratum_corneum", "papillary_dermis"] {
            let of = |age| card(&site_for("forehead", &person(age, Sex::Female)).unwrap(), key);
            assert_eq!(of(25.0), of(75.0), "no age effect is known for {key}");
        }
    }

    #[test]
    fn an_unknown_site_names_the_nearest_and_all() {
        let error = site_for("forhead", &person(45.0, Sex::Female)).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("did you mean `forehead`?"), "{text}");
        assert!(site_keys().iter().all(|k| text.contains(k)), "{text}");
    }

    #[test]
    fn ages_no_table_covers_are_refused() {
        for age in [17.9, 120.1, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(site_for("neck", &person(age, Sex::Male)), Err(SiteError::Age { .. })), "{age}");
        }
    }

    #[test]
    fn a_site_without_all_layers_or_in_another_unit_is_refused() {
        let ageing = Ageing::embedded().unwrap();
        let (stem, text) = data::SITES[0];
        let of = |text: &str| read(stem, text, &person(45.0, Sex::Female), &ageing);
        assert!(of(text).is_ok());
        assert!(of(&text.replace("both.papillary_dermis", "male.papillary_dermis")).is_err());
        assert!(of(&text.replace("both.papillary_dermis", "both.papilary_dermis")).is_err());
        assert!(of(&text.replace("unit = \"um\"", "unit = \"mm\"")).is_err());
    }
}
