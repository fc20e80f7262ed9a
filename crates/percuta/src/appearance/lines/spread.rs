//! Depths of the lines within a family.

use statrs::distribution::{ContinuousCDF, Normal};

use super::film::LineShift;

/// Lines that stand for a family, equal in number.
const STRATA: usize = 32;

/// Log-normal distribution of the depths of one family's lines about their mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Standard deviation of the logarithm of depth.
    sigma: f64,
    /// Depths over their mean.
    depths: [f64; STRATA],
}

impl Spread {
    /// A spread of that geometric standard deviation, 1 or more.
    #[must_use]
    pub fn new(gsd: f64) -> Self {
        let (normal, sigma) = (Normal::standard(), gsd.max(1.0).ln());
        let mut depths: [f64; STRATA] = std::array::from_fn(|i| (sigma * normal.inverse_cdf((i as f64 + 0.5) / STRATA as f64)).exp());
        let mean = depths.iter().sum::<f64>() / STRATA as f64;
        depths.iter_mut().for_each(|d| *d /= mean);
        Self { sigma, depths }
    }

    /// Mean depth of a family's lines after a change, vanished ones included, that was `mean_um` before.
    #[must_use]
    pub fn mean_after(&self, mean_um: f64, shift: &LineShift) -> f64 {
        let (mut after, mut before) = (0.0, 0.0);
        for relative in self.depths {
            let depth = relative * mean_um;
            after += shift.depth_after(depth);
            before += depth;
        }
        if before > 0.0 { mean_um * (after / before) } else { 0.0 }
    }

    /// Share of a family's lines of mean depth `mean_um` that a change makes vanish.
    #[must_use]
    pub fn vanished(&self, mean_um: f64, shift: &LineShift) -> f64 {
        let border = shift.vanished_below_um();
        if border <= 0.0 || mean_um <= 0.0 {
            return 0.0;
        }
        // The median of the distribution lies below its mean.
        let above_median = (border / mean_um).ln() + 0.5 * self.sigma * self.sigma;
        if self.sigma > 0.0 { Normal::standard().cdf(above_median / self.sigma) } else { f64::from(u8::from(above_median > 0.0)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::lines::{LineChange, LineFamily};

    const FINE: LineFamily = LineFamily { film_um: 80.0, wavelength_um: 1000.0, depth_um: 120.0 };

    #[test]
    fn no_change_keeps_the_mean_exactly_and_no_line_vanishes() {
        let none = FINE.shift(LineChange::NONE, 0.5);
        for gsd in [1.0, 1.3, 2.0] {
            let spread = Spread::new(gsd);
            assert_eq!((spread.mean_after(120.0, &none), spread.vanished(120.0, &none)), (120.0, 0.0));
        }
    }

    #[test]
    fn a_family_loses_its_shallow_lines_first() {
        let shift = FINE.shift(LineChange { relief: 0.01, ..LineChange::NONE }, 0.5);
        let spread = Spread::new(1.6);
        let vanished = spread.vanished(120.0, &shift);
        // The share of the strata that vanish is that of the distribution, to the width of a stratum.
        let counted = spread.depths.iter().filter(|d| shift.depth_after(**d * 120.0) == 0.0).count();
        assert!((vanished - counted as f64 / STRATA as f64).abs() < 1.0 / STRATA as f64, "{vanished} {counted}");
        assert!(vanished > 0.05 && vanished < 0.5, "{vanished}");
        // A deep family keeps nearly all of its lines, a shallow one loses nearly all.
        assert!(spread.vanished(600.0, &shift) < 1e-3 && spread.vanished(30.0, &shift) > 0.9);
        assert!(spread.mean_after(600.0, &shift) > 0.97 * 600.0);
        assert!(spread.mean_after(30.0, &shift) < 0.2 * 30.0);
    }

    #[test]
    fn without_spread_all_lines_vanish_together() {
        let shift = FINE.shift(LineChange { relief: 0.01, ..LineChange::NONE }, 0.5);
        let border = shift.vanished_below_um();
        let spread = Spread::new(1.0);
        assert_eq!((spread.vanished(0.99 * border, &shift), spread.vanished(1.01 * border, &shift)), (1.0, 0.0));
    }
}
