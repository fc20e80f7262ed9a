//! A permeation study in words: what would run, and what came out.

use percuta::absorption::Relation;
use percuta::course::permeation::file::LoadedStudy;
use percuta::course::permeation::{Arm, PermeationOutcome, PermeationStudy, Preparation, Treatment};
use percuta::device::expected_density_per_cm2;
use percuta::population::{Draw, Interval};
use percuta::skin::Sex;

use crate::check::significant as two_digits;
use crate::readouts::short;
use crate::terminal;

/// Reported numbers that most users look for first, in this order.
const QUANTITIES: [&str; 10] =
    ["amt", "percent_absorbed", "in_skin", "jmax", "tmax", "lag", "kp", "jss", "enhancement_ratio", "enhancement_ratio_kp"];

/// What a study would run.
pub fn describe(loaded: &LoadedStudy) -> String {
    let s = &loaded.study;
    let sex = if s.person.sex == Sex::Female { "female" } else { "male" };
    let permeant = &s.permeant;
    let mut rows = vec![
        ("study", s.name.clone()),
        ("permeant", format!("{}, {} Da, log Kow {}", permeant.name, permeant.mw_da, permeant.log_kow)),
        ("skin", format!("{}, {}, {} °C", preparation(s), s.site.name, s.sample.temperature_c)),
        ("person", format!("{sex}, {} years, Fitzpatrick {}", s.person.age_years, s.person.tone.fitzpatrick())),
        ("treatment", treatment(s)),
        ("vehicle", vehicle(s)),
        ("dose", dose(s)),
        ("samples", format!("{} over {} h: {}", s.samples_h.len(), s.duration_h, hours(&s.samples_h))),
        (
            "size",
            format!("{} with {} each, {} cm²", count(s.donors as usize, "donor"), count(s.replicates as usize, "replicate"), s.area_cm2),
        ),
        ("barrier", barrier(s)),
    ];
    if !s.data.is_empty() {
        let points: usize = s.data.iter().map(|d| d.time_h.len()).sum();
        rows.push(("data", format!("{} in {}", count(points, "measured point"), count(s.data.len(), "group"))));
    }
    rows.extend(loaded.block.map(|b| ("block", format!("{} mm, voxels of {} µm", b.side_um / 1000.0, b.resolution_um))));
    rows.push(("ensemble", format!("{} members over {} parameters, seed {}", loaded.members, s.parameters.len(), loaded.seed)));
    rows.iter().map(|(name, text)| format!("  {name:<10} {}\n", terminal::wrap(text, 96, "             "))).collect()
}

fn preparation(study: &PermeationStudy) -> String {
    let name = match study.sample.preparation {
        Preparation::InVivo => "on a living person",
        Preparation::Epidermis => "epidermis over a receptor",
        Preparation::Dermatomed => "dermatomed over a receptor",
        Preparation::FullThickness => "full thickness over a receptor",
    };
    study.sample.thickness_um.map_or_else(|| name.to_owned(), |um| format!("{name}, {um} µm"))
}

fn treatment(study: &PermeationStudy) -> String {
    match &study.treatment {
        None => "none (intact skin)".into(),
        Some(Treatment::Array { density_per_cm2, radius_um, depth_um }) => {
            format!("{density_per_cm2} channels per cm², radius {radius_um} µm, {depth_um} µm deep")
        }
        Some(Treatment::Needling { device, motion, setting_um }) => {
            let density = expected_density_per_cm2(device, motion, &Draw::central(&study.parameters));
            let density = density.map_or_else(|_| String::new(), |d| format!(", about {} punctures per cm²", two_digits(d)));
            format!("{}, set to {} mm{density}", device.name, setting_um / 1000.0)
        }
    }
}

fn vehicle(study: &PermeationStudy) -> String {
    let v = &study.vehicle;
    let mut text = format!("{} mg/mL", v.concentration_ug_per_cm3 / 1000.0);
    let mut add = |part: Option<String>| text.extend(part.map(|p| format!(", {p}")));
    add(v.solubility_ug_per_cm3.map(|s| format!("dissolves {} mg/mL", s / 1000.0)));
    add((v.partition != 1.0).then(|| format!("partition {} to water", v.partition)));
    add(v.ph.map(|ph| format!("pH {ph}")));
    add(v.drying_half_life_h.map(|h| format!("dries with a half-life of {} to {} %", time(h), 100.0 * v.residue)));
    add(v.permeant_half_life_h.map(|h| format!("permeant evaporates with a half-life of {}", time(h))));
    text
}

fn dose(study: &PermeationStudy) -> String {
    let d = &study.dosing;
    let mut text = if d.infinite {
        "infinite".to_owned()
    } else {
        let at = if d.applied_h.len() > 1 { format!(" at {}", hours(&d.applied_h)) } else { String::new() };
        format!("{} µL/cm²{at}", four_digits(1000.0 * d.layer_cm))
    };
    if study.treatment.is_some() {
        let after = if d.after_treatment_h > 0.0 { time(d.after_treatment_h) } else { "right".into() };
        text += &format!(", {after} after the treatment");
    }
    text += if d.occluded { ", occluded" } else { ", open" };
    if let Some(washed) = d.washed_h {
        text += &format!(", {} % washed off at {}", 100.0 * d.washed_share, time(washed));
    }
    text
}

