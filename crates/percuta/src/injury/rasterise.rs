//! Tracks laid on a grid: damaged fraction per voxel and open area per layer.

use rayon::prelude::*;

use super::track::{Stadium, Stretch, Track};
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
    let places = places(table);
    let mut fine = Fine::of(grid);
    let open_area = surface(&places, track, &mut fine);
    let mut open_area_by_layer = vec![0.0; grid.layers()];
    for_each_layer(&places, track, grid, |layer, stretches| {
        open_area_by_layer[layer] = open(&places, stretches, &mut fine);
    });
    let (damaged, damaged_by_layer) = damage(&places, track, grid);
    Injury { damaged, damaged_by_layer, open_area_by_layer, open_area }
}

/// The same, its layers shared among the threads of the current pool: for large grids.
#[must_use]
pub fn injure_threaded(table: &PunctureTable, track: &Track, grid: &Grid) -> Injury {
    let places = places(table);
    let mut damaged = vec![0.0; grid.voxels()];
    let by_layer: Vec<(f64, f64)> = damaged
        .par_chunks_mut(grid.plane())
        .zip(grid.depth_edges_um.par_windows(2))
        .map_init(
            || Fine::of(grid),
            |fine, (into, edges)| {
                let stretches = stretches(&places, track, edges);
                let open = open(&places, &stretches, fine);
                (lysed(&places, &stretches, track, fine, into), open)
            },
        )
        .collect();
    let open_area = surface(&places, track, &mut Fine::of(grid));
    let (damaged_by_layer, open_area_by_layer) = by_layer.into_iter().unzip();
    Injury { damaged, damaged_by_layer, open_area_by_layer, open_area }
}

/// A second window of the same session: the damage of its own punctures, and open channels as in the `first`, of which
/// only averages are used and whose raster is as costly as that of the damage.
#[must_use]
pub fn injure_alike(table: &PunctureTable, track: &Track, grid: &Grid, first: &Injury) -> Injury {
    let places = places(table);
    let (damaged, damaged_by_layer) = damage(&places, track, grid);
    Injury { damaged, damaged_by_layer, open_area_by_layer: first.open_area_by_layer.clone(), open_area: first.open_area }
}

/// Damaged fraction per voxel and mean per layer.
fn damage(places: &[Place], track: &Track, grid: &Grid) -> (Vec<f64>, Vec<f64>) {
    let mut fine = Fine::of(grid);
    let mut damaged = vec![0.0; grid.voxels()];
    let mut by_layer = vec![0.0; grid.layers()];
    for_each_layer(places, track, grid, |layer, stretches| {
        let into = &mut damaged[layer * grid.plane()..(layer + 1) * grid.plane()];
        by_layer[layer] = lysed(places, stretches, track, &mut fine, into);
    });
    (damaged, by_layer)
}

/// Open share of the surface.
fn surface(places: &[Place], track: &Track, fine: &mut Fine) -> f64 {
    for place in places {
        fine.deposit(place, track.outline(0.0, place.depth_um, place.slit_um).scaled(track.hole_recoil), 1.0);
    }
    fine.collect(None)
}

/// Open share of a layer.
fn open(places: &[Place], stretches: &[Stretch], fine: &mut Fine) -> f64 {
    for (place, stretch) in places.iter().zip(stretches) {
        fine.deposit(place, stretch.hole, stretch.share);
    }
    fine.collect(None)
}

/// Damaged share of each voxel of a layer, and their mean.
fn lysed(places: &[Place], stretches: &[Stretch], track: &Track, fine: &mut Fine, into: &mut [f64]) -> f64 {
    for (place, stretch) in places.iter().zip(stretches) {
        fine.deposit(place, stretch.core, stretch.share * track.lysed_fraction);
    }
    fine.collect(Some(into))
}

/// Calls `lay(layer, stretches)` for every layer that a track reaches, with each track's mean outline in it.
fn for_each_layer(places: &[Place], track: &Track, grid: &Grid, mut lay: impl FnMut(usize, &[Stretch])) {
    let deepest = places.iter().map(|p| p.depth_um).fold(0.0, f64::max);
    for (layer, edges) in grid.depth_edges_um.windows(2).enumerate().take_while(|(_, e)| e[0] < deepest) {
        lay(layer, &stretches(places, track, edges));
    }
}

/// Each track's mean outline between two depths.
fn stretches(places: &[Place], track: &Track, edges: &[f64]) -> Vec<Stretch> {
    places.iter().map(|p| track.mean(edges[0], edges[1], p.depth_um, p.slit_um)).collect()
}

fn places(table: &PunctureTable) -> Vec<Place> {
    (0..table.len()).map(|i| Place::of(table, i)).collect()
}

/// Where a track lies, how deep it goes and which way its slit runs.
struct Place {
    x_um: f64,
    y_um: f64,
    depth_um: f64,
    slit_um: f64,
    along: (f64, f64),
}

