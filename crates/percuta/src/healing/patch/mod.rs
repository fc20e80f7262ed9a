//! The patch: healing on a real block of skin in three dimensions.

mod exposure;
mod fields;
mod march;
mod tissue;

pub use exposure::PatchExposure;
pub use fields::{FIELDS, FieldKind, PatchFields, PatchView, Plane, field};
pub use march::MarchError;
pub use tissue::{Patch, PatchGrid, PatchState};
