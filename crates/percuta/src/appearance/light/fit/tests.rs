//! The 50 forearms of NIST, and skins that come back.

use rayon::prelude::*;

use super::*;
use crate::appearance::light::colorimetry::colour_difference;
use crate::appearance::light::test_skin::{cards, forearm, nist};
use crate::appearance::light::{LitTissue, Spectrum, published_ranges};

/// A spectrum every 10 nm from 400 to 700 nm.
fn coarse(of: impl Fn(f64) -> f64) -> Spectrum {
    let points: Vec<(f64, f64)> = (40..=70).map(|i| f64::from(10 * i)).map(|nm| (nm, of(nm))).collect();
    Spectrum::measured(&points).unwrap()
}

/// Least, 10 %, median, 90 % and largest of 50.
fn quantiles(values: impl Iterator<Item = f64>) -> [f64; 5] {
    let mut v: Vec<f64> = values.collect();
    v.sort_by(f64::total_cmp);
    [v[0], 0.5 * (v[4] + v[5]), 0.5 * (v[24] + v[25]), 0.5 * (v[44] + v[45]), v[49]]
}

#[test]
fn the_forearms_of_nist_are_explained_within_published_ranges() {
    let (optics, like) = forearm(0.03);
    let fits: Vec<(SpectrumFit, f64)> = nist()
        .par_iter()
        .map(|measured| {
            let fit = fit_spectrum(&optics, &like, &coarse(|nm| measured.at(nm)), Specular::Included).unwrap();
            let predicted = optics.spectrum(&fit.tissue).unwrap().lab();
            let difference = colour_difference(predicted, measured.lab());
            (fit, difference)
        })
        .collect();
    let [.., worst] = quantiles(fits.iter().map(|(f, _)| f.residual));
    let of = |what: &str, value: fn(&SpectrumFit) -> f64| {
        let q = quantiles(fits.iter().map(|(f, _)| value(f)));
        println!("{what}: {}", q.map(|x| format!("{x:.4}")).join(" "));
        q
    };
    let [_, _, residual, ..] = of("residual", |f| f.residual);
    let difference = quantiles(fits.iter().map(|(_, d)| *d));
    println!("CIEDE2000: {}", difference.map(|x| format!("{x:.3}")).join(" "));
    assert!(residual < 0.008 && worst < 0.013, "{residual} {worst}");
    assert!(difference[2] < 0.6 && difference[4] < 1.5, "{difference:?}");
    let ranges = published_ranges();
    for (what, value, range) in [
        ("melanosome fraction", (|f| f.melanosome_fraction.value) as fn(&SpectrumFit) -> f64, ranges.melanosome_fraction),
        ("blood fraction", |f| f.blood_fraction.value, ranges.blood_fraction),
        ("oxygenation", |f| f.oxygenation.value, ranges.oxygenation),
    ] {
        let [low, .., high] = of(what, value);
        assert!(range.contains(low) && range.contains(high), "{what}: {low} to {high}");
    }
    let [_, low, _, high, _] = of("scattering, 1/mm", |f| f.scattering_per_mm.value);
    assert!(ranges.scattering_per_mm.contains(low) && ranges.scattering_per_mm.contains(high), "nine tenths: {low} to {high}");
}

#[test]
fn skins_come_back_from_their_spectra() {
    let (optics, like) = forearm(0.03);
    let skins: Vec<LitTissue> = [0.005, 0.02, 0.08, 0.2, 0.43]
        .iter()
        .flat_map(|&f| {
            [(0.3, 0.3, 0.8), (3.0, 0.8, 1.5)].map(|(blood, oxygenation, scattering_factor)| (f, blood, oxygenation, scattering_factor))
        })
        .map(|(f, blood, oxygenation, scattering_factor)| LitTissue { oxygenation, scattering_factor, ..like.scaled(f / 0.03, blood) })
        .collect();
    skins.par_iter().for_each(|skin| {
        let light = optics.spectrum(skin).unwrap();
        for specular in [Specular::Included, Specular::Excluded] {
            let missing = if specular == Specular::Included { 0.0 } else { optics.specular() };
            let fit = fit_spectrum(&optics, &like, &coarse(|nm| light.at(nm) - missing), specular).unwrap();
            let relative = |found: f64, true_value: f64| (found / true_value - 1.0).abs();
            assert!(relative(fit.melanosome_fraction.value, skin.mean_melanosome_fraction()) < 1e-3, "{fit:?}");
            assert!(relative(fit.blood_fraction.value, skin.mean_blood_fraction()) < 1e-3, "{fit:?}");
            assert!(relative(fit.oxygenation.value, skin.oxygenation) < 1e-3, "{fit:?}");
            assert!(relative(fit.tissue.scattering_factor, skin.scattering_factor) < 1e-3, "{fit:?}");
            assert!(fit.residual < 1e-5, "{}", fit.residual);
        }
    });
}

#[test]
fn what_noise_hides_is_said_to_be_badly_determined() {
    let (optics, like) = forearm(0.03);
    // Noise of a fixed pattern, 0.004 on average.
    let noise = |nm: f64| 0.006 * (nm * 0.7).sin();
    let fit = |fraction: f64| {
        let light = optics.spectrum(&like.scaled(fraction / 0.03, 1.0)).unwrap();
        fit_spectrum(&optics, &like, &coarse(|nm| light.at(nm) + noise(nm)), Specular::Included).unwrap()
    };
    let (light, dark) = (fit(0.03), fit(0.4));
    assert!(!light.melanosome_fraction.badly_determined && !light.blood_fraction.badly_determined);
    // Under much melanin blood is hardly seen.
    assert!(dark.blood_fraction.badly_determined && dark.oxygenation.badly_determined);
    assert!(
        light.melanosome_fraction.low < light.melanosome_fraction.value && light.melanosome_fraction.value < light.melanosome_fraction.high
    );
}

