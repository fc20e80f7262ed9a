//! Names of factors and indices as readers see them.

use percuta::course::sensitivity::{Factor, FactorKind, SensitivityOutcome, VisitSensitivity};
use percuta::population::sensitivity::Index;

use crate::format;

/// Name of a factor.
pub fn name(factor: &Factor) -> String {
    match (factor.kind, factor.parameters) {
        (FactorKind::Parameter, _) => factor.name.clone(),
        (FactorKind::Posterior, n) => format!("posterior ({n} parameters)"),
        (FactorKind::Others, 1) => "the other parameter".into(),
        (FactorKind::Others, n) => format!("the {n} others together"),
        (FactorKind::Chance, _) => "chance (needles' places)".into(),
    }
}

/// An index in per cent with its error: `12.3 ± 1.4`.
pub fn index(i: Index) -> String {
    // Not broken over two lines.
    format!("{}\u{a0}±\u{a0}{}", format::fixed(100.0 * i.value, 1), format::fixed(100.0 * i.error, 1))
}

/// Whether an index can be told from zero.
pub fn told(i: Index) -> bool {
    i.value > i.error && i.value > 0.0
}

/// Numbers of the parameters and the posterior in descending order of their total index, then of chance and of the others together.
pub fn parted(outcome: &SensitivityOutcome, visit: &VisitSensitivity) -> (Vec<usize>, Vec<usize>) {
    visit.ranked().into_iter().partition(|&k| matches!(outcome.factors[k].kind, FactorKind::Parameter | FactorKind::Posterior))
}
