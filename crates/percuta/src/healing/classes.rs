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
    let plane = field.grid.plane();
    let columns = 2 * plane;
    let mut signals = vec![vec![0.0; columns]; overlays.len()];
    let mut lysed = vec![vec![0.0; columns]; overlays.len()];
    let mut total = vec![0.0; columns];
    let mut order = Vec::with_capacity(columns);
    let mut class_of = vec![0u16; columns];
    (first_layer..field.grid.layers())
        .map(|layer| {
            total.fill(0.0);
            for (overlay, (signal, lysed)) in overlays.iter().zip(signals.iter_mut().zip(&mut lysed)) {
                let range = layer * plane..(layer + 1) * plane;
                overlay.lay(&field.signal, range.clone(), field.grid.n, signal);
                overlay.lay(&field.damaged, range, field.grid.n, lysed);
                total.iter_mut().zip(signal.iter()).for_each(|(t, s)| *t += s);
            }
            order.clear();
            order.extend(total.iter().enumerate().map(|(i, &t)| key(t, i)));
            split(&mut order, classes);
            let bounds: Vec<usize> = (0..=classes).map(|k| k * columns / classes).collect();
            for (class, b) in bounds.windows(2).enumerate() {
                for &key in &order[b[0]..b[1]] {
                    class_of[index(key)] = class as u16;
                }
            }
            let sessions = signals.iter().zip(&lysed);
            let exposures: Vec<Vec<Exposure>> =
                sessions.clone().map(|(signal, lysed)| class_means(signal, lysed, &class_of, &bounds)).collect();
            let mean = exposures
                .iter()
                .map(|per_class| {
                    let weigh = |of: fn(&Exposure) -> f64| {
                        per_class.iter().zip(bounds.windows(2)).map(|(e, b)| of(e) * (b[1] - b[0]) as f64).sum::<f64>() / columns as f64
                    };
                    Exposure { signal: weigh(|e| e.signal), lysed: weigh(|e| e.lysed) }
                })
                .collect();
            let core_signal = sessions
                .map(|(signal, lysed)| {
                    let cut: f64 = lysed.iter().sum();
                    if cut > 0.0 { signal.iter().zip(lysed).map(|(s, l)| s * l).sum::<f64>() / cut } else { 0.0 }
                })
                .collect();
            LayerExposure { classes: exposures, core_signal, mean }
        })
        .collect()
}

fn class_means(signal: &[f64], lysed: &[f64], class_of: &[u16], bounds: &[usize]) -> Vec<Exposure> {
    let mut sums = vec![Exposure::default(); bounds.len() - 1];
    for ((signal, lysed), &class) in signal.iter().zip(lysed).zip(class_of) {
        let sum = &mut sums[usize::from(class)];
        sum.signal += signal;
        sum.lysed += lysed;
    }
    for (sum, b) in sums.iter_mut().zip(bounds.windows(2)) {
        let per = 1.0 / (b[1] - b[0]) as f64;
        sum.signal *= per;
        sum.lysed *= per;
    }
    sums
}

/// A value (zero or more) and its index as one integer that sorts by value, then index: the bits of a
/// non-negative float sort as the float does, and single precision is ample for sorting into classes.
fn key(value: f64, index: usize) -> u64 {
    u64::from((value as f32).to_bits()) << 32 | index as u64
}

fn index(key: u64) -> usize {
    (key & 0xffff_ffff) as usize
}

/// Partitions `keys` so that its k-th of `parts` equal shares holds the k-th share in sorted order.
fn split(keys: &mut [u64], parts: usize) {
    if parts < 2 || keys.len() < 2 {
        return;
    }
    let left = parts / 2;
    let middle = keys.len() * left / parts;
    keys.select_nth_unstable(middle);
    let (low, high) = keys.split_at_mut(middle);
    split(low, left);
    split(high, parts - left);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_gives_sorted_shares() {
        let mut keys: Vec<u64> = (0..1000).map(|i| key(f64::from((i * 7919) % 1000) * 1e-3, i as usize)).collect();
        split(&mut keys, 8);
        for (k, share) in keys.chunks(125).enumerate() {
            for &key in share {
                let value = (index(key) * 7919) % 1000;
                assert!((k * 125..(k + 1) * 125).contains(&value));
            }
        }
    }
}
