//! What a permeation study hands to reports, tables and other programs.

use serde::Serialize;

use super::PermeationStudy;
use crate::course::Warning;
use crate::population::{Driver, Interval};

/// The result of a permeation study over an ensemble.
#[derive(Debug, Clone)]
pub struct PermeationOutcome {
    /// What was run.
    pub study: PermeationStudy,
    /// Seed of all random streams.
    pub seed: u64,
    /// Members of the ensemble.
    pub members: u32,
    /// Times of every curve, h, from 0, increasing, containing every sample.
    pub times_h: Vec<f64>,
    /// Needled skin first, where there is a treatment; then intact skin.
    pub arms: Vec<Arm>,
    /// Channels of the needled arm; none without a treatment.
    pub channels: Option<ChannelStatistics>,
    /// Until when after the treatment it pays to apply; none without a treatment.
    pub window: Option<Window>,
    /// The simulated study: every replicate of every donor in every arm.
    pub replicates: Vec<Replicate>,
    /// Parameters that drive the amount absorbed by the end in the first arm, strongest first.
    pub drivers: Vec<Driver>,
    /// The first arm at central parameters on a block of skin in three dimensions, if that was asked for.
    pub block: Option<BlockCurve>,
    /// In words: why this permeant gains as much or as little as it does.
    pub explanation: String,
    /// Everything a reader must know before using the numbers.
    pub warnings: Vec<Warning>,
}

/// One arm of the study over the ensemble.
#[derive(Debug, Clone, Serialize)]
pub struct Arm {
    /// Whether the skin has channels.
    pub needled: bool,
    /// Cumulative amount absorbed (into receptor or blood) at each time, µg/cm².
    pub cumulative_ug_per_cm2: Vec<Interval>,
    /// Flux into receptor or blood at each time, µg/cm²/h.
    pub flux_ug_per_cm2_h: Vec<Interval>,
    /// Plasma concentration at each time, ng/mL; where the permeant has plasma data and the skin is alive.
    pub plasma_ng_per_ml: Option<Vec<Interval>>,
    /// Where the applied dose is at each time, in the order from outside to inside.
    pub compartments: Vec<Compartment>,
    /// The numbers a study reports, in its order.
    pub quantities: Vec<Quantity>,
    /// Concentration by depth at some times, increasing.
    pub profiles: Vec<Profile>,
    /// Largest gap of the mass balance over members and times, as a share of the applied dose.
    pub balance_gap: f64,
}

/// Amount in one place over time.
#[derive(Debug, Clone, Serialize)]
pub struct Compartment {
    /// Short identifier: `vehicle`, `evaporated`, `washed_off`, `strips_1_2`, `strips_3_plus`, `viable_epidermis`, `dermis`,
    /// `channels`, `absorbed`.
    pub key: String,
    /// Name in reports.
    pub name: String,
    /// Share of what has been applied by the end, at each time, %.
    pub percent_of_dose: Vec<Interval>,
}

/// One reported number.
#[derive(Debug, Clone, Serialize)]
pub struct Quantity {
    /// Short identifier: `jss`, `kp`, `log_kp`, `lag`, `enhancement_ratio`, `jmax`, `tmax`, `amt`, `percent_absorbed`, `t_half`, ...
    pub key: String,
    /// Name in reports.
    pub name: String,
    /// Unit; `1` for a bare number.
    pub unit: String,
    /// Over the ensemble.
    pub value: Interval,
    /// What exactly it is, in one sentence.
    pub meaning: String,
}

/// Concentration by depth at one time.
#[derive(Debug, Clone, Serialize)]
pub struct Profile {
    /// Time, h.
    pub time_h: f64,
    /// Depth below the surface, µm, increasing.
    pub depth_um: Vec<f64>,
    /// Mean concentration in the tissue at that depth (bound and free, channels left out), µg/cm³.
    pub concentration_ug_per_cm3: Vec<Interval>,
    /// Median depth of the borders: lower edge of stratum corneum, of viable epidermis and of the sample, µm.
    pub borders_um: [f64; 3],
}

