//! Conjugate gradients with the multigrid cycle as preconditioner.

use super::cycle::{Means, coarsen, cycle, keep_edges, levels, sum_groups};
use super::layout::{LANES, Lanes, Layout};
use super::level::Level;
use super::lines::{Rows, apply, plus};
use crate::tissue::TissueError;
use crate::tissue::parallel::{PARALLEL_VALUES, Scratch, for_each_pair, for_each_row};
use crate::tissue::vector::Vector;

/// Energy norm of the error at which the iteration stops, relative to that of the change sought: a dose in the bath
/// must not hide an error in what little of it has gone in.
const TOLERANCE: f64 = 1e-10;

/// The same relative to the solution, where the change is lost in rounding.
const ROUNDING: f64 = 1e-14;

/// A well-posed system needs some ten iterations, one with conductances of random size some hundred.
const MOST_ITERATIONS: usize = 500;

/// Solver for `(s C + L + A) u = b`, where `s`, the field's capacities and losses and the conductances may change.
pub(super) struct Solver {
    pub(super) levels: Vec<Level>,
    /// Solution, which is also the guess: field and baths. A held bath is no unknown; its value is 0 here.
    pub(super) solution: Vec<Lanes>,
    pub(super) baths: [f64; 2],
    /// Right side of the baths; that of the field is `levels[0].right`, which holds the residual afterwards.
    pub(super) right: [f64; 2],
    /// Square of the energy norm of the change sought, as far as it is known.
    pub(super) change: f64,
    direction: Vec<Lanes>,
    product: Vec<Lanes>,
    rows: Scratch<Vec<Lanes>>,
    vector: Vector,
    pub(super) parallel_from: usize,
}

impl Solver {
    pub(super) fn new(layout: Layout, periodic: bool) -> Self {
        let whole = || vec![[0.0; LANES]; layout.lanes()];
        Self {
            levels: levels(layout, periodic),
            solution: whole(),
            baths: [0.0; 2],
            right: [0.0; 2],
            change: 0.0,
            direction: whole(),
            product: whole(),
            rows: Scratch::new(),
            vector: Vector::detect(),
            parallel_from: PARALLEL_VALUES,
        }
    }

    pub(super) fn finest(&mut self) -> &mut Level {
        &mut self.levels[0]
    }

    /// Conductances of all levels from those of the finest.
    pub(super) fn coarsen(&mut self) {
        for i in 1..self.levels.len() {
            let (fine, coarse) = self.levels.split_at_mut(i);
            coarsen(&fine[i - 1], &mut coarse[0]);
        }
    }

    /// Factors of all levels from `own` of the finest and the `s C` of the baths (infinite if held).
    pub(super) fn factor(&mut self, baths: [f64; 2]) {
        for i in 0..self.levels.len() {
            let (fine, coarse) = self.levels.split_at_mut(i);
            if let Some(fine) = fine.last() {
                let Level { layout, own, .. } = &mut coarse[0];
                sum_groups(fine, *layout, layout.layers, &fine.own, own);
            }
            let parallel = coarse[0].layout.values() >= self.parallel_from;
            coarse[0].factor(baths, parallel, self.vector);
        }
    }

