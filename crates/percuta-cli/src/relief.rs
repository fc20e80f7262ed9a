//! `percuta relief`: the surface of the skin as a height map, measured or synthetic.

mod describe;

use std::path::Path;

use percuta::appearance::Lines;
use percuta::appearance::relief::{Filtration, Form, HeightMap, ProfileSettings, Scale, Surface, SurfacePattern, areal, profile, read_map};
use percuta::population::{Draw, ParameterSet};
use percuta::skin::{Layers, Person, Sex, Tone, site_for};
use percuta_report::relief::{Light, ReliefSummary, write};

use self::describe::describe;
use crate::arguments::Relief;
use crate::failure::Failure;
use crate::place::Place;
use crate::results;
use crate::run::VERSION;
use crate::terminal;

pub fn relief(arguments: &Relief) -> Result<(), Failure> {
    let (name, map, warnings) = match (&arguments.preset, &arguments.map) {
        (Some(preset), _) => {
            let (name, map) = synthesise(preset, arguments)?;
            (name, map, Vec::new())
        }
        (None, Some(path)) => read(path, arguments)?,
        (None, None) => {
            return Err(Failure::input("there is no map\n  help: name a file with heights, or a --preset to synthesise a surface"));
        }
    };
    for warning in &warnings {
        terminal::tell(&terminal::wrap(&format!("warning: {warning}"), 100, "  "));
    }
    let summary = analyse(&name, &map, arguments, warnings)?;
    if let Some(out) = &arguments.out {
        let place = Place::reserve(Some(out), &name)?;
        write(&map, &summary, Light::RAKING, &place.folder).map_err(|e| results::not_written(&e, false))?;
        terminal::tell(&format!("Heights, picture and parameters: {}", place.folder.display()));
    }
    let text = if arguments.json { summary.json().map_err(|e| Failure::run(e.to_string()))? } else { describe(&summary) };
    terminal::print(text.trim_end());
    Ok(())
}

/// A user's own map.
fn read(path: &Path, arguments: &Relief) -> Result<(String, HeightMap, Vec<String>), Failure> {
    let scale = Scale { pixel_um: arguments.pixel, height_um: arguments.height };
    let mut reading = read_map(path, &scale).map_err(|e| mistake(&format!("`{}`: {e}", path.display())))?;
    if arguments.replica {
        reading.map.height_um.iter_mut().for_each(|z| *z = -*z);
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok((name, reading.map, reading.warnings.iter().map(ToString::to_string).collect()))
}

/// The surface of a woman of that age, all parameters at their central values.
fn synthesise(preset: &str, arguments: &Relief) -> Result<(String, HeightMap), Failure> {
    let run = |e: &dyn std::fmt::Display| Failure::run(e.to_string());
    let pattern = SurfacePattern::find(preset).map_err(|e| mistake(&e.to_string()))?;
    let tone = Tone::from_fitzpatrick("II").ok_or_else(|| Failure::run("there is no Fitzpatrick type II"))?;
    let person = Person { age_years: arguments.age, sex: Sex::Female, tone, colour: None };
    let site = site_for(&pattern.site, &person).map_err(|e| Failure::input(e.to_string()))?;
    let mut set = ParameterSet::embedded().map_err(|e| run(&e))?;
    for (key, card) in site.cards {
        set.insert(&format!("skin.{key}"), card).map_err(|e| run(&e))?;
    }
    let draw = Draw::central(&set);
    let lines = Layers::from_draw(&draw).and_then(|layers| Lines::from_draw(&draw, &layers, arguments.age)).map_err(|e| run(&e))?;
    let surface = Surface::synthesise(&pattern, &lines.baseline(), arguments.side, arguments.pixels, arguments.seed)
        .map_err(|e| mistake(&e.to_string()))?;
    let name = format!("{}, synthetic, woman of {} years, seed {}", pattern.name, arguments.age, arguments.seed);
    Ok((name, surface.before(&[])))
}

fn analyse(name: &str, map: &HeightMap, arguments: &Relief, warnings: Vec<String>) -> Result<ReliefSummary, Failure> {
    let usual = Filtration::usual(map);
    let form = [Form::Level, Form::Plane, Form::SecondOrder].into_iter().find(|f| f.name() == arguments.form);
    let filtration = Filtration {
        s_um: arguments.s.map_or(usual.s_um, |n| n.0),
        form: form.unwrap_or(usual.form),
        l_um: arguments.l.map_or(usual.l_um, |n| n.0),
    };
    let result = areal(map, &filtration).map_err(|e| mistake(&e.to_string()))?;
    let mut settings = ProfileSettings::usual(map, result.parameters.lay_deg);
    if let Some(direction_deg) = arguments.direction {
        settings = ProfileSettings::usual(map, Some(direction_deg - 90.0));
    }
    if let Some(cutoff_um) = arguments.cutoff {
        settings.cutoff_um = cutoff_um;
    }
    let profiles = profile(map, &filtration, &settings).map_err(|e| mistake(&e.to_string()))?;
    Ok(ReliefSummary::new(name, VERSION, map, &result, &profiles, warnings))
}

/// A mistake whose lines say what is wrong, what was expected and an example.
fn mistake(text: &str) -> Failure {
    Failure::input(text.replace("\nexpected ", "\n  expected: ").replace("\nexample: ", "\n  for example: "))
}
