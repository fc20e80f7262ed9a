//! How far a surface resembles itself: the autocorrelation and its decay in every direction.

use rayon::prelude::*;
use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

use super::HeightMap;
use super::gaussian::{transform_length, transposed};
use super::height_map::cubic;

/// Value to which the autocorrelation must fall (ISO 25178-3).
const THRESHOLD: f64 = 0.2;
/// Directions that are searched over the half circle.
const DIRECTIONS: usize = 720;

/// Distances over which the autocorrelation of a surface falls to 0.2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Decay {
    /// Shortest distance, µm: Sal. `None` if it does not fall in any direction.
    pub shortest_um: Option<f64>,
    /// Longest distance, µm. `None` if in some direction it does not fall within half the map.
    pub longest_um: Option<f64>,
    /// Direction of the slowest decay, degrees from x towards y, 0 to 180: that in which lines run.
    pub lay_deg: f64,
}

/// Autocorrelation for shifts up to half the map, the half plane below.
struct Autocorrelation {
    /// Largest shift to either side.
    right: usize,
    /// Largest shift down.
    down: usize,
    /// Row-major from shift (-right, 0); 1 without shift.
    values: Vec<f64>,
}

/// The decay of a surface whose mean height is 0; `None` if it is flat.
pub(super) fn decay(surface: &HeightMap) -> Option<Decay> {
    let correlation = Autocorrelation::of(surface)?;
    let mut found = Decay { shortest_um: None, longest_um: Some(0.0), lay_deg: 0.0 };
    // Where the decay is not seen, the direction in which most is left at the end counts as that of the lines.
    let mut slowest = (0.0, f64::NEG_INFINITY);
    for k in 0..DIRECTIONS {
        let degrees = 180.0 * k as f64 / DIRECTIONS as f64;
        let (sine, cosine) = degrees.to_radians().sin_cos();
        let end = correlation.longest(cosine, sine);
        let crossing = correlation.crossing(cosine, sine, end);
        let reached = match crossing {
            Some(r) => (r, f64::NEG_INFINITY),
            None => (f64::INFINITY, correlation.at(cosine * end, sine * end)),
        };
        if reached > slowest {
            slowest = reached;
            found.lay_deg = degrees;
        }
        match crossing {
            Some(r) => {
                let r = r * surface.pixel_um;
                found.shortest_um = Some(found.shortest_um.map_or(r, |s: f64| s.min(r)));
                found.longest_um = found.longest_um.map(|l: f64| l.max(r));
            }
            None => found.longest_um = None,
        }
    }
    Some(found)
}

impl Autocorrelation {
    fn of(surface: &HeightMap) -> Option<Self> {
        let (columns, rows) = (surface.columns, surface.rows);
        let (right, down) = (columns / 2, rows / 2);
        // With that much empty margin a shift of up to half the map never meets the other border.
        let (wide, tall) = (transform_length(columns + right), transform_length(rows + down));
        let mut planner = FftPlanner::new();
        let (along, along_back) = (planner.plan_fft_forward(wide), planner.plan_fft_inverse(wide));
        let (across, across_back) = (planner.plan_fft_forward(tall), planner.plan_fft_inverse(tall));

        let mut field = vec![Complex::default(); wide * tall];
        field[..wide * rows].par_chunks_exact_mut(wide).zip(surface.height_um.par_chunks_exact(columns)).for_each(|(to, from)| {
            to.iter_mut().zip(from).for_each(|(to, &z)| to.re = z);
            along.process(to);
        });
        let mut field = transposed(&field, wide);
        field.par_chunks_exact_mut(tall).for_each(|line| {
            across.process(line);
            line.iter_mut().for_each(|z| *z = Complex::new(z.norm_sqr(), 0.0));
            across_back.process(line);
        });
        let mut field = transposed(&field, tall);
        field.truncate(wide * (down + 1));
        field.par_chunks_exact_mut(wide).for_each(|line| along_back.process(line));

        let size = (wide * tall) as f64;
        let variance = field[0].re / size / (columns * rows) as f64;
        if variance <= 0.0 || !variance.is_normal() {
            return None;
        }
        // Each shift is divided by the number of pixels that still meet, so that long ones are not damped.
        let value = |dy: usize, dx: i64| {
            let place = dx.rem_euclid(wide as i64) as usize;
            let meeting = (columns - dx.unsigned_abs() as usize) * (rows - dy);
            field[dy * wide + place].re / size / meeting as f64 / variance
        };
        let side = right as i64;
        let values = (0..=down).flat_map(|dy| (-side..=side).map(move |dx| (dy, dx))).map(|(dy, dx)| value(dy, dx)).collect();
        Some(Self { right, down, values })
    }

