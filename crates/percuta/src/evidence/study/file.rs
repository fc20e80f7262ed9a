//! The keys of a study record.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use toml::Spanned;

use super::{Reliability, Role, Scale, StudyKind};

/// A published study: what was done, to whom, and what was observed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Percuta study record")]
pub(super) struct StudyFile {
    /// Key of the study and name of its file.
    #[schemars(with = "String")]
    pub id: Spanned<String>,
    /// Full citation.
    #[schemars(with = "String")]
    pub citation: Spanned<String>,
    /// DOI, PMID or PMC number.
    pub identifier: Option<String>,
    /// How much of the source was read.
    #[schemars(with = "String")]
    pub access: Spanned<String>,
    /// On whom or what.
    pub kind: StudyKind,
    /// What speaks for its numbers and against them.
    #[serde(default)]
    pub reliability: Vec<Reliability>,
    /// Keys of the protocol that the source does not state.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub assumed: Vec<Spanned<String>>,
    /// What a reader must know of the whole study.
    pub note: Option<String>,
    /// What was done on living skin: the keys of a course file.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub protocol: Option<IgnoredAny>,
    /// What was done on excised skin: the keys of a permeation study.
    #[schemars(with = "Option<BTreeMap<String, Value>>")]
    pub permeation: Option<IgnoredAny>,
    /// Other arms: keys laid over the protocol.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, Value>>")]
    pub arms: BTreeMap<String, IgnoredAny>,
    /// What was observed.
    #[serde(default, rename = "observation")]
    #[schemars(with = "Vec<ObservationFile>")]
    pub observations: Vec<Spanned<ObservationFile>>,
}

/// One published number.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ObservationFile {
    /// What was observed, in the study's words.
    pub quantity: String,
    /// Key of what the model lays beside it.
    #[schemars(with = "String")]
    pub readout: Spanned<String>,
    /// How the number is expressed.
    pub scale: Scale,
    /// Unit of the number.
    #[schemars(with = "String")]
    pub unit: Spanned<String>,
    /// Day from the first session; or give `hour`.
    #[schemars(with = "Option<f64>")]
    pub day: Option<Spanned<f64>>,
    /// Hour from the first session, in place of `day`.
    #[schemars(with = "Option<f64>")]
    pub hour: Option<Spanned<f64>>,
    /// An arm; `untreated` is the protocol without any session, `intact` excised skin without treatment.
    #[schemars(with = "Option<String>")]
    pub group: Option<Spanned<String>>,
    /// Published number.
    #[schemars(with = "f64")]
    pub value: Spanned<f64>,
    /// Published confidence interval of the mean.
    #[schemars(with = "Option<(f64, f64)>")]
    pub ci: Option<Spanned<(f64, f64)>>,
    /// Confidence level of `ci`, per cent.
    #[schemars(with = "Option<f64>")]
    pub ci_level: Option<Spanned<f64>>,
    /// Standard deviation between subjects, on the scale of the number.
    #[schemars(with = "Option<f64>")]
    pub sd: Option<Spanned<f64>>,
    /// Published mean before treatment, in the study's unit.
    #[schemars(with = "Option<f64>")]
    pub baseline: Option<Spanned<f64>>,
    /// Its standard deviation between subjects.
    #[schemars(with = "Option<f64>")]
    pub baseline_sd: Option<Spanned<f64>>,
    /// Number of subjects or pieces of skin, or "not stated".
    #[schemars(with = "Subjects")]
    pub n: Option<Spanned<Subjects>>,
    /// What the number is used for.
    pub role: Role,
    /// Where in the source, and what a reader must know.
    pub note: Option<String>,
}

/// How many subjects or pieces of skin are behind a number.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Subjects {
    /// So many.
    Known(u32),
    /// `NOT_STATED`.
    Words(String),
}

/// What a record says in place of a number of subjects that its source does not give.
pub(super) const NOT_STATED: &str = "not stated";
