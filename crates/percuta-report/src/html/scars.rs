//! Single scars, and grades with their parts kept apart.

use percuta::appearance::{ScarClass, SingleScar};
use percuta::course::{Outcome, ScarState};
use percuta::population::Interval;

use super::markup::{escape, paragraph, table};
use crate::format;
use crate::series;

/// Scars of one kind in a few words: `4 boxcar scars, 3 mm wide, 0.4 mm deep`.
pub fn describe_scar(scar: &SingleScar) -> String {
    let mm = |um: f64| format::plain(um / 1000.0);
    let size = if scar.relief_um < 0.0 { "deep" } else { "high" };
    let length = scar.length_um.map(|l| format!("{} mm long, ", mm(l))).unwrap_or_default();
    let name = scar.class.name();
    let what = if scar.count > 1 { format!("{} {name} scars", scar.count) } else { format!("{name} scar") };
    format!("{what}, {length}{} mm wide, {} mm {size}", mm(scar.width_um), mm(scar.relief_um.abs()))
}

/// What becomes of every scar the course lists; nothing if it lists none.
pub fn single(outcome: &Outcome) -> String {
    if outcome.scars.is_empty() {
        return String::new();
    }
    let mut head = vec!["Scar".to_owned(), "Quantity".to_owned(), "Before".to_owned()];
    head.extend(outcome.course.visits.iter().filter(|d| **d > 0.0).map(|&d| format!("Day {}", format::day(d))));
    let mut rows = Vec::new();
    for s in &outcome.scars {
        let size = if s.scar.relief_um < 0.0 { "depth" } else { "height" };
        let quantities = [(size, "µm"), ("volume", "mm³"), ("visible area", "mm²"), ("collagen alignment", "")];
        for (i, (name, unit)) in quantities.into_iter().enumerate() {
            let of = |state: &ScarState| [unsigned(&state.relief_um), state.volume_mm3, state.area_mm2, state.alignment][i];
            let told = if i == 0 { escape(&describe_scar(&s.scar)) } else { String::new() };
            let mut row = vec![told, format!("{name} <span class=\"unit\">{unit}</span>"), format::interval(&of(&s.baseline))];
            let visits = s.visits.iter().filter(|(d, _)| *d > 0.0);
            row.extend(
                visits.map(|(_, state)| format::interval(&of(state)).replace(" (", " <span class=\"together\">(").replace(')', ")</span>")),
            );
            rows.push(row);
        }
    }
    let mut out = table(
        "The single scars of the course, one of each: median (90 % interval). Their size before is given and therefore certain; the order of their collagen is not.",
        &head,
        &rows,
    );
    if outcome.scars.iter().any(|s| s.scar.class == ScarClass::Hypertrophic) {
        out.push_str(&paragraph(
            "Raised scars mature on their own, over months to two years. What is computed here is what needling adds to that; an untreated scar stays as it is in the model.",
        ));
    }
    out
}

/// Depth or height as a positive number; the lower end stays the lower.
fn unsigned(i: &Interval) -> Interval {
    if i.median > 0.0 || i.high > 0.0 { *i } else { Interval { median: -i.median, low: -i.high, high: -i.low } }
}

/// What raters make of the tissue at the last visit.
pub fn grades(outcome: &Outcome) -> String {
    let Some(&last) = outcome.course.visits.last() else { return String::new() };
    let rows: Vec<Vec<String>> = outcome
        .grades
        .iter()
        .filter(|g| series::find(outcome, g.readout.key).is_some())
        .filter_map(|g| {
            let v = g.visits.iter().find(|v| v.day == last)?;
            let change = |i: &Interval| format::change(i, g.baseline.median);
            Some(vec![
                format!("{} <span class=\"unit\">{}</span>", escape(g.readout.name), escape(g.readout.unit)),
                format::interval(&g.baseline),
                change(&v.tissue),
                change(&v.expectation),
                change(&v.rated),
            ])
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    let head = ["Grade", "Before", "Tissue effect", "Expectation", "As rated"].map(str::to_owned);
    let mut out = table(
        &format!(
            "Changes of grades from before the first session to day {}; median (90 % interval). Lower is better in all of them.",
            format::day(last)
        ),
        &head,
        &rows,
    );
    out.push_str(&paragraph(
        "“Tissue effect” is what the computed skin deserves. “Expectation” is what falls away at follow-up in untreated skin as well: the hopes of raters and patients, and regression to the mean. “As rated” is what a study without a control would report: both together with the rater’s error. Only the first is an effect of needling. All visits are in tables/grades.csv.",
    ));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn scars_are_described_in_words() {
        let scar = SingleScar { class: ScarClass::Boxcar, width_um: 3000.0, relief_um: -400.0, length_um: None, count: 4 };
        assert_eq!(describe_scar(&scar), "4 boxcar scars, 3 mm wide, 0.4 mm deep");
        let line = SingleScar { class: ScarClass::Linear, relief_um: 500.0, length_um: Some(40_000.0), count: 1, ..scar };
        assert_eq!(describe_scar(&line), "linear scar, 40 mm long, 3 mm wide, 0.5 mm high");
    }

    #[test]
    fn each_part_of_a_grade_has_its_column() {
        let o = fixture::outcome();
        let html = grades(&o);
        for word in ["Tissue effect", "Expectation", "As rated", "Lemperle grade", "Vancouver Scar Scale"] {
            assert!(html.contains(word), "{word}");
        }
        // Nothing but the expectation changes where the tissue does not.
        let untreated = grades(&fixture::untreated());
        assert!(untreated.contains("<td>0</td>"), "{untreated}");
    }

    #[test]
    fn scars_have_a_table_if_there_are_any() {
        let mut o = fixture::outcome();
        let html = single(&o);
        assert!(html.contains("4 boxcar scars, 3 mm wide") && html.contains("height") && html.contains("mature on their own"));
        assert!(!html.contains("−"), "sizes have no sign");
        o.scars.clear();
        assert!(single(&o).is_empty());
    }
}
