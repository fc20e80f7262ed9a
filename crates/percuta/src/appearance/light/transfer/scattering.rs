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
        let (cosine, weight) = (&angles.cosine, &angles.weight);
        let n = cosine.len();
        let moments = Moments::new(slab.anisotropy, n);
        let scattering = slab.scattering_per_mm * (1.0 - moments.forward);
        // Less than any matter has, and rounding makes no light in a layer that is nearly endless.
        let absorption = slab.absorption_per_mm.max(LEAST_ABSORPTION * scattering);
        let extinction = absorption + scattering;
        let p: Vec<Vec<f64>> = cosine.iter().map(|&c| legendre(n, c)).collect();
        // Even or odd degrees are half of what goes on plus or minus what turns back.
        let phase = |parity: usize, i: usize, j: usize| -> f64 {
            (parity..n).step_by(2).map(|l| (2 * l + 1) as f64 * moments.of[l] * p[i][l] * p[j][l]).sum()
        };
        // What the points leave of two sums is put on the diagonal: all light is kept, with its mean cosine.
        let rest = |parity: usize, j: usize| -> f64 {
            let power = parity as i32;
            let sum: f64 = (0..n).map(|i| weight[i] * cosine[i].powi(power) * phase(parity, i, j)).sum();
            (moments.of[parity] * cosine[j].powi(power) - sum) / (weight[j] * cosine[j].powi(power))
        };
        let sheet = |parity: usize| {
            Matrix::from_fn(n, |i, j| {
                let root = (weight[i] * weight[j] / (cosine[i] * cosine[j])).sqrt();
                let (lost, kept) = if i == j { (extinction / cosine[i], rest(parity, i)) } else { (0.0, 0.0) };
                lost - scattering * root * (phase(parity, i, j) + kept)
            })
        };
        Self { even: sheet(0), odd: sheet(1), fastest: extinction / cosine[0] }
    }
}

/// Of the scattering.
const LEAST_ABSORPTION: f64 = 1e-13;

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
