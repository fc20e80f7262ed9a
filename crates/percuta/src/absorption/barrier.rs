//! The layers of intact skin as one permeant meets them.

use std::f64::consts::PI;

use super::relation::radius_angstrom;
use super::{Permeant, Relation, cleek_bunge, temperature_factor};
use crate::population::{Draw, ParameterError};
use crate::skin::Layers;

const SECONDS_PER_HOUR: f64 = 3600.0;
/// Boltzmann constant, J/K.
const BOLTZMANN: f64 = 1.380_649e-23;
const KELVIN: f64 = 273.15;

/// One layer of skin for one permeant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layer {
    /// Thickness, cm.
    pub thickness_cm: f64,
    /// Diffusivity of what is in the layer, bound and free together, cm²/h.
    pub diffusivity_cm2_per_h: f64,
    /// Concentration in the layer over that in water in equilibrium.
    pub partition: f64,
    /// Rate at which blood takes up, times the concentration in water in equilibrium, 1/h.
    pub clearance_per_h: f64,
}

impl Layer {
    /// Flux by gradient of the potential (the concentration in water in equilibrium), cm²/h.
    #[must_use]
    pub fn conductivity(&self) -> f64 {
        self.diffusivity_cm2_per_h * self.partition
    }

    /// Steady flux through the layer by difference of potentials, without clearance, cm/h.
    #[must_use]
    pub fn permeability_cm_per_h(&self) -> f64 {
        self.conductivity() / self.thickness_cm
    }
}

/// What lies below the skin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Below {
    /// A receptor that is kept empty.
    Receptor,
    /// Nothing passes: blood has taken what came, or it stays.
    Closed,
}

/// How the barrier is estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Relation for the neutral form.
    pub relation: Relation,
    /// Whether the Cleek-Bunge correction is applied on top.
    pub cleek_bunge: bool,
    /// Measured permeability of intact skin in place of the relation, cm/h.
    pub measured_kp_cm_per_h: Option<f64>,
    /// Temperature of the skin, °C.
    pub temperature_c: f64,
    /// pH at the surface; the skin's own without.
    pub ph: Option<f64>,
}

impl Default for Estimate {
    /// Potts and Guy at 32 °C and the skin's own pH.
    fn default() -> Self {
        Self { relation: Relation::PottsGuy, cleek_bunge: false, measured_kp_cm_per_h: None, temperature_c: 32.0, ph: None }
    }
}

/// Intact skin for one permeant in one member.
#[derive(Debug, Clone, PartialEq)]
pub struct Barrier {
    /// Stratum corneum.
    pub stratum_corneum: Layer,
    /// Viable epidermis.
    pub viable_epidermis: Layer,
    /// Dermis; none in an epidermal membrane.
    pub dermis: Option<Layer>,
    /// What lies below.
    pub below: Below,
    /// Diffusivity in water, which fills channels, cm²/h.
    pub water_cm2_per_h: f64,
}

impl Barrier {
    /// Living skin: blood carries away from the dermis, and nothing passes into the fat below.
    ///
    /// # Errors
    /// If a card of the groups `absorption` or `viable_tissue` is missing or in another unit.
    pub fn living(permeant: &Permeant, layers: &Layers, estimate: &Estimate, draw: &Draw) -> Result<Self, ParameterError> {
        let mut barrier = Self::over_receptor(permeant, layers, estimate, draw)?;
        let clearance = draw.group("viable_tissue").get("clearance", "1/h")?;
        barrier.below = Below::Closed;
        if let Some(dermis) = &mut barrier.dermis {
            dermis.clearance_per_h = clearance;
        }
        Ok(barrier)
    }

    /// Excised skin of these layers over a receptor; a dermis of no thickness is an epidermal membrane.
    ///
    /// # Errors
    /// As [`living`](Self::living).
    pub fn over_receptor(permeant: &Permeant, layers: &Layers, estimate: &Estimate, draw: &Draw) -> Result<Self, ParameterError> {
        let tissue = ViableTissue::from_draw(permeant, draw)?;
        let layer = |thickness_um: f64, ratio: f64| Layer {
            thickness_cm: thickness_um * 1e-4,
            diffusivity_cm2_per_h: ratio * tissue.diffusivity_cm2_per_h / tissue.binding,
            partition: tissue.partition * tissue.binding,
            clearance_per_h: 0.0,
        };
        Ok(Self {
            stratum_corneum: stratum_corneum(permeant, layers.stratum_corneum_um, estimate, draw)?,
            viable_epidermis: layer(layers.viable_epidermis_um, tissue.epidermis_ratio),
            dermis: (layers.dermis_um > 0.0).then(|| layer(layers.dermis_um, 1.0)),
            below: Below::Receptor,
            water_cm2_per_h: water_cm2_per_h(permeant.mw_da, estimate.temperature_c, draw)?,
        })
    }

    /// The layers from outside to inside.
    pub fn layers(&self) -> impl Iterator<Item = &Layer> {
        [&self.stratum_corneum, &self.viable_epidermis].into_iter().chain(&self.dermis)
    }

    /// Thickness of the whole, cm.
    #[must_use]
    pub fn thickness_cm(&self) -> f64 {
        self.layers().map(|l| l.thickness_cm).sum()
    }
}

