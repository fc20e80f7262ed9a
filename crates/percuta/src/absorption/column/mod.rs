//! One permeant in a column of skin: tissue and, beside it, the fluid of its channels, both averaged over the plane.
//!
//! In potentials u (the concentration in water in equilibrium) and per area of skin, with the share φ of the area open:
//! tissue `(1-φ) K ∂u/∂t = ∂/∂z (1-φ) K D ∂u/∂z - (1-φ) k u + N g (v-u)` and channels
//! `φ ∂v/∂t = ∂/∂z φ (s D_w + (1-s) K D) ∂v/∂z - N g (v-u)`. s is the share of the channels' section that has not closed yet; what has
//! closed leads like tissue. g is the [spreading conductance](spreading). The vehicle is one
//! more well-mixed unknown above both, the receptor or the blood is below. The averaging is exact; the closure is g.

mod band;
mod cells;
mod march;
mod spreading;
mod steady;

#[cfg(test)]
mod tests;

pub use cells::Cells;
pub(in crate::absorption) use march::SAME_H;
pub use march::{Amounts, Curve, MarchError, Regimen};
pub use spreading::{Array, Spreading, spreading};
pub use steady::Steady;

use wide::f64x2;

use self::band::Row;
use super::{Barrier, Below, Channels};

/// The equations of a column, ready to march.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its cells.
    pub cells: Cells,
    /// Share of the area that is channel, just after the treatment.
    pub open_area: f64,
    equations: Equations,
    folded: Vec<Terms>,
}

/// Balances of a column's unknowns: the vehicle, then from the surface down the tissue of each cell and, where channels pass, its fluid.
/// Two numbers are a conductance with the channels shut, and what is added to it times the share of their section that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Equations {
    /// Index of the unknown of each cell's tissue; that of its channel is the next one.
    pub tissue: Vec<usize>,
    /// Per unknown: amount by potential, cm. The vehicle's is set by the march.
    pub capacity: Vec<f64>,
    /// Per unknown: rate of clearance and loss to the receptor by potential, cm/h.
    pub loss: Vec<[f64; 2]>,
    /// Conductance to the next unknown, cm/h.
    pub next: Vec<[f64; 2]>,
    /// To the next but one.
    pub second: Vec<[f64; 2]>,
}

/// What the step needs of a pair of unknowns of the [folded](band) system. The vehicle has no capacity here and its row and column
/// no couplings: they depend on how it acts.
#[derive(Debug, Clone, Copy)]
struct Terms {
    capacity: f64x2,
    loss: [f64x2; 2],
    /// Sum of the couplings and the loss.
    own: [f64x2; 2],
    next: [f64x2; 2],
    second: [f64x2; 2],
}

impl Column {
    /// Sets up the equations for a barrier and its channels.
    #[must_use]
    pub fn new(barrier: &Barrier, channels: Option<&Channels>) -> Self {
        let reach = channels.map_or(0.0, |c| (c.depth_um * 1e-4).min(barrier.thickness_cm()));
        let cells = Cells::new(barrier, reach);
        let (mut open_area, mut spread) = (0.0, Ends::default());
        if let (Some(c), true) = (channels, cells.open > 0) {
            open_area = c.open_area();
            let array = Array {
                radius_cm: c.radius_um * 1e-4,
                density_per_cm2: c.separate_per_cm2(),
                water_cm2_per_h: barrier.water_cm2_per_h,
                over_receptor: barrier.below == Below::Receptor,
            };
            spread = Ends::new(&cells, &array);
        }
        let open = cells.open;
        let mut tissue = Vec::with_capacity(cells.len());
        let mut count = 1;
        for i in 0..cells.len() {
            tissue.push(count);
            count += if i < open { 2 } else { 1 };
        }
        let zero = vec![[0.0; 2]; count];
        let (mut capacity, mut loss, mut next, mut second) = (vec![0.0; count], zero.clone(), zero.clone(), zero);
        let half = |i: usize| 0.5 * cells.thickness_cm(i) / cells.medium[i].conductivity();
        let half_water = |i: usize| 0.5 * cells.thickness_cm(i) / barrier.water_cm2_per_h;
        for (i, &t) in tissue.iter().enumerate() {
            let dz = cells.thickness_cm(i);
            let share = if i < open { open_area } else { 0.0 };
            capacity[t] = (1.0 - share) * cells.medium[i].partition * dz;
            loss[t][0] = (1.0 - share) * cells.medium[i].clearance_per_h * dz;
            if i < open {
                capacity[t + 1] = share * dz;
                next[t] = spread.wall[i];
            }
            // Down in the tissue and in the channels. What has closed of these leads like tissue.
            let down = if i + 1 < cells.len() { 1.0 / (half(i) + half(i + 1)) } else { 0.0 };
            let of = [(1.0 - share) * down, 0.0];
            if i < open {
                second[t] = of;
            } else {
                next[t] = of;
            }
            if i + 1 < open {
                let water = 1.0 / (half_water(i) + half_water(i + 1));
                second[t + 1] = [share * down, share * (water - down)];
            } else if i + 1 == open && i + 1 < cells.len() {
                // Through the end of the channel into the tissue below.
                next[t + 1] = spread.end;
            }
        }
        let top = 1.0 / half(0);
        next[0] = [(1.0 - open_area) * top, 0.0];
        if open > 0 {
            second[0] = [open_area * top, open_area * (1.0 / half_water(0) - top)];
        }
        let last = cells.len() - 1;
        if barrier.below == Below::Receptor {
            // Through the last tissue and the fluid of channels that go right through.
            let (down, t) = (1.0 / half(last), tissue[last]);
            let through = if open == cells.len() { open_area } else { 0.0 };
            loss[t] = [loss[t][0] + (1.0 - through) * down, 0.0];
            if open == cells.len() {
                loss[t + 1] = [through * down, through * (1.0 / half_water(last) - down)];
            }
        }
        let equations = Equations { tissue, capacity, loss, next, second };
        Self { cells, open_area, folded: equations.fold(), equations }
    }

