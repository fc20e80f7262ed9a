//! The short table at the end of a run.

use percuta::course::Course;
use percuta::course::patch::{PatchOutcome, Readouts};
use percuta_report::summary::{Readout, Summary};

/// Read-outs that most users look for first.
const KEYS: [(&str, &str); 13] = [
    ("collagen_mass", "Collagen mass"),
    ("papillary_collagen_mass", "Papillary collagen mass"),
    ("fine_line_depth", "Fine line depth"),
    ("coarse_line_depth", "Coarse line depth"),
    ("goodman_baron_score", "Goodman-Baron score"),
    ("hypertrophic_scar_height", "Hypertrophic scar height"),
    ("melanin_index", "Melanin index"),
    ("lesion_melanin_excess", "Lesion melanin excess"),
    ("erythema_index", "Erythema index"),
    ("ita", "Typology angle (ITA)"),
    ("tewl", "Transepidermal water loss"),
    ("product_enhancement_ratio", "Product enhancement ratio"),
    ("pih_probability", "PIH probability"),
];

/// Whether a read-out is one of those that most users look for first.
pub fn is_key(key: &str) -> bool {
    KEYS.iter().any(|(k, _)| *k == key)
}

/// Key read-outs before treatment and at the last visit, median with 90 % interval.
pub fn table(summary: &Summary, course: &Course) -> String {
    let keys = KEYS.iter().filter(|(key, _)| course.concerns(key));
    let rows: Vec<[String; 4]> = keys.filter_map(|(key, name)| row(name, summary.readouts.get(*key)?)).collect();
    let day = summary.readouts.values().find_map(|r| r.visits.last()).map_or(0.0, |v| v.day);
    let head = ["read-out", "unit", "before", &format!("day {day} (90 % interval)")].map(str::to_owned);
    let width = |i: usize| rows.iter().chain([&head]).map(|r| r[i].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    let line = |r: &[String; 4]| {
        let [a, b, c] = widths;
        format!("  {:<a$}  {:<b$}  {:>c$}  {}", r[0], r[1], r[2], r[3])
    };
    [line(&head)].into_iter().chain(rows.iter().map(line)).collect::<Vec<_>>().join("\n")
}

/// The block of skin beside the reduced model at the last visit: what of the difference is the reduced model's closure, and the
/// estimated error of the block's resolution. Read-outs that agree are left out.
pub fn beside(patch: &PatchOutcome, course: &Course) -> String {
    let last = |of: &Readouts, key: &str| of.iter().find(|(k, _)| *k == key).and_then(|(_, v)| v.last().copied());
    let keys = KEYS.iter().filter(|(key, _)| course.concerns(key) && last(&patch.reduced, key).is_some());
    let rows: Vec<[String; 5]> = keys
        .filter_map(|(key, name)| {
            let (own, reduced) = (last(&patch.readouts, key)?, last(&patch.reduced, key)?);
            let same = last(&patch.reduced_on_patch, key)?;
            let coarser = patch.coarser.as_ref().and_then(|c| last(c, key));
            let error = coarser.map_or("not known".to_owned(), |c| difference((own - c) / 3.0));
            let told = (own - reduced).abs() > 5e-4 * own.abs();
            told.then(|| [(*name).to_owned(), significant(own, 4), significant(reduced, 4), difference(own - same), error])
        })
        .collect();
    let head = ["block of skin (central parameters)", "block", "reduced model", "closure", "resolution"].map(str::to_owned);
    let width = |i: usize| rows.iter().chain([&head]).map(|r| r[i].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..5).map(width).collect();
    let line = |r: &[String; 5]| {
        let cells = r.iter().zip(&widths).enumerate();
        let cells = cells.map(|(i, (cell, &w))| if i == 0 { format!("  {cell:<w$}") } else { format!("  {cell:>w$}") });
        cells.collect::<String>()
    };
    [line(&head)].into_iter().chain(rows.iter().map(line)).collect::<Vec<_>>().join("\n")
}

fn row(name: &str, readout: &Readout) -> Option<[String; 4]> {
    let last = readout.visits.last()?;
    let after = format!("{} ({} to {})", short(last.median), short(last.low), short(last.high));
    Some([name.to_owned(), readout.unit.clone(), short(readout.baseline.median), after])
}

/// Three significant digits.
pub fn short(x: f64) -> String {
    significant(x, 3)
}

fn significant(x: f64, digits: u32) -> String {
    if x == 0.0 {
        return "0".into();
    }
    let decimals = (f64::from(digits) - 1.0 - x.abs().max(1e-3).log10().floor()).clamp(0.0, 4.0) as usize;
    format!("{x:.decimals$}")
}

/// A difference to a thousandth of the unit.
fn difference(x: f64) -> String {
    if x.abs() < 5e-4 { "below 0.001".into() } else { format!("{x:+.3}") }
}
