//! Published studies predicted from their protocols alone, and an honest score.

mod naive;
mod predict;
mod row;
mod scale;
mod score;
mod summary;

use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

pub use naive::{Published, by_others};
pub use predict::{Adjust, Prediction, predict, spread};
pub use row::{Row, Scored};
pub use scale::ScoreScale;
pub use score::{SIDES, crps, crps_student, interval_score, share_interval};
pub use summary::{DoseOrder, Score, Skill, skill};

use super::study::Record;
use super::{Reliability, StudyKind};
use crate::course::{RunError, RunOptions, in_pool};

/// What a validation hands to reports and programs.
#[derive(Debug, Clone, Serialize)]
pub struct Validation {
    /// Seed of all random streams.
    pub seed: u64,
    /// Members of the ensemble of each arm.
    pub members: u32,
    /// The studies, in the order they were given.
    pub studies: Vec<Validated>,
    /// Every observation, study after study.
    pub rows: Vec<Row>,
    /// Scores of calibration and validation observations apart, over everything and by domain.
    pub scores: Vec<Score>,
    /// Whether more is predicted where more was found, within studies.
    pub dose_order: Vec<DoseOrder>,
    /// Studies that could not be predicted, and why.
    pub failed: Vec<Failed>,
}

/// A study that was predicted.
#[derive(Debug, Clone, Serialize)]
pub struct Validated {
    /// Id.
    pub id: String,
    /// First author and year.
    pub short: String,
    /// Full citation.
    pub citation: String,
    /// DOI, PMID or PMC number.
    pub identifier: Option<String>,
    /// On whom or what.
    pub kind: StudyKind,
    /// What speaks for its numbers and against them.
    pub reliability: Vec<Reliability>,
    /// Keys of the protocol that the source does not state.
    pub assumed: Vec<String>,
    /// What a reader must know.
    pub note: Option<String>,
    /// Observations of which the protocol has nothing to predict.
    pub unpredicted: Vec<String>,
}

/// A study that could not be predicted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failed {
    /// Its id, or the name of its file.
    pub study: String,
    /// What is wrong.
    pub reason: String,
}

/// Predicts every study; `progress(done, total)` is called after each. A study whose run fails is listed, the others go on.
///
/// # Errors
/// [`RunError::Cancelled`] after `cancel` is set, [`RunError::Threads`] if threads cannot be started.
pub fn validate(
    records: &[Record],
    options: &RunOptions,
    progress: &(dyn Fn(usize, usize) + Sync),
    cancel: &AtomicBool,
) -> Result<Validation, RunError> {
    let (mut studies, mut rows, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    for (done, record) in records.iter().enumerate() {
        if cancel.load(Ordering::Relaxed) {
            return Err(RunError::Cancelled { done, total: records.len() });
        }
        let study = &record.study;
        match in_pool(options.threads, || predict(record, options.seed, options.members, &Ok))? {
            Ok(predictions) => {
                let predicted = |i: usize| predictions.iter().any(|p| p.observation == i);
                studies.push(Validated {
                    id: study.id.clone(),
                    short: study.short(),
                    citation: study.citation.clone(),
                    identifier: study.identifier.clone(),
                    kind: study.kind,
                    reliability: study.reliability.clone(),
                    assumed: study.assumed.clone(),
                    note: study.note.clone(),
                    unpredicted: (0..study.observations.len())
                        .filter(|i| !predicted(*i))
                        .map(|i| study.observations[i].quantity.clone())
                        .collect(),
                });
                rows.extend(predictions.iter().map(|p| row::row(study, p)));
            }
            Err(e) => failed.push(Failed { study: study.id.clone(), reason: e.to_string() }),
        }
        progress(done + 1, records.len());
    }
    naive::score_by_others(&mut rows);
    let scores = summary::scores(&rows);
    let dose_order = summary::dose_order(&rows);
    Ok(Validation { seed: options.seed, members: options.members, studies, rows, scores, dose_order, failed })
}

#[cfg(test)]
mod tests;
