//! A line of the skin as a curve with a depth, and many of them drawn into a grid.

use std::ops::Range;

use rayon::prelude::*;

/// Sharpness with which furrows that meet are joined: the fourth-power mean of their depths. A crossing of two is a fifth
/// deeper than either, and the joint field has no edge.
const JOINT: i32 = 4;
/// Rows that are drawn at once.
const BAND: usize = 64;

/// A point of a strand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct StrandPoint {
    /// Place, µm.
    pub x: f64,
    /// Place, µm.
    pub y: f64,
    /// Local depth, µm.
    pub depth_um: f64,
    /// Share of the depth that shows: 1, and less towards a free end.
    pub shape: f64,
    /// Width at half the depth, µm.
    pub width_um: f64,
}

/// One furrow.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Strand {
    /// Its curve.
    pub points: Vec<StrandPoint>,
    /// Whether it counts for the depth of its family.
    pub leading: bool,
}

impl Strand {
    /// Distance from its curve within which it shows, µm.
    fn reach_um(&self) -> f64 {
        REACH * self.points.iter().fold(0.0f64, |w, p| w.max(p.width_um))
    }

    /// From where to where it shows, µm down the field.
    fn extent_um(&self) -> (f64, f64) {
        let reach = self.reach_um();
        self.points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), p| (low.min(p.y - reach), high.max(p.y + reach)))
    }
}

/// How far from its middle a furrow reaches, in widths.
const REACH: f64 = 2.2;
/// Entries of a tabulated cross-section.
const ENTRIES: usize = 1024;

/// Cross-section of a furrow: depth over distance from the middle, for a width and a depth of 1.
pub(super) struct CrossSection(Vec<f32>);

impl CrossSection {
    /// A rounded valley with flanks that run out, in skin that bulges beside it; `dome` is the share of the depth that the
    /// bulging makes.
    pub(super) fn new(dome: f64) -> Self {
        let depth = |k: usize| {
            let share = k as f64 / ENTRIES as f64;
            // 1 / cosh falls to one half at arcosh 2; the last of it is taken off so that it ends at the reach.
            let valley = |share: f64| 1.0 / (2.0 * 2f64.acosh() * REACH * share).cosh();
            let valley = (valley(share) - valley(1.0)) / (1.0 - valley(1.0));
            let rise = 1.0 - share;
            ((1.0 - dome) * valley + dome * rise * rise) as f32
        };
        Self((0..=ENTRIES).map(depth).collect())
    }

    /// Depth at a distance given as a share of the reach, below 1.
    fn at(&self, share: f32) -> f32 {
        self.0[(share * ENTRIES as f32) as usize]
    }
}

/// The grid that strands are drawn into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    /// Points in a row.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// Distance of points, µm; the first lies half of it from the corner.
    pub step_um: f64,
}

/// A family of furrows on a grid.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Drawn {
    /// Share of the local depth that shows at each point.
    pub shape: Vec<f32>,
    /// Local depth of the furrows that show there, µm.
    pub depth_um: Vec<f32>,
}

/// Draws strands into a grid, each of its points the mean over `fine` x `fine` finer ones. Each band of rows is drawn alone
/// and in the order of the strands.
pub(super) fn draw(strands: &[Strand], section: &CrossSection, grid: Grid, fine: usize) -> Drawn {
    let points = grid.columns * grid.rows;
    let mut drawn = Drawn { shape: vec![0.0; points], depth_um: vec![0.0; points] };
    let rows = (BAND / fine).max(1);
    let finer = Grid { columns: grid.columns * fine, rows: grid.rows * fine, step_um: grid.step_um / fine as f64 };
    // In a wide field most strands lie outside a band.
    let extents: Vec<(f64, f64)> = strands.iter().map(Strand::extent_um).collect();
    let bands = drawn.shape.par_chunks_mut(rows * grid.columns).zip(drawn.depth_um.par_chunks_mut(rows * grid.columns));
    bands.enumerate().for_each(|(band, (shape, depth_um))| {
        let first_row = band * rows * fine;
        let (top, bottom) = (first_row as f64 * finer.step_um, (first_row + rows * fine) as f64 * finer.step_um);
        let here = strands.iter().zip(&extents).filter(|(_, (low, high))| *high > top && *low < bottom).map(|(strand, _)| strand);
        let furrows = furrows(here, section, finer, first_row, shape.len() * fine * fine);
        for (i, (shape, depth_um)) in shape.iter_mut().zip(depth_um).enumerate() {
            let (row, column) = (i / grid.columns * fine, i % grid.columns * fine);
            let lines = (row..row + fine).map(|r| r * finer.columns + column);
            let (mut shown, mut weighted) = (0.0f32, 0.0f32);
            for (furrow, local) in lines.flat_map(|k| &furrows[k..k + fine]) {
                shown += furrow;
                weighted += furrow * local;
            }
            if shown > 0.0 {
                // Where much shows, its depth counts.
                *depth_um = weighted / shown;
                *shape = shown / (fine * fine) as f32 / *depth_um;
            }
        }
    });
    drawn
}

