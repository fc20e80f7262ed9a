//! How a thin sheet of a layer redistributes light among the angles.

use super::matrix::Matrix;
use super::quadrature::{Angles, legendre};
use super::slab::Slab;

/// The equation of transfer of one layer for light that is the same up and down, and for light that is opposite.
///
/// Light along an angle is its flux by the square root of the angle's share in diffuse light; by reciprocity all matrices are
/// symmetric. With `x` down and `y` up, `d(x - y)/dz = -even (x + y)` and `d(x + y)/dz = -odd (x - y)`, z in mm.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    pub(super) even: Matrix,
    pub(super) odd: Matrix,
    /// The fastest decay along any angle, 1/mm.
    pub(super) fastest: f64,
}

impl Sheet {
    pub(super) fn new(angles: &Angles, slab: &Slab) -> Self {
        let n = angles.cosine.len();
        let moments = Moments::new(slab.anisotropy, n);
        let scattering = slab.scattering_per_mm * (1.0 - moments.forward);
        // Less than any matter has, and rounding makes no light in a layer that is nearly endless.
        let absorption = slab.absorption_per_mm.max(LEAST_ABSORPTION * scattering);
        let extinction = absorption + scattering;
        let lost = Matrix::from_fn(n, |i, j| if i == j { extinction / angles.cosine[i] } else { 0.0 });
        let sheet = |parity| lost.plus(-scattering, &angles.redistribution(parity, &moments.of));
        Self { even: sheet(0), odd: sheet(1), fastest: extinction / angles.cosine[0] }
    }
}

impl Angles {
    /// How scattered light is spread over the angles, by the phase function's Legendre moments of even or odd degree: half of what goes
    /// on plus or minus what turns back.
    pub(super) fn redistribution(&self, parity: usize, moments: &[f64]) -> Matrix {
        let (cosine, weight) = (&self.cosine, &self.weight);
        let n = cosine.len();
        let p: Vec<Vec<f64>> = cosine.iter().map(|&c| legendre(n, c)).collect();
        let phase =
            |i: usize, j: usize| -> f64 { (parity..n).step_by(2).map(|l| (2 * l + 1) as f64 * moments[l] * p[i][l] * p[j][l]).sum() };
        // What the points leave of a sum is put on the diagonal: all light is kept, and its mean cosine.
        let of_sum = |i: usize| weight[i] * cosine[i].powi(parity as i32);
        let rest = |j: usize| -> f64 {
            let sum: f64 = (0..n).map(|i| of_sum(i) * phase(i, j)).sum();
            (moments[parity] * cosine[j].powi(parity as i32) - sum) / of_sum(j)
        };
        Matrix::from_fn(n, |i, j| {
            let root = (weight[i] * weight[j] / (cosine[i] * cosine[j])).sqrt();
            root * (phase(i, j) + if i == j { rest(i) } else { 0.0 })
        })
    }
}

/// Of the scattering.
pub(super) const LEAST_ABSORPTION: f64 = 1e-13;

/// Legendre moments of Henyey and Greenstein's phase function; what they leave out of its forward peak counts as light that
/// goes straight on (delta-M; Wiscombe 1977).
struct Moments {
    of: Vec<f64>,
    forward: f64,
}

impl Moments {
    fn new(anisotropy: f64, count: usize) -> Self {
        let forward = anisotropy.powi(count as i32);
        let of = (0..count).map(|l| (anisotropy.powi(l as i32) - forward) / (1.0 - forward)).collect();
        Self { of, forward }
    }
}
