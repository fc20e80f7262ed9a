//! Roughness of the surface, with the filters and the area that belong to it.

use percuta::course::Outcome;

use super::markup::{escape, paragraph, table};
use crate::format;

/// Table of the parameters before and after.
pub fn roughness(outcome: &Outcome) -> String {
    let s = &outcome.surface;
    if s.parameters.is_empty() {
        return String::new();
    }
    let rows: Vec<Vec<String>> = s
        .parameters
        .iter()
        .map(|p| {
            let unit = if p.unit == "1" { String::new() } else { format!(" <span class=\"unit\">{}</span>", escape(p.unit)) };
            let change = format::change(&p.change, 100.0);
            vec![
                format!("<b>{}</b>{unit}<br><span class=\"unit\">{}</span>", p.symbol, escape(p.name)),
                format::interval(&p.before),
                format::interval(&p.after),
                format!("{change} %"),
            ]
        })
        .collect();
    let head = ["Parameter", "Before", "After", "Change"].map(str::to_owned);
    let mm = |um: f64| format!("{} mm", format::plain(um / 1000.0));
    let index = |um: Option<f64>| um.map_or_else(|| "none".to_owned(), mm);
    let caption = format!("Surface before the first session and at day {}; median (90 % interval) over the members.", format::day(s.day));
    let mut out = table(&caption, &head, &rows);
    out.push_str(&paragraph(&format!(
        "{}: square of {}, pixels of {} µm; S-filter {}, form {}, L-filter {} (Gaussian, ISO 16610-61). Profiles at {}° (from left to right turning down), Gaussian cut-off and sampling length {}. Figures of another area or other filters are not comparable. {}",
        escape(&outcome.specimen.square.pattern),
        mm(s.side_um),
        format::plain(s.pixel_um),
        index(s.s_um),
        escape(s.form),
        index(s.l_um),
        format::plain(s.direction_deg.round()),
        mm(s.cutoff_um),
        if outcome.specimen.square.measured {
            "Before treatment the surface is the measured one in all members; each changes its lines in its own way."
        } else {
            "All members share one net of furrows, each with its own depths."
        },
    )));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn filters_and_area_stand_beside_the_parameters() {
        let html = roughness(&fixture::outcome());
        for word in ["<b>Sa</b>", "S-filter 0.25 mm", "L-filter 8 mm", "square of 10 mm", "sampling length 2.5 mm"] {
            assert!(html.contains(word), "{word} in {html}");
        }
    }
}
