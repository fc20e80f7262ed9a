//! The read-outs of a course: keys, units and meanings. The keys are a stable interface.

use serde::Serialize;

/// Name, unit and meaning of a read-out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Readout {
    /// Key in `summary.json` and the tables.
    pub key: &'static str,
    /// Name in reports.
    pub name: &'static str,
    /// Unit.
    pub unit: &'static str,
    /// One sentence: what it is and which observable it stands for.
    pub meaning: &'static str,
    /// Groups of parameters that can act on it, besides those of [`INJURY`].
    pub groups: &'static [&'static str],
}

/// Groups of parameters that act on everything: how the needles meet the skin.
pub const INJURY: &[&str] = &["device", "motion", "skin", "injury"];

macro_rules! readouts {
    ($($key:literal, $name:literal, $unit:literal, $groups:expr, $meaning:literal;)*) => {
        /// Every read-out, in the order of reports.
        pub const READOUTS: &[Readout] = &[$(Readout { key: $key, name: $name, unit: $unit, meaning: $meaning, groups: $groups }),*];
    };
}

readouts! {
    "collagen_mass", "Collagen mass", "% of baseline", &["healing"], "Collagen I and III, new and mature, over the whole dermis at the site.";
    "papillary_collagen_mass", "Papillary collagen mass", "% of baseline", &["healing"], "The same within the papillary dermis.";
    "collagen_iii_i_ratio", "Collagen III/I ratio", "1", &["healing"], "Mass ratio of collagen III to collagen I over the whole dermis.";
    "collagen_maturity", "Collagen maturity", "%", &["healing"], "Share of the collagen that carries mature cross-links.";
    "procollagen", "Procollagen synthesis", "% of baseline", &["healing"], "Rate of collagen synthesis relative to resting skin.";
    "stained_collagen_area", "Stained collagen area", "%", &["healing", "observation"], "Area a histological collagen stain covers in the papillary dermis.";
    "ultrasound_dermal_density", "Ultrasound dermal density", "% of baseline", &["healing", "observation"], "Echo brightness of the dermis in high-frequency ultrasound.";
    "suction_elasticity", "Suction elasticity", "% of baseline", &["healing", "observation"], "Elasticity as a suction device reports it.";
    "epidermal_thickness", "Epidermal thickness", "µm", &["healing"], "Viable epidermis.";
    "microrelief_depth", "Microrelief depth", "µm", &["healing", "lines"], "Peak-to-valley depth of the primary microrelief.";
    "fine_line_depth", "Fine line depth", "µm", &["healing", "lines"], "Mean peak-to-valley depth of fine lines, vanished ones included.";
    "fine_lines_vanished", "Fine lines vanished", "%", &["healing", "lines"], "Share of the fine lines that are no longer there.";
    "coarse_line_depth", "Coarse line depth", "µm", &["healing", "lines"], "Mean peak-to-valley depth of coarse lines, vanished ones included.";
    "lemperle_grade", "Lemperle grade", "grade", &["healing", "lines"], "Wrinkle grade that the depth of coarse lines corresponds to, 0 to 5.";
    "scar_depth_icepick", "Ice-pick scar depth", "µm", &["healing", "scars"], "Depth of an ice-pick scar below the surrounding skin.";
    "scar_depth_boxcar", "Boxcar scar depth", "µm", &["healing", "scars"], "Depth of a boxcar scar.";
    "scar_depth_rolling", "Rolling scar depth", "µm", &["healing", "scars"], "Depth of a rolling scar.";
    "scar_volume_icepick", "Ice-pick scar volume", "mm³", &["healing", "scars"], "Volume missing in one ice-pick scar.";
    "scar_volume_boxcar", "Boxcar scar volume", "mm³", &["healing", "scars"], "Volume missing in one boxcar scar.";
    "scar_volume_rolling", "Rolling scar volume", "mm³", &["healing", "scars"], "Volume missing in one rolling scar.";
    "hypertrophic_scar_height", "Hypertrophic scar height", "µm", &["healing", "scars"], "Height of the course's hypertrophic scars, or of a typical one, above the surrounding skin.";
    "hypertrophic_scar_volume", "Hypertrophic scar volume", "mm³", &["healing", "scars"], "Volume in excess in one of them.";
    "linear_scar_depth", "Linear scar depth", "µm", &["healing", "scars"], "Depth of the course's linear scars, or of a typical one, below the surrounding skin; negative where they stand above it.";
    "linear_scar_width", "Linear scar width", "µm", &["healing", "scars"], "Width over which a linear scar is visibly off the surrounding skin.";
    "scar_alignment", "Scar collagen alignment", "1", &["healing", "scars"], "Order of the collagen in the course's linear and hypertrophic scars, or in a typical hypertrophic one: 0 at random, 1 parallel.";
    "goodman_baron_score", "Goodman-Baron score", "points", &["healing", "scars"], "Quantitative global acne-scar score of a face with the usual mix of scars.";
    "goodman_baron_grade", "Goodman-Baron grade", "grade", &["healing", "scars", "grades"], "Qualitative global acne-scar grade of that face, 1 to 4.";
    "ecca_score", "ECCA score", "points", &["healing", "scars", "grades"], "Clinical score of the ice-pick, boxcar and rolling scars of that face, which counts those that are seen.";
    "vss_score", "Vancouver Scar Scale", "points", &["healing", "scars", "grades"], "Vancouver Scar Scale of the course's linear and hypertrophic scars, or of a typical hypertrophic one, 0 to 13.";
    "posas_observer_score", "POSAS observer score", "points", &["healing", "scars", "grades"], "Observer part of the Patient and Observer Scar Assessment Scale of the same scars, 6 to 60.";
    "melanin_index", "Melanin index", "a.u.", &["pigment", "optics"], "Melanin index of the treated skin as a narrow-band reflectance meter defines it.";
    "lesion_melanin_excess", "Lesion melanin excess", "% of the skin around", &["pigment"], "Melanin of the lesion minus that of the skin around it; 0 without a lesion.";
    "lesion_index_excess", "Lesion melanin index excess", "a.u.", &["pigment", "optics"], "Melanin index of the lesion minus that of the skin around it.";
    "lesion_contrast", "Lesion contrast", "CIEDE2000", &["pigment", "erythema", "optics"], "Colour difference between the lesion and the skin around it.";
    "erythema_index", "Erythema index", "a.u.", &["pigment", "erythema", "optics"], "Erythema index of the treated skin as a narrow-band reflectance meter defines it.";
    "lightness", "L*", "CIELAB", &["pigment", "erythema", "optics"], "Lightness of the skin.";
    "redness", "a*", "CIELAB", &["pigment", "erythema", "optics"], "Red-green coordinate of the skin colour.";
    "yellowness", "b*", "CIELAB", &["pigment", "erythema", "optics"], "Yellow-blue coordinate of the skin colour.";
    "ita", "Individual typology angle", "°", &["pigment", "erythema", "optics"], "arctan((L* - 50) / b*).";
    "tewl", "Transepidermal water loss", "g/m²/h", &["barrier"], "Water loss through the treated skin.";
    "product_enhancement_ratio", "Product enhancement ratio", "1", &["absorption", "channels"], "Permeability for the product over that of intact skin, if applied at that time.";
    "pain", "Pain", "% of 26 G", &["pain"], "Pain while needling relative to a 26 G hypodermic needle, on session days.";
    "bleeding_points", "Pinpoint bleeding", "1/cm²", &["bleeding"], "Capillary loops struck per area, on session days.";
    "pih_probability", "PIH probability", "%", &["pih"], "Probability that this course leaves post-inflammatory hyperpigmentation.";
}

/// The read-out of that key.
#[must_use]
pub fn readout(key: &str) -> Option<&'static Readout> {
    READOUTS.iter().find(|r| r.key == key)
}
