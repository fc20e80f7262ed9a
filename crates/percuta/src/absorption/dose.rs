//! What is put on the skin, how much of it, when, and when it is taken off.

use serde::Serialize;

/// What the permeant is dissolved in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Vehicle {
    /// Concentration of the permeant, µg/cm³.
    pub concentration_ug_per_cm3: f64,
    /// Most that the vehicle dissolves, µg/cm³: more lies as a solid and keeps the solution saturated.
    pub solubility_ug_per_cm3: Option<f64>,
    /// Concentration in the vehicle over that in water in equilibrium; 1 for an aqueous vehicle.
    pub partition: f64,
    /// pH that a buffered vehicle imposes; the skin's own without.
    pub ph: Option<f64>,
    /// Half-life of the volatile part of the vehicle in the open, h; none if it does not dry.
    pub drying_half_life_h: Option<f64>,
    /// Share of the volume that does not evaporate.
    pub residue: f64,
    /// Half-life of the permeant itself by evaporation in the open, h; none if it is not volatile.
    pub permeant_half_life_h: Option<f64>,
}

impl Vehicle {
    /// A plain solution in water.
    #[must_use]
    pub fn water(concentration_ug_per_cm3: f64) -> Self {
        Self {
            concentration_ug_per_cm3,
            solubility_ug_per_cm3: None,
            partition: 1.0,
            ph: None,
            drying_half_life_h: None,
            residue: 1.0,
            permeant_half_life_h: None,
        }
    }
}

/// How much of a vehicle is put on, when, and when it is taken off.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dosing {
    /// Volume per area of each application, cm (µL/cm² are 1e-3 cm).
    pub layer_cm: f64,
    /// Whether the donor never depletes, as in a study of steady flux.
    pub infinite: bool,
    /// Times of the applications, h, increasing, the first at 0. Each comes on top of what is left of the ones before.
    pub applied_h: Vec<f64>,
    /// Time at which the skin is washed, h.
    pub washed_h: Option<f64>,
    /// Share of what lies on the skin that washing takes away.
    pub washed_share: f64,
    /// Whether the skin is covered from the first application on.
    pub occluded: bool,
    /// Hours between the treatment and the first application, the skin left open.
    pub after_treatment_h: f64,
}

impl Dosing {
    /// One application that stays.
    #[must_use]
    pub fn once(layer_cm: f64) -> Self {
        Self { layer_cm, infinite: false, applied_h: vec![0.0], washed_h: None, washed_share: 1.0, occluded: false, after_treatment_h: 0.0 }
    }

    /// A donor that never depletes, covered as in a diffusion cell.
    #[must_use]
    pub fn infinite() -> Self {
        Self { infinite: true, occluded: true, ..Self::once(1.0) }
    }
}
