//! `summary.json`: the numbers of a run for other programs. Its shape is a stable interface.

use std::collections::BTreeMap;

use percuta::course::Outcome;
use percuta::population::{Interval, interval};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::ReportError;
use crate::series;

/// Median and 90 % interval of the ensemble.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// Median over the members.
    pub median: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
}

/// The contents of `summary.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// Version of Percuta.
    pub percuta: String,
    /// Name of the course.
    pub course: String,
    /// Seed of all random streams.
    pub seed: u64,
    /// Members of the ensemble.
    pub members: usize,
    /// Days of the sessions.
    pub sessions: Vec<f64>,
    /// The punctures of one session. Without sessions nothing is punctured and all surface is uncovered.
    pub punctures: Punctures,
    /// Read-outs by key.
    pub readouts: BTreeMap<String, Readout>,
    /// What a reader must know before using the numbers.
    pub warnings: Vec<Warning>,
}

/// The punctures of one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Punctures {
    /// Punctures over the treated area, median.
    pub per_session: f64,
    /// Punctures per cm².
    pub density_per_cm2: Spread,
    /// Depth reached, µm, over punctures and members.
    pub depth_um: Spread,
    /// Share of the surface farther than 0.25 mm from any puncture.
    pub uncovered_area_fraction: Spread,
}

/// One read-out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Readout {
    /// Unit of every number of this read-out.
    pub unit: String,
    /// Before the first session.
    pub baseline: Spread,
    /// At each visit; on a session day, just after the session.
    pub visits: Vec<Visit>,
}

/// A read-out at one visit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Day from the first session.
    pub day: f64,
    /// Median over the members.
    pub median: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
}

/// A caution that travels with the results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Warning {
    /// Short identifier.
    pub code: String,
    /// One sentence.
    pub message: String,
}

/// The JSON Schema of `summary.json`, pretty-printed, with a final newline.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Summary);
    format!("{:#}\n", schema.as_value())
}

/// The summary of an outcome.
///
/// # Errors
/// [`ReportError::NotFinite`] if a number is not finite.
pub fn summarise(outcome: &Outcome, version: &str) -> Result<Summary, ReportError> {
    let p = &outcome.punctures;
    // Nothing was punctured: there is no depth to speak of, and no statistic of it is a number.
    let punctures = if outcome.course.sessions.is_empty() {
        let none = Spread { median: 0.0, low: 0.0, high: 0.0 };
        let all = Spread { median: 1.0, low: 1.0, high: 1.0 };
        Punctures { per_session: 0.0, density_per_cm2: none, depth_um: none, uncovered_area_fraction: all }
    } else {
        Punctures {
            per_session: spread(&p.per_session, "the number of punctures")?.median,
            density_per_cm2: spread(&p.density_per_cm2, "the puncture density")?,
            depth_um: spread(&p.depth_um, "the depth reached")?,
            uncovered_area_fraction: spread(&p.uncovered_area_fraction, "the uncovered area")?,
        }
    };
    let mut readouts = BTreeMap::new();
    for s in &outcome.readouts {
        let mut visits = Vec::new();
        for &day in &outcome.course.visits {
            let what = || format!("read-out `{}` on day {day}", s.readout.key);
            let Some(index) = series::visit_index(outcome, day) else {
                return Err(ReportError::make("summary.json", format!("visit day {day} is not on the time axis")));
            };
            let v = spread(&interval(&series::values(s, index)), &what())?;
            visits.push(Visit { day, median: v.median, low: v.low, high: v.high });
        }
        let baseline = spread(&interval(&series::baseline(s)), &format!("the baseline of read-out `{}`", s.readout.key))?;
        readouts.insert(s.readout.key.to_owned(), Readout { unit: s.readout.unit.to_owned(), baseline, visits });
    }
    Ok(Summary {
        percuta: version.to_owned(),
        course: outcome.course.name.clone(),
        seed: outcome.seed,
        members: outcome.draws.len(),
        sessions: outcome.course.sessions.clone(),
        punctures,
        readouts,
        warnings: outcome.warnings.iter().map(|w| Warning { code: w.code.clone(), message: w.message.clone() }).collect(),
    })
}

fn spread(i: &Interval, what: &str) -> Result<Spread, ReportError> {
    if i.median.is_finite() && i.low.is_finite() && i.high.is_finite() {
        Ok(Spread { median: i.median, low: i.low, high: i.high })
    } else {
        Err(ReportError::NotFinite { what: what.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_checked_in_schema_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/summary.schema.json");
        // Compared as values: the order of keys depends on how serde_json was built.
        let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        assert!(parse(&checked_in) == parse(&schema()), "write this to docs/summary.schema.json:\n{}", schema());
    }

    #[test]
    fn the_shape_is_the_published_one() {
        let o = fixture::outcome();
        let s = serde_json::to_value(summarise(&o, "0.1.0").unwrap()).unwrap();
        let keys: Vec<&str> = s.as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected = ["percuta", "course", "seed", "members", "sessions", "punctures", "readouts", "warnings"];
        expected.sort_unstable();
        let mut keys = keys;
        keys.sort_unstable();
        assert_eq!(keys, expected);
        assert!(s["punctures"]["per_session"].is_number());
        assert!(s["punctures"]["depth_um"]["low"].is_number());
        let tewl = &s["readouts"]["tewl"];
        assert_eq!(tewl["unit"], "g/m²/h");
        assert_eq!(tewl["visits"].as_array().unwrap().len(), o.course.visits.len());
        assert!(tewl["visits"][0]["median"].as_f64().unwrap() > tewl["baseline"]["median"].as_f64().unwrap());
        assert!(s["warnings"][0]["code"].is_string());
        let back: Summary = serde_json::from_value(s).unwrap();
        assert_eq!(back, summarise(&o, "0.1.0").unwrap());
    }

    #[test]
    fn a_number_that_is_not_finite_is_refused() {
        let mut o = fixture::outcome();
        o.readouts[0].members[0][0] = f64::NAN;
        assert!(matches!(summarise(&o, "0.1.0"), Err(ReportError::NotFinite { .. })));
    }

    #[test]
    fn an_untreated_course_has_a_summary() {
        let s = summarise(&fixture::untreated(), "0.1.0").unwrap();
        assert_eq!(s.punctures.per_session, 0.0);
        assert_eq!(s.punctures.uncovered_area_fraction.median, 1.0);
    }
}
