//! Melanin and blood of a colour.

use super::search::descend;
use super::{FitError, Specular};
use crate::appearance::light::colorimetry::colour_difference;
use crate::appearance::light::{LightError, LitTissue, Optics};
use crate::skin::Lab;

/// Fractions of melanosomes and of blood between which a colour of skin is looked for.
const LOW: [f64; 2] = [2e-3, 5e-4];
const HIGH: [f64; 2] = [0.6, 0.15];
/// Melanosome fractions from which the search may start.
const STARTS: [f64; 4] = [0.01, 0.04, 0.12, 0.35];

/// What explains a colour.
#[derive(Debug, Clone, PartialEq)]
pub struct ColourFit {
    /// Volume fraction of melanosomes in the viable epidermis.
    pub melanosome_fraction: f64,
    /// Volume fraction of blood in the dermis.
    pub blood_fraction: f64,
    /// The tissue of these values.
    pub tissue: LitTissue,
    /// Its colour, with or without gloss as the one asked for.
    pub predicted: Lab,
    /// Between that and the colour asked for, CIEDE2000.
    pub difference: f64,
}

/// Fits the melanosome and the blood fraction of `like` to a colour; everything else stays as it is in `like`. It is one value: how far
/// oxygenation, scattering and layers that are not known move it, [`Members`](super::Members) say.
///
/// # Errors
/// A colour that is none, one that no melanin and blood come near, or a tissue that is none.
pub fn fit_colour(optics: &Optics, like: &LitTissue, colour: Lab, specular: Specular) -> Result<ColourFit, FitError> {
    if !((0.0..=100.0).contains(&colour.l) && colour.a.is_finite() && colour.b.is_finite()) {
        return Err(FitError::NoColour { asked: colour });
    }
    let tissue = |at: &[f64; 2]| like.scaled(at[0].exp() / like.mean_melanosome_fraction(), at[1].exp() / like.mean_blood_fraction());
    let missing = specular.missing(optics);
    let lab = |tissue: &LitTissue| -> Result<Lab, LightError> {
        let mut light = optics.spectrum(tissue)?;
        light.reflectance.iter_mut().for_each(|r| *r = (*r - missing).max(0.0));
        Ok(light.lab())
    };
    let residuals = |at: &[f64; 2]| -> Result<Vec<f64>, LightError> {
        let lab = lab(&tissue(at))?;
        Ok(vec![lab.l - colour.l, lab.a - colour.a, lab.b - colour.b])
    };
    let mut start = (f64::INFINITY, [0.0; 2]);
    for fraction in STARTS {
        let at = [fraction.ln(), like.mean_blood_fraction().ln()];
        let squares = residuals(&at)?.iter().map(|r| r * r).sum();
        if squares < start.0 {
            start = (squares, at);
        }
    }
    let found = descend(residuals, start.1, LOW.map(f64::ln), HIGH.map(f64::ln))?;
    let tissue = tissue(&found.at);
    let predicted = lab(&tissue)?;
    let difference = colour_difference(predicted, colour);
    let tolerance = optics.colour_tolerance();
    if difference > tolerance {
        return Err(FitError::Colour { asked: colour, nearest: predicted, distance: difference, tolerance });
    }
    Ok(ColourFit { melanosome_fraction: found.at[0].exp(), blood_fraction: found.at[1].exp(), tissue, predicted, difference })
}
