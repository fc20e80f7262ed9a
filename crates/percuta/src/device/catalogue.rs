//! Devices as data files: `data/devices/*.toml` and a user's own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uom::si::{f64::Length, length::micrometer};

use crate::data;
use crate::population::{Parameter, ParameterError, ParameterSet, nearest};

/// How the needles are driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Handpiece {
    /// Motor-driven needles that strike many times a second.
    Pen,
    /// A drum that rolls over the skin.
    Roller,
    /// An array that is pressed.
    Stamp,
}

/// Cards that every device needs, with their units.
const COMMON_CARDS: &[(&str, &str)] = &[
    ("shaft_diameter", "um"),
    ("tip_radius", "um"),
    ("taper_length", "um"),
    ("depth_efficiency", "1"),
    ("depth_spread", "1"),
    ("setting_tolerance", "um"),
];

impl Handpiece {
    /// Name as in a device file.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pen => "pen",
            Self::Roller => "roller",
            Self::Stamp => "stamp",
        }
    }

    /// Cards that a device of this kind needs, with their units.
    pub fn cards(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let own: &[(&str, &str)] = match self {
            Self::Pen => &[("frequency", "Hz"), ("stroke", "um"), ("footprint", "um")],
            Self::Roller => &[("drum_diameter", "um"), ("drum_width", "um")],
            Self::Stamp => &[("pitch", "um")],
        };
        COMMON_CARDS.iter().chain(own).copied()
    }
}

/// A device: its kind, what is certain about it, and the cards of what is not.
#[derive(Debug, Clone, Serialize)]
pub struct Device {
    /// Key in the course file.
    pub key: String,
    /// Name in reports.
    pub name: String,
    /// Pen, roller or stamp.
    pub handpiece: Handpiece,
    /// Needles of a pen cartridge or stamp that strike at once, or on the whole drum of a roller.
    pub needles: u32,
    /// Rings of needles along the drum (rollers only).
    pub rings: Option<u32>,
    /// Length of a needle, µm: nothing gets deeper.
    pub needle_length_um: f64,
    /// Least setting, µm.
    pub setting_min_um: f64,
    /// Largest setting, µm.
    pub setting_max_um: f64,
    /// Largest setting for which there is evidence of safety or effect, µm, and where that is stated.
    pub evaluated_to_um: Option<(f64, String)>,
    /// Citation of the device's own figures.
    pub source: String,
    /// Uncertain properties, entered into the parameter set as `device.<key>`.
    pub cards: Vec<(String, Parameter)>,
}

/// A device that does not exist, a file that does not describe one, or a setting it does not have.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DeviceError {
    /// No device of that key.
    #[error("no device is called `{key}`; {}there are {}", .suggestion.as_ref().map(|s| format!("did you mean `{s}`? ")).unwrap_or_default(), .known.join(", "))]
    Unknown {
        /// The key asked for.
        key: String,
        /// The nearest existing key.
        suggestion: Option<String>,
        /// All keys.
        known: Vec<String>,
    },
    /// The text is not TOML, or a value has the wrong type.
    #[error("{file}: {reason}")]
    Syntax {
        /// The file.
        file: String,
        /// What the TOML reader says, with the line.
        reason: String,
    },
    /// A key that a device file does not have.
    #[error("{file}: `{key}` means nothing here{}", .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default())]
    UnknownKey {
        /// The file.
        file: String,
        /// The key.
        key: String,
        /// The nearest key that would.
        suggestion: Option<String>,
    },
    /// A card that a device of this kind needs.
    #[error("{file}: a {handpiece} needs a card [cards.{card}] in {unit}")]
    MissingCard {
        /// The file.
        file: String,
        /// Pen, roller or stamp.
        handpiece: &'static str,
        /// The card.
        card: &'static str,
        /// Its unit.
        unit: &'static str,
    },
    /// A value that contradicts itself or the rest of the file.
    #[error("{file}: `{key}` {reason}")]
    Invalid {
        /// The file.
        file: String,
        /// Where in it.
        key: String,
        /// What is wrong.
        reason: String,
    },
}

/// A device file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    handpiece: Handpiece,
    needles: u32,
    rings: Option<u32>,
    needle_length: String,
    settings: [String; 2],
    evaluated_to: Option<Evaluated>,
    source: String,
    cards: BTreeMap<String, Parameter>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Evaluated {
    setting: String,
    source: String,
}