fn barrier(study: &PermeationStudy) -> String {
    let b = &study.barrier;
    if let Some(kp) = b.measured_kp_cm_per_h {
        return format!("measured, Kp {kp} cm/h");
    }
    let name = match b.relation {
        Relation::PottsGuy => "Potts and Guy 1992",
        Relation::Wilschut => "Wilschut et al. 1995",
        Relation::Mitragotri => "Mitragotri 2002",
        Relation::Surrey => "Chen et al. 2015 (Surrey)",
    };
    if b.cleek_bunge { format!("{name}, corrected after Cleek and Bunge 1993") } else { name.into() }
}

/// `1 donor` or `3 donors`.
fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// `30 min`, `8 h` or `2 d`.
fn time(hours: f64) -> String {
    match hours {
        h if h > 0.0 && h < 1.0 => format!("{} min", four_digits(60.0 * h)),
        h if h >= 48.0 => format!("{} d", four_digits(h / 24.0)),
        h => format!("{} h", four_digits(h)),
    }
}

fn four_digits(x: f64) -> f64 {
    format!("{x:.3e}").parse().unwrap_or(x)
}

/// `1, 2, 4 h`.
fn hours(times: &[f64]) -> String {
    let all: Vec<String> = times.iter().map(|h| four_digits(*h).to_string()).collect();
    match all.len() {
        0..=12 => format!("{} h", all.join(", ")),
        n => format!("{}, ... {} h", all[..10].join(", "), all[n - 1]),
    }
}

/// The tables and sentences at the end of a run.
pub fn result(outcome: &PermeationOutcome) -> String {
    let arms: Vec<&Arm> = outcome.arms.iter().collect();
    let mut head = vec![format!("median (90 % interval) of {} members", outcome.members), "unit".to_owned()];
    head.extend(arms.iter().map(|a| if a.needled { "needled".to_owned() } else { "intact".to_owned() }));
    let value = |v: Option<Interval>| v.map_or_else(|| "-".into(), interval);
    let mut rows = vec![head];
    for key in QUANTITIES {
        let of = |arm: &Arm| arm.quantities.iter().find(|q| q.key == key).cloned();
        let Some(first) = arms.iter().find_map(|a| of(a)) else { continue };
        let unit = if first.unit == "1" { String::new() } else { first.unit.clone() };
        let mut row = vec![first.name.clone(), unit];
        row.extend(arms.iter().map(|a| value(of(a).map(|q| q.value))));
        rows.push(row);
    }
    let mut dose = vec![vec![format!("share of the dose at {} h", four_digits(outcome.study.duration_h)), "unit".into()]];
    dose[0].extend(arms.iter().map(|a| if a.needled { "needled".to_owned() } else { "intact".to_owned() }));
    for (i, compartment) in arms.first().map_or(&[][..], |a| &a.compartments).iter().enumerate() {
        let last: Vec<Option<Interval>> =
            arms.iter().map(|a| a.compartments.get(i).and_then(|c| c.percent_of_dose.last().copied())).collect();
        // A place where nothing ever is need not be listed.
        if last.iter().flatten().all(|v| v.high == 0.0) {
            continue;
        }
        let mut row = vec![compartment.name.clone(), "%".into()];
        row.extend(last.into_iter().map(|v| v.map_or_else(|| "-".into(), shares)));
        dose.push(row);
    }
    let mut text = table(&rows);
    if !outcome.study.dosing.infinite {
        text += &format!("\n\n{}", table(&dose));
    }
    for paragraph in [window(outcome), Some(outcome.explanation.clone())].into_iter().flatten() {
        text += &format!("\n\n  {}", terminal::wrap(&paragraph, 100, "  "));
    }
    text
}

/// Until when it pays to apply.
fn window(outcome: &PermeationOutcome) -> Option<String> {
    let window = outcome.window.as_ref()?;
    let until = |v: &Interval| format!("{} h ({} to {})", short(v.median), short(v.low), short(v.high));
    let (open, covered) = (&window.pays_until_open_h, &window.pays_until_occluded_h);
    // Excised skin does not heal, covered or not.
    let when = if open == covered {
        format!("{} after the treatment", until(open))
    } else {
        format!("{} after the treatment in the open and {} under a cover", until(open), until(covered))
    };
    Some(format!("Of the permeability that the channels add, a tenth is left {when}: applying later gains little."))
}

/// Per cent of a dose: what is below a hundredth of one no study would find.
fn shares(v: Interval) -> String {
    let share = |x: f64| if x > 0.0 && x < 0.01 { "<0.01".to_owned() } else { digits(x) };
    format!("{} ({} to {})", share(v.median), share(v.low), share(v.high))
}

/// Three significant digits each, in powers of ten where decimals would be lost.
fn interval(v: Interval) -> String {
    format!("{} ({} to {})", digits(v.median), digits(v.low), digits(v.high))
}

fn digits(x: f64) -> String {
    match x.abs() {
        0.0 => "0".into(),
        small if small < 1e-2 => format!("{x:.1e}"),
        large if large >= 1e5 => format!("{x:.2e}"),
        _ => short(x),
    }
}

/// Columns beside each other: two to the left, numbers as they come.
fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |i: usize| rows.iter().filter_map(|r| r.get(i)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, w)| format!("  {cell:<w$}"));
        cells.collect::<String>().trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}
