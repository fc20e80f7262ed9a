//! Pictures, tables and the report of a run.
//!
//! [`write()`] turns a [`percuta::course::Outcome`] into one folder: `report.html`, `summary.json`, tidy tables,
//! figures and a manifest; [`absorption::write()`] does the same for a permeation study, [`sensitivity::write()`] for a sensitivity analysis. Everything but the manifest is the same to the byte for the same outcome.

pub mod absorption;
pub mod calibration;
mod error;
pub mod fields;
mod figures;
#[cfg(test)]
mod fixture;
mod folder;
mod format;
mod hash;
mod html;
mod manifest;
pub mod relief;
mod run;
pub mod sbml;
pub mod sensitivity;
mod series;
mod sources;
pub mod summary;
mod tables;
pub mod validation;

pub use error::ReportError;
pub use figures::{Figure, Picture, figures, skin};
pub use folder::{Inputs, write};
pub use html::scars::describe_scar;
