//! Steady diffusion through a wall of staggered bricks in mortar: corneocytes in lipid.

/// A wall of equal bricks in rows, every other row shifted sideways.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BrickWall {
    /// Width of a brick, µm.
    pub brick_width_um: f64,
    /// Height of a brick, µm.
    pub brick_height_um: f64,
    /// Height of the mortar between rows, µm.
    pub mortar_height_um: f64,
    /// Width of the mortar between bricks of a row, µm.
    pub mortar_width_um: f64,
    /// The two parts into which a joint cuts the brick below it, long over short; 1 when each joint is over the middle.
    pub offset_ratio: f64,
    /// Rows of bricks.
    pub rows: f64,
}

impl BrickWall {
    /// Permeability of the wall, cm/s, for the product of diffusivity and partition coefficient (cm²/s) of each phase.
    ///
    /// By finite volumes on one cell that repeats sideways and reaches from the middle of one row to the middle of the
    /// next: those middles are equipotential, because the wall is its own mirror image there. The wall's resistance
    /// is that of the cell times the rows; the outermost half-layers of mortar are left out.
    #[must_use]
    pub fn permeability_cm_per_s(&self, brick_cm2_per_s: f64, mortar_cm2_per_s: f64) -> f64 {
        self.permeability_on(brick_cm2_per_s, mortar_cm2_per_s, 1)
    }

    /// The same on a grid refined that many times.
    fn permeability_on(&self, brick: f64, mortar: f64, refine: u32) -> f64 {
        let width = self.brick_width_um + self.mortar_width_um;
        let short = (self.brick_width_um - self.mortar_width_um) / (1.0 + self.offset_ratio);
        let long = short * self.offset_ratio;
        // Sideways: the joint of the upper row, part of a brick, the joint of the lower row, the other part.
        let joint = uniform(self.mortar_width_um, 2 * refine);
        let first = 0.5 * self.mortar_width_um / f64::from(refine);
        let (short_part, long_part) = (graded(short, first, refine), graded(long, first, refine));
        let lower_joint = joint.len() + short_part.len();
        let (upper, lower) = (0..joint.len(), lower_joint..lower_joint + joint.len());
        let dx: Vec<f64> = [&joint[..], &short_part, &joint, &long_part].concat();
        // Down: half a brick, the mortar, half a brick; finest beside the mortar.
        let layer = uniform(self.mortar_height_um, 3 * refine);
        let half = half_graded(0.5 * self.brick_height_um, self.mortar_height_um / f64::from(refine), refine);
        let dz: Vec<f64> = half.iter().rev().chain(&layer).chain(&half).copied().collect();
        let (top, bottom) = (half.len(), half.len() + layer.len());

        let scale = brick.max(mortar);
        let conductivity = |i: usize, k: usize| {
            let in_joint = (k < top && upper.contains(&i)) || (k >= bottom && lower.contains(&i));
            (if in_joint || (top..bottom).contains(&k) { mortar } else { brick }) / scale
        };
        let (nx, nz) = (dx.len(), dz.len());
        // Columns in the order 0, n-1, 1, n-2, ..., so that the ring becomes a band of twice the width.
        let place = |i: usize| if 2 * i < nx { 2 * i } else { 2 * (nx - 1 - i) + 1 };
        let index = |i: usize, k: usize| place(i) * nz + k;
        let mut matrix = Band::new(nx * nz, 2 * nz);
        let mut source = vec![0.0; nx * nz];
        let mut outlet = vec![0.0; nx * nz];
        for i in 0..nx {
            let right = (i + 1) % nx;
            for k in 0..nz {
                let here = conductivity(i, k);
                let sideways = dz[k] / (0.5 * dx[i] / here + 0.5 * dx[right] / conductivity(right, k));
                matrix.couple(index(i, k), index(right, k), sideways);
                if k + 1 < nz {
                    let down = dx[i] / (0.5 * dz[k] / here + 0.5 * dz[k + 1] / conductivity(i, k + 1));
                    matrix.couple(index(i, k), index(i, k + 1), down);
                }
                // Potential 1 above and 0 below.
                let edge = dx[i] * here / (0.5 * dz[k]);
                if k == 0 {
                    matrix.add(index(i, k), edge);
                    source[index(i, k)] = edge;
                } else if k + 1 == nz {
                    matrix.add(index(i, k), edge);
                    outlet[index(i, k)] = edge;
                }
            }
        }
        matrix.solve(&mut source);
        let flux: f64 = source.iter().zip(&outlet).map(|(u, edge)| u * edge).sum();
        flux * scale / (width * 1e-4 * self.rows)
    }
}

/// `count` equal cells.
fn uniform(length: f64, count: u32) -> Vec<f64> {
    vec![length / f64::from(count); count as usize]
}

/// Cells that grow from about `first` by a factor of two (in `refine` steps).
fn half_graded(length: f64, first: f64, refine: u32) -> Vec<f64> {
    let growth = 2f64.powf(1.0 / f64::from(refine));
    let (mut cells, mut sum) = (Vec::new(), 0.0);
    let mut size = first.min(length);
    while sum < length && cells.len() < 200 {
        cells.push(size);
        sum += size;
        size *= growth;
    }
    cells.iter_mut().for_each(|c| *c *= length / sum);
    cells
}

