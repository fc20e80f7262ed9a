//! What is left of the surface between the lines: corneocytes, small bumps, and unevenness over millimetres.

use rayon::prelude::*;

use super::noise::{cell, field, key, normal, uniform};
use super::pattern::SkinTexture;
use super::strand::Grid;

/// Root mean square of [`field`] with its values in [-1, 1).
const FIELD_RMS: f64 = 0.345;

/// Heights of the grain, µm. Detail finer than a pixel is left out, as it averages out within one.
pub(super) fn grain(texture: &SkinTexture, grid: Grid, seed: u64) -> Vec<f64> {
    let mut heights = vec![0.0; grid.columns * grid.rows];
    heights.par_chunks_exact_mut(grid.columns).enumerate().for_each(|(row, line)| {
        let y = (row as f64 + 0.5) * grid.step_um;
        for (column, z) in line.iter_mut().enumerate() {
            let x = (column as f64 + 0.5) * grid.step_um;
            *z = bumps(texture, grid.step_um, seed, x, y) + corneocytes(texture, grid.step_um, seed, x, y);
        }
    });
    heights
}

/// Noise of four lengths.
fn bumps(texture: &SkinTexture, step_um: f64, seed: u64, x: f64, y: f64) -> f64 {
    let octave = |purpose: u64, length: f64, rms: f64| {
        if length < 2.0 * step_um { 0.0 } else { rms / FIELD_RMS * field(key(seed, purpose), x / length, y / length) }
    };
    let (rough, uneven) = (texture.roughness_um, texture.unevenness_um);
    octave(1, 110.0, 0.8 * rough) + octave(2, 48.0, 0.5 * rough) + octave(3, 3700.0, 0.9 * uneven) + octave(4, 1300.0, 0.4 * uneven)
}

/// Each cell lies a little higher or lower than its neighbours and a little tilted.
fn corneocytes(texture: &SkinTexture, step_um: f64, seed: u64, x: f64, y: f64) -> f64 {
    let size = texture.corneocyte_um;
    if size < 2.0 * step_um {
        return 0.0;
    }
    let (u, v) = (x / size, y / size);
    let (column, row) = (u.floor() as i64, v.floor() as i64);
    let mut nearest = (f64::INFINITY, 0, 0.0, 0.0);
    for i in column - 1..=column + 1 {
        for j in row - 1..=row + 1 {
            let id = cell(i, j);
            let (du, dv) = (u - i as f64 - uniform(key(seed, 5), id), v - j as f64 - uniform(key(seed, 6), id));
            let square = du * du + dv * dv;
            if square < nearest.0 {
                nearest = (square, id, du, dv);
            }
        }
    }
    let (_, id, du, dv) = nearest;
    let tilt = |purpose| 0.8 * normal(key(seed, purpose), id);
    texture.corneocyte_relief_um * (0.7 * normal(key(seed, 7), id) + tilt(8) * du + tilt(9) * dv)
}
