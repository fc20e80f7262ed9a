//! Studies as data files: `data/studies/*.toml`.

use serde::{Deserialize, Serialize};

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
