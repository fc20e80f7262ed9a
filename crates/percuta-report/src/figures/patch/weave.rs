//! The ornament of a section: where its fibres, nuclei and the waves of the junction lie. It does not change with time.

use std::f64::consts::TAU;

use super::super::noise::noise;

/// Height of the waves of the junction, as a share of the epidermis.
const WAVE: f64 = 0.38;
/// Mean distance of places where a fibroblast may lie, µm.
const FIBROBLAST_UM: f64 = 21.0;
/// Share of these places that are taken at the resting number of fibroblasts.
const FIBROBLASTS: f32 = 0.14;
/// Mean distance of keratinocytes, µm.
const KERATINOCYTE_UM: f64 = 11.5;

/// The rectangle of a vertical plane that is drawn, and how large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Where it begins along the plane, µm.
    pub from_um: f64,
    /// Width, µm.
    pub width_um: f64,
    /// Air above the surface, µm.
    pub air_um: f64,
    /// Depth, µm.
    pub depth_um: f64,
    /// Pixels a µm.
    pub scale: f64,
}

impl Window {
    /// Pixels a row.
    pub fn columns(&self) -> usize {
        (self.width_um * self.scale).round() as usize
    }

    /// Rows of pixels.
    pub fn rows(&self) -> usize {
        ((self.air_um + self.depth_um) * self.scale).round() as usize
    }

    /// Place of a column along the plane, µm.
    pub fn along_um(&self, column: usize) -> f64 {
        self.from_um + (column as f64 + 0.5) / self.scale
    }

    /// Depth of a row below the surface, µm.
    pub fn depth_um(&self, row: usize) -> f64 {
        (row as f64 + 0.5) / self.scale - self.air_um
    }
}

/// A nucleus that is there if there are enough cells.
#[derive(Debug, Clone, Copy)]
pub struct Nucleus {
    /// Place along the plane and below the surface, µm.
    pub at: (f64, f64),
    /// Half axes, µm.
    pub half: (f64, f64),
    /// Direction of the longer axis, radian.
    pub angle: f64,
    /// Number of cells relative to rest from which on it is drawn.
    pub from: f32,
}

/// The fixed ornament of one window.
pub struct Weave {
    /// Rank of each pixel among all when fibres are laid down: a share `c` of collagen covers the pixels with a rank below `c`.
    pub rank: Vec<f32>,
    /// Rank of the pixel's fibre when fibres are renewed.
    pub renewal: Vec<f32>,
    /// Fine striping of the fibres, 0 to 1.
    pub stripes: Vec<f32>,
    /// Fibroblasts.
    pub nuclei: Vec<Nucleus>,
    /// Nuclei of the epidermis; their depth counts from 0 at the junction to 1 at the horny layer.
    pub keratinocytes: Vec<Nucleus>,
}

impl Weave {
    /// The ornament of a window; the fibres are fine down to `papillary_um`, coarse below.
    pub fn new(window: &Window, junction_um: f64, papillary_um: f64) -> Self {
        let (columns, rows) = (window.columns(), window.rows());
        let mut weave = Self {
            rank: Vec::with_capacity(columns * rows),
            renewal: Vec::with_capacity(columns * rows),
            stripes: Vec::with_capacity(columns * rows),
            nuclei: fibroblasts(window, junction_um),
            keratinocytes: keratinocytes(window),
        };
        for row in 0..rows {
            for column in 0..columns {
                let fibre = fibre(window.along_um(column), window.depth_um(row), papillary_um);
                weave.rank.push(fibre.0);
                weave.renewal.push(fibre.1);
                weave.stripes.push(fibre.2);
            }
        }
        // Coarse and fine fibres are ranked apart, so that equal collagen covers an equal share of both.
        let border = (0..rows).filter(|&r| window.depth_um(r) < papillary_um).count() * columns;
        for values in [&mut weave.rank, &mut weave.renewal] {
            let (fine, coarse) = values.split_at_mut(border);
            to_ranks(fine);
            to_ranks(coarse);
        }
        weave
    }
}

