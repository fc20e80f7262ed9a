//! What a column does in the long run, without marching.

use wide::f64x2;

use super::band::{self, Band};
use super::{Column, at};

/// Steady state under a vehicle that never depletes, with the channels as they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Steady {
    /// Flux by concentration (in water), cm/h.
    pub permeability_cm_per_h: f64,
    /// Where the straight part of the cumulative amount meets the time axis, h.
    pub lag_h: f64,
}

impl Column {
    /// Permeability and lag time with the share `open` of the channels' section, which does not change.
    #[must_use]
    pub fn steady(&self, open: f64) -> Steady {
        let (count, of) = (self.unknowns(), &self.equations);
        // The vehicle's unknown is held at 1: its row is that of one, and it feeds its neighbours.
        let feeds = [at(of.next[0], open), at(of.second[0], open)];
        let mut band = Band::new(count);
        for (row, terms) in band.rows.iter_mut().zip(&self.folded) {
            *row = terms.row(f64x2::ZERO, f64x2::ONE, f64x2::splat(open));
        }
        let mut u = vec![f64x2::ZERO; band.rows.len()];
        band.add(band::place(0, count), 1.0);
        for (i, k) in feeds.into_iter().enumerate().take(count - 1) {
            let place = band::place(i + 1, count);
            band.add(place, k);
            band::add(&mut u, place, k);
        }
        band.factor_and_solve(&mut u);
        let flux: f64 = feeds.iter().enumerate().take(count - 1).map(|(i, k)| k * (1.0 - band::value(&u, i + 1, count))).sum();
        // A molecule at potential u is absorbed with the probability 1 - u rather than lost to the vehicle: the mean time to
        // absorption is the amount so weighted over the flux. For a slab that is L²/6D.
        let weighted: f64 = u.iter().zip(&self.folded).map(|(u, t)| t.capacity * *u * (f64x2::ONE - *u)).sum::<f64x2>().reduce_add();
        Steady { permeability_cm_per_h: flux, lag_h: if flux > 0.0 { weighted / flux } else { f64::INFINITY } }
    }
}
