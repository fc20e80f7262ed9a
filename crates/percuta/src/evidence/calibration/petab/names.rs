//! What identifiers in the tables stand for.

use crate::evidence::Scale;
use crate::evidence::observable::{of_a_course, of_permeation};

/// PEtab's identifiers are letters, digits and underscores, and begin with no digit.
#[must_use]
pub fn id(text: &str) -> String {
    let id: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    if id.starts_with(|c: char| c.is_ascii_digit()) { format!("_{id}") } else { id }
}

/// Identifier of an arm of a study.
#[must_use]
pub fn condition_id(study: &str, group: Option<&str>) -> String {
    id(&format!("{study}_{}", group.unwrap_or("protocol")))
}

/// How the error of a measurement is expressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// In the unit of the measurement.
    Linear,
    /// In the natural logarithm of the measurement.
    Logarithm,
    /// In the common logarithm of the measurement.
    Decades,
}

impl Noise {
    /// As the column `observableTransformation` spells it.
    #[must_use]
    pub fn transformation(self) -> &'static str {
        match self {
            Self::Linear => "lin",
            Self::Logarithm => "log",
            Self::Decades => "log10",
        }
    }

    /// Standard error in the unit of the measurement.
    #[must_use]
    pub fn error(self, noise: f64, measurement: f64) -> f64 {
        match self {
            Self::Linear => noise,
            Self::Logarithm => noise * measurement.abs(),
            Self::Decades => noise * std::f64::consts::LN_10 * measurement.abs(),
        }
    }
}

/// How the error of a published number is written: that of values above zero is a factor.
#[must_use]
pub fn noise(scale: Scale, published: f64) -> Noise {
    if scale == Scale::Value && published > 0.0 { Noise::Logarithm } else { Noise::Linear }
}

/// Endings of observables. A value of zero has no logarithm and is an observable of its own.
const ENDINGS: [(&str, Scale, bool); 4] = [
    ("_value_lin", Scale::Value, true),
    ("_value", Scale::Value, false),
    ("_difference", Scale::Difference, false),
    ("_change", Scale::PercentChange, false),
];

/// Identifier of a read-out on a scale: `tewl_change`.
#[must_use]
pub fn observable_id(readout: &str, scale: Scale, published: f64) -> String {
    let zero = scale == Scale::Value && noise(scale, published) == Noise::Linear;
    let ending = ENDINGS.iter().find(|e| e.1 == scale && e.2 == zero).map_or("", |e| e.0);
    id(&format!("{readout}{ending}"))
}

/// The read-out and the scale that an identifier of an observable stands for.
pub(super) fn observable_of(text: &str) -> Option<(&'static str, Scale)> {
    let (stem, scale) = ENDINGS.iter().find_map(|(ending, scale, _)| Some((text.strip_suffix(ending)?, *scale)))?;
    let key = of_a_course().chain(of_permeation()).map(|o| o.key).find(|key| id(key) == stem)?;
    Some((key, scale))
}

/// Identifiers of all observables, for suggestions.
pub(super) fn observables() -> Vec<String> {
    let keys = || of_a_course().chain(of_permeation()).map(|o| o.key);
    keys().flat_map(|key| ENDINGS.iter().map(move |(ending, ..)| id(&format!("{key}{ending}")))).collect()
}