/// The channels over the ensemble.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ChannelStatistics {
    /// Channels per cm².
    pub density_per_cm2: Interval,
    /// Radius, µm.
    pub radius_um: Interval,
    /// Depth of the open part below the surface, µm.
    pub depth_um: Interval,
    /// Share of the surface that is open, %.
    pub open_area_percent: Interval,
}

/// Until when after the treatment it pays to apply.
#[derive(Debug, Clone, Serialize)]
pub struct Window {
    /// Hours between treatment and application.
    pub delay_h: Vec<f64>,
    /// Permeability over that of intact skin, left open until then.
    pub enhancement_open: Vec<Interval>,
    /// The same, covered from the treatment on.
    pub enhancement_occluded: Vec<Interval>,
    /// Amount absorbed in 24 h from an application at that time, skin left open, over the same on intact skin.
    pub gain_24h_open: Vec<Interval>,
    /// The same, covered from the treatment on.
    pub gain_24h_occluded: Vec<Interval>,
    /// Hours until the added permeability has fallen to a tenth, open.
    pub pays_until_open_h: Interval,
    /// The same, covered.
    pub pays_until_occluded_h: Interval,
    /// When each method of measurement calls the channels closed.
    pub closed_by: Vec<ClosedBy>,
}

/// When one method calls the channels closed.
#[derive(Debug, Clone, Serialize)]
pub struct ClosedBy {
    /// Method: electrical impedance, water loss, dye.
    pub method: String,
    /// Hours in the open.
    pub open_h: Interval,
    /// Hours under a cover.
    pub occluded_h: Interval,
}

/// One diffusion cell, or one site on one person, of the simulated study.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Replicate {
    /// Donor, from 1.
    pub donor: u32,
    /// Replicate of the donor, from 1.
    pub replicate: u32,
    /// Whether the skin has channels.
    pub needled: bool,
    /// Greatest flux between two samples, µg/cm²/h (FDA's Jmax).
    pub jmax_ug_per_cm2_h: f64,
    /// Middle of the interval of the greatest flux, h.
    pub tmax_h: f64,
    /// Total amount absorbed by the end, µg/cm² (FDA's AMT).
    pub amt_ug_per_cm2: f64,
    /// Amount at half of the duration as a share of that at the end, % (EFSA's t0.5).
    pub t_half_percent: f64,
    /// Share of the dose in each compartment at the end, %, in the order of [`Arm::compartments`].
    pub percent_of_dose: Vec<f64>,
    /// Sum of these, %.
    pub recovery_percent: f64,
    /// Cumulative amount at each sample, µg/cm².
    pub cumulative_ug_per_cm2: Vec<f64>,
}

/// The needled arm at central parameters in three dimensions, beside the column.
#[derive(Debug, Clone, Serialize)]
pub struct BlockCurve {
    /// Side of the block, µm.
    pub side_um: f64,
    /// Width of a voxel, µm.
    pub resolution_um: f64,
    /// Number of voxels.
    pub voxels: usize,
    /// Channels in the block.
    pub channels: usize,
    /// Times, h.
    pub times_h: Vec<f64>,
    /// Cumulative amount in three dimensions, µg/cm².
    pub cumulative_ug_per_cm2: Vec<f64>,
    /// Cumulative amount in the column of the same parameters and mean density, µg/cm².
    pub column_cumulative_ug_per_cm2: Vec<f64>,
    /// Concentration (µg/cm³) on a vertical section through the middle of the block at some times: rows in depth.
    pub sections: Vec<BlockSection>,
    /// Largest gap of its mass balance as a share of the dose.
    pub balance_gap: f64,
    /// Computing time, s.
    pub seconds: f64,
}

/// A vertical section through a block at one time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlockSection {
    /// Time, h.
    pub time_h: f64,
    /// Lateral position of the columns' middles, µm.
    pub x_um: Vec<f64>,
    /// Borders of the layers, µm.
    pub depth_edges_um: Vec<f64>,
    /// Concentration `[layer][column]`, µg/cm³.
    pub concentration_ug_per_cm3: Vec<Vec<f64>>,
}
