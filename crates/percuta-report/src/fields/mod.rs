//! The fields of the patch as files for others: a Zarr store for Python, and VTK files for ParaView.
//!
//! | path in the folder | what |
//! |---|---|
//! | `fields.zarr` | Zarr v3 group, one array `[time, z, y, x]` for each of [`FIELDS`], with coordinates and units |
//! | `vtk/day-0028.vtr` | one rectilinear grid for each visit, the same values as cell data, skin surface on top |
//! | `fields.pvd` | the visits as a time series |
//!
//! Both are written visit by visit, so that never more than one moment is in memory. Every file is written under another
//! name and renamed, and the length of the time axis that a reader sees changes last, in one file: a process killed at any
//! time leaves a store that opens, with the visits before. The bytes depend on the fields alone, not on the number of
//! threads, the time of day or how often the run was interrupted.
//!
//! Layers are deflated one by one, on all threads, and each deflated layer serves twice: as a part of a chunk of the
//! store and as a block of the VTK file. Both formats are simple enough to be written here: `zarrs` would bring sixty crates, and
//! `vtkio` 0.6 does not write the block header that VTK expects of compressed arrays.

mod deflate;
mod disk;
#[cfg(test)]
mod tests;
mod vtk;
mod zarr;

use std::path::Path;

use percuta::healing::patch::{FIELDS, PatchFields};
use percuta::tissue::Grid;
use rayon::prelude::*;

use crate::error::ReportError;
use vtk::VtkFiles;
use zarr::ZarrStore;

/// What the values are from, written into the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldMeta {
    /// Version of Percuta.
    pub version: String,
    /// Seed of all random streams.
    pub seed: u64,
    /// Name of the course.
    pub course: String,
}

/// The field files of one run, open for more visits.
#[derive(Debug)]
pub struct FieldFiles {
    grid: Grid,
    first_dermal_layer: usize,
    /// Days already in the files, increasing.
    days: Vec<f64>,
    zarr: ZarrStore,
    vtk: VtkFiles,
}

impl FieldFiles {
    /// Starts new field files in the folder `dir`, which is made if need be, for a block whose dermis begins with the layer
    /// `first_dermal_layer`. The store has no visits yet.
    ///
    /// # Errors
    /// [`ReportError::Exists`] if `dir` has field files, [`ReportError::Io`] if it cannot be written.
    pub fn create(dir: &Path, grid: &Grid, first_dermal_layer: usize, meta: &FieldMeta) -> Result<Self, ReportError> {
        for path in [dir.join("fields.zarr"), dir.join("fields.pvd"), dir.join("vtk")] {
            if path.exists() {
                return Err(ReportError::Exists { dir: path });
            }
        }
        Self::open(dir, grid, first_dermal_layer, meta)
    }

    /// Continues the field files of an interrupted run, whatever it was doing when it stopped; what it left half written is
    /// removed. Starts new ones if it had not come so far.
    ///
    /// # Errors
    /// [`ReportError::ForeignFields`] if the files were written by another version or for another course, seed or block,
    /// [`ReportError::Read`] if they cannot be read, [`ReportError::Io`] if `dir` cannot be written.
    pub fn open(dir: &Path, grid: &Grid, first_dermal_layer: usize, meta: &FieldMeta) -> Result<Self, ReportError> {
        let zarr = ZarrStore::new(dir, grid, first_dermal_layer, meta);
        let vtk = VtkFiles::new(dir, grid, first_dermal_layer, meta);
        let days = zarr.committed_days()?;
        if days.is_none() {
            zarr.write_fixed()?;
        }
        let days = days.unwrap_or_default();
        // A reader that does not use the consolidated metadata sees these lengths.
        zarr.write_lengths(days.len())?;
        vtk.write_series(&days)?;
        zarr.commit(days.len())?;
        zarr.sweep(days.len())?;
        vtk.sweep(&days)?;
        Ok(Self { grid: grid.clone(), first_dermal_layer, days, zarr, vtk })
    }

    /// Days already in the files, increasing.
    #[must_use]
    pub fn days(&self) -> &[f64] {
        &self.days
    }

    /// Adds a moment. A day that is there already is written again in its place and the later ones stay, so that a resumed
    /// run may repeat what the interrupted one had written.
    ///
    /// # Errors
    /// [`ReportError::NotFinite`] if a value in the dermis or the day is not finite, [`ReportError::Io`] if a file cannot be written
    /// (disk full, folder unwritable; the files keep what they had), [`ReportError::Make`] if the fields are of another
    /// block or a new day is earlier than one in the files.
    pub fn append(&mut self, fields: &PatchFields) -> Result<(), ReportError> {
        self.check(fields)?;
        let day = fields.day;
        let index = self.days.iter().position(|d| *d == day).unwrap_or(self.days.len());
        let plane = self.grid.plane();
        let mut vtr = self.vtk.begin(day)?;
        for (field, values) in fields.values.iter().enumerate() {
            let layers = deflate::layers(values, plane)?;
            let (stored, written) = rayon::join(|| self.zarr.write_field(index, field, &layers), || vtr.push(layers.iter().rev()));
            stored.and(written)?;
        }
        let epidermis = deflate::layer(&fields.epidermis_factor)?;
        self.zarr.write_visit(index, fields, &epidermis)?;
        let undefined = deflate::layer(&vec![f32::NAN; plane])?;
        let dermis = self.first_dermal_layer;
        vtr.push((0..self.grid.layers()).rev().map(|layer| if layer < dermis { &epidermis } else { &undefined }))?;
        vtr.finish()?;
        if index == self.days.len() {
            let mut days = self.days.clone();
            days.push(day);
            self.zarr.write_lengths(days.len())?;
            self.vtk.write_series(&days)?;
            self.zarr.commit(days.len())?;
            self.days = days;
        }
        Ok(())
    }

    /// That the fields fit the files.
    fn check(&self, fields: &PatchFields) -> Result<(), ReportError> {
        let day = fields.day;
        let refuse = |reason: String| Err(ReportError::make("fields.zarr", reason));
        if !day.is_finite() || day < 0.0 {
            return Err(ReportError::NotFinite { what: format!("the day {day} of the fields") });
        }
        if fields.grid != self.grid || fields.first_dermal_layer != self.first_dermal_layer {
            return refuse(format!("the fields of day {day} are of another block"));
        }
        let shaped = fields.values.len() == FIELDS.len()
            && fields.values.iter().all(|v| v.len() == self.grid.voxels())
            && fields.epidermis_factor.len() == self.grid.plane();
        if !shaped {
            return refuse(format!("the fields of day {day} do not have one value for each voxel"));
        }
        if let Some(last) = self.days.last().filter(|last| day < **last && !self.days.contains(&day)) {
            return refuse(format!("day {day} comes after day {last}"));
        }
        let dermis = self.first_dermal_layer * self.grid.plane();
        for (kind, values) in FIELDS.iter().zip(&fields.values) {
            if let Some(voxel) = values[dermis..].par_iter().position_first(|v| !v.is_finite()) {
                let depth = self.grid.depth_um((dermis + voxel) / self.grid.plane());
                return Err(ReportError::NotFinite { what: format!("{} on day {day} at a depth of {depth} µm", kind.key) });
            }
        }
        Ok(())
    }
}
