//! Tracks laid on a grid: damaged fraction per voxel and open area per layer.

use super::track::{Stadium, Track};
use crate::device::PunctureTable;
use crate::tissue::Grid;

/// What one session's punctures did to each voxel of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Injury {
    /// Damaged (cut or lysed) fraction of each voxel, 0 to 1, `[layer][y][x]`.
    pub damaged: Vec<f64>,
    /// Mean damaged fraction of each layer.
    pub damaged_by_layer: Vec<f64>,
    /// Share of each layer's area that is open channel, averaged over its thickness.
    pub open_area_by_layer: Vec<f64>,
    /// Share of the surface that is open channel.
    pub open_area: f64,
}

/// Largest width of a cell of the fine raster, µm. A fixed physical size, well below the width of a needle, so that
/// where tracks overlap does not depend on the grid. It is a resolution, not a property of skin.
const FINE_UM: f64 = 10.0;

/// Least number of scan lines across a stadium; fewer would misjudge its outline.
const LINES: f64 = 12.0;

/// Lays the tracks of `table` on `grid`, whose side is the table's window; both are periodic.
///
/// Tracks that overlap compose: what is left of the tissue is the product of what each track leaves. Each track deposits exactly
/// its own area in each layer, so the total damage of separate tracks does not depend on the grid.
#[must_use]
pub fn injure(table: &PunctureTable, track: &Track, grid: &Grid) -> Injury {
    let layers = grid.layers();
    let refine = ((grid.spacing_um / FINE_UM).ceil() as usize).max(1);
    let mut fine = Fine::new(grid.n, refine, grid.spacing_um / refine as f64);
    let slits: Vec<f64> = table.drag_x_um.iter().zip(&table.drag_y_um).map(|(x, y)| x.hypot(*y)).collect();
    let deepest = table.depth_um.iter().copied().fold(0.0, f64::max);
    let mut injury = Injury {
        damaged: vec![0.0; grid.voxels()],
        damaged_by_layer: vec![0.0; layers],
        open_area_by_layer: vec![0.0; layers],
        open_area: 0.0,
    };
    let place = |i: usize| Place {
        x_um: table.x_um[i],
        y_um: table.y_um[i],
        along: if slits[i] > 0.0 { (table.drag_x_um[i] / slits[i], table.drag_y_um[i] / slits[i]) } else { (1.0, 0.0) },
    };
    for i in 0..table.len() {
        fine.deposit(&place(i), track.outline(0.0, table.depth_um[i], slits[i]).scaled(track.hole_recoil), 1.0);
    }
    injury.open_area = fine.collect(None);
    for (layer, edges) in grid.depth_edges_um.windows(2).enumerate() {
        if edges[0] >= deepest {
            break;
        }
        let plane = layer * grid.plane()..(layer + 1) * grid.plane();
        for i in 0..table.len() {
            let (core, share) = track.mean_core(edges[0], edges[1], table.depth_um[i], slits[i]);
            fine.deposit(&place(i), core, share * track.lysed_fraction);
        }
        injury.damaged_by_layer[layer] = fine.collect(Some(&mut injury.damaged[plane]));
        for i in 0..table.len() {
            let (hole, share) = track.mean_hole(edges[0], edges[1], table.depth_um[i], slits[i]);
            fine.deposit(&place(i), hole, share);
        }
        injury.open_area_by_layer[layer] = fine.collect(None);
    }
    injury
}

/// Where a track lies and which way its slit runs.
struct Place {
    x_um: f64,
    y_um: f64,
    along: (f64, f64),
}

/// The fine raster: share of the tissue that is left in each cell.
struct Fine {
    n: usize,
    refine: usize,
    cell_um: f64,
    left: Vec<f64>,
    /// Rows of voxels that hold anything but whole tissue.
    touched: Vec<bool>,
    chords: Vec<(f64, f64)>,
    covered: Vec<f64>,
}

impl Fine {
    fn new(voxels: usize, refine: usize, cell_um: f64) -> Self {
        let n = voxels * refine;
        Self { n, refine, cell_um, left: vec![1.0; n * n], touched: vec![false; voxels], chords: Vec::new(), covered: Vec::new() }
    }

    /// Takes `taken` of the tissue inside the stadium.
    fn deposit(&mut self, place: &Place, stadium: Stadium, taken: f64) {
        if stadium.radius_um <= 0.0 || taken <= 0.0 {
            return;
        }
        // In units of cells from here on.
        let cell = self.cell_um;
        let shape = Scan::new(place, stadium, cell);
        let first = (shape.y_low).floor() as i64;
        let rows = (shape.y_high.ceil() as i64 - first).max(1) as usize;
        let per_row = (LINES / (shape.y_high - shape.y_low)).ceil().max(1.0) as usize;
        self.chords.clear();
        let mut swept = 0.0;
        for line in 0..rows * per_row {
            let chord = shape.chord(first as f64 + (line as f64 + 0.5) / per_row as f64);
            swept += chord.1 - chord.0;
            self.chords.push(chord);
        }
        swept /= per_row as f64;
        if swept <= 0.0 {
            return;
        }
        // Scan lines miss or add a little area: what each takes is scaled to the exact area.
        let taken = taken * stadium.area_um2() / (cell * cell * swept);
        for row in 0..rows {
            let y = (first + row as i64).rem_euclid(self.n as i64) as usize;
            self.touched[y / self.refine] = true;
            if per_row == 1 {
                let (from, to) = self.chords[row];
                self.take(y, from, to, taken);
            } else {
                self.take_lines(y, row * per_row..(row + 1) * per_row, taken);
            }
        }
    }

