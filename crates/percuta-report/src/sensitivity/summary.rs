//! `sensitivity.json`.

use percuta::course::sensitivity::{FactorKind, SensitivityOutcome};
use percuta::population::sensitivity::Index;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a sensitivity analysis found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SensitivitySummary {
    /// Version of Percuta.
    pub percuta: String,
    /// Name of the course.
    pub course: String,
    /// Seed of the samples.
    pub seed: u64,
    /// Base samples.
    pub samples: u32,
    /// Evaluations of the course for the indices.
    pub evaluations: usize,
    /// Base samples of the screening, if there was one.
    pub screening_samples: Option<u32>,
    /// Uncertain parameters of the course.
    pub uncertain_parameters: usize,
    /// Those that could have got indices of their own.
    pub candidates: usize,
    /// The read-outs that change.
    pub readouts: Vec<ReadoutSummary>,
    /// Keys of those that were chosen and do not.
    pub unchanged: Vec<String>,
}

/// What drives a read-out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReadoutSummary {
    /// Key of the read-out.
    pub readout: String,
    /// Name of the read-out.
    pub name: String,
    /// Unit of the changes.
    pub unit: String,
    /// Each visit after day 0.
    pub visits: Vec<VisitSummary>,
}

/// What drives its change from before the first session to a visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct VisitSummary {
    /// Day.
    pub day: f64,
    /// Mean change.
    pub mean: f64,
    /// Standard deviation of the change: its square is what the indices divide up.
    pub sd: f64,
    /// Sum of all first-order indices with half of its 90 % interval; none where nothing changes.
    pub first_sum: Option<Index>,
    /// By factor, in descending order of the total index; empty where nothing changes.
    pub factors: Vec<FactorSummary>,
}

/// Indices of a factor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FactorSummary {
    /// Name of the parameter; `posterior`, `chance` or `others`.
    pub factor: String,
    /// What it is.
    pub kind: FactorKind,
    /// First-order index with half of its 90 % interval.
    pub first: Index,
    /// Total index with half of its 90 % interval.
    pub total: Index,
}

/// The JSON Schema of `sensitivity.json`, pretty-printed, with a final newline.
#[must_use]
pub fn summary_schema() -> String {
    let schema = schemars::schema_for!(SensitivitySummary);
    format!("{:#}\n", schema.as_value())
}

/// The summary of an outcome.
#[must_use]
pub fn summarise(outcome: &SensitivityOutcome, version: &str) -> SensitivitySummary {
    let readouts = outcome.readouts.iter().map(|r| ReadoutSummary {
        readout: r.readout.key.into(),
        name: r.readout.name.into(),
        unit: r.readout.unit.into(),
        visits: r
            .visits
            .iter()
            .map(|v| {
                let of = |k: usize| FactorSummary {
                    factor: outcome.factors[k].name.clone(),
                    kind: outcome.factors[k].kind,
                    first: v.indices[k].first,
                    total: v.indices[k].total,
                };
                VisitSummary {
                    day: v.day,
                    mean: v.mean,
                    sd: v.sd,
                    first_sum: v.first_sum,
                    factors: v.ranked().into_iter().map(of).collect(),
                }
            })
            .collect(),
    });
    SensitivitySummary {
        percuta: version.into(),
        course: outcome.course.name.clone(),
        seed: outcome.seed,
        samples: outcome.samples,
        evaluations: outcome.evaluations,
        screening_samples: outcome.screening_samples,
        uncertain_parameters: outcome.uncertain,
        candidates: outcome.candidates,
        readouts: readouts.collect(),
        unchanged: outcome.unchanged.iter().map(|r| r.key.to_owned()).collect(),
    }
}
