//! Relations between a molecule and its permeability through intact human skin.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Permeant;
use super::brick::BrickWall;
use crate::population::{Draw, Group, ParameterError};

const SECONDS_PER_HOUR: f64 = 3600.0;
/// J/K and J/(mol K).
const BOLTZMANN: f64 = 1.380_649e-23;
const GAS: f64 = 8.314_462_618;
const ZERO_CELSIUS_K: f64 = 273.15;

/// A published relation for the permeability of intact human skin to an uncharged solute in water.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Linear in log Kow and weight, Potts & Guy 1992.
    PottsGuy,
    /// The same form with the coefficients of Wilschut et al. 1995.
    Wilschut,
    /// Partition into lipid and free-volume diffusion there, Mitragotri 2002.
    Mitragotri,
    /// Bricks and mortar with the partition and diffusion of Wang et al. 2010 and Chen et al. 2015.
    Surrey,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 4] = [Self::PottsGuy, Self::Wilschut, Self::Mitragotri, Self::Surrey];

    /// Authors and year.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::PottsGuy => "Potts-Guy 1992",
            Self::Wilschut => "Wilschut 1995",
            Self::Mitragotri => "Mitragotri 2002",
            Self::Surrey => "Surrey 2010",
        }
    }

    /// Name of the card of true permeability over that of the relation.
    #[must_use]
    pub fn residual(self) -> &'static str {
        match self {
            Self::PottsGuy => "absorption.residual_potts_guy",
            Self::Wilschut => "absorption.residual_wilschut",
            Self::Mitragotri => "absorption.residual_mitragotri",
            Self::Surrey => "absorption.residual_surrey",
        }
    }

    /// Permeability of intact skin to the uncharged form from water, without the residual and the aqueous limit, cm/h.
    ///
    /// # Errors
    /// If a card of group `absorption` is missing or in another unit.
    pub fn kp_cm_per_h(self, permeant: &Permeant, draw: &Draw) -> Result<f64, ParameterError> {
        let g = draw.group("absorption");
        let (mw, log_kow) = (permeant.mw_da, permeant.log_kow);
        Ok(match self {
            Self::PottsGuy => {
                let log = g.get("potts_guy_intercept", "log10(cm/s)")?
                    + g.get("potts_guy_kow", "1")? * log_kow
                    + g.get("potts_guy_mw", "1/Da")? * mw;
                10f64.powf(log) * SECONDS_PER_HOUR
            }
            Self::Wilschut => {
                let log = g.get("wilschut_intercept", "log10(cm/h)")?
                    + g.get("wilschut_kow", "1")? * log_kow
                    + g.get("wilschut_mw", "1/Da")? * mw;
                10f64.powf(log)
            }
            Self::Mitragotri => {
                let r = radius_angstrom(mw, g)?;
                g.get("mitragotri_prefactor", "cm/s")?
                    * 10f64.powf(g.get("mitragotri_kow", "1")? * log_kow)
                    * (-g.get("mitragotri_radius", "1/A2")? * r * r).exp()
                    * SECONDS_PER_HOUR
            }
            Self::Surrey => surrey_cm_per_s(mw, log_kow, g)? * SECONDS_PER_HOUR,
        })
    }
}

/// Permeability of the stratum corneum with the aqueous layer below it in series (Cleek & Bunge 1993), cm/h.
///
/// # Errors
/// If a card of group `absorption` is missing or in another unit.
pub fn cleek_bunge(kp_sc_cm_per_h: f64, mw_da: f64, draw: &Draw) -> Result<f64, ParameterError> {
    let aqueous = draw.group("absorption").get("cleek_bunge", "cm/h*Da^0.5")?;
    Ok(kp_sc_cm_per_h / (1.0 + kp_sc_cm_per_h * mw_da.sqrt() / aqueous))
}

