//! The unevenness of skin: where melanin, blood and oil are more and less. All of it is ornament: the course of these patterns and how
//! strong they are is no result of the model, and it is the same at every visit. Each field has mean 1, so that the skin as a whole
//! keeps the melanin and blood that the model computes.

use super::grid::Grid;
use super::texture::{border, clouds, normal, smooth, step};
use crate::figures::noise::noise;

/// Standard deviation of ln melanin over the skin in youth, and what sun adds to it until old age.
const MELANIN: (f64, f64) = (0.09, 0.09);
/// Standard deviation of ln blood.
const BLOOD: f64 = 0.16;
/// Ages between which sun marks the skin, y.
const AGES: (f64, f64) = (25.0, 75.0);
/// Lentigines per cm² in old age.
const LENTIGINES: f64 = 0.9;
/// Lattice on which lentigines are thrown, µm.
const CELL: f64 = 4000.0;
/// Slope of corneocyte edges, 1, and their size, µm.
const CORNEOCYTE: (f64, f64) = (0.10, 38.0);
/// Reach of the redness around a follicle, µm.
const PERIFOLLICULAR: f64 = 130.0;
/// Optical density of the plug of a pore, and its share for red, green and blue.
const PLUG: f64 = 0.28;
const PLUG_COLOUR: [f64; 3] = [0.7, 0.95, 1.2];

/// A pore: x, y and radius, µm.
pub type Pore = (f64, f64, f64);

/// The ornament of a square of skin.
pub struct Mottle {
    /// Melanin relative to the mean.
    pub melanin: Vec<f32>,
    /// Blood relative to the mean.
    pub blood: Vec<f32>,
    /// Oil relative to the mean.
    pub sebum: Vec<f32>,
    /// Slopes of corneocytes.
    pub corneocytes: Vec<[f32; 2]>,
    /// Share of red, green and blue that passes the plugs of sebum and horn in the pores, there and back.
    pub plugs: Vec<[f32; 3]>,
}

impl Mottle {
    /// The ornament of skin of that age.
    #[must_use]
    pub fn new(grid: Grid, seed: u64, age_years: f64, pores: &[Pore]) -> Self {
        let aged = step(AGES.0, AGES.1, age_years);
        let near = near_pores(grid, pores);
        let lentigines = lentigines(grid, seed, LENTIGINES * aged * aged);
        let spread = MELANIN.0 + MELANIN.1 * aged;
        let place = |k: usize| (((k % grid.columns) as f64 + 0.5) * grid.pixel_um, ((k / grid.columns) as f64 + 0.5) * grid.pixel_um);
        let melanin = grid.pixels(|row, column| {
            let k = row * grid.columns + column;
            let (x, y) = place(k);
            let pattern = 0.62 * clouds(seed ^ 11, x / 3400.0, y / 3400.0, 2, 0.6)
                + 0.55 * clouds(seed ^ 12, x / 700.0, y / 700.0, 3, 0.7)
                + 0.5 * clouds(seed ^ 13, x / 130.0, y / 130.0, 2, 0.7);
            // The openings of follicles have little pigment.
            (spread * pattern - 0.12 * f64::from(near[k])).exp() as f32
        });
        let blood = grid.pixels(|row, column| {
            let k = row * grid.columns + column;
            let (x, y) = place(k);
            let (wx, wy) = (x + 160.0 * smooth(seed ^ 21, x / 420.0, y / 420.0), y + 160.0 * smooth(seed ^ 22, x / 420.0, y / 420.0));
            let vessel = (-(border(seed ^ 23, wx / 620.0, wy / 620.0) / 0.11).powi(2)).exp();
            let shown = step(-0.2, 0.9, clouds(seed ^ 24, x / 1300.0, y / 1300.0, 2, 0.5));
            let pattern = 0.7 * clouds(seed ^ 25, x / 4200.0, y / 4200.0, 2, 0.6) + 0.75 * clouds(seed ^ 26, x / 950.0, y / 950.0, 3, 0.65);
            (BLOOD * pattern + 0.45 * vessel * shown + 0.22 * f64::from(near[k])).exp() as f32
        });
        let sebum = grid.pixels(|row, column| {
            let k = row * grid.columns + column;
            let (x, y) = place(k);
            let pattern = 0.25 * clouds(seed ^ 31, x / 1800.0, y / 1800.0, 2, 0.6) + 0.35 * clouds(seed ^ 32, x / 160.0, y / 160.0, 2, 0.8);
            (pattern + 0.3 * f64::from(near[k])).exp() as f32
        });
        let corneocytes = grid.map(|x, y| {
            let slope = |s: u64| {
                let (u, v) = (x / CORNEOCYTE.1, y / CORNEOCYTE.1);
                (CORNEOCYTE.0 * clouds(seed ^ s, u, v, 2, 0.7)) as f32
            };
            [slope(41), slope(42)]
        });
        let mut melanin = even(melanin);
        for (m, spot) in melanin.iter_mut().zip(&lentigines) {
            *m *= spot;
        }
        Self { melanin, blood: even(blood), sebum: even(sebum), corneocytes, plugs: plugs(grid, seed, pores) }
    }
}

