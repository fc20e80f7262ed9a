//! How long molecules take through a slab: the spread of transit times around the lag time.

use std::f64::consts::PI;
use std::sync::LazyLock;

/// Number of equally likely transit times that stand for the distribution.
const CLASSES: usize = 200;

/// Share of the steady flux through a slab that has built up at `x = D t / L²` after its upper face was loaded
/// (Crank 1975, section 4.3): the cumulative distribution of transit times, of mean 1/6.
#[must_use]
pub fn slab_breakthrough(x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x < 0.2 {
        // Images: three terms reach 1e-16 here.
        let terms: f64 = [1.0f64, 3.0, 5.0].iter().map(|n| (-n * n / (4.0 * x)).exp()).sum();
        2.0 / (PI * x).sqrt() * terms
    } else {
        let term = |n: f64| (-n * n * PI * PI * x).exp();
        1.0 + 2.0 * (-term(1.0) + term(2.0) - term(3.0) + term(4.0) - term(5.0))
    }
}

/// Equally likely transit times through a slab, in units of its lag time L²/6D, increasing; their mean is 1.
pub fn transit_times() -> &'static [f64] {
    static TIMES: LazyLock<Vec<f64>> = LazyLock::new(|| {
        let mut times: Vec<f64> = (0..CLASSES).map(|i| quantile((i as f64 + 0.5) / CLASSES as f64)).collect();
        // Midpoints cut the tail a little; the mean decides where the line of cumulative uptake meets the time axis.
        let mean = times.iter().sum::<f64>() / CLASSES as f64;
        for time in &mut times {
            *time /= mean;
        }
        times
    });
    &TIMES
}

/// The x at which [`slab_breakthrough`] is `share`, by bisection.
fn quantile(share: f64) -> f64 {
    let (mut low, mut high) = (0.0, 10.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if slab_breakthrough(middle) < share { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_series_agree_where_they_meet_and_the_mean_is_a_sixth() {
        assert!((slab_breakthrough(0.2 - 1e-12) - slab_breakthrough(0.2)).abs() < 1e-10);
        assert!((slab_breakthrough(5.0) - 1.0).abs() < 1e-15);
        let dx = 1e-4;
        let mean: f64 = (0..30_000).map(|i| (1.0 - slab_breakthrough((f64::from(i) + 0.5) * dx)) * dx).sum();
        assert!((mean - 1.0 / 6.0).abs() < 1e-7, "{mean}");
    }

    #[test]
    fn transit_times_keep_mean_and_spread_of_the_slab() {
        let t = transit_times();
        let mean = t.iter().sum::<f64>() / t.len() as f64;
        assert!((mean - 1.0).abs() < 1e-12 && t.windows(2).all(|w| w[0] < w[1]));
        // Second moment of the transit time is 7/180 L⁴/D², 1.4 lag times squared: variance 0.4.
        let variance = t.iter().map(|x| (x - 1.0) * (x - 1.0)).sum::<f64>() / t.len() as f64;
        assert!((variance - 0.4).abs() < 0.02, "{variance}");
    }
}
