//! Where the solver keeps its values: columns by colour of a chessboard, so that all columns of one colour can be
//! solved side by side.
//!
//! Order `[colour][y][layer][x / 2]`. Column (x, y) is red (0) where x + y is even, else black (1). Neighbours of a
//! red column are black: those in the rows before and behind have the same x / 2, those beside it the same x / 2 and
//! one less (in rows where its x is even) or one more. A row of one colour lies together with all its layers, padded to
//! whole [`Lanes`]; what pads it is zero and tied to nothing.

/// Neighbouring columns of one colour: what is computed at once.
pub(super) type Lanes = [f64; LANES];

/// Columns in [`Lanes`].
pub(super) const LANES: usize = 8;

/// Shape of a field in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    /// Columns along one side.
    pub(super) n: usize,
    pub(super) layers: usize,
    /// Lanes in one row of one colour and layer.
    pub(super) width: usize,
}

impl Layout {
    pub(super) fn new(n: usize, layers: usize) -> Self {
        Self { n, layers, width: n.div_ceil(2).div_ceil(LANES) }
    }

    /// Lanes in a row of one colour, all layers.
    pub(super) fn row(self) -> usize {
        self.layers * self.width
    }

    /// Lanes in a colour.
    pub(super) fn colour(self) -> usize {
        self.n * self.row()
    }

    /// Lanes in a field.
    pub(super) fn lanes(self) -> usize {
        2 * self.colour()
    }

    /// Values, with the padding.
    pub(super) fn values(self) -> usize {
        self.lanes() * LANES
    }

    /// Place of a voxel among the values.
    #[inline(always)]
    pub(super) fn at(self, x: usize, y: usize, layer: usize) -> usize {
        (((x + y) % 2 * self.n + y) * self.layers + layer) * self.width * LANES + x / 2
    }

    /// Place of a voxel among the values of one colour.
    #[inline(always)]
    pub(super) fn within(self, slot: usize, y: usize, layer: usize) -> usize {
        (y * self.layers + layer) * self.width * LANES + slot
    }

    /// Brings a field `[layer][y][x]` into this order; `of` computes each value from its layer and the value given.
    pub(super) fn bring(self, field: &[f64], to: &mut [Lanes], of: impl Fn(usize, f64) -> f64) {
        let to = to.as_flattened_mut();
        for (row, values) in field.chunks_exact(self.n).enumerate() {
            let (layer, y) = (row / self.n, row % self.n);
            for (first, from) in [(0, values), (1, &values[1..])] {
                let start = self.at(first, y, layer);
                to[start..].iter_mut().zip(from.iter().step_by(2)).for_each(|(to, &v)| *to = of(layer, v));
            }
        }
    }

    /// The way back.
    pub(super) fn fetch(self, from: &[Lanes], field: &mut [f64]) {
        let from = from.as_flattened();
        for (row, values) in field.chunks_exact_mut(self.n).enumerate() {
            let (layer, y) = (row / self.n, row % self.n);
            for first in 0..2.min(self.n) {
                let start = self.at(first, y, layer);
                values[first..].iter_mut().step_by(2).zip(&from[start..]).for_each(|(v, &from)| *v = from);
            }
        }
    }
}
