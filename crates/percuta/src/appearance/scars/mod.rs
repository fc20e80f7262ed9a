//! Scars: pits and raised ones, what needling makes of their matrix, and what is seen of them.
//!
//! [`geometry`] knows the classes and their solids, [`remodelling`] the balance of matrix that is the same for all of them.

mod geometry;
mod remodelling;
mod series;

pub use geometry::{Scar, ScarClass, ScarShape};
pub use remodelling::Remodelled;
pub use series::{ScarSeries, SingleScarSeries};

use serde::Serialize;

use self::remodelling::Remodelling;
use super::grades::ScarGrades;
use crate::population::{Draw, Group, ParameterError};

/// A single scar that a course lists.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SingleScar {
    /// Class.
    pub class: ScarClass,
    /// Width, µm.
    pub width_um: f64,
    /// Height above the surrounding skin, µm; that of a pit is negative.
    pub relief_um: f64,
    /// Length of a linear scar, µm.
    pub length_um: Option<f64>,
    /// Scars like it.
    pub count: u32,
}

impl SingleScar {
    /// Its geometry; only an ice-pick scar has a tract.
    #[must_use]
    pub fn scar(&self, icepick_tract_um: f64) -> Scar {
        Scar {
            width_um: self.width_um,
            relief_um: self.relief_um,
            tract_um: if self.class == ScarClass::Icepick { icepick_tract_um } else { 0.0 },
            length_um: self.length_um.unwrap_or(0.0),
            shape: self.class.shape(),
        }
    }
}

/// Order of the collagen fibres, 0 at random to 1 parallel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Alignment {
    /// In normal skin.
    pub normal: f64,
    /// In a scar.
    pub scar: f64,
    /// In the matrix that needling lets cells lay.
    pub laid: f64,
}

impl Alignment {
    /// Order in a scar of which a course has laid that share.
    #[must_use]
    pub fn after(&self, laid: f64) -> f64 {
        self.scar + laid * (self.laid - self.scar)
    }

    /// How far an order lies above normal, relative to an untreated scar.
    #[must_use]
    pub fn excess(&self, order: f64) -> f64 {
        ((order - self.normal) / (self.scar - self.normal).max(f64::EPSILON)).max(0.0)
    }
}

/// Scars of one member before treatment and how they follow the tissue.
#[derive(Debug, Clone, PartialEq)]
pub struct Scars {
    /// Ice-pick scar.
    pub icepick: Scar,
    /// Boxcar scar.
    pub boxcar: Scar,
    /// Rolling scar.
    pub rolling: Scar,
    mix: [f64; 3],
    /// The scars that the course lists.
    listed: Vec<(SingleScar, Scar)>,
    /// Hypertrophic scars with their number: those listed, or a typical one.
    raised: Vec<(f64, Scar)>,
    /// Linear scars likewise.
    linear: Vec<(f64, Scar)>,
    remodelling: Remodelling,
    alignment: Alignment,
    visible_step_um: f64,
    depth_spread: f64,
    grades: ScarGrades,
}

impl Scars {
    /// Reads the cards `scars.*` and `grades.*`; `listed` are the single scars of the course.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw, listed: &[SingleScar]) -> Result<Self, ParameterError> {
        let scars = draw.group("scars");
        let tract_um = scars.get("icepick_tract", "um")?;
        let pit = |name: &str, class: ScarClass| typical(&scars, class, &format!("{name}_width"), &format!("{name}_depth"), -1.0);
        let listed: Vec<(SingleScar, Scar)> = listed.iter().map(|single| (*single, single.scar(tract_um))).collect();
        let of_class = |class: ScarClass, or: Scar| {
            let found: Vec<(f64, Scar)> =
                listed.iter().filter(|(s, _)| s.class == class).map(|(s, scar)| (f64::from(s.count), *scar)).collect();
            if found.is_empty() { vec![(1.0, or)] } else { found }
        };
        let hypertrophic = typical(&scars, ScarClass::Hypertrophic, "hypertrophic_width", "hypertrophic_height", 1.0)?;
        let linear = Scar { length_um: scars.get("linear_length", "um")?, ..pit("linear", ScarClass::Linear)? };
        Ok(Self {
            icepick: Scar { tract_um, ..pit("icepick", ScarClass::Icepick)? },
            boxcar: pit("boxcar", ScarClass::Boxcar)?,
            rolling: pit("rolling", ScarClass::Rolling)?,
            mix: [scars.get("mix_icepick", "1")?, scars.get("mix_boxcar", "1")?, scars.get("mix_rolling", "1")?],
            raised: of_class(ScarClass::Hypertrophic, hypertrophic),
            linear: of_class(ScarClass::Linear, linear),
            listed,
            remodelling: Remodelling::from_group(&scars)?,
            alignment: Alignment {
                normal: scars.get("alignment_normal", "1")?,
                scar: scars.get("alignment_scar", "1")?,
                laid: scars.get("alignment_laid", "1")?,
            },
            visible_step_um: scars.get("visible_step", "um")?,
            depth_spread: scars.get("depth_spread", "1")?,
            grades: ScarGrades::from_draw(draw)?,
        })
    }
}

/// A scar of middling size.
fn typical(scars: &Group<'_>, class: ScarClass, width: &str, size: &str, sign: f64) -> Result<Scar, ParameterError> {
    let (width_um, relief_um) = (scars.get(width, "um")?, sign * scars.get(size, "um")?);
    Ok(Scar { width_um, relief_um, tract_um: 0.0, length_um: 0.0, shape: class.shape() })
}

#[cfg(test)]
mod tests;