/// Depth of the junction over its mean depth below the horny layer: pegs that hang down between papillae.
pub fn junction(along_um: f64) -> f64 {
    let t = along_um / 1000.0;
    let peg = (TAU * (t / 0.11 + 0.25 * (TAU * t / 0.43).sin())).sin();
    1.0 + WAVE * (peg + 0.35 * (TAU * t / 0.07 + 1.0).sin()) / 1.35
}

/// Height of a fibre over its neighbours, what it renews like, and its stripes, at a place.
fn fibre(x: f64, z: f64, papillary_um: f64) -> (f32, f32, f32) {
    let warp = |seed: u64, scale: f64| smooth(seed, x / scale, z / scale) - 0.5;
    // Wandering of the fibres, the same for all so that neighbours run alongside.
    let drift = 60.0 * warp(101, 190.0) + 20.0 * warp(102, 62.0);
    let family = |seed: u64, lean: f64, (long, thick): (f64, f64), bend: f64| {
        let (s, c) = lean.sin_cos();
        let along = x * c + z * s;
        // Collagen is crimped: short waves along each bundle, of a height that varies.
        let crimp = 0.16 * thick * (along / (1.3 * thick) + 9.0 * warp(103, 70.0)).sin() * (1.0 + 2.0 * warp(104, 55.0));
        let across = z * c - x * s + bend + crimp;
        let noise = |n: u64, long: f64, thick: f64| smooth(seed + n, along / long, across / thick);
        let height = 0.62 * noise(0, long, thick) + 0.38 * noise(1, 0.6 * long, 0.45 * thick);
        (height, 0.7 * noise(2, long, thick) + 0.3 * noise(3, 0.7 * long, 0.5 * thick), noise(4, 0.5 * long, 0.26 * thick))
    };
    let blend = |p: (f64, f64, f64), q: (f64, f64, f64), t: f64| (p.0 + (q.0 - p.0) * t, p.1 + (q.1 - p.1) * t, p.2 + (q.2 - p.2) * t);
    // Bundles lean to either side, so that they weave: here the one lies on top, there the other.
    let over = |seed: u64, (long, thick): (f64, f64)| 1.0 / (1.0 + (-11.0 * (smooth(seed, x / long, z / thick) - 0.5)).exp());
    let fineness = 1.0 / (1.0 + ((z - papillary_um) / 16.0).exp());
    let reticular = || {
        let bundle = (150.0, 19.0);
        let crossed = blend(family(110, -0.24, bundle, drift), family(120, 0.30, bundle, drift), over(130, (110.0, 34.0)));
        blend(crossed, family(150, 0.95, (70.0, 15.0), 0.8 * drift), 0.8 * over(151, (75.0, 60.0)) * over(152, (60.0, 50.0)))
    };
    let papillary = || {
        // Short bends turn threads into a felt.
        let felt = 0.5 * drift + 16.0 * warp(105, 27.0);
        let thread = (36.0, 6.5);
        let crossed = blend(family(160, 0.42, thread, felt), family(170, -0.46, thread, felt), over(180, (38.0, 30.0)));
        blend(crossed, family(190, 1.25, (30.0, 6.0), felt), over(181, (45.0, 40.0)) * 0.6)
    };
    let f = match fineness {
        f if f < 0.01 => reticular(),
        f if f > 0.99 => papillary(),
        f => blend(reticular(), papillary(), f),
    };
    (f.0 as f32, f.1 as f32, f.2 as f32)
}

/// Each value's share of smaller ones, to a thousandth.
fn to_ranks(values: &mut [f32]) {
    const BINS: usize = 1000;
    let bin = |v: f32| ((v * BINS as f32) as usize).min(BINS - 1);
    let mut counts = [0usize; BINS + 1];
    for &v in values.iter() {
        counts[bin(v) + 1] += 1;
    }
    for i in 0..BINS {
        counts[i + 1] += counts[i];
    }
    let n = values.len().max(1) as f32;
    for v in values {
        let (i, part) = (bin(*v), (*v * BINS as f32).fract());
        *v = (counts[i] as f32 + part * (counts[i + 1] - counts[i]) as f32) / n;
    }
}