    /// Distance in pixels to the end of the known shifts.
    fn longest(&self, cosine: f64, sine: f64) -> f64 {
        let to = |limit: usize, part: f64| if part.abs() < 1e-12 { f64::INFINITY } else { limit as f64 / part.abs() };
        to(self.right, cosine).min(to(self.down, sine))
    }

    /// Distance in pixels at which the autocorrelation first falls to the threshold.
    fn crossing(&self, cosine: f64, sine: f64, end: f64) -> Option<f64> {
        let value = |r: f64| self.at(cosine * r, sine * r);
        let (mut low, mut high) = (0.0, 0.0);
        while value(high) > THRESHOLD {
            if high >= end {
                return None;
            }
            low = high;
            high = (high + 0.5).min(end);
        }
        for _ in 0..30 {
            let middle = 0.5 * (low + high);
            if value(middle) > THRESHOLD { low = middle } else { high = middle }
        }
        Some(high)
    }

    /// Value at a shift in pixels, by cubic interpolation.
    fn at(&self, x: f64, y: f64) -> f64 {
        let (wx, wy) = (x.floor(), y.floor());
        let (weights_x, weights_y) = (cubic(x - wx), cubic(y - wy));
        let (column, row) = (wx as i64, wy as i64);
        let mut sum = 0.0;
        for (wy, dy) in weights_y.into_iter().zip(row - 1..) {
            for (wx, dx) in weights_x.into_iter().zip(column - 1..) {
                sum += wx * wy * self.pixel(dx, dy);
            }
        }
        sum
    }

    /// Value at a whole shift; the other half plane is the mirror image, the border goes on outside.
    fn pixel(&self, dx: i64, dy: i64) -> f64 {
        let (dx, dy) = if dy < 0 { (-dx, -dy) } else { (dx, dy) };
        let side = self.right as i64;
        let column = (dx.clamp(-side, side) + side) as usize;
        self.values[(dy as usize).min(self.down) * (2 * self.right + 1) + column]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    #[test]
    fn a_sine_falls_where_its_cosine_does() {
        let map = HeightMap::from_function(2000, 200, 5.0, |x, _| 3.0 * (TAU * x / 200.0).sin()).unwrap();
        let decay = decay(&map).unwrap();
        let exact = 200.0 * 0.2f64.acos() / TAU;
        assert!((decay.shortest_um.unwrap() / exact - 1.0).abs() < 0.005, "{decay:?} {exact}");
        assert_eq!((decay.longest_um, decay.lay_deg), (None, 90.0));
    }

    #[test]
    fn the_lay_is_that_of_the_lines() {
        for lay in [0.0, 30.0, 75.0, 120.0, 165.0] {
            let (sine, cosine) = f64::to_radians(lay).sin_cos();
            let map = HeightMap::from_function(200, 200, 5.0, |x, y| (TAU * (y * cosine - x * sine) / 90.0).sin()).unwrap();
            let found = decay(&map).unwrap().lay_deg;
            assert!((found - lay).abs() < 1.0 || (found - lay).abs() > 179.0, "{lay} {found}");
        }
    }

    #[test]
    fn values_are_those_of_the_sum() {
        let map = HeightMap::from_function(20, 17, 1.0, |x, y| (x * 0.7).sin() + (y * x * 0.05).cos()).unwrap();
        let mean = map.height_um.iter().sum::<f64>() / 340.0;
        let map = map.with(map.height_um.iter().map(|z| z - mean).collect());
        let z = |r: i64, c: i64| map.height_um[(r * 20 + c) as usize];
        let correlation = Autocorrelation::of(&map).unwrap();
        let variance = map.height_um.iter().map(|z| z * z).sum::<f64>() / 340.0;
        for (dx, dy) in [(0i64, 0i64), (3, 2), (-4, 5), (10, 8), (-10, 0)] {
            let pairs: Vec<f64> = (0..17 - dy)
                .flat_map(|r| (0..20).map(move |c| (r, c)))
                .filter(|(_, c)| (0..20).contains(&(c + dx)))
                .map(|(r, c)| z(r, c) * z(r + dy, c + dx))
                .collect();
            let exact = pairs.iter().sum::<f64>() / pairs.len() as f64 / variance;
            assert!((correlation.pixel(dx, dy) - exact).abs() < 1e-9);
            assert!((correlation.pixel(-dx, -dy) - exact).abs() < 1e-9);
        }
    }

    #[test]
    fn a_flat_surface_has_none() {
        assert_eq!(decay(&HeightMap::from_function(20, 20, 1.0, |_, _| 0.0).unwrap()), None);
    }
}