/// The stratum corneum: two paths side by side, each with a permeability and the velocity D/L that its lag time gives. Their
/// permeabilities add up, and so do their partition coefficients P L/D; as one layer they have the lag time weighted by flux.
/// Relations already hold the thickness of the skin they were measured on.
fn stratum_corneum(permeant: &Permeant, thickness_um: f64, estimate: &Estimate, draw: &Draw) -> Result<Layer, ParameterError> {
    let g = draw.group("absorption");
    let thickness_cm = thickness_um * 1e-4;
    let lighter = polar_mobility(permeant.mw_da, draw)?;
    let paths = intact_kp_cm_per_h(permeant, estimate, draw)?;
    let lipid_velocity = 10f64.powf(g.get("sc_velocity_intercept", "log10(cm/h)")? + g.get("sc_velocity_mw", "1/Da")? * permeant.mw_da);
    let polar_velocity = thickness_cm / (6.0 * g.get("polar_lag", "h")?) * lighter;
    let kp: f64 = paths.iter().sum();
    let partition = paths[0] / lipid_velocity + paths[1] / polar_velocity;
    Ok(Layer { thickness_cm, diffusivity_cm2_per_h: kp / partition * thickness_cm, partition, clearance_per_h: 0.0 })
}

/// Mobility in water-filled paths relative to the substance they are stated for.
fn polar_mobility(mw_da: f64, draw: &Draw) -> Result<f64, ParameterError> {
    let power = draw.group("viable_tissue").get("diffusion_mw", "1")?;
    Ok((mw_da / draw.group("absorption").get("polar_pathway_mw", "Da")?).powf(power))
}

/// Permeability of intact stratum corneum along its lipid path, by the relation for the neutral share and a little for ions, and
/// along its water-filled path; both times the misfit of the relation, cm/h. A measured permeability is shared out in proportion.
fn intact_kp_cm_per_h(permeant: &Permeant, estimate: &Estimate, draw: &Draw) -> Result<[f64; 2], ParameterError> {
    let g = draw.group("absorption");
    let ph = match estimate.ph {
        Some(ph) => ph,
        None => g.get("skin_ph", "pH")?,
    };
    // log D instead of 1 - ionised keeps the small neutral share of strong acids and bases.
    let neutral = 10f64.powf(permeant.log_d(ph) - permeant.log_kow);
    let ions = permeant.ionised_fraction(ph) * g.get("ion_ratio", "1")?;
    let lipid = estimate.relation.kp_cm_per_h(permeant, draw)? * (neutral + ions);
    let polar = g.get("polar_pathway", "cm/h")? * polar_mobility(permeant.mw_da, draw)?;
    let sum = lipid + polar;
    let kp = match estimate.measured_kp_cm_per_h {
        Some(measured) => measured,
        None => {
            let residual = draw.get(estimate.relation.residual(), "1")?;
            let kp = residual * sum * temperature_factor(estimate.temperature_c, draw)?;
            if estimate.cleek_bunge { cleek_bunge(kp, permeant.mw_da, draw)? } else { kp }
        }
    };
    Ok([kp * lipid / sum, kp * polar / sum])
}

/// Viable tissue for one permeant, before its layers are told apart.
struct ViableTissue {
    /// Of unbound solute in dermis, cm²/h.
    diffusivity_cm2_per_h: f64,
    epidermis_ratio: f64,
    partition: f64,
    binding: f64,
}

impl ViableTissue {
    fn from_draw(permeant: &Permeant, draw: &Draw) -> Result<Self, ParameterError> {
        let g = draw.group("viable_tissue");
        let log = g.get("diffusion_intercept", "log10(cm2/s)")? + g.get("diffusion_mw", "1")? * permeant.mw_da.log10();
        Ok(Self {
            diffusivity_cm2_per_h: 10f64.powf(log) * SECONDS_PER_HOUR * g.get("diffusion_factor", "1")?,
            epidermis_ratio: g.get("epidermis_ratio", "1")?,
            partition: g.get("partition", "1")?,
            binding: binding(permeant, draw)?,
        })
    }
}

/// How many times more solute viable tissue holds than it holds unbound.
fn binding(permeant: &Permeant, draw: &Draw) -> Result<f64, ParameterError> {
    let g = draw.group("viable_tissue");
    let ph = g.get("tissue_ph", "pH")?;
    let (slope, offset) = if permeant.is_acid(ph) {
        (g.get("acid_binding_slope", "1")?, g.get("acid_binding_offset", "1")?)
    } else {
        (g.get("base_binding_slope", "1")?, g.get("base_binding_offset", "1")?)
    };
    // Unbound share 1 / (1 + bound / unbound), free of cancellation for the most lipophilic.
    let unbound = 1.0 / (1.0 + slope * permeant.log_kow.exp() + offset);
    let neutral = 10f64.powf(permeant.log_d(ph) - permeant.log_kow);
    let lipid = g.get("binding_lipid", "1")? * neutral * 10f64.powf(permeant.log_kow * g.get("binding_lipid_power", "1")?);
    Ok(g.get("binding_base", "1")? + g.get("binding_protein", "1")? / unbound + lipid)
}

/// Diffusivity in water after Stokes and Einstein, cm²/h.
///
/// # Errors
/// If a card of the group `absorption` is missing or in another unit.
pub fn water_cm2_per_h(mw_da: f64, temperature_c: f64, draw: &Draw) -> Result<f64, ParameterError> {
    let radius_m = 1e-10 * radius_angstrom(mw_da, draw.group("absorption"))?;
    let m2_per_s = BOLTZMANN * (temperature_c + KELVIN) / (6.0 * PI * draw.group("absorption").get("water_viscosity", "Pa*s")? * radius_m);
    Ok(m2_per_s * 1e4 * SECONDS_PER_HOUR)
}
