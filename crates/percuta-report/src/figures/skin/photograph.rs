//! A photograph of a square of skin.

use rayon::prelude::*;

use super::gloss::{dot, unit};
use super::grid::Grid;
use super::lighting::{Lighting, Relief};
use super::scatter::{profile_length_um, scattered};
use super::scene::SkinScene;
use crate::figures::bitmap::Image;

/// Linear value above which the film saturates smoothly instead of being cut.
const SHOULDER: f64 = 0.8;

/// Light per pixel that reaches a camera straight above, red, green and blue; flat even skin gives the light model's colour.
#[must_use]
pub fn exposed(scene: &SkinScene<'_>, light: &Lighting) -> Vec<[f32; 3]> {
    let grid = scene.grid;
    let relief = Relief::new(grid, scene.height_um);
    let lit = light.lamps.map(|lamp| relief.lit(&lamp));
    let sky = relief.sky();
    let towards = light.lamps.map(|lamp| lamp.direction());
    let albedo: Vec<[f32; 3]> = grid.pixels(|row, column| {
        let k = row * grid.columns + column;
        (scene.colour)(f64::from(scene.melanin[k]), f64::from(scene.blood[k])).map(|c| c.max(0.0) as f32)
    });

    // Light that enters from the lamps, relative to what enters flat skin.
    let entering = |cosine: f64| cosine * (1.0 - scene.gloss.fresnel(cosine));
    let direct: Vec<f32> = grid.pixels(|row, column| {
        let k = row * grid.columns + column;
        let [x, y] = relief.slope(row, column);
        let normal = unit([-x, -y, 1.0]);
        (0..light.lamps.len())
            .map(|i| light.lamps[i].share * f64::from(lit[i][k]) * entering(dot(normal, towards[i]).max(0.0)) / entering(towards[i][2]))
            .sum::<f64>() as f32
    });

    let mut channels = Vec::new();
    for c in 0..3 {
        let mean = albedo.iter().map(|a| f64::from(a[c])).sum::<f64>() / albedo.len().max(1) as f64;
        // Half of the pigment is passed on the way in, half on the way out. Walls that hide the sky send light of their own:
        // seen share v of an even surround becomes v / (1 - A (1 - v)) by the rule of the integrating sphere.
        let entered: Vec<f32> = (0..grid.len())
            .into_par_iter()
            .map(|k| {
                let v = f64::from(sky[k]);
                let around = light.sky() * v / (1.0 - mean * (1.0 - v));
                albedo[k][c].sqrt() * (f64::from(direct[k]) + around) as f32
            })
            .collect();
        channels.push(scattered(grid, &entered, profile_length_um(mean.min(1.0), scene.free_path_um[c])));
    }

    // Exposure is set on flat skin as it shines, so that only what a place shines more comes on top. What it shines less is not taken
    // away: the colour of the model is that of light which was in the skin.
    let flat: Vec<f64> = (0..light.lamps.len())
        .map(|i| {
            light.lamps[i].share / towards[i][2]
                * scene.gloss.highlight([0.0, 0.0, 1.0], towards[i], light.lamps[i].radius_deg.to_radians())
        })
        .collect();
    grid.pixels(|row, column| {
        let k = row * grid.columns + column;
        let [x, y] = relief.slope(row, column);
        // Less light gets out of a wall that the camera sees at a grazing angle.
        let leaving = ((1.0 - scene.gloss.fresnel(unit([-x, -y, 1.0])[2])) / (1.0 - scene.gloss.fresnel(1.0))) as f32;
        let fine = scene.corneocytes[k].map(f64::from);
        let normal = unit([-x - fine[0], -y - fine[1], 1.0]);
        let mut shine = 0.0;
        for i in 0..light.lamps.len() {
            let lamp = light.lamps[i];
            let seen = scene.gloss.highlight(normal, towards[i], lamp.radius_deg.to_radians());
            shine += f64::from(scene.sebum[k]) * f64::from(lit[i][k]) * lamp.share / towards[i][2] * seen - flat[i];
        }
        [0, 1, 2].map(|c| (channels[c][k] * albedo[k][c].sqrt() * leaving * scene.cover[k][c] + shine.max(0.0) as f32).max(0.0))
    })
}

/// The photograph on a screen (sRGB).
#[must_use]
pub fn photograph(scene: &SkinScene<'_>, light: &Lighting) -> Image {
    encoded_all(scene.grid, &exposed(scene, light))
}

/// Linear light as a picture in sRGB.
pub fn encoded_all(grid: Grid, linear: &[[f32; 3]]) -> Image {
    Image { width: grid.columns, pixels: linear.par_iter().map(|p| p.map(|v| encoded(f64::from(v)))).collect() }
}

/// A linear value as sRGB (IEC 61966-2-1), with a soft shoulder towards white.
#[must_use]
pub fn encoded(linear: f64) -> u8 {
    let rest = 1.0 - SHOULDER;
    let v = if linear > SHOULDER { 1.0 - rest * (-(linear - SHOULDER) / rest).exp() } else { linear.max(0.0) };
    let encoded = if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
    (255.0 * encoded).round() as u8
}
