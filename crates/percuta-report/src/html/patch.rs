//! The block of skin in three dimensions, and what it says of the reduced model.

use percuta::course::{Outcome, PatchOutcome, Readout, Readouts, readout};

use super::markup::{escape, facts, figure, paragraph, table};
use crate::figures::Figure;
use crate::format;
use crate::series;

/// One read-out at the last visit by each computation.
struct Row {
    readout: &'static Readout,
    patch: f64,
    reduced: f64,
    reduced_on_patch: f64,
    coarser: Option<f64>,
}

impl Row {
    /// What halving the spacing once more would change, by Richardson's extrapolation for a method of second order.
    fn discretisation(&self) -> Option<f64> {
        self.coarser.map(|c| (self.patch - c) / 3.0)
    }
}

/// The section on the patch; empty if there is none.
pub fn patch(outcome: &Outcome, figures: &[Figure]) -> String {
    let Some(patch) = &outcome.patch else { return String::new() };
    let mut out = paragraph(
        "The course was computed a second time, on a block of skin in three dimensions: every puncture lies where the handpiece put it, wounds overlap, and each voxel heals by the same local equations as the reduced model. \
         The patch has the central value of every parameter and therefore no interval of its own. The interval of a result is that of the ensemble of the reduced model, and the patch measures how far the reduced model can be trusted.",
    );
    out.push_str(&grid(patch));
    let rows = rows(outcome, patch);
    out.push_str(&paragraph(&resolution(patch, &rows)));
    for id in ["patch-block", "patch-en-face", "healing-animation", "reduced-and-patch"] {
        out.push_str(&figure(figures, id));
    }
    if !rows.is_empty() {
        out.push_str(&differences(outcome, &rows));
    }
    out
}

/// The block in numbers.
fn grid(patch: &PatchOutcome) -> String {
    let g = &patch.grid;
    let dermal = g.layers().saturating_sub(patch.first_dermal_layer);
    let (thin, thick) = (0..g.layers()).map(|k| g.thickness_um(k)).fold((f64::INFINITY, 0.0f64), |(l, h), t| (l.min(t), h.max(t)));
    let side = format::plain(g.side_um() / 1000.0);
    let punctures: Vec<String> = patch.punctures.iter().map(|p| p.len().to_string()).collect();
    facts(
        "The block.",
        &[
            (
                "Size",
                format!(
                    "{side} mm × {side} mm, {} µm deep; periodic at its sides",
                    format::fixed(g.depth_edges_um.last().copied().unwrap_or(0.0), 0)
                ),
            ),
            ("Columns", format!("{n} × {n}, {} µm wide", format::plain(g.spacing_um), n = g.n)),
            (
                "Layers",
                format!("{}, of which {dermal} in the dermis; {} to {} µm thick", g.layers(), format::plain(thin), format::plain(thick)),
            ),
            ("Voxels", thousands(g.voxels())),
            (
                "Matrix ledger",
                format!(
                    "collagen made, lost and cut accounts for the change to {:.0e} of what is there",
                    patch.facts.ledger_error.max(1e-16)
                ),
            ),
            (
                "TGF-β of fibroblasts",
                format!(
                    "extrapolated between solutions, at most {} of the tolerance off (0.1 % of the TGF-β that half primes a fibroblast)",
                    format::plain((patch.facts.worst_extrapolation * 100.0).round() / 100.0)
                ),
            ),
            ("State in memory", format!("{} bytes a voxel", format::fixed(patch.facts.bytes_per_voxel, 0))),
            ("Punctures in the block, by session", if punctures.is_empty() { "none".to_owned() } else { punctures.join(", ") }),
        ],
    )
}

/// A whole number with its digits in groups of three.
fn thousands(n: usize) -> String {
    let digits = n.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    groups.join("\u{202f}")
}

/// Read-outs that every computation has, at the last visit.
fn rows(outcome: &Outcome, patch: &PatchOutcome) -> Vec<Row> {
    let Some(index) = outcome.course.visits.last().and_then(|&d| series::visit_index(outcome, d)) else { return Vec::new() };
    let at = |readouts: &Readouts, key: &str| readouts.iter().find(|(k, _)| *k == key).and_then(|(_, v)| v.get(index).copied());
    let row = |key: &str| {
        Some(Row {
            readout: readout(key)?,
            patch: at(&patch.readouts, key)?,
            reduced: at(&patch.reduced, key)?,
            reduced_on_patch: at(&patch.reduced_on_patch, key)?,
            coarser: patch.coarser.as_ref().and_then(|c| at(c, key)),
        })
    };
    patch.readouts.iter().filter(|(k, _)| outcome.course.concerns(k)).filter_map(|(k, _)| row(k)).collect()
}

