//! Parameters fitted to permeation curves.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use percuta::absorption::{Permeant, Uptake};
use percuta::course::permeation::file::load;
use percuta::course::permeation::fit::{FitOutcome, FitSettings, describe, fit};
use percuta::course::permeation::{DataSeries, MemberSkin, PermeationStudy};
use percuta::population::{Draw, Purpose, stream};
use rand::RngExt as _;
use statrs::distribution::{ContinuousCDF as _, Normal};

fn study(text: &str) -> PermeationStudy {
    load(text, "s.toml", Path::new("."), &[]).unwrap().study
}

/// What the model itself gives at these times for other values of some parameters.
fn made(study: &PermeationStudy, needled: bool, times_h: &[f64], values: &[(&str, f64)]) -> DataSeries {
    let mut draw = Draw::central(&study.parameters);
    for (name, value) in values {
        draw = draw.with(name, *value).unwrap();
    }
    let skin = MemberSkin::new(study, &draw, &mut stream(1, u32::MAX, 0, Purpose::Punctures)).unwrap();
    let uptake: Uptake = skin.uptake(&draw).unwrap();
    let curve = if needled {
        uptake.absorb(&study.vehicle, &study.dosing, times_h)
    } else {
        uptake.absorb_intact(&study.vehicle, &study.dosing, times_h)
    };
    DataSeries {
        group: if needled { "needled" } else { "intact" }.into(),
        needled,
        time_h: times_h.to_vec(),
        amount_ug_per_cm2: curve.unwrap().amounts.iter().map(|a| a.absorbed).collect(),
        sd_ug_per_cm2: None,
    }
}

fn settings(names: &[&str]) -> FitSettings {
    FitSettings { estimate: names.iter().map(|n| (*n).to_owned()).collect(), prior: false }
}

const ARRAY: &str = r#"
permeant = "tranexamic-acid"
[skin]
preparation = "dermatomed"
[array]
density = "270 /cm²"
radius = "35 µm"
depth = "150 µm"
[vehicle]
concentration = "20 mg/mL"
[dose]
amount = "1000 µL/cm²"
occluded = true
[study]
duration = "24 h"
"#;

/// Solid needles of 0.7 mm on 36.855 mm² of human skin (Yuan 2023 after Li 2015): means and standard deviations of 3, total µg.
fn yuan(permeant: Permeant, loaded_ug: f64, points: [(f64, f64, f64); 4]) -> (PermeationStudy, DataSeries) {
    let mut s = study(&ARRAY.replace("24 h", "9 h"));
    let area_cm2 = 0.36855;
    s.permeant = permeant;
    s.dosing.layer_cm = 0.5 / area_cm2;
    s.vehicle.concentration_ug_per_cm3 = loaded_ug / 0.5;
    s.vehicle.solubility_ug_per_cm3 = None;
    let data = DataSeries {
        group: "Yuan 2023".into(),
        needled: true,
        time_h: points.iter().map(|p| p.0).collect(),
        amount_ug_per_cm2: points.iter().map(|p| p.1 / area_cm2).collect(),
        sd_ug_per_cm2: Some(points.iter().map(|p| p.2 / area_cm2).collect()),
    };
    (s, data)
}

fn yuan_ghk() -> (PermeationStudy, DataSeries) {
    let points = [(1.0, 19.55, 4.63), (3.0, 30.00, 3.08), (6.0, 39.10, 3.48), (9.0, 45.63, 4.00)];
    yuan(Permeant::find("ghk").unwrap(), 7888.0, points)
}

fn yuan_copper() -> (PermeationStudy, DataSeries) {
    let ion = Permeant {
        name: "Copper ion".into(),
        mw_da: 63.5,
        log_kow: -4.0,
        solubility_mg_per_ml: None,
        melting_point_c: None,
        groups: vec![],
        plasma: None,
        melanin: None,
        source: "Atomic weight; log Kow: so low that no lipid path counts".into(),
    };
    yuan(ion, 736.6, [(1.0, 16.95, 3.44), (3.0, 26.49, 2.38), (6.0, 36.27, 3.39), (9.0, 44.81, 5.34)])
}

