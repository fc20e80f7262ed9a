//! `percuta colour`: what a measured colour or spectrum says of the skin.

use std::path::Path;

use percuta::appearance::light::fit::{ColourFit, Estimate, FitError, SpectrumFit, Specular, fit_colour, fit_spectrum};
use percuta::appearance::light::{LitTissue, Optics, Spectrum};
use percuta::population::{Draw, ParameterSet};
use percuta::skin::{ItaClass, Lab, Layers, Person, Sex, Tone, site_for};
use serde_json::{Value, json};

use crate::arguments::Colour;
use crate::failure::Failure;
use crate::terminal;

/// Melanosome fraction from which the search starts.
const START_FRACTION: f64 = 0.05;

pub fn colour(arguments: &Colour) -> Result<(), Failure> {
    let (optics, like) = skin(arguments)?;
    let answer = match (&arguments.lab, &arguments.spectrum) {
        (Some(lab), _) => of_colour(&fit_colour(&optics, &like, *lab).map_err(mistake)?, *lab),
        (None, Some(path)) => {
            let measured = read(path)?;
            let specular = if arguments.without_gloss { Specular::Excluded } else { Specular::Included };
            of_spectrum(&fit_spectrum(&optics, &like, &measured, specular).map_err(mistake)?, &measured, &optics)
        }
        (None, None) => {
            return Err(Failure::input(
                "there is no colour\n  help: give --lab \"62, 9, 16\", or a file with a spectrum (wavelength in nm, reflectance)",
            ));
        }
    };
    terminal::print(if arguments.json { answer.json()? } else { answer.text() }.trim_end());
    Ok(())
}

/// Optical constants at their central values and the skin of the site.
fn skin(arguments: &Colour) -> Result<(Optics, LitTissue), Failure> {
    let run = |e: &dyn std::fmt::Display| Failure::run(e.to_string());
    let tone = Tone { melanosome_fraction: START_FRACTION };
    let person = Person { age_years: arguments.age, sex: Sex::Female, tone, colour: None };
    let site = site_for(&arguments.site, &person).map_err(|e| Failure::input(e.to_string()))?;
    let mut set = ParameterSet::embedded().map_err(|e| run(&e))?;
    for (key, card) in site.cards {
        set.insert(&format!("skin.{key}"), card).map_err(|e| run(&e))?;
    }
    let draw = Draw::central(&set);
    let layers = Layers::from_draw(&draw).map_err(|e| run(&e))?;
    let optics = Optics::from_draw(&draw).map_err(|e| run(&e))?;
    let like = optics.resting(&layers, START_FRACTION);
    Ok((optics, like))
}

fn mistake(error: FitError) -> Failure {
    let text = error.to_string();
    match error {
        FitError::Light(_) => Failure::run(text),
        _ => Failure::input(text.replace("; expected ", "\n  expected: ").replace(", for example ", "\n  for example: ")),
    }
}

/// A spectrum of two columns: wavelength in nm and reflectance from 0 to 1, or in per cent if any is above 1.5.
fn read(path: &Path) -> Result<Spectrum, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|e| Failure::input(format!("`{shown}` could not be read: {e}")))?;
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("").trim();
        if line.is_empty() {
            continue;
        }
        let cells: Vec<&str> = line.split([',', ';', '\t', ' ']).filter(|c| !c.is_empty()).collect();
        let found: Option<Vec<f64>> = cells.iter().map(|c| c.parse().ok()).collect();
        match found.as_deref() {
            Some([nm, reflectance]) => points.push((*nm, *reflectance)),
            // Names of columns may stand before the first numbers.
            None if points.is_empty() => {}
            _ => {
                return Err(Failure::input(format!(
                    "`{shown}`, line {}: `{line}` is not a point of a spectrum\n  expected: wavelength in nm and reflectance\n  for example: 450, 0.25",
                    number + 1
                )));
            }
        }
    }
    if points.iter().any(|p| p.1 > 1.5) {
        points.iter_mut().for_each(|p| p.1 /= 100.0);
    }
    Spectrum::measured(&points).map_err(|e| Failure::input(format!("`{shown}`: {e}")))
}

