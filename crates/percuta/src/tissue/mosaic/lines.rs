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
        let at = |link: &'a [Lanes]| &link[layer * width..][..width];
        Self {
            links: [at(rows.links[0]), at(rows.links[1]), at(rows.links[2]), at(rows.links[3])],
            beside: of(rows.y),
            front: of(rows.front),
            behind: of(rows.behind),
        }
    }

    /// What eight columns get: conductances times values. `BACK`: the neighbour on the other side is one place back.
    ///
    /// Loops over arrays, here and below, are written out: the closures of iterators are not always inlined, and then not
    /// compiled for the wide vectors.
    #[inline(always)]
    fn get<const RED: bool, const BACK: bool>(self, k: usize) -> Lanes {
        let (v, c) = (&self.beside[k], &self.links[OTHER][k]);
        let next = if BACK { k.wrapping_sub(1) } else { k + 1 };
        let (mut value, mut link) = (0.0, 0.0);
        if next < self.beside.len() {
            let end = if BACK { LANES - 1 } else { 0 };
            (value, link) = (self.beside[next][end], self.links[OTHER][next][end]);
        }
        let mut side = [0.0; LANES];
        let values = shifted::<BACK>(v, value);
        // Red owns the conductance, so for black it moves along with the value.
        let links = if RED { *c } else { shifted::<BACK>(c, link) };
        for j in 0..LANES {
            side[j] = links[j] * values[j];
        }
        let (same, front, behind) = (&self.links[SAME][k], &self.links[FRONT][k], &self.links[BEHIND][k]);
        let (before, after) = (&self.front[k], &self.behind[k]);
        for j in 0..LANES {
            side[j] = (same[j] * v[j] + side[j]) + (front[j] * before[j] + behind[j] * after[j]);
        }
        side
    }
}

/// `a + b c`. Whole values, not places: then nothing that is written can be what is still to be read.
#[inline(always)]
pub(super) fn plus(mut a: Lanes, b: Lanes, c: Lanes) -> Lanes {
    for j in 0..LANES {
        a[j] += b[j] * c[j];
    }
    a
}

#[inline(always)]
fn times(mut a: Lanes, b: Lanes) -> Lanes {
    for j in 0..LANES {
        a[j] *= b[j];
    }
    a
}

/// Values one place on, or one back, with what comes in at the end.
#[inline(always)]
fn shifted<const BACK: bool>(v: &Lanes, edge: f64) -> Lanes {
    if BACK { [edge, v[0], v[1], v[2], v[3], v[4], v[5], v[6]] } else { [v[1], v[2], v[3], v[4], v[5], v[6], v[7], edge] }
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
            out[k] = plus(out[k], g, v);
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
        for (k, out) in out.iter_mut().enumerate() {
            *out = around.get::<RED, BACK>(k);
        }
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
                *out = plus(around.get::<RED, BACK>(k), *right, [1.0; LANES]);
            }
            around_the_block(rows, layer, ends, before, out);
        } else {
            out.copy_from_slice(right);
        }
        if let Some(above) = layer.checked_sub(1) {
            let (share, above) = (&rows.share[above * w..][..w], &done[above * w..]);
            for ((out, share), above) in out.iter_mut().zip(share).zip(above) {
                *out = plus(*out, *share, *above);
            }
        }
        for (side, at) in [(0, 0), (1, l.layers - 1)] {
            if layer == at && baths[side] != 0.0 {
                for (out, g) in out.iter_mut().zip(rows.ends[side]) {
                    *out = plus(*out, *g, [baths[side]; LANES]);
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
                *out = times(*out, *inverse);
            }
        } else {
            for (((out, inverse), share), below) in out.iter_mut().zip(inverse).zip(share).zip(&done[..w]) {
                *out = plus(times(*out, *inverse), *share, *below);
            }
        }
        for (out, right) in out.iter().zip(right) {
            sums = plus(sums, *out, *right);
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
                *out = plus(*out, *g, *v);
            }
        }
        if layer + 1 < l.layers {
            for ((out, g), v) in out.iter_mut().zip(&rows.down[at(layer)]).zip(&own[at(layer + 1)]) {
                *out = plus(*out, *g, *v);
            }
        }
        for (side, end) in [(0, 0), (1, l.layers - 1)] {
            if layer == end && baths[side] != 0.0 {
                for (out, g) in out.iter_mut().zip(rows.ends[side]) {
                    *out = plus(*out, *g, [baths[side]; LANES]);
                }
            }
        }
        for ((out, diagonal), v) in out.iter_mut().zip(&rows.diagonal[at(layer)]).zip(&own[at(layer)]) {
            *out = plus(times(*diagonal, *v), *out, [-1.0; LANES]);
            sums = plus(sums, *out, *v);
        }
    }
    sums.iter().sum()
}
