//! Relations between structure and the permeability of intact stratum corneum.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A published relation for the permeability of intact skin to the neutral form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Potts & Guy 1992.
    PottsGuy,
    /// Wilschut et al. 1995.
    Wilschut,
    /// Mitragotri 2002.
    Mitragotri,
    /// Brick and mortar: Chen et al. 2015.
    Surrey,
}
