//! One published number beside its prediction.

use serde::{Deserialize, Serialize};

use super::super::{Domain, Role, Scale, Study, grade};
use super::predict::Prediction;
use super::score::{SIDES, crps, interval_score};
use crate::population::{Interval, interval};

/// Standard deviations beyond which nothing is told apart, as where the prediction has no spread.
const FARTHEST: f64 = 99.0;

/// One published number beside its prediction.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Id of the study.
    pub study: String,
    /// First author and year.
    pub short: String,
    /// What was observed, in the study's words.
    pub quantity: String,
    /// Key of the observable.
    pub readout: String,
    /// Name of the observable.
    pub name: String,
    /// Where it belongs.
    pub domain: Domain,
    /// Arm.
    pub group: Option<String>,
    /// What is put on, where something is.
    pub substance: Option<String>,
    /// What needles do in this arm; none without them.
    pub treatment: Option<String>,
    /// Whether it is a side without treatment.
    pub untreated: bool,
    /// How it is expressed.
    pub scale: Scale,
    /// Unit.
    pub unit: String,
    /// Day from the first session.
    pub day: f64,
    /// Published number.
    pub published: f64,
    /// 90 % interval of the published mean, where the study tells enough.
    pub published_interval: Option<(f64, f64)>,
    /// Subjects behind it; none where the source does not state them.
    pub n: Option<u32>,
    /// What it is used for.
    pub role: Role,
    /// What a study like this is predicted to publish.
    pub predicted: Interval,
    /// What the tissue alone does, where a rater sees it.
    pub tissue: Option<Interval>,
    /// Whether the interval holds the published number.
    pub covered: bool,
    /// Published less predicted median on the scale of the scores, in standard deviations of the prediction.
    pub standardised_error: f64,
    /// Predicted less published, as a share of the published number; none for a published zero.
    pub relative_error: Option<f64>,
    /// Of the model, in per cent of the baseline, or of the value where the value itself was published.
    pub model: Scored,
    /// Of the statement that nothing changes, with the same observers.
    pub no_change: Option<Scored>,
    /// Of the mean of the other studies of that observable.
    pub other_studies: Option<Scored>,
    /// The published number on the scale of the scores, %.
    pub scored: f64,
    /// Its 90 % interval on that scale; from minus infinity (`null` in JSON) where a logarithm has no lower end.
    pub published_scored: Option<(f64, f64)>,
    /// The predicted interval on that scale.
    pub predicted_scored: Interval,
    /// What a reader must know.
    pub note: Option<String>,
}

/// Scores of one predictive distribution: the smaller, the better.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scored {
    /// Median of the distribution less the published number.
    pub error: f64,
    /// Continuous ranked probability score.
    pub crps: f64,
    /// Interval score of the 90 % interval.
    pub interval_score: f64,
}

impl Scored {
    /// Of an ensemble.
    #[must_use]
    pub fn of(members: &[f64], observed: f64) -> Self {
        let found = interval(members);
        Self { error: found.median - observed, crps: crps(members, observed), interval_score: interval_score(&found, observed) }
    }
}

pub(super) fn row(study: &Study, prediction: &Prediction) -> Row {
    let observation = &study.observations[prediction.observation];
    let predicted = interval(&prediction.published);
    let published = observation.value;
    let scored = |x: f64| prediction.scale.score(x);
    let all = |values: &[f64]| -> Vec<f64> { values.iter().map(|x| scored(*x)).collect() };
    let found = interval(&all(&prediction.published));
    let sd = (found.high - found.low) / (2.0 * SIDES);
    let error = observation.standard_error();
    Row {
        study: study.id.clone(),
        short: study.short(),
        quantity: observation.quantity.clone(),
        readout: observation.readout.clone(),
        name: prediction.observable.name.into(),
        domain: prediction.observable.domain,
        group: observation.group.clone(),
        substance: prediction.substance.clone(),
        treatment: prediction.treatment.clone(),
        untreated: prediction.treatment.is_none(),
        scale: observation.scale,
        unit: observation.unit.clone(),
        day: observation.day,
        published,
        published_interval: error.map(|e| (published - SIDES * e, published + SIDES * e)),
        n: observation.n,
        role: observation.role,
        predicted,
        tissue: grade(&observation.readout).map(|_| interval(&prediction.tissue)),
        covered: predicted.low <= published && published <= predicted.high,
        standardised_error: standardised(scored(published) - found.median, sd),
        relative_error: (published != 0.0).then(|| (predicted.median - published) / published.abs()),
        model: Scored::of(&all(&prediction.published), scored(published)),
        no_change: prediction.unchanged.as_ref().map(|u| Scored::of(&all(u), scored(published))),
        other_studies: None,
        scored: scored(published),
        published_scored: error.map(|e| (scored(published - SIDES * e), scored(published + SIDES * e))),
        predicted_scored: found,
        note: observation.note.clone(),
    }
}

/// An error in standard deviations, at most [`FARTHEST`].
fn standardised(error: f64, sd: f64) -> f64 {
    if error == 0.0 { 0.0 } else { (error / sd.max(error.abs() / FARTHEST)).clamp(-FARTHEST, FARTHEST) }
}
