//! The tidy tables of a permeation study.

use percuta::course::permeation::{PermeationOutcome, Replicate};
use percuta::population::Interval;

use super::words::arm_key;
use super::{efsa, ivpt};
use crate::error::ReportError;
use crate::tables::both_formats;
use crate::tables::table::{Column, Table, integer, number, text};

const OF: &str = "see column unit";

/// Every table: path in the folder and contents.
pub fn files(outcome: &PermeationOutcome, version: &str) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut files = Vec::new();
    for table in tables(outcome) {
        files.extend(both_formats(&table, version)?);
    }
    Ok(files)
}

/// The tables the outcome has data for.
fn tables(outcome: &PermeationOutcome) -> Vec<Table> {
    let mut all = vec![curves(outcome), quantities(outcome), profiles(outcome)];
    if !outcome.replicates.is_empty() {
        all.extend([mass_balance(outcome), ivpt_replicates(outcome), ivpt_donors(outcome), samples(outcome)]);
    }
    all.extend(window(outcome));
    all.extend(closure(outcome));
    all.extend(block(outcome));
    if !outcome.study.data.is_empty() {
        all.push(measured(outcome));
    }
    if !outcome.drivers.is_empty() {
        all.push(drivers(outcome));
    }
    all
}

/// Median and interval as three columns in the making.
#[derive(Default)]
struct Spreads([Vec<f64>; 3]);

impl Spreads {
    fn push(&mut self, v: &Interval) {
        for (column, x) in self.0.iter_mut().zip([v.median, v.low, v.high]) {
            column.push(x);
        }
    }

    fn columns(self, unit: &'static str) -> [Column; 3] {
        let [median, low, high] = self.0;
        [number("median", unit, median), number("low", unit, low), number("high", unit, high)]
    }
}

fn curves(outcome: &PermeationOutcome) -> Table {
    let (mut arm, mut time, mut quantity, mut unit, mut values) = (vec![], vec![], vec![], vec![], Spreads::default());
    for a in &outcome.arms {
        let mut add = |name: &str, of: &str, curve: &[Interval]| {
            for (&t, v) in outcome.times_h.iter().zip(curve) {
                arm.push(arm_key(a.needled).to_owned());
                time.push(t);
                quantity.push(name.to_owned());
                unit.push(of.to_owned());
                values.push(v);
            }
        };
        add("cumulative", "µg/cm²", &a.cumulative_ug_per_cm2);
        add("flux", "µg/cm²/h", &a.flux_ug_per_cm2_h);
        if let Some(plasma) = &a.plasma_ng_per_ml {
            add("plasma", "ng/mL", plasma);
        }
        for c in &a.compartments {
            add(&format!("share_{}", c.key), "% of dose", &c.percent_of_dose);
        }
    }
    let mut columns = vec![text("arm", arm), number("time_h", "h", time), text("quantity", quantity)];
    columns.extend(values.columns(OF));
    columns.push(text("unit", unit));
    Table { name: "curves", description: "One row per arm, quantity and time: median, 5th and 95th percentile over the members.", columns }
}

fn quantities(outcome: &PermeationOutcome) -> Table {
    let (mut arm, mut key, mut unit, mut meaning, mut values) = (vec![], vec![], vec![], vec![], Spreads::default());
    for a in &outcome.arms {
        for q in &a.quantities {
            arm.push(arm_key(a.needled).to_owned());
            key.push(q.key.clone());
            unit.push(q.unit.clone());
            meaning.push(q.meaning.clone());
            values.push(&q.value);
        }
    }
    let mut columns = vec![text("arm", arm), text("quantity", key)];
    columns.extend(values.columns(OF));
    columns.extend([text("unit", unit), text("meaning", meaning)]);
    Table {
        name: "quantities",
        description: "One row per arm and reported quantity: median, 5th and 95th percentile over the members.",
        columns,
    }
}

