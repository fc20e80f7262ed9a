//! Every study with its rows.

use percuta::evidence::Role;
use percuta::evidence::validation::{Row, Validated, Validation};

use crate::format;
use crate::html::markup::{escape, paragraph, table};
use crate::validation::words;

/// Where a study stands in the list: by the strongest role that it has.
const LISTS: [(&str, Option<Role>); 4] = [
    ("With validation observations", Some(Role::Validation)),
    ("With calibration observations", Some(Role::Calibration)),
    ("Context only", Some(Role::Context)),
    ("Nothing predicted", None),
];

/// All studies under a list of them.
pub fn section(validation: &Validation) -> String {
    if validation.studies.is_empty() {
        return String::new();
    }
    let of = |study: &Validated| -> Vec<&Row> { validation.rows.iter().filter(|r| r.study == study.id).collect() };
    let mut out = String::new();
    for (name, role) in LISTS {
        let strongest = |s: &Validated| {
            let rows = of(s);
            [Role::Validation, Role::Calibration, Role::Context].into_iter().find(|role| rows.iter().any(|r| r.role == *role))
        };
        let links: Vec<String> = validation
            .studies
            .iter()
            .filter(|s| strongest(s) == role)
            .map(|s| format!("<a href=\"#study-{}\">{}</a>", escape(&s.id), escape(&s.short)))
            .collect();
        if !links.is_empty() {
            out.push_str(&format!("<p><b>{name}:</b> {}</p>\n", links.join(" · ")));
        }
    }
    for study in &validation.studies {
        out.push_str(&one(study, &of(study)));
    }
    out
}

fn one(study: &Validated, rows: &[&Row]) -> String {
    let mut out = format!("<article id=\"study-{}\">\n<h3>{}</h3>\n", escape(&study.id), escape(&study.short));
    let link = study.identifier.as_deref().map(|i| format!(" {}.", words::identifier(i))).unwrap_or_default();
    let citation = study.citation.trim_end_matches('.');
    out.push_str(&format!("<p>{}.{link}</p>\n", escape(citation)));
    let mut told = vec![format!("On {}", words::kind(study.kind))];
    if !study.reliability.is_empty() {
        told.push(study.reliability.iter().map(|r| words::reliability(*r)).collect::<Vec<_>>().join(", "));
    }
    let mut text = format!("{}. ", told.join("; "));
    text.push_str(&if study.assumed.is_empty() {
        "The record names nothing of the protocol that had to be assumed.".to_owned()
    } else {
        format!("Not stated by the source and assumed: {}.", study.assumed.join(", "))
    });
    out.push_str(&format!("<p class=\"note\">{}</p>\n", escape(&text)));
    out.extend(study.note.as_deref().map(paragraph));
    out.push_str(&observations(rows));
    if !study.unpredicted.is_empty() {
        let names: Vec<String> = study.unpredicted.iter().map(|n| format!("<li>{}</li>", escape(n))).collect();
        out.push_str(&format!("<p>Observed, but the protocol has nothing to predict it from:</p>\n<ul>{}</ul>\n", names.join("")));
    }
    out.push_str("</article>\n");
    out
}

fn observations(rows: &[&Row]) -> String {
    if rows.is_empty() {
        return paragraph("Nothing that was observed could be predicted.");
    }
    // Columns that this study has no use for are left out.
    let (graded, arms) = (rows.iter().any(|r| r.tissue.is_some()), rows.iter().any(|r| r.group.is_some()));
    let mut head = vec!["Observation".to_owned()];
    if arms {
        head.push("Arm".into());
    }
    head.extend(["Day", "n", "Published (90 % interval)", "Predicted (90 % interval)"].map(str::to_owned));
    if graded {
        head.push("Of that the tissue".into());
    }
    head.extend(["Standardised error", "Covered", "Role"].map(str::to_owned));
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|r| {
            let note = r.note.as_ref().map(|n| format!("<br><span class=\"note\">{}</span>", escape(n))).unwrap_or_default();
            let unit = words::unit(r);
            let comma = if unit.is_empty() { "" } else { ", " };
            let mut line = vec![format!(
                "{}<br><span class=\"unit\">{}: {}{comma}{}</span>{note}",
                escape(&r.quantity),
                escape(&r.name),
                words::scale(r.scale),
                escape(unit)
            )];
            if arms {
                line.push(escape(r.group.as_deref().unwrap_or("–")));
            }
            line.extend([format::day(r.day), words::subjects(r.n), words::published_interval(r), words::interval(r.scale, &r.predicted)]);
            if graded {
                line.push(r.tissue.map_or("–".into(), |t| words::interval(r.scale, &t)));
            }
            line.extend([
                words::standardised(r.standardised_error),
                if r.covered { "yes".into() } else { "<b>no</b>".into() },
                r.role.name().to_owned(),
            ]);
            line
        })
        .collect();
    let caption = "Published numbers beside their predictions.";
    let caption = if graded {
        format!("{caption} “Of that the tissue”: the predicted change without what raters expect and how they err.")
    } else {
        caption.to_owned()
    };
    table(&caption, &head, &lines).replacen("<table>", "<table class=\"many\">", 1)
}
