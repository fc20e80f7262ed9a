//! A layer of each lane: the same as the plain one, from a thicker sheet.

use pulp::Simd;

use super::super::scattering::LEAST_ABSORPTION;
use super::super::slab::Slab;
use super::lanes::Lanes;
use super::matrix::{Factors, Square, invert_one_plus, multiply, multiply_symmetric, put_twice, solve, tile};
use super::tables::Tables;

/// Coefficients of a layer.
#[derive(Clone, Copy)]
pub(super) struct Optics<S: Simd> {
    /// Absorption coefficient, 1/mm.
    pub(super) absorption: Lanes<S>,
    /// Scattering coefficient, 1/mm.
    pub(super) scattering: Lanes<S>,
    /// Mean cosine of scattering.
    pub(super) anisotropy: Lanes<S>,
}

/// Reflection and transmission of a layer, both symmetric, and room to find them.
pub(super) struct Layer<S: Simd, const N: usize> {
    pub(super) reflection: Square<S, N>,
    pub(super) transmission: Square<S, N>,
    pub(super) room: [Square<S, N>; 4],
    pub(super) factors: [Factors<S, N>; 2],
}

/// Optical thickness along the flattest angle at which doubling starts.
const START: f64 = 4.0;
/// Doublings after which a layer is as good as endless.
const MOST: i32 = 64;
/// Decay along the flattest angle that is none, 1/mm.
const CLEAR: f64 = 1e-9;
/// Transmission of which the square is nothing: a thicker layer reflects the same to the last digit.
const NOTHING: f64 = 1e-16;

/// Doublings that make the thickest of some layers from a thin one.
#[inline(always)]
pub(super) fn doublings<const N: usize>(tables: &Tables<N>, layers: impl Iterator<Item = Slab>) -> i32 {
    let mut most = 0.0;
    for layer in layers {
        let extinction = layer.absorption_per_mm + layer.scattering_per_mm * (1.0 - layer.anisotropy.powi(N as i32));
        most = f64::max(most, 1e-3 * layer.thickness_um * extinction * tables.steepness[0]);
    }
    ((most / START).log2().ceil().max(0.0) as i32).min(MOST)
}

impl<S: Simd, const N: usize> Layer<S, N> {
    #[inline(always)]
    pub(super) fn new(zero: Lanes<S>) -> Self {
        Self {
            reflection: Square::filled(zero),
            transmission: Square::filled(zero),
            room: [Square::filled(zero), Square::filled(zero), Square::filled(zero), Square::filled(zero)],
            factors: [Factors::new(zero), Factors::new(zero)],
        }
    }

    /// Becomes the layer of these coefficients, by so many doublings; transmission is of no use if it has no end.
    #[inline(always)]
    pub(super) fn become_layer(&mut self, tables: &Tables<N>, optics: Optics<S>, thickness_mm: f64, doublings: i32) {
        // Powers of the anisotropy, then moments times scattering without the forward peak (delta-M).
        let mut moments = [optics.scattering.with(1.0); N];
        for l in 1..N {
            moments[l] = moments[l - 1] * optics.anisotropy;
        }
        let forward = moments[N - 1] * optics.anisotropy;
        for moment in &mut moments {
            *moment = optics.scattering * (*moment - forward);
        }
        let extinction = optics.absorption.max(moments[0] * LEAST_ABSORPTION) + moments[0];
        let half = if thickness_mm.is_infinite() {
            extinction.with(0.5 * START) / (extinction * tables.steepness[0]).max(extinction.with(CLEAR))
        } else {
            extinction.with(0.5 * thickness_mm / 2f64.powi(doublings))
        };
        let [even, odd, ..] = &mut self.room;
        sheet(tables, &moments, extinction, half, 0, even);
        sheet(tables, &moments, extinction, half, 1, odd);
        self.thin();
        for k in 0..doublings {
            // Transmission is e^-4 or more at first, and three doublings make that its eighth power.
            if k > 3 && self.most_transmitted() < NOTHING {
                break;
            }
            self.double();
        }
    }

