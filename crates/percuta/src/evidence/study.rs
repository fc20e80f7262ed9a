//! Studies as data files: `data/studies/*.toml`.

use serde::{Deserialize, Serialize};

use crate::data;
use crate::population::nearest;

/// Roles an observation can have.
const ROLES: [&str; 3] = ["calibration", "validation", "context"];

/// A published study and what it observed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Key in the course file.
    pub id: String,
    /// Full citation.
    pub citation: String,
    /// DOI, PMID or PMC number.
    pub identifier: Option<String>,
    /// How much of the source was read.
    pub access: String,
    /// What it observed.
    #[serde(default, rename = "observation")]
    pub observations: Vec<Observation>,
}

/// How an observation is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Change in per cent of the baseline value.
    PercentChange,
    /// Difference from baseline in the read-out's unit.
    Difference,
    /// The value itself.
    Value,
}

/// One published number that a read-out can be laid beside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// What was observed, in the study's words.
    pub quantity: String,
    /// Key of the read-out it compares with.
    pub readout: String,
    /// Percent change, difference or value.
    pub scale: Scale,
    /// Unit of the number.
    pub unit: String,
    /// Day from the first session.
    pub day: f64,
    /// Group within the study; `untreated` marks an untreated control.
    #[serde(default)]
    pub group: Option<String>,
    /// Published number.
    pub value: f64,
    /// Published confidence interval.
    #[serde(default)]
    pub ci: Option<(f64, f64)>,
    /// Confidence level of `ci`, per cent.
    #[serde(default)]
    pub ci_level: Option<f64>,
    /// Standard deviation between subjects.
    #[serde(default)]
    pub sd: Option<f64>,
    /// Number of subjects.
    #[serde(default)]
    pub n: Option<u32>,
    /// `calibration`, `validation` or `context`.
    pub role: String,
    /// Where in the source, and what a reader must know.
    #[serde(default)]
    pub note: Option<String>,
}

/// A study that is unknown or malformed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StudyError {
    /// No study of that id.
    #[error("no study is called `{id}`{}", .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    Unknown {
        /// The id asked for.
        id: String,
        /// The nearest existing id.
        suggestion: Option<String>,
    },
    /// A file that does not parse or contradicts itself.
    #[error("{label}: {reason}")]
    Malformed {
        /// File or place the study was read from.
        label: String,
        /// What is wrong.
        reason: String,
    },
    /// An observation names a read-out that does not exist.
    #[error("study `{id}`: no read-out is called `{readout}`{}", .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    Readout {
        /// Id of the study.
        id: String,
        /// The key asked for.
        readout: String,
        /// The nearest known key.
        suggestion: Option<String>,
    },
}

impl Study {
    /// Keys that an observation may name although they are no read-out over time: `product_lag`, the lag time of the product, min.
    pub const EXTRA_READOUTS: [&str; 1] = ["product_lag"];

    /// Group that marks an untreated control.
    pub const UNTREATED: &str = "untreated";

    /// Ids of the studies that come with Percuta, sorted.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        data::STUDIES.iter().map(|(id, _)| *id)
    }

    /// The study of that id.
    ///
    /// # Errors
    /// Unknown id, with the nearest one as a suggestion.
    pub fn find(id: &str) -> Result<Self, StudyError> {
        match data::STUDIES.iter().find(|(i, _)| *i == id) {
            Some((_, text)) => Self::parse(&format!("data/studies/{id}.toml"), text),
            None => Err(StudyError::Unknown { id: id.into(), suggestion: nearest(id, Self::ids()) }),
        }
    }

    /// Reads a study from TOML; `label` names it in errors.
    ///
    /// # Errors
    /// If the text is not a study or an observation contradicts itself.
    pub fn parse(label: &str, text: &str) -> Result<Self, StudyError> {
        let malformed = |reason: String| StudyError::Malformed { label: label.into(), reason };
        let study: Self = toml::from_str(text).map_err(|e| malformed(e.to_string()))?;
        if study.citation.trim().is_empty() || study.access.trim().is_empty() {
            return Err(malformed("a study needs a citation and must say how much of the source was read".into()));
        }
        for (i, observation) in study.observations.iter().enumerate() {
            if let Some(reason) = observation.fault() {
                return Err(malformed(format!("observation {} (`{}`): {reason}", i + 1, observation.quantity)));
            }
        }
        Ok(study)
    }

    /// Checks that every observation names one of `readouts` or of [`Study::EXTRA_READOUTS`].
    ///
    /// The keys are handed in because read-outs belong to the course that runs them.
    ///
    /// # Errors
    /// The first unknown key, with the nearest known one as a suggestion.
    pub fn check_readouts(&self, readouts: &[&str]) -> Result<(), StudyError> {
        let known = || readouts.iter().copied().chain(Self::EXTRA_READOUTS);
        match self.observations.iter().find(|o| !known().any(|k| k == o.readout)) {
            Some(o) => {
                Err(StudyError::Readout { id: self.id.clone(), readout: o.readout.clone(), suggestion: nearest(&o.readout, known()) })
            }
            None => Ok(()),
        }
    }
}

