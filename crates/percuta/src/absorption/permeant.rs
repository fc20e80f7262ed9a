//! Permeants as data files: `data/permeants/*.toml` and a user's own.

use serde::{Deserialize, Serialize};

/// Which way a group ionises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ionisation {
    /// Loses a proton.
    Acid,
    /// Gains a proton.
    Base,
}

/// A substance that is applied to the skin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permeant {
    /// Name in reports.
    pub name: String,
    /// Molecular weight, Da.
    pub mw_da: f64,
    /// Octanol-water partition coefficient of the neutral form, log10.
    pub log_kow: f64,
    /// pKa of the group that ionises first, if any.
    pub pka: Option<f64>,
    /// Whether that group is an acid or a base.
    pub ionisation: Option<Ionisation>,
    /// Citation of these properties.
    pub source: String,
}
