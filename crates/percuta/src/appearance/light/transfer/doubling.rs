//! A layer from a sheet of it.

use super::matrix::Matrix;
use super::scattering::Sheet;

/// Reflection and transmission of a layer between matter of its own index; both are symmetric and the same from both sides.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) reflection: Matrix,
    pub(super) transmission: Matrix,
}

/// Optical thickness along the flattest angle at which doubling starts.
const START: f64 = 0.5;
/// Doublings after which a layer is as good as endless.
const MOST: usize = 64;

impl Layer {
    pub(super) fn new(sheet: &Sheet, thickness_mm: f64) -> Self {
        let endless = thickness_mm.is_infinite();
        // Nothing comes back from a clear layer without an end either.
        let thickness_mm = if endless { 2f64.powi(MOST as i32) * START / sheet.fastest.max(1e-9) } else { thickness_mm };
        let optical = sheet.fastest * thickness_mm;
        let doublings = if optical > START { ((optical / START).log2().ceil() as usize).min(MOST) } else { 0 };
        let mut layer = Self::thin(sheet, thickness_mm / 2f64.powi(doublings as i32));
        for _ in 0..doublings {
            // Nothing gets through any more.
            if layer.transmission.largest() < 1e-30 {
                break;
            }
            layer = layer.doubled();
        }
        if endless {
            layer.transmission = layer.transmission.scaled(0.0);
        }
        layer
    }

    /// A thin layer, half of whose thickness is h. Lit by the same light from both sides it has no net flux in its middle, and lit by
    /// opposite light no sum of fluxes. At its top, net flux by sum is then `even h f(P)`, and sum by net flux `f(P) h odd`, with
    /// `P = odd even h²` and `f(x) = tanh(√x)/√x`, a continued fraction: Padé's approximation of degree 5 by 5 of the exponential.
    fn thin(sheet: &Sheet, thickness_mm: f64) -> Self {
        let half = 0.5 * thickness_mm;
        let one = Matrix::identity(sheet.even.size());
        let p = sheet.odd.times(&sheet.even).scaled(half * half);
        let square = p.times(&p);
        let above = one.scaled(945.0).plus(105.0, &p).plus(1.0, &square);
        let below = one.scaled(945.0).plus(420.0, &p).plus(15.0, &square);
        let f = below.solve(&above).scaled(half);
        let (net_by_sum, sum_by_net) = (sheet.even.times(&f), f.times(&sheet.odd));
        let same = one.plus(1.0, &net_by_sum).solve(&one.plus(-1.0, &net_by_sum));
        let opposite = one.plus(1.0, &sum_by_net).solve(&one.plus(-1.0, &sum_by_net)).scaled(-1.0);
        Self { reflection: same.plus(1.0, &opposite).scaled(0.5), transmission: same.plus(-1.0, &opposite).scaled(0.5) }
    }

    /// Two of it on top of each other.
    fn doubled(&self) -> Self {
        let (r, t) = (&self.reflection, &self.transmission);
        let between = Matrix::identity(r.size()).plus(-1.0, &r.times(r)).solve(t);
        Self { reflection: r.plus(1.0, &t.times(&r.times(&between))), transmission: t.times(&between) }
    }
}
