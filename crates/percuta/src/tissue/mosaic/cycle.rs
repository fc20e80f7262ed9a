//! The preconditioner: one symmetric multigrid cycle that coarsens columns but never layers.
//!
//! Smoother: the baths, all red columns, all black columns, each column exactly; on the way back in reverse order.
//! Black columns are in balance after the first half, so only what red ones still need is handed down, and only red ones
//! take what comes back. Groups of 2 x 2 columns become one: vertical conductances, capacities and losses add up, lateral
//! ones add up and are divided by the distance of the groups' middles. (Added up only, as Galerkin's product has it,
//! they would be twice too large, because what comes back is constant in a group.) The cycle stays symmetric and
//! positive whatever the coarse matrices are, as long as they are.

use super::layout::{LANES, Lanes, Layout};
use super::level::Level;
use super::lines::{Rows, neighbours, solve, waiting_neighbours};
use crate::tissue::parallel::{Scratch, for_each_pair, for_each_row};
use crate::tissue::vector::Vector;

/// How a level is computed.
#[derive(Clone, Copy)]
pub(super) struct Means<'a> {
    pub(super) vector: Vector,
    /// Number of values from which a level is shared among threads.
    pub(super) parallel_from: usize,
    /// A row of the finest level for each thread.
    pub(super) rows: &'a Scratch<Vec<Lanes>>,
}

impl Means<'_> {
    pub(super) fn parallel(self, layout: Layout) -> bool {
        layout.values() >= self.parallel_from
    }
}

/// All levels below a finest one.
pub(super) fn levels(finest: Layout, periodic: bool) -> Vec<Level> {
    let mut levels = vec![Level::new(finest, periodic)];
    let mut n = finest.n;
    while n > 1 {
        let half = n.div_ceil(2);
        // An odd number of columns that repeat has a seam; a group of three does less harm.
        let coarse = if periodic && half > 1 { half - half % 2 } else { half };
        if let Some(level) = levels.last_mut() {
            level.groups = (0..=coarse).map(|i| i * n / coarse).collect();
            level.group = (0..coarse).flat_map(|i| std::iter::repeat_n(i, (i + 1) * n / coarse - i * n / coarse)).collect();
        }
        levels.push(Level::new(Layout::new(coarse, finest.layers), periodic));
        n = coarse;
    }
    levels
}

/// Conductances of `coarse` from those of `fine`.
pub(super) fn coarsen(fine: &Level, coarse: &mut Level) {
    let (l, half) = (fine.layout, coarse.layout.n > 1);
    coarse.links.iter_mut().for_each(|link| link.fill([0.0; LANES]));
    coarse.wrap.fill(0.0);
    coarse.seam.fill([0.0; LANES]);
    let size = |i: usize| (fine.groups[i + 1] - fine.groups[i]) as f64;
    // Columns along a side whose next neighbour belongs to another group.
    let borders: Vec<(usize, usize, f64)> = (0..l.n)
        .filter(|&i| half && fine.joined(i))
        .map(|i| (i, fine.group[i], fine.group[(i + 1) % l.n]))
        .filter(|&(_, a, b)| a != b)
        .map(|(i, a, b)| (i, a, 2.0 / (size(a) + size(b))))
        .collect();
    for layer in 0..l.layers {
        for j in 0..l.n {
            for &(i, group, part) in &borders {
                *coarse.link_mut(group, fine.group[j], layer, false) += part * fine.link(i, j, layer, false);
                *coarse.link_mut(fine.group[j], group, layer, true) += part * fine.link(j, i, layer, true);
            }
        }
    }
    let Level { down, ends, layout, .. } = coarse;
    sum_groups(fine, *layout, l.layers, &fine.down, down);
    for (fine_ends, ends) in fine.ends.iter().zip(ends) {
        sum_groups(fine, *layout, 1, fine_ends, ends);
    }
}

/// Sums of groups of values `[colour][y][depth][x / 2]`.
pub(super) fn sum_groups(fine: &Level, coarse: Layout, depth: usize, from: &[Lanes], to: &mut [Lanes]) {
    to.fill([0.0; LANES]);
    let (l, to) = (fine.layout, to.as_flattened_mut());
    let rows = from.chunks_exact(depth * l.width).enumerate();
    for (line, row) in rows {
        let (colour, y) = (line / l.n, line % l.n);
        let group = fine.group[y];
        let layout = Layout { layers: depth, ..coarse };
        for (layer, values) in row.chunks_exact(l.width).enumerate() {
            let columns = ((colour + y) % 2..l.n).step_by(2);
            columns.zip(values.as_flattened()).for_each(|(x, v)| to[layout.at(fine.group[x], group, layer)] += v);
        }
    }
}

/// One cycle on `levels[0]`, from its right side and that of the baths to its field and that of the baths. Also the
/// product of right side and solution.
pub(super) fn cycle(levels: &mut [Level], right: [f64; 2], means: Means<'_>) -> ([f64; 2], f64) {
    let Some((level, coarser)) = levels.split_first_mut() else { return ([0.0; 2], 0.0) };
    let Some(coarse) = coarser.first_mut() else { return level.solve_alone(right) };
    let by = |a: [f64; 2], b: [f64; 2]| [a[0] / b[0], a[1] / b[1]];
    let mut baths = by(right, level.baths);
    smooth(level, 0, true, baths, means);
    smooth(level, 1, true, baths, means);
    let left = level.to_baths(&level.field);
    restrict(level, coarse, means);
    let (correction, _) = cycle(coarser, left, means);
    (0..2).for_each(|side| baths[side] += correction[side]);
    if let Some(coarse) = coarser.first() {
        prolong(level, coarse, means);
    }
    smooth(level, 1, false, baths, means);
    smooth(level, 0, false, baths, means);
    let from_field = level.to_baths(&level.field);
    let baths = by([right[0] + from_field[0], right[1] + from_field[1]], level.baths);
    let sum = level.sums.iter().sum::<f64>() + baths[0] * right[0] + baths[1] * right[1];
    (baths, sum)
}

