//! The 50 forearms of NIST, and skins that come back.

use rayon::prelude::*;

use super::*;
use crate::appearance::light::colorimetry::colour_difference;
use crate::appearance::light::{LitTissue, Optics, Spectrum};
use crate::population::{Draw, ParameterSet};
use crate::skin::{Layers, Person, Sex, Tone, site_for};

fn forearm(fraction: f64) -> (Optics, LitTissue) {
    let mut set = ParameterSet::embedded().unwrap();
    let person = Person { age_years: 45.0, sex: Sex::Female, tone: Tone { melanosome_fraction: fraction }, colour: None };
    for (key, card) in site_for("forearm", &person).unwrap().cards {
        set.insert(&format!("skin.{key}"), card).unwrap();
    }
    let draw = Draw::central(&set);
    let optics = Optics::from_draw(&draw).unwrap();
    let tissue = optics.resting(&Layers::from_draw(&draw).unwrap(), fraction);
    (optics, tissue)
}

/// Spectra of the subjects.
fn nist() -> Vec<Spectrum> {
    let text = include_str!("../../../../../../data/optics/nist-skin-reflectance.csv");
    let rows: Vec<Vec<f64>> = text
        .lines()
        .filter(|l| l.starts_with(|c: char| c.is_ascii_digit()))
        .map(|l| l.split(',').map(|x| x.parse().unwrap()).collect())
        .collect();
    (1..rows[0].len()).map(|k| Spectrum::measured(&rows.iter().map(|r| (r[0], r[k])).collect::<Vec<_>>()).unwrap()).collect()
}

/// The spectrum every 10 nm from 400 to 700 nm.
fn coarse(spectrum: &Spectrum) -> Spectrum {
    let points: Vec<(f64, f64)> = (40..=70).map(|i| f64::from(10 * i)).map(|nm| (nm, spectrum.at(nm))).collect();
    Spectrum::measured(&points).unwrap()
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

#[test]
fn the_forearms_of_nist_are_explained() {
    let (optics, like) = forearm(0.03);
    for specular in [Specular::Included, Specular::Excluded] {
        let t = std::time::Instant::now();
        let fits: Vec<(SpectrumFit, f64)> = nist()
            .par_iter()
            .map(|measured| {
                let fit = fit_spectrum(&optics, &like, &coarse(measured), specular).unwrap();
                let mut predicted = optics.spectrum(&fit.tissue).unwrap();
                if specular == Specular::Excluded {
                    predicted.reflectance.iter_mut().for_each(|r| *r -= optics.specular());
                }
                let difference = colour_difference(predicted.lab(), measured.lab());
                (fit, difference)
            })
            .collect();
        println!("{specular:?} {:?}", t.elapsed());
        let show = |what: &str, of: &dyn Fn(&(SpectrumFit, f64)) -> f64| {
            let v = sorted(fits.iter().map(of));
            println!("{what}: min {:.4} p10 {:.4} median {:.4} p90 {:.4} max {:.4}", v[0], v[5], 0.5 * (v[24] + v[25]), v[44], v[49]);
            0.5 * (v[24] + v[25])
        };
        let rms = show("rms", &|f| f.0.residual);
        let de = show("dE00", &|f| f.1);
        println!("sum of squares {:.5}", fits.iter().map(|f| 31.0 * f.0.residual.powi(2)).sum::<f64>());
        show("melanosomes", &|f| f.0.melanosome_fraction.value);
        show("blood", &|f| f.0.blood_fraction.value);
        show("oxygenation", &|f| f.0.oxygenation.value);
        show("scattering", &|f| f.0.scattering_per_mm.value);
        show("ratio f", &|f| f.0.melanosome_fraction.high / f.0.melanosome_fraction.low);
        show("width S", &|f| f.0.oxygenation.high - f.0.oxygenation.low);
        println!(
            "outside: {:?}",
            fits.iter()
                .map(|f| [&f.0.melanosome_fraction, &f.0.blood_fraction, &f.0.oxygenation, &f.0.scattering_per_mm]
                    .map(|e| e.outside_published as u8))
                .fold([0u32; 4], |mut a, b| {
                    for i in 0..4 {
                        a[i] += u32::from(b[i]);
                    }
                    a
                })
        );
        assert!(rms < 0.02 && de < 1.5);
    }
}
