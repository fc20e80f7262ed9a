//! What a column does in the long run, without marching.

use super::band::Band;
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
        let count = self.unknowns();
        let (next, second) = (|i: usize| at(self.next[i], open), |i: usize| at(self.second[i], open));
        // The vehicle's unknown is held at 1: it leaves the system and feeds its neighbours.
        let diagonal = (1..count).map(|i| {
            let mut sum = self.loss[i] + self.floor_of(i, open) + next(i) + second(i) + next(i - 1);
            if i >= 2 {
                sum += second(i - 2);
            }
            sum
        });
        let mut band = Band::default();
        band.factor(diagonal, (1..count).map(next), (1..count).map(second));
        let mut u = vec![0.0; count - 1];
        u[0] = next(0);
        if count > 2 {
            u[1] = second(0);
        }
        let feeds = [u[0], u.get(1).copied().unwrap_or(0.0)];
        band.solve(&mut u);
        let flux: f64 = feeds.iter().zip(&u).map(|(k, u)| k * (1.0 - u)).sum();
        // A molecule at potential u is absorbed with the probability 1 - u rather than lost to the vehicle: the mean time to
        // absorption is the amount so weighted over the flux. For a slab that is L²/6D.
        let weighted: f64 = u.iter().zip(&self.capacity[1..]).map(|(u, c)| c * u * (1.0 - u)).sum();
        Steady { permeability_cm_per_h: flux, lag_h: if flux > 0.0 { weighted / flux } else { f64::INFINITY } }
    }
}