/// With errors, the same each time.
fn noisy(series: &DataSeries, sd: f64, number: u32) -> DataSeries {
    let mut rng = stream(5, number, 0, Purpose::Observation);
    let normal = Normal::standard();
    let mut noisy = series.clone();
    for y in &mut noisy.amount_ug_per_cm2 {
        *y *= 1.0 + sd * normal.inverse_cdf(rng.random::<f64>().clamp(1e-9, 1.0 - 1e-9));
    }
    noisy
}

const CHANNELS: &str = "[array]\ndensity = \"270 /cm²\"\nradius = \"35 µm\"\ndepth = \"150 µm\"\n";

const TIMES: [f64; 8] = [1.0, 2.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0];

/// The card `channels.patency` rests on these two; thickness and place of the skin are the study's defaults.
#[test]
fn patency_by_yuan_2023() {
    for ((study, data), patency, half_life) in [(yuan_ghk(), 0.051, 0.96), (yuan_copper(), 0.253, 1.2)] {
        let data = [data];
        let alone = fit(&study, &data, &settings(&["open-channels"]), 1).unwrap();
        let e = &alone.estimates[0];
        assert!((e.value / patency).ln().abs() < 1.5f64.ln(), "{e:?}");
        assert!(e.card_low < e.value && e.value < e.card_high, "{e:?}");
        // One number cannot bend the curve, and the fit says so.
        assert!(alone.residual_sd > 2.0 && alone.warnings.iter().any(|w| w.contains("no value of these parameters fits")), "{alone:?}");
        let both = fit(&study, &data, &settings(&["open-channels", "closure"]), 1).unwrap();
        assert!(both.residual_sd < 1.5 && both.estimates[0].bounded_high, "{both:?}");
        assert!((both.estimates[1].value / half_life).ln().abs() < 2f64.ln(), "{both:?}");
    }
}

const PATENCY: (&str, f64) = ("channels.patency", 0.12);
const HALF_LIFE: (&str, f64) = ("channels.half_life_excised", 7.0);
const RESIDUAL: (&str, f64) = ("absorption.residual_potts_guy", 4.0);
const LAG: (&str, f64) = ("absorption.polar_lag", 1.5);

/// The estimates hold the true values, and the best ones lie within `share` of them.
fn near(found: &FitOutcome, truth: &[(&str, f64)], share: f64) {
    for (name, value) in truth {
        let e = found.estimates.iter().find(|e| e.name == *name).unwrap();
        assert!((e.value / value - 1.0).abs() < share && e.low <= *value && *value <= e.high, "{e:?}");
    }
}

