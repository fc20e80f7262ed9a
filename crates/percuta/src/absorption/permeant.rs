//! Permeants as data files: `data/permeants/*.toml` and a user's own.

use serde::{Deserialize, Serialize};

use crate::data;
use crate::population::nearest;

/// Which way a group ionises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ionisation {
    /// Loses a proton.
    Acid,
    /// Gains a proton.
    Base,
}

/// A substance that is applied to the skin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permeant {
    /// Name in reports.
    pub name: String,
    /// Molecular weight, Da.
    pub mw_da: f64,
    /// Octanol-water partition coefficient of the neutral form, log10.
    pub log_kow: f64,
    /// pKa of the group that ionises first, if any.
    pub pka: Option<f64>,
    /// Whether that group is an acid or a base.
    pub ionisation: Option<Ionisation>,
    /// Citation of these properties.
    pub source: String,
}

/// A permeant that is unknown or malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PermeantError {
    /// No permeant of that key.
    #[error("no permeant is called `{key}`{}", .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    Unknown {
        /// The key asked for.
        key: String,
        /// The nearest existing key.
        suggestion: Option<String>,
    },
    /// A file that does not parse or contradicts itself.
    #[error("{label}: {reason}")]
    Malformed {
        /// File or place the permeant was read from.
        label: String,
        /// What is wrong.
        reason: String,
    },
}

impl Permeant {
    /// Keys of the permeants that come with Percuta, sorted.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        data::PERMEANTS.iter().map(|(key, _)| *key)
    }

    /// The permeant of that key.
    ///
    /// # Errors
    /// Unknown key, with the nearest one as a suggestion.
    pub fn find(key: &str) -> Result<Self, PermeantError> {
        match data::PERMEANTS.iter().find(|(k, _)| *k == key) {
            Some((_, text)) => Self::parse(key, &format!("data/permeants/{key}.toml"), text),
            None => Err(PermeantError::Unknown { key: key.into(), suggestion: nearest(key, Self::keys()) }),
        }
    }

    /// Reads a permeant from TOML; `key` and `label` name it in errors.
    ///
    /// # Errors
    /// If the text is not a permeant or its values are impossible.
    pub fn parse(key: &str, label: &str, text: &str) -> Result<Self, PermeantError> {
        let malformed = |reason: String| PermeantError::Malformed { label: label.into(), reason };
        let permeant: Self = toml::from_str(text).map_err(|e| malformed(e.to_string()))?;
        match permeant.fault() {
            Some(reason) => Err(malformed(format!("permeant `{key}`: {reason}"))),
            None => Ok(permeant),
        }
    }

    /// What is impossible about the values, if anything.
    fn fault(&self) -> Option<&'static str> {
        if !(self.mw_da.is_finite() && self.mw_da > 0.0) {
            Some("`mw_da` must be above zero")
        } else if !self.log_kow.is_finite() {
            Some("`log_kow` must be a number")
        } else if self.pka.is_some() != self.ionisation.is_some() {
            Some("`pka` and `ionisation` belong together: give both or neither")
        } else if self.pka.is_some_and(|p| !p.is_finite()) {
            Some("`pka` must be a number")
        } else if self.source.trim().is_empty() {
            Some("`source` must say where the values come from")
        } else {
            None
        }
    }

    /// Share of the molecules that is ionised at a pH (Henderson-Hasselbalch), 0 without a group that ionises.
    #[must_use]
    pub fn ionised_fraction(&self, ph: f64) -> f64 {
        match (self.pka, self.ionisation) {
            (Some(pka), Some(Ionisation::Acid)) => 1.0 / (1.0 + 10f64.powf(pka - ph)),
            (Some(pka), Some(Ionisation::Base)) => 1.0 / (1.0 + 10f64.powf(ph - pka)),
            _ => 0.0,
        }
    }

    /// Whether the permeant is mostly an anion at a pH.
    #[must_use]
    pub fn is_acid(&self, ph: f64) -> bool {
        self.ionisation == Some(Ionisation::Acid) && self.pka.is_some_and(|pka| pka < ph)
    }

    /// log10 of the octanol-water distribution coefficient at a pH, if only the neutral form partitions.
    #[must_use]
    pub fn log_d(&self, ph: f64) -> f64 {
        // Of a strong base nothing is left in floating point beyond 16 units; the pair keeps the digits.
        let excess = match (self.pka, self.ionisation) {
            (Some(pka), Some(Ionisation::Acid)) => 10f64.powf(ph - pka),
            (Some(pka), Some(Ionisation::Base)) => 10f64.powf(pka - ph),
            _ => 0.0,
        };
        self.log_kow - (1.0 + excess).log10()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_permeant_parses() {
        assert!(Permeant::keys().count() >= 10);
        for key in Permeant::keys() {
            Permeant::find(key).unwrap();
        }
    }

    #[test]
    fn a_misspelt_key_gets_a_suggestion() {
        let error = Permeant::find("nalaxone").unwrap_err();
        assert_eq!(error.to_string(), "no permeant is called `nalaxone`; did you mean `naloxone`?");
    }

    #[test]
    fn impossible_values_and_unknown_keys_are_refused() {
        let good = "name = \"X\"\nmw_da = 100.0\nlog_kow = 1.0\nsource = \"here\"\n";
        assert!(Permeant::parse("x", "x.toml", good).is_ok());
        for bad in [
            good.replace("100.0", "0.0"),
            good.replace("100.0", "nan"),
            format!("{good}pka = 4.0\n"),
            good.replace("\"here\"", "\" \""),
            format!("{good}logp = 1.0\n"),
        ] {
            assert!(Permeant::parse("x", "x.toml", &bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn half_is_ionised_at_the_pka() {
        let mut p = Permeant::find("lidocaine").unwrap();
        let pka = p.pka.unwrap();
        assert!((p.ionised_fraction(pka) - 0.5).abs() < 1e-12);
        assert!((p.log_d(pka) - (p.log_kow - 2f64.log10())).abs() < 1e-12);
        assert!(p.ionised_fraction(pka - 2.0) > 0.99);
        p.ionisation = Some(Ionisation::Acid);
        assert!(p.ionised_fraction(pka - 2.0) < 0.01);
        assert_eq!(Permeant::find("water").unwrap().ionised_fraction(5.5), 0.0);
    }
}