/// Rows of an answer and the same for programs.
struct Answer {
    rows: Vec<(&'static str, String)>,
    json: Value,
}

impl Answer {
    fn text(&self) -> String {
        let width = self.rows.iter().map(|r| r.0.chars().count()).max().unwrap_or(0);
        self.rows.iter().map(|(name, value)| format!("  {name:<width$}  {value}\n")).collect()
    }

    fn json(&self) -> Result<String, Failure> {
        serde_json::to_string_pretty(&self.json).map_err(|e| Failure::run(e.to_string()))
    }
}

fn of_colour(fit: &ColourFit, asked: Lab) -> Answer {
    let rows = vec![
        ("measured", lab_text(asked)),
        ("melanosomes in the epidermis", percent(fit.melanosome_fraction)),
        ("blood in the dermis", percent(fit.blood_fraction)),
        ("colour of that skin", lab_text(fit.predicted)),
        ("difference (CIEDE2000)", format!("{:.2}", fit.difference)),
        ("", "Three numbers hold two: oxygenation, scattering and layers are taken at their central values.".into()),
    ];
    let json = json!({
        "measured": asked, "ita_deg": asked.ita_deg(), "ita_class": ItaClass::of(asked.ita_deg()),
        "melanosome_fraction": fit.melanosome_fraction, "blood_fraction": fit.blood_fraction,
        "predicted": fit.predicted, "ciede2000": fit.difference,
    });
    Answer { rows, json }
}

fn of_spectrum(fit: &SpectrumFit, measured: &Spectrum, optics: &Optics) -> Answer {
    let (asked, predicted) = (measured.lab(), fit.predicted.lab());
    let scattering = |e: &Estimate| format!("{:.2} ({:.2} to {:.2}) per mm{}", e.value, e.low, e.high, remarks(e));
    let rows = vec![
        ("measured", lab_text(asked)),
        ("melanosomes in the epidermis", share(&fit.melanosome_fraction)),
        ("blood in the dermis", share(&fit.blood_fraction)),
        ("oxygenation of the blood", share(&fit.oxygenation)),
        ("scattering of the dermis, 500 nm", scattering(&fit.scattering_per_mm)),
        ("colour of that skin", lab_text(predicted)),
        ("residual (RMS reflectance)", format!("{:.4} over {} wavelengths", fit.residual, fit.predicted.wavelength_nm.len())),
        ("", "Intervals (90 %) count each wavelength as independent, which they are not: they are too narrow.".into()),
    ];
    let json = json!({
        "measured": asked, "ita_deg": asked.ita_deg(), "ita_class": ItaClass::of(asked.ita_deg()),
        "melanosome_fraction": fit.melanosome_fraction, "blood_fraction": fit.blood_fraction, "oxygenation": fit.oxygenation,
        "dermis_scattering_per_mm": fit.scattering_per_mm, "specular": optics.specular(),
        "predicted": fit.predicted, "rms": fit.residual,
    });
    Answer { rows, json }
}

fn lab_text(lab: Lab) -> String {
    let class = ItaClass::of(lab.ita_deg()).name();
    format!("L* {:.1}, a* {:.1}, b* {:.1}; ITA {:.1}° ({class})", lab.l, lab.a, lab.b, lab.ita_deg())
}

fn percent(fraction: f64) -> String {
    format!("{:.2} %", 100.0 * fraction)
}

fn share(e: &Estimate) -> String {
    format!("{:.2} ({:.2} to {:.2}) %{}", 100.0 * e.value, 100.0 * e.low, 100.0 * e.high, remarks(e))
}

fn remarks(e: &Estimate) -> &'static str {
    match (e.badly_determined, e.outside_published) {
        (true, true) => "; badly determined, outside published values",
        (true, false) => "; badly determined",
        (false, true) => "; outside published values",
        (false, false) => "",
    }
}
