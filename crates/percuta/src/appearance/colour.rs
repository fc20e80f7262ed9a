//! Colour of the skin from its melanin and blood: the Takiwaki transform inverted.
//!
//! Takiwaki separates changes of colour into haemoglobin and melanin, `dHb = 1.68 da* + 0.60 dL*` and
//! `dMel = -1.06 da* - 1.44 dL*`. Solved for `da*` and `dL*` it turns simulated changes into colour. The indices
//! below are these two sums of the colour itself; melanin counts from a perfect white (L* = 100, a* = 0).

use crate::population::{Draw, ParameterError};
use crate::skin::Lab;

/// L* of a perfect white, by definition of CIELAB.
const WHITE: f64 = 100.0;

/// Colour and indices over time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ColourSeries {
    /// `melanin_index`, a.u.
    pub melanin_index: Vec<f64>,
    /// `erythema_index`, a.u.
    pub erythema_index: Vec<f64>,
    /// `lightness`, L*.
    pub lightness: Vec<f64>,
    /// `redness`, a*.
    pub redness: Vec<f64>,
    /// `yellowness`, b*.
    pub yellowness: Vec<f64>,
    /// `ita`, degrees.
    pub ita: Vec<f64>,
}

/// How melanin and haemoglobin move the colour in one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColourMap {
    haemoglobin: [f64; 2],
    melanin: [f64; 2],
    index_per_ln_melanin: f64,
    yellow_per_melanin: f64,
    yellow_per_haemoglobin: f64,
}

impl ColourMap {
    /// Reads the cards `colour.*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let colour = draw.group("colour");
        Ok(Self {
            haemoglobin: [colour.get("haemoglobin_from_redness", "1")?, colour.get("haemoglobin_from_lightness", "1")?],
            melanin: [colour.get("melanin_from_redness", "1")?, colour.get("melanin_from_lightness", "1")?],
            index_per_ln_melanin: colour.get("index_per_ln_melanin", "a.u.")?,
            yellow_per_melanin: colour.get("yellow_per_melanin", "1")?,
            yellow_per_haemoglobin: colour.get("yellow_per_haemoglobin", "1")?,
        })
    }

    /// Melanin index of a colour, a.u.
    #[must_use]
    pub fn melanin_index(&self, lab: Lab) -> f64 {
        self.melanin[0] * lab.a + self.melanin[1] * (lab.l - WHITE)
    }

    /// Haemoglobin index of a colour, a.u.
    #[must_use]
    pub fn haemoglobin_index(&self, lab: Lab) -> f64 {
        self.haemoglobin[0] * lab.a + self.haemoglobin[1] * lab.l
    }

    /// Colour after `melanin` (relative to baseline) and a rise of the haemoglobin index (a.u.).
    #[must_use]
    pub fn lab(&self, baseline: Lab, melanin: f64, haemoglobin_rise: f64) -> Lab {
        let d_mel = self.index_per_ln_melanin * melanin.ln();
        let ([ha, hl], [ma, ml]) = (self.haemoglobin, self.melanin);
        let determinant = ha * ml - hl * ma;
        let d_a = (ml * haemoglobin_rise - hl * d_mel) / determinant;
        let d_l = (ha * d_mel - ma * haemoglobin_rise) / determinant;
        Lab {
            l: (baseline.l + d_l).clamp(0.0, WHITE),
            a: baseline.a + d_a,
            b: baseline.b + self.yellow_per_melanin * d_mel + self.yellow_per_haemoglobin * haemoglobin_rise,
        }
    }

    /// Colour and indices over time; both slices share their days.
    #[must_use]
    pub fn series(&self, baseline: Lab, melanin: &[f64], haemoglobin_rise: &[f64]) -> ColourSeries {
        let mut series = ColourSeries::default();
        for (&m, &h) in melanin.iter().zip(haemoglobin_rise) {
            let lab = self.lab(baseline, m, h);
            series.melanin_index.push(self.melanin_index(lab));
            series.erythema_index.push(self.haemoglobin_index(lab));
            series.lightness.push(lab.l);
            series.redness.push(lab.a);
            series.yellowness.push(lab.b);
            series.ita.push(lab.ita_deg());
        }
        series
    }
}

