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
}

macro_rules! readouts {
    ($($key:literal, $name:literal, $unit:literal, $meaning:literal;)*) => {
        /// Every read-out, in the order of reports.
        pub const READOUTS: &[Readout] = &[$(Readout { key: $key, name: $name, unit: $unit, meaning: $meaning }),*];
    };
}

readouts! {
    "collagen_mass", "Collagen mass", "% of baseline", "Collagen I and III, new and mature, over the whole dermis at the site.";
    "papillary_collagen_mass", "Papillary collagen mass", "% of baseline", "The same within the papillary dermis.";
    "collagen_iii_i_ratio", "Collagen III/I ratio", "1", "Mass ratio of collagen III to collagen I over the whole dermis.";
    "collagen_maturity", "Collagen maturity", "%", "Share of the collagen that carries mature cross-links.";
    "procollagen", "Procollagen synthesis", "% of baseline", "Rate of collagen synthesis relative to resting skin.";
    "stained_collagen_area", "Stained collagen area", "%", "Area a histological collagen stain covers in the papillary dermis.";
    "ultrasound_dermal_density", "Ultrasound dermal density", "% of baseline", "Echo brightness of the dermis in high-frequency ultrasound.";
    "suction_elasticity", "Suction elasticity", "% of baseline", "Elasticity as a suction device reports it.";
    "epidermal_thickness", "Epidermal thickness", "µm", "Viable epidermis.";
    "microrelief_depth", "Microrelief depth", "µm", "Peak-to-valley depth of the primary microrelief.";
    "fine_line_depth", "Fine line depth", "µm", "Peak-to-valley depth of fine lines.";
    "coarse_line_depth", "Coarse line depth", "µm", "Peak-to-valley depth of coarse lines.";
    "lemperle_grade", "Lemperle grade", "grade", "Wrinkle grade that the depth of coarse lines corresponds to, 0 to 5.";
    "scar_depth_icepick", "Ice-pick scar depth", "µm", "Depth of an ice-pick scar below the surrounding skin.";
    "scar_depth_boxcar", "Boxcar scar depth", "µm", "Depth of a boxcar scar.";
    "scar_depth_rolling", "Rolling scar depth", "µm", "Depth of a rolling scar.";
    "scar_volume_icepick", "Ice-pick scar volume", "mm³", "Volume missing in one ice-pick scar.";
    "scar_volume_boxcar", "Boxcar scar volume", "mm³", "Volume missing in one boxcar scar.";
    "scar_volume_rolling", "Rolling scar volume", "mm³", "Volume missing in one rolling scar.";
    "goodman_baron_score", "Goodman-Baron score", "points", "Quantitative global acne-scar score of a face with the usual mix of scars.";
    "melanin_index", "Melanin index", "a.u.", "Melanin index of the treated skin on the scale of the Takiwaki transform.";
    "lesion_melanin_excess", "Lesion melanin excess", "% of baseline", "Melanin of the lesion minus that of the skin around it.";
    "erythema_index", "Erythema index", "a.u.", "Haemoglobin index on the scale of the Takiwaki transform.";
    "lightness", "L*", "CIELAB", "Lightness of the skin.";
    "redness", "a*", "CIELAB", "Red-green coordinate of the skin colour.";
    "yellowness", "b*", "CIELAB", "Yellow-blue coordinate of the skin colour.";
    "ita", "Individual typology angle", "°", "arctan((L* - 50) / b*).";
    "tewl", "Transepidermal water loss", "g/m²/h", "Water loss through the treated skin.";
    "product_enhancement_ratio", "Product enhancement ratio", "1", "Permeability for the product over that of intact skin, if applied at that time.";
    "pain", "Pain", "% of 26 G", "Pain while needling relative to a 26 G hypodermic needle, on session days.";
    "bleeding_points", "Pinpoint bleeding", "1/cm²", "Capillary loops struck per area, on session days.";
    "pih_probability", "PIH probability", "%", "Probability that this course leaves post-inflammatory hyperpigmentation.";
}

/// The read-out of that key.
#[must_use]
pub fn readout(key: &str) -> Option<&'static Readout> {
    READOUTS.iter().find(|r| r.key == key)
}
