//! One level of the hierarchy: conductances between columns, and the factors of each column.

use super::layout::{LANES, Lanes, Layout};
use super::lines::{Rows, neighbours};
use crate::tissue::parallel::for_each_row;
use crate::tissue::vector::Vector;

/// The symmetric matrix `s C + L + A` of one level, where `A` are the differences between neighbours, and its columns
/// factored. Everything is by area of a column of the finest level.
pub(super) struct Level {
    pub(super) layout: Layout,
    pub(super) periodic: bool,
    /// Conductances from each red voxel to its black neighbours: the one beside it at the same place of its row, the
    /// one on the other side, the one in the row before, the one in the row behind.
    pub(super) links: [Vec<Lanes>; 4],
    /// Conductance between the two ends of each row, `[y][layer]`: the block repeats itself.
    pub(super) wrap: Vec<f64>,
    /// Conductance between the first and the last row where they have the same colour (a block that repeats itself
    /// after an odd number of columns), `[colour][layer]`. Such neighbours wait for each other one sweep.
    pub(super) seam: Vec<Lanes>,
    /// Conductance to the voxel below.
    pub(super) down: Vec<Lanes>,
    /// Conductance of the first and the last voxel of each column to the baths, `[colour][y]`.
    pub(super) ends: [Vec<Lanes>; 2],
    /// `s C + L`.
    pub(super) own: Vec<Lanes>,
    /// Diagonal of the matrix.
    pub(super) diagonal: Vec<Lanes>,
    /// Reciprocal pivots of each column, and what a voxel gets of the one above or below.
    pub(super) inverse: Vec<Lanes>,
    pub(super) share: Vec<Lanes>,
    /// Diagonal of the baths; infinite if a bath is held, so that nothing moves it.
    pub(super) baths: [f64; 2],
    /// Pivot of the lower bath below the one column of the coarsest level.
    alone: f64,
    /// Right side and solution of a cycle at this level.
    pub(super) right: Vec<Lanes>,
    pub(super) field: Vec<Lanes>,
    /// First and last row of one colour as they were before a sweep, if there is a seam.
    pub(super) before: Vec<Lanes>,
    /// One sum for each row of each colour.
    pub(super) sums: Vec<f64>,
    /// First column along a side of each group that becomes one on the next level, and the end; empty on the last.
    pub(super) groups: Vec<usize>,
    /// Group of each column along a side.
    pub(super) group: Vec<usize>,
}

/// Place in [`Level::links`].
pub(super) const SAME: usize = 0;
pub(super) const OTHER: usize = 1;
pub(super) const FRONT: usize = 2;
pub(super) const BEHIND: usize = 3;

/// Where a conductance between two columns is kept.
enum Spot {
    Link(usize, usize),
    Wrap(usize),
    Seam(usize),
}

impl Level {
    pub(super) fn new(layout: Layout, periodic: bool) -> Self {
        let whole = || vec![[0.0; LANES]; layout.lanes()];
        let half = || vec![[0.0; LANES]; layout.colour()];
        let around = periodic && layout.n > 1;
        let seam = around && layout.n % 2 == 1;
        Self {
            layout,
            periodic,
            links: [half(), half(), half(), half()],
            wrap: vec![0.0; if around { layout.n * layout.layers } else { 0 }],
            seam: vec![[0.0; LANES]; if seam { 2 * layout.row() } else { 0 }],
            down: whole(),
            ends: [0, 1].map(|_| vec![[0.0; LANES]; 2 * layout.n * layout.width]),
            own: whole(),
            diagonal: whole(),
            inverse: whole(),
            share: whole(),
            baths: [f64::INFINITY; 2],
            alone: 1.0,
            right: whole(),
            field: whole(),
            before: vec![[0.0; LANES]; if seam { 2 * layout.row() } else { 0 }],
            sums: vec![0.0; 2 * layout.n],
            groups: Vec::new(),
            group: Vec::new(),
        }
    }

    /// Place of the conductance between (x, y) and its neighbour at x + 1 or, `along_y`, y + 1.
    #[inline(always)]
    fn spot(&self, x: usize, y: usize, layer: usize, along_y: bool) -> Spot {
        let l = self.layout;
        if !along_y {
            return if x + 1 == l.n {
                Spot::Wrap(y * l.layers + layer)
            } else if x.is_multiple_of(2) {
                Spot::Link(SAME, l.within(x / 2, y, layer))
            } else {
                Spot::Link(OTHER, l.within(if y.is_multiple_of(2) { x.div_ceil(2) } else { x / 2 }, y, layer))
            };
        }
        if y + 1 == l.n && l.n % 2 == 1 {
            Spot::Seam((x % 2 * l.layers + layer) * l.width * LANES + x / 2)
        } else if (x + y).is_multiple_of(2) {
            Spot::Link(BEHIND, l.within(x / 2, y, layer))
        } else {
            Spot::Link(FRONT, l.within(x / 2, (y + 1) % l.n, layer))
        }
    }

    /// Whether column `i` along a side has a neighbour at `i + 1`.
    pub(super) fn joined(&self, i: usize) -> bool {
        i + 1 < self.layout.n || (self.periodic && self.layout.n > 1)
    }

    pub(super) fn link(&self, x: usize, y: usize, layer: usize, along_y: bool) -> f64 {
        match self.spot(x, y, layer, along_y) {
            Spot::Link(i, at) => self.links[i].as_flattened()[at],
            Spot::Wrap(at) => self.wrap[at],
            Spot::Seam(at) => self.seam.as_flattened()[at],
        }
    }