/// Permeability of intact skin at a skin temperature over that at the temperature to which the relations refer.
///
/// # Errors
/// If a card of group `absorption` is missing or in another unit.
pub fn temperature_factor(celsius: f64, draw: &Draw) -> Result<f64, ParameterError> {
    let g = draw.group("absorption");
    let kelvin = |c: f64| c + ZERO_CELSIUS_K;
    let reference = kelvin(g.get("reference_temperature", "degC")?);
    let energy = 1000.0 * g.get("activation_energy", "kJ/mol")?;
    Ok((energy / GAS * (1.0 / reference - 1.0 / kelvin(celsius))).exp())
}

/// Radius of a sphere of the molecule's volume, Å.
pub(super) fn radius_angstrom(mw: f64, g: Group<'_>) -> Result<f64, ParameterError> {
    let volume = g.get("solute_volume", "A3/Da")? * mw;
    Ok((3.0 * volume / (4.0 * std::f64::consts::PI)).cbrt())
}

/// Permeability of a wall of corneocytes in lipid, cm/s.
fn surrey_cm_per_s(mw: f64, log_kow: f64, g: Group<'_>) -> Result<f64, ParameterError> {
    let wall = BrickWall {
        brick_width_um: g.get("surrey_brick_width", "um")?,
        brick_height_um: g.get("surrey_brick_height", "um")?,
        mortar_height_um: g.get("surrey_lipid_height", "um")?,
        mortar_width_um: g.get("surrey_lipid_width", "um")?,
        offset_ratio: g.get("surrey_offset_ratio", "1")?,
        rows: g.get("surrey_rows", "1")?,
    };
    let r = radius_angstrom(mw, g)?;
    let kow = |exponent: f64| 10f64.powf(exponent * log_kow);
    // Densities in g/cm³, so that those relative to water are the numbers themselves.
    let (lipid_density, keratin_density) = (g.get("surrey_lipid_density", "g/cm3")?, g.get("surrey_keratin_density", "g/cm3")?);

    let lipid_diffusion = if mw <= g.get("surrey_lipid_mw_limit", "Da")? {
        g.get("surrey_lipid_diffusion", "cm2/s")? * (-g.get("surrey_lipid_radius", "1/A2")? * r * r).exp()
    } else {
        g.get("surrey_lipid_diffusion_large", "cm2/s")?
    };
    let lipid = lipid_diffusion * lipid_density * kow(g.get("surrey_lipid_kow", "1")?);

    // Share of a corneocyte's volume that is water: its keratin is what the whole's mass leaves.
    let (water_mass, lipid_mass) = (g.get("surrey_water_mass", "1")?, g.get("surrey_lipid_mass", "1")?);
    let keratin_volume = (1.0 - water_mass) * (1.0 - lipid_mass) / keratin_density;
    let volume = keratin_volume + (1.0 - water_mass) * lipid_mass / lipid_density + water_mass;
    let bricks = wall.brick_width_um * wall.brick_height_um;
    let mortar = wall.mortar_height_um * (wall.brick_width_um + wall.mortar_width_um) + wall.brick_height_um * wall.mortar_width_um;
    let fibres = keratin_volume / volume * (bricks + mortar) / bricks;

    let in_water =
        1e4 * BOLTZMANN * g.get("surrey_temperature", "K")? / (6.0 * std::f64::consts::PI * g.get("water_viscosity", "Pa*s")? * r * 1e-10);
    let fibre_radius = g.get("surrey_fibre_radius", "A")?;
    let crowding = fibres * ((r + fibre_radius) / fibre_radius).powi(2);
    let permeability = g.get("surrey_beta", "1")? * fibre_radius * fibre_radius * fibres.powf(g.get("surrey_gamma", "1")?);
    let corneocyte_diffusion = in_water * (-g.get("surrey_alpha", "1")? * crowding.powf(g.get("surrey_lambda", "1")?)).exp()
        / (1.0 + r / permeability.sqrt() + r * r / (3.0 * permeability));
    let binding = keratin_density * g.get("surrey_keratin_partition", "1")? * kow(g.get("surrey_keratin_kow", "1")?);
    let corneocyte = corneocyte_diffusion * (fibres * binding + 1.0 - fibres);

    Ok(wall.permeability_cm_per_s(corneocyte, lipid))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::ParameterSet;

    fn draw() -> Draw {
        Draw::central(&ParameterSet::embedded().unwrap())
    }

    fn permeant(mw_da: f64, log_kow: f64) -> Permeant {
        let mut p = Permeant::find("water").unwrap();
        (p.mw_da, p.log_kow) = (mw_da, log_kow);
        p
    }

    fn log_cm_s(relation: Relation, mw: f64, kow: f64) -> f64 {
        (relation.kp_cm_per_h(&permeant(mw, kow), &draw()).unwrap() / 3600.0).log10()
    }

    #[test]
    fn worked_values_of_the_closed_relations() {
        // By hand: -2.19 + 0.781 x 2 - 0.01115 x 200 = -2.858 in cm/h; r³ = 3 x 0.9087 x 200 / 4π gives 3.513 Å.
        assert!((log_cm_s(Relation::PottsGuy, 200.0, 2.0) + 6.1).abs() < 1e-9);
        assert!((log_cm_s(Relation::Wilschut, 200.0, 2.0) - (-2.858 - 3600f64.log10())).abs() < 1e-9);
        let by_hand = 5.6e-6f64.log10() + 1.4 - 0.46 * 3.5137f64.powi(2) / std::f64::consts::LN_10;
        assert!((log_cm_s(Relation::Mitragotri, 200.0, 2.0) - by_hand).abs() < 1e-3);
    }

    #[test]
    fn surrey_meets_the_permeabilities_it_was_fitted_to() {
        // Weight, log Kow and log10 Kp in cm/s of the eight solutes its authors fit alpha and beta to.
        let fitted = [
            (182.2, -3.01, -8.16),
            (18.0, -1.38, -6.32),
            (32.0, -0.77, -6.56),
            (362.5, 1.61, -7.48),
            (102.2, 2.03, -5.11),
            (144.2, 3.05, -5.16),
            (206.3, 3.97, -5.0),
            (158.3, 4.57, -4.3),
        ];
        let misses: Vec<f64> = fitted.iter().map(|(mw, kow, kp)| log_cm_s(Relation::Surrey, *mw, *kow) - kp).collect();
        let rms = (misses.iter().map(|e| e * e).sum::<f64>() / 8.0).sqrt();
        assert!(rms < 0.5, "{rms}: {misses:?}");
    }

    #[test]
    fn every_relation_rises_with_lipophilicity_and_falls_with_weight() {
        for relation in Relation::ALL {
            for i in -30..60 {
                let kow = f64::from(i) * 0.1;
                assert!(log_cm_s(relation, 200.0, kow + 0.1) > log_cm_s(relation, 200.0, kow), "{relation:?} {kow}");
            }
            for mw in [20.0, 100.0, 300.0, 379.0] {
                assert!(log_cm_s(relation, mw, 2.0) > log_cm_s(relation, mw + 20.0, 2.0), "{relation:?} {mw}");
            }
            assert!(relation.kp_cm_per_h(&permeant(1e7, -10.0), &draw()).unwrap() >= 0.0);
            assert!(relation.kp_cm_per_h(&permeant(1.0, 12.0), &draw()).unwrap().is_finite());
            draw().get(relation.residual(), "1").unwrap();
        }
    }

    #[test]
    fn the_aqueous_layer_limits_what_is_lipophilic_only() {
        assert!((cleek_bunge(1e9, 100.0, &draw()).unwrap() / 0.26 - 1.0).abs() < 1e-6);
        assert!((cleek_bunge(1e-6, 100.0, &draw()).unwrap() / 1e-6 - 1.0).abs() < 1e-5);
    }

    #[test]
    fn warmer_skin_passes_more() {
        let factor = |c| temperature_factor(c, &draw()).unwrap();
        assert!((factor(32.0) - 1.0).abs() < 1e-12);
        assert!((1.9..2.1).contains(&factor(42.0)), "{}", factor(42.0));
        assert!(factor(22.0) < 0.55);
    }
}
