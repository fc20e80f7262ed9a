//! What a run hands to reports, tables and other programs.

use serde::Serialize;

use super::patch::PatchOutcome;
use super::surface::{Square, SurfaceOutcome};
use super::{Course, Readout};
use crate::appearance::{Complexion, LineFamilies, LinesOfDay, SingleScar};
use crate::device::PunctureTable;
use crate::population::{Draw, Driver, Interval};

/// The result of running a course over an ensemble.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What was run.
    pub course: Course,
    /// Seed of all random streams.
    pub seed: u64,
    /// Parameter values of each member.
    pub draws: Vec<Draw>,
    /// Days of the dense time axis of [`ReadoutSeries::members`], increasing, containing every visit.
    pub days: Vec<f64>,
    /// Every read-out over time.
    pub readouts: Vec<ReadoutSeries>,
    /// Statistics of the punctures of one session.
    pub punctures: PunctureStatistics,
    /// Damage and open channels by depth after one session.
    pub damage_by_depth: Vec<DepthBand>,
    /// Collagen relative to baseline by depth below the surface, for each visit: `[visit][band]`.
    pub collagen_by_depth: Vec<Vec<DepthBand>>,
    /// Recovery after one session; none in an untreated course.
    pub downtime: Option<DowntimeStatistics>,
    /// The central member in full, for pictures.
    pub specimen: Specimen,
    /// Uptake of the product against the hours between session and application.
    pub uptake: Option<Uptake>,
    /// The same course on a block of skin in three dimensions, if that was asked for.
    pub patch: Option<PatchOutcome>,
    /// Roughness of the surface.
    pub surface: SurfaceOutcome,
    /// What the skin reflects.
    pub spectra: SpectraOutcome,
    /// The single scars of the course.
    pub scars: Vec<ScarOutcome>,
    /// Every grade at each visit, its parts kept apart.
    pub grades: Vec<GradeOutcome>,
    /// Predicted beside published, if the course re-tells a study.
    pub comparison: Vec<Comparison>,
    /// Everything a reader must know before using the numbers.
    pub warnings: Vec<Warning>,
}

/// One read-out over time for every member.
#[derive(Debug, Clone)]
pub struct ReadoutSeries {
    /// Which read-out.
    pub readout: Readout,
    /// Values `[member][day]` on [`Outcome::days`].
    pub members: Vec<Vec<f64>>,
    /// Parameters that drive the change at the visit where its median is largest, strongest first; empty where
    /// nothing changes.
    pub drivers: Vec<Driver>,
}

/// The punctures of one session over the ensemble.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PunctureStatistics {
    /// Punctures over the treated area.
    pub per_session: Interval,
    /// Punctures per cm².
    pub density_per_cm2: Interval,
    /// Depth reached, µm; the interval covers punctures and members together.
    pub depth_um: Interval,
    /// Share of the surface farther from any puncture than `motion.coverage_radius`.
    pub uncovered_area_fraction: Interval,
    /// Distance to the nearest other puncture, µm.
    pub nearest_neighbour_um: Interval,
    /// Length of the slit torn at the surface, µm.
    pub slit_um: Interval,
    /// Share of the surface that is open channel.
    pub open_area_fraction: Interval,
}

/// Recovery after one session over the ensemble.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DowntimeStatistics {
    /// Days with visible redness.
    pub erythema_d: Interval,
    /// Hours until the barrier is closed to within 10 % of normal.
    pub barrier_h: Interval,
    /// Days with pinpoint crusts.
    pub crusts_d: Interval,
    /// Days until make-up.
    pub makeup_d: Interval,
}

/// A quantity in one depth interval below the surface.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DepthBand {
    /// Upper border, µm.
    pub top_um: f64,
    /// Lower border, µm.
    pub bottom_um: f64,
    /// Damaged fraction, or collagen relative to baseline.
    pub value: Interval,
    /// Open-channel share of the area, where that applies.
    pub open_area: Option<Interval>,
}

/// One member (the central draw) in the detail that pictures need.
#[derive(Debug, Clone)]
pub struct Specimen {
    /// Punctures of the first session in a square window.
    pub punctures: PunctureTable,
    /// Thickness of stratum corneum, viable epidermis, papillary dermis and dermis, µm.
    pub layers: crate::skin::Layers,
    /// Radius of the open channel at a share of the depth reached, µm: `[(share, radius)]` from 0 to 1.
    pub channel_profile: Vec<(f64, f64)>,
    /// Its lines before treatment.
    pub lines: LineFamilies,
    /// The square of skin that is drawn.
    pub square: Square,
    /// What light makes of its skin.
    pub complexion: Complexion,
    /// Share of the punctures that bleed.
    pub bled: f64,
    /// The tissue at each visit.
    pub visits: Vec<SpecimenVisit>,
}

