//! What the surface of the skin looks like where: `data/surfaces/*.toml`, and what is common to all: `data/skin/relief.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::data;
use crate::population::{Kind, nearest};

const COMMON_FILE: &str = "data/skin/relief.toml";

/// A number of a pattern and where it comes from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// The value, in `unit`.
    pub value: f64,
    /// Unit; `1` for a pure number.
    pub unit: String,
    /// Measured or assumed.
    pub kind: Kind,
    /// Citation of the source, or what a judgement rests on.
    pub source: String,
    /// What a reader must know before trusting it.
    #[serde(default)]
    pub note: Option<String>,
}

/// A surface that does not exist, or a data file that does not describe one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// No surface of that key.
    #[error(
        "no surface is called `{key}`{}\nexpected one of {}\nexample: crows-feet",
        .suggestion.as_ref().map(|s| format!("; did you mean `{s}`?")).unwrap_or_default(), .known.join(", ")
    )]
    Unknown {
        /// The key asked for.
        key: String,
        /// The nearest existing key.
        suggestion: Option<String>,
        /// All keys.
        known: Vec<&'static str>,
    },
    /// A data file that does not parse or contradicts itself.
    #[error("{file}: {reason}")]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

macro_rules! properties {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $field:ident: $key:literal, $unit:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name { $($(#[$about])* pub $field: f64,)* }

        impl $name {
            fn read(file: &str, table: &BTreeMap<String, Property>) -> Result<Self, PatternError> {
                known(file, table, &[$($key),*])?;
                Ok(Self { $($field: number(file, table, $key, $unit)?,)* })
            }
        }
    };
}

properties! {
    /// The net of the microrelief at a site.
    NetworkPattern {
        /// Direction of the first primary furrows, degrees from x towards y.
        direction_deg: "direction", "deg";
        /// Angle from the first to the second primary furrows, degrees.
        crossing_deg: "crossing", "deg";
        /// Depth of the second primary furrows over that of the first: 1 without orientation.
        second_depth: "second_depth", "1";
        /// Distance of the second primary furrows over that of the first.
        stretch: "stretch", "1";
    }
}

properties! {
    /// One family of lines at a site.
    LinePattern {
        /// Direction in the middle of the field, degrees from x towards y.
        direction_deg: "direction", "deg";
        /// Distance to the point from which the lines radiate, µm; 0 for parallel lines.
        radius_um: "radius", "um";
        /// Standard deviation of a line's own direction, degrees.
        spread_deg: "spread", "deg";
        /// Length of a line over the spacing.
        length: "length", "1";
        /// Branches of a line.
        branching: "branching", "1";
        /// How far a line wanders about its direction, radians.
        wander: "wander", "rad";
        /// Lines there are over lines that the spacing would give: 0 none, 1 all.
        density: "density", "1";
        /// Share of lines that cross the others.
        cross_share: "cross_share", "1";
        /// Angle at which they cross, degrees.
        cross_deg: "cross_angle", "deg";
        /// Share of its depth that a line loses across the field.
        fading: "fading", "1";
    }
}

properties! {
    /// Openings of follicles at a site.
    PorePattern {
        /// Follicles per cm².
        density_per_cm2: "density", "1/cm2";
        /// Median diameter of an opening, µm.
        diameter_um: "diameter", "um";
        /// Geometric standard deviation of the diameter.
        spread: "spread", "1";
        /// Visible, enlarged pores per cm².
        enlarged_per_cm2: "enlarged_density", "1/cm2";
        /// Median diameter of an enlarged pore, µm.
        enlarged_um: "enlarged_diameter", "um";
    }
}

properties! {
    /// What all sites have in common.
    SkinTexture {
        /// Largest shift of a crossing of the net, as a share of the spacing.
        network_shift: "network_shift", "1";
        /// Slow shift of the whole net, as a share of the spacing.
        network_warp: "network_warp", "1";
        /// Geometric standard deviation of the depths of primary furrows.
        network_spread: "network_spread", "1";
        /// Width of a furrow of the net at half its depth, as a share of the spacing.
        network_width: "network_width", "1";
        /// Share of the meshes that a secondary furrow divides.
        secondary_share: "secondary_share", "1";
        /// Depth of a secondary furrow over that of a primary one.
        secondary_depth: "secondary_depth", "1";
        /// Share of the half meshes with a finest line.
        tertiary_share: "tertiary_share", "1";
        /// Depth of a finest line over that of a primary furrow.
        tertiary_depth: "tertiary_depth", "1";
        /// Share of the stretches of primary furrows that are faint.
        faint_share: "faint_share", "1";
        /// Depth of a faint stretch over that of the rest.
        faint_depth: "faint_depth", "1";
        /// Share of a furrow's depth that the doming of the plateaus makes.
        network_dome: "network_dome", "1";
        /// Geometric standard deviation of the depths of fine and coarse lines.
        line_spread: "line_spread", "1";
        /// Width of a fine line at half its depth, as a share of the spacing.
        fine_width: "fine_width", "1";
        /// Width of a coarse line at half its depth, as a share of the spacing.
        coarse_width: "coarse_width", "1";
        /// Share of a line's depth that the bulging of the skin beside it makes.
        line_dome: "line_dome", "1";
        /// Depth of a pore over its diameter.
        pore_depth: "pore_depth", "1";
        /// Share of its lines that the skin of an ice-pick scar has lost.
        icepick_loss: "icepick_loss", "1";
        /// The same of a boxcar scar.
        boxcar_loss: "boxcar_loss", "1";
        /// The same of a rolling scar.
        rolling_loss: "rolling_loss", "1";
        /// The same of a surgical or hypertrophic scar.
        surgical_loss: "surgical_loss", "1";
        /// Diameter of a corneocyte, µm.
        corneocyte_um: "corneocyte_diameter", "um";
        /// Height difference of neighbouring corneocytes, root mean square, µm.
        corneocyte_relief_um: "corneocyte_relief", "um";
        /// Irregularity of the plateaus, root mean square, µm.
        roughness_um: "roughness", "um";
        /// Irregularity over several millimetres, root mean square, µm.
        unevenness_um: "unevenness", "um";
    }
}

impl SkinTexture {
    /// The texture that comes with Percuta.
    ///
    /// # Errors
    /// If the data file is malformed (a test keeps that from happening).
    pub fn embedded() -> Result<Self, PatternError> {
        Self::parse(data::RELIEF)
    }

    fn parse(text: &str) -> Result<Self, PatternError> {
        let table: BTreeMap<String, Property> =
            toml::from_str(text).map_err(|e| PatternError::Malformed { file: COMMON_FILE.into(), reason: e.to_string() })?;
        Self::read(COMMON_FILE, &table)
    }
}

/// The surface of one site.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfacePattern {
    /// Key on the command line.
    pub key: String,
    /// Name in reports.
    pub name: String,
    /// Site whose layers it belongs to.
    pub site: String,
    /// How it lies in a map.
    pub orientation: String,
    /// The microrelief.
    pub network: NetworkPattern,
    /// Fine lines.
    pub fine: LinePattern,
    /// Coarse lines.
    pub coarse: LinePattern,
    /// Follicles.
    pub pores: PorePattern,
    /// What all sites have in common.
    pub texture: SkinTexture,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    site: String,
    orientation: String,
    network: BTreeMap<String, Property>,
    fine: BTreeMap<String, Property>,
    coarse: BTreeMap<String, Property>,
    pores: BTreeMap<String, Property>,
}

impl SurfacePattern {
    /// Keys of the surfaces that come with Percuta, sorted.
    #[must_use]
    pub fn keys() -> Vec<&'static str> {
        data::SURFACES.iter().map(|(stem, _)| *stem).collect()
    }

    /// The surface of that key.
    ///
    /// # Errors
    /// Unknown key, with the nearest one as a suggestion, or a malformed data file (a test keeps that from happening).
    pub fn find(key: &str) -> Result<Self, PatternError> {
        match data::SURFACES.iter().find(|(stem, _)| *stem == key) {
            Some((stem, text)) => Self::parse(stem, text, data::RELIEF),
            None => {
                let known = Self::keys();
                Err(PatternError::Unknown { key: key.into(), suggestion: nearest(key, known.iter().copied()), known })
            }
        }
    }

    fn parse(stem: &str, text: &str, common: &str) -> Result<Self, PatternError> {
        let file = format!("data/surfaces/{stem}.toml");
        let read: File = toml::from_str(text).map_err(|e| PatternError::Malformed { file: file.clone(), reason: e.to_string() })?;
        Ok(Self {
            key: stem.into(),
            name: read.name,
            site: read.site,
            orientation: read.orientation,
            network: NetworkPattern::read(&file, &read.network)?,
            fine: LinePattern::read(&file, &read.fine)?,
            coarse: LinePattern::read(&file, &read.coarse)?,
            pores: PorePattern::read(&file, &read.pores)?,
            texture: SkinTexture::parse(common)?,
        })
    }
}