    /// Takes from the cells of a row between two positions, from the first and last in proportion to their share.
    fn take(&mut self, y: usize, from: f64, to: f64, taken: f64) {
        if to <= from {
            return;
        }
        let row = &mut self.left[y * self.n..(y + 1) * self.n];
        let (start, end) = (from.floor(), to.ceil());
        let cells = (end - start) as usize;
        let mut x = (start as i64).rem_euclid(self.n as i64) as usize;
        let keep = (1.0 - taken).max(0.0);
        if cells == 1 {
            row[x] *= (1.0 - taken * (to - from)).max(0.0);
            return;
        }
        row[x] *= (1.0 - taken * (start + 1.0 - from)).max(0.0);
        x = (x + 1) % self.n;
        let mut inner = cells - 2;
        while inner > 0 {
            let run = inner.min(self.n - x);
            row[x..x + run].iter_mut().for_each(|left| *left *= keep);
            inner -= run;
            x = (x + run) % self.n;
        }
        row[x] *= (1.0 - taken * (to - (end - 1.0))).max(0.0);
    }

    /// The same for a row that several scan lines cross: their shares of each cell are added first.
    fn take_lines(&mut self, y: usize, lines: std::ops::Range<usize>, taken: f64) {
        let chords = &self.chords[lines];
        let low = chords.iter().filter(|c| c.1 > c.0).map(|c| c.0).fold(f64::INFINITY, f64::min);
        let high = chords.iter().filter(|c| c.1 > c.0).map(|c| c.1).fold(f64::NEG_INFINITY, f64::max);
        if high <= low {
            return;
        }
        let start = low.floor();
        self.covered.clear();
        self.covered.resize((high.ceil() - start) as usize, 0.0);
        for &(from, to) in chords.iter().filter(|c| c.1 > c.0) {
            let (a, b) = ((from - start) as usize, (to.ceil() - start) as usize);
            for (i, covered) in self.covered[a..b].iter_mut().enumerate() {
                let left = start + (a + i) as f64;
                *covered += (to.min(left + 1.0) - from.max(left)).max(0.0);
            }
        }
        let weight = taken / chords.len() as f64;
        let row = &mut self.left[y * self.n..(y + 1) * self.n];
        let mut x = (start as i64).rem_euclid(self.n as i64) as usize;
        for covered in &self.covered {
            row[x] *= (1.0 - weight * covered).max(0.0);
            x = if x + 1 == self.n { 0 } else { x + 1 };
        }
    }

    /// Mean taken over the plane; writes each voxel's share into `into`; leaves whole tissue behind.
    fn collect(&mut self, mut into: Option<&mut [f64]>) -> f64 {
        let voxels = self.touched.len();
        let per_voxel = 1.0 / (self.refine * self.refine) as f64;
        let mut sum = 0.0;
        for (y, touched) in self.touched.iter_mut().enumerate().filter(|(_, touched)| **touched) {
            *touched = false;
            let block = &mut self.left[y * self.refine * self.n..(y + 1) * self.refine * self.n];
            if let Some(into) = &mut into {
                let out = &mut into[y * voxels..(y + 1) * voxels];
                for row in block.chunks_exact(self.n) {
                    for (voxel, cells) in out.iter_mut().zip(row.chunks_exact(self.refine)) {
                        *voxel += cells.iter().map(|left| 1.0 - left).sum::<f64>();
                    }
                }
                for voxel in out {
                    *voxel = (*voxel * per_voxel).min(1.0);
                    sum += *voxel;
                }
            } else {
                sum += per_voxel * block.iter().map(|left| 1.0 - left).sum::<f64>();
            }
            block.fill(1.0);
        }
        sum / (voxels * voxels) as f64
    }
}

/// A stadium in units of cells, ready to be cut by horizontal lines.
struct Scan {
    /// Centres of the two ends.
    ends: [(f64, f64); 2],
    radius: f64,
    /// From the axis to the straight sides.
    side: (f64, f64),
    y_low: f64,
    y_high: f64,
}

impl Scan {
    fn new(place: &Place, stadium: Stadium, cell: f64) -> Self {
        let radius = stadium.radius_um / cell;
        let half = 0.5 * stadium.length_um / cell;
        let (cx, cy) = (place.x_um / cell, place.y_um / cell);
        let (dx, dy) = (half * place.along.0, half * place.along.1);
        Self {
            ends: [(cx - dx, cy - dy), (cx + dx, cy + dy)],
            radius,
            side: (-radius * place.along.1, radius * place.along.0),
            y_low: cy - dy.abs() - radius,
            y_high: cy + dy.abs() + radius,
        }
    }

    /// Where the line at `y` is inside; the second is not above the first where it misses.
    fn chord(&self, y: f64) -> (f64, f64) {
        let (mut from, mut to) = (f64::INFINITY, f64::NEG_INFINITY);
        for (ex, ey) in self.ends {
            let square = self.radius * self.radius - (y - ey) * (y - ey);
            if square > 0.0 {
                let half = square.sqrt();
                from = from.min(ex - half);
                to = to.max(ex + half);
            }
        }
        let (a, b) = (self.ends[0], self.ends[1]);
        let rise = b.1 - a.1;
        if rise != 0.0 {
            for sign in [-1.0, 1.0] {
                let t = (y - a.1 - sign * self.side.1) / rise;
                if (0.0..=1.0).contains(&t) {
                    let x = a.0 + sign * self.side.0 + t * (b.0 - a.0);
                    from = from.min(x);
                    to = to.max(x);
                }
            }
        }
        if to > from { (from, to) } else { (0.0, 0.0) }
    }
}

#[cfg(test)]
#[path = "rasterise_tests.rs"]
mod tests;
