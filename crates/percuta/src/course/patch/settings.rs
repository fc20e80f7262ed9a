//! How a course is computed on the patch: its size, its resolution, and the grid that follows.

use crate::course::{Course, Warning};
use crate::healing::patch::PatchGrid;
use crate::injury::Track;
use crate::population::{Draw, ParameterError};
use crate::skin::Layers;
use crate::tissue::Grid;

/// First layer of dermis: stratum corneum and two layers of viable epidermis come first.
const FIRST_DERMAL_LAYER: usize = 3;
/// Each reticular layer is this much thicker than the one above, up to [`COARSEST`] times the width of a column: signals vary
/// fastest where most wounds are, above.
const GROWTH: f64 = 1.06;
/// Thickest reticular layer over the width of a column.
const COARSEST: f64 = 2.0;

/// Finest and coarsest voxels, µm: beyond them a number is a slip of the unit.
pub const RESOLUTIONS_UM: [f64; 2] = [2.0, 500.0];

/// Size and resolution of a patch.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchSettings {
    /// Side of the block, µm.
    pub side_um: f64,
    /// Width of a column, µm; layers are about as thick, thinner in the epidermis and thicker in the deep dermis.
    pub spacing_um: f64,
    /// Visits at which all fields are written, days.
    pub field_days: Vec<f64>,
}

impl PatchSettings {
    /// Columns along a side.
    fn columns(&self) -> usize {
        ((self.side_um / self.spacing_um).round() as usize).max(1)
    }

    /// The same block with columns and layers twice as wide; none where the columns cannot be joined in pairs.
    #[must_use]
    pub fn coarser(&self) -> Option<Self> {
        let (n, spacing_um) = (self.columns(), 2.0 * self.spacing_um);
        (n.is_multiple_of(2)).then(|| Self { side_um: n as f64 * self.spacing_um, spacing_um, field_days: Vec::new() })
    }

    /// The grid of a block of skin with these layers.
    #[must_use]
    pub fn grid(&self, layers: &Layers) -> PatchGrid {
        let spacing = self.spacing_um;
        let n = self.columns();
        let top = layers.epidermis_um();
        let mut depth_edges_um = vec![0.0, layers.stratum_corneum_um, layers.stratum_corneum_um + 0.5 * layers.viable_epidermis_um, top];
        let papillary_layers = ((layers.papillary_dermis_um / spacing).round() as usize).max(1);
        let papillary = layers.papillary_dermis_um;
        depth_edges_um.extend((1..=papillary_layers).map(|i| top + papillary * i as f64 / papillary_layers as f64));
        let reticular = reticular(layers.dermis_um - papillary, spacing);
        depth_edges_um.extend(reticular.iter().map(|depth| top + papillary + depth));
        PatchGrid { grid: Grid { n, spacing_um: spacing, depth_edges_um }, first_dermal_layer: FIRST_DERMAL_LAYER, papillary_layers }
    }

    /// Cautions for this resolution.
    ///
    /// # Errors
    /// If a card of the needle is missing or in another unit.
    pub fn warnings(&self, course: &Course) -> Result<Vec<Warning>, ParameterError> {
        let track = Track::from_draw(&Draw::central(&course.parameters))?;
        let core_um = 2.0 * track.core_radius * track.outline(0.0, course.setting_um, 0.0).radius_um;
        if course.sessions.is_empty() || self.spacing_um <= core_um {
            return Ok(Vec::new());
        }
        let message = format!(
            "Columns of {:.0} µm are wider than the needle's track of {core_um:.0} µm: there the damage of a voxel is a fraction, and where the rim of a wound lies is not resolved.",
            self.spacing_um
        );
        Ok(vec![Warning { code: "patch-coarse".into(), message }])
    }
}

