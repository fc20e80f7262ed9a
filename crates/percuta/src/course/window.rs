//! The window of skin that stands for the treated area.

use crate::skin::Layers;
use crate::tissue::Grid;

/// Index of the first layer of dermis in the grids made here: stratum corneum and viable epidermis come first.
pub const FIRST_DERMAL_LAYER: usize = 2;
/// Layers of papillary dermis.
pub const PAPILLARY_LAYERS: usize = 3;
/// Six differ from 32 by less than 0.01 percentage points of collagen gain.
const RETICULAR_LAYERS: usize = 6;
/// Each reticular layer is this much thicker than the one above: signals vary fastest near the epidermis.
const GROWTH: f64 = 1.2;

/// A grid that resolves the distance between punctures and holds enough of them.
///
/// Columns are a sixth of the mean distance between punctures, within 20 to 80 µm (the reach of the TGF-β of a
/// wound is 110 µm or more); the window is at least six such distances wide. A member looks at two windows.
#[must_use]
pub fn window(layers: &Layers, density_per_cm2: f64) -> Grid {
    let distance_um = 1e4 / density_per_cm2.max(1.0).sqrt();
    // Whole multiples of the width of the fine raster on which tracks are laid.
    let spacing_um = ((distance_um / 60.0).round() * 10.0).clamp(20.0, 80.0);
    let n = [48, 64, 96, 128].into_iter().find(|n| f64::from(*n) * spacing_um >= 6.0 * distance_um).unwrap_or(128) as usize;
    Grid { n, spacing_um, depth_edges_um: depth_edges_um(layers) }
}

/// Borders of stratum corneum, viable epidermis, papillary and graded reticular layers, µm.
fn depth_edges_um(layers: &Layers) -> Vec<f64> {
    let mut edges = vec![0.0, layers.stratum_corneum_um, layers.epidermis_um()];
    let papillary = layers.papillary_dermis_um;
    edges.extend((1..=PAPILLARY_LAYERS).map(|i| layers.epidermis_um() + papillary * i as f64 / PAPILLARY_LAYERS as f64));
    let reticular = layers.dermis_um - papillary;
    let unit = reticular * (GROWTH - 1.0) / (GROWTH.powi(RETICULAR_LAYERS as i32) - 1.0);
    let mut depth = layers.epidermis_um() + papillary;
    for i in 0..RETICULAR_LAYERS {
        depth += unit * GROWTH.powi(i as i32);
        edges.push(depth);
    }
    edges
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_end_where_the_skin_does() {
        let layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 60.0, papillary_dermis_um: 180.0, dermis_um: 900.0 };
        let grid = window(&layers, 4000.0);
        assert!((grid.depth_edges_um[grid.layers()] - layers.skin_um()).abs() < 1e-9);
        assert!(grid.depth_edges_um.windows(2).all(|e| e[0] < e[1]));
        assert!((grid.depth_edges_um[FIRST_DERMAL_LAYER] - 75.0).abs() < 1e-12);
        for density in [25.0, 250.0, 4000.0, 10_000.0] {
            let grid = window(&layers, density);
            assert!(density * (grid.side_um() * 1e-4).powi(2) >= 25.0, "{density}: too few punctures");
        }
    }
}
