//! The vehicle and the dose of a permeation study.

use toml::Spanned;

use super::format::{DoseFile, VehicleFile};
use super::resolve::increasing;
use crate::absorption::{Dosing, Permeant, Vehicle};
use crate::course::text::{Fault, plain_number};
use crate::units::Duration;

/// One mg/mL of the lightest vehicle would be solid beyond this.
const DENSEST_MG_PER_ML: f64 = 2000.0;
/// The donor of a diffusion cell is a few cm high.
const LARGEST_DOSE_UL_PER_CM2: f64 = 10_000.0;
const MOST_APPLICATIONS: usize = 100;
/// Channels are closed long before.
const LATEST_AFTER_TREATMENT_H: f64 = 30.0 * 24.0;
/// Area of the whole skin of an adult is below this; larger is a slip of the unit.
const LARGEST_AREA_CM2: f64 = 30_000.0;
/// Opening of a small Franz cell, and half of a face's cheek.
const AREA_CM2: [f64; 2] = [0.64, 20.0];
/// Octanol over water spans less for any permeant a skin would meet.
const PARTITIONS: [f64; 2] = [1e-8, 1e8];
const UG_PER_CM3: f64 = 1000.0;

/// The vehicle; it dissolves as much as it says, or as the permeant's solubility in water and the partition say.
pub(super) fn vehicle(file: &VehicleFile, permeant: Option<&Permeant>, faults: &mut Vec<Fault>) -> Option<Vehicle> {
    let before = faults.len();
    let concentration = file.concentration.get_ref().mg_per_ml();
    if concentration <= 0.0 || concentration > DENSEST_MG_PER_ML {
        faults.push(
            Fault::new(file.concentration.span(), format!("the concentration is {concentration} mg/mL"))
                .expected(format!("above 0 and up to {DENSEST_MG_PER_ML} mg/mL, the density of a solid"))
                .example("concentration = \"20 mg/mL\""),
        );
    }
    let partition = *file.partition.get_ref();
    let possible = (PARTITIONS[0]..=PARTITIONS[1]).contains(&partition);
    if !possible {
        faults.push(
            Fault::new(file.partition.span(), format!("the partition between vehicle and water is {}", plain_number(partition)))
                .expected("a ratio of concentrations above 0; 1 for an aqueous vehicle")
                .example("partition = 1.0"),
        );
    }
    if let Some(ph) = file.ph.as_ref().filter(|ph| !(0.0..=14.0).contains(ph.get_ref())) {
        faults.push(
            Fault::new(ph.span(), format!("the pH is {}", plain_number(*ph.get_ref())))
                .expected("0 to 14; leave `ph` out for an unbuffered vehicle")
                .example("ph = 5.5"),
        );
    }
    let residue = file.residue.get_ref().fraction();
    if residue <= 0.0 || residue > 1.0 {
        faults.push(
            Fault::new(file.residue.span(), format!("{} % of the vehicle does not evaporate", 100.0 * residue))
                .expected("above 0 % and up to 100 %: the permeant stays in something")
                .example("residue = \"5 %\""),
        );
    }
    for (key, half_life) in [("drying_half_life", &file.drying_half_life), ("permeant_half_life", &file.permeant_half_life)] {
        if let Some(zero) = half_life.as_ref().filter(|h| h.get_ref().hours() <= 0.0) {
            faults.push(
                Fault::new(zero.span(), format!("`{key}` is 0"))
                    .expected("a time above 0; leave the key out if nothing evaporates")
                    .example(format!("{key} = \"10 min\"")),
            );
        }
    }
    let own = file.solubility.as_ref().map(|s| s.get_ref().mg_per_ml());
    if let Some(zero) = file.solubility.as_ref().filter(|s| s.get_ref().mg_per_ml() <= 0.0) {
        faults.push(
            Fault::new(zero.span(), "the vehicle dissolves nothing")
                .expected("a solubility above 0; leave the key out if it is not known")
                .example("solubility = \"50 mg/mL\""),
        );
    }
    // At equal thermodynamic activity both are saturated.
    let solubility = own.or_else(|| permeant?.solubility_mg_per_ml.map(|s| s * partition));
    if let Some(most) =
        solubility.filter(|s| possible && own != Some(0.0) && concentration <= DENSEST_MG_PER_ML && concentration > *s && !file.suspension)
    {
        let (name, of) = match (own, permeant) {
            (None, Some(p)) if partition == 1.0 => (p.name.as_str(), "its solubility in water"),
            (None, Some(p)) => (p.name.as_str(), "its solubility in water times `partition`"),
            _ => ("the permeant", "`vehicle.solubility`"),
        };
        let most = four_digits(most);
        faults.push(
            Fault::new(file.concentration.span(), format!("{concentration} mg/mL of {name} are more than the {most} mg/mL of {of}"))
                .expected(format!("at most {most} mg/mL, or `suspension = true` if the rest lies undissolved"))
                .example(format!("concentration = \"{most} mg/mL\""))
                .help("if this vehicle dissolves more, say so with `solubility`"),
        );
    }
    let hours = |key: &Option<Spanned<Duration>>| key.as_ref().map(|h| h.get_ref().hours());
    (faults.len() == before).then_some(Vehicle {
        concentration_ug_per_cm3: concentration * UG_PER_CM3,
        solubility_ug_per_cm3: solubility.map(|s| s * UG_PER_CM3),
        partition,
        ph: file.ph.as_ref().map(|ph| *ph.get_ref()),
        drying_half_life_h: hours(&file.drying_half_life),
        residue,
        permeant_half_life_h: hours(&file.permeant_half_life),
    })
}

fn four_digits(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}

