//! The patch: healing on a real block of skin in three dimensions.

mod fields;

pub use fields::{FIELDS, FieldKind, PatchFields, PatchView, Plane, field};
