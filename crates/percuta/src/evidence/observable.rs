//! What a study can observe and the model can lay beside it.

use serde::{Deserialize, Serialize};

use crate::course::permeation::{RATIOS, REPORTED};
use crate::course::{READOUTS, Readout};

/// The part of the question that an observable belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Domain {
    /// Where and how deep needles go.
    Device,
    /// Collagen, elastin, epidermis and how they are measured.
    Collagen,
    /// Lines and wrinkles.
    Lines,
    /// Scars.
    Scars,
    /// Pigment and colour.
    Tone,
    /// What topical products gain.
    Absorption,
    /// Downtime and risk.
    Safety,
}

impl Domain {
    /// Every domain, in the order of reports.
    pub const ALL: [Self; 7] = [Self::Device, Self::Collagen, Self::Lines, Self::Scars, Self::Tone, Self::Absorption, Self::Safety];

    /// As the keys of parameters and files spell it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Collagen => "collagen",
            Self::Lines => "lines",
            Self::Scars => "scars",
            Self::Tone => "tone",
            Self::Absorption => "absorption",
            Self::Safety => "safety",
        }
    }

    /// As reports print it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Device => "Device",
            Self::Collagen => "Collagen",
            Self::Lines => "Lines",
            Self::Scars => "Scars",
            Self::Tone => "Tone",
            Self::Absorption => "Absorption",
            Self::Safety => "Downtime and risk",
        }
    }
}

/// A quantity that a study can observe and the model predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Observable {
    /// Key in records.
    pub key: &'static str,
    /// Name in reports.
    pub name: &'static str,
    /// Unit of its value.
    pub unit: &'static str,
    /// Where it belongs.
    pub domain: Domain,
}

/// Observables of a course beside its read-outs over time: properties of one session.
pub const OF_A_SESSION: [Observable; 5] = [
    Observable { key: "puncture_density", name: "Punctures per area", unit: "1/cm²", domain: Domain::Device },
    Observable { key: "puncture_depth", name: "Depth reached", unit: "µm", domain: Domain::Device },
    Observable { key: "erythema_duration", name: "Days of visible redness", unit: "d", domain: Domain::Safety },
    Observable { key: "barrier_recovery", name: "Hours to normal water loss", unit: "h", domain: Domain::Safety },
    Observable { key: "product_lag", name: "Lag time of the product", unit: "min", domain: Domain::Absorption },
];

/// Every observable of a course.
pub fn of_a_course() -> impl Iterator<Item = Observable> {
    READOUTS.iter().map(|r| Observable { key: r.key, name: r.name, unit: r.unit, domain: domain(r) }).chain(OF_A_SESSION)
}

/// Every observable of a permeation study.
pub fn of_permeation() -> impl Iterator<Item = Observable> {
    REPORTED.iter().chain(&RATIOS).map(|&(key, name, unit, _)| Observable { key, name, unit, domain: Domain::Absorption })
}

/// The observable of that key: of a permeation study or of a course.
#[must_use]
pub fn observable(key: &str, permeation: bool) -> Option<Observable> {
    if permeation { of_permeation().find(|o| o.key == key) } else { of_a_course().find(|o| o.key == key) }
}

/// The part of the question that a read-out belongs to, by the parameters that act on it.
#[must_use]
pub fn domain(readout: &Readout) -> Domain {
    let any = |groups: &[&str]| readout.groups.iter().any(|g| groups.contains(g));
    match readout.key {
        "erythema_index" => Domain::Safety,
        _ if any(&["lines"]) => Domain::Lines,
        _ if any(&["scars"]) => Domain::Scars,
        _ if any(&["pigment"]) => Domain::Tone,
        _ if any(&["absorption"]) => Domain::Absorption,
        _ if any(&["healing"]) => Domain::Collagen,
        _ => Domain::Safety,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_unique_and_found() {
        for permeation in [false, true] {
            let all: Vec<Observable> = if permeation { of_permeation().collect() } else { of_a_course().collect() };
            for (i, o) in all.iter().enumerate() {
                assert!(all[..i].iter().all(|other| other.key != o.key), "{}", o.key);
                assert_eq!(observable(o.key, permeation), Some(*o));
            }
        }
        assert_eq!(observable("kp", false), None);
    }

    #[test]
    fn read_outs_lie_where_a_reader_looks_for_them() {
        for (key, expected) in [
            ("collagen_mass", Domain::Collagen),
            ("suction_elasticity", Domain::Collagen),
            ("lemperle_grade", Domain::Lines),
            ("goodman_baron_score", Domain::Scars),
            ("lesion_melanin_excess", Domain::Tone),
            ("lightness", Domain::Tone),
            ("erythema_index", Domain::Safety),
            ("tewl", Domain::Safety),
            ("pih_probability", Domain::Safety),
            ("product_enhancement_ratio", Domain::Absorption),
        ] {
            assert_eq!(observable(key, false).unwrap().domain, expected, "{key}");
        }
    }
}
