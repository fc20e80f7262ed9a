//! A table of colours, for skin whose melanin and blood change while the rest stays.
//!
//! Tristimulus values and the reflectances of the indices are interpolated in their logarithms, by polynomials through
//! Chebyshev's points in the logarithms of melanin and of blood. Dermal melanin, of which there is little, acts in
//! proportion.

use super::colorimetry::{lab_of, linear_rgb, xyz_of};
use super::spectrum::VISIBLE_NM;
use super::{LightError, LitTissue, NarrowBand, Optics};
use crate::skin::Lab;

/// X, Y, Z, and the reflectances of the indices.
const QUANTITIES: usize = 6;
/// Points of an axis: this many and as many again for each of these widths in the logarithm.
const LEAST_POINTS: usize = 3;
const WIDTH_PER_POINT: f64 = 0.5;
/// Dermal melanosome fraction at which the effect of dermal melanin is measured.
const DERMAL_PROBE: f64 = 1e-3;

/// Factors on the melanin or the blood of a tissue that a table covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Least, above 0.
    pub from: f64,
    /// Greatest.
    pub to: f64,
}

impl Extent {
    /// From the least to the greatest of some factors and 1, the tissue itself.
    #[must_use]
    pub fn of(factors: impl IntoIterator<Item = f64>) -> Self {
        factors.into_iter().fold(Self { from: 1.0, to: 1.0 }, |e, f| Self { from: e.from.min(f), to: e.to.max(f) })
    }
}

/// What is seen of skin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Appearance {
    /// Tristimulus values (D65, 2 degrees), Y of a perfect white 1.
    pub xyz: [f64; 3],
    /// Melanin index of the narrow bands, a.u.
    pub melanin_index: f64,
    /// Erythema index of the narrow bands, a.u.
    pub erythema_index: f64,
}

impl Appearance {
    /// Colour in CIELAB.
    #[must_use]
    pub fn lab(&self) -> Lab {
        lab_of(self.xyz)
    }
}

/// Colours of a tissue whose melanin and blood change.
#[derive(Debug, Clone)]
pub struct ColourTable {
    melanin: Axis,
    blood: Axis,
    /// Logarithms `[melanin][blood]`.
    values: Vec<[f64; QUANTITIES]>,
    /// Change of the logarithms per unit of dermal melanosome fraction.
    dermal: [f64; QUANTITIES],
    bands: NarrowBand,
    specular: f64,
}

impl ColourTable {
    /// Of `tissue` with its epidermal melanin and its blood times factors within these extents.
    ///
    /// # Errors
    /// As for a spectrum.
    pub fn new(optics: &Optics, tissue: &LitTissue, melanin: Extent, blood: Extent) -> Result<Self, LightError> {
        let (melanin, blood) = (Axis::new(melanin), Axis::new(blood));
        let mut values = Vec::with_capacity(melanin.points.len() * blood.points.len());
        for m in &melanin.points {
            for b in &blood.points {
                values.push(logarithms(optics, &tissue.scaled(m.exp(), b.exp()))?);
            }
        }
        let resting = logarithms(optics, tissue)?;
        let stained = LitTissue { dermal_melanosome_fraction: tissue.dermal_melanosome_fraction + DERMAL_PROBE, ..*tissue };
        let stained = logarithms(optics, &stained)?;
        let dermal = std::array::from_fn(|q| (stained[q] - resting[q]) / DERMAL_PROBE);
        Ok(Self { melanin, blood, values, dermal, bands: optics.narrow_band(), specular: optics.specular() })
    }

    /// What is seen with these factors on epidermal melanin and blood, and this much more dermal melanosome fraction. Factors beyond
    /// the table are taken at its border.
    #[must_use]
    pub fn at(&self, melanin: f64, blood: f64, dermal: f64) -> Appearance {
        let values = self.logarithms(melanin, blood, dermal).map(f64::exp);
        let [x, y, z, green, red, infrared] = values;
        Appearance {
            xyz: [x, y, z],
            melanin_index: self.bands.melanin_index(red, infrared),
            erythema_index: self.bands.erythema_index(green, red),
        }
    }

    /// Linear sRGB of what comes back from within the skin, without what the surface reflects like a mirror.
    #[must_use]
    pub fn diffuse_rgb(&self, melanin: f64, blood: f64) -> [f64; 3] {
        let [x, y, z, ..] = self.logarithms(melanin, blood, 0.0).map(f64::exp);
        let white = xyz_of(&[1.0; VISIBLE_NM.len()]);
        linear_rgb([x - self.specular * white[0], y - self.specular * white[1], z - self.specular * white[2]])
    }

    fn logarithms(&self, melanin: f64, blood: f64, dermal: f64) -> [f64; QUANTITIES] {
        let (of_melanin, of_blood) = (self.melanin.weights(melanin.ln()), self.blood.weights(blood.ln()));
        let mut sum = self.dermal.map(|d| d * dermal);
        let rows = self.values.chunks_exact(self.blood.points.len());
        for (m, row) in of_melanin.iter().zip(rows) {
            for (b, values) in of_blood.iter().zip(row) {
                let weight = m * b;
                sum.iter_mut().zip(values).for_each(|(s, v)| *s += weight * v);
            }
        }
        sum
    }
}

/// Logarithms of the quantities of one tissue.
fn logarithms(optics: &Optics, tissue: &LitTissue) -> Result<[f64; QUANTITIES], LightError> {
    let wavelengths: Vec<f64> = VISIBLE_NM.iter().copied().chain(optics.narrow_band().wavelengths_nm()).collect();
    let reflectances = optics.reflectances(tissue, &wavelengths)?;
    let (visible, narrow) = reflectances.split_at(VISIBLE_NM.len());
    let [x, y, z] = xyz_of(visible);
    // The meter leaves out what the surface reflects.
    let within = |i: usize| narrow[i] - optics.specular();
    Ok([x, y, z, within(0), within(1), within(2)].map(f64::ln))
}

