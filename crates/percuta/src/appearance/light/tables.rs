//! Quantities tabulated by wavelength: `data/optics/*.toml`.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::data;

/// Extinction of haemoglobin, 1/(cm mol/L), decadic.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Haemoglobin {
    start_nm: f64,
    step_nm: f64,
    oxygenated: Vec<f64>,
    deoxygenated: Vec<f64>,
}

/// Absorption of water, 1/cm.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Water {
    start_nm: f64,
    step_nm: f64,
    absorption: Vec<f64>,
}

/// The standard observer and the light by which colour is seen, at the wavelengths of colour.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Observer {
    pub x: Vec<f64>,
    pub y: Vec<f64>,
    pub z: Vec<f64>,
    pub d65: Vec<f64>,
}

/// A published range.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
pub struct Range {
    /// Lowest.
    pub low: f64,
    /// Highest.
    pub high: f64,
}

/// Published ranges of what a spectrum is fitted with: `data/optics/ranges.toml`, which names the sources.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
pub struct PublishedRanges {
    /// Volume fraction of melanosomes in the viable epidermis.
    pub melanosome_fraction: Range,
    /// Volume fraction of blood in the dermis.
    pub blood_fraction: Range,
    /// Share of the haemoglobin that carries oxygen.
    pub oxygenation: Range,
    /// Reduced scattering coefficient of the dermis at 500 nm, 1/mm.
    pub scattering_per_mm: Range,
}

// Should a file not parse, which a test keeps from happening, its values are not numbers, and the solver refuses them.
pub(super) static HAEMOGLOBIN: LazyLock<Haemoglobin> = LazyLock::new(|| embedded("haemoglobin"));
pub(super) static WATER: LazyLock<Water> = LazyLock::new(|| embedded("water"));
pub(super) static OBSERVER: LazyLock<Observer> = LazyLock::new(|| embedded("observer"));
static RANGES: LazyLock<PublishedRanges> = LazyLock::new(|| embedded("ranges"));

/// The ranges that come with Percuta.
#[must_use]
pub fn published_ranges() -> PublishedRanges {
    *RANGES
}

fn embedded<T: Default + for<'a> Deserialize<'a>>(stem: &str) -> T {
    data::OPTICS.iter().find(|(s, _)| *s == stem).and_then(|(_, text)| toml::from_str(text).ok()).unwrap_or_default()
}

impl Haemoglobin {
    pub(super) fn oxygenated(&self, wavelength_nm: f64) -> f64 {
        at(&self.oxygenated, self.start_nm, self.step_nm, wavelength_nm)
    }

    pub(super) fn deoxygenated(&self, wavelength_nm: f64) -> f64 {
        at(&self.deoxygenated, self.start_nm, self.step_nm, wavelength_nm)
    }
}

impl Water {
    pub(super) fn absorption(&self, wavelength_nm: f64) -> f64 {
        at(&self.absorption, self.start_nm, self.step_nm, wavelength_nm)
    }
}

impl Range {
    /// Whether it holds a value.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// Linear between the wavelengths of a table; not a number outside it.
fn at(values: &[f64], start_nm: f64, step_nm: f64, wavelength_nm: f64) -> f64 {
    let place = (wavelength_nm - start_nm) / step_nm;
    let last = values.len().saturating_sub(1) as f64;
    if !(0.0..=last).contains(&place) {
        return f64::NAN;
    }
    let i = place.floor();
    let (from, to) = (values[i as usize], values[(i + 1.0).min(last) as usize]);
    from + (place - i) * (to - from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_parse_and_cover_the_wavelengths_with_their_sources() {
        for (stem, text) in data::OPTICS {
            let table: toml::Table = toml::from_str(text).unwrap();
            let sources: Vec<&toml::Value> = match table.get("source") {
                Some(source) => vec![source],
                None => table.values().map(|range| &range["source"]).collect(),
            };
            assert!(!sources.is_empty() && sources.iter().all(|s| s.as_str().is_some_and(|s| !s.is_empty())), "{stem}");
        }
        for nm in (360..=900).map(f64::from) {
            let all = [HAEMOGLOBIN.oxygenated(nm), HAEMOGLOBIN.deoxygenated(nm), WATER.absorption(nm)];
            assert!(all.iter().all(|x| *x > 0.0), "{nm} nm: {all:?}");
        }
        assert!(HAEMOGLOBIN.oxygenated(359.0).is_nan() && WATER.absorption(901.0).is_nan());
        let observer = &*OBSERVER;
        let (_, text) = data::OPTICS.iter().find(|(stem, _)| *stem == "observer").unwrap();
        let table: toml::Table = toml::from_str(text).unwrap();
        assert_eq!((table["start_nm"].as_float(), table["step_nm"].as_float()), (Some(380.0), Some(5.0)));
        assert!([&observer.x, &observer.y, &observer.z, &observer.d65].iter().all(|v| v.len() == 81));
        let ranges = published_ranges();
        for r in [ranges.melanosome_fraction, ranges.blood_fraction, ranges.oxygenation, ranges.scattering_per_mm] {
            assert!(0.0 < r.low && r.low < r.high);
        }
    }

    #[test]
    fn haemoglobin_is_that_of_the_table() {
        // Values of the published table at wavelengths that are even multiples of five.
        for (nm, oxy, deoxy) in [(660.0, 319.6, 3226.56), (800.0, 816.0, 761.72), (500.0, 20_932.8, 20_862.0)] {
            assert!((HAEMOGLOBIN.oxygenated(nm) - oxy).abs() < 0.01 && (HAEMOGLOBIN.deoxygenated(nm) - deoxy).abs() < 0.01, "{nm} nm");
        }
    }
}
