//! The block of skin that a course file asks for.

use super::format::{CourseFile, Fidelity, PatchFile};
use crate::course::patch::PatchSettings;
use crate::course::text::{Fault, block};

/// The settings, whatever the fidelity, so that a mistake is found before it is needed.
pub(super) fn patch(file: &CourseFile, visits: Option<&[f64]>, faults: &mut Vec<Fault>) -> Option<PatchSettings> {
    let PatchFile { side, resolution, fields } = &file.patch;
    let before = faults.len();
    let (side_um, spacing_um) = block(side, resolution, ["side = \"3 mm\"", "resolution = \"25 µm\""], faults);
    let mut field_days = Vec::new();
    for day in fields.get_ref() {
        let wanted = day.get_ref().days();
        match visits.map(|v| v.iter().find(|v| (*v - wanted).abs() < 1e-9)) {
            Some(Some(visit)) => field_days.push(*visit),
            Some(None) => faults.push(
                Fault::new(day.span(), format!("there is no visit on day {wanted}"))
                    .expected("days that are among `follow_up.visits`")
                    .example("fields = [\"28 d\", \"180 d\"]"),
            ),
            // The visits themselves are at fault.
            None => {}
        }
    }
    // An even number of columns, so that pairs of them make the coarser block that tells the error of the resolution.
    let side_um = if side_um < 1.5 * spacing_um { spacing_um } else { 2.0 * (0.5 * side_um / spacing_um).round().max(1.0) * spacing_um };
    (faults.len() == before && file.run.fidelity == Fidelity::Patch).then_some(PatchSettings { side_um, spacing_um, field_days })
}