fn profiles(outcome: &PermeationOutcome) -> Table {
    let (mut arm, mut time, mut depth, mut values) = (vec![], vec![], vec![], Spreads::default());
    for a in &outcome.arms {
        for p in &a.profiles {
            for (&z, v) in p.depth_um.iter().zip(&p.concentration_ug_per_cm3) {
                arm.push(arm_key(a.needled).to_owned());
                time.push(p.time_h);
                depth.push(z);
                values.push(v);
            }
        }
    }
    let mut columns = vec![text("arm", arm), number("time_h", "h", time), number("depth_um", "µm", depth)];
    columns.extend(values.columns("µg/cm³"));
    Table {
        name: "profiles",
        description: "One row per arm, time and depth: concentration in the tissue (bound and free, channels left out), median, 5th and 95th percentile over the members.",
        columns,
    }
}

/// Arm, donor and replicate of rows of replicates.
fn identity<'a>(of: impl Iterator<Item = (bool, u32, u32)> + Clone + 'a) -> Vec<Column> {
    vec![
        text("arm", of.clone().map(|(needled, ..)| arm_key(needled).to_owned()).collect()),
        integer("donor", of.clone().map(|(_, donor, _)| i64::from(donor)).collect()),
        integer("replicate", of.map(|(.., replicate)| i64::from(replicate)).collect()),
    ]
}

fn mass_balance(outcome: &PermeationOutcome) -> Table {
    let rows = efsa::rows(outcome);
    let mut columns = identity(rows.iter().map(|r| (r.needled, r.donor, r.replicate)));
    let names = [
        "receptor_and_chamber_wash",
        "stripped_skin",
        "strips_3_plus",
        "strips_1_2",
        "skin_washes",
        "evaporated",
        "total_recovery",
        "t_half",
    ];
    for (k, name) in names.into_iter().enumerate() {
        let unit = if name == "t_half" { "% of the amount at the end" } else { "% of dose" };
        columns.push(number(name, unit, rows.iter().map(|r| r.shares()[k]).collect()));
    }
    columns.push(number("surface_dose_ug_per_cm2", "µg/cm²", rows.iter().map(|r| r.surface_dose_ug_per_cm2).collect()));
    Table {
        name: "mass_balance",
        description: "One row per replicate of the simulated study, in the columns of EFSA 2017 Table 5; stripped skin holds viable epidermis, dermis and channels, skin washes hold what is left on the skin at the end.",
        columns,
    }
}

fn ivpt_replicates(outcome: &PermeationOutcome) -> Table {
    let of = |value: fn(&Replicate) -> f64| outcome.replicates.iter().map(value).collect::<Vec<f64>>();
    let mut columns = identity(outcome.replicates.iter().map(|r| (r.needled, r.donor, r.replicate)));
    columns.extend([
        number("jmax_ug_per_cm2_h", "µg/cm²/h", of(|r| r.jmax_ug_per_cm2_h)),
        number("tmax_h", "h", of(|r| r.tmax_h)),
        number("amt_ug_per_cm2", "µg/cm²", of(|r| r.amt_ug_per_cm2)),
    ]);
    Table {
        name: "ivpt",
        description: "One row per replicate of the simulated study: greatest flux between two samples (Jmax), middle of its interval, total amount at the end (AMT).",
        columns,
    }
}

