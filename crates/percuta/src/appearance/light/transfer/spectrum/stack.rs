//! Layers of several wavelengths added from the bottom up.

use pulp::{Simd, WithSimd};

use super::lanes::Lanes;
use super::layer::{Layer, Optics, doublings};
use super::matrix::{Square, multiply, multiply_symmetric, solve};
use super::tables::Tables;
use super::{LayerSpectrum, Reflectance};

/// A spectrum to be computed: what is compiled for each set of vector instructions.
pub(super) struct Stack<'a, const N: usize> {
    pub(super) tables: &'a Tables<N>,
    pub(super) layers: &'a [LayerSpectrum<'a>],
    pub(super) out: &'a mut [Reflectance],
}

/// No vector has more.
const MOST_LANES: usize = 8;

impl<const N: usize> WithSimd for Stack<'_, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let zero = Lanes::splat(simd, 0.0);
        let mut room = Room { layer: Layer::new(zero), under: Square::filled(zero) };
        for (chunk, out) in self.out.chunks_mut(S::F64_LANES).enumerate() {
            let reflectances = room.reflectances(self.tables, self.layers, chunk * S::F64_LANES);
            let mut values = [[0.0; MOST_LANES]; 2];
            simd.partial_store_f64s(&mut values[0][..S::F64_LANES], reflectances[0].values());
            simd.partial_store_f64s(&mut values[1][..S::F64_LANES], reflectances[1].values());
            for (k, out) in out.iter_mut().enumerate() {
                *out = Reflectance { normal: values[0][k].clamp(0.0, 1.0), diffuse: values[1][k].clamp(0.0, 1.0) };
            }
        }
    }
}

/// Values from `first` on; the last one is repeated.
#[inline(always)]
fn load<S: Simd>(simd: S, of: &[f64], first: usize) -> Lanes<S> {
    let mut values = [of[of.len() - 1]; MOST_LANES];
    for (value, of) in values[..S::F64_LANES].iter_mut().zip(&of[first..]) {
        *value = *of;
    }
    Lanes::new(simd, simd.partial_load_f64s(&values[..S::F64_LANES]))
}

/// Matrices of one chunk of wavelengths after the other.
struct Room<S: Simd, const N: usize> {
    layer: Layer<S, N>,
    /// Reflection of all that lies below.
    under: Square<S, N>,
}

impl<S: Simd, const N: usize> Room<S, N> {
    /// Of a beam and of diffuse light, at the wavelengths from `first` on.
    #[inline(always)]
    fn reflectances(&mut self, tables: &Tables<N>, layers: &[LayerSpectrum<'_>], first: usize) -> [Lanes<S>; 2] {
        let simd = self.under[0][0].simd();
        for i in 0..N {
            for j in 0..N {
                self.under[i][j] = Lanes::splat(simd, if i == j { tables.below[i] } else { 0.0 });
            }
        }
        for layer in layers.iter().rev() {
            let optics = Optics {
                absorption: load(simd, layer.absorption_per_mm, first),
                scattering: load(simd, layer.scattering_per_mm, first),
                anisotropy: load(simd, layer.anisotropy, first),
            };
            // The same number in a group of wavelengths, whatever the width of the vectors: results do not depend on it.
            let group = first / MOST_LANES * MOST_LANES;
            let group = group..(group + MOST_LANES).min(layer.absorption_per_mm.len());
            let doublings = doublings(tables, group.map(|i| layer.at(i)));
            self.layer.become_layer(tables, optics, 1e-3 * layer.thickness_um, doublings);
            self.add(layer.thickness_um.is_infinite());
        }
        self.light(tables)
    }

    /// Puts the layer on top of what is there.
    #[inline(always)]
    fn add(&mut self, endless: bool) {
        let Self { layer, under } = self;
        let (r, t) = (&layer.reflection, &layer.transmission);
        let [between, down, up, back] = &mut layer.room;
        multiply(r, under, between);
        for i in 0..N {
            for j in 0..N {
                between[i][j] = -between[i][j];
            }
            between[i][i] = between[i][i] + 1.0;
        }
        solve(between, t, down);
        multiply(under, down, up);
        multiply_symmetric(t, up, back);
        let share = if endless { 0.0 } else { 1.0 };
        for i in 0..N {
            for j in 0..N {
                under[i][j] = r[i][j] + back[i][j] * share;
            }
        }
    }

    /// What comes out at the top. Reflection R of the stack and m² of the face are between light that enters and u that comes
    /// back, `u = R (e + m² u)`. All is symmetric, so that light may as well be sent in where it leaves and be taken where it enters:
    /// one solution serves a beam and diffuse light. It is `u = R e + R m x` with `(1 - m R m) x = m R e`.
    #[inline(always)]
    fn light(&mut self, tables: &Tables<N>) -> [Lanes<S>; 2] {
        let Self { layer, under } = self;
        let [between, ..] = &mut layer.room;
        let zero = under[0][0].with(0.0);
        let (mut u, mut x) = ([zero; N], [zero; N]);
        for i in 0..N {
            for j in 0..N {
                between[i][j] = under[i][j] * (tables.mirror[i] * tables.mirror[j]);
                u[i] = u[i] + under[i][j] * tables.leaving[j];
            }
            x[i] = u[i] * tables.mirror[i];
        }
        layer.factors[0].of_one_plus(-1.0, between);
        let x = layer.factors[0].solve(x);
        let mut diffuse = zero + tables.specular[1];
        for i in 0..N {
            for j in 0..N {
                u[i] = u[i] + under[i][j] * tables.mirror[j] * x[j];
            }
            diffuse = diffuse + u[i] * tables.entering[i];
        }
        [u[N - 1] * tables.beam + tables.specular[0], diffuse]
    }
}
