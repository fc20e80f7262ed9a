//! Affine-invariant ensemble sampler (Goodman & Weare 2010, Commun Appl Math Comput Sci 5:65): walkers stretch towards each other.

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
    /// Largest ratio of the spread over all walkers to that within one (Gelman & Rubin 1992); near 1 where they agree.
    pub disagreement: f64,
}

/// Keeps one step in so many.
const THINNING: usize = 10;

/// Samples `log_density` from walkers that start scattered around `centre`.
#[must_use]
pub fn sample(log_density: &(dyn Fn(&[f64]) -> f64 + Sync), centre: &[f64], spread: f64, how: &Sampling) -> Sample {
    let dimensions = centre.len();
    let walkers = how.walkers.max(2 * dimensions).next_multiple_of(2);
    let normal = Distribution::Normal { sd: 1.0, low: None, high: None };
    let mut at: Vec<Vec<f64>> = (0..walkers)
        .map(|w| {
            let mut rng = stream(how.seed, w as u32, 0, Purpose::Fit);
            centre.iter().map(|c| c + spread * normal.quantile(0.0, rng.random::<f64>())).collect()
        })
        .collect();
    let mut density: Vec<f64> = at.par_iter().map(|a| log_density(a)).collect();
    let mut rngs: Vec<ChaCha8Rng> = (0..walkers).map(|w| stream(how.seed, w as u32, 1, Purpose::Fit)).collect();
    let mut kept: Vec<Vec<Vec<f64>>> = vec![Vec::new(); walkers];
    let mut best = (centre.to_vec(), log_density(centre));
    let mut taken = 0usize;
    let half = walkers / 2;
    for step in 0..how.steps {
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
    Sample { disagreement: disagreement(&kept), places: kept.into_iter().flatten().collect(), best, accepted }
}

/// Square root of (variance within walkers + variance of their means) over the former; the worst coordinate.
fn disagreement(kept: &[Vec<Vec<f64>>]) -> f64 {
    let (m, n) = (kept.len() as f64, kept.first().map_or(0, Vec::len) as f64);
    if m < 2.0 || n < 2.0 {
        return f64::INFINITY;
    }
    // Two groups of walkers, which moved against each other, each as one chain of its own.
    let dimensions = kept[0][0].len();
    (0..dimensions)
        .map(|d| {
            let halves = [&kept[..kept.len() / 2], &kept[kept.len() / 2..]];
            let all: Vec<Vec<f64>> = halves.iter().map(|h| h.iter().flatten().map(|p| p[d]).collect()).collect();
            let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
            let means: Vec<f64> = all.iter().map(|v| mean(v)).collect();
            let within =
                all.iter().zip(&means).map(|(v, m)| v.iter().map(|x| (x - m).powi(2)).sum::<f64>() / v.len() as f64).sum::<f64>() / 2.0;
            let between = 0.5 * (means[0] - means[1]).powi(2);
            ((within + between) / within.max(f64::MIN_POSITIVE)).sqrt()
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
        let sample = sample(&log_density, &[0.0, 0.0], 1.0, &Sampling { seed: 1, walkers: 40, steps: 2000 });
        let n = sample.places.len() as f64;
        let mean = |d: usize| sample.places.iter().map(|p| p[d]).sum::<f64>() / n;
        let (m0, m1) = (mean(0), mean(1));
        let product = |i: usize, j: usize| sample.places.iter().map(|p| (p[i] - [m0, m1][i]) * (p[j] - [m0, m1][j])).sum::<f64>() / n;
        assert!((m0 - 3.0).abs() < 0.15 && (m1 + 5.0).abs() < 1.5, "{m0} {m1}");
        assert!((product(0, 0) - 1.0).abs() < 0.15 && (product(1, 1) - 100.0).abs() < 15.0);
        assert!((product(0, 1) / (product(0, 0) * product(1, 1)).sqrt() - 0.9).abs() < 0.02);
        assert!((sample.best.0[0] - 3.0).abs() < 0.5 && sample.accepted > 0.3 && sample.disagreement < 1.05);
    }
}