fn ivpt_donors(outcome: &PermeationOutcome) -> Table {
    let (mut arm, mut readout, mut unit, mut level) = (vec![], vec![], vec![], vec![]);
    let (mut donor, mut n, mut mean, mut cv) = (vec![], vec![], vec![], vec![]);
    let readouts: [(&str, &str, ivpt::Readout); 2] =
        [("jmax", "µg/cm²/h", |r| r.jmax_ug_per_cm2_h), ("amt", "µg/cm²", |r| r.amt_ug_per_cm2)];
    for a in &outcome.arms {
        for (name, of, value) in readouts {
            let Some(s) = ivpt::statistics(outcome, a.needled, value) else { continue };
            let replicates: usize = s.donors.iter().map(|d| d.replicates).sum();
            let each = s.donors.iter().map(|d| ("donor", i64::from(d.donor), d.replicates, d.geometric_mean, d.cv_percent));
            let whole = [
                ("within_donors", 0, replicates, s.geometric_mean, s.within_donor_cv_percent),
                ("between_donors", 0, replicates, s.geometric_mean, s.between_donor_cv_percent),
            ];
            for (what, number, count, average, variation) in each.chain(whole) {
                arm.push(arm_key(a.needled).to_owned());
                readout.push(name.to_owned());
                unit.push(of.to_owned());
                level.push(what.to_owned());
                donor.push(number);
                n.push(count as i64);
                mean.push(average);
                cv.push(variation.unwrap_or(f64::NAN));
            }
        }
    }
    Table {
        name: "ivpt_donors",
        description: "One row per arm, read-out and donor, and two for all donors (donor 0): geometric mean, and geometric coefficient of variation between replicates of the donor, pooled within donors, between donors.",
        columns: vec![
            text("arm", arm),
            text("readout", readout),
            text("level", level),
            integer("donor", donor),
            integer("replicates", n),
            number("geometric_mean", OF, mean),
            text("unit", unit),
            number("cv_percent", "%", cv),
        ],
    }
}

fn samples(outcome: &PermeationOutcome) -> Table {
    let rows: Vec<(&Replicate, f64, f64)> = outcome
        .replicates
        .iter()
        .flat_map(|r| outcome.study.samples_h.iter().zip(&r.cumulative_ug_per_cm2).map(move |(&t, &q)| (r, t, q)))
        .collect();
    let mut columns = identity(rows.iter().map(|(r, ..)| (r.needled, r.donor, r.replicate)));
    columns.push(number("time_h", "h", rows.iter().map(|r| r.1).collect()));
    columns.push(number("cumulative_ug_per_cm2", "µg/cm²", rows.iter().map(|r| r.2).collect()));
    Table { name: "samples", description: "One row per replicate of the simulated study and sample: cumulative amount.", columns }
}

fn window(outcome: &PermeationOutcome) -> Option<Table> {
    let w = outcome.window.as_ref()?;
    let (mut delay, mut quantity, mut cover, mut values) = (vec![], vec![], vec![], Spreads::default());
    for (name, covered, curve) in [
        ("enhancement", "open", &w.enhancement_open),
        ("enhancement", "occluded", &w.enhancement_occluded),
        ("gain_24h", "open", &w.gain_24h_open),
        ("gain_24h", "occluded", &w.gain_24h_occluded),
    ] {
        for (&h, v) in w.delay_h.iter().zip(curve) {
            delay.push(h);
            quantity.push(name.to_owned());
            cover.push(covered.to_owned());
            values.push(v);
        }
    }
    let mut columns = vec![text("quantity", quantity), text("cover", cover), number("delay_h", "h", delay)];
    columns.extend(values.columns("1"));
    Some(Table {
        name: "window",
        description: "One row per quantity, cover and delay between treatment and application: permeability, and amount absorbed in 24 h, over that of intact skin; median, 5th and 95th percentile over the members.",
        columns,
    })
}

fn closure(outcome: &PermeationOutcome) -> Option<Table> {
    let w = outcome.window.as_ref()?;
    let (mut method, mut cover, mut values) = (vec![], vec![], Spreads::default());
    let pays = ("added permeability a tenth", &w.pays_until_open_h, &w.pays_until_occluded_h);
    for (name, open, occluded) in [pays].into_iter().chain(w.closed_by.iter().map(|c| (c.method.as_str(), &c.open_h, &c.occluded_h))) {
        for (covered, value) in [("open", open), ("occluded", occluded)] {
            method.push(name.to_owned());
            cover.push(covered.to_owned());
            values.push(value);
        }
    }
    let mut columns = vec![text("method", method), text("cover", cover)];
    columns.extend(values.columns("h"));
    Some(Table {
        name: "closure",
        description: "One row per method and cover: hours after the treatment until the method calls the channels closed, median, 5th and 95th percentile over the members.",
        columns,
    })
}