/// Bytes that a run of so many sessions on a grid holds at its peak, what pictures take aside.
#[must_use]
pub fn bytes_needed(settings: &PatchSettings, at: &PatchGrid, sessions: usize, threads: usize) -> f64 {
    // Sixteen states, two fields and what waits for the alarm; eleven fields in single precision at a visit whose fields are
    // written. At the end damage and signal of every session, in single precision.
    let marching: f64 = 152.0 + if settings.field_days.is_empty() { 0.0 } else { 44.0 };
    let comparing = 8.0 * sessions as f64 + 16.0;
    // Each thread lays tracks on a raster of its own, with cells of 10 µm or less.
    let cells = (settings.spacing_um / 10.0).ceil().powi(2);
    marching.max(comparing) * at.grid.voxels() as f64 + (64.0 + 8.0 * cells * threads as f64) * at.grid.plane() as f64
}

/// Depths of the lower borders of reticular layers, that fill `depth` exactly.
fn reticular(depth: f64, spacing: f64) -> Vec<f64> {
    let (mut edges, mut reached, mut thick) = (Vec::new(), 0.0, spacing);
    while reached < depth {
        reached += thick;
        edges.push(reached);
        thick = (thick * GROWTH).min(COARSEST * spacing);
    }
    // A last layer that would stick out by more than half is left away; the others take up the rest.
    if let [.., before, last] = edges[..]
        && last - depth > depth - before
    {
        edges.pop();
    }
    let scale = edges.last().map_or(1.0, |last| depth / last);
    edges.iter().map(|e| e * scale).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAYERS: Layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 60.0, papillary_dermis_um: 180.0, dermis_um: 1500.0 };

    #[test]
    fn layers_end_where_the_skin_does_and_are_about_as_thick_as_columns() {
        for spacing in [12.5, 25.0, 50.0, 100.0] {
            let at = PatchSettings { side_um: 1000.0, spacing_um: spacing, field_days: vec![] }.grid(&LAYERS);
            let g = &at.grid;
            assert!((g.depth_edges_um[g.layers()] - LAYERS.skin_um()).abs() < 1e-9);
            assert!((g.depth_edges_um[at.first_dermal_layer] - 75.0).abs() < 1e-9);
            assert!((g.depth_edges_um[at.first_dermal_layer + at.papillary_layers] - 255.0).abs() < 1e-9);
            for layer in at.first_dermal_layer..g.layers() {
                assert!((0.7..2.4).contains(&(g.thickness_um(layer) / spacing)), "{spacing}: {}", g.thickness_um(layer));
            }
            assert_eq!(g.n, (1000.0 / spacing) as usize);
        }
    }

    #[test]
    fn a_single_column_is_a_patch() {
        let at = PatchSettings { side_um: 30.0, spacing_um: 30.0, field_days: vec![] }.grid(&LAYERS);
        assert_eq!(at.grid.n, 1);
    }

    #[test]
    fn the_coarser_block_has_the_same_side_or_there_is_none() {
        let of = |side_um: f64, spacing_um: f64| PatchSettings { side_um, spacing_um, field_days: vec![] };
        for (side, spacing) in [(3000.0, 25.0), (3040.0, 40.0), (100.0, 25.0)] {
            let coarser = of(side, spacing).coarser().unwrap();
            assert_eq!(coarser.grid(&LAYERS).grid.side_um(), of(side, spacing).grid(&LAYERS).grid.side_um());
        }
        assert!(of(3000.0, 40.0).coarser().is_none() && of(25.0, 25.0).coarser().is_none());
    }

    #[test]
    fn many_sessions_and_fields_need_more() {
        let s = PatchSettings { side_um: 1000.0, spacing_um: 25.0, field_days: vec![] };
        let at = s.grid(&LAYERS);
        let plain = bytes_needed(&s, &at, 4, 2);
        assert!(bytes_needed(&s, &at, 40, 2) > plain && bytes_needed(&s, &at, 4, 8) > plain);
        assert!(bytes_needed(&PatchSettings { field_days: vec![28.0], ..s }, &at, 4, 2) > plain);
    }
}
