//! One member's optical constants, and the reflectance of skin by wavelength.

use std::f64::consts::LN_10;

use super::LightError;
use super::indices::NarrowBand;
use super::spectrum::{Spectrum, VISIBLE_NM};
use super::tables::{HAEMOGLOBIN, WATER};
use super::tissue::{LAYERS, LitTissue};
use super::transfer::{Indices, LayerSpectrum, Reflectance, Slab, Transfer};
use crate::population::{Draw, ParameterError};
use crate::skin::Layers;

/// Angles of the solver: within 0.0003 of the limit in skin.
const ANGLES: usize = 8;
/// The wavelength to which the laws of scattering and of melanosomes refer, nm.
const REFERENCE_NM: f64 = 500.0;

/// What absorbs and scatters in the skin of one member.
#[derive(Debug, Clone)]
pub struct Optics {
    transfer: Transfer,
    specular: f64,
    anisotropy: [f64; 2],
    melanosome: PowerLaw,
    baseline: Baseline,
    epidermis: Scattering,
    dermis: Scattering,
    subcutis: PowerLaw,
    water: [f64; 2],
    /// mol/L of haemoglobin in blood.
    haemoglobin: f64,
    vessel_radius_um: [f64; 2],
    resting: Resting,
    colour_tolerance: f64,
    bands: NarrowBand,
}

/// What a skin at rest holds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Resting {
    blood_fraction: f64,
    papillary_blood: f64,
    oxygenation: f64,
    scattering_factor: f64,
    basal_share: f64,
    basal_melanin: f64,
    corneum_melanin: f64,
}

/// A value at the reference wavelength that falls with a power of wavelength, 1/mm.
#[derive(Debug, Clone, Copy, PartialEq)]
struct PowerLaw {
    at_reference: f64,
    exponent: f64,
}

/// Absorption without melanin, blood and water.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Baseline {
    constant: f64,
    scale: f64,
    origin_nm: f64,
    decay_nm: f64,
}

/// Reduced scattering of Rayleigh's and of Mie's kind.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scattering {
    at_reference: f64,
    rayleigh: f64,
    mie: f64,
}

impl Optics {
    /// Reads the cards `optics.*`.
    ///
    /// # Errors
    /// If a card is missing, in another unit, or a refractive index that no matter has.
    pub fn from_draw(draw: &Draw) -> Result<Self, LightError> {
        let optics = draw.group("optics");
        let index = optics.get("refractive_index", "1")?;
        let transfer = Transfer::new(ANGLES, Indices::new(index, 1.0, index))?;
        let share = optics.get("baseline_share", "1")?;
        Ok(Self {
            specular: ((index - 1.0) / (index + 1.0)).powi(2),
            transfer,
            anisotropy: [optics.get("anisotropy_constant", "1")?, optics.get("anisotropy_slope", "1/nm")?],
            melanosome: PowerLaw {
                at_reference: optics.get("melanosome_absorption", "1/mm")?,
                exponent: optics.get("melanosome_exponent", "1")?,
            },
            baseline: Baseline {
                constant: share * optics.get("baseline_constant", "1/mm")?,
                scale: share * optics.get("baseline_scale", "1/mm")?,
                origin_nm: optics.get("baseline_origin", "nm")?,
                decay_nm: optics.get("baseline_decay", "nm")?,
            },
            epidermis: Scattering {
                at_reference: optics.get("epidermis_scattering", "1/mm")?,
                rayleigh: optics.get("epidermis_rayleigh", "1")?,
                mie: optics.get("epidermis_mie", "1")?,
            },
            dermis: Scattering {
                at_reference: optics.get("dermis_scattering", "1/mm")?,
                rayleigh: optics.get("dermis_rayleigh", "1")?,
                mie: optics.get("dermis_mie", "1")?,
            },
            subcutis: PowerLaw { at_reference: optics.get("subcutis_scattering", "1/mm")?, exponent: optics.get("subcutis_mie", "1")? },
            water: [optics.get("dermis_water", "1")?, optics.get("subcutis_water", "1")?],
            haemoglobin: optics.get("blood_haemoglobin", "g/L")? / optics.get("haemoglobin_mass", "g/mol")?,
            vessel_radius_um: [optics.get("papillary_vessel_radius", "um")?, optics.get("reticular_vessel_radius", "um")?],
            resting: Resting::from_draw(draw)?,
            colour_tolerance: optics.get("colour_tolerance", "1")?,
            bands: NarrowBand::from_draw(draw)?,
        })
    }

