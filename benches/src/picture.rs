//! A picture of skin coloured by the light model: part of `percuta-benches light`.
//!
//! Ten millimetres of a cheek, 512 pixels along each side, just after a session: relief, melanin, blood, pores, punctures, scattering
//! within the skin, two lamps.

use std::error::Error;
use std::hint::black_box;

use percuta::appearance::Lines;
use percuta::appearance::light::Optics;
use percuta::appearance::relief::{Surface, SurfacePattern};
use percuta::population::{Draw, ParameterSet};
use percuta::skin::{Layers, Person, Sex, Tone, site_for};
use percuta_report::skin::gloss::Gloss;
use percuta_report::skin::marks::{Films, PunctureMarks};
use percuta_report::skin::mottle::Pore;
use percuta_report::skin::{Grid, Lighting, ReadyColours, SkinPatch, SkinVisit, Studio};
use rayon::ThreadPoolBuilder;

use crate::tissue::shortest;

const PIXELS: usize = 512;
const SIDE_UM: f64 = 10_000.0;
const AGE_YEARS: f64 = 50.0;
const MELANOSOMES: f64 = 0.05;
const SEED: u64 = 1;
/// Side of the square of a puncture, µm: 100 in a square centimetre.
const APART_UM: f64 = 1000.0;
/// Light that a screen's red, green and blue stand for, nm.
const PRIMARIES_NM: [f64; 3] = [605.0, 540.0, 450.0];
const REPEATS: usize = 10;

/// Prints the time of a picture and of its parts, on one thread and on all.
///
/// # Errors
/// If the skin cannot be made.
pub fn run() -> Result<(), Box<dyn Error>> {
    println!("\na picture of skin, {PIXELS} x {PIXELS}, just after a session; ms");
    println!("  {:>7}  {:>7}  {:>8}  {:>10}  {:>5}", "threads", "colours", "ornament", "photograph", "all");
    let all = std::thread::available_parallelism()?.get();
    for threads in [1, all] {
        let [colours, ornament, photograph] = ThreadPoolBuilder::new().num_threads(threads).build()?.install(parts)?;
        let sum = colours + ornament + photograph;
        println!("  {threads:>7}  {:>7.0}  {:>8.0}  {:>10.0}  {:>5.0}", 1e3 * colours, 1e3 * ornament, 1e3 * photograph, 1e3 * sum);
    }
    Ok(())
}

/// Shortest times of the table of colours, of the ornament and of one photograph, s.
fn parts() -> Result<[f64; 3], String> {
    let person = Person { age_years: AGE_YEARS, sex: Sex::Female, tone: Tone { melanosome_fraction: MELANOSOMES }, colour: None };
    let pattern = SurfacePattern::find("cheek").map_err(|e| e.to_string())?;
    let mut set = ParameterSet::embedded().map_err(|e| e.to_string())?;
    for (key, card) in site_for(&pattern.site, &person).map_err(|e| e.to_string())?.cards {
        set.insert(&format!("skin.{key}"), card).map_err(|e| e.to_string())?;
    }
    let draw = Draw::central(&set);
    let layers = Layers::from_draw(&draw).map_err(|e| e.to_string())?;
    let lines = Lines::from_draw(&draw, &layers, AGE_YEARS).map_err(|e| e.to_string())?;
    let surface = Surface::synthesise(&pattern, &lines.baseline(), SIDE_UM, PIXELS, SEED).map_err(|e| e.to_string())?;
    let optics = Optics::from_draw(&draw).map_err(|e| e.to_string())?;
    let tissue = optics.resting(&layers, MELANOSOMES);

    let ready = ReadyColours::new(&optics, &tissue).map_err(|e| e.to_string())?;
    let colour = |melanin: f64, blood: f64| ready.at(melanin, blood);
    let pores: Vec<Pore> = surface.pores().iter().map(|p| (p.x_um, p.y_um, 0.5 * p.diameter_um)).collect();
    let rows = (SIDE_UM / APART_UM) as usize;
    // Shifted from row to row, so that no two rows of pixels are alike.
    let place = |k: usize| ((k % rows) as f64 + 0.1 * (k / rows) as f64, (k / rows) as f64 + 0.5);
    let punctures: Vec<(f64, f64)> = (0..rows * rows).map(place).map(|(x, y)| ((x * APART_UM) % SIDE_UM, y * APART_UM)).collect();
    let visits = [SkinVisit {
        day: 0.0,
        height_um: surface.before(&[]).height_um,
        melanin: 1.0,
        blood: 3.0,
        lesion: 1.0,
        scar_floor: (1.0, 1.0),
        punctures: PunctureMarks::from_draw(&draw, 0.0, 3.0, 0.5).map_err(|e| e.to_string())?,
    }];
    let patch = SkinPatch {
        grid: Grid { columns: PIXELS, rows: PIXELS, pixel_um: SIDE_UM / PIXELS as f64 },
        seed: SEED,
        age_years: AGE_YEARS,
        pores: &pores,
        punctures: &punctures,
        scars: &[],
        lesion: None,
        colour: &colour,
        free_path_um: PRIMARIES_NM.map(|nm| optics.free_path_um(&tissue, nm)),
        gloss: Gloss::from_draw(&draw).map_err(|e| e.to_string())?,
        films: Films::from_draw(&draw).map_err(|e| e.to_string())?,
        visits: &visits,
    };
    let studio = Studio::new(&patch);
    Ok([
        shortest(REPEATS, || drop(black_box(ReadyColours::new(&optics, &tissue)))),
        shortest(REPEATS, || drop(black_box(Studio::new(&patch)))),
        shortest(REPEATS, || drop(black_box(studio.photograph(&visits[0], &Lighting::RAKING)))),
    ])
}