    /// The thin layer of the sheets in the first two rooms, with Padé's approximation of degree 7 by 7.
    #[inline(always)]
    fn thin(&mut self) {
        let [even, odd, p, q] = &mut self.room;
        let (r, t) = (&mut self.reflection, &mut self.transmission);
        multiply(odd, even, p);
        multiply(p, p, q);
        multiply(q, p, r);
        for i in 0..N {
            for j in 0..N {
                let above = p[i][j] * 17_325.0 + q[i][j] * 378.0 + r[i][j];
                let below = p[i][j] * 62_370.0 + q[i][j] * 3_150.0 + r[i][j] * 28.0;
                (p[i][j], q[i][j]) = (above, below);
            }
            p[i][i] = p[i][i] + 135_135.0;
            q[i][i] = q[i][i] + 135_135.0;
        }
        solve(q, p, r);
        let (net_by_sum, sum_by_net) = (p, q);
        multiply_symmetric(even, r, net_by_sum);
        multiply_symmetric(r, odd, sum_by_net);
        // R + T = 2 (1 + net by sum)⁻¹ - 1, R - T = 1 - 2 (1 + sum by net)⁻¹.
        let (same, opposite) = (even, odd);
        invert_one_plus(net_by_sum, same);
        invert_one_plus(sum_by_net, opposite);
        for i in 0..N {
            for j in 0..N {
                r[i][j] = same[i][j] - opposite[i][j];
                t[i][j] = same[i][j] + opposite[i][j];
            }
            t[i][i] = t[i][i] - 1.0;
        }
    }

    /// Two of it on top of each other. Lit by the same light from both sides, `R + T (1 - R)⁻¹ T` comes back; by opposite light,
    /// `R - T (1 + R)⁻¹ T`.
    #[inline(always)]
    fn double(&mut self) {
        let [v, w, y, z] = &mut self.room;
        let (r, t) = (&mut self.reflection, &mut self.transmission);
        self.factors[0].of_one_plus(-1.0, r);
        self.factors[1].of_one_plus(1.0, r);
        self.factors[0].halves(t, v, w);
        self.factors[1].halves(t, y, z);
        for i in (0..N).step_by(2) {
            for j in (0..=i).step_by(2) {
                let (same, opposite) = (tile(v, w, i, j), tile(y, z, i, j));
                let mut reflected = [r[i][j], r[i][j + 1], r[i + 1][j], r[i + 1][j + 1]];
                let mut transmitted = same;
                for k in 0..4 {
                    reflected[k] = reflected[k] + (same[k] - opposite[k]) * 0.5;
                    transmitted[k] = (same[k] + opposite[k]) * 0.5;
                }
                put_twice(reflected, r, i, j);
                put_twice(transmitted, t, i, j);
            }
        }
    }

    #[inline(always)]
    fn most_transmitted(&self) -> f64 {
        let mut most = self.transmission[0][0].abs();
        for i in 0..N {
            for j in 0..=i {
                most = most.max(self.transmission[i][j].abs());
            }
        }
        most.largest()
    }
}

/// Half a layer's thickness of the sheet of even or odd degrees.
#[inline(always)]
fn sheet<S: Simd, const N: usize>(
    tables: &Tables<N>,
    moments: &[Lanes<S>; N],
    extinction: Lanes<S>,
    half: Lanes<S>,
    parity: usize,
    sheet: &mut Square<S, N>,
) {
    for i in 0..N {
        for j in 0..=i {
            let mut kept = moments[parity] * tables.phase[parity][i][j];
            for l in 1..N / 2 {
                kept = kept + moments[2 * l + parity] * tables.phase[2 * l + parity][i][j];
            }
            let lost = if i == j { extinction * tables.steepness[i] } else { extinction.with(0.0) };
            let value = (lost - kept) * half;
            (sheet[i][j], sheet[j][i]) = (value, value);
        }
    }
}
