//! Small pieces of HTML.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percuta::course::{Outcome, ReadoutSeries};
use percuta::population::interval;

use crate::figures::Figure;
use crate::format;
use crate::series;

/// Text with the characters HTML reserves replaced.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Text of a part of a page, for tests: a line a row.
#[cfg(test)]
pub fn text(html: &str) -> String {
    let (mut out, mut inside) = (String::new(), false);
    for c in html.replace("</td>", " | ").replace("</th>", " | ").replace("</caption>", "\n").chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.lines().map(str::trim_end).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A paragraph of plain text.
pub fn paragraph(text: &str) -> String {
    format!("<p>{}</p>\n", escape(text))
}

/// A table with a caption; cells are HTML, the first of a row is its header. It scrolls sideways where the page is narrow.
pub fn table(caption: &str, head: &[String], rows: &[Vec<String>]) -> String {
    let mut out = format!("<div class=\"wide\"><table><caption>{}</caption><thead><tr>", escape(caption));
    for cell in head {
        out.push_str(&format!("<th scope=\"col\">{cell}</th>"));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in rows {
        out.push_str("<tr>");
        for (i, cell) in row.iter().enumerate() {
            out.push_str(&if i == 0 { format!("<th scope=\"row\">{cell}</th>") } else { format!("<td>{cell}</td>") });
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></div>\n");
    out
}

/// A table of one value a name.
pub fn facts(caption: &str, rows: &[(&str, String)]) -> String {
    let rows: Vec<Vec<String>> = rows.iter().map(|(name, value)| vec![escape(name), escape(value)]).collect();
    let body = table(caption, &[], &rows);
    body.replace("<thead><tr></tr></thead>", "").replacen("<table>", "<table class=\"facts\">", 1)
}

/// The figure of that name, if it was drawn, with its caption; the drawing stands in the page. One that moves stands still on paper
/// and where the reader's settings ask for it.
pub fn figure(figures: &[Figure], id: &str) -> String {
    let Some((n, f)) = figures.iter().enumerate().find(|(_, f)| f.id == id) else { return String::new() };
    // Inside HTML a drawing needs no name space, and the page mentions no address at all.
    let svg = f.svg.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
    let svg = if let Some(overlay) = &f.overlay {
        overlay.clone()
    } else if f.animated {
        let alt = escape(&f.title);
        format!(
            "<img class=\"moving\" alt=\"{alt}\" src=\"data:image/png;base64,{}\"><div class=\"still\">{svg}</div>",
            STANDARD.encode(&f.png)
        )
    } else {
        svg
    };
    format!(
        "<figure id=\"figure-{id}\">{svg}<figcaption><b>Figure {}. {}.</b> {}</figcaption></figure>\n",
        n + 1,
        escape(&f.title),
        escape(&f.caption)
    )
}

/// A median with interval whose interval does not break over lines.
fn together(text: &str) -> String {
    match text.split_once(" (") {
        Some((median, rest)) => format!("{median} <span class=\"together\">({rest}</span>"),
        None => text.to_owned(),
    }
}

/// Read-outs that say something about a moment or the whole course: their change from baseline has no meaning.
const AS_VALUES: [&str; 4] = ["pain", "bleeding_points", "pih_probability", "product_enhancement_ratio"];

/// Baseline and change at each visit of these read-outs; values at the visits of those of which a change means nothing.
pub fn readouts(outcome: &Outcome, rows: &[&ReadoutSeries]) -> String {
    let (values, changes): (Vec<_>, Vec<_>) = rows.iter().copied().partition(|s| AS_VALUES.contains(&s.readout.key));
    let visits = &outcome.course.visits;
    let mut out = String::new();
    // Many columns are set closer.
    let close = |html: String| if visits.len() > 5 { html.replacen("<table>", "<table class=\"many\">", 1) } else { html };
    if !changes.is_empty() {
        let mut head = vec!["Read-out".to_owned(), "Baseline".to_owned()];
        head.extend(visits.iter().map(|&d| format!("Day {}", format::day(d))));
        let rows: Vec<Vec<String>> = changes
            .iter()
            .map(|s| {
                let mut row = vec![name(s), together(&format::interval(&interval(&series::baseline(s))))];
                row.extend(visits.iter().map(|&d| series::change_text(outcome, s, d).map_or("n/a".into(), |c| together(&c))));
                row
            })
            .collect();
        out.push_str(&close(table(
            "Baseline, and at each visit the change of each member from its own baseline; median (90 % interval). A visit on a session day sees the skin just after the session.",
            &head,
            &rows,
        )));
    }
    if !values.is_empty() {
        let mut head = vec!["Read-out".to_owned()];
        head.extend(visits.iter().map(|&d| format!("Day {}", format::day(d))));
        let rows: Vec<Vec<String>> = values
            .iter()
            .map(|s| {
                let at = |d| series::visit_index(outcome, d).map(|i| format::interval(&interval(&series::values(s, i))));
                let mut row = vec![name(s)];
                row.extend(visits.iter().map(|&d| at(d).map_or("n/a".into(), |v| together(&v))));
                row
            })
            .collect();
        out.push_str(&close(table("Values at the visits; median (90 % interval).", &head, &rows)));
    }
    out
}

/// Name and unit of a read-out; its meaning shows when pointed at.
fn name(s: &ReadoutSeries) -> String {
    let unit = if s.readout.unit == "1" { String::new() } else { format!(" <span class=\"unit\">{}</span>", escape(s.readout.unit)) };
    format!("<span title=\"{}\">{}</span>{unit}", escape(s.readout.meaning), escape(s.readout.name))
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(super::escape("a<b & \"c\">"), "a&lt;b &amp; &quot;c&quot;&gt;");
    }
}
