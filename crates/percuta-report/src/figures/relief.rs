//! The net of furrows of the microrelief, as ornament of drawings.

use super::noise::noise;

/// Half width of a furrow, as a share of its spacing.
const NET_WIDTH: f64 = 0.3;

/// Depth of the furrows of a net of polygons of unit size: up to 1 where two cells meet, 0 within them.
pub fn net(x: f64, y: f64) -> f64 {
    // The borders lie between the seeds of a jittered lattice of rhombs, so that two or three directions prevail;
    // a slow warp keeps them from being straight.
    let x = x + 0.35 * (smooth(71, 0.31 * y + 0.13 * x) - 0.5);
    let y = y + 0.35 * (smooth(72, 0.31 * x - 0.11 * y) - 0.5);
    let (u, v) = (x + 0.35 * y, 0.94 * y);
    let (column, row) = (u.floor(), v.floor());
    let (mut first, mut second) = (f64::INFINITY, f64::INFINITY);
    for i in -2..=2 {
        for j in -2..=2 {
            let (c, r) = (column + f64::from(i), row + f64::from(j));
            let key = (c as i64 as u64).wrapping_mul(1_000_003).wrapping_add(r as i64 as u64);
            let (su, sv) = (c + 0.5 + 0.62 * (noise(73, key) - 0.5), r + 0.5 + 0.62 * (noise(74, key) - 0.5));
            // Back to the plane, where distances mean something.
            let (dv, du) = ((sv - v) / 0.94, su - u);
            let distance = (du - 0.35 * dv).hypot(dv);
            if distance < first {
                (first, second) = (distance, first);
            } else {
                second = second.min(distance);
            }
        }
    }
    // Twice the distance from the border, roughly.
    let t = ((second - first) / (2.0 * NET_WIDTH)).min(1.0);
    // Some stretches of a furrow are shallower than others.
    let strength = 0.55 + 0.45 * smooth(75, 0.9 * x + 0.4 * y) * smooth(76, 0.8 * y - 0.5 * x).sqrt();
    strength.min(1.0) * (1.0 - t) * (1.0 - t) * (1.0 + 2.0 * t)
}

/// A smooth curve through random values in [0, 1), one at every whole number.
fn smooth(seed: u64, t: f64) -> f64 {
    let (whole, part) = (t.floor(), t - t.floor());
    let at = |k: f64| noise(seed, k as i64 as u64);
    let s = part * part * (3.0 - 2.0 * part);
    at(whole) + s * (at(whole + 1.0) - at(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furrows_bound_plateaus() {
        let depths: Vec<f64> = (0..90_000).map(|k| net(f64::from(k % 300) * 0.1, f64::from(k / 300) * 0.1)).collect();
        assert!(depths.iter().all(|d| (0.0..=1.0).contains(d)));
        let share = |f: &dyn Fn(f64) -> bool| depths.iter().filter(|d| f(**d)).count() as f64 / depths.len() as f64;
        assert!(share(&|d| d > 0.85) > 0.0 && share(&|d| d < 0.05) > 0.2);
    }
}
