//! Affine-invariant ensemble sampler (Goodman & Weare 2010, Commun Appl Math Comput Sci 5:65): walkers stretch towards each other.

use std::sync::atomic::{AtomicBool, Ordering};

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::population::{Distribution, Purpose, stream};

/// Longest stretch.
const STRETCH: f64 = 2.0;

/// How a posterior is sampled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sampling {
    /// Seed of all random streams.
    pub seed: u64,
    /// Walkers: an even number, at least twice the dimensions.
    pub walkers: usize,
    /// Steps of every walker; the first half is thrown away.
    pub steps: usize,
}

/// Places drawn from a posterior.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Places of all walkers after the first half, one in ten steps.
    pub places: Vec<Vec<f64>>,
    /// Best place that was seen, and the logarithm of its density.
    pub best: (Vec<f64>, f64),
    /// Share of the steps that were taken.
    pub accepted: f64,
    /// Largest ratio of the spread over all walkers to that within one, each cut in two halves in time (split R-hat: Gelman et al. 2013,
    /// Bayesian Data Analysis, 11.4); near 1 where each of them has been everywhere.
    pub disagreement: f64,
    /// Where the walkers stopped.
    pub last: Vec<Vec<f64>>,
}

/// Disagreement of the walkers up to which a posterior counts as sampled: a usual bound (Gelman et al. 2013).
pub const AGREED: f64 = 1.1;

/// Keeps one step in so many.
const THINNING: usize = 10;

/// Places of walkers scattered around `centre`, as many as `how` asks for.
#[must_use]
pub fn scattered(centre: &[f64], spread: f64, how: &Sampling) -> Vec<Vec<f64>> {
    let walkers = how.walkers.max(2 * centre.len()).next_multiple_of(2);
    let normal = Distribution::Normal { sd: 1.0, low: None, high: None };
    (0..walkers)
        .map(|w| {
            let mut rng = stream(how.seed, w as u32, 0, Purpose::Fit);
            centre.iter().map(|c| c + spread * normal.quantile(0.0, rng.random::<f64>())).collect()
        })
        .collect()
}

/// Samples `log_density` from walkers that start at the places `at`, an even number of at least two. Setting `cancel` ends it early.
#[must_use]
pub fn sample(log_density: &(dyn Fn(&[f64]) -> f64 + Sync), mut at: Vec<Vec<f64>>, how: &Sampling, cancel: &AtomicBool) -> Sample {
    let (walkers, dimensions) = (at.len(), at.first().map_or(0, Vec::len));
    let mut density: Vec<f64> = at.par_iter().map(|a| log_density(a)).collect();
    let mut rngs: Vec<ChaCha8Rng> = (0..walkers).map(|w| stream(how.seed, w as u32, 1, Purpose::Fit)).collect();
    let mut kept: Vec<Vec<Vec<f64>>> = vec![Vec::new(); walkers];
    let mut best = at.iter().zip(&density).fold((Vec::new(), f64::NEG_INFINITY), |best, (place, density)| {
        if *density > best.1 || best.0.is_empty() { (place.clone(), *density) } else { best }
    });
    let mut taken = 0usize;
    let half = walkers / 2;
    for step in 0..how.steps {
        if cancel.load(Ordering::Relaxed) {
            break;
        }
        for moving in [0, 1] {
            let (first, second) = at.split_at_mut(half);
            let (movers, others) = if moving == 0 { (first, &*second) } else { (second, &*first) };
            let own = moving * half;
            let (rngs, density) = (&mut rngs[own..own + half], &mut density[own..own + half]);
            taken += movers
                .par_iter_mut()
                .zip(rngs.par_iter_mut())
                .zip(density.par_iter_mut())
                .map(|((mover, rng), density)| {
                    let partner = &others[rng.random_range(0..half)];
                    let u: f64 = rng.random();
                    // Density proportional to 1/sqrt(z) between 1/STRETCH and STRETCH.
                    let z = ((STRETCH.sqrt() - STRETCH.sqrt().recip()) * u + STRETCH.sqrt().recip()).powi(2);
                    let proposed: Vec<f64> = mover.iter().zip(partner).map(|(x, y)| y + z * (x - y)).collect();
                    let there = log_density(&proposed);
                    let chance = (dimensions as f64 - 1.0) * z.ln() + there - *density;
                    let takes = there.is_finite() && rng.random::<f64>().ln() < chance;
                    if takes {
                        *mover = proposed;
                        *density = there;
                    }
                    usize::from(takes)
                })
                .sum::<usize>();
        }
        for (place, density) in at.iter().zip(&density) {
            if *density > best.1 {
                best = (place.clone(), *density);
            }
        }
        if step >= how.steps / 2 && step % THINNING == 0 {
            kept.iter_mut().zip(&at).for_each(|(k, a)| k.push(a.clone()));
        }
    }
    let accepted = taken as f64 / (how.steps.max(1) * walkers) as f64;
    Sample { disagreement: disagreement(&kept), places: kept.into_iter().flatten().collect(), best, accepted, last: at }
}