/// The colour on a screen: CIELAB (D65, 2 degrees; CIE 15) to sRGB (IEC 61966-2-1), cut to the gamut.
#[must_use]
pub fn srgb(lab: Lab) -> [u8; 3] {
    let fy = (lab.l + 16.0) / 116.0;
    let cube = |f: f64| if f > 6.0 / 29.0 { f.powi(3) } else { 3.0 * (6.0f64 / 29.0).powi(2) * (f - 4.0 / 29.0) };
    let x = 0.950_47 * cube(fy + lab.a / 500.0);
    let y = cube(fy);
    let z = 1.088_83 * cube(fy - lab.b / 200.0);
    let linear = [
        3.240_454_2 * x - 1.537_138_5 * y - 0.498_531_4 * z,
        -0.969_266_0 * x + 1.876_010_8 * y + 0.041_556_0 * z,
        0.055_643_4 * x - 0.204_025_9 * y + 1.057_225_2 * z,
    ];
    linear.map(|c| {
        let c = c.clamp(0.0, 1.0);
        let encoded = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (255.0 * encoded).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{ParameterSet, draw_members};

    const LIGHT: Lab = Lab { l: 65.0, a: 7.1, b: 13.3 };
    const DARK: Lab = Lab { l: 49.2, a: 10.2, b: 18.4 };

    fn central() -> ColourMap {
        ColourMap::from_draw(&Draw::central(&ParameterSet::embedded().unwrap())).unwrap()
    }

    #[test]
    fn srgb_of_known_colours() {
        let lab = |l, a, b| srgb(Lab { l, a, b });
        assert_eq!(lab(100.0, 0.0, 0.0), [255, 255, 255]);
        assert_eq!(lab(0.0, 0.0, 0.0), [0, 0, 0]);
        assert_eq!(lab(53.585, 0.0, 0.0), [128, 128, 128]);
        assert_eq!(lab(53.2408, 80.0925, 67.2032), [255, 0, 0]);
        assert_eq!(lab(87.7347, -86.1827, 83.1793), [0, 255, 0]);
        assert_eq!(lab(32.297, 79.1875, -107.8602), [0, 0, 255]);
    }

    #[test]
    fn ita_of_the_published_groups() {
        assert!((LIGHT.ita_deg() - 48.4).abs() < 0.1);
        assert!((DARK.ita_deg() + 2.5).abs() < 0.1);
    }

    #[test]
    fn colour_and_transform_invert_each_other() {
        let map = central();
        let lab = map.lab(LIGHT, 1.3, 4.0);
        let (d_a, d_l) = (lab.a - LIGHT.a, lab.l - LIGHT.l);
        assert!((1.68 * d_a + 0.60 * d_l - 4.0).abs() < 1e-9);
        assert!((-1.06 * d_a - 1.44 * d_l - map.index_per_ln_melanin * 1.3f64.ln()).abs() < 1e-9);
        assert!((map.melanin_index(lab) - map.melanin_index(LIGHT) - map.index_per_ln_melanin * 1.3f64.ln()).abs() < 1e-9);
        assert!((map.haemoglobin_index(lab) - map.haemoglobin_index(LIGHT) - 4.0).abs() < 1e-9);
    }

    #[test]
    fn unchanged_skin_keeps_its_colour_exactly() {
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 1, 16) {
            let map = ColourMap::from_draw(&draw).unwrap();
            assert_eq!(map.lab(DARK, 1.0, 0.0), DARK);
        }
    }

    #[test]
    fn blood_reddens_and_melanin_darkens() {
        let map = central();
        let (red, dark) = (map.lab(LIGHT, 1.0, 5.0), map.lab(LIGHT, 1.3, 0.0));
        assert!(red.a > LIGHT.a && red.l < LIGHT.l);
        assert!(dark.l < LIGHT.l && dark.b > LIGHT.b && dark.ita_deg() < LIGHT.ita_deg());
    }

    #[test]
    fn the_melanin_scale_spans_the_published_groups() {
        // European against African upper arm: the melanin ratio is 2 by spectrophotometry, 8 by melanosome fractions.
        let map = central();
        let gap = map.melanin_index(DARK) - map.melanin_index(LIGHT);
        assert!((gap - 19.5).abs() < 0.1, "{gap}");
        let ratio = (gap / map.index_per_ln_melanin).exp();
        assert!((2.0..8.0).contains(&ratio), "{ratio}");
    }
}
