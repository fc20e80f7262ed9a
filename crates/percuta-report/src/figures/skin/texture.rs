//! Random patterns in the plane, the same at every resolution: they belong to places on the skin, not to pixels.

use crate::figures::noise::noise;

/// Sixteen directions, even over the circle.
const DIRECTIONS: [[f64; 2]; 16] = {
    let (a, b, c) = (0.923_879_532_511_286_7, 0.707_106_781_186_547_5, 0.382_683_432_365_089_8);
    [
        [1.0, 0.0],
        [a, c],
        [b, b],
        [c, a],
        [0.0, 1.0],
        [-c, a],
        [-b, b],
        [-a, c],
        [-1.0, 0.0],
        [-a, -c],
        [-b, -b],
        [-c, -a],
        [0.0, -1.0],
        [c, -a],
        [b, -b],
        [a, -c],
    ]
};

/// A smooth random field of unit grain (gradient noise, Perlin 2002, ACM Trans Graph 21:681), mean 0, mostly within ±0.7.
pub fn smooth(seed: u64, x: f64, y: f64) -> f64 {
    let (column, row) = (x.floor(), y.floor());
    let (u, v) = (x - column, y - row);
    let corner = |i: f64, j: f64| {
        let [a, b] = DIRECTIONS[(16.0 * noise(seed, key(column + i, row + j))) as usize & 15];
        a * (u - i) + b * (v - j)
    };
    let fade = |t: f64| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let (s, t) = (fade(u), fade(v));
    let mix = |a: f64, b: f64, w: f64| a + w * (b - a);
    mix(mix(corner(0.0, 0.0), corner(1.0, 0.0), s), mix(corner(0.0, 1.0), corner(1.0, 1.0), s), t)
}

/// Smooth fields of ever finer grain, each half as fine and `keep` times as strong as the one before; standard deviation about 1.
pub fn clouds(seed: u64, x: f64, y: f64, octaves: u32, keep: f64) -> f64 {
    let (mut sum, mut power, mut weight, mut scale) = (0.0, 0.0, 1.0, 1.0);
    for octave in 0..octaves {
        // A turn between the octaves hides the lattice.
        let (a, b) = (0.8 * x - 0.6 * y, 0.6 * x + 0.8 * y);
        let (a, b) = if octave % 2 == 0 { (x, y) } else { (a, b) };
        sum += weight * smooth(seed.wrapping_add(u64::from(octave)), scale * a, scale * b);
        power += weight * weight;
        weight *= keep;
        scale *= 2.03;
    }
    // Gradient noise of unit vectors has a standard deviation of about 0.22.
    sum / (0.22 * power.sqrt())
}

/// Distance from the nearest border between the cells of a jittered lattice of unit spacing, 0 on the border.
pub fn border(seed: u64, x: f64, y: f64) -> f64 {
    let (column, row) = (x.floor(), y.floor());
    let (mut first, mut second) = (f64::INFINITY, f64::INFINITY);
    for i in -1..=1 {
        for j in -1..=1 {
            let (c, r) = (column + f64::from(i), row + f64::from(j));
            let jitter = |s: u64| 0.5 + 0.8 * (noise(s, key(c, r)) - 0.5);
            let (px, py) = (c + jitter(seed), r + jitter(seed ^ 0x5bd1));
            let distance = (px - x).hypot(py - y);
            if distance < first {
                (first, second) = (distance, first);
            } else {
                second = second.min(distance);
            }
        }
    }
    second - first
}

/// A smooth step from 0 at `low` to 1 at `high`.
pub fn step(low: f64, high: f64, x: f64) -> f64 {
    let t = ((x - low) / (high - low)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A number from the standard normal distribution that belongs to (a, b).
pub fn normal(a: u64, b: u64) -> f64 {
    let (u, v) = (1.0 - noise(a, b), noise(a ^ 0x9d2c_5680, b));
    (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
}

fn key(column: f64, row: f64) -> u64 {
    (column as i64 as u64).wrapping_mul(1_000_003).wrapping_add(row as i64 as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clouds_have_mean_zero_and_unit_spread() {
        let values: Vec<f64> = (0..40_000).map(|k| clouds(4, 0.37 * f64::from(k % 200), 0.37 * f64::from(k / 200), 3, 0.6)).collect();
        let mean = values.iter().sum::<f64>() / 40_000.0;
        let sd = (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 40_000.0).sqrt();
        assert!(mean.abs() < 0.05 && (0.85..1.15).contains(&sd), "{mean} {sd}");
    }

    #[test]
    fn smooth_fields_have_no_jumps() {
        for k in 0..2000 {
            let (x, y) = (0.013 * f64::from(k), 5.0 - 0.007 * f64::from(k));
            assert!((smooth(9, x, y) - smooth(9, x + 1e-4, y)).abs() < 1e-3);
        }
    }
}
