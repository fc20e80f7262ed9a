//! How easily a channel gives to the tissue around it: the spreading resistance, from the unit cell of the array.
//!
//! Each channel stands in the middle of a cylinder of tissue that is its share of the skin. The steady field in that cylinder is
//! solved in radius and depth: fluid in the channel whose mouth is held at 1, tissue around it, the floor at 0 (or cleared by blood),
//! nothing through the surface of the stratum corneum. What leaves the fluid at a depth over the difference between the mean of the
//! fluid and the mean of the tissue at that depth is the conductance the column uses: with it the column has the same steady flux.
//! That it serves while concentrations change and channels close is the column's approximation (radial profiles form faster than
//! those in depth).

use std::f64::consts::PI;

use super::cells::Cells;
use crate::tissue::Vector;

/// Rings of tissue beside the channel.
const RINGS: usize = 12;
/// Rings below the channel's mouth, as far out as its radius.
const CORE_RINGS: usize = 2;
const ALL: usize = CORE_RINGS + RINGS;

/// The array whose unit cell is solved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Array {
    /// Radius of a channel, cm.
    pub radius_cm: f64,
    /// Channels per cm².
    pub density_per_cm2: f64,
    /// Diffusivity in their fluid, cm²/h.
    pub water_cm2_per_h: f64,
    /// Whether the floor is held at 0.
    pub over_receptor: bool,
}

/// Conductances between the fluid of one channel and the mean of the tissue around it, cm³/h by difference of potentials.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spreading {
    /// Through the wall in each open cell.
    pub wall: Vec<f64>,
    /// Through the end into the cell below; 0 where there is none.
    pub end: f64,
}

/// Solves the unit cell of `array` with the share `open` of the channels' section.
#[must_use]
pub fn spreading(cells: &Cells, array: &Array, open: f64) -> Spreading {
    let Array { radius_cm, density_per_cm2, water_cm2_per_h, over_receptor } = *array;
    let rings = Rings::new(radius_cm, (1.0 / (PI * density_per_cm2)).sqrt());
    let depths = cells.len();
    let fluid = |z: usize, r: usize| r < CORE_RINGS && z < cells.open;
    let conductivity = |z: usize, r: usize| if fluid(z, r) { water_cm2_per_h } else { cells.medium[z].conductivity() };
    let half = |z: usize, r: usize| {
        // What has closed leads downwards like tissue.
        let tissue = cells.medium[z].conductivity();
        0.5 * cells.thickness_cm(z) / if fluid(z, r) { open * water_cm2_per_h + (1.0 - open) * tissue } else { tissue }
    };
    let down = |z: usize, r: usize| rings.area[r] / (half(z, r) + half(z + 1, r));
    let outwards = |z: usize, r: usize| {
        2.0 * PI * cells.thickness_cm(z) / (rings.inner_log[r] / conductivity(z, r) + rings.outer_log[r] / conductivity(z, r + 1))
    };
    let mut system = Banded::new(depths * ALL);
    for z in 0..depths {
        for r in 0..ALL {
            let here = z * ALL + r;
            if z == 0 && fluid(z, r) {
                system.feed(here, rings.area[r] / half(z, r));
            }
            if !fluid(z, r) {
                system.leak(here, cells.medium[z].clearance_per_h * rings.area[r] * cells.thickness_cm(z));
            }
            if r + 1 < ALL {
                system.couple(here, here + 1, outwards(z, r));
            }
            if z + 1 < depths {
                system.couple(here, here + ALL, down(z, r));
            } else if over_receptor {
                system.leak(here, rings.area[r] / half(z, r));
            }
        }
    }
    let u = system.solve();
    let mean = |z: usize, from: usize, to: usize| {
        let (mut sum, mut area) = (0.0, 0.0);
        for r in from..to {
            sum += rings.area[r] * u[z * ALL + r];
            area += rings.area[r];
        }
        sum / area
    };
    let wall = (0..cells.open)
        .map(|z| {
            let edge = z * ALL + CORE_RINGS - 1;
            let flow = outwards(z, CORE_RINGS - 1) * (u[edge] - u[edge + 1]);
            let across = mean(z, 0, CORE_RINGS) - mean(z, CORE_RINGS, ALL);
            // Where fluid and tissue hardly differ the ratio has no digits; long cylinders are near enough.
            let long = 2.0 * PI * cells.medium[z].conductivity() * cells.thickness_cm(z) / ring_resistance(rings.ratio);
            if across > 1e-9 && flow > 0.0 { flow / across } else { long }
        })
        .collect();
    let mut end = 0.0;
    if cells.open > 0 && cells.open < depths {
        let last = cells.open - 1;
        let flow: f64 = (0..CORE_RINGS).map(|r| down(last, r) * (u[last * ALL + r] - u[cells.open * ALL + r])).sum();
        let across = mean(last, 0, CORE_RINGS) - mean(cells.open, 0, ALL);
        let straight: f64 = (0..CORE_RINGS).map(|r| down(last, r)).sum();
        end = if across > 1e-9 && flow > 0.0 { flow / across } else { straight };
    }
    Spreading { wall, end }
}

