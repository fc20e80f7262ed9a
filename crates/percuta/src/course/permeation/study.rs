//! A permeation study with everything resolved: what `percuta absorb` computes.

use serde::Serialize;

use crate::absorption::{Dosing, Permeant, Relation, Vehicle};
use crate::device::{Device, Motion};
use crate::population::ParameterSet;
use crate::skin::{Person, Site};

/// A complete, checked permeation study: one permeant on intact and, if there is a treatment, on needled skin.
#[derive(Debug, Clone, Serialize)]
pub struct PermeationStudy {
    /// Short name, used for the output folder.
    pub name: String,
    /// One or two sentences for the report.
    pub description: String,
    /// Whose skin.
    pub person: Person,
    /// Where from or where on the body.
    pub site: Site,
    /// Which part of the skin, and how it is kept.
    pub sample: SkinSample,
    /// How the channels came about; none for a study of intact skin.
    pub treatment: Option<Treatment>,
    /// The permeant.
    pub permeant: Permeant,
    /// What it is dissolved in.
    pub vehicle: Vehicle,
    /// How much of it is put on, when, and when it is taken off.
    pub dosing: Dosing,
    /// Length of the study, h.
    pub duration_h: f64,
    /// Times at which the receptor is sampled, h, increasing, the last one the end.
    pub samples_h: Vec<f64>,
    /// Area under the product, cm²: of the cell, or on the body.
    pub area_cm2: f64,
    /// Skin donors of the simulated study.
    pub donors: u32,
    /// Replicates of each donor.
    pub replicates: u32,
    /// How the permeability of intact stratum corneum is estimated.
    pub barrier: BarrierChoice,
    /// Measured points to draw on top and to fit to.
    pub data: Vec<DataSeries>,
    /// All parameters of the study: the embedded ones, the site's, the device's and the study's own.
    pub parameters: ParameterSet,
}

/// Which part of the skin is studied.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SkinSample {
    /// Preparation.
    pub preparation: Preparation,
    /// Whole thickness, µm, where the study states it; otherwise the preparation's or the site's.
    pub thickness_um: Option<f64>,
    /// Temperature of the skin, °C.
    pub temperature_c: f64,
}

/// Preparations of skin as the field distinguishes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Preparation {
    /// On a living person: channels heal and dermal blood carries away.
    InVivo,
    /// Stratum corneum and viable epidermis (heat-separated), over a receptor.
    Epidermis,
    /// Split skin of a few hundred µm, over a receptor.
    Dermatomed,
    /// The whole skin, over a receptor.
    FullThickness,
}

impl Preparation {
    /// Whether the skin lies in a diffusion cell.
    #[must_use]
    pub fn excised(self) -> bool {
        self != Self::InVivo
    }
}

/// How channels came into the skin.
#[derive(Debug, Clone, Serialize)]
pub enum Treatment {
    /// A device of the catalogue moved over the skin: the channels follow from its punctures.
    Needling {
        /// With what.
        device: Box<Device>,
        /// How the handpiece is moved.
        motion: Motion,
        /// Needle protrusion set on the device, µm.
        setting_um: f64,
    },
    /// Needle tracks described directly, such as those of a solid array; `channels.patency` is the share of them that conducts.
    Array {
        /// Tracks per cm².
        density_per_cm2: f64,
        /// Radius of a channel at the surface, µm.
        radius_um: f64,
        /// Depth of its open part below the surface, µm.
        depth_um: f64,
    },
}

/// How the permeability of intact stratum corneum is estimated.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BarrierChoice {
    /// Relation for the neutral form.
    pub relation: Relation,
    /// Whether the Cleek-Bunge correction is applied on top.
    pub cleek_bunge: bool,
    /// Measured permeability of intact skin in its place, cm/h.
    pub measured_kp_cm_per_h: Option<f64>,
}

/// Measured cumulative amounts of one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataSeries {
    /// Group as the file names it.
    pub group: String,
    /// Which arm it belongs to.
    pub needled: bool,
    /// Times, h.
    pub time_h: Vec<f64>,
    /// Cumulative amount, µg/cm².
    pub amount_ug_per_cm2: Vec<f64>,
    /// Standard deviation of each, where the file has it, µg/cm².
    pub sd_ug_per_cm2: Option<Vec<f64>>,
}

/// The block of skin of a run in three dimensions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BlockSettings {
    /// Side of the block, µm: a whole number of voxels.
    pub side_um: f64,
    /// Width of a voxel, µm.
    pub resolution_um: f64,
}
