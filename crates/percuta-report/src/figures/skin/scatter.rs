//! Light that enters the skin at one place and leaves it at another.
//!
//! The approximate reflectance profile of Christensen & Burley (2015, ACM SIGGRAPH Talks): the share of light that leaves
//! beyond a distance `r` is `1/4 exp(-r/d) + 3/4 exp(-r/3d)`, with `d` the transport mean free path over `s(A)` for albedo
//! `A`. Each exponential is a mixture of Gaussians: `exp(-r/L)` is the mean of `exp(-r²/2σ²)` for `σ = L|z|` with `z` of a
//! standard normal distribution, here in thirds of equal weight that keep the variance.

use super::grid::Grid;

/// Root mean square of |z| in the thirds of its distribution.
const THIRDS: [f64; 3] = [0.2456, 0.6999, 1.5652];

/// Length `d` of the profile, µm, for diffuse reflectance `albedo` and a transport mean free path.
#[must_use]
pub fn profile_length_um(albedo: f64, free_path_um: f64) -> f64 {
    // For light that falls in perpendicularly and is spread at the surface (their equation for the searchlight).
    free_path_um / (1.85 - albedo + 7.0 * (albedo - 0.8).abs().powi(3))
}

/// Light that was let in, where it comes out again.
#[must_use]
pub fn scattered(grid: Grid, entered: &[f32], length_um: f64) -> Vec<f32> {
    let mut out = vec![0.0f32; entered.len()];
    for (weight, length) in [(0.25, length_um), (0.75, 3.0 * length_um)] {
        for third in THIRDS {
            let part = grid.blurred(entered, third * length);
            for (sum, v) in out.iter_mut().zip(part) {
                *sum += (weight / 3.0) as f32 * v;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixture_follows_the_profile() {
        // Share that leaves beyond r, by the three Gaussians of each exponential.
        for r in [0.3f64, 0.6, 1.0, 2.0, 3.0] {
            let mixed = THIRDS.iter().map(|s| (-r * r / (2.0 * s * s)).exp()).sum::<f64>() / 3.0;
            assert!((mixed - (-r).exp()).abs() < 0.06, "{mixed} at {r}");
        }
        let variance = THIRDS.iter().map(|s| s * s).sum::<f64>() / 3.0;
        assert!((variance - 1.0).abs() < 1e-3);
    }

    #[test]
    fn no_light_is_lost_and_even_light_stays_even() {
        let grid = Grid { columns: 64, rows: 48, pixel_um: 25.0 };
        let stripes = grid.map(|x, _| if ((x / 200.0) as u32).is_multiple_of(2) { 1.0f32 } else { 0.2 });
        let out = scattered(grid, &stripes, 180.0);
        let mean = |v: &[f32]| v.iter().map(|x| f64::from(*x)).sum::<f64>() / v.len() as f64;
        assert!((mean(&out) / mean(&stripes) - 1.0).abs() < 1e-5);
        assert!(scattered(grid, &vec![0.7; grid.len()], 180.0).iter().all(|v| (v - 0.7).abs() < 1e-5));
    }

    #[test]
    fn pale_skin_and_long_free_paths_spread_light_farther() {
        assert!(profile_length_um(0.6, 250.0) > profile_length_um(0.2, 250.0));
        assert!(profile_length_um(0.4, 300.0) > profile_length_um(0.4, 200.0));
    }
}
