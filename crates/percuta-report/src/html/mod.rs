//! `report.html`: one page that opens without a network.

pub mod background;
mod headline;
pub mod markup;
mod patch;
pub mod scars;
mod surface;

use percuta::course::{Outcome, ReadoutSeries};

use crate::figures::Figure;
use crate::folder::Inputs;
use crate::run::Run;
use crate::series;
use markup::{escape, figure, readouts};

const STYLE: &str = include_str!("style.css");

/// A section of read-outs: identifier, title, figures, keys of its read-outs.
const SECTIONS: [(&str, &str, &[&str], &[&str]); 7] = [
    ("look", "What one sees", &["skin-before-after", "skin-visits"], &[]),
    (
        "skin",
        "What the skin did",
        &["virtual-biopsy", "collagen-over-time", "collagen-by-depth"],
        &[
            "collagen_mass",
            "papillary_collagen_mass",
            "collagen_iii_i_ratio",
            "collagen_maturity",
            "procollagen",
            "stained_collagen_area",
            "ultrasound_dermal_density",
            "suction_elasticity",
            "epidermal_thickness",
        ],
    ),
    (
        "lines",
        "Lines and relief",
        &["skin-surface"],
        &["microrelief_depth", "fine_line_depth", "fine_lines_vanished", "coarse_line_depth", "lemperle_grade"],
    ),
    (
        "scars",
        "Scars",
        &["scars"],
        &[
            "scar_depth_icepick",
            "scar_depth_boxcar",
            "scar_depth_rolling",
            "scar_volume_icepick",
            "scar_volume_boxcar",
            "scar_volume_rolling",
            "hypertrophic_scar_height",
            "hypertrophic_scar_volume",
            "linear_scar_depth",
            "linear_scar_width",
            "scar_alignment",
            "goodman_baron_score",
            "goodman_baron_grade",
            "ecca_score",
            "vss_score",
            "posas_observer_score",
        ],
    ),
    (
        "tone",
        "Tone",
        &["colour", "skin-spectrum"],
        &["melanin_index", "lesion_melanin_excess", "lesion_index_excess", "lesion_contrast", "lightness", "redness", "yellowness", "ita"],
    ),
    ("product", "Product", &["uptake-window"], &["product_enhancement_ratio"]),
    ("risk", "Downtime and risk", &["downtime"], &["erythema_index", "tewl", "pain", "bleeding_points", "pih_probability"]),
];

/// The report.
pub fn report(outcome: &Outcome, inputs: &Inputs, figures: &[Figure]) -> String {
    let mut sections: Vec<(&str, &str, String)> = vec![
        ("summary", "Summary", headline::headline(outcome)),
        ("warnings", "Warnings", background::warnings(&outcome.warnings)),
        ("run", "What was run", background::set_up(&outcome.course, inputs)),
        ("needles", "What the needles did", format!("{}{}", figure(figures, "coverage"), figure(figures, "damage-by-depth"))),
    ];
    for (id, title, pictures, keys) in SECTIONS {
        let rows: Vec<&ReadoutSeries> = keys.iter().filter_map(|k| series::find(outcome, k)).collect();
        let drawn: String = pictures.iter().map(|p| figure(figures, p)).collect();
        let own = match id {
            "risk" => background::downtime(outcome),
            "scars" => scars::single(outcome),
            "lines" => surface::roughness(outcome),
            _ => String::new(),
        };
        sections.push((id, title, format!("{drawn}{own}{}", readouts(outcome, &rows))));
        if id == "scars" {
            sections.push(("grades", "Grades", scars::grades(outcome)));
        }
        if id == "skin" {
            sections.push(("patch", "The skin in three dimensions", patch::patch(outcome, figures)));
        }
    }
    let other: Vec<&ReadoutSeries> =
        outcome.readouts.iter().filter(|s| !SECTIONS.iter().any(|(.., keys)| keys.contains(&s.readout.key))).collect();
    sections.push(("other", "Other read-outs", readouts(outcome, &other)));
    sections.push((
        "published",
        "Predicted beside published",
        format!("{}{}", figure(figures, "predicted-and-published"), background::comparison(outcome)),
    ));
    sections.push(("drivers", "What drives the results", format!("{}{}", figure(figures, "drivers"), background::drivers(outcome))));
    sections.push((
        "parameters",
        "Parameters",
        background::parameters(
            &outcome.course.parameters,
            "course",
            "Every parameter of the run. The values drawn for each member are in tables/parameters.csv.",
        ),
    ));
    sections.push(("methods", "Methods and limits", background::methods(outcome, inputs)));
    let subtitle = "In-silico micro-needling";
    page(outcome, subtitle, &inputs.version, sections)
}

/// A whole page of sections (identifier, title, body); an empty one is left out.
pub fn page(run: &impl Run, subtitle: &str, version: &str, sections: Vec<(&str, &str, String)>) -> String {
    let stamp = format!("{subtitle} · {} · seed {} · Percuta {}", run.sample(), run.seed(), escape(version));
    titled(run.name(), &stamp, sections)
}