/// A smooth surface through random values in [0, 1), one at every pair of whole numbers.
fn smooth(seed: u64, x: f64, y: f64) -> f64 {
    let (x0, y0) = (x.floor(), y.floor());
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (u, v) = (ease(x - x0), ease(y - y0));
    let at = |i: f64, j: f64| noise(seed, ((x0 + i) as i64 as u64).wrapping_mul(0x1_0000_01b3).wrapping_add((y0 + j) as i64 as u64));
    let top = at(0.0, 0.0) + u * (at(1.0, 0.0) - at(0.0, 0.0));
    let bottom = at(0.0, 1.0) + u * (at(1.0, 1.0) - at(0.0, 1.0));
    top + v * (bottom - top)
}

/// One place in each cell of a lattice, jittered: (row, column) and a source of numbers for each.
fn lattice(columns: (i64, i64), rows: (i64, i64), seed: u64) -> impl Iterator<Item = (i64, i64, impl Fn(u64) -> f64)> {
    (rows.0..rows.1).flat_map(move |row| {
        (columns.0..columns.1).map(move |column| {
            let key = (row as u64).wrapping_mul(1_000_003).wrapping_add(column as u64);
            (row, column, move |n: u64| noise(seed + n, key))
        })
    })
}

fn fibroblasts(window: &Window, junction_um: f64) -> Vec<Nucleus> {
    let cell = |um: f64| (um / FIBROBLAST_UM).floor() as i64;
    let (columns, rows) = ((cell(window.from_um), cell(window.from_um + window.width_um) + 1), (0, cell(window.depth_um) + 1));
    lattice(columns, rows, 200)
        .map(|(row, column, r)| Nucleus {
            at: (FIBROBLAST_UM * (column as f64 + r(0)), 0.4 * junction_um + FIBROBLAST_UM * (row as f64 + r(1))),
            half: (5.4 + 2.6 * r(2), 1.9 + 0.7 * r(3)),
            angle: 1.1 * (r(4) - 0.5),
            from: r(5) as f32 / FIBROBLASTS,
        })
        .collect()
}

fn keratinocytes(window: &Window) -> Vec<Nucleus> {
    let cell = |um: f64| (um / KERATINOCYTE_UM).floor() as i64;
    lattice((cell(window.from_um), cell(window.from_um + window.width_um) + 1), (0, 6), 300)
        .map(|(row, column, r)| {
            let height = (row as f64 + 0.45 + 0.35 * (r(1) - 0.5)) / 6.0;
            // Basal cells stand upright, those above lie ever flatter.
            let flat = height.min(1.0);
            Nucleus {
                at: (KERATINOCYTE_UM * (column as f64 + 0.5 * (row % 2) as f64 + 0.5 * r(0)), height),
                half: (2.2 + 1.5 * flat, 3.0 - 1.7 * flat),
                angle: 0.5 * (r(2) - 0.5),
                from: 0.0,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_collagen_covers_that_share_of_the_picture() {
        let window = Window { from_um: 300.0, width_um: 500.0, air_um: 0.0, depth_um: 400.0, scale: 0.3 };
        let weave = Weave::new(&window, 70.0, 200.0);
        assert_eq!(weave.rank.len(), window.columns() * window.rows());
        let border = (200.0 * window.scale).round() as usize * window.columns();
        for ranks in [&weave.rank, &weave.renewal] {
            for part in [&ranks[..border], &ranks[border..]] {
                for share in [0.2, 0.5, 0.72, 0.9] {
                    let covered = part.iter().filter(|r| **r < share).count() as f32 / part.len() as f32;
                    assert!((covered - share).abs() < 0.01, "{covered} for {share}");
                }
            }
        }
        let rest = weave.nuclei.iter().filter(|n| n.from < 1.0).count() as f32 / weave.nuclei.len() as f32;
        assert!((rest - FIBROBLASTS).abs() < 0.05, "{rest}");
    }

    #[test]
    fn waves_do_not_thicken_the_epidermis() {
        let mean = (0..100_000).map(|i| junction(f64::from(i) * 0.7)).sum::<f64>() / 100_000.0;
        assert!((mean - 1.0).abs() < 0.01, "{mean}");
    }
}