    /// Skin at rest with these layers and this volume fraction of melanosomes in its viable epidermis.
    #[must_use]
    pub fn resting(&self, layers: &Layers, melanosome_fraction: f64) -> LitTissue {
        let r = &self.resting;
        let upper = melanosome_fraction / (1.0 + r.basal_share * (r.basal_melanin - 1.0));
        let reticular_dermis_um = layers.dermis_um - layers.papillary_dermis_um;
        let reticular = r.blood_fraction * layers.dermis_um / (r.papillary_blood * layers.papillary_dermis_um + reticular_dermis_um);
        LitTissue {
            stratum_corneum_um: layers.stratum_corneum_um,
            upper_epidermis_um: (1.0 - r.basal_share) * layers.viable_epidermis_um,
            basal_epidermis_um: r.basal_share * layers.viable_epidermis_um,
            papillary_dermis_um: layers.papillary_dermis_um,
            reticular_dermis_um,
            melanosome_fraction: [r.corneum_melanin * melanosome_fraction, upper, r.basal_melanin * upper],
            dermal_melanosome_fraction: 0.0,
            blood_fraction: [r.papillary_blood * reticular, reticular],
            oxygenation: r.oxygenation,
            scattering_factor: r.scattering_factor,
        }
    }

    /// Reflectance from 380 to 780 nm every 5 nm, all that comes back of light that falls on the skin (8 degrees or normal incidence and
    /// an integrating sphere, or the reverse), with what the surface reflects like a mirror.
    ///
    /// # Errors
    /// If the tissue is none, or a constant has left the range of the solver.
    pub fn spectrum(&self, tissue: &LitTissue) -> Result<Spectrum, LightError> {
        let wavelength_nm = VISIBLE_NM.to_vec();
        let reflectance = self.reflectances(tissue, &wavelength_nm)?;
        Ok(Spectrum { wavelength_nm, reflectance })
    }

