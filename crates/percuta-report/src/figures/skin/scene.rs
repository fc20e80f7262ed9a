//! What the camera looks at.

use super::gloss::Gloss;
use super::grid::Grid;

/// Colour of skin (linear sRGB reflectance, diffuse) whose melanin and blood are so many times those of the model's skin.
pub type ColourOf<'a> = dyn Fn(f64, f64) -> [f64; 3] + Sync + 'a;

/// A square of skin: shape, pigments and surface of each pixel.
pub struct SkinScene<'a> {
    /// Where the pixels are.
    pub grid: Grid,
    /// Height of the surface, µm.
    pub height_um: &'a [f64],
    /// Melanin relative to the model's skin.
    pub melanin: &'a [f32],
    /// Blood relative to the model's skin.
    pub blood: &'a [f32],
    /// Share of red, green and blue that passes what lies on the skin, there and back: plugs of pores, drops of blood, crusts.
    pub cover: &'a [[f32; 3]],
    /// Colour from melanin and blood: the light model.
    pub colour: &'a ColourOf<'a>,
    /// Transport mean free path in the dermis for red, green and blue, µm.
    pub free_path_um: [f64; 3],
    /// Surface of the horny layer.
    pub gloss: Gloss,
    /// Oil on the surface relative to its mean: more of it throws back more light.
    pub sebum: &'a [f32],
    /// Slopes of corneocytes and their ridges, finer than the relief: only the gloss shows them.
    pub corneocytes: &'a [[f32; 2]],
}
