//! `percuta sbml`: the healing equations of a course for other simulators.

use percuta::course::Wounded;
use percuta::healing::{CLASSES, Exposure, HealingParameters};
use percuta::population::Draw;
use percuta_report::sbml::{Point, document};

use crate::arguments::Sbml;
use crate::course_text;
use crate::failure::Failure;
use crate::new;
use crate::terminal;

pub fn sbml(arguments: &Sbml) -> Result<(), Failure> {
    let (loaded, _) = course_text::read(&arguments.file, &arguments.settings)?;
    let course = &loaded.course;
    let draw = Draw::central(&course.parameters);
    let parameters = HealingParameters::from_draw(&draw).map_err(|e| Failure::run(e.to_string()))?;
    // As the first member of a run is punctured.
    let skin = Wounded::of(course, &draw, loaded.seed, 0).map_err(|e| Failure::run(e.to_string()))?;
    let edges = skin.dermis_edges_um();
    let depth_um = arguments.depth.unwrap_or(0.5 * (edges[0] + edges[1]));
    let Some(layer) = edges.windows(2).position(|e| (e[0]..e[1]).contains(&depth_um)) else {
        return Err(Failure::input(format!(
            "a depth of {:.3} mm is not in the dermis\n  expected: {:.3} to {:.3} mm below the surface, the dermis of this skin\n  for example: --depth \"{:.1} mm\"",
            1e-3 * depth_um,
            1e-3 * edges[0],
            1e-3 * edges[edges.len() - 1],
            1e-3 * 0.5 * (edges[0] + edges[edges.len() - 1]),
        )));
    };
    let class = usize::from(arguments.eighth) - 1;
    let met = |s: usize| skin.exposures.get(layer).and_then(|e| e.classes.get(s)?.get(class)).copied().unwrap_or(Exposure::default());
    let sessions: Vec<(f64, Exposure)> = course.sessions.iter().enumerate().map(|(s, day)| (*day, met(s))).collect();
    let about = format!(
        "The healing equations of Percuta {} at a point of the dermis: central parameters, layer from {:.0} to {:.0} um below the surface, eighth {} of {CLASSES} of its tissue by the signal that reaches it (1 least, {CLASSES} most). Course: {}, {} session(s), needles placed with seed {}: another one moves what a session does to this point by a fifth or more. Cells are relative to resting fibroblasts, collagen to all collagen of untreated skin; days count from the first session. TGF-beta of the fibroblasts acts where it is made.",
        env!("CARGO_PKG_VERSION"),
        edges[layer],
        edges[layer + 1],
        arguments.eighth,
        course.name,
        sessions.len(),
        loaded.seed,
    );
    let name = format!("Healing after micro-needling, {}", course.name);
    let text = document(&Point { name: &name, about: &about, parameters: &parameters, cards: &course.parameters, sessions: &sessions });
    match &arguments.out {
        None => terminal::print(text.trim_end()),
        Some(file) => {
            new::write(file, &text)?;
            terminal::tell(&format!("Wrote {}. It runs in COPASI, libroadrunner, tellurium and other SBML simulators.", file.display()));
        }
    }
    Ok(())
}
