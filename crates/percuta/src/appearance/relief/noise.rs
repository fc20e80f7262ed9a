//! Numbers that belong to a place: the same at every run, in any order and on any thread.

/// A number in [0, 1) that belongs to (key, index).
pub(super) fn uniform(key: u64, index: i64) -> f64 {
    // The finaliser of SplitMix64 (Steele, Lea & Flood 2014): cheap, and even for neighbouring inputs.
    let mut z = key
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add((index as u64).wrapping_mul(0xd1b5_4a32_d192_ed03))
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

/// A key for one purpose of a seed.
pub(super) fn key(seed: u64, purpose: u64) -> u64 {
    seed.wrapping_mul(0xa076_1d64_78bd_642f) ^ purpose.wrapping_mul(0xe703_7ed1_a0b4_28db)
}

/// One index for a cell of a lattice.
pub(super) fn cell(i: i64, j: i64) -> i64 {
    i.wrapping_mul(0x0001_0000_01b3) ^ j.wrapping_mul(0x00c2_b2ae_3d27)
}

/// A standard normal number that belongs to (key, index), by Box and Muller.
pub(super) fn normal(key: u64, index: i64) -> f64 {
    let (u, v) = (uniform(key, index), uniform(!key, index));
    (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

/// A smooth curve through random values in [-1, 1), one at every whole number.
pub(super) fn wave(key: u64, t: f64) -> f64 {
    let whole = t.floor();
    let (i, s) = (whole as i64, fade(t - whole));
    let (a, b) = (uniform(key, i), uniform(key, i.wrapping_add(1)));
    2.0 * (a + s * (b - a)) - 1.0
}

/// A smooth surface through random values in [-1, 1), one at every point of the unit lattice.
pub(super) fn field(key: u64, x: f64, y: f64) -> f64 {
    let (wx, wy) = (x.floor(), y.floor());
    let (i, j, u, v) = (wx as i64, wy as i64, fade(x - wx), fade(y - wy));
    let at = |di: i64, dj: i64| uniform(key, cell(i.wrapping_add(di), j.wrapping_add(dj)));
    let top = at(0, 0) + u * (at(1, 0) - at(0, 0));
    let bottom = at(0, 1) + u * (at(1, 1) - at(0, 1));
    2.0 * (top + v * (bottom - top)) - 1.0
}

/// 0 to 1 with flat ends up to the second derivative.
fn fade(t: f64) -> f64 {
    t * t * t * (t * (6.0 * t - 15.0) + 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_even_repeatable_and_independent_of_their_neighbours() {
        let xs: Vec<f64> = (0..20_000).map(|i| uniform(3, cell(i % 200, i / 200))).collect();
        let mean = xs.iter().sum::<f64>() / 20_000.0;
        let next = xs.windows(2).map(|w| (w[0] - 0.5) * (w[1] - 0.5)).sum::<f64>() / 20_000.0 * 12.0;
        assert!((mean - 0.5).abs() < 0.01 && next.abs() < 0.03, "{mean} {next}");
        assert!(xs.iter().all(|x| (0.0..1.0).contains(x)));
        assert_eq!(uniform(3, 7), uniform(3, 7));
        assert_ne!(uniform(key(1, 2), 7), uniform(key(2, 1), 7));
    }

    #[test]
    fn normal_numbers_have_their_moments() {
        let xs: Vec<f64> = (0..40_000).map(|i| normal(5, i)).collect();
        let mean = xs.iter().sum::<f64>() / 40_000.0;
        let variance = xs.iter().map(|x| x * x).sum::<f64>() / 40_000.0;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }

    #[test]
    fn curves_and_surfaces_are_smooth() {
        for k in 0..1000 {
            let t = f64::from(k) * 0.013 - 6.0;
            assert!((wave(9, t) - wave(9, t + 1e-6)).abs() < 1e-5);
            assert!((field(9, t, -t) - field(9, t + 1e-6, -t)).abs() < 1e-5);
        }
    }
}
