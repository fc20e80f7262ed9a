//! What is unusual about a permeation study.

use super::PermeationStudy;
use crate::course::Warning;

/// Cautions for a study that is valid but lies outside a tested range; each names the range.
#[must_use]
pub fn warnings(study: &PermeationStudy) -> Vec<Warning> {
    study.permeant.extrapolation().into_iter().map(|message| Warning { code: "permeant-extrapolated".into(), message }).collect()
}
