//! Thickness of the skin's layers in one member.

use crate::population::{Draw, ParameterError};

/// Layer thicknesses, µm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layers {
    /// Stratum corneum.
    pub stratum_corneum_um: f64,
    /// Viable epidermis.
    pub viable_epidermis_um: f64,
    /// Papillary dermis (part of the dermis).
    pub papillary_dermis_um: f64,
    /// Whole dermis, papillary and reticular.
    pub dermis_um: f64,
}

impl Layers {
    /// Reads `skin.stratum_corneum`, `skin.viable_epidermis`, `skin.papillary_dermis` and `skin.dermis` (all in um);
    /// the site and the person put those cards into the parameter set.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let skin = draw.group("skin");
        let dermis_um = skin.get("dermis", "um")?;
        Ok(Self {
            stratum_corneum_um: skin.get("stratum_corneum", "um")?,
            viable_epidermis_um: skin.get("viable_epidermis", "um")?,
            // In thin skin (eyelid) the papillary layer cannot take more than half of the dermis.
            papillary_dermis_um: skin.get("papillary_dermis", "um")?.min(0.5 * dermis_um),
            dermis_um,
        })
    }

    /// Depth of the dermal-epidermal junction below the surface, µm.
    #[must_use]
    pub fn epidermis_um(&self) -> f64 {
        self.stratum_corneum_um + self.viable_epidermis_um
    }

    /// Depth of the lower border of the dermis below the surface, µm.
    #[must_use]
    pub fn skin_um(&self) -> f64 {
        self.epidermis_um() + self.dermis_um
    }
}