    /// The same at any wavelengths from 360 to 900 nm.
    ///
    /// # Errors
    /// As for the spectrum, and outside these wavelengths.
    pub fn reflectances(&self, tissue: &LitTissue, wavelengths_nm: &[f64]) -> Result<Vec<f64>, LightError> {
        tissue.check()?;
        if let Some(&found) = wavelengths_nm.iter().find(|nm| !(360.0..=900.0).contains(*nm)) {
            return Err(LightError::Wavelength { found });
        }
        let slabs: Vec<[Slab; LAYERS]> = wavelengths_nm.iter().map(|&nm| self.slabs(tissue, nm)).collect();
        let values = |of: fn(&Slab) -> f64| -> [Vec<f64>; LAYERS] { std::array::from_fn(|k| slabs.iter().map(|s| of(&s[k])).collect()) };
        let (absorption, scattering) = (values(|s| s.absorption_per_mm), values(|s| s.scattering_per_mm));
        let anisotropy: Vec<f64> = slabs.iter().map(|s| s[0].anisotropy).collect();
        let thicknesses = tissue.thicknesses_um();
        let layers: [LayerSpectrum<'_>; LAYERS] = std::array::from_fn(|k| LayerSpectrum {
            thickness_um: thicknesses[k],
            absorption_per_mm: &absorption[k],
            scattering_per_mm: &scattering[k],
            anisotropy: &anisotropy,
        });
        let mut out = vec![Reflectance::default(); wavelengths_nm.len()];
        self.transfer.reflectances(&layers, &mut out)?;
        Ok(out.iter().map(|r| r.normal).collect())
    }

    /// Share of light at right angles that the surface reflects like a mirror, part of every reflectance.
    #[must_use]
    pub fn specular(&self) -> f64 {
        self.specular
    }

    /// The narrow bands of a reflectance meter.
    #[must_use]
    pub fn narrow_band(&self) -> NarrowBand {
        self.bands
    }

    /// Largest difference (CIEDE2000) from the nearest colour that melanin and blood give, at which a colour still counts as skin.
    #[must_use]
    pub fn colour_tolerance(&self) -> f64 {
        self.colour_tolerance
    }

    /// Reduced scattering coefficient of the dermis at 500 nm, 1/mm, in a tissue of this factor.
    #[must_use]
    pub fn dermis_scattering_per_mm(&self, scattering_factor: f64) -> f64 {
        scattering_factor * self.dermis.at_reference
    }

    /// Transport mean free path in the papillary dermis at a wavelength, µm.
    #[must_use]
    pub fn free_path_um(&self, tissue: &LitTissue, wavelength_nm: f64) -> f64 {
        let [.., papillary, _, _] = self.slabs(tissue, wavelength_nm);
        1000.0 / (papillary.absorption_per_mm + papillary.scattering_per_mm * (1.0 - papillary.anisotropy))
    }

    /// The layers at one wavelength: stratum corneum, upper and basal epidermis, papillary and reticular dermis, subcutis.
    fn slabs(&self, tissue: &LitTissue, wavelength_nm: f64) -> [Slab; LAYERS] {
        let nm = wavelength_nm;
        let anisotropy = self.anisotropy[0] + self.anisotropy[1] * nm;
        let (melanosome, baseline) = (self.melanosome.at(nm), self.baseline.at(nm));
        // 1/mm of 1/cm.
        let water = 0.1 * WATER.absorption(nm);
        let epidermis = |melanin: f64| melanin * melanosome + (1.0 - melanin).max(0.0) * baseline;
        let blood = self.blood(tissue.oxygenation, nm);
        let dermis = |i: usize, melanin: f64| {
            let fraction = tissue.blood_fraction[i];
            fraction * shaded(blood, self.vessel_radius_um[i])
                + (1.0 - fraction) * (baseline + self.water[0] * water)
                + melanin * melanosome
        };
        let factor = tissue.scattering_factor / (1.0 - anisotropy);
        let (outer, inner) = (factor * self.epidermis.at(nm), factor * self.dermis.at(nm));
        let [corneum, upper, basal] = tissue.melanosome_fraction;
        let subcutis = self.subcutis.at(nm) / (1.0 - anisotropy);
        let layers = [
            (epidermis(corneum), outer),
            (epidermis(upper), outer),
            (epidermis(basal), outer),
            (dermis(0, tissue.dermal_melanosome_fraction), inner),
            (dermis(1, 0.0), inner),
            (baseline + self.water[1] * water, subcutis),
        ];
        let thicknesses = tissue.thicknesses_um();
        std::array::from_fn(|k| {
            let (absorption_per_mm, scattering_per_mm) = layers[k];
            Slab { thickness_um: thicknesses[k], absorption_per_mm, scattering_per_mm, anisotropy }
        })
    }

    /// Absorption of whole blood, 1/mm.
    fn blood(&self, oxygenation: f64, nm: f64) -> f64 {
        let extinction = oxygenation * HAEMOGLOBIN.oxygenated(nm) + (1.0 - oxygenation) * HAEMOGLOBIN.deoxygenated(nm);
        0.1 * LN_10 * extinction * self.haemoglobin
    }
}

/// Mean absorption of blood in vessels: its outer parts shade the inner ones (van Veen et al. 2002 Opt Lett 27:246).
fn shaded(absorption_per_mm: f64, radius_um: f64) -> f64 {
    let optical = 2e-3 * absorption_per_mm * radius_um;
    if optical > 0.0 { absorption_per_mm * -(-optical).exp_m1() / optical } else { absorption_per_mm }
}

impl PowerLaw {
    fn at(&self, nm: f64) -> f64 {
        self.at_reference * (nm / REFERENCE_NM).powf(-self.exponent)
    }
}

impl Baseline {
    fn at(&self, nm: f64) -> f64 {
        self.constant + self.scale * ((self.origin_nm - nm) / self.decay_nm).exp()
    }
}

impl Scattering {
    fn at(&self, nm: f64) -> f64 {
        let relative = nm / REFERENCE_NM;
        self.at_reference * (self.rayleigh * relative.powi(-4) + (1.0 - self.rayleigh) * relative.powf(-self.mie))
    }
}

