//! Calibration: from what was published to what it says of parameters, as a posterior ensemble.
//!
//! A design of runs over the prior, in which everything that is uncertain varies, gives each observation as a polynomial of the
//! calibrated parameters with a scatter through all the rest ([`Emulator`]). The posterior ([`Posterior`]) knows this scatter, the
//! sampling of subjects and a spread between studies by domain, which is calibrated with the parameters; studies that nothing
//! explains count less. It is sampled from many places at once ([`sample`]).

mod emulator;
mod identify;
mod posterior;
mod sampler;

pub use emulator::{Emulated, Emulator};
pub use identify::{Combination, combinations, correlations};
pub use posterior::{Foreseen, Observed, Posterior};
pub use sampler::{AGREED, Sample, Sampling, sample, scattered};

use std::sync::atomic::AtomicBool;

use crate::population::Distribution;

/// Rounds in which studies are weighed anew.
const ROUNDS: usize = 3;

/// Calibrates: finds the weights of the studies, then samples the posterior. Setting `cancel` ends it early, with nothing of use.
#[must_use]
pub fn calibrate<'a>(
    emulator: &'a Emulator,
    observed: &'a [Observed],
    spreads: &'a [f64],
    without: Option<usize>,
    how: &Sampling,
    cancel: &AtomicBool,
) -> (Posterior<'a>, Sample) {
    let mut posterior = Posterior::new(emulator, observed, spreads, without);
    let short = Sampling { steps: how.steps / 4, ..*how };
    // Scattered over the prior, so that no valley is missed.
    let mut walkers = scattered(&posterior.centre(), 1.0, how);
    for round in 0..ROUNDS {
        let found = sample(&|at| posterior.log_density(at), walkers, &Sampling { seed: how.seed + round as u64, ..short }, cancel);
        posterior.reweigh(&found.best.0);
        walkers = found.last;
    }
    let sampled = sample(&|at| posterior.log_density(at), walkers, &Sampling { seed: how.seed + ROUNDS as u64, ..*how }, cancel);
    (posterior, sampled)
}

/// The value of a parameter with this card at a normal score.
#[must_use]
pub fn value_at(distribution: &Distribution, value: f64, score: f64) -> f64 {
    use statrs::distribution::{ContinuousCDF, Normal};
    distribution.quantile(value, Normal::standard().cdf(score))
}

#[cfg(test)]
mod tests;
