//! Probability distributions of parameters, sampled through their quantile function.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

/// How a parameter is distributed around its `value`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum Distribution {
    /// Exactly `value`: a definition or a setting, not an uncertain quantity.
    Fixed,
    /// Normal around `value`, cut at the optional bounds.
    Normal {
        /// Standard deviation, in the unit of the value.
        sd: f64,
        /// Lowest possible value.
        low: Option<f64>,
        /// Highest possible value.
        high: Option<f64>,
    },
    /// Log-normal with median `value`, cut at the optional bounds.
    Lognormal {
        /// Geometric standard deviation, greater than 1.
        gsd: f64,
        /// Lowest possible value.
        low: Option<f64>,
        /// Highest possible value.
        high: Option<f64>,
    },
    /// Equally likely between the bounds.
    Uniform {
        /// Lowest possible value.
        low: f64,
        /// Highest possible value.
        high: f64,
    },
    /// Uniform in the logarithm between the bounds.
    Loguniform {
        /// Lowest possible value, above zero.
        low: f64,
        /// Highest possible value.
        high: f64,
    },
    /// Triangular between the bounds with its mode at `value`.
    Triangular {
        /// Lowest possible value.
        low: f64,
        /// Highest possible value.
        high: f64,
    },
}

impl Distribution {
    /// The quantile at probability `u` in (0, 1) of this distribution around `value`.
    #[must_use]
    pub fn quantile(&self, value: f64, u: f64) -> f64 {
        let u = u.clamp(1e-9, 1.0 - 1e-9);
        match *self {
            Self::Fixed => value,
            Self::Normal { sd, low, high } => truncated(u, low.map(|l| (l - value) / sd), high.map(|h| (h - value) / sd)) * sd + value,
            Self::Lognormal { gsd, low, high } => {
                let s = gsd.ln();
                let z = |x: f64| (x / value).ln() / s;
                value * (s * truncated(u, low.map(z), high.map(z))).exp()
            }
            Self::Uniform { low, high } => low + u * (high - low),
            Self::Loguniform { low, high } => low * (high / low).powf(u),
            Self::Triangular { low, high } => {
                let mode = (value - low) / (high - low);
                if u < mode {
                    low + (u * (high - low) * (value - low)).sqrt()
                } else {
                    high - ((1.0 - u) * (high - low) * (high - value)).sqrt()
                }
            }
        }
    }

    /// Why `value` and this distribution do not fit together, if they do not.
    #[must_use]
    pub fn fault(&self, value: f64) -> Option<String> {
        let finite = |xs: &[f64]| xs.iter().all(|x| x.is_finite());
        let within = |low: Option<f64>, high: Option<f64>| {
            let ok = low.is_none_or(|l| l <= value) && high.is_none_or(|h| value <= h);
            (!ok).then(|| format!("the value {value} lies outside its own bounds"))
        };
        if !value.is_finite() {
            return Some(format!("the value {value} is not a finite number"));
        }
        match *self {
            Self::Fixed => None,
            Self::Normal { sd, low, high } if finite(&[sd]) && sd > 0.0 => within(low, high),
            Self::Normal { .. } => Some("a normal distribution needs sd > 0".into()),
            Self::Lognormal { gsd, low, high } if finite(&[gsd]) && gsd > 1.0 && value > 0.0 => within(low, high),
            Self::Lognormal { .. } => Some("a log-normal distribution needs gsd > 1 and a value > 0".into()),
            Self::Uniform { low, high } if finite(&[low, high]) && low < high => within(Some(low), Some(high)),
            Self::Loguniform { low, high } if finite(&[low, high]) && 0.0 < low && low < high => within(Some(low), Some(high)),
            Self::Triangular { low, high } if finite(&[low, high]) && low < high => within(Some(low), Some(high)),
            Self::Loguniform { .. } => Some("a log-uniform distribution needs 0 < low < high".into()),
            Self::Uniform { .. } | Self::Triangular { .. } => Some("the distribution needs low < high".into()),
        }
    }

    /// One line for a parameter card, e.g. `log-normal, GSD 1.5`.
    #[must_use]
    pub fn describe(&self) -> String {
        let bounds = |low: Option<f64>, high: Option<f64>| match (low, high) {
            (None, None) => String::new(),
            (Some(l), None) => format!(", at least {l}"),
            (None, Some(h)) => format!(", at most {h}"),
            (Some(l), Some(h)) => format!(", within {l} to {h}"),
        };
        match *self {
            Self::Fixed => "fixed".into(),
            Self::Normal { sd, low, high } => format!("normal, SD {sd}{}", bounds(low, high)),
            Self::Lognormal { gsd, low, high } => format!("log-normal, geometric SD {gsd}{}", bounds(low, high)),
            Self::Uniform { low, high } => format!("uniform, {low} to {high}"),
            Self::Loguniform { low, high } => format!("log-uniform, {low} to {high}"),
            Self::Triangular { low, high } => format!("triangular, {low} to {high}"),
        }
    }
}

/// Standard-normal quantile at `u` of the distribution cut to `[low, high]`.
fn truncated(u: f64, low: Option<f64>, high: Option<f64>) -> f64 {
    let normal = Normal::standard();
    let p_low = low.map_or(0.0, |z| normal.cdf(z));
    let p_high = high.map_or(1.0, |z| normal.cdf(z));
    normal.inverse_cdf((p_low + u * (p_high - p_low)).clamp(1e-12, 1.0 - 1e-12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_and_bounds_are_where_they_should_be() {
        let d = Distribution::Lognormal { gsd: 2.0, low: None, high: None };
        assert!((d.quantile(3.0, 0.5) - 3.0).abs() < 1e-9);
        let d = Distribution::Normal { sd: 1.0, low: Some(0.0), high: None };
        for i in 0..100 {
            assert!(d.quantile(0.5, (f64::from(i) + 0.5) / 100.0) >= 0.0);
        }
        let d = Distribution::Triangular { low: 0.0, high: 4.0 };
        assert!((d.quantile(1.0, 0.25) - 1.0).abs() < 1e-9, "a quarter of the area lies below the mode");
        let d = Distribution::Loguniform { low: 0.01, high: 1.0 };
        assert!((d.quantile(0.1, 0.5) - 0.1).abs() < 1e-9);
    }

    #[test]
    fn faults_are_named() {
        assert!(Distribution::Lognormal { gsd: 0.9, low: None, high: None }.fault(1.0).is_some());
        assert!(Distribution::Uniform { low: 0.0, high: 1.0 }.fault(2.0).is_some());
        assert!(Distribution::Fixed.fault(f64::NAN).is_some());
        assert!(Distribution::Fixed.fault(1.0).is_none());
    }
}
