//! Small pieces of HTML.

use percuta::course::{Outcome, ReadoutSeries};
use percuta::population::interval;

use crate::figures::Figure;
use crate::format;
use crate::series;

/// Text with the characters HTML reserves replaced.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
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

/// The figure of that name, if it was drawn, with its caption; the drawing stands in the page.
pub fn figure(figures: &[Figure], id: &str) -> String {
    let Some((n, f)) = figures.iter().enumerate().find(|(_, f)| f.id == id) else { return String::new() };
    // Inside HTML a drawing needs no name space, and the page mentions no address at all.
    let svg = f.svg.replacen(" xmlns=\"http://www.w3.org/2000/svg\"", "", 1);
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

/// Baseline and change at each visit of these read-outs.
pub fn readouts(outcome: &Outcome, caption: &str, rows: &[&ReadoutSeries]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut head = vec!["Read-out".to_owned(), "Baseline".to_owned()];
    head.extend(outcome.course.visits.iter().map(|&d| format!("Change at day {}", format::day(d))));
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|s| {
            let unit =
                if s.readout.unit == "1" { String::new() } else { format!(" <span class=\"unit\">{}</span>", escape(s.readout.unit)) };
            let name = format!("<span title=\"{}\">{}</span>{unit}", escape(s.readout.meaning), escape(s.readout.name));
            let mut row = vec![name, together(&format::interval(&interval(&series::baseline(s))))];
            row.extend(outcome.course.visits.iter().map(|&d| series::change_text(outcome, s, d).map_or("n/a".into(), |c| together(&c))));
            row
        })
        .collect();
    table(caption, &head, &rows)
}

#[cfg(test)]
mod tests {
    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(super::escape("a<b & \"c\">"), "a&lt;b &amp; &quot;c&quot;&gt;");
    }
}