/// The field divided by its mean.
fn even(mut field: Vec<f32>) -> Vec<f32> {
    let mean = field.iter().map(|v| f64::from(*v)).sum::<f64>() / field.len().max(1) as f64;
    field.iter_mut().for_each(|v| *v /= mean as f32);
    field
}

/// 1 in the middle of a pore, falling off around it.
fn near_pores(grid: Grid, pores: &[Pore]) -> Vec<f32> {
    let mut field = vec![0.0f32; grid.len()];
    for &(x, y, radius) in pores {
        let reach = 0.6 * radius + PERIFOLLICULAR;
        for (k, off) in grid.around((x, y), 3.0 * reach) {
            field[k] = field[k].max((-0.5 * (off / reach).powi(2)).exp() as f32);
        }
    }
    field
}

/// What fills the pores: most hold a little sebum, some a dark plug.
fn plugs(grid: Grid, seed: u64, pores: &[Pore]) -> Vec<[f32; 3]> {
    let mut field = vec![[1.0f32; 3]; grid.len()];
    for (i, &(x, y, radius)) in pores.iter().enumerate() {
        let density = PLUG * (0.6 * normal(seed ^ 33, i as u64)).exp();
        for (k, off) in grid.around((x, y), radius) {
            let filled = density * (1.0 - step(0.15, 0.8, off / radius));
            field[k] = [0, 1, 2].map(|c| field[k][c] * (-filled * PLUG_COLOUR[c]).exp() as f32);
        }
    }
    field
}

/// Melanin of lentigines relative to the skin around them: few, irregular, with a sharp border.
fn lentigines(grid: Grid, seed: u64, per_cm2: f64) -> Vec<f32> {
    let mut field = vec![1.0f32; grid.len()];
    let (width, height) = grid.size_um();
    let chance = per_cm2 * (CELL * 1e-4).powi(2);
    for row in -1..=(height / CELL).ceil() as i64 {
        for column in -1..=(width / CELL).ceil() as i64 {
            let own = (row as u64).wrapping_mul(7919).wrapping_add(column as u64);
            let random = |k: u64| noise(seed ^ (50 + k), own);
            if random(0) >= chance {
                continue;
            }
            let (x, y) = ((column as f64 + random(1)) * CELL, (row as f64 + random(2)) * CELL);
            let radius = 450.0 * (0.45 * normal(seed ^ 57, own)).exp();
            let strength = 0.22 + 0.3 * random(4);
            for (k, _) in grid.around((x, y), 2.2 * radius) {
                let (px, py) = (((k % grid.columns) as f64 + 0.5) * grid.pixel_um, ((k / grid.columns) as f64 + 0.5) * grid.pixel_um);
                let off = (px - x).hypot(1.15 * (py - y)) / radius;
                let wave = 0.28 * clouds(seed ^ own, px / radius, py / radius, 3, 0.6);
                let inside = 1.0 - step(0.88, 1.12, off + wave);
                let uneven = 1.0 + 0.25 * clouds(seed ^ 59, px / 220.0, py / 220.0, 2, 0.7);
                field[k] *= (strength * inside * uneven).exp() as f32;
            }
        }
    }
    field
}
