//! The colour of a spectrum: CIE 1931 observer (2 degrees), D65, CIELAB, CIEDE2000 and sRGB.

use std::sync::LazyLock;

use palette::color_difference::Ciede2000 as _;
use palette::convert::FromColorUnclamped as _;
use palette::white_point::{D65, WhitePoint as _};
use palette::{LinSrgb, Srgb, Xyz};

use super::spectrum::{Spectrum, VISIBLE_NM};
use super::tables::OBSERVER;
use crate::skin::Lab;

/// Share of each tristimulus value at each wavelength, so that a perfect white has those of D65.
static WEIGHTS: LazyLock<[[f64; VISIBLE_NM.len()]; 3]> = LazyLock::new(|| {
    let observer = &*OBSERVER;
    let white: Xyz<palette::white_point::Any, f64> = D65::get_xyz();
    [(&observer.x, white.x), (&observer.y, white.y), (&observer.z, white.z)].map(|(matching, white)| {
        let mut weights = [f64::NAN; VISIBLE_NM.len()];
        for (w, (m, light)) in weights.iter_mut().zip(matching.iter().zip(&observer.d65)) {
            *w = m * light;
        }
        let sum: f64 = weights.iter().sum();
        weights.map(|w| w * white / sum)
    })
});

/// A colour on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScreenColour {
    /// sRGB.
    pub rgb: [u8; 3],
    /// Whether the colour lies outside what sRGB can show and was cut.
    pub clipped: bool,
}

impl Spectrum {
    /// Tristimulus values, Y of a perfect white 1. Beyond the spectrum its last value holds, as CIE 015 advises.
    #[must_use]
    pub fn xyz(&self) -> [f64; 3] {
        if self.wavelength_nm == VISIBLE_NM {
            return xyz_of(&self.reflectance);
        }
        xyz_of(&VISIBLE_NM.map(|nm| self.at(nm)))
    }

    /// Colour in CIELAB.
    #[must_use]
    pub fn lab(&self) -> Lab {
        lab_of(self.xyz())
    }
}

/// Tristimulus values of a reflectance at the wavelengths of colour.
pub(super) fn xyz_of(reflectance: &[f64]) -> [f64; 3] {
    WEIGHTS.each_ref().map(|weights| weights.iter().zip(reflectance).map(|(w, r)| w * r).sum())
}

/// CIELAB of tristimulus values.
#[must_use]
pub fn lab_of(xyz: [f64; 3]) -> Lab {
    let lab = palette::Lab::<D65, f64>::from_color_unclamped(Xyz::<D65, f64>::from(xyz));
    Lab { l: lab.l, a: lab.a, b: lab.b }
}

/// CIELAB of linear sRGB.
#[must_use]
pub fn lab_of_linear(rgb: [f64; 3]) -> Lab {
    lab_of(Xyz::<D65, f64>::from_color_unclamped(LinSrgb::from(rgb)).into())
}

/// Linear sRGB of tristimulus values; outside 0 to 1 where a screen cannot show the colour.
#[must_use]
pub fn linear_rgb(xyz: [f64; 3]) -> [f64; 3] {
    LinSrgb::<f64>::from_color_unclamped(Xyz::<D65, f64>::from(xyz)).into()
}

/// What a screen shows of linear sRGB.
#[must_use]
pub fn screen(linear: [f64; 3]) -> ScreenColour {
    // Rounding alone is no cut.
    let outside = |c: &f64| !(-1e-3..=1.0 + 1e-3).contains(c);
    let clipped = linear.iter().any(outside);
    let rgb: Srgb<u8> = Srgb::<f64>::from_linear(LinSrgb::from(linear.map(|c| c.clamp(0.0, 1.0)))).into_format();
    ScreenColour { rgb: rgb.into(), clipped }
}

/// What a screen shows of a colour.
#[must_use]
pub fn screen_of(lab: Lab) -> ScreenColour {
    let rgb = LinSrgb::<f64>::from_color_unclamped(Xyz::<D65, f64>::from_color_unclamped(to_palette(lab)));
    screen(rgb.into())
}

/// Difference of two colours by CIEDE2000.
#[must_use]
pub fn colour_difference(a: Lab, b: Lab) -> f64 {
    to_palette(a).difference(to_palette(b))
}

fn to_palette(lab: Lab) -> palette::Lab<D65, f64> {
    palette::Lab::new(lab.l, lab.a, lab.b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(reflectance: f64) -> Spectrum {
        Spectrum { wavelength_nm: VISIBLE_NM.to_vec(), reflectance: vec![reflectance; VISIBLE_NM.len()] }
    }

    #[test]
    fn grey_has_no_colour_and_its_lightness_is_that_of_the_definition() {
        for (reflectance, l) in [(1.0, 100.0), (0.184_186_51, 50.0), (0.0, 0.0)] {
            let lab = flat(reflectance).lab();
            assert!((lab.l - l).abs() < 1e-4 && lab.a.abs() < 1e-9 && lab.b.abs() < 1e-9, "{lab:?}");
        }
    }

    #[test]
    fn the_unscaled_white_of_the_tables_is_that_of_d65() {
        let observer = &*OBSERVER;
        let sum = |m: &[f64]| m.iter().zip(&observer.d65).map(|(m, s)| m * s).sum::<f64>();
        let y = sum(&observer.y);
        assert!((sum(&observer.x) / y - 0.95047).abs() < 1e-4 && (sum(&observer.z) / y - 1.08883).abs() < 1e-4);
    }

    #[test]
    fn differences_are_those_of_the_published_test_data() {
        // Sharma, Wu, Dalal 2005 Color Res Appl 30:21: around blue, near grey, across the hue circle, and large.
        for (one, two, expected) in [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, -1.1848, -84.8006], [50.0, 0.0, -82.7485], 1.0000),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
            ([50.0, 2.4900, -0.0010], [50.0, -2.4900, 0.0011], 7.2195),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
            ([50.0, 2.5, 0.0], [61.0, -5.0, 29.0], 22.8977),
            ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
            ([22.7233, 20.0904, -46.6940], [23.0331, 14.9730, -42.5619], 2.0373),
        ] {
            let lab = |[l, a, b]: [f64; 3]| Lab { l, a, b };
            for found in [colour_difference(lab(one), lab(two)), colour_difference(lab(two), lab(one))] {
                assert!((found - expected).abs() < 1e-4, "{found} {expected}");
            }
        }
    }

    #[test]
    fn lab_of_the_screens_colours() {
        let white = lab_of_linear([1.0; 3]);
        assert!((white.l - 100.0).abs() < 1e-3 && white.a.abs() < 0.01 && white.b.abs() < 0.02);
        let red = lab_of_linear([1.0, 0.0, 0.0]);
        assert!((red.l - 53.2408).abs() < 1e-3 && (red.a - 80.0925).abs() < 0.02 && (red.b - 67.2032).abs() < 0.02);
    }

    #[test]
    fn a_colour_beyond_the_screen_is_flagged() {
        assert!(!screen_of(Lab { l: 60.0, a: 10.0, b: 15.0 }).clipped);
        let green = screen_of(Lab { l: 60.0, a: -120.0, b: 60.0 });
        assert!(green.clipped && green.rgb[0] == 0);
        assert_eq!(screen_of(Lab { l: 100.0, a: 0.0, b: 0.0 }), ScreenColour { rgb: [255; 3], clipped: false });
    }
}
