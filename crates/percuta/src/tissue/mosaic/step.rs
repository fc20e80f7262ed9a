//! Steps in time and the balance of amounts.

use std::ops::Range;

use super::layout::{LANES, Lanes};
use super::{Mosaic, MosaicState};
use crate::tissue::TissueError;
use crate::tissue::parallel::{for_each_pair, for_each_row};

/// 1 - 1/√2: the singly diagonal Runge-Kutta method of two stages that is second order and damps whatever is fast
/// (Alexander 1977).
const GAMMA: f64 = 1.0 - std::f64::consts::FRAC_1_SQRT_2;

/// Amounts (potential times K times µm³) that went during a step, or by time at steady state.
///
/// The block holds afterwards what it held before, plus `from_top`, minus `into_bottom`, minus `lost`.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Exchanged {
    /// From the bath above into the block.
    pub from_top: f64,
    /// From the block into the bath below.
    pub into_bottom: f64,
    /// Lost in the block.
    pub lost: f64,
}

/// What a step took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Effort {
    /// Linear systems solved.
    pub solves: usize,
    /// Iterations of all of them.
    pub iterations: usize,
    /// Iterations of the longest.
    pub most: usize,
}

/// Flow by time: from the bath above, from the bath below, lost. By area of a column.
type Flow = [f64; 3];

impl Mosaic {
    /// Moves the state by `dt`: second order in time, and what is fast beside the step is damped out, not carried along.
    /// It may undershoot a little in the first steps after a jump.
    ///
    /// The balance closes to rounding: where a finite bath and the block exchange little, the bath is computed from the
    /// flow, where they exchange much, the flow from the bath; and what is left by the tolerance of the linear solver (some
    /// 1e-9 of what moved) is made up by scaling the block.
    ///
    /// # Errors
    /// [`TissueError`] for a state of another size or that is not finite, a step that is not positive, or if the solver
    /// does not converge. The state is then as before.
    pub fn step(&mut self, state: &mut MosaicState, dt: f64) -> Result<Exchanged, TissueError> {
        let s = 1.0 / (GAMMA * dt);
        self.begin(state, dt, s)?;
        let first = self.stage(state, s, 0.0)?;
        let second = self.stage(state, s, (1.0 - GAMMA) / GAMMA)?;
        Ok(self.finish(state, [0, 1, 2].map(|i| dt * ((1.0 - GAMMA) * first[i] + GAMMA * second[i])), dt, false))
    }

    /// Moves the state by `dt` in a backward Euler step: first order, but what was not negative is not negative
    /// afterwards. Balance and errors as [`step`](Self::step).
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn euler_step(&mut self, state: &mut MosaicState, dt: f64) -> Result<Exchanged, TissueError> {
        self.begin(state, dt, 1.0 / dt)?;
        let positive = state.potential.iter().all(|&u| u >= 0.0) && state.top >= 0.0 && state.bottom >= 0.0;
        let flow = self.stage(state, 1.0 / dt, 0.0)?;
        Ok(self.finish(state, flow.map(|f| dt * f), dt, positive))
    }

    /// Brings the block to its steady state, with both baths held at their potentials whatever their capacities.
    /// Returns amounts by time.
    ///
    /// # Errors
    /// As [`step`](Self::step), and if nothing determines the mean.
    pub fn steady(&mut self, state: &mut MosaicState) -> Result<Exchanged, TissueError> {
        let open = self.solver.levels[0].ends.iter().any(|ends| ends.as_flattened().iter().any(|&g| g > 0.0));
        if !open && !self.lossy {
            return Err(TissueError::Undetermined);
        }
        let baths = std::mem::replace(&mut self.baths, [f64::INFINITY; 2]);
        let flow = self.begin(state, 1.0, 0.0).and_then(|()| self.stage(state, 0.0, 0.0));
        self.baths = baths;
        let flow = flow?;
        self.solver.levels[0].layout.fetch(&self.solver.solution, &mut state.potential);
        Ok(self.exchanged(flow))
    }

