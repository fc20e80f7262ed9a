//! Whole permeation studies.

use std::sync::atomic::AtomicBool;

use percuta::absorption::{Dosing, Permeant, Relation, Vehicle};
use percuta::course::RunOptions;
use percuta::course::permeation::{BarrierChoice, PermeationOutcome, PermeationStudy, Preparation, SkinSample, Treatment, run};
use percuta::device::{Device, Motion};
use percuta::population::ParameterSet;
use percuta::skin::{Person, Sex, Tone, site_for};

fn study(permeant: &str, preparation: Preparation, treatment: Option<Treatment>) -> PermeationStudy {
    let person = Person { age_years: 45.0, sex: Sex::Female, tone: Tone::from_fitzpatrick("II").unwrap() };
    let site = site_for("abdomen", &person).unwrap();
    let mut parameters = ParameterSet::embedded().unwrap();
    for (key, card) in &site.cards {
        parameters.insert(&format!("skin.{key}"), card.clone()).unwrap();
    }
    if let Some(Treatment::Needling { device, .. }) = &treatment {
        for (key, card) in &device.cards {
            parameters.insert(&format!("device.{key}"), card.clone()).unwrap();
        }
    }
    PermeationStudy {
        name: "test".into(),
        description: String::new(),
        person,
        site,
        sample: SkinSample { preparation, thickness_um: None, temperature_c: 32.0 },
        treatment,
        permeant: Permeant::find(permeant).unwrap(),
        vehicle: Vehicle::water(50_000.0),
        dosing: Dosing::infinite(),
        duration_h: 6.0,
        samples_h: vec![1.0, 2.0, 4.0, 6.0],
        area_cm2: 1.0,
        donors: 2,
        replicates: 3,
        barrier: BarrierChoice { relation: Relation::PottsGuy, cleek_bunge: false, measured_kp_cm_per_h: None },
        data: vec![],
        parameters,
    }
}

fn pen(setting_um: f64, passes: u32) -> Treatment {
    Treatment::Needling {
        device: Box::new(Device::find("drpen-a6").unwrap()),
        motion: Motion { passes, directions_deg: vec![0.0, 90.0], glide_um_per_s: 20_000.0, overlap: 0.0 },
        setting_um,
    }
}

fn outcome(study: &PermeationStudy, members: u32) -> PermeationOutcome {
    run(study, &RunOptions { seed: 1, members, threads: None }, &|_, _| (), &AtomicBool::new(false)).unwrap()
}

fn value(outcome: &PermeationOutcome, needled: bool, key: &str) -> percuta::population::Interval {
    let arm = outcome.arms.iter().find(|a| a.needled == needled).unwrap();
    arm.quantities.iter().find(|q| q.key == key).unwrap().value
}

#[test]
fn look() {
    for (prep, passes, depth) in [
        (Preparation::Dermatomed, 4, 500.0),
        (Preparation::FullThickness, 4, 250.0),
        (Preparation::FullThickness, 4, 1000.0),
        (Preparation::FullThickness, 16, 500.0),
    ] {
        let o = outcome(&study("naloxone", prep, Some(pen(depth, passes))), 256);
        println!("{prep:?} {passes} {depth}");
        std::io::Write::flush(&mut std::io::stdout()).unwrap();
        for key in ["amt", "kp", "lag", "enhancement_ratio", "enhancement_ratio_kp"] {
            println!("  {key} {:?}", value(&o, true, key));
        }
        println!("  intact amt {:?} lag {:?}", value(&o, false, "amt"), value(&o, false, "lag"));
        println!("  {:?}", o.channels);
        println!("  {}", o.explanation);
        let w = o.window.as_ref().unwrap();
        println!("  pays {:?} {:?}", w.pays_until_open_h, w.pays_until_occluded_h);
        for d in o.drivers.iter().take(6) {
            println!("    {} {:.2}", d.parameter, d.rank_correlation);
        }
        println!("gap {:e}", o.arms[0].balance_gap);
    }
}