/// Refuses a property that nothing reads.
fn known(file: &str, table: &BTreeMap<String, Property>, keys: &[&str]) -> Result<(), PatternError> {
    match table.keys().find(|k| !keys.contains(&k.as_str())) {
        Some(key) => Err(PatternError::Malformed { file: file.into(), reason: format!("nothing reads `{key}`") }),
        None => Ok(()),
    }
}

fn number(file: &str, table: &BTreeMap<String, Property>, key: &str, unit: &str) -> Result<f64, PatternError> {
    let malformed = |reason: String| PatternError::Malformed { file: file.into(), reason };
    let property = table.get(key).ok_or_else(|| malformed(format!("`{key}` in {unit} is missing")))?;
    if property.unit != unit {
        return Err(malformed(format!("`{key}` is given in {}, it is read in {unit}", property.unit)));
    }
    if !property.value.is_finite() {
        return Err(malformed(format!("`{key}` is not a finite number")));
    }
    if property.source.trim().is_empty() {
        return Err(malformed(format!("`{key}` needs a source")));
    }
    if property.kind == Kind::Assumed && property.note.as_ref().is_none_or(|n| n.trim().is_empty()) {
        return Err(malformed(format!("`{key}` is assumed and does not say why")));
    }
    Ok(property.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_surface_that_comes_along_is_complete() {
        assert_eq!(SurfacePattern::keys(), ["cheek", "crows-feet", "forehead", "neck", "upper-lip"]);
        for key in SurfacePattern::keys() {
            let pattern = SurfacePattern::find(key).unwrap();
            for (of, lines) in [("fine", &pattern.fine), ("coarse", &pattern.coarse)] {
                assert!((0.0..=1.0).contains(&lines.density) && lines.length > 0.5 && lines.wander >= 0.0, "{key} {of}");
            }
            assert!((30.0..=150.0).contains(&pattern.network.crossing_deg.abs()), "{key}");
        }
    }

    #[test]
    fn a_misspelt_surface_is_suggested() {
        let text = SurfacePattern::find("crowsfeet").unwrap_err().to_string();
        assert!(text.contains("did you mean `crows-feet`?") && text.contains("upper-lip"), "{text}");
    }

    #[test]
    fn faults_in_a_file_are_named() {
        let (stem, text) = data::SURFACES[0];
        let fails = |from: &str, to: &str| {
            assert!(text.contains(from), "the file no longer has {from}");
            SurfacePattern::parse(stem, &text.replacen(from, to, 1), data::RELIEF).unwrap_err().to_string()
        };
        assert!(fails("crossing = ", "crosing = ").contains("nothing reads `crosing`"));
        assert!(fails("unit = \"deg\"", "unit = \"rad\"").contains("it is read in deg"));
        assert!(fails(", note = \"", ", nte = \"").contains("nte"));
    }
}
