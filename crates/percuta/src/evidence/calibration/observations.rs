//! The observations a calibration uses, on the scale of the scores.

use serde::{Deserialize, Serialize};

use super::CalibrationProblem;
use crate::course::RunError;
use crate::evidence::study::Record;
use crate::evidence::validation::{Adjust, Published, ScoreScale, Scored, predict};
use crate::evidence::{Domain, Scale};

/// One published number that the parameters are found from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Id of the study.
    pub study: String,
    /// First author and year.
    pub short: String,
    /// Its number among the study's observations.
    pub observation: usize,
    /// Key of the observable.
    pub readout: String,
    /// Domain.
    pub domain: Domain,
    /// Arm.
    pub group: Option<String>,
    /// Day from the first session.
    pub day: f64,
    /// Whether studies differ in it by their hands.
    pub handled: bool,
    /// How it is expressed.
    pub scale: Scale,
    /// Unit of the published number.
    pub unit: String,
    /// Whether it is a side without treatment.
    pub untreated: bool,
    /// What is put on, where something is.
    pub substance: Option<String>,
    /// Published number in its own unit.
    pub published: f64,
    /// Published baseline that a difference starts from.
    pub baseline: Option<f64>,
    /// Subjects behind it.
    pub n: Option<u32>,
    /// Sampling error of the published mean in its own unit.
    pub standard_error: f64,
    /// The scale of the scores.
    pub score_scale: ScoreScale,
    /// Published number on the scale of the scores: per cent of the baseline, or 100 times the natural logarithm.
    pub value: f64,
    /// Sampling error of the published mean on that scale.
    pub sampling: f64,
    /// Score of the statement that nothing changes, with the same observers, as `percuta validate` makes it.
    pub no_change: Option<Scored>,
}

impl Target {
    pub(super) fn as_published(&self) -> Published<'_> {
        Published {
            study: &self.study,
            readout: &self.readout,
            scale: self.scale,
            unit: &self.unit,
            untreated: self.untreated,
            substance: self.substance.as_deref(),
            scored: self.value,
        }
    }
}

/// Whether the problem uses an observation.
fn uses(problem: &CalibrationProblem, record: &Record, observation: usize) -> bool {
    let (study, o) = (&record.study, &record.study.observations[observation]);
    problem.roles.contains(&o.role)
        && (problem.only.is_empty() || problem.only.contains(&study.id))
        && !problem.without.contains(&study.id)
        && !problem.without_readouts.contains(&o.readout)
}

/// Whether a study has an observation that the problem uses.
pub(super) fn concerns(problem: &CalibrationProblem, record: &Record) -> bool {
    !record.arms.is_empty() && (0..record.study.observations.len()).any(|i| uses(problem, record, i))
}

/// The targets of a study and what each run of the design says of them: `[run][target]`.
pub(super) fn runs(problem: &CalibrationProblem, record: &Record, adjust: Adjust<'_>) -> Result<(Vec<Target>, Vec<Vec<f64>>), RunError> {
    let study = &record.study;
    let predictions = predict(record, problem.seed, problem.design, adjust)?;
    let (mut targets, mut columns) = (Vec::new(), Vec::new());
    for p in predictions.iter().filter(|p| uses(problem, record, p.observation)) {
        let o = &study.observations[p.observation];
        let scored = |x: f64| p.scale.score(x);
        let unchanged: Option<Vec<f64>> = p.unchanged.as_ref().map(|u| u.iter().map(|x| scored(*x)).collect());
        targets.push(Target {
            study: study.id.clone(),
            short: study.short(),
            observation: p.observation,
            readout: o.readout.clone(),
            domain: p.observable.domain,
            group: o.group.clone(),
            day: o.day,
            handled: p.handled,
            scale: o.scale,
            unit: o.unit.clone(),
            untreated: p.treatment.is_none(),
            substance: p.substance.clone(),
            published: o.value,
            baseline: o.baseline,
            n: o.n,
            standard_error: p.scale.in_unit(p.sampling, o.value),
            score_scale: p.scale,
            value: scored(o.value),
            sampling: p.sampling,
            no_change: unchanged.filter(|u| u.iter().all(|x| x.is_finite())).map(|u| Scored::of(&u, scored(o.value))),
        });
        columns.push(p.read.iter().map(|x| p.scale.score(*x)).collect::<Vec<f64>>());
    }
    let rows = (0..problem.design as usize).map(|m| columns.iter().map(|c| c[m]).collect()).collect();
    Ok((targets, rows))
}