/// How much of the patch's own numbers is the grid's doing.
fn resolution(patch: &PatchOutcome, rows: &[Row]) -> String {
    if patch.coarser.is_none() {
        return "The patch was computed on one grid only, so this run cannot say how large its discretisation error is.".to_owned();
    }
    let share = |r: &Row| r.discretisation().filter(|_| r.patch.abs() > 1e-9).map(|e| 100.0 * (e / r.patch).abs());
    let worst = rows.iter().filter_map(|r| Some((share(r)?, r))).max_by(|a, b| a.0.total_cmp(&b.0));
    let told = worst.map_or(String::new(), |(percent, r)| {
        let size = if percent < 0.01 { "below 0.01".to_owned() } else { format::number(percent) };
        format!(" The largest at the last visit, relative to its read-out, is {size} % (“{}”).", r.readout.name)
    });
    format!(
        "Discretisation error of this run: the same patch was also computed with columns and layers twice as wide ({} µm). The scheme is of second order, so a third of the difference is the Richardson estimate of the error that remains at {} µm.{told}",
        format::plain(2.0 * patch.grid.spacing_um),
        format::plain(patch.grid.spacing_um),
    )
}

/// Patch and reduced model at the last visit, and where their differences come from.
fn differences(outcome: &Outcome, rows: &[Row]) -> String {
    let day = outcome.course.visits.last().map_or(String::new(), |&d| format::day(d));
    let head = ["Read-out", "Patch", "Reduced", "Difference", "of which closure", "window and grid", "Resolution", "Richardson estimate"];
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|r| {
            let digits = (format::decimals(r.patch.abs().max(r.reduced.abs())) + 1).min(6);
            let value = |x: f64| format::fixed(x, digits);
            // Differences have a digit more than what they are differences of; what none of the digits shows is nothing.
            let signed = |x: f64| match format::fixed(x, digits + 1) {
                text if !text.chars().any(|c| ('1'..='9').contains(&c)) => "0".to_owned(),
                text if x > 0.0 => format!("+{text}"),
                text => text,
            };
            let or_none = |x: Option<f64>| x.map_or("not computed".to_owned(), signed);
            let unit =
                if r.readout.unit == "1" { String::new() } else { format!(" <span class=\"unit\">{}</span>", escape(r.readout.unit)) };
            vec![
                format!("{}{unit}", escape(r.readout.name)),
                value(r.patch),
                value(r.reduced),
                signed(r.patch - r.reduced),
                signed(r.patch - r.reduced_on_patch),
                signed(r.reduced_on_patch - r.reduced),
                or_none(r.coarser.map(|c| r.patch - c)),
                or_none(r.discretisation()),
            ]
        })
        .collect();
    let caption = format!(
        "Read-outs on day {day}, central parameters. Difference: patch − reduced model. Closure: patch − reduced model on the patch's own damage and layers. Window and grid: the rest, from the punctures of another window and other layers. \
         Resolution: patch − the same with columns and layers twice as wide; a third of it is the Richardson estimate of the discretisation error."
    );
    table(&caption, &head.map(str::to_owned), &cells).replacen("<table>", "<table class=\"many\">", 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn there_is_no_section_without_a_patch() {
        assert!(patch(&fixture::outcome(), fixture::drawn()).is_empty());
    }

    #[test]
    fn differences_add_up_and_the_error_is_a_third() {
        let o = fixture::with_patch();
        let rows = rows(o, o.patch.as_ref().unwrap());
        assert!(rows.len() > 20);
        let r = rows.iter().find(|r| r.readout.key == "collagen_mass").unwrap();
        let parts = (r.patch - r.reduced_on_patch) + (r.reduced_on_patch - r.reduced);
        assert!((parts - (r.patch - r.reduced)).abs() < 1e-12 && r.patch > r.reduced);
        assert!((3.0 * r.discretisation().unwrap() - (r.patch - r.coarser.unwrap())).abs() < 1e-12);
        let mut one = o.clone();
        one.patch.as_mut().unwrap().coarser = None;
        let page = patch(&one, &[]);
        assert!(page.contains("one grid only") && page.contains("not computed"));
    }

    #[test]
    fn the_grid_is_told() {
        let page = patch(fixture::with_patch(), fixture::drawn_with_patch());
        assert!(page.contains("120 × 120, 25 µm wide") && page.contains("180, 180, 180") && page.contains("Richardson"));
        assert_eq!(thousands(3_200_000), "3\u{202f}200\u{202f}000");
        assert_eq!(thousands(42), "42");
    }

    #[test]
    fn the_report_moves_and_still_loads_nothing() {
        let page = super::super::report(fixture::with_patch(), &fixture::inputs(), fixture::drawn_with_patch());
        assert!(page.len() < 8_000_000, "{} bytes", page.len());
        assert_eq!(page.matches("src=\"data:image/png;base64,").count(), 1, "one animation");
        for load in ["http", "<script", "<link", "@import", "<iframe"] {
            assert!(!page.contains(load), "the page contains {load}");
        }
        assert_eq!(page.matches("src=").count(), 1);
        for f in fixture::drawn_with_patch() {
            assert_eq!(page.matches(&format!("id=\"figure-{}\"", f.id)).count(), 1, "{}", f.id);
        }
        let mut numbers: Vec<usize> =
            page.split("<b>Figure ").skip(1).filter_map(|rest| rest.split('.').next()?.parse().ok()).filter(|n| *n <= 9).collect();
        let order = numbers.clone();
        numbers.sort_unstable();
        assert_eq!(order, numbers, "figures are numbered as they come");
    }
}
