//! A fit as plain text.

use std::fmt::Write as _;

use super::outcome::FitOutcome;
use super::words::number;

/// A table of the estimates and what must be known beside it, for a terminal.
#[must_use]
pub fn describe(fit: &FitOutcome) -> String {
    let mut rows = vec![["parameter", "estimate", "95 % interval", "unit", "card"].map(String::from)];
    for e in &fit.estimates {
        let below = if e.bounded_low { "< " } else { "" };
        let above = if e.bounded_high { "> " } else { "" };
        let card = if e.card_low < e.card_high {
            format!("{} ({} to {})", number(e.start), number(e.card_low), number(e.card_high))
        } else {
            number(e.start)
        };
        rows.push([
            e.name.clone(),
            number(e.value),
            format!("{below}{} to {above}{}", number(e.low), number(e.high)),
            e.unit.clone(),
            card,
        ]);
    }
    let mut text = table(&rows);
    let _ = writeln!(text);
    let points = if fit.points == 1 { "1 point".into() } else { format!("{} points", fit.points) };
    let _ = writeln!(text, "{points}, errors: {}", fit.errors.describe());
    let _ = writeln!(
        text,
        "residual SD {} of the errors, weighted R² {:.4}, {} runs of the model",
        number(fit.residual_sd),
        fit.r_squared,
        fit.evaluations
    );
    let _ = writeln!(text, "prior: {}", if fit.prior { "the cards' distributions" } else { "none" });
    if fit.estimates.len() > 1 {
        let _ = writeln!(text, "\ncorrelations of the estimates");
        let rows: Vec<Vec<String>> = fit
            .estimates
            .iter()
            .zip(&fit.correlations)
            .map(|(e, row)| std::iter::once(e.name.clone()).chain(row.iter().map(|c| format!("{c:>5.2}"))).collect())
            .collect();
        text += &table(&rows);
    }
    for sentence in &fit.not_told_apart {
        let _ = writeln!(text, "\nnot told apart: {sentence}");
    }
    for warning in &fit.warnings {
        let _ = writeln!(text, "\nnote: {warning}");
    }
    text
}

/// Columns as wide as their widest cell.
fn table<R: AsRef<[String]>>(rows: &[R]) -> String {
    let columns = rows.first().map_or(0, |r| r.as_ref().len());
    let width = |c: usize| rows.iter().filter_map(|r| r.as_ref().get(c)).map(|s| s.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.as_ref().iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(text, "{}", cells.join("  ").trim_end());
    }
    text
}
