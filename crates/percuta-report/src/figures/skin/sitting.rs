//! The central member of a course sits for its photographs.

use percuta::appearance::{LesionKind, relief::ScarProfile};
use percuta::course::{Outcome, SpecimenVisit};
use percuta::population::Draw;

use super::gloss::Gloss;
use super::marks::{Films, Macule, PunctureMarks};
use super::mottle::Pore;
use super::patch::LesionPatch;
use super::{Grid, Lighting, ReadyColours, SkinPatch, SkinVisit, Studio, before_after, spectrum, surface, visits};
use crate::error::ReportError;
use crate::figures::Figure;

/// Light that a screen's red, green and blue stand for, nm.
const PRIMARIES_NM: [f64; 3] = [605.0, 540.0, 450.0];
/// Radius of a post-acne mark, as a share of the side, and the width of its border as a share of the radius; both are ornament.
const MARK_RADIUS: f64 = 0.2;
const MARK_FADE: f64 = 0.35;

/// Photographs of the square of skin, maps of its surface, and its spectrum, in the order of the report.
///
/// # Errors
/// [`ReportError::Make`] if a picture cannot be made.
pub fn figures(outcome: &Outcome, version: &str) -> Result<[Vec<Figure>; 3], ReportError> {
    let fault = |e: &dyn std::fmt::Display| ReportError::make("pictures of the skin", e);
    let specimen = &outcome.specimen;
    let surface_map = &specimen.square.surface;
    let draw = Draw::central(&outcome.course.parameters);
    let ready = ReadyColours::new(&specimen.complexion.optics, &specimen.complexion.tissue).map_err(|e| fault(&e))?;
    let colour = |melanin: f64, blood: f64| ready.at(melanin, blood);

    let side_um = surface_map.columns() as f64 * surface_map.pixel_um();
    let grid = Grid { columns: surface_map.columns(), rows: surface_map.rows(), pixel_um: surface_map.pixel_um() };
    let pores: Vec<Pore> = surface_map.pores().iter().map(|p| (p.x_um, p.y_um, 0.5 * p.diameter_um)).collect();
    let scars: Vec<Macule> = surface_map
        .scars()
        .filter(|s| !matches!(s.profile, ScarProfile::Linear { .. }))
        .map(|s| Macule { middle_um: s.centre_um, radius_um: 0.5 * s.width_um, fade: 0.25 })
        .collect();
    let lesion = outcome.course.lesion.map(|l| match l.kind {
        LesionKind::Melasma => LesionPatch::Melasma,
        LesionKind::PostAcne => {
            LesionPatch::Mark(Macule { middle_um: (0.5 * side_um, 0.5 * side_um), radius_um: MARK_RADIUS * side_um, fade: MARK_FADE })
        }
    });
    let cards = draw.group("photograph");
    let scar_floor = (cards.get("scar_melanin", "1").map_err(|e| fault(&e))?, cards.get("scar_blood", "1").map_err(|e| fault(&e))?);
    let crusts_d = outcome.downtime.as_ref().map_or(0.0, |d| d.crusts_d.median);
    let marks = |since: Option<f64>| match since {
        Some(days) => PunctureMarks::from_draw(&draw, days, crusts_d, specimen.bled),
        None => Ok(None),
    };
    let baseline = SkinVisit {
        day: 0.0,
        height_um: specimen.square.heights(&specimen.lines, None, &baseline_scars(outcome)).height_um,
        melanin: 1.0,
        blood: 1.0,
        lesion: outcome.course.lesion.map_or(1.0, |l| l.melanin_ratio),
        scar_floor,
        punctures: None,
    };
    let later = |visit: &SpecimenVisit| {
        Ok(SkinVisit {
            day: visit.day,
            height_um: specimen.square.heights(&specimen.lines, Some(&visit.lines), &visit.scar_relief_um).height_um,
            melanin: visit.melanin,
            blood: visit.blood,
            lesion: visit.lesion_melanin / visit.melanin,
            scar_floor,
            punctures: marks(visit.since_session).map_err(|e| fault(&e))?,
        })
    };
    let mut all = vec![baseline];
    for visit in &specimen.visits {
        // Day 0 of an untreated course is the baseline.
        if visit.day > 0.0 || visit.since_session.is_some() {
            all.push(later(visit)?);
        }
    }
    let patch = SkinPatch {
        grid,
        seed: outcome.seed,
        age_years: outcome.course.person.age_years,
        pores: &pores,
        punctures: &punctures(outcome, side_um),
        scars: &scars,
        lesion,
        colour: &colour,
        free_path_um: PRIMARIES_NM.map(|nm| specimen.complexion.optics.free_path_um(&specimen.complexion.tissue, nm)),
        gloss: Gloss::from_draw(&draw).map_err(|e| fault(&e))?,
        films: Films::from_draw(&draw).map_err(|e| fault(&e))?,
        visits: &all,
    };
    let (studio, light) = (Studio::new(&patch), Lighting::RAKING);
    let photographs = [before_after::figure(outcome, version, &studio, &light)?, visits::figure(outcome, version, &studio, &light)?];
    let surface = surface::figure(outcome, version, &studio, &light)?;
    let spectrum = spectrum::figure(outcome, version, &outcome.spectra)?;
    Ok([photographs.into_iter().flatten().collect(), surface.into_iter().collect(), spectrum.into_iter().collect()])
}

/// Heights of the scars before treatment, µm.
fn baseline_scars(outcome: &Outcome) -> Vec<f64> {
    outcome.course.scars.iter().map(|s| s.relief_um).collect()
}

/// The punctures of a session over the whole square: their window is periodic.
fn punctures(outcome: &Outcome, side_um: f64) -> Vec<(f64, f64)> {
    let table = &outcome.specimen.punctures;
    let window = table.window_um;
    if window <= 0.0 {
        return Vec::new();
    }
    let times = (side_um / window).ceil() as usize;
    let tiles = (0..times).flat_map(|i| (0..times).map(move |j| (i as f64 * window, j as f64 * window)));
    tiles
        .flat_map(|(dx, dy)| table.x_um.iter().zip(&table.y_um).map(move |(x, y)| (x + dx, y + dy)))
        .filter(|(x, y)| *x < side_um && *y < side_um)
        .collect()
}
