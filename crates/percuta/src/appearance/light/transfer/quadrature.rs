//! The angles of light.

use std::f64::consts::PI;

use super::fresnel;
use super::slab::Indices;

/// Cosines along which light is followed, and their weights in integrals over the cosine from 0 to 1; the last cosine is 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Angles {
    pub(super) cosine: Vec<f64>,
    pub(super) weight: Vec<f64>,
}

impl Angles {
    /// Light bends at the critical angle of each face: beyond a critical cosine c, reflection and with it everything else changes as
    /// √(μ² - c²), to which the cosine of the refracted ray is proportional. So each stretch between critical cosines has Gauss'
    /// points in that variable; the last one has Radau's, which include 1. (Points in μ itself converge with the cube of their
    /// number only.)
    pub(super) fn new(count: usize, indices: &Indices) -> Self {
        let mut borders = vec![0.0, 1.0];
        for face in [indices.above, indices.below] {
            let critical = fresnel::critical_cosine(indices.stack, face);
            if borders.iter().all(|b| (b - critical).abs() > 1e-9) {
                borders.push(critical);
            }
        }
        borders.sort_by(f64::total_cmp);
        let mut angles = Self { cosine: Vec::new(), weight: Vec::new() };
        for (border, points) in borders.windows(2).zip(numbers(count, &borders)) {
            let last = border[1] == 1.0;
            let end = (border[1] * border[1] - border[0] * border[0]).sqrt();
            for (x, w) in if last { radau(points) } else { gauss(points) } {
                let beyond = 0.5 * end * (1.0 + x);
                let cosine = beyond.hypot(border[0]);
                angles.cosine.push(cosine);
                angles.weight.push(0.5 * end * w * beyond / cosine);
            }
        }
        angles
    }

    /// Share of each angle in the flux of diffuse light.
    pub(super) fn shares(&self) -> Vec<f64> {
        self.cosine.iter().zip(&self.weight).map(|(c, w)| 2.0 * c * w).collect()
    }
}

/// How many points between each two borders: one more than half beyond all critical cosines, since all light comes and goes there;
/// the others by width, at least one in each stretch.
fn numbers(count: usize, borders: &[f64]) -> Vec<usize> {
    let stretches = borders.len() - 2;
    let mut left = if stretches == 0 { 0 } else { (count / 2 - 1).max(stretches) };
    let beyond = count - left;
    let mut numbers = Vec::new();
    for k in 0..stretches {
        let share = (borders[k + 1] - borders[k]) / (borders[stretches] - borders[k]);
        let points = ((share * left as f64).round() as usize).clamp(1, left + k + 1 - stretches);
        left -= points;
        numbers.push(points);
    }
    numbers.push(beyond);
    numbers
}

/// Legendre polynomials of degree 0 to `degree`.
pub(super) fn legendre(degree: usize, x: f64) -> Vec<f64> {
    let mut p = vec![1.0, x];
    for l in 1..degree {
        let k = l as f64;
        p.push(((2.0 * k + 1.0) * x * p[l] - k * p[l - 1]) / (k + 1.0));
    }
    p.truncate(degree + 1);
    p
}

/// Points and weights of Gauss from -1 to 1.
pub(super) fn gauss(n: usize) -> Vec<(f64, f64)> {
    let value_and_slope = |x: f64| {
        let p = legendre(n, x);
        (p[n], slope(&p, n, x))
    };
    let point = |i: usize| {
        let x = newton(-(PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos(), value_and_slope);
        (x, 2.0 / ((1.0 - x * x) * value_and_slope(x).1.powi(2)))
    };
    (0..n).map(point).collect()
}

/// Points and weights of Radau from -1 to 1, with 1.
pub(super) fn radau(n: usize) -> Vec<(f64, f64)> {
    let square = (n * n) as f64;
    let point = |i: usize| {
        let x = newton((2.0 * PI * i as f64 / (2.0 * n as f64 - 1.0)).cos(), |x| {
            let p = legendre(n, x);
            (p[n - 1] - p[n], slope(&p, n - 1, x) - slope(&p, n, x))
        });
        (x, (1.0 + x) / (square * legendre(n - 1, x)[n - 1].powi(2)))
    };
    (1..n).rev().map(point).chain([(1.0, 2.0 / square)]).collect()
}

/// Slope of a Legendre polynomial inside -1 to 1.
fn slope(p: &[f64], degree: usize, x: f64) -> f64 {
    if degree == 0 { 0.0 } else { degree as f64 * (p[degree - 1] - x * p[degree]) / (1.0 - x * x) }
}

/// A root near `x`.
fn newton(mut x: f64, value_and_slope: impl Fn(f64) -> (f64, f64)) -> f64 {
    // Quadratic convergence from such guesses needs about five.
    for _ in 0..20 {
        let (value, slope) = value_and_slope(x);
        x -= value / slope;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stretch_has_points() {
        assert_eq!(numbers(8, &[0.0, 1.0]), [8]);
        assert_eq!(numbers(8, &[0.0, 0.7, 1.0]), [3, 5]);
        assert_eq!(numbers(4, &[0.0, 0.3, 0.7, 1.0]), [1, 1, 2]);
        assert_eq!(numbers(16, &[0.0, 0.3, 0.7, 1.0]), [3, 4, 9]);
        assert_eq!(numbers(8, &[0.0, 0.699, 0.7, 1.0]), [2, 1, 5]);
    }

    #[test]
    fn points_integrate_every_polynomial_that_they_should() {
        for n in 1..=32 {
            for (rule, degree) in [(gauss(n), 2 * n - 1), (radau(n), 2 * n - 2)] {
                for k in 0..=degree {
                    let exact = if k % 2 == 0 { 2.0 / (k as f64 + 1.0) } else { 0.0 };
                    let sum: f64 = rule.iter().map(|(x, w)| w * x.powi(k as i32)).sum();
                    assert!((sum - exact).abs() < 1e-13, "{n} points, degree {k}: {sum}");
                }
                assert!(rule.windows(2).all(|p| p[0].0 < p[1].0));
            }
        }
    }
}
