//! What a photograph must do whatever the skin looks like.

use super::gloss::Gloss;
use super::marks::{Films, Macule, PunctureMarks};
use super::patch::LesionPatch;
use super::photograph::{encoded, exposed};
use super::surface::replica;
use super::{Grid, Lighting, SkinPatch, SkinScene, SkinVisit, Studio, photograph};

const GRID: Grid = Grid { columns: 96, rows: 80, pixel_um: 40.0 };
const GLOSS: Gloss = Gloss { refractive_index: 1.5, roughness: 0.3 };
const FREE_PATH: [f64; 3] = [330.0, 250.0, 180.0];

/// A colour that falls with melanin and blood, from pale to dark skin.
fn colour(melanin: f64, blood: f64) -> [f64; 3] {
    [0.62 * (-0.2 * melanin).exp(), 0.5 * (-0.3 * melanin - 0.2 * blood).exp(), 0.45 * (-0.5 * melanin - 0.2 * blood).exp()]
}

/// Skin of one melanin with this surface and no ornament.
fn plain<T>(height_um: &[f64], melanin: f32, see: impl FnOnce(&SkinScene<'_>) -> T) -> T {
    let n = GRID.len();
    let (melanin, ones) = (vec![melanin; n], vec![1.0; n]);
    let (clear, still) = (vec![[1.0f32; 3]; n], vec![[0.0f32; 2]; n]);
    see(&SkinScene {
        grid: GRID,
        height_um,
        melanin: &melanin,
        blood: &ones,
        cover: &clear,
        colour: &colour,
        free_path_um: FREE_PATH,
        gloss: GLOSS,
        sebum: &ones,
        corneocytes: &still,
    })
}

fn furrows(depth_um: f64) -> Vec<f64> {
    GRID.map(|x, y| depth_um * (0.5 * (x / 90.0).sin() + 0.2 * (y / 130.0).sin()))
}

fn visit(day: f64, height_um: Vec<f64>) -> SkinVisit {
    SkinVisit { day, height_um, melanin: 1.0, blood: 1.0, lesion: 1.5, scar_floor: (0.9, 1.2), punctures: None }
}

/// A photograph of skin with all that it may have.
fn full(melanin: f64) -> Vec<[f32; 3]> {
    let pores = [(900.0, 800.0, 90.0), (2500.0, 1900.0, 120.0)];
    let scars = [Macule { middle_um: (2000.0, 1000.0), radius_um: 500.0, fade: 0.3 }];
    let visits = [SkinVisit {
        melanin,
        punctures: Some(PunctureMarks { radius_um: 60.0, bled: 0.5, blood_um: 40.0, crust_um: 5.0, halo_um: 220.0, halo: 1.0 }),
        ..visit(0.0, furrows(80.0))
    }];
    let patch = SkinPatch {
        grid: GRID,
        seed: 3,
        age_years: 60.0,
        pores: &pores,
        punctures: &[(600.0, 600.0), (1500.0, 2400.0), (3000.0, 700.0)],
        scars: &scars,
        lesion: Some(LesionPatch::Melasma),
        colour: &colour,
        free_path_um: FREE_PATH,
        gloss: GLOSS,
        films: Films { blood: [0.9, 24.0, 26.0], crust: [6.0, 16.0, 24.0] },
        visits: &visits,
    };
    Studio::new(&patch).linear(&visits[0], &Lighting::RAKING)
}

#[test]
fn flat_even_skin_has_the_colour_of_the_light_model() {
    for melanin in [0.3f32, 1.0, 6.0] {
        let flat = vec![0.0; GRID.len()];
        let image = plain(&flat, melanin, |scene| photograph(scene, &Lighting::RAKING));
        let expected = colour(f64::from(melanin), 1.0).map(encoded);
        assert!(image.pixels.iter().all(|p| *p == expected), "{:?} {expected:?}", image.pixels[500]);
    }
}

#[test]
fn the_same_skin_gives_the_same_picture() {
    let patch_of = |height: Vec<f64>| {
        let visits = [visit(0.0, height.clone()), visit(90.0, height)];
        let patch = SkinPatch {
            grid: GRID,
            seed: 8,
            age_years: 40.0,
            pores: &[],
            punctures: &[],
            scars: &[],
            lesion: None,
            colour: &colour,
            free_path_um: FREE_PATH,
            gloss: GLOSS,
            films: Films { blood: [0.0; 3], crust: [0.0; 3] },
            visits: &visits,
        };
        let studio = Studio::new(&patch);
        [&visits[0], &visits[1]].map(|v| studio.photograph(v, &Lighting::RAKING))
    };
    let [before, after] = patch_of(furrows(60.0));
    assert_eq!(before, after);
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let with = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| full(1.0));
    let one = with(1);
    for threads in [2, 5] {
        assert!(one.iter().zip(with(threads)).all(|(a, b)| a.map(f32::to_bits) == b.map(f32::to_bits)), "{threads} threads");
    }
}

