//! Filling small holes with the smoothest surface their rim allows.

/// Passes over all holes; what is left after them lies far below the relief for holes of up to some tens of pixels.
const PASSES: usize = 300;

/// Replaces NaN so that every filled pixel is the mean of its four neighbours. At least one value must be known.
pub(super) fn fill(values: &mut [f64], columns: usize) {
    let rows = values.len() / columns;
    let holes: Vec<usize> = (0..values.len()).filter(|&i| values[i].is_nan()).collect();
    let neighbours = |i: usize| {
        let (r, c) = (i / columns, i % columns);
        [(c > 0).then(|| i - 1), (c + 1 < columns).then_some(i + 1), (r > 0).then(|| i - columns), (r + 1 < rows).then_some(i + columns)]
            .into_iter()
            .flatten()
    };
    // From the rim inwards, as a start.
    let mut left = holes.clone();
    while !left.is_empty() {
        let found: Vec<(usize, f64)> = left
            .iter()
            .filter_map(|&i| {
                let known: Vec<f64> = neighbours(i).map(|k| values[k]).filter(|v| !v.is_nan()).collect();
                (!known.is_empty()).then(|| (i, known.iter().sum::<f64>() / known.len() as f64))
            })
            .collect();
        if found.is_empty() {
            return;
        }
        found.iter().for_each(|&(i, v)| values[i] = v);
        left.retain(|&i| values[i].is_nan());
    }
    // Over-relaxation in the order of the pixels.
    for _ in 0..PASSES {
        for &i in &holes {
            let (sum, count) = neighbours(i).fold((0.0, 0.0), |(s, n), k| (s + values[k], n + 1.0));
            values[i] += 1.7 * (sum / count - values[i]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hole_in_a_slope_is_a_slope() {
        let slope = |i: usize| 3.0 * (i % 60) as f64 - (i / 60) as f64;
        let mut values: Vec<f64> = (0..3600).map(slope).collect();
        for i in (0..3600).filter(|i| (20..32).contains(&(i % 60)) && (10..22).contains(&(i / 60))) {
            values[i] = f64::NAN;
        }
        fill(&mut values, 60);
        assert!(values.iter().enumerate().all(|(i, v)| (v - slope(i)).abs() < 1e-6));
    }

    #[test]
    fn a_hole_at_the_corner_is_filled() {
        let mut values = vec![7.0; 400];
        (0..5).for_each(|i| values[i] = f64::NAN);
        fill(&mut values, 20);
        assert!(values.iter().all(|v| (v - 7.0).abs() < 1e-9));
    }

    #[test]
    fn without_any_value_nothing_is_made_up() {
        let mut values = vec![f64::NAN; 16];
        fill(&mut values, 4);
        assert!(values.iter().all(|v| v.is_nan()));
    }
}