/// Amount, times, wash and cover.
pub(super) fn dosing(file: &DoseFile, duration_h: Option<f64>, treated: bool, faults: &mut Vec<Fault>) -> Option<Dosing> {
    let before = faults.len();
    let infinite = *file.infinite.get_ref();
    let layer_cm = match (&file.amount, infinite) {
        (Some(amount), true) => {
            faults.push(
                Fault::new(amount.span(), "a donor that never depletes has no amount")
                    .expected("`amount` or `infinite = true`, not both")
                    .example("infinite = true"),
            );
            0.0
        }
        (None, true) => Dosing::infinite().layer_cm,
        (None, false) => {
            faults.push(
                Fault::new(file.infinite.span(), "a finite dose has no `amount`")
                    .expected("the volume of an application, or `infinite = true`")
                    .example("amount = \"10 µL/cm²\""),
            );
            0.0
        }
        (Some(amount), false) => {
            let volume = amount.get_ref().ul_per_cm2();
            if volume <= 0.0 || volume > LARGEST_DOSE_UL_PER_CM2 {
                faults.push(
                    Fault::new(amount.span(), format!("the volume put on the skin is {volume} µL/cm²"))
                        .expected(format!("above 0 and up to {LARGEST_DOSE_UL_PER_CM2} µL/cm²"))
                        .example("amount = \"10 µL/cm²\""),
                );
            }
            volume * 1e-3
        }
    };
    let applied_h = applications(file, infinite, duration_h, faults);
    let washed_h = file.wash_off.as_ref().map(|w| w.get_ref().hours());
    if let (Some(time), Some(key)) = (washed_h, &file.wash_off) {
        let wrong = match duration_h {
            _ if infinite => Some("a donor that never depletes is not washed off".to_owned()),
            _ if time <= 0.0 => Some("the skin is washed before anything has been on it".to_owned()),
            Some(end) if time > end => Some(format!("the skin is washed at {time} h, after the end of the study at {end} h")),
            _ => None,
        };
        if let Some(message) = wrong {
            faults.push(
                Fault::new(key.span(), message)
                    .expected("a time after the first application at 0 h and up to `study.duration`")
                    .example("wash_off = \"8 h\""),
            );
        }
    }
    let washed_share = file.washed.get_ref().fraction();
    if washed_share > 1.0 {
        faults.push(
            Fault::new(file.washed.span(), format!("washing takes away {} % of what is there", 100.0 * washed_share))
                .expected("0 % to 100 %")
                .example("washed = \"95 %\""),
        );
    }
    let after_treatment_h = file.after_treatment.get_ref().hours();
    if after_treatment_h > 0.0 && !treated {
        faults.push(
            Fault::new(file.after_treatment.span(), format!("there is no treatment that the dose could follow by {after_treatment_h} h"))
                .expected("a table `[treatment]` or `[array]`, or no `after_treatment`")
                .example("after_treatment = \"0 min\""),
        );
    } else if after_treatment_h > LATEST_AFTER_TREATMENT_H {
        faults.push(
            Fault::new(file.after_treatment.span(), format!("the first application is {after_treatment_h} h after the treatment"))
                .expected(format!("at most {} d: channels are closed long before", LATEST_AFTER_TREATMENT_H / 24.0))
                .example("after_treatment = \"30 min\""),
        );
    }
    (faults.len() == before).then(|| Dosing {
        layer_cm,
        infinite,
        applied_h,
        washed_h,
        washed_share,
        occluded: file.occluded.unwrap_or(infinite),
        after_treatment_h,
    })
}

/// Times of the applications, h.
fn applications(file: &DoseFile, infinite: bool, duration_h: Option<f64>, faults: &mut Vec<Fault>) -> Vec<f64> {
    let given = file.times.get_ref();
    let example = "times = [\"0 h\", \"12 h\"]";
    let whole = |message: String, expected: String| Fault::new(file.times.span(), message).expected(expected).example(example);
    let hours = increasing(given, "the application at", example, faults);
    match hours.first() {
        None => faults.push(whole("there is no application".into(), "at least the one at 0 h".into())),
        Some(first) if *first != 0.0 => faults.push(
            Fault::new(given[0].span(), format!("the first application is at {first} h"))
                .expected("0 h: the study begins with it")
                .example(example)
                .help("the time between treatment and first application is `after_treatment`"),
        ),
        Some(_) => {}
    }
    if infinite && hours.len() > 1 {
        faults.push(whole("a donor that never depletes is put on more than once".into(), "one application at 0 h".into()));
    }
    if hours.len() > MOST_APPLICATIONS {
        faults.push(whole(format!("there are {} applications", hours.len()), format!("at most {MOST_APPLICATIONS}")));
    }
    for (time, at) in hours.iter().zip(given) {
        if let Some(end) = duration_h.filter(|end| time >= end) {
            faults.push(
                Fault::new(at.span(), format!("the application at {time} h comes at or after the end of the study at {end} h"))
                    .expected("times before `study.duration`")
                    .example(example),
            );
        }
    }
    hours
}

/// Area under the product, cm².
pub(super) fn area(file: &DoseFile, excised: bool, faults: &mut Vec<Fault>) -> f64 {
    let Some(key) = &file.area else { return AREA_CM2[usize::from(!excised)] };
    let area = key.get_ref().cm2();
    if area <= 0.0 || area > LARGEST_AREA_CM2 {
        faults.push(
            Fault::new(key.span(), format!("the area under the product is {area} cm²"))
                .expected(format!("above 0 and up to {LARGEST_AREA_CM2} cm²"))
                .example("area = \"0.64 cm²\""),
        );
    }
    area
}
