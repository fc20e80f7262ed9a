//! Names and numbers that tables, pictures and text share.

use percuta::course::permeation::{Arm, PermeationOutcome, Preparation, Quantity};

/// Name of an arm in text.
pub fn arm_name(needled: bool) -> &'static str {
    if needled { "needled skin" } else { "intact skin" }
}

/// Name of an arm in tables and the summary.
pub fn arm_key(needled: bool) -> &'static str {
    if needled { "needled" } else { "intact" }
}

/// A quantity of an arm.
pub fn quantity<'a>(arm: &'a Arm, key: &str) -> Option<&'a Quantity> {
    arm.quantities.iter().find(|q| q.key == key)
}

/// What takes up the permeant.
pub fn taker(outcome: &PermeationOutcome) -> &'static str {
    if outcome.study.sample.preparation.excised() { "receptor" } else { "blood" }
}

/// A preparation in words.
pub fn preparation(p: Preparation) -> &'static str {
    match p {
        Preparation::InVivo => "skin of a living person",
        Preparation::Epidermis => "heat-separated epidermis over a receptor",
        Preparation::Dermatomed => "dermatomed skin over a receptor",
        Preparation::FullThickness => "full-thickness skin over a receptor",
    }
}

/// Dose put on by the end, µg/cm²; none from a donor that never depletes.
pub fn surface_dose(outcome: &PermeationOutcome) -> Option<f64> {
    let d = &outcome.study.dosing;
    let times = d.applied_h.iter().filter(|t| **t <= outcome.study.duration_h).count();
    (!d.infinite).then_some(d.layer_cm * outcome.study.vehicle.concentration_ug_per_cm3 * times as f64)
}
