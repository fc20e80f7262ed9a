//! The table behind the tone scales: `data/tone/melanosome.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use super::Lab;
use crate::data;

/// What the model reads of the tone file; its sources and notes are for people.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ToneTable {
    /// Largest CIELAB difference from the curve that still counts as skin.
    pub lab_tolerance: f64,
    /// Colour at increasing melanosome fractions.
    #[serde(rename = "node")]
    pub nodes: Vec<Node>,
    /// Phototypes by increasing fraction.
    #[serde(rename = "fitzpatrick")]
    pub phototypes: Vec<Phototype>,
    /// Lower limits of the ITA classes, degrees.
    pub ita_above: ItaLimits,
}

/// Colour of the skin at one melanosome fraction.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Node {
    pub fraction: f64,
    pub lab: [f64; 3],
}

/// A Fitzpatrick type as a range of melanosome fractions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Phototype {
    pub phototype: String,
    pub typical: f64,
    pub up_to: f64,
}

/// Lower limits of the ITA classes, degrees.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItaLimits {
    pub very_light: f64,
    pub light: f64,
    pub intermediate: f64,
    pub tan: f64,
    pub brown: f64,
}

/// The embedded table. Should the file not parse, which a test keeps from happening, the table is empty and every
/// colour is not a number, which a run refuses.
pub(super) static TABLE: LazyLock<ToneTable> = LazyLock::new(|| {
    data::TONE.iter().find(|(stem, _)| *stem == "melanosome").and_then(|(_, text)| toml::from_str(text).ok()).unwrap_or_default()
});

impl ToneTable {
    /// Least and largest fraction of the table.
    pub(super) fn range(&self) -> Option<(f64, f64)> {
        Some((self.nodes.first()?.fraction, self.nodes.last()?.fraction))
    }

    /// Least and largest individual typology angle of the table, degrees.
    pub(super) fn ita_range(&self) -> Option<(f64, f64)> {
        let ita = |n: &Node| Lab { l: n.lab[0], a: n.lab[1], b: n.lab[2] }.ita_deg();
        Some((ita(self.nodes.last()?), ita(self.nodes.first()?)))
    }

    /// Colour at a fraction, linear in its logarithm; at the nearest end outside the table.
    pub(super) fn lab(&self, fraction: f64) -> Lab {
        let Some((low, high)) = self.range() else {
            return Lab { l: f64::NAN, a: f64::NAN, b: f64::NAN };
        };
        let fraction = fraction.clamp(low, high);
        let i = self.nodes.partition_point(|n| n.fraction <= fraction).clamp(1, self.nodes.len() - 1);
        let (from, to) = (&self.nodes[i - 1], &self.nodes[i]);
        let t = (fraction / from.fraction).ln() / (to.fraction / from.fraction).ln();
        let at = |k: usize| from.lab[k] + t * (to.lab[k] - from.lab[k]);
        Lab { l: at(0), a: at(1), b: at(2) }
    }

    /// The fraction with an individual typology angle, if the table reaches it.
    pub(super) fn fraction_at_ita(&self, ita_deg: f64) -> Option<f64> {
        let slope = ita_deg.to_radians().tan();
        // L* - 50 - b* tan(ITA) falls from lighter to darker skin and is zero where the angle is met.
        let excess = |n: &Node| n.lab[0] - 50.0 - slope * n.lab[2];
        // The ends of the table must survive the rounding of an angle that was computed from them.
        let rounding = 1e-9;
        let segment = self.nodes.windows(2).find(|n| excess(&n[0]) >= -rounding && excess(&n[1]) <= rounding)?;
        let (from, to) = (excess(&segment[0]), excess(&segment[1]));
        let t = (from / (from - to)).clamp(0.0, 1.0);
        Some(segment[0].fraction * (segment[1].fraction / segment[0].fraction).powf(t))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_parses_and_is_in_order() {
        let (_, text) = data::TONE.iter().find(|(stem, _)| *stem == "melanosome").unwrap();
        let table: ToneTable = toml::from_str(text).unwrap();
        let said: toml::Table = toml::from_str(text).unwrap();
        for key in ["kind", "source", "id", "note"] {
            assert!(said[key].as_str().is_some_and(|t| !t.is_empty()), "{key}");
        }
        assert!(table.nodes.len() >= 2);
        for n in table.nodes.windows(2) {
            assert!(n[0].fraction < n[1].fraction && n[0].lab[0] > n[1].lab[0], "darker with more melanosomes");
        }
        for p in table.phototypes.windows(2) {
            assert!(p[0].typical < p[0].up_to && p[0].up_to < p[1].typical);
        }
        let limits = table.ita_above;
        assert!([limits.very_light, limits.light, limits.intermediate, limits.tan, limits.brown].is_sorted_by(|a, b| a > b));
    }

    #[test]
    fn ita_falls_everywhere_with_the_melanosome_fraction() {
        let mut last = f64::INFINITY;
        for i in 0..=4000 {
            let lab = TABLE.lab(0.005 * (0.43_f64 / 0.005).powf(f64::from(i) / 4000.0));
            let ita = ((lab.l - 50.0) / lab.b).atan();
            assert!(ita < last, "step {i}");
            last = ita;
        }
    }
}
