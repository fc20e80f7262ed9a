//! A course on the patch: its settings, its run, how it is kept and gone on with, and what it hands to reports beside the
//! ensemble of the reduced model.

mod run;
mod settings;
mod snapshot;

use crate::device::PunctureTable;
use crate::healing::HealingHistory;
use crate::healing::patch::PatchView;
use crate::injury::Track;
use crate::skin::Layers;
use crate::tissue::Grid;

pub use run::{PatchRun, Unwatched, Watch};
pub use settings::{PatchSettings, RESOLUTIONS_UM, bytes_needed};
pub use snapshot::SnapshotError;

/// Read-outs by key, each on [`crate::course::Outcome::days`].
pub type Readouts = Vec<(&'static str, Vec<f64>)>;

/// The course with central parameters on a block of skin in three dimensions.
#[derive(Debug, Clone)]
pub struct PatchOutcome {
    /// The block: stratum corneum and epidermis first, then the dermis.
    pub grid: Grid,
    /// First layer of dermis.
    pub first_dermal_layer: usize,
    /// Thickness of the skin's layers.
    pub layers: Layers,
    /// Geometry of the channels.
    pub track: Track,
    /// Punctures of each session in the block.
    pub punctures: Vec<PunctureTable>,
    /// Layer averages over time.
    pub history: HealingHistory,
    /// Read-outs of the patch.
    pub readouts: Readouts,
    /// The same with columns and layers twice as wide: what the resolution changes.
    pub coarser: Option<Readouts>,
    /// Read-outs of the reduced model from the patch's own damage and grid: what the reduced model's closure changes.
    pub reduced_on_patch: Readouts,
    /// Read-outs of the reduced model as a run without a patch computes them, with the same parameters.
    pub reduced: Readouts,
    /// Planes at the visits.
    pub visits: Vec<PatchView>,
    /// Planes through the first four weeks, for the animation.
    pub frames: Vec<PatchView>,
    /// How the run went.
    pub facts: PatchFacts,
}

/// How a run on the patch went.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PatchFacts {
    /// Bytes of state for each voxel.
    pub bytes_per_voxel: f64,
    /// Largest error of the extrapolated TGF-β of fibroblasts, in units of its tolerance.
    pub worst_extrapolation: f64,
    /// Error of the matrix ledger, relative to all collagen.
    pub ledger_error: f64,
}