/// Resistance of a long cylinder of tissue that takes up evenly, from the wall at 1 to its mean at the outer radius `ratio`, in units
/// of 1 / (2π conductivity length).
fn ring_resistance(ratio: f64) -> f64 {
    let s = ratio * ratio;
    if s < 1.01 {
        // A thin shell: a third of its thickness.
        return (ratio - 1.0) / 3.0;
    }
    s * s * ratio.ln() / ((s - 1.0) * (s - 1.0)) - (3.0 * s - 1.0) / (4.0 * (s - 1.0))
}

/// The rings of the unit cell.
struct Rings {
    /// Outer over inner radius of the tissue.
    ratio: f64,
    /// Area of each, cm².
    area: [f64; ALL],
    /// Logarithm of radii from the node of each ring to its outer border, and from there to the next node.
    inner_log: [f64; ALL],
    outer_log: [f64; ALL],
}

impl Rings {
    fn new(radius: f64, outer: f64) -> Self {
        let ratio = outer / radius;
        let mut edges = [0.0; ALL + 1];
        for (i, edge) in edges.iter_mut().enumerate().skip(1) {
            *edge = if i <= CORE_RINGS {
                radius * (i as f64 / CORE_RINGS as f64)
            } else {
                radius * ratio.powf((i - CORE_RINGS) as f64 / RINGS as f64)
            };
        }
        // Flow between nodes is exact for profiles that go with the logarithm, as they do near a channel. The node of the
        // innermost disc lies at half its radius.
        let node = |r: usize| if r == 0 { 0.5 * edges[1] } else { (edges[r] * edges[r + 1]).sqrt() };
        let mut rings = Self { ratio, area: [0.0; ALL], inner_log: [0.0; ALL], outer_log: [0.0; ALL] };
        for r in 0..ALL {
            rings.area[r] = PI * (edges[r + 1] * edges[r + 1] - edges[r] * edges[r]);
            rings.inner_log[r] = (edges[r + 1] / node(r)).ln();
            if r + 1 < ALL {
                rings.outer_log[r] = (node(r + 1) / edges[r + 1]).ln();
            }
        }
        rings
    }
}

/// Unknowns to the right of each that it may be coupled to: those of one depth.
const WIDTH: usize = ALL;
/// Numbers kept of a row: its diagonal, its band, and zeros to the length of whole vectors.
const KEPT: usize = 16;

/// A symmetric positive definite system of a fixed band width, factored in place.
struct Banded {
    /// Row `i` holds its diagonal and the entries right of it.
    rows: Vec<[f64; KEPT]>,
    right: Vec<f64>,
}

impl Banded {
    fn new(count: usize) -> Self {
        Self { rows: vec![[0.0; KEPT]; count], right: vec![0.0; count] }
    }

    /// Conductance to a place at 0.
    fn leak(&mut self, i: usize, conductance: f64) {
        self.rows[i][0] += conductance;
    }

    /// Conductance to a place at 1.
    fn feed(&mut self, i: usize, conductance: f64) {
        self.rows[i][0] += conductance;
        self.right[i] += conductance;
    }

    /// Conductance between two unknowns, `i < j`.
    fn couple(&mut self, i: usize, j: usize, conductance: f64) {
        self.rows[i][0] += conductance;
        self.rows[j][0] += conductance;
        self.rows[i][j - i] -= conductance;
    }

    /// Factors `l d lᵀ`, then both substitutions.
    fn solve(mut self) -> Vec<f64> {
        Vector::detect().run(
            #[inline(always)]
            || self.eliminate(),
        );
        self.right
    }

