//! `summary.json`: the numbers of a run for other programs. Its shape is a stable interface.

use std::collections::BTreeMap;

use percuta::appearance::ScarClass;
use percuta::course::{Outcome, PatchOutcome, Readouts, ScarState};
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
    /// Grades by the key of their read-out: changes from before the first session, what the tissue deserves apart from what raters add.
    pub grades: BTreeMap<String, Grade>,
    /// Roughness of the surface before the first session and at the last visit.
    pub surface: Surface,
    /// The single scars of the course, if it lists any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scars: Vec<Scar>,
    /// The course on a block of skin in three dimensions, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<Patch>,
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

/// A grade.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Unit of every number of this grade.
    pub unit: String,
    /// What the tissue deserves before the first session.
    pub baseline: Spread,
    /// At each visit after day 0.
    pub visits: Vec<GradeVisit>,
}

/// Changes of a grade from before the first session to a visit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GradeVisit {
    /// Day from the first session.
    pub day: f64,
    /// What the tissue has changed.
    pub tissue: Spread,
    /// What expectation and regression to the mean add, in untreated skin as well.
    pub expectation: Spread,
    /// The change as it is rated: both, with the rater's error.
    pub rated: Spread,
}

/// A single scar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scar {
    /// Class.
    pub class: ScarClass,
    /// Width at the surface, µm.
    pub width_um: f64,
    /// Length of a linear scar, µm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length_um: Option<f64>,
    /// Scars like it.
    pub count: u32,
    /// Before the first session.
    pub baseline: ScarValues,
    /// At each visit.
    pub visits: Vec<ScarVisit>,
}

/// Roughness of the surface, with all that makes its parameters comparable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Surface {
    /// Day of the last visit.
    pub day: f64,
    /// Side of the square that was evaluated, µm.
    pub side_um: f64,
    /// Side of a pixel, µm.
    pub pixel_um: f64,
    /// Nesting index of the S-filter, µm; none if the pixels alone filter.
    pub s_um: Option<f64>,
    /// Nesting index of the L-filter, µm.
    pub l_um: Option<f64>,
    /// Form that was removed.
    pub form: String,
    /// Cut-off and sampling length of the profiles, µm.
    pub cutoff_um: f64,
    /// Parameters by their symbols (ISO 25178-2, ISO 4287).
    pub parameters: BTreeMap<String, SurfaceParameter>,
}

/// A parameter of the surface.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SurfaceParameter {
    /// Unit.
    pub unit: String,
    /// Before the first session.
    pub before: Spread,
    /// At the last visit.
    pub after: Spread,
    /// Change of each member, % of its value before.
    pub change_percent: Spread,
}

/// A single scar at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScarValues {
    /// Height above the surrounding skin, µm; that of a pit is negative.
    pub relief_um: Spread,
    /// Volume missing or in excess, mm³.
    pub volume_mm3: Spread,
    /// Area that is visibly off the surrounding skin, mm².
    pub area_mm2: Spread,
    /// Order of its collagen, 0 at random to 1 parallel.
    pub alignment: Spread,
}

/// A single scar at one visit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScarVisit {
    /// Day from the first session.
    pub day: f64,
    /// The scar on that day.
    pub values: ScarValues,
}

/// The course with central parameters on a block of skin in three dimensions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// Side of the block, µm.
    pub side_um: f64,
    /// Width of a column, µm.
    pub spacing_um: f64,
    /// Voxels.
    pub voxels: usize,
    /// Read-outs by key, at each visit.
    pub readouts: BTreeMap<String, Vec<PatchVisit>>,
}

/// A read-out of the block at one visit, in the unit of [`Readout`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PatchVisit {
    /// Day from the first session.
    pub day: f64,
    /// Value on the block.
    pub value: f64,
    /// Value of the reduced model with the same parameters.
    pub reduced: f64,
    /// What of the difference is the reduced model's closure: the block minus the reduced model on the block's damage.
    pub closure: f64,
    /// Richardson's estimate of the discretisation error: a third of the difference to twice the spacing; null if the block is
    /// too small for that.
    pub discretisation: Option<f64>,
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
        grades: grades(outcome)?,
        surface: surface(outcome)?,
        scars: scars(outcome)?,
        patch: outcome.patch.as_ref().map(|p| patch(outcome, p)).transpose()?,
        warnings: outcome.warnings.iter().map(|w| Warning { code: w.code.clone(), message: w.message.clone() }).collect(),
    })
}

fn grades(outcome: &Outcome) -> Result<BTreeMap<String, Grade>, ReportError> {
    let one = |g: &percuta::course::GradeOutcome| -> Result<(String, Grade), ReportError> {
        let what = |day: f64| format!("grade `{}` on day {day}", g.readout.key);
        let visit = |v: &percuta::course::GradeVisit| -> Result<GradeVisit, ReportError> {
            let of = |i: &Interval| spread(i, &what(v.day));
            Ok(GradeVisit { day: v.day, tissue: of(&v.tissue)?, expectation: of(&v.expectation)?, rated: of(&v.rated)? })
        };
        let visits = g.visits.iter().map(visit).collect::<Result<_, _>>()?;
        Ok((g.readout.key.to_owned(), Grade { unit: g.readout.unit.to_owned(), baseline: spread(&g.baseline, &what(0.0))?, visits }))
    };
    outcome.grades.iter().map(one).collect()
}

