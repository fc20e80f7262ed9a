//! Parameter cards: value, unit, distribution, kind and source, read from TOML.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Distribution, JointDraws};
use crate::data;

/// How a parameter's value came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Read from a measurement in the named source.
    Measured,
    /// Adjusted until the model met the named data.
    Fitted,
    /// A judgement, a default or a value from memory; the note says why.
    Assumed,
    /// Set by the user's file.
    Setting,
}

/// One uncertain number of the model and where it comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Central value (median or mode), in `unit`.
    pub value: f64,
    /// Unit as written in reports; `1` for a pure number.
    pub unit: String,
    /// Distribution around `value`.
    pub distribution: Distribution,
    /// Measured, fitted or assumed.
    pub kind: Kind,
    /// What the number is, in one sentence.
    pub meaning: String,
    /// Citation of the source.
    pub source: String,
    /// DOI, PMID or PMC number of the source.
    #[serde(default)]
    pub id: Option<String>,
    /// What a reader must know before trusting it.
    #[serde(default)]
    pub note: Option<String>,
}

/// A parameter that is missing, in the wrong unit, or malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// No card of that name.
    #[error("no parameter is called `{name}`{}", .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    Unknown {
        /// The name asked for.
        name: String,
        /// The nearest existing name.
        suggestion: Option<String>,
    },
    /// The model expects another unit than the card states.
    #[error("parameter `{name}` is given in {found}, the model reads it in {expected}")]
    Unit {
        /// Name of the card.
        name: String,
        /// Unit on the card.
        found: String,
        /// Unit the model expects.
        expected: String,
    },
    /// A card that does not parse or contradicts itself.
    #[error("{file}: {reason}")]
    Malformed {
        /// File the card is in.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

/// All parameters of a run, by dotted name (`healing.alarm_decay`).
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ParameterSet {
    cards: BTreeMap<String, Parameter>,
    /// Parameters that are drawn together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) joint: Option<JointDraws>,
}

impl ParameterSet {
    /// Parameters that are drawn together, if a calibration gave some.
    #[must_use]
    pub fn joint(&self) -> Option<&JointDraws> {
        self.joint.as_ref()
    }

    /// The parameters that come with Percuta: every card of `data/parameters`.
    ///
    /// # Errors
    /// If an embedded file is malformed (a test keeps that from happening).
    pub fn embedded() -> Result<Self, ParameterError> {
        let mut set = Self::default();
        for (stem, text) in data::PARAMETERS {
            set.insert_file(stem, &format!("data/parameters/{stem}.toml"), text)?;
        }
        Ok(set)
    }

    /// Adds the cards of a TOML text as `prefix.key`.
    ///
    /// # Errors
    /// If the text is not a table of cards or a card contradicts itself.
    pub fn insert_file(&mut self, prefix: &str, file: &str, text: &str) -> Result<(), ParameterError> {
        let malformed = |reason: String| ParameterError::Malformed { file: file.into(), reason };
        let cards: BTreeMap<String, Parameter> = toml::from_str(text).map_err(|e| malformed(e.to_string()))?;
        for (key, card) in cards {
            self.insert(&format!("{prefix}.{key}"), card).map_err(|e| malformed(e.to_string()))?;
        }
        Ok(())
    }

    /// Adds or replaces one card.
    ///
    /// # Errors
    /// If its distribution does not fit its value, or it has no source.
    pub fn insert(&mut self, name: &str, card: Parameter) -> Result<(), ParameterError> {
        let fault =
            card.distribution.fault(card.value).or_else(|| card.source.trim().is_empty().then(|| "a parameter needs a source".to_owned()));
        if let Some(reason) = fault {
            return Err(ParameterError::Malformed { file: name.into(), reason });
        }
        self.cards.insert(name.into(), card);
        Ok(())
    }

    /// The card of that name.
    ///
    /// # Errors
    /// Unknown name, with the nearest one as a suggestion.
    pub fn card(&self, name: &str) -> Result<&Parameter, ParameterError> {
        self.cards.get(name).ok_or_else(|| ParameterError::Unknown { name: name.into(), suggestion: nearest(name, self.names()) })
    }

    /// All names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.cards.keys().map(String::as_str)
    }

    /// All cards with their names, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Parameter)> {
        self.cards.iter().map(|(n, c)| (n.as_str(), c))
    }

    /// Number of cards.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cards.len()
    }

    /// Whether there is no card.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cards.is_empty()
    }
}

/// The candidate most like `name`, if any is like it at all.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    candidates
        .map(|c| (strsim::jaro_winkler(name, c), c))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, c)| c.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_card_parses_and_has_a_source() {
        let set = ParameterSet::embedded().unwrap();
        for (name, card) in set.iter() {
            assert!(card.source.len() > 3, "{name} has no source");
            assert!(card.meaning.len() > 10, "{name} does not say what it is");
            assert!(card.kind != Kind::Assumed || card.note.is_some(), "{name} is assumed and does not say why");
        }
    }

    #[test]
    fn a_card_without_source_is_refused() {
        let text =
            "[x]\nvalue = 1.0\nunit = \"1\"\ndistribution = { kind = \"fixed\" }\nkind = \"assumed\"\nmeaning = \"test\"\nsource = \"\"\n";
        assert!(ParameterSet::default().insert_file("t", "t.toml", text).is_err());
        let text = text.replace("source = \"\"\n", "");
        assert!(ParameterSet::default().insert_file("t", "t.toml", &text).is_err());
    }
}