    #[inline(always)]
    fn eliminate(&mut self) {
        // The last rows as they came out of elimination, and the same by their pivots: what a row takes from those before it.
        let mut raw = [[0.0; 2 * KEPT]; KEPT];
        let mut by_pivot = [[0.0; KEPT]; KEPT];
        let mut solved = [0.0; KEPT];
        const HALF: usize = KEPT / 2;
        const FAR: usize = WIDTH - 2;
        for (i, (row, right)) in self.rows.iter_mut().zip(&mut self.right).enumerate() {
            let (mut near, mut far, mut x) = ([0.0; HALF], [0.0; HALF], *right);
            near.copy_from_slice(&row[..HALF]);
            far.copy_from_slice(&row[HALF..]);
            for r in (HALF..=WIDTH).rev() {
                let before = i.wrapping_sub(r) % KEPT;
                let (l, from) = (by_pivot[before][r], &raw[before][r..r + HALF]);
                x -= l * solved[before];
                for k in 0..HALF {
                    near[k] -= l * from[k];
                }
            }
            for r in (1..HALF).rev() {
                let before = i.wrapping_sub(r) % KEPT;
                let (l, from) = (by_pivot[before][r], &raw[before][r..r + KEPT]);
                x -= l * solved[before];
                for k in 0..HALF {
                    near[k] -= l * from[k];
                    far[k] -= l * from[HALF + k];
                }
            }
            let here = i % KEPT;
            raw[here][..HALF].copy_from_slice(&near);
            raw[here][HALF..KEPT].copy_from_slice(&far);
            let inverse = 1.0 / near[0];
            for k in 0..HALF {
                row[k] = near[k] * inverse;
                row[HALF + k] = far[k] * inverse;
            }
            by_pivot[here] = *row;
            (solved[here], *right) = (x, x);
            row[0] = inverse;
        }
        // What comes after the last is zero. The two that were found last are at hand; the rest is added up in a tree.
        let mut later = [0.0; 2 * KEPT];
        let (mut one, mut two) = (0.0, 0.0);
        for (i, (row, right)) in self.rows.iter().zip(&mut self.right).enumerate().rev() {
            // Each is kept twice, so that those after any are in one piece.
            let at = (i + 3) % KEPT;
            let mut sums = [0.0; FAR];
            for (sum, (l, x)) in sums.iter_mut().zip(row[3..3 + FAR].iter().zip(&later[at..at + FAR])) {
                *sum = l * x;
            }
            let threes: [f64; 3] = std::array::from_fn(|k| (sums[k] + sums[k + 3]) + (sums[k + 6] + sums[k + 9]));
            let rest = row[0] * *right - (threes[0] + threes[1] + threes[2]);
            let x = rest - row[2] * two - row[1] * one;
            (later[i % KEPT], later[i % KEPT + KEPT]) = (x, x);
            (two, one) = (one, x);
            *right = x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banded_solver_solves() {
        let (n, w) = (40, WIDTH);
        let mut dense = vec![vec![0.0; n]; n];
        let mut system = Banded::new(n);
        let mut seed = 1u64;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 40) as f64 / (1u64 << 24) as f64
        };
        let mut right = vec![0.0; n];
        for i in 0..n {
            for j in i + 1..n.min(i + w + 1) {
                let g = random();
                system.couple(i, j, g);
                dense[i][i] += g;
                dense[j][j] += g;
                dense[i][j] -= g;
                dense[j][i] -= g;
            }
            let g = random();
            system.feed(i, g);
            dense[i][i] += g;
            right[i] += g;
            let g = random();
            system.leak(i, g);
            dense[i][i] += g;
        }
        let x = system.solve();
        for i in 0..n {
            let sum: f64 = (0..n).map(|j| dense[i][j] * x[j]).sum();
            assert!((sum - right[i]).abs() < 1e-12, "{i}");
        }
    }

    #[test]
    fn rings_take_up_as_the_long_cylinder_does() {
        // Far apart, ln(R/a) - 3/4.
        assert!((ring_resistance(1e4) - (1e4f64.ln() - 0.75)).abs() < 1e-6);
        // Both forms meet.
        let r = 1.005f64;
        assert!((ring_resistance(r) / ((r - 1.0) / 3.0) - 1.0).abs() < 0.02);
    }
}