    /// The equations it solves, for other solvers to be compared with.
    #[must_use]
    pub fn equations(&self) -> &Equations {
        &self.equations
    }

    /// Number of unknowns.
    fn unknowns(&self) -> usize {
        self.equations.capacity.len()
    }
}

impl Equations {
    fn fold(&self) -> Vec<Terms> {
        let count = self.capacity.len();
        // Without the vehicle's.
        let next = |i: usize, part: usize| if i == 0 { 0.0 } else { self.next[i][part] };
        let second = |i: usize, part: usize| if i == 0 { 0.0 } else { self.second[i][part] };
        let own = |i: usize, part: usize| {
            let mut sum = self.loss[i][part] + next(i, part) + second(i, part);
            if i >= 1 {
                sum += next(i - 1, part);
            }
            if i >= 2 {
                sum += second(i - 2, part);
            }
            sum
        };
        let capacity: Vec<f64x2> = band::fold(count, 0.0, |i| self.capacity[i]).collect();
        let both = |of: &dyn Fn(usize) -> Vec<f64x2>| -> Vec<[f64x2; 2]> { of(0).into_iter().zip(of(1)).map(|(a, b)| [a, b]).collect() };
        let loss = both(&|part| band::fold(count, 0.0, |i| self.loss[i][part]).collect());
        // What a pad past the last unknown has keeps its pivot positive.
        let own = both(&|part| band::fold(count, if part == 0 { 1.0 } else { 0.0 }, |i| own(i, part)).collect());
        let next = both(&|part| band::fold_couplings(count, 1, |i| next(i, part)).collect());
        let second = both(&|part| band::fold_couplings(count, 2, |i| second(i, part)).collect());
        let pair = |k: usize| Terms { capacity: capacity[k], loss: loss[k], own: own[k], next: next[k], second: second[k] };
        (0..capacity.len()).map(pair).collect()
    }
}

impl Terms {
    /// The row for a step of `tau` with the channels open by `open`.
    fn row(&self, capacity: f64x2, tau: f64x2, open: f64x2) -> Row {
        let at = |of: [f64x2; 2]| of[0] + open * of[1];
        Row { diagonal: capacity + tau * at(self.own), next: tau * at(self.next), second: tau * at(self.second) }
    }
}

/// Spreading conductances of all channels on one cm²: (at no open section, and how they rise with it), on a straight line between
/// open channels and nearly closed ones.
#[derive(Default)]
struct Ends {
    wall: Vec<[f64; 2]>,
    end: [f64; 2],
}

impl Ends {
    /// Open share of nearly closed channels.
    const NEARLY_CLOSED: f64 = 0.1;

    fn new(cells: &Cells, array: &Array) -> Self {
        let (open, closed) = (spreading(cells, array, 1.0), spreading(cells, array, Self::NEARLY_CLOSED));
        let line = |open: f64, closed: f64| {
            // Never so steep as to be negative at no open section.
            let slope = ((open - closed) / (1.0 - Self::NEARLY_CLOSED)).min(0.999 * open);
            [array.density_per_cm2 * (open - slope), array.density_per_cm2 * slope]
        };
        Self { wall: open.wall.iter().zip(&closed.wall).map(|(o, c)| line(*o, *c)).collect(), end: line(open.end, closed.end) }
    }
}

/// A conductance when the channels are open by `open`.
fn at(of: [f64; 2], open: f64) -> f64 {
    of[0] + open * of[1]
}