/// Solves all columns of one colour; `fresh`: the colour, and for red the other too, is zero before.
fn smooth(level: &mut Level, colour: usize, fresh: bool, baths: [f64; 2], means: Means<'_>) {
    let (l, row) = (level.layout, level.layout.row());
    let (mut field, mut sums) = (std::mem::take(&mut level.field), std::mem::take(&mut level.sums));
    let (red, black) = field.split_at_mut(l.colour());
    let (own, other) = if colour == 0 { (red, &*black) } else { (black, &*red) };
    let seam = level.periodic && l.n % 2 == 1;
    if seam && fresh {
        own.fill([0.0; LANES]);
    }
    let mut before = std::mem::take(&mut level.before);
    keep_edges(own, row, &mut before);
    let (shared, neighbours) = (&*level, if colour == 0 && fresh { None } else { Some(other) });
    let right = &shared.right[colour * l.colour()..][..l.colour()];
    let sums_of = &mut sums[colour * l.n..][..l.n];
    for_each_pair((own, sums_of), [row, 1], means.parallel(l), |y, out, sum| {
        let rows = Rows::new(shared, colour, y);
        sum[0] = means.vector.run(
            #[inline(always)]
            || solve(rows, neighbours, &before, baths, &right[y * row..][..row], out),
        );
    });
    (level.field, level.sums, level.before) = (field, sums, before);
}

/// Keeps the first and the last row of a colour, if there is a seam between them.
pub(super) fn keep_edges(own: &[Lanes], row: usize, before: &mut [Lanes]) {
    if !before.is_empty() {
        let (first, last) = before.split_at_mut(row);
        first.copy_from_slice(&own[..row]);
        last.copy_from_slice(&own[own.len() - row..]);
    }
}

/// What is left of the right side after the first half of a cycle, summed over groups.
fn restrict(level: &mut Level, coarse: &mut Level, means: Means<'_>) {
    let (l, c, row) = (level.layout, coarse.layout, level.layout.row());
    let colours = if level.periodic && l.n % 2 == 1 { 2 } else { 1 };
    let mut before = std::mem::take(&mut level.before);
    for colour in 0..colours {
        keep_edges(&level.field[colour * l.colour()..][..l.colour()], row, &mut before);
        let (level, before) = (&*level, &before);
        let (red, black) = level.field.split_at(l.colour());
        let (own, other) = if colour == 0 { (red, black) } else { (black, red) };
        let halves = coarse.right.split_at_mut(c.colour());
        for_each_pair(halves, [c.row(); 2], means.parallel(l), |group, first, second| {
            if colour == 0 {
                first.fill([0.0; LANES]);
                second.fill([0.0; LANES]);
            }
            let (first, second) = (first.as_flattened_mut(), second.as_flattened_mut());
            means.rows.with(|left| {
                let left = &mut left[..row];
                for y in level.groups[group]..level.groups[group + 1] {
                    let (rows, own) = (Rows::new(level, colour, y), &own[y * row..][..row]);
                    means.vector.run(
                        #[inline(always)]
                        || {
                            if colour == 0 {
                                neighbours(rows, other, own, before, left);
                            } else {
                                waiting_neighbours(rows, own, before, left);
                            }
                        },
                    );
                    let columns = &level.group[(colour + y) % 2..];
                    for (layer, left) in left.chunks_exact(l.width).enumerate() {
                        let at = layer * c.width * LANES;
                        for (&x, left) in columns.iter().step_by(2).zip(left.as_flattened()) {
                            let to = if (x + group) % 2 == 0 { &mut first[at + x / 2] } else { &mut second[at + x / 2] };
                            *to += left;
                        }
                    }
                }
            });
        });
    }
    level.before = before;
}

/// Adds the correction of each group to its red columns; to black ones only where they wait for each other.
fn prolong(level: &mut Level, coarse: &Level, means: Means<'_>) {
    let (l, c) = (level.layout, coarse.layout);
    let colours = if level.periodic && l.n % 2 == 1 { 2 } else { 1 };
    let mut field = std::mem::take(&mut level.field);
    let shared = &*level;
    for (colour, field) in field.chunks_exact_mut(l.colour()).enumerate().take(colours) {
        for_each_row(field, l.row(), means.parallel(l), |y, row| {
            let (group, columns) = (shared.group[y], &shared.group[(colour + y) % 2..]);
            let from = coarse.field.as_flattened();
            let at = [0, 1].map(|colour| colour * c.colour() * LANES + c.within(0, group, 0));
            for (layer, row) in row.chunks_exact_mut(l.width).enumerate() {
                let at = at.map(|at| at + layer * c.width * LANES);
                for (&x, value) in columns.iter().step_by(2).zip(row.as_flattened_mut()) {
                    *value += from[at[(x + group) % 2] + x / 2];
                }
            }
        });
    }
    level.field = field;
}