#[test]
fn close_points_are_averaged_and_few_are_refused() {
    let (optics, like) = forearm(0.03);
    let light = optics.spectrum(&like).unwrap();
    let dense: Vec<(f64, f64)> = (350..=850).map(f64::from).map(|nm| (nm, light.at(nm))).collect();
    let fit = fit_spectrum(&optics, &like, &Spectrum::measured(&dense).unwrap(), Specular::Included).unwrap();
    assert_eq!(fit.predicted.wavelength_nm.len(), 81);
    assert!((fit.melanosome_fraction.value / 0.03 - 1.0).abs() < 0.02, "{fit:?}");
    let few =
        Spectrum::measured(&[(300.0, 0.1), (400.0, 0.2), (500.0, 0.3), (600.0, 0.4), (650.0, 0.5), (700.0, 0.5), (800.0, 0.5)]).unwrap();
    let error = fit_spectrum(&optics, &like, &few, Specular::Included).unwrap_err();
    assert_eq!(error, FitError::Spectrum(SpectrumError::Few { found: 5, least: 6 }));
}

#[test]
fn colours_come_back() {
    let (optics, like) = forearm(0.03);
    let skins: Vec<(f64, f64)> = [0.005, 0.02, 0.08, 0.2, 0.43].iter().flat_map(|&f| [0.3, 1.0, 4.0].map(|b| (f, b))).collect();
    skins.par_iter().for_each(|&(fraction, blood)| {
        let skin = like.scaled(fraction / 0.03, blood);
        let fit = fit_colour(&optics, &like, optics.spectrum(&skin).unwrap().lab(), Specular::Included).unwrap();
        assert!((fit.melanosome_fraction / fraction - 1.0).abs() < 1e-3, "{fraction} {blood}: {fit:?}");
        assert!((fit.blood_fraction / skin.mean_blood_fraction() - 1.0).abs() < 1e-3, "{fraction} {blood}: {fit:?}");
        assert!(fit.difference < 1e-3);
    });
}

#[test]
fn measured_colours_are_skin_and_others_are_not() {
    let (optics, like) = forearm(0.03);
    let groups = [
        ("Europeans", 65.0, 7.1, 13.3),
        ("Chinese", 62.1, 8.4, 16.3),
        ("Mexicans", 61.9, 8.3, 15.3),
        ("Indians", 53.7, 10.3, 17.9),
        ("Africans", 49.2, 10.2, 18.4),
    ];
    for (who, l, a, b) in groups {
        let fit = fit_colour(&optics, &like, Lab { l, a, b }, Specular::Included).unwrap();
        println!("{who}: melanosomes {:.4}, blood {:.4}, difference {:.2}", fit.melanosome_fraction, fit.blood_fraction, fit.difference);
    }
    let differences = quantiles(nist().iter().map(|s| fit_colour(&optics, &like, s.lab(), Specular::Included).unwrap().difference));
    println!("{differences:?}");
    for (what, l, a, b) in
        [("green", 60.0, -30.0, 15.0), ("blue", 60.0, 10.0, -25.0), ("white", 98.0, 0.0, 0.0), ("tomato", 50.0, 60.0, 40.0)]
    {
        match fit_colour(&optics, &like, Lab { l, a, b }, Specular::Included) {
            Err(FitError::Colour { distance, tolerance, .. }) => assert!(distance > tolerance),
            other => panic!("{what}: {other:?}"),
        }
    }
    for (l, a, b) in [(f64::NAN, 9.0, 15.0), (120.0, 9.0, 15.0), (-1.0, 9.0, 15.0), (60.0, f64::INFINITY, 15.0)] {
        assert!(matches!(fit_colour(&optics, &like, Lab { l, a, b }, Specular::Included), Err(FitError::NoColour { .. })));
    }
}

#[test]
fn without_gloss_the_same_colour_is_lighter_skin() {
    let (optics, like) = forearm(0.03);
    let colour = Lab { l: 62.0, a: 9.0, b: 16.0 };
    let with = fit_colour(&optics, &like, colour, Specular::Included).unwrap();
    let without = fit_colour(&optics, &like, colour, Specular::Excluded).unwrap();
    assert!(without.melanosome_fraction < with.melanosome_fraction);
}

#[test]
fn intervals_over_members_hold_the_central_value_and_are_wider() {
    let (optics, like) = forearm(0.06);
    let light = coarse(|nm| optics.spectrum(&like).unwrap().at(nm));
    let members = Members::draw(&cards(), 1, 16).unwrap();
    let (alone, over) =
        (fit_spectrum(&optics, &like, &light, Specular::Included).unwrap(), members.fit_spectrum(&light, Specular::Included).unwrap());
    assert_eq!(alone.melanosome_fraction.value, over.melanosome_fraction.value);
    for (one, all) in [
        (alone.melanosome_fraction, over.melanosome_fraction),
        (alone.blood_fraction, over.blood_fraction),
        (alone.oxygenation, over.oxygenation),
        (alone.scattering_per_mm, over.scattering_per_mm),
    ] {
        assert!(all.low < one.low && one.high < all.high, "{one:?} {all:?}");
    }
    // Thickness and melanosome absorption alone make this much.
    assert!(over.melanosome_fraction.high / over.melanosome_fraction.low > 1.5);
    let colour = members.fit_colour(light.lab(), Specular::Included).unwrap();
    assert!(colour.melanosome_fraction.low < 0.06 && 0.06 < colour.melanosome_fraction.high, "{colour:?}");
    assert!(matches!(members.fit_colour(Lab { l: 60.0, a: -30.0, b: 15.0 }, Specular::Included), Err(FitError::Colour { .. })));
}