impl Place {
    fn of(table: &PunctureTable, i: usize) -> Self {
        let (dx, dy) = (table.drag_x_um[i], table.drag_y_um[i]);
        let slit_um = dx.hypot(dy);
        let along = if slit_um > 0.0 { (dx / slit_um, dy / slit_um) } else { (1.0, 0.0) };
        Self { x_um: table.x_um[i], y_um: table.y_um[i], depth_um: table.depth_um[i], slit_um, along }
    }
}

/// The fine raster: share of the tissue that is left in each cell.
struct Fine {
    n: usize,
    refine: usize,
    cell_um: f64,
    left: Vec<f64>,
    /// Voxels that hold anything but whole tissue, `[y][x]`: where punctures are few, most hold nothing else.
    touched: Vec<bool>,
    chords: Vec<(f64, f64)>,
    covered: Vec<f64>,
}

impl Fine {
    fn of(grid: &Grid) -> Self {
        let refine = ((grid.spacing_um / FINE_UM).ceil() as usize).max(1);
        let n = grid.n * refine;
        let cell_um = grid.spacing_um / refine as f64;
        Self { n, refine, cell_um, left: vec![1.0; n * n], touched: vec![false; grid.plane()], chords: Vec::new(), covered: Vec::new() }
    }

    /// Takes `taken` of the tissue inside the stadium.
    fn deposit(&mut self, place: &Place, stadium: Stadium, taken: f64) {
        if stadium.radius_um <= 0.0 || taken <= 0.0 {
            return;
        }
        // In units of cells from here on.
        let cell = self.cell_um;
        let shape = Scan::new(place, stadium, cell);
        let first = floor(shape.low());
        let rows = (floor(shape.high()) - first + 1) as usize;
        let per_row = (LINES / (shape.high() - shape.low())).ceil().max(1.0) as usize;
        let step = 1.0 / per_row as f64;
        self.chords.clear();
        self.chords.extend((0..rows * per_row).map(|line| shape.chord(first as f64 + (line as f64 + 0.5) * step)));
        let swept = step * self.chords.iter().map(|(from, to)| to - from).sum::<f64>();
        if swept <= 0.0 {
            return;
        }
        // Scan lines miss or add a little area: what each takes is scaled to the exact area.
        let taken = taken * stadium.area_um2() / (cell * cell * swept);
        let mut y = wrap(first, self.n);
        for row in 0..rows {
            if per_row == 1 {
                let (from, to) = self.chords[row];
                self.take(y, from, to, taken);
            } else {
                self.take_lines(y, row * per_row..(row + 1) * per_row, taken);
            }
            y = if y + 1 == self.n { 0 } else { y + 1 };
        }
    }

    /// Takes from the cells of a row between two positions, from the first and last in proportion to their share.
    fn take(&mut self, y: usize, from: f64, to: f64, taken: f64) {
        if to <= from {
            return;
        }
        let (start, last) = (floor(from), floor(to));
        self.touch(y, start, last);
        let row = &mut self.left[y * self.n..(y + 1) * self.n];
        let mut x = wrap(start, self.n);
        if last == start {
            row[x] *= (1.0 - taken * (to - from)).max(0.0);
            return;
        }
        row[x] *= (1.0 - taken * ((start + 1) as f64 - from)).max(0.0);
        x = if x + 1 == self.n { 0 } else { x + 1 };
        let keep = (1.0 - taken).max(0.0);
        let mut inner = (last - start - 1) as usize;
        while inner > 0 {
            let run = inner.min(self.n - x);
            row[x..x + run].iter_mut().for_each(|left| *left *= keep);
            inner -= run;
            x = if x + run == self.n { 0 } else { x + run };
        }
        row[x] *= (1.0 - taken * (to - last as f64)).max(0.0);
    }

    /// The same for a row that several scan lines cross: their shares of each cell are added first.
    fn take_lines(&mut self, y: usize, lines: std::ops::Range<usize>, taken: f64) {
        let chords = &self.chords[lines];
        let hits = || chords.iter().filter(|c| c.1 > c.0);
        let low = hits().map(|c| c.0).fold(f64::INFINITY, f64::min);
        let high = hits().map(|c| c.1).fold(f64::NEG_INFINITY, f64::max);
        if high <= low {
            return;
        }
        let (start, last) = (floor(low), floor(high));
        self.covered.clear();
        self.covered.resize((last - start + 1) as usize, 0.0);
        for &(from, to) in hits() {
            let (a, b) = ((floor(from) - start) as usize, (floor(to) - start) as usize);
            for (i, covered) in self.covered[a..=b].iter_mut().enumerate() {
                let left = (start + (a + i) as i64) as f64;
                *covered += (to.min(left + 1.0) - from.max(left)).max(0.0);
            }
        }
        let weight = taken / chords.len() as f64;
        self.touch(y, start, last);
        let row = &mut self.left[y * self.n..(y + 1) * self.n];
        let mut x = wrap(start, self.n);
        for covered in &self.covered {
            row[x] *= (1.0 - weight * covered).max(0.0);
            x = if x + 1 == self.n { 0 } else { x + 1 };
        }
    }