#[test]
fn walls_that_face_the_lamp_are_bright() {
    // The lamp stands at the upper left: of a dome the upper left is lit, in the photograph and the replica.
    let dome = GRID.map(|x, y| 900.0 * (-((x - 1920.0).powi(2) + (y - 1600.0).powi(2)) / 7e5).exp());
    let image = plain(&dome, 2.0, |scene| photograph(scene, &Lighting::RAKING));
    let grey = replica(GRID, &dome, &Lighting::RAKING);
    for picture in [image, grey] {
        let at = |x: f64, y: f64| picture.at(x / 40.0, y / 40.0)[1];
        assert!(at(1450.0, 1350.0) > at(1920.0, 100.0) && at(1920.0, 100.0) > at(2400.0, 1850.0));
    }
}

#[test]
fn scattering_softens_red_more_than_blue() {
    let image = plain(&furrows(60.0), 1.0, |scene| exposed(scene, &Lighting::RAKING));
    let contrast = |c: usize| {
        let mean = image.iter().map(|p| f64::from(p[c])).sum::<f64>() / image.len() as f64;
        (image.iter().map(|p| (f64::from(p[c]) - mean).powi(2)).sum::<f64>() / image.len() as f64).sqrt() / mean
    };
    assert!(contrast(0) < contrast(1) && contrast(1) < contrast(2), "{} {} {}", contrast(0), contrast(1), contrast(2));
}

#[test]
fn pale_skin_is_not_cut_and_dark_skin_shines() {
    let pale = full(0.2);
    let white = pale.iter().filter(|p| p.map(|v| encoded(f64::from(v))).iter().all(|v| *v == 255)).count();
    assert!(white * 1000 < pale.len(), "{white} white pixels");
    let dark = full(9.0);
    assert!(dark.iter().flatten().all(|v| v.is_finite() && *v >= 0.0));
    let mut green: Vec<f32> = dark.iter().map(|p| p[1]).collect();
    green.sort_unstable_by(f32::total_cmp);
    let (middle, bright) = (green[green.len() / 2], green[green.len() * 99 / 100]);
    assert!(middle < 0.06 && bright > 1.5 * middle, "{middle} {bright}");
}

#[test]
fn the_mean_of_pigments_is_that_of_the_model() {
    let visits = [visit(0.0, furrows(30.0))];
    let patch = SkinPatch {
        grid: GRID,
        seed: 4,
        age_years: 20.0,
        pores: &[(900.0, 800.0, 90.0)],
        punctures: &[(600.0, 600.0)],
        scars: &[],
        lesion: None,
        colour: &colour,
        free_path_um: FREE_PATH,
        gloss: GLOSS,
        films: Films { blood: [0.9, 24.0, 26.0], crust: [6.0, 16.0, 24.0] },
        visits: &visits,
    };
    let marked = SkinVisit {
        melanin: 1.3,
        blood: 1.7,
        punctures: Some(PunctureMarks { radius_um: 60.0, bled: 0.5, blood_um: 40.0, crust_um: 0.0, halo_um: 220.0, halo: 1.0 }),
        ..visits[0].clone()
    };
    let studio = Studio::new(&patch);
    let mean = |v: Vec<f32>| v.iter().map(|x| f64::from(*x)).sum::<f64>() / v.len() as f64;
    assert!((mean(studio.melanin(&marked)) - 1.3).abs() < 1e-4);
    // Halos move blood towards the punctures and meet the mottle by chance.
    assert!((mean(studio.blood(&marked)) - 1.7).abs() < 0.05);
}