    /// Takes over the state as start and as guess.
    fn begin(&mut self, state: &MosaicState, dt: f64, s: f64) -> Result<(), TissueError> {
        self.check_state(state)?;
        if !(dt.is_finite() && dt > 0.0) {
            return Err(TissueError::Step(dt));
        }
        let columns = self.grid.plane() as f64;
        let baths = self.baths.map(|capacity| if capacity.is_finite() { s * capacity * columns } else { f64::INFINITY });
        let layout = self.solver.levels[0].layout;
        if self.factored != Some((s, baths)) {
            let own = &mut self.solver.levels[0].own;
            for (own, (capacity, loss)) in own.iter_mut().zip(self.capacity.iter().zip(&self.loss)) {
                (0..LANES).for_each(|j| own[j] = s * capacity[j] + loss[j]);
            }
            self.solver.factor(baths);
            self.factored = Some((s, baths));
        }
        layout.bring(&state.potential, &mut self.start, |_, u| u);
        self.solver.solution.copy_from_slice(&self.start);
        self.solver.baths = self.unknown([state.top, state.bottom]);
        self.solver.change = 0.0;
        self.effort = Effort::default();
        Ok(())
    }

    /// Zero for baths that are held.
    fn unknown(&self, potentials: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|side| if self.baths[side].is_finite() { potentials[side] } else { 0.0 })
    }

    /// Solves `(s C + L + A) u = s C (start + ahead (u - start))`, where u on the right is the solution there was, and
    /// returns the flow at the new one.
    fn stage(&mut self, state: &MosaicState, s: f64, ahead: f64) -> Result<Flow, TissueError> {
        let given = [state.top, state.bottom];
        let (start_baths, columns, parallel) = (self.unknown(given), self.grid.plane() as f64, self.parallel());
        let Self { start, capacity, solver, .. } = self;
        let row = solver.levels[0].layout.row();
        for_each_pair((&mut solver.levels[0].right, &mut solver.solution), [row; 2], parallel, |y, right, u| {
            let at = y * row..(y + 1) * row;
            let values = right.iter_mut().zip(u).zip(start[at.clone()].iter().zip(&capacity[at]));
            for ((right, u), (start, c)) in values {
                for j in 0..LANES {
                    right[j] = s * c[j] * (start[j] + ahead * (u[j] - start[j]));
                    if ahead > 0.0 {
                        // The guess for the end of the step goes on straight from the stage within.
                        u[j] = start[j] + (u[j] - start[j]) / GAMMA;
                    }
                }
            }
        });
        for side in 0..2 {
            let level = &mut solver.levels[0];
            let (l, held) = (level.layout, self.baths[side].is_infinite());
            if held {
                let first = if side == 0 { 0 } else { (l.layers - 1) * l.width };
                for (ends, right) in level.ends[side].chunks_exact(l.width).zip(level.right.chunks_exact_mut(row)) {
                    for (right, g) in right[first..].iter_mut().zip(ends) {
                        (0..LANES).for_each(|j| right[j] += g[j] * given[side]);
                    }
                }
            } else {
                let (old, new) = (start_baths[side], &mut solver.baths[side]);
                solver.right[side] = s * self.baths[side] * columns * (old + ahead * (*new - old));
                if ahead > 0.0 {
                    *new = old + (*new - old) / GAMMA;
                }
            }
        }
        let iterations = solver.solve()?;
        self.effort.solves += 1;
        self.effort.iterations += iterations;
        self.effort.most = self.effort.most.max(iterations);
        Ok(self.flow(given))
    }

    /// What flows at the solution, from differences of potentials.
    fn flow(&mut self, given: [f64; 2]) -> Flow {
        let level = &self.solver.levels[0];
        let l = level.layout;
        let mut flow = [0.0; 3];
        for side in 0..2 {
            let bath = if self.baths[side].is_finite() { self.solver.baths[side] } else { given[side] };
            let first = if side == 0 { 0 } else { (l.layers - 1) * l.width };
            let mut sums = [0.0; LANES];
            for (ends, row) in level.ends[side].chunks_exact(l.width).zip(self.solver.solution.chunks_exact(l.row())) {
                for (g, u) in ends.iter().zip(&row[first..]) {
                    (0..LANES).for_each(|j| sums[j] += g[j] * (bath - u[j]));
                }
            }
            flow[side] = sums.iter().sum();
        }
        if self.lossy {
            flow[2] = self.sum(|mosaic, at| [product(&mosaic.loss[at.clone()], &mosaic.solver.solution[at]), 0.0, 0.0])[0];
        }
        flow
    }

    /// Hands the solution back, with its amounts in balance with what flowed.
    fn finish(&mut self, state: &mut MosaicState, mut flowed: Flow, dt: f64, positive: bool) -> Exchanged {
        let (row, columns, parallel) = (self.solver.levels[0].layout.row(), self.grid.plane() as f64, self.parallel());
        if positive {
            // The solution is not negative; what is below zero is the solver's tolerance.
            for_each_row(&mut self.solver.solution, row, parallel, |_, row| {
                row.as_flattened_mut().iter_mut().for_each(|u| *u = u.max(0.0))
            });
            self.solver.baths = self.solver.baths.map(|u| u.max(0.0));
        }
        for (side, potential) in [&mut state.top, &mut state.bottom].into_iter().enumerate() {
            let capacity = self.baths[side] * columns;
            if capacity.is_finite() {
                let ends: f64 = self.solver.levels[0].ends[side].as_flattened().iter().sum();
                if dt * ends > capacity {
                    flowed[side] = capacity * (*potential - self.solver.baths[side]);
                    *potential = self.solver.baths[side];
                } else {
                    *potential -= flowed[side] / capacity;
                }
            }
        }
        let [before, after, size] = self.sum(|mosaic, at| {
            let (capacity, u) = (&mosaic.capacity[at.clone()], &mosaic.solver.solution[at.clone()]);
            let sizes = capacity.iter().zip(u).map(|(c, u)| (0..LANES).map(|j| c[j] * u[j].abs()).sum::<f64>()).sum();
            [product(capacity, &mosaic.start[at]), product(capacity, u), sizes]
        });
        let missing = before + flowed[0] + flowed[1] - flowed[2] - after;
        if size > 0.0 {
            let part = missing / size;
            for_each_row(&mut self.solver.solution, row, parallel, |_, row| {
                row.as_flattened_mut().iter_mut().for_each(|u| *u += part * u.abs());
            });
        }
        self.solver.levels[0].layout.fetch(&self.solver.solution, &mut state.potential);
        self.exchanged(flowed)
    }

    fn exchanged(&self, flow: Flow) -> Exchanged {
        let [top, bottom, lost] = flow.map(|f| f * self.grid.spacing_um.powi(2));
        Exchanged { from_top: top, into_bottom: -bottom, lost }
    }

    fn parallel(&self) -> bool {
        self.solver.levels[0].layout.values() >= self.solver.parallel_from
    }

    /// Sums over the field, row by row in one order.
    pub(super) fn sum(&mut self, of: impl Fn(&Self, Range<usize>) -> [f64; 3] + Sync) -> [f64; 3] {
        let row = self.solver.levels[0].layout.row();
        let mut sums = std::mem::take(&mut self.sums);
        let shared = &*self;
        for_each_row(&mut sums, 1, shared.parallel(), |y, sum| sum[0] = of(shared, y * row..(y + 1) * row));
        let total = sums.iter().fold([0.0; 3], |total, sum| [0, 1, 2].map(|i| total[i] + sum[i]));
        self.sums = sums;
        total
    }
}

/// Scalar product, in one order.
pub(super) fn product(a: &[Lanes], b: &[Lanes]) -> f64 {
    let mut sums = [0.0; LANES];
    a.iter().zip(b).for_each(|(a, b)| (0..LANES).for_each(|j| sums[j] += a[j] * b[j]));
    sums.iter().sum()
}