/// The central member's tissue at one visit.
#[derive(Debug, Clone)]
pub struct SpecimenVisit {
    /// Day.
    pub day: f64,
    /// Days since the last session before or on that day, if there was one.
    pub since_session: Option<f64>,
    /// Epidermal thickness relative to baseline.
    pub epidermis_factor: f64,
    /// Share of the channel depth that is still open, 1 just after a session.
    pub channel_open: f64,
    /// What has become of its lines.
    pub lines: LinesOfDay,
    /// Heights of the course's single scars above the skin around them, µm; those of pits are negative.
    pub scar_relief_um: Vec<f64>,
    /// Epidermal melanin relative to that before treatment.
    pub melanin: f64,
    /// The same of the lesion, relative to the skin around it before treatment.
    pub lesion_melanin: f64,
    /// Blood relative to its resting content.
    pub blood: f64,
    /// Per layer: (top µm, bottom µm, state averaged over the layer).
    pub layers: Vec<(f64, f64, crate::healing::LayerState)>,
}

/// Reflectance of the skin over the ensemble, what the surface reflects like a mirror included.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpectraOutcome {
    /// Day of the last visit.
    pub day: f64,
    /// Wavelengths, nm.
    pub wavelength_nm: Vec<f64>,
    /// Before the first session.
    pub before: Vec<Interval>,
    /// Just after the first session, if there is one.
    pub just_after: Option<Vec<Interval>>,
    /// At the last visit.
    pub after: Vec<Interval>,
}

/// A single scar over the ensemble.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScarOutcome {
    /// The scar as the course lists it.
    pub scar: SingleScar,
    /// Before the first session.
    pub baseline: ScarState,
    /// At each visit.
    pub visits: Vec<(f64, ScarState)>,
}

/// A single scar at one moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScarState {
    /// Height above the surrounding skin, µm; that of a pit is negative.
    pub relief_um: Interval,
    /// Volume missing or in excess, mm³.
    pub volume_mm3: Interval,
    /// Area that is visibly off the surrounding skin, mm².
    pub area_mm2: Interval,
    /// Order of its collagen, 0 at random to 1 parallel.
    pub alignment: Interval,
}

/// A grade over the ensemble: what the tissue deserves and what raters make of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GradeOutcome {
    /// Which read-out.
    pub readout: Readout,
    /// Before the first session.
    pub baseline: Interval,
    /// At each visit after day 0.
    pub visits: Vec<GradeVisit>,
}

/// Changes of a grade from before the first session to a visit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GradeVisit {
    /// Day.
    pub day: f64,
    /// What the tissue has changed.
    pub tissue: Interval,
    /// What expectation adds.
    pub expectation: Interval,
    /// The change as it is rated, with the rater's error.
    pub rated: Interval,
}

/// Uptake of a product against the delay of its application.
#[derive(Debug, Clone, Serialize)]
pub struct Uptake {
    /// Hours between session and application.
    pub delay_h: Vec<f64>,
    /// Enhancement ratio over intact skin, open application.
    pub enhancement_open: Vec<Interval>,
    /// Enhancement ratio over intact skin, occluded.
    pub enhancement_occluded: Vec<Interval>,
    /// Dose delivered in 24 h at the course's own delay and occlusion, µg/cm².
    pub delivered_24h_ug_per_cm2: Interval,
    /// Dose delivered in 24 h through intact skin, µg/cm².
    pub intact_24h_ug_per_cm2: Interval,
    /// Lag time, min.
    pub lag_min: Interval,
}

/// A published observation beside what the model predicts for it.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison {
    /// What was observed.
    pub quantity: String,
    /// The read-out it is compared with.
    pub readout: String,
    /// Group within the study, e.g. `untreated side`.
    pub group: Option<String>,
    /// Unit of both numbers.
    pub unit: String,
    /// Day from the first session.
    pub day: f64,
    /// Published value.
    pub published: f64,
    /// Published 95 or 99 % confidence interval, if any.
    pub published_ci: Option<(f64, f64)>,
    /// Prediction in the same unit, including observation error.
    pub predicted: Interval,
    /// For graded read-outs: the part that the tissue alone predicts, without the expectation and error of raters.
    pub tissue: Option<Interval>,
    /// What the study's number was used for: `calibration`, `validation` or `context`.
    pub role: String,
    /// What a reader must know.
    pub note: Option<String>,
}

/// A caution that travels with the results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Short identifier, e.g. `depth-untested`.
    pub code: String,
    /// One sentence that names the tested range.
    pub message: String,
}
