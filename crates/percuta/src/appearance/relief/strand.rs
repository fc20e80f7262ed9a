//! A line of the skin as a curve with a depth, and many of them drawn into a grid.

use rayon::prelude::*;

/// Sharpness with which furrows that meet are joined: the fourth-power mean of their depths. A crossing of two is a fifth
/// deeper than either, and the joint field has no edge.
const JOINT: i32 = 4;
/// Rows of the grid that are drawn at once.
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
    /// Depth that shows, µm.
    pub furrow_um: Vec<f32>,
    /// Local depth of the furrows that show there, µm.
    pub depth_um: Vec<f32>,
}

/// Draws strands into a grid. Each band of rows is drawn alone and in the order of the strands.
pub(super) fn draw(strands: &[Strand], section: &CrossSection, grid: Grid) -> Drawn {
    let mut drawn = Drawn { furrow_um: vec![0.0; grid.columns * grid.rows], depth_um: vec![0.0; grid.columns * grid.rows] };
    let size = BAND * grid.columns;
    let bands = drawn.furrow_um.par_chunks_mut(size).zip(drawn.depth_um.par_chunks_mut(size));
    bands.enumerate().for_each(|(band, (furrow, depth))| {
        let mut best = vec![(0.0f32, 0.0f32); furrow.len()];
        for strand in strands {
            draw_one(strand, section, grid, band * BAND, &mut best, |i, (shown, local)| {
                let power = shown.powi(JOINT);
                furrow[i] += power;
                depth[i] += power * local;
            });
        }
        for (f, d) in furrow.iter_mut().zip(depth.iter_mut()).filter(|(f, _)| **f > 0.0) {
            *d /= *f;
            *f = f.powf(1.0 / JOINT as f32);
        }
    });
    drawn
}

/// Finds the nearest part of a strand for each point of a band, and tells (point, (depth that shows, local depth)).
fn draw_one(
    strand: &Strand,
    section: &CrossSection,
    grid: Grid,
    first_row: usize,
    best: &mut [(f32, f32)],
    mut tell: impl FnMut(usize, (f32, f32)),
) {
    /// How far beyond its ends a piece is still looked at, as a share of it: what its neighbour does not see at a bend.
    const BEYOND: f64 = 0.5;
    let rows = best.len() / grid.columns;
    let widest = strand.points.iter().fold(0.0f64, |w, p| w.max(p.width_um));
    let reach = REACH * widest;
    let range = |low: f64, high: f64, offset: usize, n: usize| {
        let index = |v: f64| v / grid.step_um - 0.5 - offset as f64;
        (index(low - reach).ceil().clamp(0.0, n as f64) as usize, (index(high + reach).floor() + 1.0).clamp(0.0, n as f64) as usize)
    };
    let pieces = strand.points.len() - 1;
    let mut touched = (usize::MAX, 0usize, usize::MAX, 0usize);
    for (piece, pair) in strand.points.windows(2).enumerate() {
        let (a, b) = (pair[0], pair[1]);
        let (top, bottom) = range(a.y.min(b.y), a.y.max(b.y), first_row, rows);
        let (left, right) = range(a.x.min(b.x), a.x.max(b.x), 0, grid.columns);
        if top >= bottom || left >= right {
            continue;
        }
        touched = (touched.0.min(top), touched.1.max(bottom), touched.2.min(left), touched.3.max(right));
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
    let (top, bottom, left, right) = touched;
    for row in top..bottom.max(top) {
        for i in row * grid.columns + left..row * grid.columns + right {
            if best[i].0 > 0.0 {
                tell(i, std::mem::take(&mut best[i]));
            }
        }
    }
}
