//! The keys of a course file. Defaults are in `template.toml`, which every course is laid over.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use toml::Spanned;

use crate::appearance::{LesionKind, ScarClass};
use crate::course::text::{Override, Overrides, PersonFile, defaults_exist};
use crate::units::{Angle, Area, Concentration, Dose, Duration, Length, Share, Speed};

/// A micro-needling course.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Percuta course", transform = defaults_exist)]
pub(super) struct CourseFile {
    /// Short name, used for the output folder; default: the name of the file.
    #[schemars(with = "Option<String>")]
    pub name: Option<Spanned<String>>,
    /// One or two sentences for the report.
    pub description: String,
    /// Published study that the course re-tells.
    #[schemars(with = "Option<String>")]
    pub study: Option<Spanned<String>>,
    /// Who is treated.
    pub person: PersonFile,
    /// What is done.
    pub treatment: TreatmentFile,
    /// When it is looked at.
    pub follow_up: FollowUpFile,
    /// Product put on the skin after each session.
    pub product: Option<ProductFile>,
    /// Excess pigment that is being treated.
    pub lesion: Option<LesionFile>,
    /// Single scars to follow; without any, a face with the usual mix.
    #[serde(default)]
    #[schemars(with = "Vec<ScarFile>")]
    pub scars: Vec<Spanned<ScarFile>>,
    /// How lines are explained.
    pub lines: LinesFile,
    /// The square of skin that is looked at.
    pub surface: SurfaceFile,
    /// How the course is run.
    pub run: RunFile,
    /// The block of skin of a run in three dimensions.
    pub patch: PatchFile,
    /// Posterior ensemble of a calibration, `posterior.toml`, whose draws take the place of those of the cards.
    #[schemars(with = "Option<String>")]
    pub posterior: Option<Spanned<String>>,
    /// Parameters of the model in the unit of their cards, by group and name.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, BTreeMap<String, Override>>")]
    pub parameters: Overrides,
}

/// What is done.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = three_required)]
pub(super) struct TreatmentFile {
    /// Treated site.
    #[schemars(with = "String")]
    pub site: Spanned<String>,
    /// Device of the catalogue, or the path of a device file.
    #[schemars(with = "String")]
    pub device: Spanned<String>,
    /// Needle protrusion set on the device.
    #[schemars(with = "Length")]
    pub depth: Spanned<Length>,
    /// Treated area.
    #[schemars(with = "Area")]
    pub area: Spanned<Area>,
    /// Number of sessions; 0 is an untreated course.
    #[schemars(with = "u32", range(max = 100))]
    pub sessions: Spanned<u32>,
    /// Time from one session to the next.
    #[schemars(with = "Duration")]
    pub interval: Spanned<Duration>,
    /// Times the whole area is covered in a session.
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

/// When the skin is looked at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct FollowUpFile {
    /// Time of each visit from the first session, increasing, up to 10 years.
    #[schemars(with = "Vec<Duration>", length(min = 1))]
    pub visits: Spanned<Vec<Spanned<Duration>>>,
}

/// Product put on the skin after each session.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductFile {
    /// Permeant of the catalogue, or the path of a permeant file.
    #[schemars(with = "String")]
    pub permeant: Spanned<String>,
    /// Concentration in the vehicle.
    #[schemars(with = "Concentration")]
    pub concentration: Spanned<Concentration>,
    /// Volume put on.
    #[schemars(with = "Dose")]
    pub dose: Spanned<Dose>,
    /// Time between the session and the product.
    pub applied_after: Option<Duration>,
    /// Whether the skin is covered afterwards.
    #[serde(default)]
    pub occluded: bool,
}

/// Excess pigment that is being treated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LesionFile {
    /// `melasma`, which returns after treatment, or `post-acne`, a mark that fades by itself.
    #[serde(default)]
    pub kind: LesionKind,
    /// Epidermal melanin of the lesion above that of the skin around it.
    #[schemars(with = "Share")]
    pub melanin_excess: Spanned<Share>,
}

