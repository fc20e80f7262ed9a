//! Skin as light meets it.

use super::LightError;

/// Layers from the stratum corneum to the subcutis.
pub(super) const LAYERS: usize = 6;

/// Layers of skin and what colours them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LitTissue {
    /// Stratum corneum, µm.
    pub stratum_corneum_um: f64,
    /// Viable epidermis above its basal part, µm.
    pub upper_epidermis_um: f64,
    /// Basal part of the viable epidermis, µm.
    pub basal_epidermis_um: f64,
    /// Papillary dermis, µm.
    pub papillary_dermis_um: f64,
    /// Reticular dermis, µm; below it the subcutis has no end.
    pub reticular_dermis_um: f64,
    /// Volume fraction of melanosomes in the stratum corneum, above the basal part, and in it. More than 1 means melanosomes darker than
    /// those of the cards.
    pub melanosome_fraction: [f64; 3],
    /// Volume fraction of melanosomes, or of melanin in macrophages as dark, in the papillary dermis.
    pub dermal_melanosome_fraction: f64,
    /// Volume fraction of blood in the papillary and in the reticular dermis.
    pub blood_fraction: [f64; 2],
    /// Share of the haemoglobin that carries oxygen.
    pub oxygenation: f64,
    /// Factor on the scattering of epidermis and dermis.
    pub scattering_factor: f64,
}

impl LitTissue {
    /// Volume fraction of melanosomes in the viable epidermis as a whole, the measure of tone.
    #[must_use]
    pub fn mean_melanosome_fraction(&self) -> f64 {
        let [_, upper, basal] = self.melanosome_fraction;
        let (u, b) = (self.upper_epidermis_um, self.basal_epidermis_um);
        (u * upper + b * basal) / (u + b)
    }

    /// Volume fraction of blood in the dermis as a whole.
    #[must_use]
    pub fn mean_blood_fraction(&self) -> f64 {
        let [papillary, reticular] = self.blood_fraction;
        let (p, r) = (self.papillary_dermis_um, self.reticular_dermis_um);
        (p * papillary + r * reticular) / (p + r)
    }

    /// The same with all epidermal melanin times one factor and all blood times another.
    #[must_use]
    pub fn scaled(mut self, melanin: f64, blood: f64) -> Self {
        self.melanosome_fraction = self.melanosome_fraction.map(|f| f * melanin);
        self.blood_fraction = self.blood_fraction.map(|f| f * blood);
        self
    }

    /// Stratum corneum, upper and basal epidermis, papillary and reticular dermis, subcutis.
    pub(super) fn thicknesses_um(&self) -> [f64; LAYERS] {
        [
            self.stratum_corneum_um,
            self.upper_epidermis_um,
            self.basal_epidermis_um,
            self.papillary_dermis_um,
            self.reticular_dermis_um,
            f64::INFINITY,
        ]
    }

    pub(super) fn check(&self) -> Result<(), LightError> {
        let wrong = |what, found, expected| Err(LightError::Tissue { what, found, expected });
        let all = [
            ("stratum_corneum_um", self.stratum_corneum_um),
            ("upper_epidermis_um", self.upper_epidermis_um),
            ("basal_epidermis_um", self.basal_epidermis_um),
            ("papillary_dermis_um", self.papillary_dermis_um),
            ("reticular_dermis_um", self.reticular_dermis_um),
        ];
        for (what, found) in all {
            if !(found.is_finite() && found >= 0.0) {
                return wrong(what, found, "0 or more, for example 15");
            }
        }
        let [corneum, upper, basal] = self.melanosome_fraction;
        for found in [corneum, upper, basal, self.dermal_melanosome_fraction] {
            if !(0.0..=10.0).contains(&found) {
                return wrong("melanosome fraction", found, "0 or more, for example 0.03");
            }
        }
        for found in self.blood_fraction {
            if !(0.0..=1.0).contains(&found) {
                return wrong("blood fraction", found, "0 to 1, for example 0.01");
            }
        }
        if !(0.0..=1.0).contains(&self.oxygenation) {
            return wrong("oxygenation", self.oxygenation, "0 to 1, for example 0.6");
        }
        if !(0.0..=100.0).contains(&self.scattering_factor) {
            return wrong("scattering_factor", self.scattering_factor, "0 or more, for example 1");
        }
        Ok(())
    }
}
