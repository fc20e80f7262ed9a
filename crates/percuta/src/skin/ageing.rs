//! Moves a layer thickness from the age of the tables to the age of a person: `data/skin/ageing.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Person, Sex, SiteError};
use crate::data;
use crate::population::{Distribution, Parameter};

const FILE: &str = "data/skin/ageing.toml";

/// The ageing file: when it applies, and the change of each layer per decade.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ageing {
    reference_age: Parameter,
    youngest_age: Parameter,
    oldest_age: Parameter,
    #[serde(default)]
    both: BTreeMap<String, Parameter>,
    #[serde(default)]
    female: BTreeMap<String, Parameter>,
    #[serde(default)]
    male: BTreeMap<String, Parameter>,
}

impl Ageing {
    /// The ageing file that comes with Percuta.
    pub(super) fn embedded() -> Result<Self, SiteError> {
        let malformed = |reason: String| SiteError::Malformed { file: FILE.into(), reason };
        let ageing: Self = toml::from_str(data::AGEING).map_err(|e| malformed(e.to_string()))?;
        let ages = [&ageing.reference_age, &ageing.youngest_age, &ageing.oldest_age].map(|c| (c, "a"));
        let changes = [&ageing.both, &ageing.female, &ageing.male].into_iter().flat_map(BTreeMap::values).map(|c| (c, "%/decade"));
        for (card, unit) in ages.into_iter().chain(changes) {
            if card.unit != unit {
                return Err(malformed(format!("`{}` is given in {}, it is read in {unit}", card.meaning, card.unit)));
            }
            if let Some(fault) = card.distribution.fault(card.value) {
                return Err(malformed(fault));
            }
        }
        Ok(ageing)
    }

    /// Refuses an age that no table covers.
    pub(super) fn check(&self, age_years: f64) -> Result<(), SiteError> {
        let (low, high) = (self.youngest_age.value, self.oldest_age.value);
        if (low..=high).contains(&age_years) { Ok(()) } else { Err(SiteError::Age { age: age_years, low, high }) }
    }

    /// `card` of the layer `key` at the age of `person`.
    ///
    /// The mean moves by the change per decade; the uncertainty of that change is added to the spread between persons
    /// in quadrature. A layer without a change, or with a spread that is not normal, stays as it is.
    pub(super) fn apply(&self, key: &str, card: &Parameter, person: &Person) -> Parameter {
        let own = match person.sex {
            Sex::Female => &self.female,
            Sex::Male => &self.male,
        };
        let decades = (person.age_years - self.reference_age.value) / 10.0;
        let (Some(change), Distribution::Normal { sd, low, high }) = (own.get(key).or_else(|| self.both.get(key)), &card.distribution)
        else {
            return card.clone();
        };
        if decades == 0.0 {
            return card.clone();
        }
        let factor = 1.0 + change.value / 100.0 * decades;
        let change_sd = match change.distribution {
            Distribution::Normal { sd, .. } => card.value * sd / 100.0 * decades,
            _ => 0.0,
        };
        let said = format!(
            "Table mean {} {} moved to {} years by {} {} (SD {:.0} {} of it for the uncertainty of that change; {}).",
            card.value,
            card.unit,
            person.age_years,
            change.value,
            change.unit,
            change_sd.abs(),
            card.unit,
            change.source
        );
        Parameter {
            value: card.value * factor,
            distribution: Distribution::Normal { sd: (sd * factor).hypot(change_sd), low: *low, high: *high },
            note: Some(card.note.as_ref().map_or(said.clone(), |n| format!("{n} {said}"))),
            ..card.clone()
        }
    }
}