impl Observation {
    /// Whether this is an untreated control.
    #[must_use]
    pub fn is_untreated(&self) -> bool {
        self.group.as_deref() == Some(Study::UNTREATED)
    }

    /// What contradicts itself, if anything.
    fn fault(&self) -> Option<String> {
        if !(self.day.is_finite() && self.day >= 0.0) {
            Some("`day` must be a number of at least 0".into())
        } else if !self.value.is_finite() {
            Some("`value` must be a number".into())
        } else if self.unit.trim().is_empty() {
            Some("`unit` is empty".into())
        } else if self.ci.is_some() != self.ci_level.is_some() {
            Some("`ci` and `ci_level` belong together".into())
        } else if self.ci.is_some_and(|(low, high)| !(low <= self.value && self.value <= high)) {
            Some("`ci` must hold `value`, lower limit first".into())
        } else if self.ci_level.is_some_and(|level| !(level > 0.0 && level < 100.0)) {
            Some("`ci_level` must lie between 0 and 100".into())
        } else if self.sd.is_some_and(|sd| !(sd.is_finite() && sd >= 0.0)) {
            Some("`sd` must be at least 0".into())
        } else if !ROLES.contains(&self.role.as_str()) {
            Some(format!("`role` is `{}`, expected one of {}", self.role, ROLES.join(", ")))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::READOUTS;

    #[test]
    fn every_embedded_study_is_sound() {
        let keys: Vec<&str> = READOUTS.iter().map(|r| r.key).collect();
        assert!(Study::ids().count() >= 5);
        for id in Study::ids() {
            let study = Study::find(id).unwrap();
            assert_eq!(study.id, id, "the id is the file's name");
            assert!(!study.observations.is_empty());
            study.check_readouts(&keys).unwrap();
        }
    }

    #[test]
    fn published_figures_are_as_printed() {
        let value = |id: &str, i: usize| Study::find(id).unwrap().observations[i].value;
        assert_eq!(value("kenkel-2021-skinpen", 0), 101.86);
        assert_eq!(value("kenkel-2021-skinpen", 1), 28.2);
        assert_eq!(value("ablon-2018-exceed", 0), -1.23);
        assert_eq!(value("puri-2021-naloxone-pen", 0), 56.0);
        // The change derived from the published means.
        assert!((value("farshi-2020-melasma", 0) - 100.0 * (34.5 / 43.7 - 1.0)).abs() < 0.06);
        let alam = Study::find("alam-2014-roller").unwrap();
        let sides: Vec<(f64, bool)> = alam.observations.iter().map(|o| (o.value, o.is_untreated())).collect();
        assert_eq!(sides, [(-2.4, false), (-3.4, false), (-1.0, true), (-0.4, true)]);
    }

    #[test]
    fn misspelt_ids_and_readouts_get_a_suggestion() {
        let error = Study::find("kenkel-2021-skinpn").unwrap_err();
        assert_eq!(error.to_string(), "no study is called `kenkel-2021-skinpn`; did you mean `kenkel-2021-skinpen`?");
        let mut study = Study::find("ablon-2018-exceed").unwrap();
        study.observations[0].readout = "lemperle_grad".into();
        let error = study.check_readouts(&["lemperle_grade", "tewl"]).unwrap_err();
        assert!(error.to_string().ends_with("did you mean `lemperle_grade`?"), "{error}");
    }

    #[test]
    fn contradictions_are_refused() {
        let (_, good) = data::STUDIES.iter().find(|(id, _)| *id == "ablon-2018-exceed").unwrap();
        assert!(Study::parse("x", good).is_ok());
        for (from, to) in [
            ("day = 150.0", "day = -1.0"),
            ("value = -1.23", "value = 1.23"),
            ("value = -1.23", "value = nan"),
            ("role = \"validation\"", "role = \"proof\""),
            ("ci_level = 99.0\n", ""),
            ("scale = \"difference\"", "scale = \"ratio\""),
            ("unit = \"grade\"", "unit = \"\""),
            ("access = ", "acces = "),
        ] {
            assert!(good.contains(from), "{from}");
            assert!(Study::parse("x", &good.replace(from, to)).is_err(), "{to}");
        }
    }
}