impl Resting {
    fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let optics = draw.group("optics");
        Ok(Self {
            blood_fraction: optics.get("blood_fraction", "1")?,
            papillary_blood: optics.get("papillary_blood", "1")?,
            oxygenation: optics.get("oxygenation", "1")?,
            scattering_factor: optics.get("scattering_factor", "1")?,
            basal_share: optics.get("basal_share", "1")?,
            basal_melanin: optics.get("basal_melanin", "1")?,
            corneum_melanin: optics.get("corneum_melanin", "1")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::light::test_skin::{cards, forearm};
    use crate::population::draw_members;

    #[test]
    fn melanin_darkens_at_every_wavelength() {
        let (optics, tissue) = forearm(0.03);
        let spectra: Vec<Vec<f64>> =
            [0.2, 0.5, 1.0, 2.0, 5.0, 14.0].iter().map(|m| optics.spectrum(&tissue.scaled(*m, 1.0)).unwrap().reflectance).collect();
        for pair in spectra.windows(2) {
            assert!(pair[0].iter().zip(&pair[1]).all(|(light, dark)| dark < light));
        }
    }

    #[test]
    fn blood_reddens_and_oxygen_takes_darkness_away() {
        for fraction in [0.005, 0.03, 0.15, 0.43] {
            let (optics, tissue) = forearm(fraction);
            let with_blood = [0.2, 0.5, 1.0, 2.0, 4.0, 8.0].map(|b| optics.spectrum(&tissue.scaled(1.0, b)).unwrap().lab());
            assert!(with_blood.is_sorted_by(|a, b| a.l > b.l), "{fraction}: darker");
            // Blood behind the most melanin of all darkens only.
            assert!(fraction > 0.2 || with_blood.is_sorted_by(|a, b| a.a < b.a), "{fraction}: redder");
            let lightness = |oxygenation| optics.spectrum(&LitTissue { oxygenation, ..tissue }).unwrap().lab().l;
            assert!(lightness(0.95) > lightness(0.2), "{fraction}");
        }
    }

    #[test]
    fn resting_skin_holds_what_its_cards_say() {
        for draw in draw_members(&cards(), 3, 8) {
            let optics = Optics::from_draw(&draw).unwrap();
            let tissue = optics.resting(&Layers::from_draw(&draw).unwrap(), 0.07);
            assert!((tissue.mean_melanosome_fraction() - 0.07).abs() < 1e-12);
            assert!((tissue.mean_blood_fraction() - draw.get("optics.blood_fraction", "1").unwrap()).abs() < 1e-12);
            assert!(optics.spectrum(&tissue).unwrap().reflectance.iter().all(|r| (0.0..1.0).contains(r)));
        }
    }

    #[test]
    fn vessels_shade_themselves_as_the_formula_says() {
        assert_eq!(shaded(0.0, 10.0), 0.0);
        assert!((shaded(1.0, 1e-6) - 1.0).abs() < 1e-6);
        // An optical diameter of 1: (1 - 1/e).
        assert!((shaded(10.0, 50.0) - 10.0 * (1.0 - (-1.0f64).exp())).abs() < 1e-9);
    }

    #[test]
    fn the_specular_part_is_in_every_reflectance() {
        let (optics, tissue) = forearm(0.03);
        let black = optics.spectrum(&tissue.scaled(200.0, 1.0)).unwrap();
        assert!(black.reflectance.iter().all(|r| (r - optics.specular()).abs() < 0.01), "{black:?}");
        assert!((optics.specular() - (0.4f64 / 2.4).powi(2)).abs() < 1e-12);
    }

    #[test]
    fn what_is_no_tissue_is_refused() {
        let (optics, tissue) = forearm(0.03);
        let wrong = [
            LitTissue { oxygenation: 1.2, ..tissue },
            LitTissue { stratum_corneum_um: f64::NAN, ..tissue },
            LitTissue { blood_fraction: [-0.1, 0.1], ..tissue },
            LitTissue { melanosome_fraction: [0.0, f64::INFINITY, 0.0], ..tissue },
            LitTissue { scattering_factor: f64::NAN, ..tissue },
        ];
        for tissue in wrong {
            let error = optics.spectrum(&tissue).unwrap_err();
            assert!(matches!(error, LightError::Tissue { .. }) && error.to_string().contains("for example"), "{error}");
        }
        assert_eq!(optics.reflectances(&tissue, &[500.0, 1200.0]), Err(LightError::Wavelength { found: 1200.0 }));
        let metal = cards();
        let draw = Draw::central(&metal).with("optics.refractive_index", 4.0).unwrap();
        assert!(matches!(Optics::from_draw(&draw), Err(LightError::Transfer(_))));
    }
}
