//! The patch at one moment, as files and pictures read it.

use serde::{Deserialize, Serialize};

use crate::tissue::Grid;

/// Name, unit and meaning of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldKind {
    /// Key in files.
    pub key: &'static str,
    /// Name in pictures.
    pub name: &'static str,
    /// Unit; `1` for pure numbers.
    pub unit: &'static str,
    /// One sentence: what it is.
    pub meaning: &'static str,
}

macro_rules! fields {
    ($($key:literal, $name:literal, $unit:literal, $meaning:literal;)*) => {
        /// Every field, in the order of [`PatchFields::values`].
        pub const FIELDS: &[FieldKind] = &[$(FieldKind { key: $key, name: $name, unit: $unit, meaning: $meaning }),*];
    };
}

fields! {
    "clot", "Clot and lysed tissue", "1", "Share of the voxel that is blood clot or lysed tissue.";
    "macrophages", "Macrophages", "1", "Macrophages relative to the peak after a full-thickness cut.";
    "tgf_beta", "Active TGF-β", "ng/mL", "Active TGF-β from macrophages, clot and fibroblasts.";
    "fibroblasts", "Resting fibroblasts", "1", "Resting fibroblasts relative to untreated dermis.";
    "primed", "Primed fibroblasts", "1", "Primed, matrix-making fibroblasts relative to the resting ones of untreated dermis.";
    "myofibroblasts", "Myofibroblasts", "1", "Myofibroblasts relative to the resting fibroblasts of untreated dermis.";
    "collagen_i_new", "New collagen I", "1", "Collagen I without mature cross-links, relative to all collagen of untreated dermis.";
    "collagen_iii_new", "New collagen III", "1", "Collagen III without mature cross-links, relative to all collagen of untreated dermis.";
    "collagen_i_mature", "Mature collagen I", "1", "Cross-linked collagen I, relative to all collagen of untreated dermis.";
    "collagen_iii_mature", "Mature collagen III", "1", "Cross-linked collagen III, relative to all collagen of untreated dermis.";
    "elastin", "Elastin", "1", "Elastin relative to untreated dermis.";
}

/// Position of a field in [`FIELDS`].
#[must_use]
pub fn field(key: &str) -> Option<usize> {
    FIELDS.iter().position(|f| f.key == key)
}

/// Every field of the patch at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchFields {
    /// Day, counted from the first session.
    pub day: f64,
    /// Days since the last session, if there was one.
    pub since_session: Option<f64>,
    /// The block: stratum corneum and epidermis first, then the dermis.
    pub grid: Grid,
    /// First layer of dermis.
    pub first_dermal_layer: usize,
    /// One field for each of [`FIELDS`], `[layer][y][x]`. NaN above the dermis.
    pub values: Vec<Vec<f32>>,
    /// Thickness of the viable epidermis relative to baseline over each column, `[y][x]`.
    pub epidermis_factor: Vec<f32>,
    /// Open share of the epidermal wound of the latest session: 1 just after it, 0 when re-epithelialised.
    pub epidermal_wound: f32,
}

/// A plane through the patch with every field on it, `rows` x `columns` values each, row by row.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Plane {
    /// Values along a row.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// One plane of values for each of [`FIELDS`].
    pub values: Vec<Vec<f32>>,
}

/// The planes of the patch that pictures show. Light enough to be kept for every moment that is drawn.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PatchView {
    /// Day, counted from the first session.
    pub day: f64,
    /// Days since the last session, if there was one.
    pub since_session: Option<f64>,
    /// Vertical plane in the middle of y: a row for each layer, a column for each x. The front of a block cut open there.
    pub front: Plane,
    /// Vertical plane in the middle of x: a row for each layer, a column for each y. The side of a block cut open there.
    pub side: Plane,
    /// Horizontal planes: index of the layer and the plane, a row for each y, a column for each x.
    pub en_face: Vec<(usize, Plane)>,
    /// Thickness of the viable epidermis relative to baseline along `front`.
    pub epidermis_front: Vec<f32>,
    /// The same along `side`.
    pub epidermis_side: Vec<f32>,
    /// Open share of the epidermal wound of the latest session.
    pub epidermal_wound: f32,
}

impl PatchFields {
    /// One field, `[layer][y][x]`; none of that key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[f32]> {
        field(key).map(|i| self.values[i].as_slice())
    }

    /// The planes of pictures, with horizontal ones through the layers `en_face`.
    #[must_use]
    pub fn view(&self, en_face: &[usize]) -> PatchView {
        let mut view = PatchView::cut(&self.grid, en_face, &self.epidermis_factor, |voxel| std::array::from_fn(|f| self.values[f][voxel]));
        (view.day, view.since_session, view.epidermal_wound) = (self.day, self.since_session, self.epidermal_wound);
        view
    }
}

impl PatchView {
    /// Cuts the planes out of a block whose values at a voxel `at` gives, in the order of [`FIELDS`].
    pub(super) fn cut(grid: &Grid, en_face: &[usize], epidermis: &[f32], at: impl Fn(usize) -> [f32; FIELDS.len()]) -> Self {
        let (n, layers, middle) = (grid.n, grid.layers(), grid.n / 2);
        let plane = |rows: usize, voxel: &dyn Fn(usize, usize) -> usize| {
            let mut values = vec![Vec::with_capacity(rows * n); FIELDS.len()];
            for i in 0..rows * n {
                for (values, value) in values.iter_mut().zip(at(voxel(i / n, i % n))) {
                    values.push(value);
                }
            }
            Plane { columns: n, rows, values }
        };
        Self {
            front: plane(layers, &|layer, x| (layer * n + middle) * n + x),
            side: plane(layers, &|layer, y| (layer * n + y) * n + middle),
            en_face: en_face.iter().map(|&layer| (layer, plane(n, &|y, x| (layer * n + y) * n + x))).collect(),
            epidermis_front: epidermis[middle * n..(middle + 1) * n].to_vec(),
            epidermis_side: epidermis.iter().skip(middle).step_by(n).copied().collect(),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planes_are_cut_where_they_say() {
        let grid = Grid { n: 4, spacing_um: 25.0, depth_edges_um: vec![0.0, 10.0, 30.0, 60.0] };
        let values = vec![(0..48).map(|i| i as f32).collect(); FIELDS.len()];
        let fields = PatchFields {
            day: 1.0,
            since_session: Some(1.0),
            grid,
            first_dermal_layer: 1,
            values,
            epidermis_factor: (0..16).map(|i| i as f32).collect(),
            epidermal_wound: 0.5,
        };
        let view = fields.view(&[2]);
        assert_eq!(view.front.values[0][4..8], [24.0, 25.0, 26.0, 27.0], "layer 1, y = 2");
        assert_eq!(view.side.values[0][4..8], [18.0, 22.0, 26.0, 30.0], "layer 1, x = 2");
        assert_eq!(view.en_face[0].1.values[0], fields.values[0][32..48]);
        assert_eq!(view.epidermis_front, [8.0, 9.0, 10.0, 11.0]);
        assert_eq!(view.epidermis_side, [2.0, 6.0, 10.0, 14.0]);
        assert_eq!(fields.get("elastin").unwrap()[5], 5.0);
    }
}