#[test]
fn known_parameters_come_back() {
    let s = study(ARRAY);
    let needled = made(&s, true, &TIMES, &[PATENCY, HALF_LIFE]);
    let found = fit(&s, std::slice::from_ref(&needled), &settings(&["open-channels", "closure"]), 1).unwrap();
    near(&found, &[PATENCY, HALF_LIFE], 1e-3);
    assert!(found.not_told_apart.is_empty() && found.warnings.is_empty(), "{found:?}");
    assert!(found.r_squared > 0.999_999 && found.residual_sd < 1e-3, "{found:?}");
    let intact = made(&s, false, &TIMES, &[RESIDUAL, LAG]);
    let asked = ["intact-permeability", "absorption.polar_lag"];
    near(&fit(&s, std::slice::from_ref(&intact), &settings(&asked), 1).unwrap(), &[RESIDUAL, LAG], 1e-3);
    // Both arms together, with errors.
    let needled = made(&s, true, &TIMES, &[PATENCY, HALF_LIFE, RESIDUAL, LAG]);
    let data = [noisy(&needled, 0.1, 3), noisy(&intact, 0.1, 4)];
    let all = ["intact-permeability", "absorption.polar_lag", "open-channels", "closure"];
    let found = fit(&s, &data, &settings(&all), 1).unwrap();
    near(&found, &[PATENCY, HALF_LIFE, RESIDUAL, LAG], 0.5);
    assert_eq!(found.points, 16);
    assert!((0.4..1.6).contains(&found.residual_sd), "{found:?}");
    // The needles of a pen.
    let s = study(&ARRAY.replace(CHANNELS, "[treatment]\ndevice = \"drpen-a6\"\ndepth = \"0.5 mm\"\n"));
    let needled = made(&s, true, &TIMES, &[PATENCY, HALF_LIFE]);
    near(&fit(&s, &[needled], &settings(&["open-channels", "closure"]), 1).unwrap(), &[PATENCY, HALF_LIFE], 1e-3);
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_claim() {
    let s = study(ARRAY);
    let needled = (made(&s, true, &TIMES, &[PATENCY, HALF_LIFE]), ["open-channels", "closure"], [PATENCY, HALF_LIFE]);
    let intact = (made(&s, false, &TIMES, &[RESIDUAL, LAG]), ["intact-permeability", "absorption.polar_lag"], [RESIDUAL, LAG]);
    for stated in [false, true] {
        for (clean, names, truth) in [&needled, &intact] {
            let mut hits = [0; 2];
            for number in 0..24 {
                let mut data = noisy(clean, 0.1, number);
                if stated {
                    data.sd_ug_per_cm2 = Some(clean.amount_ug_per_cm2.iter().map(|y| 0.1 * y).collect());
                }
                let found = fit(&s, &[data], &settings(names), 1).unwrap();
                for (hits, ((_, truth), e)) in hits.iter_mut().zip(truth.iter().zip(&found.estimates)) {
                    *hits += u32::from(e.low <= *truth && *truth <= e.high);
                }
            }
            // 95 % of 24 are 22.8; fewer than 20 have a chance of 1 %.
            assert!(hits.iter().all(|h| *h >= 20), "{names:?} {hits:?}");
        }
    }
}

#[test]
fn what_these_points_cannot_tell_apart_is_said() {
    // Without a lipid path the two only occur as a product.
    let mut s = study(ARRAY);
    s.permeant.log_kow = -8.0;
    let data = [made(&s, false, &TIMES, &[RESIDUAL])];
    let mut settings_of = settings(&["intact-permeability", "absorption.polar_pathway"]);
    let found = fit(&s, &data, &settings_of, 1).unwrap();
    assert_eq!(
        found.not_told_apart,
        [
            "intact permeability and `absorption.polar_pathway` cannot be told apart by these points: only their product is determined (correlation -1.00)"
        ]
    );
    let product = found.estimates.iter().map(|e| e.value / e.start).product::<f64>();
    assert!((product / 4.0 - 1.0).abs() < 0.01, "{product}");
    assert!(found.estimates.iter().all(|e| e.bounded_high), "{found:?}");
    // With what the cards know the interval has ends; the wider card gives way.
    settings_of.prior = true;
    let found = fit(&s, &data, &settings_of, 1).unwrap();
    assert!(found.estimates.iter().all(|e| !e.bounded_low && !e.bounded_high), "{found:?}");
    assert!(found.estimates[0].value > 2.5 && found.estimates[1].value < 1.6 * found.estimates[1].start, "{found:?}");

    // Steady flux through needled skin whose channels stay open.
    let mut s = study(&ARRAY.replace("24 h", "48 h").replace("amount = \"1000 µL/cm²\"", "infinite = true"));
    let mut card = s.parameters.card("channels.half_life_excised").unwrap().clone();
    card.value = 1e6;
    s.parameters.insert("channels.half_life_excised", card).unwrap();
    let steady = made(&s, true, &[20.0, 25.0, 30.0, 40.0, 48.0], &[("channels.patency", 0.02)]);
    let found = fit(&s, &[noisy(&steady, 0.05, 1)], &settings(&["open-channels", "tissue-diffusion"]), 1).unwrap();
    assert!(found.not_told_apart[0].starts_with("open channels and tissue diffusion cannot be told apart"), "{found:?}");
    assert!(found.correlations[0][1] < -0.95 && found.estimates[1].bounded_high, "{found:?}");
}

#[test]
fn the_same_each_time() {
    let s = study(ARRAY);
    let data = [noisy(&made(&s, true, &TIMES, &[PATENCY, HALF_LIFE]), 0.1, 2)];
    let of = || format!("{:?}", fit(&s, &data, &settings(&["open-channels", "closure"]), 7).unwrap());
    assert_eq!(of(), of());
}

#[test]
fn a_fit_in_a_terminal() {
    let s = study(ARRAY);
    let mut data = noisy(&made(&s, true, &TIMES, &[PATENCY, HALF_LIFE]), 0.1, 2);
    data.time_h.insert(0, 0.0);
    data.amount_ug_per_cm2.insert(0, 0.0);
    let mut found = fit(&s, &[data], &settings(&["open-channels", "closure", "tissue-diffusion"]), 1).unwrap();
    assert!(found.evaluations > 100);
    // It may differ by a few between processors.
    found.evaluations = 1000;
    insta::assert_snapshot!(describe(&found));
    let curve = &found.curves[0];
    assert_eq!((curve.data_time_h.len(), curve.fitted_ug_per_cm2.len()), (9, 9));
    assert!(curve.times_h.len() > 60 && curve.times_h.windows(2).all(|t| t[0] < t[1]));
    let (study, data) = yuan_ghk();
    let mut found = fit(&study, &[data], &settings(&["open-channels"]), 1).unwrap();
    found.evaluations = 133;
    insta::assert_snapshot!(describe(&found));
}

#[test]
fn mistakes_are_told_with_a_way_out() {
    let s = study(ARRAY);
    let needled = made(&s, true, &TIMES, &[PATENCY]);
    let intact = made(&s, false, &TIMES, &[]);
    let mut bare = s.clone();
    bare.treatment = None;
    let mut measured = s.clone();
    measured.barrier.measured_kp_cm_per_h = Some(1e-4);
    let says = |study: &PermeationStudy, data: &[&DataSeries], names: &[&str]| {
        let data: Vec<DataSeries> = data.iter().map(|d| (*d).clone()).collect();
        fit(study, &data, &settings(names), 1).unwrap_err().to_string()
    };
    let changed = |change: &dyn Fn(&mut DataSeries)| {
        let mut series = needled.clone();
        change(&mut series);
        says(&s, &[&series], &["open-channels"])
    };
    let found = [
        says(&s, &[&needled], &[]),
        says(&s, &[&needled], &["channels.patensy"]),
        says(&s, &[&needled], &["healing.alarm_decay"]),
        says(&s, &[&needled], &["open-channels", "channels.patency"]),
        says(&s, &[&needled], &["absorption.potts_guy_intercept"]),
        says(&measured, &[&intact], &["intact-permeability"]),
        says(&bare, &[&intact], &["open-channels"]),
        says(&bare, &[&needled], &["intact-permeability"]),
        says(&s, &[&intact], &["open-channels"]),
        says(&s, &[], &["open-channels"]),
        changed(&|d| {
            d.time_h.truncate(1);
            d.amount_ug_per_cm2.truncate(1);
            d.time_h[0] = 0.0;
        }),
        says(&s, &[&made(&s, true, &[1.0, 2.0], &[])], &["open-channels", "closure", "tissue-diffusion"]),
        changed(&|d| d.time_h[7] = 30.0),
        changed(&|d| d.time_h[0] = -1.0),
        changed(&|d| d.amount_ug_per_cm2[3] = f64::NAN),
        changed(&|d| d.sd_ug_per_cm2 = Some(vec![0.0; 8])),
        changed(&|d| d.amount_ug_per_cm2 = vec![0.0; 8]),
    ];
    // The list of what a study reads grows with the cards.
    let short = |text: &String| {
        let (said, reads) = text.split_once("\nthis study reads: ").unwrap_or((text, ""));
        if reads.is_empty() {
            return said.to_owned();
        }
        assert!(reads.contains("channels.patency") != said.contains("no treatment") && !reads.contains("healing."), "{reads}");
        format!("{said}\nthis study reads: ...")
    };
    insta::assert_snapshot!(found.iter().map(short).collect::<Vec<_>>().join("\n\n"));
}
