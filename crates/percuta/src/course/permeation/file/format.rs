//! The keys of a permeation study. Defaults are in `template.toml`, which every study is laid over.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use crate::absorption::{Permeant, Relation};
use crate::course::permeation::Preparation;
use crate::course::text::{Override, Overrides, PersonFile, defaults_exist};
use crate::units::{Angle, Area, Concentration, Density, Dose, Duration, Length, Permeability, Share, Speed, Temperature};

/// A study of one permeant on skin, intact and needled.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Percuta permeation study", transform = required_at_the_top)]
pub(super) struct StudyFile {
    /// Short name, used for the output folder; default: the name of the file.
    #[schemars(with = "Option<String>")]
    pub name: Option<Spanned<String>>,
    /// One or two sentences for the report.
    pub description: String,
    /// Permeant of the catalogue, the path of a permeant file, or its properties.
    #[schemars(with = "PermeantKey")]
    pub permeant: Spanned<PermeantKey>,
    /// Whose skin.
    pub person: PersonFile,
    /// Which part of the skin, and how it is kept.
    pub skin: SkinFile,
    /// Needling before the first application.
    pub treatment: Option<NeedlingFile>,
    /// Channels described directly, in place of a treatment.
    #[schemars(with = "Option<ArrayFile>")]
    pub array: Option<Spanned<ArrayFile>>,
    /// What the permeant is dissolved in.
    pub vehicle: VehicleFile,
    /// How much is put on, when, and when it is taken off.
    pub dose: DoseFile,
    /// Length and size of the study.
    pub study: PlanFile,
    /// How the permeability of intact skin is estimated.
    pub barrier: BarrierFile,
    /// Measured points to draw on top.
    pub data: Option<DataFile>,
    /// How the study is run.
    pub run: RunFile,
    /// The block of skin of a run in three dimensions.
    pub block: BlockFile,
    /// Parameters of the model in the unit of their cards, by group and name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, Override>>")]
    pub parameters: Overrides,
}

/// A permeant by name or by its properties.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub(super) enum PermeantKey {
    /// Key of the catalogue, or the path of a permeant file.
    Named(String),
    /// Its properties.
    Own(Box<Permeant>),
}

impl<'de> Deserialize<'de> for PermeantKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameOrTable;
        impl<'de> de::Visitor<'de> for NameOrTable {
            type Value = PermeantKey;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of a permeant, the path of a permeant file, or a table with its properties")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<PermeantKey, E> {
                Ok(PermeantKey::Named(name.into()))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<PermeantKey, A::Error> {
                Permeant::deserialize(de::value::MapAccessDeserializer::new(map)).map(|p| PermeantKey::Own(Box::new(p)))
            }
        }
        deserializer.deserialize_any(NameOrTable)
    }
}

/// Which part of the skin, and how it is kept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct SkinFile {
    /// Where from, or where on the body.
    #[schemars(with = "String")]
    pub site: Spanned<String>,
    /// Which part of the skin, and whether it is alive.
    #[schemars(with = "Preparation")]
    pub preparation: Spanned<String>,
    /// Whole thickness of dermatomed or full-thickness skin; default: 200 to 400 µm, or the site's.
    #[schemars(with = "Option<Length>")]
    pub thickness: Option<Spanned<Length>>,
    /// Temperature of the skin, 20 to 42 °C.
    #[schemars(with = "Temperature")]
    pub temperature: Spanned<Temperature>,
}

/// Needling before the first application.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = two_required)]
pub(super) struct NeedlingFile {
    /// Device of the catalogue, or the path of a device file.
    #[schemars(with = "String")]
    pub device: Spanned<String>,
    /// Needle protrusion set on the device.
    #[schemars(with = "Length")]
    pub depth: Spanned<Length>,
    /// Times the whole area is covered.
    #[schemars(with = "u32", range(min = 1, max = 100))]
    pub passes: Spanned<u32>,
    /// Direction of each pass in turn.
    #[schemars(with = "Vec<Angle>", length(min = 1))]
    pub directions: Spanned<Vec<Angle>>,
    /// Speed of the handpiece over the skin.
    #[schemars(with = "Speed")]
    pub glide: Spanned<Speed>,
    /// Share of a track that the next track covers again.
    #[schemars(with = "Share")]
    pub overlap: Spanned<Share>,
}

/// Channels described directly, such as those of a solid array.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ArrayFile {
    /// Channels per area.
    #[schemars(with = "Density")]
    pub density: Spanned<Density>,
    /// Radius of a channel at the surface.
    #[schemars(with = "Length")]
    pub radius: Spanned<Length>,
    /// Depth of its open part below the surface.
    #[schemars(with = "Length")]
    pub depth: Spanned<Length>,
}

