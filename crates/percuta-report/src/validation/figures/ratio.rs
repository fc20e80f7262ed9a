//! A logarithmic axis.

use crate::format;

/// A logarithmic axis; what lies beyond it, or is no positive number, lies at its ends.
pub struct Ratio {
    /// Common logarithms of the ends.
    low: f64,
    high: f64,
}

impl Ratio {
    /// The axis over all of these numbers, at most so many decades from each of `core`.
    pub fn over(ends: impl Iterator<Item = f64>, core: (f64, f64), decades: f64) -> Self {
        let (least, most) = (core.0.log10(), core.1.log10());
        let (mut low, mut high) = (least, most);
        for v in ends.filter(|v| v.is_finite() && *v > 0.0) {
            low = low.min(v.log10());
            high = high.max(v.log10());
        }
        let margin = 0.04 * (high - low).max(0.5);
        Self { low: low.max(least - decades) - margin, high: high.min(most + decades) + margin }
    }

    /// Place of a value between the ends, 0 to 1.
    pub fn share(&self, v: f64) -> f64 {
        if v > 0.0 { ((v.log10() - self.low) / (self.high - self.low)).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Round numbers that stand well apart: `apart` of the length of the axis.
    pub fn ticks(&self, apart: f64) -> Vec<f64> {
        let mut ticks: Vec<f64> = Vec::new();
        let decades = self.low.floor() as i32..=self.high.ceil() as i32;
        for mantissas in [&[1.0][..], &[2.0, 5.0], &[3.0]] {
            // One first where it is on the axis: a ratio of 1 is what the reader looks for.
            let mut wanted: Vec<f64> = decades.clone().flat_map(|k| mantissas.iter().map(move |m| m * 10f64.powi(k))).collect();
            wanted.sort_by(|a, b| a.log10().abs().total_cmp(&b.log10().abs()));
            for v in wanted {
                let inside = v.log10() >= self.low && v.log10() <= self.high;
                if inside && ticks.iter().all(|t| (self.share(*t) - self.share(v)).abs() > apart) {
                    ticks.push(v);
                }
            }
        }
        ticks
    }
}

/// The number of a tick.
pub fn tick(v: f64) -> String {
    if (1e-3..1e5).contains(&v) {
        return format::plain(v);
    }
    // Rounding must not turn 1000 into 9.99 hundreds.
    let exponent = (v.log10() + 1e-9).floor();
    format!("{:.0}e{exponent}", v / 10f64.powf(exponent)).replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_ratios_are_equally_far_apart_and_ends_hold_the_rest() {
        let axis = Ratio::over([0.01, 50.0].into_iter(), (1.0, 1.0), 3.0);
        let step = axis.share(1.0) - axis.share(0.1);
        assert!((axis.share(10.0) - axis.share(1.0) - step).abs() < 1e-12);
        assert_eq!(axis.share(0.0), 0.0);
        assert_eq!(axis.share(1e12), 1.0);
        assert_eq!(axis.share(f64::INFINITY), 1.0);
        assert_eq!(Ratio::over(std::iter::empty(), (1.0, 1.0), 3.0).share(1.0), 0.5);
    }

    #[test]
    fn ticks_hold_one_and_stand_apart() {
        for ends in [[0.4, 2.0], [1e-6, 1e6], [0.02, 30.0]] {
            let axis = Ratio::over(ends.into_iter(), (1.0, 1.0), 3.0);
            let ticks = axis.ticks(0.085);
            assert!(ticks.contains(&1.0) && ticks.len() >= 3, "{ticks:?}");
            let mut places: Vec<f64> = ticks.iter().map(|t| axis.share(*t)).collect();
            places.sort_by(f64::total_cmp);
            assert!(places.windows(2).all(|p| p[1] - p[0] > 0.08));
        }
    }

    #[test]
    fn ticks_of_tiny_numbers_are_short() {
        assert_eq!(tick(1e-6), "1e−6");
        assert_eq!(tick(0.01), "0.01");
        assert_eq!(tick(2e-5), "2e−5");
        assert_eq!(tick(3.0 * 10f64.powi(-4)), "3e−4");
        assert_eq!(tick(1e5), "1e5");
    }
}