/// (Depth that shows, local depth of what shows) at each point of a band of a grid.
fn furrows<'a>(
    strands: impl Iterator<Item = &'a Strand>,
    section: &CrossSection,
    grid: Grid,
    first_row: usize,
    points: usize,
) -> Vec<(f32, f32)> {
    let mut best = vec![(0.0f32, 0.0f32); points];
    let mut sums = best.clone();
    for strand in strands {
        let Some(touched) = nearest(strand, section, grid, first_row, &mut best) else { continue };
        for row in touched.rows {
            let line = row * grid.columns + touched.columns.start..row * grid.columns + touched.columns.end;
            let places = best[line.clone()].iter_mut().zip(&mut sums[line]);
            for (place, sum) in places.filter(|(place, _)| place.0 > 0.0) {
                let (shown, local) = std::mem::take(place);
                let power = shown.powi(JOINT);
                *sum = (sum.0 + power, sum.1 + power * local);
            }
        }
    }
    for sum in sums.iter_mut().filter(|s| s.0 > 0.0) {
        *sum = (sum.0.powf(1.0 / JOINT as f32), sum.1 / sum.0);
    }
    sums
}

/// The part of a band that a strand reaches.
struct Touched {
    rows: Range<usize>,
    columns: Range<usize>,
}

/// Notes (depth that shows, local depth) of the nearest part of a strand at each point of a band that it reaches.
fn nearest(strand: &Strand, section: &CrossSection, grid: Grid, first_row: usize, best: &mut [(f32, f32)]) -> Option<Touched> {
    /// How far beyond its ends a piece is still looked at, as a share of it: what its neighbour does not see at a bend.
    const BEYOND: f64 = 0.5;
    let rows = best.len() / grid.columns;
    let reach = strand.reach_um();
    let range = |low: f64, high: f64, offset: usize, n: usize| {
        let index = |v: f64| v / grid.step_um - 0.5 - offset as f64;
        (index(low - reach).ceil().clamp(0.0, n as f64) as usize, (index(high + reach).floor() + 1.0).clamp(0.0, n as f64) as usize)
    };
    let pieces = strand.points.len() - 1;
    let mut touched: Option<Touched> = None;
    for (piece, pair) in strand.points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let (top, bottom) = range(a.y.min(b.y), a.y.max(b.y), first_row, rows);
        let (left, right) = range(a.x.min(b.x), a.x.max(b.x), 0, grid.columns);
        if top >= bottom || left >= right {
            continue;
        }
        let wider = |old: &Range<usize>, low: usize, high: usize| old.start.min(low)..old.end.max(high);
        touched = Some(match touched {
            None => Touched { rows: top..bottom, columns: left..right },
            Some(t) => Touched { rows: wider(&t.rows, top, bottom), columns: wider(&t.columns, left, right) },
        });
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let square = (dx * dx + dy * dy).max(1e-12);
        let (ux, uy) = (dx / square, dy / square);
        // Round ends; within the line each piece sees to its own stretch.
        let first = if piece == 0 { f64::NEG_INFINITY } else { -BEYOND };
        let last = if piece + 1 == pieces { f64::INFINITY } else { 1.0 + BEYOND };
        for row in top..bottom {
            let y = ((row + first_row) as f64 + 0.5) * grid.step_um - a.y;
            let line = &mut best[row * grid.columns..(row + 1) * grid.columns];
            for (column, place) in line.iter_mut().enumerate().take(right).skip(left) {
                let x = (column as f64 + 0.5) * grid.step_um - a.x;
                let t = x * ux + y * uy;
                if t < first || t > last {
                    continue;
                }
                let t = t.clamp(0.0, 1.0);
                let (off_x, off_y) = (x - t * dx, y - t * dy);
                let distance = off_x * off_x + off_y * off_y;
                let reach = REACH * (a.width_um + t * (b.width_um - a.width_um));
                if distance >= reach * reach {
                    continue;
                }
                let local = (a.depth_um + t * (b.depth_um - a.depth_um)) as f32;
                let shape = (a.shape + t * (b.shape - a.shape)) as f32;
                let shown = local * shape * section.at((distance.sqrt() / reach) as f32);
                if shown > place.0 {
                    *place = (shown, local);
                }
            }
        }
    }
    touched
}