/// What the permeant is dissolved in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = concentration_required)]
pub(super) struct VehicleFile {
    /// Concentration of the permeant.
    #[schemars(with = "Concentration")]
    pub concentration: Spanned<Concentration>,
    /// Most that the vehicle dissolves; default: the permeant's solubility in water times `partition`, if it is known.
    #[schemars(with = "Option<Concentration>")]
    pub solubility: Option<Spanned<Concentration>>,
    /// Whether there is more permeant than the vehicle dissolves, the rest lying undissolved.
    pub suspension: bool,
    /// Concentration in the vehicle over that in water in equilibrium; 1 for an aqueous vehicle.
    #[schemars(with = "f64")]
    pub partition: Spanned<f64>,
    /// pH of a buffered vehicle; the skin's own without it.
    #[schemars(with = "Option<f64>", range(min = 0, max = 14))]
    pub ph: Option<Spanned<f64>>,
    /// Half-life of the volatile part of the vehicle in the open; without it the vehicle does not dry.
    #[schemars(with = "Option<Duration>")]
    pub drying_half_life: Option<Spanned<Duration>>,
    /// Share of the volume that does not evaporate.
    #[schemars(with = "Share")]
    pub residue: Spanned<Share>,
    /// Half-life of a volatile permeant on the skin in the open; without it the permeant does not evaporate.
    #[schemars(with = "Option<Duration>")]
    pub permeant_half_life: Option<Spanned<Duration>>,
}

/// How much is put on, when, and when it is taken off.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct DoseFile {
    /// Volume of each application; required unless the dose is infinite.
    #[schemars(with = "Option<Dose>")]
    pub amount: Option<Spanned<Dose>>,
    /// Whether the donor never depletes.
    #[schemars(with = "bool")]
    pub infinite: Spanned<bool>,
    /// Times of the applications, increasing, the first at 0 h.
    #[schemars(with = "Vec<Duration>", length(min = 1))]
    pub times: Spanned<Vec<Spanned<Duration>>>,
    /// When the skin is washed; default: never.
    #[schemars(with = "Option<Duration>")]
    pub wash_off: Option<Spanned<Duration>>,
    /// Share of what lies on the skin that washing takes away.
    #[schemars(with = "Share")]
    pub washed: Spanned<Share>,
    /// Whether the skin is covered from the first application on; default: only an infinite dose is.
    pub occluded: Option<bool>,
    /// Time from the treatment to the first application, the skin left open.
    #[schemars(with = "Duration")]
    pub after_treatment: Spanned<Duration>,
    /// Area under the product; default: 0.64 cm² in a diffusion cell, 20 cm² on a person.
    #[schemars(with = "Option<Area>")]
    pub area: Option<Spanned<Area>>,
}

/// Length and size of the study.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct PlanFile {
    /// Length, up to 60 d.
    #[schemars(with = "Duration")]
    pub duration: Spanned<Duration>,
    /// Times at which the receptor is sampled, increasing; default: 12 at even times. The end is always among them.
    #[schemars(with = "Option<Vec<Duration>>", length(min = 1))]
    pub samples: Option<Spanned<Vec<Spanned<Duration>>>>,
    /// Skin donors of the simulated study.
    #[schemars(with = "u32", range(min = 1, max = 1000))]
    pub donors: Spanned<u32>,
    /// Replicates of each donor.
    #[schemars(with = "u32", range(min = 1, max = 1000))]
    pub replicates: Spanned<u32>,
}

/// How the permeability of intact skin is estimated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct BarrierFile {
    /// Relation for the neutral form.
    #[schemars(with = "Relation")]
    pub relation: Spanned<String>,
    /// Whether the Cleek-Bunge correction is applied on top.
    pub cleek_bunge: bool,
    /// Measured permeability of intact skin, in place of the relation.
    #[schemars(with = "Option<Permeability>")]
    pub kp: Option<Spanned<Permeability>>,
}

/// Measured points to draw on top.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DataFile {
    /// Path of a CSV file, from the folder of the study.
    #[schemars(with = "String")]
    pub file: Spanned<String>,
}

/// How the study is run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct RunFile {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Members of the ensemble; one member is the central parameter values.
    #[schemars(with = "u32", range(min = 1, max = 100_000))]
    pub members: Spanned<u32>,
    /// `column`: the ensemble in one dimension. `block`: a block of skin in three dimensions beside it.
    pub fidelity: Fidelity,
}

/// Which models a run uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fidelity {
    /// The ensemble in one dimension.
    Column,
    /// A block of skin in three dimensions beside it.
    Block,
}

/// The block of skin of a run in three dimensions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct BlockFile {
    /// Side of the block.
    #[schemars(with = "Length")]
    pub side: Spanned<Length>,
    /// Width of a voxel.
    #[schemars(with = "Length")]
    pub resolution: Spanned<Length>,
}

// Keys without default, each with an example.
pub(super) const OF_THE_TREATMENT: [(&str, &str); 2] = [("device", "device = \"drpen-a6\""), ("depth", "depth = \"0.5 mm\"")];
pub(super) const OF_THE_ARRAY: [(&str, &str); 3] =
    [("density", "density = \"100 /cm²\""), ("radius", "radius = \"35 µm\""), ("depth", "depth = \"150 µm\"")];
pub(super) const OF_THE_VEHICLE: [(&str, &str); 1] = [("concentration", "concentration = \"20 mg/mL\"")];

fn required_at_the_top(schema: &mut Schema) {
    schema.insert("required".into(), ["permeant", "vehicle", "dose"].into());
}

fn two_required(schema: &mut Schema) {
    schema.insert("required".into(), OF_THE_TREATMENT.map(|(key, _)| key).into());
}

fn concentration_required(schema: &mut Schema) {
    schema.insert("required".into(), OF_THE_VEHICLE.map(|(key, _)| key).into());
}