/// Most points of an axis.
const MOST_POINTS: usize = 16;

/// Chebyshev's points, both ends included, of an interval.
#[derive(Debug, Clone, PartialEq)]
struct Axis {
    points: Vec<f64>,
}

impl Axis {
    /// Over the logarithms of an extent.
    fn new(extent: Extent) -> Self {
        let (low, high) = (extent.from.ln(), extent.to.ln());
        if high - low < 1e-9 {
            return Self { points: vec![low] };
        }
        let n = (LEAST_POINTS + ((high - low) / WIDTH_PER_POINT) as usize).min(MOST_POINTS);
        let at = |i: usize| 0.5 * (low + high) - 0.5 * (high - low) * (std::f64::consts::PI * i as f64 / (n - 1) as f64).cos();
        Self { points: (0..n).map(at).collect() }
    }

    /// Weight of each point at a place, by the barycentric formula (Berrut & Trefethen 2004 SIAM Rev 46:501).
    fn weights(&self, place: f64) -> [f64; MOST_POINTS] {
        let mut weights = [0.0; MOST_POINTS];
        let (n, last) = (self.points.len(), self.points[self.points.len() - 1]);
        let place = place.clamp(self.points[0], last);
        let mut sum = 0.0;
        for (i, point) in self.points.iter().enumerate() {
            let distance = place - point;
            if distance == 0.0 {
                weights = [0.0; MOST_POINTS];
                weights[i] = 1.0;
                return weights;
            }
            let end = if i == 0 || i == n - 1 { 0.5 } else { 1.0 };
            weights[i] = if i % 2 == 0 { end } else { -end } / distance;
            sum += weights[i];
        }
        weights.iter_mut().for_each(|w| *w /= sum);
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::super::colorimetry::colour_difference;
    use super::*;
    use crate::population::{Draw, ParameterSet, draw_members};
    use crate::skin::Layers;

    const LAYERS: Layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 65.0, papillary_dermis_um: 250.0, dermis_um: 1100.0 };

    /// Greatest colour difference between the table and the light model itself over its extents.
    fn error(draw: &Draw, fraction: f64, melanin: Extent, blood: Extent) -> f64 {
        let optics = Optics::from_draw(draw).unwrap();
        let tissue = optics.resting(&LAYERS, fraction);
        let table = ColourTable::new(&optics, &tissue, melanin, blood).unwrap();
        let mut worst = 0.0f64;
        for i in 0..5 {
            for j in 0..5 {
                let between = |e: Extent, k: i32| e.from * (e.to / e.from).powf((f64::from(k) + 0.37) / 5.0);
                let (m, b) = (between(melanin, i), between(blood, j));
                let exact = optics.spectrum(&tissue.scaled(m, b)).unwrap().lab();
                worst = worst.max(colour_difference(table.at(m, b, 0.0).lab(), exact));
            }
        }
        worst
    }

    #[test]
    fn the_table_is_the_light_model() {
        let central = Draw::central(&ParameterSet::embedded().unwrap());
        for fraction in [0.01, 0.05, 0.15] {
            let worst = error(&central, fraction, Extent { from: 0.3, to: 3.0 }, Extent { from: 0.3, to: 6.0 });
            assert!(worst < 0.05, "{fraction}: {worst}");
        }
        // What a course needs of each member is narrower.
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 4, 3) {
            let worst = error(&draw, 0.06, Extent { from: 0.9, to: 1.4 }, Extent { from: 1.0, to: 4.0 });
            assert!(worst < 0.05, "{worst}");
        }
    }

    #[test]
    fn a_little_dermal_melanin_acts_in_proportion() {
        let optics = Optics::from_draw(&Draw::central(&ParameterSet::embedded().unwrap())).unwrap();
        let tissue = optics.resting(&LAYERS, 0.1);
        let table = ColourTable::new(&optics, &tissue, Extent::of([]), Extent::of([])).unwrap();
        for dermal in [0.0, 1e-3, 4e-3] {
            let exact = optics.spectrum(&LitTissue { dermal_melanosome_fraction: dermal, ..tissue }).unwrap().lab();
            let difference = colour_difference(table.at(1.0, 1.0, dermal).lab(), exact);
            assert!(difference < 0.3, "{dermal}: {difference}");
        }
    }

    #[test]
    fn melanin_darkens_blood_reddens_and_the_indices_follow() {
        let optics = Optics::from_draw(&Draw::central(&ParameterSet::embedded().unwrap())).unwrap();
        let wide = Extent { from: 0.5, to: 3.0 };
        let table = ColourTable::new(&optics, &optics.resting(&LAYERS, 0.04), wide, wide).unwrap();
        let (rest, dark, red) = (table.at(1.0, 1.0, 0.0), table.at(2.0, 1.0, 0.0), table.at(1.0, 2.0, 0.0));
        assert!(dark.lab().l < rest.lab().l && dark.lab().b > rest.lab().b && dark.melanin_index > rest.melanin_index);
        assert!(red.lab().a > rest.lab().a && red.lab().l < rest.lab().l && red.erythema_index > rest.erythema_index);
        // Nothing but the mirror is missing in what comes from within.
        let white = xyz_of(&[1.0; VISIBLE_NM.len()]);
        let whole = linear_rgb(rest.xyz);
        let mirror = linear_rgb(white).map(|c| c * optics.specular());
        let within = table.diffuse_rgb(1.0, 1.0);
        assert!((0..3).all(|c| (within[c] + mirror[c] - whole[c]).abs() < 1e-9));
    }
}
