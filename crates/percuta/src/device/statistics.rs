//! What a puncture pattern leaves untouched, and how regular it is.

use std::f64::consts::PI;

use super::PunctureTable;

/// Distance from each puncture to its nearest neighbour in the periodic window, µm.
/// A lone puncture's neighbour is its own image, one window away.
#[must_use]
pub fn nearest_neighbours_um(table: &PunctureTable) -> Vec<f64> {
    let (n, window) = (table.len(), table.window_um);
    let side = ((n as f64).sqrt() as usize).max(1);
    let cell = window / side as f64;
    let bucket = |v: f64| ((v / cell) as usize).min(side - 1);
    let mut buckets: Vec<Vec<usize>> = vec![Vec::new(); side * side];
    for i in 0..n {
        buckets[bucket(table.y_um[i]) * side + bucket(table.x_um[i])].push(i);
    }
    let apart = |a: f64, b: f64| {
        let d = (a - b).abs();
        d.min(window - d)
    };
    (0..n)
        .map(|i| {
            let (bx, by) = (bucket(table.x_um[i]) as i64, bucket(table.y_um[i]) as i64);
            let mut best = window;
            let mut ring = 0_i64;
            // Punctures in rings further out are at least `ring - 1` cells away.
            while (ring - 1) as f64 * cell < best && ring <= side as i64 / 2 + 1 {
                for dy in -ring..=ring {
                    let step = if dy.abs() == ring { 1 } else { (2 * ring).max(1) };
                    let mut dx = -ring;
                    while dx <= ring {
                        let y = (by + dy).rem_euclid(side as i64) as usize;
                        let x = (bx + dx).rem_euclid(side as i64) as usize;
                        for &j in buckets[y * side + x].iter().filter(|&&j| j != i) {
                            best = best.min(apart(table.x_um[i], table.x_um[j]).hypot(apart(table.y_um[i], table.y_um[j])));
                        }
                        dx += step;
                    }
                }
                ring += 1;
            }
            best
        })
        .collect()
}

/// Share of the window that is further than `radius_um` from every puncture.
/// Counted on a raster of a twentieth of the radius (coarser where that would exceed 2000 cells a side).
#[must_use]
pub fn uncovered_fraction(table: &PunctureTable, radius_um: f64) -> f64 {
    if table.is_empty() || radius_um <= 0.0 {
        return 1.0;
    }
    let n = ((20.0 * table.window_um / radius_um).ceil() as i64).clamp(16, 2000);
    let cell = table.window_um / n as f64;
    let mut covered = vec![false; (n * n) as usize];
    for (&x, &y) in table.x_um.iter().zip(&table.y_um) {
        let rows = (radius_um / cell).ceil() as i64;
        let row = (y / cell) as i64;
        for r in row - rows..=row + rows {
            let dy = (r as f64 + 0.5) * cell - y;
            let chord = radius_um * radius_um - dy * dy;
            if chord <= 0.0 {
                continue;
            }
            let chord = chord.sqrt();
            let from = ((x - chord) / cell - 0.5).ceil() as i64;
            let to = ((x + chord) / cell - 0.5).floor() as i64;
            let base = r.rem_euclid(n) * n;
            for c in from..=to.min(from + n - 1) {
                covered[(base + c.rem_euclid(n)) as usize] = true;
            }
        }
    }
    covered.iter().filter(|c| !**c).count() as f64 / covered.len() as f64
}

/// Length of each puncture's slit at the surface, µm.
#[must_use]
pub fn slit_lengths_um(table: &PunctureTable) -> Vec<f64> {
    table.drag_x_um.iter().zip(&table.drag_y_um).map(|(x, y)| x.hypot(*y)).collect()
}

/// Needle sections and slits at the surface as a share of the window, overlaps counted twice.
#[must_use]
pub fn entry_area_fraction(table: &PunctureTable) -> f64 {
    let slits = slit_lengths_um(table);
    let area: f64 = table.entry_radius_um.iter().zip(&slits).map(|(r, slit)| PI * r * r + 2.0 * r * slit).sum();
    area / (table.window_um * table.window_um)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(window_um: f64, at: &[(f64, f64)]) -> PunctureTable {
        PunctureTable {
            window_um,
            x_um: at.iter().map(|p| p.0).collect(),
            y_um: at.iter().map(|p| p.1).collect(),
            entry_radius_um: vec![100.0; at.len()],
            drag_x_um: vec![30.0; at.len()],
            drag_y_um: vec![40.0; at.len()],
            ..PunctureTable::default()
        }
    }

    #[test]
    fn neighbours_agree_with_all_pairs() {
        // A Weyl sequence: irregular enough, and without a random generator.
        let at: Vec<(f64, f64)> =
            (0..173).map(|i| (1000.0 * (f64::from(i) * 0.618_034).fract(), 1000.0 * (f64::from(i * i) * 0.414_214).fract())).collect();
        let found = nearest_neighbours_um(&table(1000.0, &at));
        let apart = |a: f64, b: f64| (a - b).abs().min(1000.0 - (a - b).abs());
        for (i, a) in at.iter().enumerate() {
            let mut best = 1000.0_f64;
            for (j, b) in at.iter().enumerate() {
                if i != j {
                    best = best.min(apart(a.0, b.0).hypot(apart(a.1, b.1)));
                }
            }
            assert!((found[i] - best).abs() < 1e-9, "{i}: {} against {best}", found[i]);
        }
        assert_eq!(nearest_neighbours_um(&table(700.0, &[(1.0, 1.0)])), vec![700.0]);
        let across = nearest_neighbours_um(&table(1000.0, &[(5.0, 500.0), (995.0, 500.0)]));
        assert!((across[0] - 10.0).abs() < 1e-9, "the window is periodic");
    }

    #[test]
    fn uncovered_area_of_one_disc_and_of_two() {
        let disc = PI * 250.0 * 250.0 / 4e6;
        let one = uncovered_fraction(&table(2000.0, &[(0.0, 0.0)]), 250.0);
        assert!((one - (1.0 - disc)).abs() < 0.002);
        let two = uncovered_fraction(&table(2000.0, &[(10.0, 300.0), (1000.0, 1300.0)]), 250.0);
        assert!((two - (1.0 - 2.0 * disc)).abs() < 0.002);
        assert_eq!(uncovered_fraction(&table(2000.0, &[]), 250.0), 1.0);
        assert_eq!(uncovered_fraction(&table(100.0, &[(50.0, 50.0)]), 250.0), 0.0);
    }

    #[test]
    fn slits_and_entries() {
        let t = table(1000.0, &[(1.0, 1.0), (500.0, 500.0)]);
        assert_eq!(slit_lengths_um(&t), vec![50.0, 50.0]);
        assert!((entry_area_fraction(&t) - 2.0 * (PI * 1e4 + 1e4) / 1e6).abs() < 1e-12);
    }
}
