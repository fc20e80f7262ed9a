//! Which cards a fit is about: aliases, and what a study reads.

use super::super::member::MemberSkin;
use super::super::run::CENTRAL;
use super::super::{PermeationStudy, RunError};
use super::{ALIASES, FitError};
use crate::population::{Draw, Parameter, ParameterSet, Purpose, nearest, stream};

/// Groups of cards that absorption can read.
const GROUPS: [&str; 7] = ["absorption", "viable_tissue", "channels", "injury", "device", "motion", "skin"];
/// Unit that no model asks for.
const NO_UNIT: &str = "unit that nothing is read in";

/// A parameter to estimate.
#[derive(Debug, Clone)]
pub(super) struct Chosen {
    /// Name of the card.
    pub name: String,
    /// How sentences call it.
    pub label: String,
    /// The card.
    pub card: Parameter,
}

/// The card an alias means in this study.
fn of_alias(study: &PermeationStudy, alias: &str) -> Option<&'static str> {
    match alias {
        "intact-permeability" => Some(study.barrier.relation.residual()),
        "tissue-diffusion" => Some("viable_tissue.diffusion_factor"),
        "open-channels" => Some("channels.patency"),
        "closure" => Some(match (study.sample.preparation.excised(), study.dosing.occluded) {
            (true, _) => "channels.half_life_excised",
            (false, true) => "channels.half_life_occluded",
            (false, false) => "channels.half_life_open",
        }),
        _ => None,
    }
}

/// The cards to estimate, each checked to be read by the study.
pub(super) fn resolve(study: &PermeationStudy, asked: &[String]) -> Result<Vec<Chosen>, FitError> {
    if asked.is_empty() {
        return Err(FitError::NothingToEstimate { reads: reads(study) });
    }
    let mut chosen: Vec<Chosen> = Vec::new();
    for asked in asked {
        let name = of_alias(study, asked).unwrap_or(asked);
        let Ok(card) = study.parameters.card(name) else {
            let reads = reads(study);
            let suggestion = nearest(asked, reads.iter().map(String::as_str).chain(ALIASES));
            return Err(FitError::Unknown { name: asked.clone(), suggestion, reads });
        };
        if chosen.iter().any(|c| c.name == name) {
            return Err(FitError::Twice { name: name.into(), asked: asked.clone() });
        }
        if !is_read(study, name, card) {
            return Err(FitError::NotRead { name: name.into(), because: because_unread(study, name), reads: reads(study) });
        }
        if card.value <= 0.0 {
            return Err(FitError::NotPositive { name: name.into(), value: card.value });
        }
        let alias = ALIASES.into_iter().find(|a| of_alias(study, a) == Some(name));
        let label = alias.map_or_else(|| format!("`{name}`"), |a| a.replace('-', " "));
        chosen.push(Chosen { name: name.into(), label, card: card.clone() });
    }
    Ok(chosen)
}

fn because_unread(study: &PermeationStudy, name: &str) -> String {
    if name == study.barrier.relation.residual() && study.barrier.measured_kp_cm_per_h.is_some() {
        ": a measured permeability (`kp` in the table `[barrier]`) takes its place; leave that out to estimate it".into()
    } else if name.starts_with("channels.") && study.treatment.is_none() {
        ": it has no treatment; expected a table `[treatment]` or `[array]`".into()
    } else {
        String::new()
    }
}

/// Names of the cards that the study reads.
pub(super) fn reads(study: &PermeationStudy) -> Vec<String> {
    let prefix = |name: &str| name.split('.').next().is_some_and(|p| GROUPS.contains(&p));
    let cards = study.parameters.iter().filter(|(name, card)| prefix(name) && card.value > 0.0);
    cards.filter(|(name, card)| is_read(study, name, card)).map(|(name, _)| name.to_owned()).collect()
}

/// Whether a card is read: the model then complains about a unit it does not know.
fn is_read(study: &PermeationStudy, name: &str, card: &Parameter) -> bool {
    let mut set: ParameterSet = study.parameters.clone();
    let changed = set.insert(name, Parameter { unit: NO_UNIT.into(), ..card.clone() });
    changed.is_ok() && columns(study, &Draw::central(&set)).is_err()
}

fn columns(study: &PermeationStudy, draw: &Draw) -> Result<(), RunError> {
    let skin = MemberSkin::new(study, draw, &mut stream(0, CENTRAL, 0, Purpose::Punctures))?;
    skin.uptake(draw)?;
    Ok(())
}
