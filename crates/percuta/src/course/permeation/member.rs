//! One member of a permeation study: its skin, its channels and both columns.

use rand_chacha::ChaCha8Rng;

use super::{BarrierChoice, PermeationStudy, Preparation, Treatment};
use crate::absorption::{Barrier, Channels, Closure, Estimate, Uptake};
use crate::course::window;
use crate::device;
use crate::injury::Track;
use crate::population::{Draw, ParameterError};
use crate::skin::Layers;

/// Everything that absorption needs of one draw.
#[derive(Debug, Clone)]
pub struct MemberSkin {
    /// Layers of the sample; its dermis ends where the sample does.
    pub layers: Layers,
    /// Intact barrier.
    pub barrier: Barrier,
    /// Channels of the treatment, if there is one that opens any.
    pub channels: Option<Channels>,
    /// How they close.
    pub closure: Closure,
}

impl MemberSkin {
    /// The skin of one draw. `rng` places the punctures of a treatment.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn new(study: &PermeationStudy, draw: &Draw, rng: &mut ChaCha8Rng) -> Result<Self, ParameterError> {
        let layers = sample_layers(study, draw)?;
        let excised = study.sample.preparation.excised();
        let estimate = estimate(study);
        let barrier = if excised {
            Barrier::over_receptor(&study.permeant, &layers, &estimate, draw)?
        } else {
            Barrier::living(&study.permeant, &layers, &estimate, draw)?
        };
        let closure = if excised { Closure::excised(draw)? } else { Closure::living(&study.person, &study.site.key, draw)? };
        let channels = channels(study, draw, &layers, rng)?;
        Ok(Self { layers, barrier, channels, closure })
    }

    /// Both columns.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn uptake(&self, draw: &Draw) -> Result<Uptake, ParameterError> {
        Uptake::new(&self.barrier, self.channels.as_ref(), self.closure, draw)
    }
}

/// How the barrier of a study is estimated.
#[must_use]
pub fn estimate(study: &PermeationStudy) -> Estimate {
    let BarrierChoice { relation, cleek_bunge, measured_kp_cm_per_h } = study.barrier;
    Estimate { relation, cleek_bunge, measured_kp_cm_per_h, temperature_c: study.sample.temperature_c, ph: study.vehicle.ph }
}

/// The site's layers, cut to the preparation.
fn sample_layers(study: &PermeationStudy, draw: &Draw) -> Result<Layers, ParameterError> {
    let mut layers = Layers::from_draw(draw)?;
    let cut_to = match study.sample.preparation {
        Preparation::InVivo => None,
        Preparation::Epidermis => Some(layers.epidermis_um()),
        Preparation::Dermatomed => match study.sample.thickness_um {
            None => Some(draw.group("viable_tissue").get("dermatomed_thickness", "um")?),
            stated => stated,
        },
        Preparation::FullThickness => study.sample.thickness_um,
    };
    if let Some(thickness) = cut_to {
        layers.dermis_um = (thickness - layers.epidermis_um()).max(0.0);
        layers.papillary_dermis_um = layers.papillary_dermis_um.min(layers.dermis_um);
    }
    Ok(layers)
}

fn channels(study: &PermeationStudy, draw: &Draw, layers: &Layers, rng: &mut ChaCha8Rng) -> Result<Option<Channels>, ParameterError> {
    match &study.treatment {
        None => Ok(None),
        Some(Treatment::Array { density_per_cm2, radius_um, depth_um }) => {
            let open = density_per_cm2 * draw.group("channels").get("patency", "1")?;
            let passes = *depth_um > layers.stratum_corneum_um;
            Ok(passes.then_some(Channels { density_per_cm2: open, radius_um: *radius_um, depth_um: *depth_um }))
        }
        Some(Treatment::Needling { device, motion, setting_um }) => {
            let density = device::expected_density_per_cm2(device, motion, draw)?;
            let side_um = window(layers, density).side_um();
            let table = device::punctures(device, motion, *setting_um, side_um, draw, rng)?;
            if table.is_empty() {
                return Ok(None);
            }
            let track = Track::from_draw(draw)?;
            let mean = |of: &dyn Fn(f64) -> f64| table.depth_um.iter().map(|d| of(*d)).sum::<f64>() / table.len() as f64;
            // The windows sample the place; the number of punctures is known for the whole area.
            Channels::left_by(density, mean(&|d| d), mean(&|d| track.hole_radius_um(0.0, d)), layers, draw)
        }
    }
}