    /// Notes that the voxels of a row of cells from `start` to `last` are no longer whole.
    fn touch(&mut self, y: usize, start: i64, last: i64) {
        let voxels = self.n / self.refine;
        let row = y / self.refine * voxels;
        let mut x = wrap(start, self.n) / self.refine;
        for _ in 0..=((last - start) as usize / self.refine + 1).min(voxels - 1) {
            self.touched[row + x] = true;
            x = if x + 1 == voxels { 0 } else { x + 1 };
        }
    }

    /// Mean taken over the plane; writes each voxel's share into `into`; leaves whole tissue behind.
    fn collect(&mut self, mut into: Option<&mut [f64]>) -> f64 {
        let voxels = self.n / self.refine;
        let per_voxel = 1.0 / (self.refine * self.refine) as f64;
        let mut sum = 0.0;
        for (voxel, touched) in self.touched.iter_mut().enumerate() {
            if !std::mem::take(touched) {
                continue;
            }
            let corner = voxel / voxels * self.refine * self.n + voxel % voxels * self.refine;
            let mut taken = 0.0;
            for row in 0..self.refine {
                let cells = &mut self.left[corner + row * self.n..][..self.refine];
                taken += cells.iter().map(|left| 1.0 - left).sum::<f64>();
                cells.fill(1.0);
            }
            let share = (per_voxel * taken).min(1.0);
            sum += share;
            if let Some(into) = &mut into {
                into[voxel] = share;
            }
        }
        sum / (voxels * voxels) as f64
    }
}

/// The whole number at or below `x`, without the call that `f64::floor` is on older processors.
fn floor(x: f64) -> i64 {
    let towards_zero = x as i64;
    towards_zero - i64::from(towards_zero as f64 > x)
}

/// Position on a periodic row of `n` cells.
fn wrap(at: i64, n: usize) -> usize {
    let n = n as i64;
    (if (0..n).contains(&at) { at } else { at.rem_euclid(n) }) as usize
}

/// A stadium in units of cells, ready to be cut by horizontal lines.
struct Scan {
    /// Centres of the two ends, the one with the smaller y first.
    ends: [(f64, f64); 2],
    radius: f64,
    /// From the axis to the straight side on the right.
    side: (f64, f64),
    /// Change of x along the straight sides per unit of y.
    lean: f64,
}

impl Scan {
    fn new(place: &Place, stadium: Stadium, cell: f64) -> Self {
        let radius = stadium.radius_um / cell;
        let half = 0.5 * stadium.length_um / cell;
        let (cx, cy) = (place.x_um / cell, place.y_um / cell);
        let up = if place.along.1 < 0.0 { (-place.along.0, -place.along.1) } else { place.along };
        let (dx, dy) = (half * up.0, half * up.1);
        Self {
            ends: [(cx - dx, cy - dy), (cx + dx, cy + dy)],
            radius,
            side: (radius * up.1, -radius * up.0),
            lean: if dy > 0.0 { dx / dy } else { 0.0 },
        }
    }

    fn low(&self) -> f64 {
        self.ends[0].1 - self.radius
    }

    fn high(&self) -> f64 {
        self.ends[1].1 + self.radius
    }

    /// Where the line at `y` is inside; both are 0 where it misses.
    fn chord(&self, y: f64) -> (f64, f64) {
        if y <= self.low() || y >= self.high() {
            return (0.0, 0.0);
        }
        // Each border is an arc of the lower end, a straight side, an arc of the upper end.
        let [a, b] = self.ends;
        let half = |end: (f64, f64)| (self.radius * self.radius - (y - end.1) * (y - end.1)).max(0.0).sqrt();
        let tilt = self.side.1.abs();
        // Beyond both sides' ends there is only one arc.
        if y <= a.1 - tilt {
            let half = half(a);
            return (a.0 - half, a.0 + half);
        }
        if y >= b.1 + tilt {
            let half = half(b);
            return (b.0 - half, b.0 + half);
        }
        let border = |sign: f64| {
            let (foot, head) = (a.1 + sign * self.side.1, b.1 + sign * self.side.1);
            if y < foot {
                a.0 + sign * half(a)
            } else if y > head {
                b.0 + sign * half(b)
            } else {
                a.0 + sign * self.side.0 + (y - foot) * self.lean
            }
        };
        let (from, to) = (border(-1.0), border(1.0));
        if to > from { (from, to) } else { (0.0, 0.0) }
    }
}

#[cfg(test)]
#[path = "rasterise_tests.rs"]
mod tests;
