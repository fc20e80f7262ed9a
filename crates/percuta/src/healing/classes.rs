//! Sorting tissue into classes: what each class of a layer is exposed to in each session.

use super::field::{Overlay, SourceField};

/// Classes of living tissue in a layer, equal in area.
pub const CLASSES: usize = 8;

/// One session as a class of tissue meets it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Exposure {
    /// Alarm that reaches the class, in units of fully damaged tissue.
    pub signal: f64,
    /// Share of the class that this session cuts or lyses.
    pub lysed: f64,
}

/// What one layer meets over a course.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerExposure {
    /// `[session][class]`.
    pub classes: Vec<Vec<Exposure>>,
    /// Per session: signal in the tissue that this session lyses.
    pub core_signal: Vec<f64>,
    /// Per session: mean over the layer; what the cores of earlier sessions meet.
    pub mean: Vec<Exposure>,
}

/// Sorts every layer from `first_layer` on into `classes` classes of equal area by the superposed signal of
/// all sessions; each class then meets every session at its own mean signal and damage.
#[must_use]
pub fn classify(field: &SourceField, overlays: &[Overlay], first_layer: usize, classes: usize) -> Vec<LayerExposure> {
    let (n, plane) = (field.grid.n, field.grid.plane());
    let columns = 2 * plane;
    let mut signals = vec![vec![0.0; columns]; overlays.len()];
    let mut lysed = vec![vec![0.0; columns]; overlays.len()];
    let mut total = vec![0.0; columns];
    let mut order: Vec<u32> = Vec::with_capacity(columns);
    (first_layer..field.grid.layers())
        .map(|layer| {
            let at = layer * plane;
            total.fill(0.0);
            for (overlay, (signal, lysed)) in overlays.iter().zip(signals.iter_mut().zip(&mut lysed)) {
                for window in 0..2 {
                    for y in 0..n {
                        for x in 0..n {
                            let (w, column) = overlay.source(window, x, y, n);
                            let i = window * plane + y * n + x;
                            signal[i] = field.signal[w][at + column];
                            lysed[i] = field.damaged[w][at + column];
                            total[i] += signal[i];
                        }
                    }
                }
            }
            order.clear();
            order.extend(0..columns as u32);
            split(&mut order, &total, classes);
            let bounds: Vec<usize> = (0..=classes).map(|k| k * columns / classes).collect();
            let mean_of = |values: &[f64], members: &[u32]| members.iter().map(|&i| values[i as usize]).sum::<f64>() / members.len() as f64;
            let class_exposures = signals
                .iter()
                .zip(&lysed)
                .map(|(signal, lysed)| {
                    bounds
                        .windows(2)
                        .map(|b| {
                            let members = &order[b[0]..b[1]];
                            Exposure { signal: mean_of(signal, members), lysed: mean_of(lysed, members) }
                        })
                        .collect()
                })
                .collect();
            let means: Vec<Exposure> = signals
                .iter()
                .zip(&lysed)
                .map(|(s, l)| Exposure { signal: s.iter().sum::<f64>() / columns as f64, lysed: l.iter().sum::<f64>() / columns as f64 })
                .collect();
            let core_signal = signals
                .iter()
                .zip(&lysed)
                .map(|(s, l)| {
                    let cut: f64 = l.iter().sum();
                    if cut > 0.0 { s.iter().zip(l).map(|(s, l)| s * l).sum::<f64>() / cut } else { 0.0 }
                })
                .collect();
            LayerExposure { classes: class_exposures, core_signal, mean: means }
        })
        .collect()
}

/// Partitions `order` so that its k-th of `parts` equal shares holds the k-th share of the sorted `keys`.
fn split(order: &mut [u32], keys: &[f64], parts: usize) {
    if parts < 2 || order.len() < 2 {
        return;
    }
    let left = parts / 2;
    let middle = order.len() * left / parts;
    // The index breaks ties, so that the classes do not depend on the partitioning algorithm.
    order.select_nth_unstable_by(middle, |&a, &b| keys[a as usize].total_cmp(&keys[b as usize]).then(a.cmp(&b)));
    let (low, high) = order.split_at_mut(middle);
    split(low, keys, left);
    split(high, keys, parts - left);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_gives_sorted_shares() {
        let keys: Vec<f64> = (0..1000).map(|i| f64::from((i * 7919) % 1000)).collect();
        let mut order: Vec<u32> = (0..1000).collect();
        split(&mut order, &keys, 8);
        for k in 0..8 {
            for &i in &order[k * 125..(k + 1) * 125] {
                let v = keys[i as usize] as usize;
                assert!((k * 125..(k + 1) * 125).contains(&v));
            }
        }
    }
}