    pub(super) fn link_mut(&mut self, x: usize, y: usize, layer: usize, along_y: bool) -> &mut f64 {
        match self.spot(x, y, layer, along_y) {
            Spot::Link(i, at) => &mut self.links[i].as_flattened_mut()[at],
            Spot::Wrap(at) => &mut self.wrap[at],
            Spot::Seam(at) => &mut self.seam.as_flattened_mut()[at],
        }
    }

    /// Eliminates each column, with what `own` holds. Pivots are sums, never differences. `baths` are the `s C` of the
    /// baths, infinite for one that is held.
    pub(super) fn factor(&mut self, baths: [f64; 2], parallel: bool, vector: Vector) {
        let l = self.layout;
        // The sum of all conductances to neighbours is what they give where all are 1.
        self.field.fill([1.0; LANES]);
        self.before.fill([1.0; LANES]);
        let mut diagonal = std::mem::take(&mut self.diagonal);
        let level = &*self;
        let (ones, _) = level.field.split_at(l.colour());
        for (colour, values) in diagonal.chunks_exact_mut(l.colour()).enumerate() {
            for_each_row(values, l.row(), parallel, |y, row| {
                let rows = Rows::new(level, colour, y);
                vector.run(
                    #[inline(always)]
                    || neighbours(rows, ones, &ones[..l.row()], &level.before, row),
                );
            });
        }
        let (mut inverse, mut share) = (std::mem::take(&mut self.inverse), std::mem::take(&mut self.share));
        // With one column the baths belong to it.
        let alone = l.n == 1;
        let ends = [0, 1].map(|side| self.ends[side][0][0]);
        let unknown = baths.map(|own| alone && own.is_finite());
        self.baths = [0, 1].map(|side| baths[side] + self.ends[side].as_flattened().iter().sum::<f64>());
        let top = if unknown[0] { ends[0] * (baths[0] / self.baths[0]) } else { ends[0] };
        let rows = diagonal.chunks_exact_mut(l.row()).zip(inverse.chunks_exact_mut(l.row()).zip(share.chunks_exact_mut(l.row())));
        for (line, (diagonal, (inverse, share))) in rows.enumerate() {
            let (own, down) = (&self.own[line * l.row()..][..l.row()], &self.down[line * l.row()..][..l.row()]);
            for k in 0..l.width {
                let end = [0, 1].map(|side| self.ends[side][line * l.width + k]);
                let mut carried = [0.0; LANES];
                for layer in 0..l.layers {
                    let i = layer * l.width + k;
                    let (first, last) = (layer == 0, layer + 1 == l.layers);
                    for j in 0..LANES {
                        let outside = [if first { end[0][j] } else { 0.0 }, if last { end[1][j] } else { 0.0 }];
                        let above = if first { 0.0 } else { down[i - l.width][j] };
                        let own = diagonal[i][j] + own[i][j];
                        diagonal[i][j] = own + above + down[i][j] + outside[0] + outside[1];
                        let below = if last && unknown[1] { outside[1] } else { down[i][j] };
                        let excess =
                            own + carried[j] + if alone && first { top } else { outside[0] } + if unknown[1] { 0.0 } else { outside[1] };
                        // What pads a row is tied to nothing.
                        let pivot = excess + below;
                        inverse[i][j] = if pivot > 0.0 { 1.0 / pivot } else { 0.0 };
                        share[i][j] = below * inverse[i][j];
                        carried[j] = share[i][j] * excess;
                    }
                }
                if unknown[1] && line == 0 {
                    self.alone = baths[1] + carried[0];
                }
            }
        }
        (self.diagonal, self.inverse, self.share) = (diagonal, inverse, share);
    }

    /// Solves a block of one column, with its baths.
    pub(super) fn solve_alone(&mut self, right: [f64; 2]) -> ([f64; 2], f64) {
        let l = self.layout;
        let ends = [0, 1].map(|side| self.ends[side][0][0]);
        let unknown = self.baths.map(f64::is_finite);
        let mut above = if unknown[0] { ends[0] / self.baths[0] * right[0] } else { 0.0 };
        for layer in 0..l.layers {
            self.field[layer][0] = self.right[layer][0] + above;
            above = self.share[layer][0] * self.field[layer][0];
        }
        let bottom = if unknown[1] { (right[1] + above) / self.alone } else { 0.0 };
        let (mut below, mut sum) = (bottom, 0.0);
        for layer in (0..l.layers).rev() {
            below = self.field[layer][0] * self.inverse[layer][0] + self.share[layer][0] * below;
            self.field[layer][0] = below;
            sum += below * self.right[layer][0];
        }
        let top = if unknown[0] { (right[0] + ends[0] * below) / self.baths[0] } else { 0.0 };
        ([top, bottom], sum + top * right[0] + bottom * right[1])
    }

    /// Conductances to the baths times a field, summed.
    pub(super) fn to_baths(&self, field: &[Lanes]) -> [f64; 2] {
        let l = self.layout;
        [0, 1].map(|side| {
            if self.baths[side].is_infinite() {
                return 0.0;
            }
            let first = if side == 0 { 0 } else { (l.layers - 1) * l.width };
            let mut sums = [0.0; LANES];
            for (ends, row) in self.ends[side].chunks_exact(l.width).zip(field.chunks_exact(l.row())) {
                for (g, v) in ends.iter().zip(&row[first..]) {
                    (0..LANES).for_each(|j| sums[j] += g[j] * v[j]);
                }
            }
            sums.iter().sum()
        })
    }
}
