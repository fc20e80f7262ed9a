//! Devices as data files: `data/devices/*.toml` and a user's own.

use serde::{Deserialize, Serialize};

use crate::population::Parameter;

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