    /// Solves, and says how many iterations it took. What is to be small beside the change is so beside `self.change` too,
    /// which is left as the square of the energy norm of the change.
    pub(super) fn solve(&mut self) -> Result<usize, TissueError> {
        let row = self.levels[0].layout.row();
        let parallel = self.levels[0].layout.values() >= self.parallel_from;
        let threads = if parallel { rayon::current_num_threads() } else { 1 };
        self.rows.provide(threads, || vec![[0.0; LANES]; row]);
        let means = Means { vector: self.vector, parallel_from: self.parallel_from, rows: &self.rows };
        let Self { levels, solution, product, direction, .. } = self;

        let (of_baths, mut energy) = multiply(&mut levels[0], solution, self.baths, product, means);
        let mut right = [self.right[0] - of_baths[0], self.right[1] - of_baths[1]];
        add(&mut levels[0].right, product, row, -1.0, means, parallel);
        let (mut z, mut size) = cycle(levels, right, means);
        let mut toward = z;
        direction.copy_from_slice(&levels[0].field);
        let mut iterations = 0;
        // A NaN must not pass as small.
        let small = |size: f64, change: f64, energy: f64| size <= TOLERANCE * TOLERANCE * change + ROUNDING * ROUNDING * energy;
        while !small(size, self.change, energy) {
            if iterations == MOST_ITERATIONS || !size.is_finite() {
                return Err(TissueError::NotConverged { iterations, residual: (size / self.change).sqrt() });
            }
            let (of_baths, curvature) = multiply(&mut levels[0], direction, toward, product, means);
            let length = size / curvature;
            energy += length * size;
            self.change += length * size;
            for side in 0..2 {
                self.baths[side] += length * toward[side];
                right[side] -= length * of_baths[side];
            }
            let level = &mut levels[0];
            for_each_pair((&mut *solution, &mut level.right), [row; 2], parallel, |y, u, r| {
                let at = y * row..(y + 1) * row;
                means.vector.run(
                    #[inline(always)]
                    || {
                        for ((u, r), (p, q)) in u.iter_mut().zip(r.iter_mut()).zip(direction[at.clone()].iter().zip(&product[at.clone()])) {
                            *u = plus(*u, [length; LANES], *p);
                            *r = plus(*r, [-length; LANES], *q);
                        }
                    },
                );
            });
            let before = size;
            (z, size) = cycle(levels, right, means);
            let keep = size / before;
            (0..2).for_each(|side| toward[side] = z[side] + keep * toward[side]);
            let field = &levels[0].field;
            for_each_row(direction, row, parallel, |y, p| {
                let z = &field[y * row..][..row];
                means.vector.run(
                    #[inline(always)]
                    || {
                        for (p, z) in p.iter_mut().zip(z) {
                            *p = plus(*z, [keep; LANES], *p);
                        }
                    },
                );
            });
            iterations += 1;
        }
        Ok(iterations)
    }
}

/// `to += factor from`.
fn add(to: &mut [Lanes], from: &[Lanes], row: usize, factor: f64, means: Means<'_>, parallel: bool) {
    for_each_row(to, row, parallel, |y, to| {
        let from = &from[y * row..][..row];
        means.vector.run(
            #[inline(always)]
            || {
                for (to, from) in to.iter_mut().zip(from) {
                    *to = plus(*to, [factor; LANES], *from);
                }
            },
        );
    });
}

/// The matrix times field and baths; also the product of both.
fn multiply(level: &mut Level, field: &[Lanes], baths: [f64; 2], to: &mut [Lanes], means: Means<'_>) -> ([f64; 2], f64) {
    let (l, row) = (level.layout, level.layout.row());
    let (mut before, mut sums) = (std::mem::take(&mut level.before), std::mem::take(&mut level.sums));
    let (red, black) = field.split_at(l.colour());
    for (colour, (own, other)) in [(red, black), (black, red)].into_iter().enumerate() {
        keep_edges(own, row, &mut before);
        let to = &mut to[colour * l.colour()..][..l.colour()];
        for_each_pair((to, &mut sums[colour * l.n..][..l.n]), [row, 1], means.parallel(l), |y, out, sum| {
            let rows = Rows::new(level, colour, y);
            sum[0] = means.vector.run(
                #[inline(always)]
                || apply(rows, other, &own[y * row..][..row], &before, baths, out),
            );
        });
    }
    let mut sum: f64 = sums.iter().sum();
    let from_field = level.to_baths(field);
    let mut of_baths = [0.0; 2];
    for side in 0..2 {
        if level.baths[side].is_finite() {
            of_baths[side] = level.baths[side] * baths[side] - from_field[side];
            sum += of_baths[side] * baths[side];
        }
    }
    (level.before, level.sums) = (before, sums);
    (of_baths, sum)
}
