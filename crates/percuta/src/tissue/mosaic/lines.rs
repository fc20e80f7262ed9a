//! The loops over rows: neighbours, the matrix, and columns solved side by side.

use super::layout::{LANES, Lanes, Layout};
use super::level::{BEHIND, FRONT, Level, OTHER, SAME};

/// What a row of one colour meets.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a> {
    layout: Layout,
    y: usize,
    red: bool,
    /// Conductances beside, on the other side, to the row in front and to that behind.
    links: [&'a [Lanes]; 4],
    /// Places of the rows in front and behind.
    front: usize,
    behind: usize,
    wrap: &'a [f64],
    /// Conductance to the far row of the same colour, and which of the two rows kept it is.
    seam: &'a [Lanes],
    far: usize,
    down: &'a [Lanes],
    ends: [&'a [Lanes]; 2],
    diagonal: &'a [Lanes],
    inverse: &'a [Lanes],
    share: &'a [Lanes],
}

impl<'a> Rows<'a> {
    pub(super) fn new(level: &'a Level, colour: usize, y: usize) -> Self {
        let l = level.layout;
        let row = l.row();
        let (front, behind) = ((y + l.n - 1) % l.n, (y + 1) % l.n);
        let link = |i: usize, y: usize| &level.links[i][y * row..][..row];
        let red = colour == 0;
        let of =
            |values: &'a [Lanes], length: usize| values.get((colour * l.n + y) * length..).and_then(|v| v.get(..length)).unwrap_or(&[]);
        let edge = (y == 0 || y + 1 == l.n) && !level.seam.is_empty();
        Self {
            layout: l,
            y,
            red,
            links: if red {
                [link(SAME, y), link(OTHER, y), link(FRONT, y), link(BEHIND, y)]
            } else {
                [link(SAME, y), link(OTHER, y), link(BEHIND, front), link(FRONT, behind)]
            },
            front,
            behind,
            wrap: level.wrap.get(y * l.layers..).and_then(|w| w.get(..l.layers)).unwrap_or(&[]),
            seam: if edge { &level.seam[colour * row..][..row] } else { &[] },
            far: usize::from(y == 0),
            down: of(&level.down, row),
            ends: [0, 1].map(|side| of(&level.ends[side], l.width)),
            diagonal: of(&level.diagonal, row),
            inverse: of(&level.inverse, row),
            share: of(&level.share, row),
        }
    }
}

/// Rows of the other colour that a row meets: beside, in front, behind.
#[derive(Clone, Copy)]
struct Around<'a> {
    links: [&'a [Lanes]; 4],
    beside: &'a [Lanes],
    front: &'a [Lanes],
    behind: &'a [Lanes],
}

impl<'a> Around<'a> {
    /// One layer of them.
    #[inline(always)]
    fn layer(rows: Rows<'a>, other: &'a [Lanes], layer: usize) -> Self {
        let (row, width) = (rows.layout.row(), rows.layout.width);
        let of = |y: usize| &other[y * row + layer * width..][..width];
        Self {
            links: rows.links.map(|link| &link[layer * width..][..width]),
            beside: of(rows.y),
            front: of(rows.front),
            behind: of(rows.behind),
        }
    }

    /// What eight columns get: conductances times values. `BACK`: the neighbour on the other side is one place back.
    #[inline(always)]
    fn get<const RED: bool, const BACK: bool>(self, k: usize) -> Lanes {
        let (v, c) = (self.beside[k], self.links[OTHER][k]);
        // Red owns the conductance, so for black it moves along with the value.
        let moved: Lanes = if RED { v } else { std::array::from_fn(|j| c[j] * v[j]) };
        let next = if BACK { k.checked_sub(1) } else { (k + 1 < self.beside.len()).then_some(k + 1) };
        let end = if BACK { LANES - 1 } else { 0 };
        let edge = next.map_or(0.0, |m| if RED { self.beside[m][end] } else { self.links[OTHER][m][end] * self.beside[m][end] });
        let shifted: Lanes = std::array::from_fn(|j| {
            if BACK {
                if j > 0 { moved[j - 1] } else { edge }
            } else if j + 1 < LANES {
                moved[j + 1]
            } else {
                edge
            }
        });
        let (same, front, behind) = (self.links[SAME][k], self.links[FRONT][k], self.links[BEHIND][k]);
        let (before, after) = (self.front[k], self.behind[k]);
        std::array::from_fn(|j| {
            let side = if RED { c[j] * shifted[j] } else { shifted[j] };
            (same[j] * v[j] + side) + (front[j] * before[j] + behind[j] * after[j])
        })
    }
}

/// Values at the two ends of a row that are neighbours around the block: both in the row itself if the number of
/// columns is odd, both in that of the other colour if it is even.
#[inline(always)]
fn both_ends(l: Layout, layer: &[Lanes]) -> [f64; 2] {
    let last = (l.n - 1) / 2;
    [layer[0][0], layer[last / LANES][last % LANES]]
}

/// Adds to one layer of a row what comes around the block.
#[inline(always)]
fn around_the_block(rows: Rows<'_>, layer: usize, ends: [f64; 2], before: &[Lanes], out: &mut [Lanes]) {
    let l = rows.layout;
    if !rows.wrap.is_empty() {
        let (g, last, colour) = (rows.wrap[layer], (l.n - 1) / 2, usize::from(!rows.red));
        if rows.y % 2 == colour {
            out[0][0] += g * ends[1];
        }
        if (l.n - 1 + rows.y) % 2 == colour {
            out[last / LANES][last % LANES] += g * ends[0];
        }
    }
    if !rows.seam.is_empty() {
        let at = layer * l.width;
        for k in 0..l.width {
            let (g, v) = (rows.seam[at + k], before[rows.far * l.row() + at + k]);
            (0..LANES).for_each(|j| out[k][j] += g[j] * v[j]);
        }
    }
}

macro_rules! by_shift {
    ($rows:expr, $f:ident ( $($argument:expr),* )) => {
        match ($rows.red, $rows.red == ($rows.y % 2 == 0)) {
            (true, true) => $f::<true, true>($($argument),*),
            (true, false) => $f::<true, false>($($argument),*),
            (false, true) => $f::<false, true>($($argument),*),
            (false, false) => $f::<false, false>($($argument),*),
        }
    };
}

/// What neighbours give to a row. `own` is the row itself.
#[inline(always)]
pub(super) fn neighbours(rows: Rows<'_>, other: &[Lanes], own: &[Lanes], before: &[Lanes], out: &mut [Lanes]) {
    by_shift!(rows, neighbours_of(rows, other, own, before, out));
}

#[inline(always)]
fn neighbours_of<const RED: bool, const BACK: bool>(rows: Rows<'_>, other: &[Lanes], own: &[Lanes], before: &[Lanes], out: &mut [Lanes]) {
    let l = rows.layout;
    for (layer, (out, own)) in out.chunks_exact_mut(l.width).zip(own.chunks_exact(l.width)).enumerate() {
        let around = Around::layer(rows, other, layer);
        out.iter_mut().enumerate().for_each(|(k, out)| *out = around.get::<RED, BACK>(k));
        let ends = both_ends(l, if l.n % 2 == 1 { own } else { around.beside });
        around_the_block(rows, layer, ends, before, out);
    }
}

/// What neighbours of the same colour give: those that wait for each other.
#[inline(always)]
pub(super) fn waiting_neighbours(rows: Rows<'_>, own: &[Lanes], before: &[Lanes], out: &mut [Lanes]) {
    let l = rows.layout;
    for (layer, (out, own)) in out.chunks_exact_mut(l.width).zip(own.chunks_exact(l.width)).enumerate() {
        out.fill([0.0; LANES]);
        around_the_block(rows, layer, both_ends(l, own), before, out);
    }
}

/// Solves the columns of a row, whose neighbours have the values `other` (or none) and whose baths have `baths`.
/// Returns the product of `right` and the solution.
#[inline(always)]
pub(super) fn solve(rows: Rows<'_>, other: Option<&[Lanes]>, before: &[Lanes], baths: [f64; 2], right: &[Lanes], out: &mut [Lanes]) -> f64 {
    by_shift!(rows, solve_of(rows, other, before, baths, right, out))
}

#[inline(always)]
fn solve_of<const RED: bool, const BACK: bool>(
    rows: Rows<'_>,
    other: Option<&[Lanes]>,
    before: &[Lanes],
    baths: [f64; 2],
    right: &[Lanes],
    out: &mut [Lanes],
) -> f64 {
    let (l, w) = (rows.layout, rows.layout.width);
    for layer in 0..l.layers {
        let (done, rest) = out.split_at_mut(layer * w);
        let (out, right) = (&mut rest[..w], &right[layer * w..][..w]);
        if let Some(other) = other {
            let around = Around::layer(rows, other, layer);
            let ends = both_ends(l, if l.n % 2 == 1 { out } else { around.beside });
            for (k, (out, right)) in out.iter_mut().zip(right).enumerate() {
                let got = around.get::<RED, BACK>(k);
                *out = std::array::from_fn(|j| right[j] + got[j]);
            }
            around_the_block(rows, layer, ends, before, out);
        } else {
            out.copy_from_slice(right);
        }
        if let Some(above) = layer.checked_sub(1) {
            let (share, above) = (&rows.share[above * w..][..w], &done[above * w..]);
            for ((out, share), above) in out.iter_mut().zip(share).zip(above) {
                (0..LANES).for_each(|j| out[j] += share[j] * above[j]);
            }
        }
        for (side, at) in [(0, 0), (1, l.layers - 1)] {
            if layer == at && baths[side] != 0.0 {
                for (out, g) in out.iter_mut().zip(rows.ends[side]) {
                    (0..LANES).for_each(|j| out[j] += g[j] * baths[side]);
                }
            }
        }
    }
    let mut sums = [0.0; LANES];
    for layer in (0..l.layers).rev() {
        let (rest, done) = out.split_at_mut((layer + 1) * w);
        let (out, at) = (&mut rest[layer * w..], layer * w..(layer + 1) * w);
        let (inverse, share, right) = (&rows.inverse[at.clone()], &rows.share[at.clone()], &right[at]);
        if done.is_empty() {
            for (out, inverse) in out.iter_mut().zip(inverse) {
                (0..LANES).for_each(|j| out[j] *= inverse[j]);
            }
        } else {
            for (((out, inverse), share), below) in out.iter_mut().zip(inverse).zip(share).zip(&done[..w]) {
                (0..LANES).for_each(|j| out[j] = out[j] * inverse[j] + share[j] * below[j]);
            }
        }
        for (out, right) in out.iter().zip(right) {
            (0..LANES).for_each(|j| sums[j] += out[j] * right[j]);
        }
    }
    sums.iter().sum()
}

/// The matrix times a row of `values` (both colours of them given), and the product of both.
#[inline(always)]
pub(super) fn apply(rows: Rows<'_>, other: &[Lanes], own: &[Lanes], before: &[Lanes], baths: [f64; 2], out: &mut [Lanes]) -> f64 {
    by_shift!(rows, apply_of(rows, other, own, before, baths, out))
}

#[inline(always)]
fn apply_of<const RED: bool, const BACK: bool>(
    rows: Rows<'_>,
    other: &[Lanes],
    own: &[Lanes],
    before: &[Lanes],
    baths: [f64; 2],
    out: &mut [Lanes],
) -> f64 {
    let (l, w) = (rows.layout, rows.layout.width);
    neighbours_of::<RED, BACK>(rows, other, own, before, out);
    let mut sums = [0.0; LANES];
    for (layer, out) in out.chunks_exact_mut(w).enumerate() {
        let at = |layer: usize| layer * w..(layer + 1) * w;
        if let Some(above) = layer.checked_sub(1) {
            for ((out, g), v) in out.iter_mut().zip(&rows.down[at(above)]).zip(&own[at(above)]) {
                (0..LANES).for_each(|j| out[j] += g[j] * v[j]);
            }
        }
        if layer + 1 < l.layers {
            for ((out, g), v) in out.iter_mut().zip(&rows.down[at(layer)]).zip(&own[at(layer + 1)]) {
                (0..LANES).for_each(|j| out[j] += g[j] * v[j]);
            }
        }
        for (side, end) in [(0, 0), (1, l.layers - 1)] {
            if layer == end && baths[side] != 0.0 {
                for (out, g) in out.iter_mut().zip(rows.ends[side]) {
                    (0..LANES).for_each(|j| out[j] += g[j] * baths[side]);
                }
            }
        }
        for ((out, diagonal), v) in out.iter_mut().zip(&rows.diagonal[at(layer)]).zip(&own[at(layer)]) {
            for j in 0..LANES {
                out[j] = diagonal[j] * v[j] - out[j];
                sums[j] += out[j] * v[j];
            }
        }
    }
    sums.iter().sum()
}
