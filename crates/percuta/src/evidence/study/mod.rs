//! Published studies as records: `data/studies/*.toml`, or a user's own files of the same format.

mod arms;
mod check;
mod file;
mod read;

use serde::{Deserialize, Serialize};

pub(in crate::evidence) use arms::visits;
pub use arms::{Arm, Protocol};
pub use read::{Record, TEMPLATE, read, schema};

use crate::data;
use crate::population::{Parameter, nearest};

/// A published study and what it observed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Study {
    /// Key in the course file.
    pub id: String,
    /// Full citation.
    pub citation: String,
    /// DOI, PMID or PMC number.
    pub identifier: Option<String>,
    /// How much of the source was read.
    pub access: String,
    /// On whom or what.
    pub kind: StudyKind,
    /// What speaks for its numbers and against them.
    pub reliability: Vec<Reliability>,
    /// Keys of the protocol that the source does not state.
    pub assumed: Vec<String>,
    /// What a reader must know of the whole study.
    pub note: Option<String>,
    /// What it observed.
    pub observations: Vec<Observation>,
}

/// On whom or what a study was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StudyKind {
    /// Living people.
    Clinical,
    /// Excised human skin.
    ExVivo,
    /// Animals, or their skin.
    Animal,
    /// Cells or a model of skin.
    InVitro,
}

/// What speaks for a study's numbers and against them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reliability {
    /// Has a control.
    Controlled,
    /// Treatment by lot.
    Randomised,
    /// Control on the same person.
    SplitFace,
    /// Whoever measured did not know the treatment.
    Blinded,
    /// Whoever measured knew the treatment.
    Open,
    /// Looked back on.
    Retrospective,
    /// Not on people.
    Animal,
}

/// What an observation is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It set a parameter and says nothing about the model's worth.
    Calibration,
    /// It was held out.
    Validation,
    /// It measures something else and stands there for orientation.
    Context,
}

impl Role {
    /// As the records spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Calibration => "calibration",
            Self::Validation => "validation",
            Self::Context => "context",
        }
    }
}

/// How an observation is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// Change in per cent of the baseline value.
    PercentChange,
    /// Difference from baseline in the read-out's unit.
    Difference,
    /// The value itself.
    Value,
}

/// One published number that the model can be laid beside.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Observation {
    /// What was observed, in the study's words.
    pub quantity: String,
    /// Key of the [`super::Observable`] it compares with.
    pub readout: String,
    /// Percent change, difference or value.
    pub scale: Scale,
    /// Unit of the number.
    pub unit: String,
    /// Day from the first session.
    pub day: f64,
    /// Arm of the study; `untreated` marks an untreated control.
    pub group: Option<String>,
    /// Published number.
    pub value: f64,
    /// Published confidence interval of the mean.
    pub ci: Option<(f64, f64)>,
    /// Confidence level of `ci`, per cent.
    pub ci_level: Option<f64>,
    /// Standard deviation between subjects.
    pub sd: Option<f64>,
    /// Published mean before treatment, in the study's unit.
    pub baseline: Option<f64>,
    /// Its standard deviation between subjects.
    pub baseline_sd: Option<f64>,
    /// Number of subjects or pieces of skin; none where the source does not state it.
    pub n: Option<u32>,
    /// What it is used for.
    pub role: Role,
    /// Where in the source, and what a reader must know.
    pub note: Option<String>,
}

/// A study that does not come with Percuta.
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
    /// A record of Percuta's own that is malformed.
    #[error("{label}: {reason}; this is a defect of Percuta, please report it")]
    Malformed {
        /// File the record stands in.
        label: String,
        /// What is wrong.
        reason: String,
    },
}

impl Study {
    /// Group that marks an untreated control.
    pub const UNTREATED: &str = "untreated";
    /// Group of excised skin without treatment.
    pub const INTACT: &str = "intact";

    /// Ids of the studies that come with Percuta, sorted.
    pub fn ids() -> impl Iterator<Item = &'static str> {
        data::STUDIES.iter().map(|(id, _)| *id)
    }

    /// Every record that comes with Percuta: the name of its file and its text.
    pub fn texts() -> impl Iterator<Item = (String, &'static str)> {
        data::STUDIES.iter().map(|(id, text)| (format!("data/studies/{id}.toml"), *text))
    }

    /// The study of that id.
    ///
    /// # Errors
    /// Unknown id, with the nearest one as a suggestion.
    pub fn find(id: &str) -> Result<Self, StudyError> {
        let Some((_, text)) = data::STUDIES.iter().find(|(i, _)| *i == id) else {
            return Err(StudyError::Unknown { id: id.into(), suggestion: nearest(id, Self::ids()) });
        };
        let label = format!("data/studies/{id}.toml");
        read::study(&label, text).map_err(|errors| StudyError::Malformed {
            label,
            reason: errors.iter().map(|e| e.message.clone()).collect::<Vec<_>>().join("; "),
        })
    }

    /// Whether a card rests on this study: by its identifier, or by its first author with its year as the first that follows.
    #[must_use]
    pub fn informs(&self, card: &Parameter) -> bool {
        let texts = [Some(card.source.as_str()), card.id.as_deref(), card.note.as_deref()];
        let short = self.short();
        let named = |text: &str| {
            let Some((author, year)) = short.split_once(' ') else { return false };
            text.match_indices(author).any(|(at, _)| first_year(&text[at..]) == Some(year))
        };
        texts.into_iter().flatten().any(|t| named(t) || self.identifier.as_deref().is_some_and(|id| t.contains(id)))
    }

    /// First author and year, as the id has them: `Kenkel 2021`.
    #[must_use]
    pub fn short(&self) -> String {
        let mut parts = self.id.split('-');
        let author = parts.next().unwrap_or_default();
        let mut letters = author.chars();
        let author: String = letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default();
        match parts.find(|year| year.len() == 4 && year.chars().all(|c| c.is_ascii_digit())) {
            Some(year) => format!("{author} {year}"),
            None => author,
        }
    }
}

/// The first year in a text.
fn first_year(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_ascii_digit()).find(|n| n.len() == 4 && (n.starts_with("19") || n.starts_with("20")))
}

impl Observation {
    /// Whether this is an untreated control.
    #[must_use]
    pub fn is_untreated(&self) -> bool {
        self.group.as_deref() == Some(Study::UNTREATED)
    }

    /// Standard error of the published mean, where the study gives one.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        use statrs::distribution::{ContinuousCDF, Normal};
        match (self.sd.zip(self.n), self.ci, self.ci_level) {
            (Some((sd, n)), ..) => Some(sd / f64::from(n).sqrt()),
            (None, Some((low, high)), Some(level)) => Some((high - low) / (2.0 * Normal::standard().inverse_cdf(0.5 + 0.005 * level))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
