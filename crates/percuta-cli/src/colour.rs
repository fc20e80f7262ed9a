//! `percuta colour`: what a measured colour or spectrum says of the skin.

use percuta::appearance::light::Spectrum;
use percuta::appearance::light::fit::{ColourEstimate, Estimate, FitError, Members, SpectrumFit, Specular};
use percuta::population::ParameterSet;
use percuta::skin::{ItaClass, Lab, Person, Sex, Tone, site_for};
use serde_json::{Value, json};

use crate::arguments::Colour;
use crate::course_text;
use crate::failure::Failure;
use crate::terminal;

/// Melanosome fraction of the person whose layers are taken: they do not depend on it.
const START_FRACTION: f64 = 0.05;

pub fn colour(arguments: &Colour) -> Result<(), Failure> {
    let members = skin(arguments)?;
    let specular = if arguments.without_gloss { Specular::Excluded } else { Specular::Included };
    let answer = match (&arguments.lab, &arguments.spectrum) {
        (Some(lab), _) => of_colour(&members.fit_colour(*lab, specular).map_err(mistake)?, *lab, arguments),
        (None, Some(path)) => {
            let measured = course_text::read_spectrum(path)?;
            of_spectrum(&members.fit_spectrum(&measured, specular).map_err(mistake)?, &measured, &members, arguments)
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

/// Optical constants and the skin of the site, central and drawn.
fn skin(arguments: &Colour) -> Result<Members, Failure> {
    let run = |e: &dyn std::fmt::Display| Failure::run(e.to_string());
    let tone = Tone { melanosome_fraction: START_FRACTION };
    let person = Person { age_years: arguments.age, sex: Sex::Female, tone, colour: None };
    let site = site_for(&arguments.site, &person).map_err(|e| Failure::input(e.to_string()))?;
    let mut set = ParameterSet::embedded().map_err(|e| run(&e))?;
    for (key, card) in site.cards {
        set.insert(&format!("skin.{key}"), card).map_err(|e| run(&e))?;
    }
    Members::draw(&set, arguments.seed, arguments.members).map_err(|e| run(&e))
}

fn mistake(error: FitError) -> Failure {
    let text = error.to_string();
    match error {
        FitError::Light(_) => Failure::run(text),
        _ => Failure::input(text.replace("; expected ", "\n  expected: ").replace(", for example ", "\n  for example: ")),
    }
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

fn of_colour(fit: &ColourEstimate, asked: Lab, arguments: &Colour) -> Answer {
    let central = &fit.central;
    let rows = vec![
        ("measured", lab_text(asked)),
        ("melanosomes in the epidermis", share(&fit.melanosome_fraction)),
        ("blood in the dermis", share(&fit.blood_fraction)),
        ("colour of that skin", lab_text(central.predicted)),
        ("difference (CIEDE2000)", format!("{:.2}", central.difference)),
        ("", drawn(fit.explained, arguments)),
        ("", "A colour does not tell oxygenation, scattering, layers, or how melanin and blood lie in them: the draws vary these.".into()),
        ("", "The error of the meter and the spread over the site are not in the intervals.".into()),
    ];
    let json = json!({
        "measured": asked, "ita_deg": asked.ita_deg(), "ita_class": ItaClass::of(asked.ita_deg()),
        "melanosome_fraction": fit.melanosome_fraction, "blood_fraction": fit.blood_fraction,
        "predicted": central.predicted, "ciede2000": central.difference,
        "members": arguments.members, "members_with_that_colour": fit.explained, "seed": arguments.seed,
    });
    Answer { rows, json }
}

fn of_spectrum(fit: &SpectrumFit, measured: &Spectrum, members: &Members, arguments: &Colour) -> Answer {
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
        ("", drawn(arguments.members as usize, arguments)),
        ("", "Their part from residuals counts each wavelength as independent, which they are not: that part is too narrow.".into()),
    ];
    let json = json!({
        "measured": asked, "ita_deg": asked.ita_deg(), "ita_class": ItaClass::of(asked.ita_deg()),
        "melanosome_fraction": fit.melanosome_fraction, "blood_fraction": fit.blood_fraction, "oxygenation": fit.oxygenation,
        "dermis_scattering_per_mm": fit.scattering_per_mm, "specular": members.central().specular(),
        "predicted": fit.predicted, "rms": fit.residual, "members": arguments.members, "seed": arguments.seed,
    });
    Answer { rows, json }
}

/// What the intervals are over.
fn drawn(explained: usize, arguments: &Colour) -> String {
    let all = arguments.members as usize;
    let lost = if explained < all { format!("; {} others have no skin of that colour", all - explained) } else { String::new() };
    format!("Intervals (90 %) are over {explained} draws of layers and optical constants, each fitted anew{lost}.")
}

fn lab_text(lab: Lab) -> String {
    let class = ItaClass::of(lab.ita_deg()).name();
    format!("L* {:.1}, a* {:.1}, b* {:.1}; ITA {:.1}° ({class})", lab.l, lab.a, lab.b, lab.ita_deg())
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
