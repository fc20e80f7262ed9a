//! What is unusual about a course: it runs, but outside the range the evidence or the model's checks cover.

use super::{Course, Warning};
use crate::device::expected_density_per_cm2;
use crate::population::{Draw, Parameter};
use crate::skin::Layers;

/// Cautions for a course that is valid but lies outside a tested range; each names the range and its source.
#[must_use]
pub fn warnings(course: &Course) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |code: &str, message: String| found.push(Warning { code: code.into(), message });
    let treated = !course.sessions.is_empty();
    let mm = |um: f64| (um / 1000.0 * 1e6).round() / 1e6;

    if let Some((to, source)) = &course.device.evaluated_to_um
        && treated
        && course.setting_um > *to
    {
        let (set, to) = (mm(course.setting_um), mm(*to));
        warn(
            "depth-untested",
            format!("A depth of {set} mm is beyond the {to} mm to which the {} was evaluated ({source}).", course.device.name),
        );
    }
    if let (Some(low), Some(high)) = (tested(course, "age_low"), tested(course, "age_high")) {
        let age = course.person.age_years;
        if age < low.value || age > high.value {
            let card = if age < low.value { low } else { high };
            let message =
                format!("An age of {age} years is outside the {} to {} years that were studied ({}).", low.value, high.value, cite(card));
            warn("age-untested", message);
        }
    }
    if let Some(high) = tested(course, "melanosome_high") {
        let fraction = course.person.tone.melanosome_fraction;
        if fraction > high.value {
            let message = format!(
                "A melanosome fraction of {:.0} % is above the {:.0} % up to which outcomes of needling are well covered ({}).",
                100.0 * fraction,
                100.0 * high.value,
                cite(high)
            );
            warn("tone-untested", message);
        }
    }
    if let Some(low) = tested(course, "interval_low") {
        let shortest = course.sessions.windows(2).map(|w| w[1] - w[0]).fold(f64::INFINITY, f64::min);
        if shortest < low.value {
            let message = format!("Sessions {shortest} d apart are closer than the {} d that were tested ({}).", low.value, cite(low));
            warn("interval-untested", message);
        }
    }
    if let Some(high) = tested(course, "sessions_high") {
        let sessions = course.sessions.len();
        if sessions as f64 > high.value {
            warn("sessions-untested", format!("{sessions} sessions are more than the {} that were tested ({}).", high.value, cite(high)));
        }
    }
    if let (Some(low), Some(high), true) = (tested(course, "pain_length_low"), tested(course, "pain_length_high"), treated) {
        let set = course.setting_um;
        if set < low.value || set > high.value {
            let (set, from, to) = (mm(set), mm(low.value), mm(high.value));
            let message =
                format!("Pain was measured for needles of {from} to {to} mm; at {set} mm it is an extrapolation ({}).", cite(low));
            warn("pain-untested", message);
        }
    }
    if let (Some(low), Some(high), true) = (tested(course, "density_low"), tested(course, "density_high"), treated)
        && let Ok(density) = expected_density_per_cm2(&course.device, &course.motion, &Draw::central(&course.parameters))
        && (density < low.value || density > high.value)
    {
        let card = if density < low.value { low } else { high };
        let (from, to) = (low.value, high.value);
        let message =
            format!("{density:.0} punctures per cm² are outside the {from} to {to} per cm² the model is meant for ({}).", cite(card));
        warn("density-untested", message);
    }
    if let Ok(layers) = Layers::from_draw(&Draw::central(&course.parameters))
        && let Some(scar) = course.scars.iter().find(|s| -s.relief_um >= layers.dermis_um)
    {
        let (depth, dermis) = (mm(-scar.relief_um), mm(layers.dermis_um.round()));
        let message =
            format!("A scar of {depth} mm is as deep as the dermis of this site ({dermis} mm): there is no matrix below its floor.");
        warn("scar-too-deep", message);
    }
    if let (Some(last), Some(visit)) = (course.sessions.last(), course.visits.last())
        && visit < last
    {
        warn("visits-too-early", format!("The last visit is on day {visit}, before the last session on day {last}."));
    }
    if let Some(map) = &course.surface.map {
        map.warnings.iter().for_each(|message| warn("surface-map", message.clone()));
        if !course.scars.is_empty() {
            warn("scars-not-drawn", "The scars of the course are not drawn on a measured surface: those it has are part of it.".into());
        }
    }
    found
}

/// A range's card. They are embedded, so that one is missing only from a set that a test has made.
fn tested<'a>(course: &'a Course, key: &str) -> Option<&'a Parameter> {
    course.parameters.card(&format!("tested.{key}")).ok()
}

fn cite(card: &Parameter) -> &str {
    card.source.trim_end_matches('.')
}
