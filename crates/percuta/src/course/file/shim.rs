//! SHIM, to be deleted on merge: stands in for the catalogues of devices, sites, tones, permeants and studies.
#![allow(missing_docs)]

use crate::absorption::Permeant;
use crate::device::{Device, Handpiece, Motion};
use crate::evidence::Study;
use crate::population::{Draw, ParameterError};
use crate::skin::{Person, Site, Tone};

pub type ShimError = String;

impl Device {
    pub fn find(key: &str) -> Result<Self, ShimError> {
        Ok(Self {
            key: key.into(),
            name: key.into(),
            handpiece: Handpiece::Pen,
            needles: 14,
            rings: None,
            needle_length_um: 2500.0,
            setting_min_um: 0.0,
            setting_max_um: 2500.0,
            evaluated_to_um: Some((1500.0, "shim".into())),
            source: "shim".into(),
            cards: Vec::new(),
        })
    }
    pub fn keys() -> Vec<&'static str> {
        vec!["dermaroller-mf8", "drpen-a6", "exceed", "skinpen"]
    }
    pub fn parse(key: &str, _file: &str, _text: &str) -> Result<Self, ShimError> {
        Self::find(key)
    }
}

impl Tone {
    pub fn from_melanosome_fraction(f: f64) -> Option<Self> {
        Some(Self { melanosome_fraction: f })
    }
    pub fn from_fitzpatrick(t: &str) -> Option<Self> {
        ["I", "II", "III", "IV", "V", "VI"].iter().position(|x| *x == t).map(|i| Self { melanosome_fraction: 0.02 + 0.04 * i as f64 })
    }
    pub fn from_ita(_: f64) -> Option<Self> {
        Some(Self { melanosome_fraction: 0.03 })
    }
    pub fn from_lab(_: f64, _: f64, _: f64) -> Option<Self> {
        Some(Self { melanosome_fraction: 0.03 })
    }
}

impl Permeant {
    pub fn keys() -> impl Iterator<Item = &'static str> {
        ["naloxone", "tranexamic-acid"].into_iter()
    }
    pub fn find(key: &str) -> Result<Self, ShimError> {
        Ok(Self { name: key.into(), mw_da: 300.0, log_kow: 1.0, pka: None, ionisation: None, source: "shim".into() })
    }
    pub fn parse(key: &str, _file: &str, _text: &str) -> Result<Self, ShimError> {
        Self::find(key)
    }
}

impl Study {
    pub fn ids() -> impl Iterator<Item = &'static str> {
        ["ablon-2018-exceed", "alam-2014-roller", "farshi-2020-melasma", "kenkel-2021-skinpen", "puri-2021-naloxone-pen"].into_iter()
    }
    pub fn find(id: &str) -> Result<Self, ShimError> {
        Ok(Self { id: id.into(), citation: "shim".into(), identifier: None, access: "shim".into(), observations: Vec::new() })
    }
}

pub fn site_keys() -> Vec<&'static str> {
    vec!["forearm", "forehead", "zygoma"]
}

pub fn site_for(key: &str, _: &Person) -> Result<Site, ShimError> {
    Ok(Site { key: key.into(), name: key.into(), cards: Vec::new() })
}

pub fn expected_density_per_cm2(_: &Device, motion: &Motion, _: &Draw) -> Result<f64, ParameterError> {
    Ok(1e8 * f64::from(motion.passes) * 1633.0 / (motion.glide_um_per_s * 5000.0 * (1.0 - motion.overlap)))
}
