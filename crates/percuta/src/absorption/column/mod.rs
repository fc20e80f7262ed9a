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
pub use march::{Amounts, Curve, MarchError, Regimen};
pub use spreading::{Array, Spreading, spreading};
pub use steady::Steady;

use super::{Barrier, Below, Channels};

/// The equations of a column, ready to march.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its cells.
    pub cells: Cells,
    /// Share of the area that is channel, just after the treatment.
    pub open_area: f64,
    /// Index of the unknown of each cell's tissue; that of its channel is the next one.
    tissue: Vec<usize>,
    /// Per unknown: amount by potential, cm. The vehicle's is set by the march.
    capacity: Vec<f64>,
    /// Per unknown: rate of clearance by potential, cm/h.
    loss: Vec<f64>,
    /// Conductance to the next unknown: (whatever the channels do, times their open share), cm/h.
    next: Vec<[f64; 2]>,
    /// To the next but one.
    second: Vec<[f64; 2]>,
    /// From the last tissue to the receptor, and from the fluid of channels that go right through, cm/h.
    floor: [[f64; 2]; 2],
}

impl Column {
    /// Sets up the equations for a barrier and its channels.
    #[must_use]
    pub fn new(barrier: &Barrier, channels: Option<&Channels>) -> Self {
        let reach = channels.map_or(0.0, |c| (c.depth_um * 1e-4).min(barrier.thickness_cm()));
        let mut cells = Cells::new(barrier, reach);
        if cells.layer.iter().take(cells.open).all(|l| *l == 0) {
            // What stays in the stratum corneum is no channel.
            cells.open = 0;
        }
        let (mut open_area, mut spread) = (0.0, Ends::default());
        if let (Some(c), true) = (channels, cells.open > 0) {
            open_area = c.open_area();
            let array = Array {
                radius_cm: c.radius_um * 1e-4,
                density_per_cm2: c.density_per_cm2,
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
        let (mut capacity, mut loss, mut next, mut second) = (vec![0.0; count], vec![0.0; count], zero.clone(), zero);
        let half = |i: usize| 0.5 * cells.thickness_cm(i) / cells.medium[i].conductivity();
        let half_water = |i: usize| 0.5 * cells.thickness_cm(i) / barrier.water_cm2_per_h;
        for (i, &t) in tissue.iter().enumerate() {
            let dz = cells.thickness_cm(i);
            let share = if i < open { open_area } else { 0.0 };
            capacity[t] = (1.0 - share) * cells.medium[i].partition * dz;
            loss[t] = (1.0 - share) * cells.medium[i].clearance_per_h * dz;
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
        let mut floor = [[0.0; 2]; 2];
        if barrier.below == Below::Receptor {
            let down = 1.0 / half(last);
            let through = if open == cells.len() { open_area } else { 0.0 };
            floor = [[(1.0 - through) * down, 0.0], [through * down, through * (1.0 / half_water(last) - down)]];
        }
        Self { cells, open_area, tissue, capacity, loss, next, second, floor }
    }

    /// Number of unknowns: the vehicle, the tissue of every cell and the fluid of open cells.
    fn unknowns(&self) -> usize {
        self.capacity.len()
    }

    /// Conductance of the floor below each unknown, when the channels are open by `open`: only the last cell has one.
    fn floor_of(&self, unknown: usize, open: f64) -> f64 {
        let last = self.tissue[self.tissue.len() - 1];
        match unknown.checked_sub(last) {
            Some(which @ 0..2) => at(self.floor[which], open),
            _ => 0.0,
        }
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
