//! A treatment course with everything resolved: what the simulator runs.

use serde::Serialize;

use crate::absorption::{Dosing, Permeant, Vehicle};
use crate::appearance::relief::HeightMap;
use crate::appearance::{LesionKind, ScarClass, SingleScar};
use crate::device::{Device, Motion};
use crate::evidence::Study;
use crate::population::ParameterSet;
use crate::skin::{Person, Site};

/// A complete, checked treatment course.
#[derive(Debug, Clone, Serialize)]
pub struct Course {
    /// Short name, used for the output folder.
    pub name: String,
    /// One or two sentences for the report.
    pub description: String,
    /// Who is treated.
    pub person: Person,
    /// Where.
    pub site: Site,
    /// With what.
    pub device: Device,
    /// How the handpiece is moved.
    pub motion: Motion,
    /// Needle protrusion set on the device, µm.
    pub setting_um: f64,
    /// Treated area, cm².
    pub area_cm2: f64,
    /// Days of the sessions, from 0, increasing; empty for an untreated course.
    pub sessions: Vec<f64>,
    /// Days at which read-outs are reported, from 0, increasing.
    pub visits: Vec<f64>,
    /// Topical product, if one is applied.
    pub product: Option<Product>,
    /// Excess pigment that is being treated, if any.
    pub lesion: Option<Lesion>,
    /// Single scars that are followed, beside a face's usual mix.
    pub scars: Vec<SingleScar>,
    /// The square of skin that is looked at.
    pub surface: SurfaceKind,
    /// Published study that the course re-tells.
    pub study: Option<Study>,
    /// All parameters of the run: the embedded ones, the site's, the device's and the course's own.
    pub parameters: ParameterSet,
}

impl Course {
    /// Whether a read-out speaks of something that the course has: a lesion, a product, scars of its kind. A course that lists no scar is
    /// about a face's usual mix.
    #[must_use]
    pub fn concerns(&self, readout: &str) -> bool {
        let any = |of: fn(ScarClass) -> bool| self.scars.iter().any(|s| of(s.class));
        match readout {
            "lesion_melanin_excess" | "lesion_index_excess" | "lesion_contrast" => self.lesion.is_some(),
            "product_enhancement_ratio" => self.product.is_some(),
            "hypertrophic_scar_height" | "hypertrophic_scar_volume" => any(|c| c == ScarClass::Hypertrophic),
            "linear_scar_depth" | "linear_scar_width" => any(|c| c == ScarClass::Linear),
            "scar_alignment" | "vss_score" | "posas_observer_score" => any(|c| !c.is_acne()),
            "goodman_baron_score" | "goodman_baron_grade" | "ecca_score" => self.scars.is_empty() || any(ScarClass::is_acne),
            key if key.starts_with("scar_depth_") || key.starts_with("scar_volume_") => self.scars.is_empty() || any(ScarClass::is_acne),
            _ => true,
        }
    }
}

/// The square of skin that is looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SurfaceKind {
    /// Key of the pattern that its lines and pores follow.
    pub pattern: String,
    /// Side, µm.
    pub side_um: f64,
    /// The user's own surface in place of the pattern's.
    pub map: Option<SurfaceMap>,
}

/// A measured surface that a course starts from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SurfaceMap {
    /// Path of its file as the course gives it.
    pub path: String,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// Heights, as many rows as columns.
    #[serde(skip)]
    pub map: HeightMap,
    /// Side of a pixel and height of a level as the course gives them, µm, and whether heights were turned into depths.
    pub given: (Option<f64>, Option<f64>, bool),
    /// What a reader of its parameters should know.
    pub warnings: Vec<String>,
}

/// A topical product applied after a session.
#[derive(Debug, Clone, Serialize)]
pub struct Product {
    /// The permeant.
    pub permeant: Permeant,
    /// Concentration in the vehicle, mg/mL.
    pub concentration_mg_per_ml: f64,
    /// Applied volume, µL/cm².
    pub dose_ul_per_cm2: f64,
    /// Hours between the session and the application.
    pub applied_after_h: f64,
    /// Whether the skin is covered afterwards.
    pub occluded: bool,
}

impl Product {
    /// The product as a vehicle.
    #[must_use]
    pub fn vehicle(&self) -> Vehicle {
        Vehicle::water(1000.0 * self.concentration_mg_per_ml)
    }

    /// One application of it.
    #[must_use]
    pub fn dosing(&self) -> Dosing {
        Dosing { occluded: self.occluded, after_treatment_h: self.applied_after_h, ..Dosing::once(1e-3 * self.dose_ul_per_cm2) }
    }
}

/// A patch of excess pigment.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Lesion {
    /// What it is: decides whether it comes back or fades by itself.
    pub kind: LesionKind,
    /// Epidermal melanin of the lesion relative to the skin around it (1.3 = 30 % more).
    pub melanin_ratio: f64,
}