fn block(outcome: &PermeationOutcome) -> Option<Table> {
    let b = outcome.block.as_ref()?;
    Some(Table {
        name: "block",
        description: "One row per time: cumulative amount with central parameters in three dimensions and in the column.",
        columns: vec![
            number("time_h", "h", b.times_h.clone()),
            number("block_ug_per_cm2", "µg/cm²", b.cumulative_ug_per_cm2.clone()),
            number("column_ug_per_cm2", "µg/cm²", b.column_cumulative_ug_per_cm2.clone()),
        ],
    })
}

fn measured(outcome: &PermeationOutcome) -> Table {
    let (mut group, mut arm, mut time, mut amount, mut sd) = (vec![], vec![], vec![], vec![], vec![]);
    for s in &outcome.study.data {
        for (i, (&t, &q)) in s.time_h.iter().zip(&s.amount_ug_per_cm2).enumerate() {
            group.push(s.group.clone());
            arm.push(arm_key(s.needled).to_owned());
            time.push(t);
            amount.push(q);
            sd.push(s.sd_ug_per_cm2.as_ref().and_then(|v| v.get(i)).copied().unwrap_or(f64::NAN));
        }
    }
    Table {
        name: "measured",
        description: "One row per measured group and time: cumulative amount and its standard deviation (not a number where the file has none).",
        columns: vec![
            text("group", group),
            text("arm", arm),
            number("time_h", "h", time),
            number("amount_ug_per_cm2", "µg/cm²", amount),
            number("sd_ug_per_cm2", "µg/cm²", sd),
        ],
    }
}

fn drivers(outcome: &PermeationOutcome) -> Table {
    Table {
        name: "drivers",
        description: "One row per parameter: Spearman rank correlation with the amount absorbed by the end in the first arm.",
        columns: vec![
            text("parameter", outcome.drivers.iter().map(|d| d.parameter.clone()).collect()),
            number("rank_correlation", "1", outcome.drivers.iter().map(|d| d.rank_correlation).collect()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::fixture;
    use crate::tables::csv::csv;

    #[test]
    fn the_headers_are_the_published_ones() {
        let headers: Vec<String> = tables(&fixture::outcome())
            .iter()
            .map(|t| format!("{}: {}", t.name, t.columns.iter().map(|c| c.name).collect::<Vec<_>>().join(",")))
            .collect();
        insta::assert_snapshot!(headers.join("\n"));
    }

    #[test]
    fn columns_are_of_one_length_and_none_is_empty() {
        for o in [fixture::outcome(), fixture::in_vivo(), fixture::infinite(), fixture::intact()] {
            for t in tables(&o) {
                let n = t.columns[0].values.len();
                assert!(n > 0 && t.columns.iter().all(|c| c.values.len() == n), "{} of {}", t.name, o.study.name);
            }
        }
        let names: Vec<&str> = tables(&fixture::intact()).iter().map(|t| t.name).collect();
        assert_eq!(names, ["curves", "quantities", "profiles"]);
    }

    #[test]
    fn the_curves_hold_every_time() {
        let o = fixture::outcome();
        let text = String::from_utf8(csv(&curves(&o))).unwrap();
        assert!(text.starts_with("arm,time_h,quantity,median,low,high,unit\nneedled,0,cumulative,0,0,0,µg/cm²\n"), "{}", &text[..200]);
        assert_eq!(text.lines().count(), 1 + 2 * o.times_h.len() * (2 + o.arms[0].compartments.len()));
        assert!(String::from_utf8(csv(&curves(&fixture::in_vivo()))).unwrap().contains(",plasma,"));
    }
}