/// A single scar.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScarFile {
    /// Class.
    #[schemars(with = "ScarClass")]
    pub class: Spanned<String>,
    /// Width at the surface.
    #[schemars(with = "Length")]
    pub width: Option<Spanned<Length>>,
    /// Depth below the surrounding skin, of an ice-pick, boxcar, rolling or sunken linear scar.
    #[schemars(with = "Option<Length>")]
    pub depth: Option<Spanned<Length>>,
    /// Height above the surrounding skin, of a hypertrophic or raised linear scar.
    #[schemars(with = "Option<Length>")]
    pub height: Option<Spanned<Length>>,
    /// Length, of a linear scar.
    #[schemars(with = "Option<Length>")]
    pub length: Option<Spanned<Length>>,
    /// Scars like it; 1 if it is left out.
    #[schemars(with = "Option<u32>", range(min = 1, max = 1000))]
    pub count: Option<Spanned<u32>>,
}

/// How lines are explained.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct LinesFile {
    /// `both`: half of the members follow each explanation of wrinkles. `epidermal`, `papillary`: all follow that one.
    #[schemars(with = "Explained")]
    pub explanation: Spanned<Explained>,
}

/// Explanations of wrinkles that a course follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Explained {
    /// Each in half of the members.
    Both,
    /// Thinning and stiffening of the epidermis.
    Epidermal,
    /// Loss of elastic fibres in the papillary dermis.
    Papillary,
}

/// The square of skin that is looked at.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct SurfaceFile {
    /// What its lines and pores follow; default: the pattern of the site, or that of the cheek where there is none.
    #[schemars(with = "Option<String>")]
    pub pattern: Option<Spanned<String>>,
    /// Side of the square.
    #[schemars(with = "Length")]
    pub side: Spanned<Length>,
    /// Path of a height map of your own, in place of `pattern` and `side`.
    #[schemars(with = "Option<String>")]
    pub map: Option<Spanned<String>>,
    /// Side of a pixel of the map; default: what its file says.
    #[schemars(with = "Option<Length>")]
    pub pixel: Option<Spanned<Length>>,
    /// Height of one grey level of the map, or of one unit of its numbers; default: what its file says.
    #[schemars(with = "Option<Length>")]
    pub height: Option<Spanned<Length>>,
    /// Whether the map is of a negative replica, so that heights are depths; default false.
    #[schemars(with = "Option<bool>")]
    pub replica: Option<Spanned<bool>>,
}

/// How the course is run.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct RunFile {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Members of the ensemble; one member is the central parameter values.
    #[schemars(with = "u32", range(min = 1, max = 100_000))]
    pub members: Spanned<u32>,
    /// `reduced`: the ensemble of the reduced model. `patch`: a block of skin in three dimensions beside it.
    pub fidelity: Fidelity,
}

/// Which models a run uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Fidelity {
    /// The ensemble of the reduced model.
    Reduced,
    /// A block of skin in three dimensions beside it.
    Patch,
}

/// The block of skin of a run in three dimensions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(super) struct PatchFile {
    /// Side of the block.
    #[schemars(with = "Length")]
    pub side: Spanned<Length>,
    /// Width of a voxel.
    #[schemars(with = "Length")]
    pub resolution: Spanned<Length>,
    /// Visits whose fields are written as Zarr and VTK.
    #[schemars(with = "Vec<Duration>")]
    pub fields: Spanned<Vec<Spanned<Duration>>>,
}

/// What no template can know.
fn three_required(schema: &mut Schema) {
    schema.insert("required".into(), REQUIRED.map(|(key, _)| key).into());
}

/// Keys of `[treatment]` without default, each with an example.
pub(super) const REQUIRED: [(&str, &str); 3] =
    [("site", "site = \"zygoma\""), ("device", "device = \"skinpen\""), ("depth", "depth = \"1.0 mm\"")];
