//! Relations between structure and the permeability of intact stratum corneum.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Permeant;
use crate::population::{Draw, ParameterError};

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

impl Relation {
    /// Kp.
    pub fn kp_cm_per_h(self, permeant: &Permeant, draw: &Draw) -> Result<f64, ParameterError> {
        let g = draw.group("absorption");
        let log = g.get("potts_guy_intercept", "log10(cm/s)")?
            + g.get("potts_guy_kow", "1")? * permeant.log_kow
            + g.get("potts_guy_mw", "1/Da")? * permeant.mw_da;
        Ok(10f64.powf(log) * 3600.0)
    }
    /// Card.
    pub fn residual(self) -> &'static str {
        "kp_residual"
    }
}
/// Factor.
pub fn temperature_factor(_c: f64, _draw: &Draw) -> Result<f64, ParameterError> {
    Ok(1.0)
}
/// Factor.
pub fn cleek_bunge(kp: f64, _mw: f64, _draw: &Draw) -> Result<f64, ParameterError> {
    Ok(kp)
}
