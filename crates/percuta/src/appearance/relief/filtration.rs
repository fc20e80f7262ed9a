//! From a map to the scale-limited surface: S-filter, F-operator, L-filter (ISO 25178-2, defaults of ISO 25178-3).

use super::gaussian::mean_surface;
use super::{HeightMap, LEAST_PIXELS};

/// Nesting indices that ISO 25178-3 prefers, µm.
const PREFERRED_UM: [f64; 18] =
    [2.0, 2.5, 5.0, 8.0, 10.0, 20.0, 25.0, 50.0, 80.0, 100.0, 200.0, 250.0, 500.0, 800.0, 1000.0, 2000.0, 2500.0, 5000.0];
/// The next decade of the same series, for L-filters only.
const LARGE_UM: [f64; 5] = [8000.0, 10_000.0, 20_000.0, 25_000.0, 50_000.0];
/// Pixels within the S-filter's nesting index that the default leaves, as for other sampled filters of ISO 25178-3.
const PIXELS_PER_S: f64 = 5.0;
/// Fewest pixels within a nesting index: with fewer the sampled filter no longer passes one half at its cut-off.
const LEAST_PER_INDEX: f64 = 4.0;

/// The shape that is fitted by least squares and taken away (F-operator).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Nothing but the mean height.
    Level,
    /// A plane.
    Plane,
    /// A polynomial of second order: a body part under the patch.
    SecondOrder,
}

impl Form {
    /// Name as on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Level => "none",
            Self::Plane => "plane",
            Self::SecondOrder => "second-order",
        }
    }

    /// A map without its form, with mean height 0.
    #[must_use]
    pub fn removed(self, map: &HeightMap) -> HeightMap {
        let terms = match self {
            Self::Level => 1,
            Self::Plane => 3,
            Self::SecondOrder => 6,
        };
        // On a full grid, with coordinates from its middle and squares less their mean, the terms are orthogonal.
        let axis = |n: usize| -> Vec<f64> { (0..n).map(|i| 2.0 * (i as f64 - 0.5 * (n - 1) as f64) / n as f64).collect() };
        let square = |axis: &[f64]| -> Vec<f64> {
            let mean = axis.iter().map(|v| v * v).sum::<f64>() / axis.len() as f64;
            axis.iter().map(|v| v * v - mean).collect()
        };
        let (x, y) = (axis(map.columns), axis(map.rows));
        let (xx, yy) = (square(&x), square(&y));
        let basis = |term: usize, r: usize, c: usize| match term {
            0 => 1.0,
            1 => x[c],
            2 => y[r],
            3 => x[c] * y[r],
            4 => xx[c],
            _ => yy[r],
        };
        let mut left = map.clone();
        for term in 0..terms {
            let (mut product, mut norm) = (0.0, 0.0);
            for (r, row) in left.height_um.chunks_exact(map.columns).enumerate() {
                for (c, z) in row.iter().enumerate() {
                    let b = basis(term, r, c);
                    product += b * z;
                    norm += b * b;
                }
            }
            let coefficient = product / norm;
            for (r, row) in left.height_um.chunks_exact_mut(map.columns).enumerate() {
                row.iter_mut().enumerate().for_each(|(c, z)| *z -= coefficient * basis(term, r, c));
            }
        }
        left
    }
}

/// What is filtered out before parameters are computed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Filtration {
    /// Nesting index of the S-filter, µm: what is smaller is taken away. `None`: no filter but the pixels.
    pub s_um: Option<f64>,
    /// Form that is taken away.
    pub form: Form,
    /// Nesting index of the L-filter, µm: what is larger is taken away. `None`: no filter but the form.
    pub l_um: Option<f64>,
}

/// Filters that cannot be applied to a map.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FilterError {
    /// A nesting index below what the pixels resolve.
    #[error(
        "the {filter} of {index_um} µm is below four pixels of {pixel_um} µm\nexpected at least {} µm\nexample: {} µm",
        LEAST_PER_INDEX * .pixel_um, PIXELS_PER_S * .pixel_um
    )]
    TooFine {
        /// Which filter.
        filter: &'static str,
        /// Nesting index, µm.
        index_um: f64,
        /// Side of a pixel, µm.
        pixel_um: f64,
    },
    /// A nesting index beyond the map.
    #[error("the {filter} of {index_um} µm is longer than the map's side of {side_um} µm\nexpected at most that side\nexample: none")]
    TooCoarse {
        /// Which filter.
        filter: &'static str,
        /// Nesting index, µm.
        index_um: f64,
        /// The map's shorter side, µm.
        side_um: f64,
    },
    /// The S-filter leaves nothing for the L-filter to keep.
    #[error("the S-filter of {s_um} µm is not below the L-filter of {l_um} µm\nexpected S well below L\nexample: S 25 µm, L 8000 µm")]
    Crossed {
        /// Nesting index of the S-filter, µm.
        s_um: f64,
        /// Nesting index of the L-filter, µm.
        l_um: f64,
    },
}

