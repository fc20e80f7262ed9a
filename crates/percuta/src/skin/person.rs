//! The treated person.

use serde::{Deserialize, Serialize};

use super::{Lab, Tone};

/// Biological sex, as the thickness tables distinguish it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Age, sex and skin tone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Person {
    /// Age in years.
    pub age_years: f64,
    /// Sex.
    pub sex: Sex,
    /// Constitutive skin tone.
    pub tone: Tone,
    /// Measured colour of the untreated skin; without one it follows from the tone.
    pub colour: Option<Lab>,
}
