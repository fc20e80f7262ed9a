//! The parameters of a height map as JSON, and the folder they are written to.

use std::fs;
use std::path::Path;

use percuta::appearance::relief::{ArealParameters, ArealResult, HeightMap, ProfileParameters};
use serde::Serialize;

use super::{Light, heights_png, heights_tiff, hillshade_png};
use crate::error::ReportError;

/// Parameters of a height map with everything that makes them comparable.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReliefSummary {
    /// File or surface.
    pub map: String,
    /// Version of Percuta.
    pub version: String,
    /// Pixels in a row.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// Side of a pixel, µm.
    pub pixel_um: f64,
    /// Evaluation area: width and length, µm.
    pub evaluation_area_um: [f64; 2],
    /// What was filtered out.
    pub filters: Filters,
    /// Parameters of ISO 25178-2.
    pub areal: ArealParameters,
    /// Parameters of ISO 4287 across the lines.
    pub profile: ProfileParameters,
    /// What to know before trusting them.
    pub warnings: Vec<String>,
}

/// Filters before the areal parameters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filters {
    /// Nesting index of the S-filter, µm.
    pub s_um: Option<f64>,
    /// Form that was removed.
    pub form: String,
    /// Nesting index of the L-filter, µm.
    pub l_um: Option<f64>,
    /// Which filter, and what happens at the border.
    pub method: &'static str,
}

impl ReliefSummary {
    /// Puts the results of one map together.
    #[must_use]
    pub fn new(
        name: &str,
        version: &str,
        map: &HeightMap,
        areal: &ArealResult,
        profile: &ProfileParameters,
        warnings: Vec<String>,
    ) -> Self {
        let filtration = areal.filtration;
        Self {
            map: name.into(),
            version: version.into(),
            columns: map.columns,
            rows: map.rows,
            pixel_um: areal.pixel_um,
            evaluation_area_um: areal.area_um.into(),
            filters: Filters {
                s_um: filtration.s_um,
                form: filtration.form.name().into(),
                l_um: filtration.l_um,
                method: "areal Gaussian (ISO 16610-61), at the border by local straight lines (moment criterion of ISO 16610-28)",
            },
            areal: areal.parameters,
            profile: *profile,
            warnings,
        }
    }

    /// The summary as JSON.
    ///
    /// # Errors
    /// [`ReportError::Make`] if it cannot be encoded.
    pub fn json(&self) -> Result<String, ReportError> {
        serde_json::to_string_pretty(self).map_err(|e| ReportError::make("summary.json", e))
    }
}

/// Files that [`write()`] makes.
pub const FILES: [&str; 4] = ["summary.json", "height-map.png", "height-map.tiff", "hillshade.png"];

/// Writes parameters, heights and picture of a map into an empty folder.
///
/// # Errors
/// [`ReportError::Make`] if a file cannot be put together, before any is written; [`ReportError::Io`] if one cannot be written.
pub fn write(map: &HeightMap, summary: &ReliefSummary, light: Light, dir: &Path) -> Result<(), ReportError> {
    let contents = [(summary.json()? + "\n").into_bytes(), heights_png(map)?, heights_tiff(map)?, hillshade_png(map, light)?];
    for (name, bytes) in FILES.into_iter().zip(contents) {
        let path = dir.join(name);
        fs::write(&path, bytes).map_err(|source| ReportError::Io { path, source })?;
    }
    Ok(())
}
