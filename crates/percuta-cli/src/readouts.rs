//! The short table at the end of a run.

use percuta::course::Course;
use percuta::course::patch::{PatchOutcome, Readouts};
use percuta_report::summary::{Readout, Summary};

/// Read-outs that most users look for first.
const KEYS: [(&str, &str); 12] = [
    ("collagen_mass", "Collagen mass"),
    ("papillary_collagen_mass", "Papillary collagen mass"),
    ("fine_line_depth", "Fine line depth"),
    ("coarse_line_depth", "Coarse line depth"),
    ("goodman_baron_score", "Goodman-Baron score"),
    ("melanin_index", "Melanin index"),
    ("lesion_melanin_excess", "Lesion melanin excess"),
    ("erythema_index", "Erythema index"),
    ("ita", "Typology angle (ITA)"),
    ("tewl", "Transepidermal water loss"),
    ("product_enhancement_ratio", "Product enhancement ratio"),
    ("pih_probability", "PIH probability"),
];

/// Key read-outs before treatment and at the last visit, median with 90 % interval.
pub fn table(summary: &Summary, course: &Course) -> String {
    let applies = |key: &str| match key {
        "lesion_melanin_excess" => course.lesion.is_some(),
        "product_enhancement_ratio" => course.product.is_some(),
        _ => true,
    };
    let keys = KEYS.iter().filter(|(key, _)| applies(key));
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

/// The block of skin beside the reduced model at the last visit, and what its resolution changes.
pub fn beside(patch: &PatchOutcome) -> String {
    let last = |of: &Readouts, key: &str| of.iter().find(|(k, _)| *k == key).and_then(|(_, v)| v.last().copied());
    let keys = KEYS.iter().filter(|(key, _)| last(&patch.reduced, key).is_some());
    let rows: Vec<[String; 5]> = keys
        .filter_map(|(key, name)| {
            let (own, reduced) = (last(&patch.readouts, key)?, last(&patch.reduced, key)?);
            let same = last(&patch.reduced_on_patch, key)?;
            let coarser = patch.coarser.as_ref().and_then(|c| last(c, key));
            // Depths and volumes that no column resolves differ by rounding only.
            let moved = (own - reduced).abs() > 1e-9 * own.abs().max(1.0);
            let error = coarser.map_or("not known".to_owned(), |c| short((own - c) / 3.0));
            moved.then(|| [(*name).to_owned(), short(own), short(reduced), short(own - same), error])
        })
        .collect();
    let head = ["block of skin", "block", "reduced model", "of which its closure", "error of the resolution"].map(str::to_owned);
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
fn short(x: f64) -> String {
    if x == 0.0 {
        return "0".into();
    }
    let decimals = (2.0 - x.abs().max(1e-3).log10().floor()).clamp(0.0, 4.0) as usize;
    format!("{x:.decimals$}")
}