fn surface(outcome: &Outcome) -> Result<Surface, ReportError> {
    let s = &outcome.surface;
    let one = |p: &percuta::course::SurfaceParameter| -> Result<(String, SurfaceParameter), ReportError> {
        let of = |i: &Interval| spread(i, &format!("the parameter {} of the surface", p.symbol));
        let parameter =
            SurfaceParameter { unit: p.unit.to_owned(), before: of(&p.before)?, after: of(&p.after)?, change_percent: of(&p.change)? };
        Ok((p.symbol.to_owned(), parameter))
    };
    Ok(Surface {
        day: s.day,
        side_um: s.side_um,
        pixel_um: s.pixel_um,
        s_um: s.s_um,
        l_um: s.l_um,
        form: s.form.to_owned(),
        cutoff_um: s.cutoff_um,
        parameters: s.parameters.iter().map(one).collect::<Result<_, _>>()?,
    })
}

fn scars(outcome: &Outcome) -> Result<Vec<Scar>, ReportError> {
    let values = |s: &ScarState| -> Result<ScarValues, ReportError> {
        let of = |i: &Interval| spread(i, "a single scar");
        Ok(ScarValues {
            relief_um: of(&s.relief_um)?,
            volume_mm3: of(&s.volume_mm3)?,
            area_mm2: of(&s.area_mm2)?,
            alignment: of(&s.alignment)?,
        })
    };
    let one = |s: &percuta::course::ScarOutcome| -> Result<Scar, ReportError> {
        let visits = s.visits.iter().map(|(day, state)| Ok(ScarVisit { day: *day, values: values(state)? }));
        Ok(Scar {
            class: s.scar.class,
            width_um: s.scar.width_um,
            length_um: s.scar.length_um,
            count: s.scar.count,
            baseline: values(&s.baseline)?,
            visits: visits.collect::<Result<_, ReportError>>()?,
        })
    };
    outcome.scars.iter().map(one).collect()
}

fn patch(outcome: &Outcome, p: &PatchOutcome) -> Result<Patch, ReportError> {
    let mut readouts = BTreeMap::new();
    for (key, values) in &p.readouts {
        let of = |readouts: &Readouts, i: usize| readouts.iter().find(|(k, _)| k == key).and_then(|(_, v)| v.get(i).copied());
        let mut visits = Vec::new();
        for &day in &outcome.course.visits {
            let at = |i: usize| {
                let (value, reduced, on_patch) = (*values.get(i)?, of(&p.reduced, i)?, of(&p.reduced_on_patch, i)?);
                let discretisation = p.coarser.as_ref().and_then(|c| of(c, i)).map(|c| (value - c) / 3.0);
                Some(PatchVisit { day, value, reduced, closure: value - on_patch, discretisation })
            };
            let Some(visit) = series::visit_index(outcome, day).and_then(at) else {
                return Err(ReportError::make("summary.json", format!("the block has no read-out `{key}` on day {day}")));
            };
            if ![visit.value, visit.reduced, visit.closure].into_iter().chain(visit.discretisation).all(f64::is_finite) {
                return Err(ReportError::NotFinite { what: format!("read-out `{key}` of the block on day {day}") });
            }
            visits.push(visit);
        }
        readouts.insert((*key).to_owned(), visits);
    }
    Ok(Patch { side_um: p.grid.side_um(), spacing_um: p.grid.spacing_um, voxels: p.grid.voxels(), readouts })
}

/// An interval of finite numbers; `what` names it in the error.
pub(crate) fn spread(i: &Interval, what: &str) -> Result<Spread, ReportError> {
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
        let mut expected =
            ["percuta", "course", "seed", "members", "sessions", "punctures", "readouts", "grades", "surface", "scars", "warnings"];
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
        assert_eq!(s["scars"][0]["class"], "boxcar");
        assert!(s["scars"][1]["visits"][2]["values"]["relief_um"]["median"].as_f64().unwrap() > 0.0);
        assert!(s["grades"]["vss_score"]["visits"][0]["expectation"]["median"].as_f64().unwrap() <= 0.0);
        let back: Summary = serde_json::from_value(s).unwrap();
        assert_eq!(back, summarise(&o, "0.1.0").unwrap());
    }

    #[test]
    fn the_block_is_summarised_beside_the_reduced_model() {
        let o = fixture::with_patch();
        let s = summarise(o, "0.1.0").unwrap();
        let block = s.patch.as_ref().unwrap();
        let last = block.readouts["collagen_mass"].last().unwrap();
        let own = &o.patch.as_ref().unwrap().readouts.iter().find(|(k, _)| *k == "collagen_mass").unwrap().1;
        assert_eq!(last.value, *own.last().unwrap());
        assert_eq!(block.readouts["collagen_mass"].len(), o.course.visits.len());
        let back: Summary = serde_json::from_value(serde_json::to_value(&s).unwrap()).unwrap();
        assert_eq!(back, s);
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