/// The same of what is no run: under a title, which is text, and a stamp, which is HTML.
pub fn titled(title: &str, stamp: &str, mut sections: Vec<(&str, &str, String)>) -> String {
    sections.retain(|(.., body)| !body.is_empty());

    let name = escape(title);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{name} · Percuta</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{name}</h1>\n<p class=\"stamp\">{stamp}</p>\n</header>\n<nav aria-label=\"Contents\"><b>Contents</b><ol>\n"
    );
    for (id, title, _) in &sections {
        page.push_str(&format!("<li><a href=\"#{id}\">{title}</a></li>\n"));
    }
    page.push_str("</ol></nav>\n<main>\n");
    for (id, title, body) in &sections {
        page.push_str(&format!(
            "<section id=\"{id}\" aria-labelledby=\"{id}-heading\">\n<h2 id=\"{id}-heading\">{title}</h2>\n{body}</section>\n"
        ));
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::figures;
    use crate::fixture;

    fn drawn_page(outcome: &Outcome) -> String {
        report(outcome, &fixture::inputs(), &figures(outcome, "0.1.0").unwrap())
    }

    /// The page without the code of its bitmaps, in which any letters may occur.
    fn without_pictures(page: &str) -> String {
        let mut parts = page.split("=\"data:image/png;base64,");
        let mut text = parts.next().unwrap().to_owned();
        text.extend(parts.filter_map(|part| Some(part.split_once('"')?.1)));
        text
    }

    #[test]
    fn every_readout_figure_and_warning_is_in_the_report() {
        let o = fixture::outcome();
        let drawn = fixture::drawn();
        assert_eq!(drawn.len(), 15);
        let page = report(&o, &fixture::inputs(), drawn);
        for s in o.readouts.iter().filter(|s| o.course.concerns(s.readout.key)) {
            assert!(page.contains(&format!(">{}</span>", escape(s.readout.name))), "{} is missing", s.readout.key);
        }
        for w in &o.warnings {
            assert!(page.contains(&escape(&w.code)) && page.contains(&escape(&w.message)), "{} is missing", w.code);
        }
        for f in drawn {
            assert!(page.contains(&format!("id=\"figure-{}\"", f.id)), "{} is missing", f.id);
            assert!(f.caption.len() > 80 && f.svg.contains("<title"), "{} is not described", f.id);
        }
        for c in &o.comparison {
            assert!(page.contains(&c.role) && page.contains(&escape(&c.quantity)));
        }
        assert_eq!(page.matches("not a medical device").count(), 1);
    }

    #[test]
    fn figures_are_numbered_as_they_are_read() {
        for page in [drawn_page(&fixture::outcome()), drawn_page(&fixture::untreated())] {
            let numbers: Vec<usize> =
                page.split("<figcaption><b>Figure ").skip(1).filter_map(|rest| rest.split('.').next()?.parse().ok()).collect();
            assert_eq!(numbers, (1..=numbers.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_page_is_small_and_loads_nothing() {
        let page = report(&fixture::outcome(), &fixture::inputs(), fixture::drawn());
        assert!(page.len() < 5_000_000, "{} bytes", page.len());
        for load in ["http", "<script", "<link", "@import", "src=", "<iframe"] {
            assert!(!page.contains(load), "the page contains {load}");
        }
        assert!(!without_pictures(&page).contains("NaN"), "a number is missing");
    }

    #[test]
    fn identifiers_are_unique() {
        let page = report(&fixture::outcome(), &fixture::inputs(), fixture::drawn());
        let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let n = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), n);
    }

    #[test]
    fn downtime_has_a_table() {
        use percuta::course::DowntimeStatistics;
        use percuta::population::Interval;
        let mut o = fixture::outcome();
        assert!(!report(&o, &fixture::inputs(), &[]).contains("Pinpoint crusts for"));
        let i = Interval { median: 31.0, low: 20.0, high: 44.0 };
        o.downtime = Some(DowntimeStatistics { erythema_d: i, barrier_h: i, crusts_d: i, makeup_d: i });
        assert!(report(&o, &fixture::inputs(), &[]).contains("Pinpoint crusts for</th><td>31.0 (20.0 to 44.0) d"));
    }

    #[test]
    fn text_of_a_user_cannot_become_markup() {
        let mut o = fixture::outcome();
        o.course.name = "<script>alert(1)</script>".into();
        o.course.description = "<img src=x>".into();
        let page = report(&o, &fixture::inputs(), fixture::drawn());
        assert!(!page.contains("<script") && !page.contains("<img"));
    }

    #[test]
    fn an_untreated_course_has_a_report() {
        let page = drawn_page(&fixture::untreated());
        assert!(!without_pictures(&page).contains("NaN"));
        assert!(page.contains("untreated skin") && !page.contains("figure-drivers") && !page.contains("figure-coverage"));
    }

    #[test]
    fn one_member_and_one_visit_are_enough() {
        let mut o = fixture::outcome();
        o.draws.truncate(1);
        o.course.visits.truncate(1);
        o.specimen.visits.truncate(1);
        for s in &mut o.readouts {
            s.members.truncate(1);
        }
        assert!(drawn_page(&o).contains("1 member"));
        o.days.truncate(1);
        for s in &mut o.readouts {
            s.members[0].truncate(1);
        }
        assert!(drawn_page(&o).contains("<h2"));
    }
}
