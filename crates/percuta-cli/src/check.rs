//! `percuta check`: what a course file or a permeation study would run.

use percuta::course::file::LoadedCourse;
use percuta::course::permeation::file::is_study;
use percuta::course::{self, Course, Warning, warnings};
use percuta::device::expected_density_per_cm2;
use percuta::population::Draw;
use percuta::skin::Sex;
use percuta_report::describe_scar;

use crate::arguments::Check;
use crate::course_text;
use crate::failure::Failure;
use crate::permeation;
use crate::terminal;

pub fn check(arguments: &Check) -> Result<(), Failure> {
    let text = course_text::text_of(&arguments.file, "percuta new")?;
    if is_study(&text) {
        return check_study(arguments);
    }
    let (loaded, _) = course_text::read(&arguments.file, &arguments.settings)?;
    terminal::print(&format!("{} is a valid course.\n\n{}", arguments.file.display(), describe(&loaded)));
    for warning in warnings(&loaded.course) {
        terminal::print(&show(&warning));
    }
    Ok(())
}

fn check_study(arguments: &Check) -> Result<(), Failure> {
    let (loaded, _) = course_text::read_study(&arguments.file, &arguments.settings)?;
    terminal::print(&format!("{} is a valid permeation study.\n\n{}", arguments.file.display(), permeation::describe(&loaded)));
    for warning in course::permeation::warnings(&loaded.study) {
        terminal::print(&show(&warning));
    }
    Ok(())
}

/// A warning in one paragraph.
pub fn show(warning: &Warning) -> String {
    terminal::wrap(&format!("warning[{}]: {}", warning.code, warning.message), 100, "  ")
}

fn describe(loaded: &LoadedCourse) -> String {
    let c = &loaded.course;
    let (tone, sex) = (&c.person.tone, if c.person.sex == Sex::Female { "female" } else { "male" });
    let mut rows = vec![
        ("course", c.name.clone()),
        ("person", format!("{sex}, {} years", c.person.age_years)),
        (
            "tone",
            format!(
                "Fitzpatrick {}, ITA {:.0}°, melanosome fraction {:.1} %",
                tone.fitzpatrick(),
                tone.ita_deg(),
                100.0 * tone.melanosome_fraction
            ),
        ),
        ("site", c.site.name.clone()),
        ("device", format!("{}, set to {} mm", c.device.name, c.setting_um / 1000.0)),
        (
            "sessions",
            if c.sessions.is_empty() { "none (untreated)".into() } else { format!("{} on {}", c.sessions.len(), days(&c.sessions)) },
        ),
    ];
    if let (false, Some(density)) = (c.sessions.is_empty(), density(c)) {
        let (density, total) = (significant(density), significant(density * c.area_cm2));
        rows.push(("punctures", format!("about {density} per cm² in a session, {total} on {} cm²", c.area_cm2)));
    }
    rows.push(("visits", days(&c.visits)));
    if let Some(p) = &c.product {
        let cover = if p.occluded { "occluded" } else { "open" };
        let (permeant, concentration, dose, after) = (&p.permeant.name, p.concentration_mg_per_ml, p.dose_ul_per_cm2, p.applied_after_h);
        rows.push(("product", format!("{permeant} {concentration} mg/mL, {dose} µL/cm², {after} h after a session, {cover}")));
    }
    if let Some(l) = &c.lesion {
        rows.push(("lesion", format!("{}, {:.0} % more melanin than around it", l.kind.name(), 100.0 * (l.melanin_ratio - 1.0))));
    }
    if !c.scars.is_empty() {
        rows.push(("scars", c.scars.iter().map(describe_scar).collect::<Vec<_>>().join("; ")));
    }
    if let Some(s) = &c.study {
        rows.push(("study", s.citation.clone()));
    }
    let (members, parameters) = (loaded.members, c.parameters.len());
    rows.push(("ensemble", format!("{members} members over {parameters} parameters, seed {}", loaded.seed)));
    rows.iter().map(|(name, text)| format!("  {name:<10} {}\n", terminal::wrap(text, 96, "             "))).collect()
}

fn density(course: &Course) -> Option<f64> {
    expected_density_per_cm2(&course.device, &course.motion, &Draw::central(&course.parameters)).ok()
}

/// Two significant digits: more would claim knowledge of how a hand moves.
pub fn significant(x: f64) -> f64 {
    let scale = 10f64.powf(x.abs().log10().floor() - 1.0);
    if scale.is_finite() && scale > 0.0 { (x / scale).round() * scale } else { x }
}

/// `day 0, 28, 56`.
fn days(days: &[f64]) -> String {
    let all: Vec<String> = days.iter().map(|d| ((d * 100.0).round() / 100.0).to_string()).collect();
    match all.len() {
        0..=12 => format!("day {}", all.join(", ")),
        n => format!("day {}, ... {}", all[..10].join(", "), all[n - 1]),
    }
}