impl Filtration {
    /// The usual filters for a map: S the smallest preferred index of five pixels or more, form of second order, L the
    /// largest preferred index that fits into the map, because ISO 25178-3 makes the evaluation area as long as L.
    #[must_use]
    pub fn usual(map: &HeightMap) -> Self {
        let (least, side) = (PIXELS_PER_S * map.pixel_um, map.side_um());
        let all = || PREFERRED_UM.iter().chain(&LARGE_UM).copied();
        // The way from a pixel size in text leaves a rounding error.
        let fits = |index: f64| index <= side * (1.0 + 1e-9);
        let s_um = all().find(|&i| i >= least * (1.0 - 1e-9)).filter(|&s| fits(s));
        let l_um = all().rfind(|&i| fits(i) && s_um.is_none_or(|s| i > 2.0 * s));
        Self { s_um, form: Form::SecondOrder, l_um }
    }

    /// The scale-limited surface, with mean height 0.
    ///
    /// # Errors
    /// Filters finer than the pixels, longer than the map, or the wrong way round.
    pub fn apply(&self, map: &HeightMap) -> Result<HeightMap, FilterError> {
        let side_um = map.side_um();
        for (filter, index) in [("S-filter", self.s_um), ("L-filter", self.l_um)] {
            let Some(index_um) = index else { continue };
            if index_um.is_nan() || index_um < LEAST_PER_INDEX * map.pixel_um * (1.0 - 1e-9) {
                return Err(FilterError::TooFine { filter, index_um, pixel_um: map.pixel_um });
            }
            if index_um > side_um * (1.0 + 1e-9) {
                return Err(FilterError::TooCoarse { filter, index_um, side_um });
            }
        }
        if let (Some(s_um), Some(l_um)) = (self.s_um, self.l_um)
            && s_um >= l_um
        {
            return Err(FilterError::Crossed { s_um, l_um });
        }
        let mut surface = match self.s_um {
            Some(s) => self.form.removed(&mean_surface(map, s)),
            None => self.form.removed(map),
        };
        if let Some(l) = self.l_um {
            let mean = mean_surface(&surface, l);
            surface.height_um.iter_mut().zip(&mean.height_um).for_each(|(z, m)| *z -= m);
            surface = Form::Level.removed(&surface);
        }
        Ok(surface)
    }
}

const _: () = assert!(LEAST_PIXELS as f64 > 2.0 * PIXELS_PER_S, "the usual filters must fit the smallest map");

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn rms(map: &HeightMap) -> f64 {
        (map.height_um.iter().map(|z| z * z).sum::<f64>() / map.height_um.len() as f64).sqrt()
    }

    #[test]
    fn each_form_takes_itself_away() {
        let plane = |x: f64, y: f64| 4.0 + 0.02 * x - 0.03 * y;
        let bowl = |x: f64, y: f64| plane(x, y) + 1e-4 * x * x - 2e-4 * x * y + 3e-5 * y * y;
        let map = |f: &dyn Fn(f64, f64) -> f64| HeightMap::from_function(80, 50, 7.0, f).unwrap();
        assert!(rms(&Form::Level.removed(&map(&|_, _| 12.0))) < 1e-9);
        assert!(rms(&Form::Plane.removed(&map(&plane))) < 1e-9);
        assert!(rms(&Form::Plane.removed(&map(&bowl))) > 1.0);
        assert!(rms(&Form::SecondOrder.removed(&map(&bowl))) < 1e-9);
    }

    #[test]
    fn the_usual_filters_follow_the_map() {
        let of = |pixels: usize, pixel_um: f64| {
            let f = Filtration::usual(&HeightMap::from_function(pixels, pixels, pixel_um, |_, _| 0.0).unwrap());
            (f.s_um, f.l_um)
        };
        assert_eq!(of(1000, 10.0), (Some(50.0), Some(10_000.0)));
        assert_eq!(of(1024, 5.0), (Some(25.0), Some(5000.0)));
        assert_eq!(of(256, 39.0), (Some(200.0), Some(8000.0)));
        assert_eq!(of(16, 10.0), (Some(50.0), None));
    }

    #[test]
    fn the_filters_keep_what_lies_between_them() {
        let sines = |x: f64, y: f64| (TAU * x / 30.0).sin() + (TAU * x / 500.0).sin() + 40.0 * (TAU * y / 24_000.0).sin();
        let map = HeightMap::from_function(600, 600, 10.0, sines).unwrap();
        let left = Filtration { s_um: Some(100.0), form: Form::SecondOrder, l_um: Some(2500.0) }.apply(&map).unwrap();
        // The middle sine passes S at 2^(-(100/500)^2) and L at 1 - 2^(-(2500/500)^2).
        let expected = 0.5f64.powf(0.04) / 2f64.sqrt();
        assert!((rms(&left) / expected - 1.0).abs() < 0.01, "{} {expected}", rms(&left));
    }

    #[test]
    fn filters_that_do_not_fit_are_refused() {
        let map = HeightMap::from_function(100, 60, 10.0, |x, _| x).unwrap();
        let with = |s, l| Filtration { s_um: s, form: Form::Plane, l_um: l }.apply(&map);
        assert!(matches!(with(Some(39.0), None), Err(FilterError::TooFine { filter: "S-filter", .. })));
        assert!(matches!(with(Some(f64::NAN), None), Err(FilterError::TooFine { filter: "S-filter", .. })));
        assert!(matches!(with(None, Some(601.0)), Err(FilterError::TooCoarse { filter: "L-filter", .. })));
        assert!(matches!(with(Some(200.0), Some(100.0)), Err(FilterError::Crossed { .. })));
        assert!(with(Some(40.0), Some(600.0)).is_ok());
        assert!(with(Some(39.0), None).unwrap_err().to_string().contains("at least 40 µm"));
    }
}