/// Cells that grow from both ends towards the middle.
fn graded(length: f64, first: f64, refine: u32) -> Vec<f64> {
    let half = half_graded(0.5 * length, first, refine);
    half.iter().chain(half.iter().rev()).copied().collect()
}

/// A symmetric positive definite matrix with a narrow band, lower half, row by row.
struct Band {
    width: usize,
    rows: usize,
    /// Entry (i, j) is at `i * (width + 1) + width + j - i`.
    entries: Vec<f64>,
}

impl Band {
    fn new(rows: usize, width: usize) -> Self {
        Self { width, rows, entries: vec![0.0; rows * (width + 1)] }
    }

    fn at(&self, i: usize, j: usize) -> usize {
        i * (self.width + 1) + self.width + j - i
    }

    fn add(&mut self, i: usize, value: f64) {
        let at = self.at(i, i);
        self.entries[at] += value;
    }

    fn couple(&mut self, i: usize, j: usize, value: f64) {
        self.add(i, value);
        self.add(j, value);
        let at = self.at(i.max(j), i.min(j));
        self.entries[at] -= value;
    }

    /// Solves for the right-hand side in place, by Cholesky's factorisation.
    fn solve(mut self, b: &mut [f64]) {
        let stride = self.width + 1;
        for i in 0..self.rows {
            let first = i.saturating_sub(self.width);
            let (before, row) = self.entries.split_at_mut(i * stride);
            let row = &mut row[..stride];
            for j in first..i {
                let other = &before[j * stride..(j + 1) * stride];
                let start = first.max(j.saturating_sub(self.width));
                let (a, c) = (start + self.width - i, start + self.width - j);
                let dot: f64 = row[a..self.width + j - i].iter().zip(&other[c..self.width]).map(|(x, y)| x * y).sum();
                let at = self.width + j - i;
                row[at] = (row[at] - dot) / other[self.width];
            }
            let dot: f64 = row[..self.width].iter().map(|x| x * x).sum();
            row[self.width] = (row[self.width] - dot).sqrt();
            let known: f64 = row[first + self.width - i..self.width].iter().zip(&b[first..i]).map(|(x, y)| x * y).sum();
            b[i] = (b[i] - known) / row[self.width];
        }
        for i in (0..self.rows).rev() {
            b[i] /= self.entries[i * stride + self.width];
            let value = b[i];
            let first = i.saturating_sub(self.width);
            let row = &self.entries[i * stride + self.width + first - i..];
            b[first..i].iter_mut().zip(row).for_each(|(other, entry)| *other -= entry * value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKIN: BrickWall = BrickWall {
        brick_width_um: 40.0,
        brick_height_um: 0.8,
        mortar_height_um: 0.075,
        mortar_width_um: 0.075,
        offset_ratio: 8.0,
        rows: 16.0,
    };

    fn close(a: f64, b: f64, tolerance: f64) {
        assert!((a / b - 1.0).abs() < tolerance, "{a} against {b}");
    }

    #[test]
    fn a_wall_of_one_material_is_a_slab() {
        for offset_ratio in [1.0, 8.0] {
            let wall = BrickWall { offset_ratio, ..SKIN };
            close(wall.permeability_cm_per_s(3e-12, 3e-12), 3e-12 / (16.0 * 0.875e-4), 1e-9);
        }
    }

    #[test]
    fn through_bricks_only_the_layers_add_up() {
        // Lipid that conducts freely: the resistance is that of the bricks and the joints in parallel.
        let by_hand = 1e-12 / (16.0 * 0.8e-4);
        let wall = BrickWall { mortar_width_um: 1e-3, ..SKIN };
        close(wall.permeability_cm_per_s(1e-12, 1e-8), by_hand, 0.26);
        // Lipid that conducts as poorly as to matter only in its layers.
        let by_hand = 1.0 / (16.0 * (0.8e-4 / 1e-8 + 0.075e-4 / 1e-12));
        close(SKIN.permeability_cm_per_s(1e-8, 1e-12), by_hand, 0.01);
    }

    #[test]
    fn around_tight_bricks_the_path_is_the_mortar() {
        // Down the joint, then sideways both ways round: h/w + 1/(g (1/a + 1/b)) squares a row.
        for offset_ratio in [1.0, 8.0] {
            let wall = BrickWall { offset_ratio, ..SKIN };
            let a = 40.0 / (1.0 + offset_ratio);
            let b = 40.075 - a;
            let squares = 0.8 / 0.075 + 1.0 / (0.075 * (1.0 / a + 1.0 / b));
            close(wall.permeability_cm_per_s(1e-30, 1e-8), 1e-8 / (16.0 * 40.075e-4 * squares), 0.03);
        }
    }

    #[test]
    fn the_grid_is_fine_enough() {
        for exponent in -5..=5 {
            let mortar = 1e-12 * 10f64.powi(exponent);
            let (coarse, fine) = (SKIN.permeability_on(1e-12, mortar, 1), SKIN.permeability_on(1e-12, mortar, 4));
            close(coarse, fine, 0.02);
        }
    }

    #[test]
    fn more_of_either_material_conducts_more() {
        let mut last = 0.0;
        for exponent in -8..=8 {
            let p = SKIN.permeability_cm_per_s(1e-12, 1e-12 * 10f64.powi(exponent));
            assert!(p > last);
            last = p;
        }
    }
}