/// Square root of (variance within chains + variance of their means) over the former, where each walker is two chains, its first and
/// its second half; the worst coordinate.
fn disagreement(kept: &[Vec<Vec<f64>>]) -> f64 {
    let chains: Vec<&[Vec<f64>]> = kept.iter().flat_map(|walker| walker.chunks_exact((walker.len() / 2).max(1)).take(2)).collect();
    let (m, n) = (chains.len() as f64, chains.first().map_or(0, |c| c.len()) as f64);
    if m < 2.0 || n < 2.0 {
        return f64::INFINITY;
    }
    let variance = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (mean, values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0))
    };
    (0..kept[0][0].len())
        .map(|d| {
            let of: Vec<(f64, f64)> = chains.iter().map(|c| variance(&c.iter().map(|p| p[d]).collect::<Vec<_>>())).collect();
            let within = of.iter().map(|v| v.1).sum::<f64>() / m;
            let between = variance(&of.iter().map(|v| v.0).collect::<Vec<_>>()).1;
            // A chain that never moved has no spread of its own.
            if within > 0.0 { ((n - 1.0) / n + between / within).sqrt() } else { f64::INFINITY }
        })
        .fold(1.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slanted_normal_is_sampled() {
        // Standard deviations 1 and 10, correlation 0.9.
        let log_density = |x: &[f64]| {
            let (a, b) = (x[0] - 3.0, (x[1] + 5.0) / 10.0);
            -0.5 * (a * a - 2.0 * 0.9 * a * b + b * b) / (1.0 - 0.81)
        };
        let how = Sampling { seed: 1, walkers: 40, steps: 2000 };
        let sample = sample(&log_density, scattered(&[0.0, 0.0], 1.0, &how), &how, &AtomicBool::new(false));
        let n = sample.places.len() as f64;
        let mean = |d: usize| sample.places.iter().map(|p| p[d]).sum::<f64>() / n;
        let (m0, m1) = (mean(0), mean(1));
        let product = |i: usize, j: usize| sample.places.iter().map(|p| (p[i] - [m0, m1][i]) * (p[j] - [m0, m1][j])).sum::<f64>() / n;
        assert!((m0 - 3.0).abs() < 0.15 && (m1 + 5.0).abs() < 1.5, "{m0} {m1}");
        assert!((product(0, 0) - 1.0).abs() < 0.15 && (product(1, 1) - 100.0).abs() < 15.0);
        assert!((product(0, 1) / (product(0, 0) * product(1, 1)).sqrt() - 0.9).abs() < 0.02);
        assert!((sample.best.0[0] - 3.0).abs() < 0.5 && sample.accepted > 0.3 && sample.disagreement < 1.05);
    }

    #[test]
    fn walkers_that_hardly_move_are_seen() {
        // Fourteen dimensions from far too narrow a start: after 200 steps no walker has been everywhere.
        let log_density = |x: &[f64]| -0.5 * x.iter().map(|x| x * x).sum::<f64>();
        let of = |steps: usize| {
            let how = Sampling { seed: 5, walkers: 48, steps };
            let sample = sample(&log_density, scattered(&[0.0; 14], 1.0, &how), &how, &AtomicBool::new(false));
            sample.disagreement
        };
        let (short, long) = (of(200), of(20_000));
        assert!(short > 1.3 && long < 1.03, "{short} {long}");
        assert_eq!(disagreement(&vec![vec![vec![1.0]; 10]; 4]), f64::INFINITY);
    }
}
