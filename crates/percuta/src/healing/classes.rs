//! Sorting tissue into classes: what each class of a layer is exposed to in each session.

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
}

/// Damage and signal of the sessions of a course, layer by layer.
pub trait Exposed {
    /// Sessions.
    fn sessions(&self) -> usize;
    /// Layers.
    fn layers(&self) -> usize;
    /// Columns of a layer.
    fn columns(&self) -> usize;
    /// Writes what session `session` does in a layer: the signal that reaches each column and the share of it that is lysed.
    fn layer(&self, session: usize, layer: usize, signal: &mut [f64], lysed: &mut [f64]);
}

/// Sorts every layer from `first_layer` on into `classes` classes of equal area by the superposed signal of
/// all sessions; each class then meets every session at its own mean signal and damage.
#[must_use]
pub fn classify(exposed: &dyn Exposed, first_layer: usize, classes: usize) -> Vec<LayerExposure> {
    let columns = exposed.columns();
    let mut signals = vec![vec![0.0; columns]; exposed.sessions()];
    let mut lysed = vec![vec![0.0; columns]; exposed.sessions()];
    let mut total = vec![0.0; columns];
    let mut order = Vec::with_capacity(columns);
    let mut class_of = vec![0u16; columns];
    (first_layer..exposed.layers())
        .map(|layer| {
            total.fill(0.0);
            for (session, (signal, lysed)) in signals.iter_mut().zip(&mut lysed).enumerate() {
                exposed.layer(session, layer, signal, lysed);
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
            LayerExposure { classes: sessions.map(|(signal, lysed)| class_means(signal, lysed, &class_of, &bounds)).collect() }
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
