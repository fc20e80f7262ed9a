//! The explicit side of a step: `right = dt (∇·(D∇c) - k c + s)`, one layer at a time.

use super::sweep::Beyond;

/// Coefficients of one layer, all times the step.
#[derive(Clone, Copy, Default)]
pub(super) struct Balance {
    /// Diffusivity by the square of the spacing.
    pub(super) lateral: f64,
    /// Conductance of the faces above and below by the thickness.
    pub(super) above: f64,
    pub(super) below: f64,
    pub(super) decay: f64,
    /// From concentration to potential: 1 / K.
    pub(super) potential: f64,
}

/// A field and its production (or nothing), whole.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) n: usize,
    pub(super) periodic: bool,
    pub(super) field: &'a [f64],
    pub(super) source: &'a [f64],
    pub(super) dt: f64,
    pub(super) beyond: Beyond,
}

/// Writes rows of layer `l` of the right side, from row `first` on. Differences, not sums: what one voxel gives its neighbour gets to the last bit.
#[inline(always)]
pub(super) fn balance(l: usize, first: usize, of: Fields<'_>, layers: &[Balance], right: &mut [f64]) {
    let (n, plane) = (of.n, of.n * of.n);
    let layer = |l: usize| &of.field[l * plane..][..plane];
    let here = layer(l);
    // Beyond top and bottom: a row of one value, in the "potential 1" phase.
    let (above, above_potential) = if l > 0 { (layer(l - 1), layers[l - 1].potential) } else { (here, 0.0) };
    let (below, below_potential) = if l + 1 < layers.len() { (layer(l + 1), layers[l + 1].potential) } else { (here, 0.0) };
    let b = layers[l];
    let (above_rest, below_rest) = (if l > 0 { 0.0 } else { of.beyond.top }, if l + 1 < layers.len() { 0.0 } else { of.beyond.bottom });
    let far = |y: usize, forward: bool| match (forward, of.periodic) {
        (false, _) if y > 0 => y - 1,
        (true, _) if y + 1 < n => y + 1,
        (false, true) => n - 1,
        (true, true) => 0,
        _ => y,
    };
    for (y, out) in (first..).zip(right.chunks_exact_mut(n)) {
        let row = |plane: &'_ [f64], y: usize| -> std::ops::Range<usize> { y * n..(y * n + n).min(plane.len()) };
        let c = &here[row(here, y)];
        let (back, front) = (&here[row(here, far(y, false))], &here[row(here, far(y, true))]);
        let (up, down) = (&above[row(above, y)], &below[row(below, y)]);
        let at = |c: f64, left: f64, right: f64, back: f64, front: f64, up: f64, down: f64| {
            let u = b.potential * c;
            let lateral = ((left - c) + (right - c)) + ((back - c) + (front - c));
            let depth = b.above * (up * above_potential + above_rest - u) + b.below * (down * below_potential + below_rest - u);
            b.lateral * lateral + depth - b.decay * c
        };
        let ends = [0, n - 1];
        for x in ends {
            out[x] = at(c[x], c[far(x, false)], c[far(x, true)], back[x], front[x], up[x], down[x]);
        }
        if n > 2 {
            let inner = |row: &'_ [f64]| -> std::ops::Range<usize> { 1..row.len() - 1 };
            let (left, right) = (&c[..n - 2], &c[2..]);
            let (back, front) = (&back[inner(back)], &front[inner(front)]);
            let (up, down) = (&up[inner(up)], &down[inner(down)]);
            let lateral = left.iter().zip(right).zip(back.iter().zip(front));
            let rest = c[1..].iter().zip(up.iter().zip(down));
            for ((out, ((left, right), (back, front))), (c, (up, down))) in out[1..n - 1].iter_mut().zip(lateral).zip(rest) {
                *out = at(*c, *left, *right, *back, *front, *up, *down);
            }
        }
        if !of.source.is_empty() {
            let source = &of.source[l * plane + y * n..][..n];
            for (out, s) in out.iter_mut().zip(source) {
                *out += of.dt * s;
            }
        }
    }
}
