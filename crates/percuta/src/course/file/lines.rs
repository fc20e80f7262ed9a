//! The explanation of wrinkles that a course file chooses.

use super::format::{Explained, LinesFile};
use crate::appearance::Explanation;
use crate::course::text::{Fault, Overrides};
use crate::population::{Distribution, Kind, Parameter, ParameterSet};

const CARD: &str = "lines.explanation";

/// Fixes the card that chooses, unless both explanations are to be followed.
pub(super) fn explain(file: &LinesFile, own: &Overrides, set: &mut ParameterSet, faults: &mut Vec<Fault>) {
    let chosen = match file.explanation.get_ref() {
        Explained::Both => return,
        Explained::Epidermal => Explanation::Epidermal,
        Explained::Papillary => Explanation::Papillary,
    };
    let twice = own.iter().any(|(group, cards)| cards.keys().any(|key| format!("{}.{}", group.get_ref(), key.get_ref()) == CARD));
    if twice {
        faults.push(
            Fault::new(file.explanation.span(), "the explanation of lines is chosen twice")
                .expected(format!("either `explanation` of `[lines]` or `{CARD}` among the parameters")),
        );
    }
    let Ok(old) = set.card(CARD).cloned() else { return };
    let card = Parameter {
        value: chosen.card(),
        distribution: Distribution::Fixed,
        kind: Kind::Setting,
        source: "Set by the user's file".into(),
        id: None,
        note: Some(format!("Instead of both ({}).", old.source.trim_end_matches('.'))),
        ..old
    };
    if let Err(e) = set.insert(CARD, card) {
        faults.push(Fault::new(file.explanation.span(), e.to_string()));
    }
}