const KEYS: [&str; 9] = ["name", "handpiece", "needles", "rings", "needle_length", "settings", "evaluated_to", "source", "cards"];

impl Device {
    /// The device of that key among those that come with Percuta.
    ///
    /// # Errors
    /// Unknown key, with the nearest one as a suggestion.
    pub fn find(key: &str) -> Result<Self, DeviceError> {
        match data::DEVICES.iter().find(|(stem, _)| *stem == key) {
            Some((stem, text)) => Self::parse(stem, &format!("data/devices/{stem}.toml"), text),
            None => Err(DeviceError::Unknown {
                key: key.into(),
                suggestion: nearest(key, Self::keys().into_iter()),
                known: Self::keys().into_iter().map(str::to_owned).collect(),
            }),
        }
    }

    /// Keys of the devices that come with Percuta, sorted.
    #[must_use]
    pub fn keys() -> Vec<&'static str> {
        data::DEVICES.iter().map(|(stem, _)| *stem).collect()
    }

    /// Reads a device file; `file` is how messages name it.
    ///
    /// # Errors
    /// Says what in the file is wrong, with the nearest key where one is misspelt.
    pub fn parse(key: &str, file: &str, text: &str) -> Result<Self, DeviceError> {
        let syntax = |e: toml::de::Error| DeviceError::Syntax { file: file.into(), reason: e.to_string().trim_end().to_owned() };
        let invalid = |key: &str, reason: String| DeviceError::Invalid { file: file.into(), key: key.into(), reason };
        let table: toml::Table = toml::from_str(text).map_err(syntax)?;
        if let Some(key) = table.keys().find(|k| !KEYS.contains(&k.as_str())) {
            return Err(DeviceError::UnknownKey { file: file.into(), key: key.clone(), suggestion: nearest(key, KEYS.into_iter()) });
        }
        let read: File = toml::from_str(text).map_err(syntax)?;
        let length = |key: &str, text: &str| {
            let length =
                text.parse::<Length>().map_err(|_| invalid(key, format!("must be a length such as \"1.5 mm\", not \"{text}\"")))?;
            // The way through metres leaves a rounding error.
            let um = (length.get::<micrometer>() * 1e6).round() / 1e6;
            if um.is_finite() && um >= 0.0 { Ok(um) } else { Err(invalid(key, format!("must not be negative, but is \"{text}\""))) }
        };
        let device = Self {
            key: key.into(),
            needle_length_um: length("needle_length", &read.needle_length)?,
            setting_min_um: length("settings", &read.settings[0])?,
            setting_max_um: length("settings", &read.settings[1])?,
            evaluated_to_um: match read.evaluated_to {
                Some(e) => Some((length("evaluated_to.setting", &e.setting)?, e.source)),
                None => None,
            },
            name: read.name,
            handpiece: read.handpiece,
            needles: read.needles,
            rings: read.rings,
            source: read.source,
            cards: read.cards.into_iter().collect(),
        };
        device.check(file)?;
        Ok(device)
    }

    /// Whether the file's values fit together.
    fn check(&self, file: &str) -> Result<(), DeviceError> {
        let invalid = |key: &str, reason: String| Err(DeviceError::Invalid { file: file.into(), key: key.into(), reason });
        if self.needles == 0 {
            return invalid("needles", "must be at least 1".into());
        }
        if self.needle_length_um <= 0.0 {
            return invalid("needle_length", "must be above zero".into());
        }
        if self.setting_min_um > self.setting_max_um {
            return invalid("settings", "must name the least setting first".into());
        }
        if self.source.trim().is_empty() {
            return invalid("source", "must say where the figures come from".into());
        }
        match (self.handpiece, self.rings) {
            (Handpiece::Roller, None) => return invalid("rings", "is missing: a roller's needles sit on rings".into()),
            (Handpiece::Roller, Some(r)) if r == 0 || !self.needles.is_multiple_of(r) => {
                return invalid("rings", format!("must divide the number of needles, {}", self.needles));
            }
            (Handpiece::Pen | Handpiece::Stamp, Some(_)) => return invalid("rings", "is for rollers only".into()),
            _ => {}
        }
        for (name, card) in &self.cards {
            let path = format!("cards.{name}");
            let Some((_, unit)) = self.handpiece.cards().find(|(known, _)| known == name) else {
                let suggestion = nearest(name, self.handpiece.cards().map(|(known, _)| known));
                return Err(DeviceError::UnknownKey { file: file.into(), key: path, suggestion: suggestion.map(|s| format!("cards.{s}")) });
            };
            if card.unit != unit {
                return invalid(&path, format!("must be in {unit}, not {}", card.unit));
            }
            if let Some(reason) = card.distribution.fault(card.value) {
                return invalid(&path, format!("does not hold together: {reason}"));
            }
            if card.source.trim().is_empty() {
                return invalid(&path, "needs a source".into());
            }
        }
        match self.handpiece.cards().find(|(card, _)| !self.cards.iter().any(|(name, _)| name == card)) {
            Some((card, unit)) => Err(DeviceError::MissingCard { file: file.into(), handpiece: self.handpiece.name(), card, unit }),
            None => Ok(()),
        }
    }

    /// Enters the device's cards into a parameter set as `device.<key>`.
    ///
    /// # Errors
    /// If a card contradicts itself, which [`Device::parse`] does not let through.
    pub fn enter(&self, set: &mut ParameterSet) -> Result<(), ParameterError> {
        self.cards.iter().try_for_each(|(key, card)| set.insert(&format!("device.{key}"), card.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skinpen() -> &'static str {
        data::DEVICES.iter().find(|(k, _)| *k == "skinpen").unwrap().1
    }

    #[test]
    fn every_device_that_comes_along_is_complete() {
        assert!(Device::keys().len() >= 7);
        for key in Device::keys() {
            let device = Device::find(key).unwrap();
            let mut set = ParameterSet::default();
            device.enter(&mut set).unwrap();
            assert_eq!(set.len(), device.handpiece.cards().count(), "{key}");
            for (name, card) in &device.cards {
                assert!(card.meaning.len() > 10, "{key}: {name} does not say what it is");
                assert!(card.note.is_some() || card.kind != crate::population::Kind::Assumed, "{key}: {name} does not say why");
            }
        }
    }

    #[test]
    fn lengths_are_read_with_their_unit() {
        let d = Device::find("skinpen").unwrap();
        assert_eq!((d.needle_length_um, d.setting_min_um, d.setting_max_um), (2500.0, 0.0, 2500.0));
        assert_eq!(d.evaluated_to_um.as_ref().unwrap().0, 1500.0);
    }

    #[test]
    fn a_misspelt_device_is_suggested() {
        let text = Device::find("skinpan").unwrap_err().to_string();
        assert!(text.contains("did you mean `skinpen`?") && text.contains("dermaroller-mf8"), "{text}");
    }

    #[test]
    fn faults_in_a_file_are_named() {
        let fails = |from: &str, to: &str| {
            assert!(skinpen().contains(from), "the device file no longer has {from}");
            Device::parse("x", "mine.toml", &skinpen().replace(from, to)).unwrap_err().to_string()
        };
        assert!(fails("needles = 14", "nedles = 14").contains("did you mean `needles`?"));
        assert!(fails("[cards.stroke]", "[cards.strokes]").contains("did you mean `cards.stroke`?"));
        assert!(fails("needle_length = \"2.5 mm\"", "needle_length = \"2.5\"").contains("\"1.5 mm\""));
        assert!(fails("needles = 14", "needles = 0").contains("at least 1"));
        assert!(fails("needles = 14", "needles = 14\nrings = 2").contains("rollers only"));
        assert!(fails("unit = \"Hz\"", "unit = \"1/s\"").contains("must be in Hz"));
        assert!(fails("handpiece = \"pen\"", "handpiece = \"stamp\"").contains("cards.footprint"));
        // The file without the one card: from its heading to the next one.
        let (before, rest) = skinpen().split_once("[cards.footprint]").unwrap();
        let missing = format!("{before}{}", &rest[rest.find("[cards.").unwrap()..]);
        let text = Device::parse("x", "mine.toml", &missing).unwrap_err().to_string();
        assert!(text.contains("[cards.footprint] in um"), "{text}");
    }
}
