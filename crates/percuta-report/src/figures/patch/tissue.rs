//! The tissue between the voxels of a vertical plane.

use percuta::course::PatchOutcome;
use percuta::healing::patch::{PatchView, Plane, field};

/// What the stain shows of a place, from the fields.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tissue {
    /// All collagen relative to untreated dermis.
    pub collagen: f32,
    /// The part of it without mature cross-links.
    pub new: f32,
    /// Clot and lysed tissue, share of the volume.
    pub clot: f32,
    /// Fibroblasts of every kind relative to the resting ones of untreated dermis.
    pub cells: f32,
}

impl Tissue {
    /// The mean of two places, `t` of the way from one to the other.
    fn mix(self, other: Self, t: f32) -> Self {
        let mix = |a: f32, b: f32| a + (b - a) * t;
        Self {
            collagen: mix(self.collagen, other.collagen),
            new: mix(self.new, other.new),
            clot: mix(self.clot, other.clot),
            cells: mix(self.cells, other.cells),
        }
    }
}

/// Sums of fields over a plane, voxel by voxel.
pub fn sum(plane: &Plane, keys: &[&str]) -> Vec<f32> {
    let fields: Vec<&Vec<f32>> = keys.iter().filter_map(|k| plane.values.get(field(k)?)).collect();
    (0..plane.rows * plane.columns).map(|i| fields.iter().filter_map(|f| f.get(i)).sum()).collect()
}

/// Keys of collagen without mature cross-links.
pub const NEW: [&str; 2] = ["collagen_i_new", "collagen_iii_new"];
/// Keys of all collagen.
pub const COLLAGEN: [&str; 4] = ["collagen_i_new", "collagen_iii_new", "collagen_i_mature", "collagen_iii_mature"];
/// Keys of all fibroblasts.
pub const CELLS: [&str; 3] = ["fibroblasts", "primed", "myofibroblasts"];

/// Which of the two vertical planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Along x, in the middle of y.
    Front,
    /// Along y, in the middle of x.
    Side,
}

/// A vertical plane at one moment.
pub struct Cut<'a> {
    /// The block it is cut from.
    pub patch: &'a PatchOutcome,
    /// Which plane.
    pub side: Side,
    /// Its moment.
    pub view: &'a PatchView,
    /// Thickness of the viable epidermis relative to baseline, a value for each column.
    pub epidermis: &'a [f32],
    columns: usize,
    tissue: Vec<Tissue>,
}

impl<'a> Cut<'a> {
    /// A plane of a view.
    pub fn new(patch: &'a PatchOutcome, view: &'a PatchView, side: Side) -> Self {
        let (plane, epidermis) = match side {
            Side::Front => (&view.front, &view.epidermis_front),
            Side::Side => (&view.side, &view.epidermis_side),
        };
        let (collagen, new) = (sum(plane, &COLLAGEN), sum(plane, &NEW));
        let (clot, cells) = (sum(plane, &["clot"]), sum(plane, &CELLS));
        let tissue = (0..collagen.len()).map(|i| Tissue { collagen: collagen[i], new: new[i], clot: clot[i], cells: cells[i] }).collect();
        Self { patch, side, view, epidermis, columns: plane.columns, tissue }
    }

    /// Voxels before and after a place along the plane, which is periodic, and the way from one to the other.
    pub fn column(&self, along_um: f64) -> (usize, usize, f32) {
        let n = self.columns.max(1);
        let place = along_um / self.patch.grid.spacing_um - 0.5;
        let low = place.floor();
        let first = (low as i64).rem_euclid(n as i64) as usize;
        (first, (first + 1) % n, (place - low) as f32)
    }

    /// Layers of dermis above and below a depth; the first and the last go on beyond their middles.
    pub fn row(&self, depth_um: f64) -> (usize, usize, f32) {
        let (grid, first) = (&self.patch.grid, self.patch.first_dermal_layer);
        let last = grid.layers().saturating_sub(1);
        let below = (first..=last).find(|&k| grid.depth_um(k) > depth_um);
        match below {
            None => (last, last, 0.0),
            Some(k) if k == first => (k, k, 0.0),
            Some(k) => {
                let (top, bottom) = (grid.depth_um(k - 1), grid.depth_um(k));
                (k - 1, k, ((depth_um - top) / (bottom - top)) as f32)
            }
        }
    }

    /// The tissue between four voxels.
    pub fn tissue(&self, (x0, x1, u): (usize, usize, f32), (z0, z1, v): (usize, usize, f32)) -> Tissue {
        let at = |z: usize, x: usize| self.tissue.get(z * self.columns + x).copied().unwrap_or_default();
        at(z0, x0).mix(at(z0, x1), u).mix(at(z1, x0).mix(at(z1, x1), u), v)
    }

    /// Thickness of the viable epidermis relative to baseline.
    pub fn epidermis_factor(&self, (x0, x1, u): (usize, usize, f32)) -> f64 {
        let at = |x: usize| self.epidermis.get(x).copied().unwrap_or(1.0);
        f64::from(at(x0) + (at(x1) - at(x0)) * u)
    }
}

/// The largest share of clot in a voxel of the vertical planes at the visits.
pub fn most_clot(patch: &PatchOutcome) -> f32 {
    let planes = patch.visits.iter().flat_map(|v| [&v.front, &v.side]);
    planes.flat_map(|p| sum(p, &["clot"])).filter(|c| c.is_finite()).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn tissue_is_interpolated_between_the_middles_of_voxels() {
        let o = fixture::with_patch();
        let patch = o.patch.as_ref().unwrap();
        let cut = Cut::new(patch, &patch.visits[2], Side::Front);
        let (layer, column) = (patch.first_dermal_layer + 3, 17);
        let here = |c: usize, k: usize| cut.tissue[k * cut.columns + c];
        let (x, z) = ((column as f64 + 0.5) * patch.grid.spacing_um, patch.grid.depth_um(layer));
        assert_eq!(cut.tissue(cut.column(x), cut.row(z)), here(column, layer));
        let between = cut.tissue(cut.column(x + 0.5 * patch.grid.spacing_um), cut.row(z));
        assert!((between.collagen - 0.5 * (here(column, layer).collagen + here(column + 1, layer).collagen)).abs() < 1e-5);
        let above = cut.tissue(cut.column(x), cut.row(0.0));
        assert_eq!(above, here(column, patch.first_dermal_layer), "no value from above the dermis");
        assert_eq!(cut.column(-1.0).0, patch.grid.n - 1, "the block is periodic");
    }
}
