//! What was run, what the results rest on, and their limits.

use percuta::course::{Course, Outcome, Warning};
use percuta::device::{Device, Handpiece, Motion};
use percuta::population::{Interval, Kind, ParameterSet};
use percuta::skin::{Person, Sex};

use super::markup::{escape, facts, paragraph, table};
use super::scars::describe_scar;
use crate::folder::Inputs;
use crate::format;

/// The warnings, or the statement that there are none.
pub fn warnings(warnings: &[Warning]) -> String {
    if warnings.is_empty() {
        return paragraph("The run gave no warnings.");
    }
    let items: String = warnings.iter().map(|w| format!("<li><b>{}</b>: {}</li>\n", escape(&w.code), escape(&w.message))).collect();
    format!("<div class=\"warnings\" role=\"note\"><b>Read these before using any number.</b><ul>\n{items}</ul></div>\n")
}

/// What was run.
pub fn set_up(c: &Course, inputs: &Inputs) -> String {
    let days = |days: &[f64]| {
        if days.is_empty() { "none".to_owned() } else { days.iter().map(|&d| format::day(d)).collect::<Vec<_>>().join(", ") }
    };
    let mut rows = vec![
        ("Person", person(&c.person)),
        ("Site", format!("{}, {} cm²", c.site.name, format::plain(c.area_cm2))),
        ("Device", device(&c.device)),
        ("Setting", format!("{} µm", format::plain(c.setting_um))),
        ("Motion", motion(&c.motion)),
        ("Sessions, day", days(&c.sessions)),
        ("Visits, day", days(&c.visits)),
    ];
    if let Some(p) = &c.product {
        let covered = if p.occluded { "occluded" } else { "open" };
        rows.push((
            "Product",
            format!(
                "{}, {} mg/mL, {} µL/cm², {} h after the session, {covered}",
                p.permeant.name,
                format::plain(p.concentration_mg_per_ml),
                format::plain(p.dose_ul_per_cm2),
                format::plain(p.applied_after_h)
            ),
        ));
    }
    if let Some(l) = &c.lesion {
        rows.push(("Lesion", format!("{}, {} times the melanin of the skin around it", l.kind.name(), format::plain(l.melanin_ratio))));
    }
    if !c.scars.is_empty() {
        rows.push(("Single scars", c.scars.iter().map(describe_scar).collect::<Vec<_>>().join("; ")));
    }
    if let Some(s) = &c.study {
        let id = s.identifier.as_ref().map(|i| format!(" ({i})")).unwrap_or_default();
        rows.push(("Study re-told", format!("{}{id}; read: {}", s.citation, s.access)));
    }
    rows.extend(origin("Course file", inputs));
    facts("Person, site, device and product.", &rows)
}

/// Who it is.
pub fn person(person: &Person) -> String {
    let sex = match person.sex {
        Sex::Female => "female",
        Sex::Male => "male",
    };
    format!(
        "{} years, {sex}, melanosome fraction {} %",
        format::day(person.age_years),
        format::plain(100.0 * person.tone.melanosome_fraction)
    )
}

/// With what.
pub fn device(device: &Device) -> String {
    let handpiece = match device.handpiece {
        Handpiece::Pen => "pen",
        Handpiece::Roller => "roller",
        Handpiece::Stamp => "stamp",
    };
    format!("{} ({handpiece}), {} needles; {}", device.name, device.needles, device.source)
}

/// How the handpiece is moved.
pub fn motion(motion: &Motion) -> String {
    let directions: Vec<String> = motion.directions_deg.iter().map(|&d| format!("{}°", format::day(d))).collect();
    format!(
        "{} passes along {}; {} mm/s; overlap {} %",
        motion.passes,
        directions.join(", "),
        format::plain(motion.glide_um_per_s / 1000.0),
        format::plain(100.0 * motion.overlap)
    )
}

/// The file, what overrode it, and the command.
pub fn origin(file: &'static str, inputs: &Inputs) -> Vec<(&'static str, String)> {
    let mut rows = vec![(file, inputs.course_path.clone())];
    if !inputs.overrides.is_empty() {
        rows.push(("Overrides", inputs.overrides.join(" · ")));
    }
    rows.push(("Command", inputs.command.clone()));
    rows
}

/// Predicted beside published.
pub fn comparison(outcome: &Outcome) -> String {
    if outcome.comparison.is_empty() {
        return paragraph("The course re-tells no study, so there is nothing published to lay beside it.");
    }
    let head = ["Observation", "Day", "Published", "Predicted", "Within", "Role", "Note"].map(str::to_owned);
    let rows: Vec<Vec<String>> = outcome
        .comparison
        .iter()
        .map(|c| {
            let group = c
                .group
                .as_ref()
                .filter(|g| !c.quantity.contains(g.as_str()))
                .map(|g| format!("<br><span class=\"note\">{}</span>", escape(g)))
                .unwrap_or_default();
            let published = match c.published_ci {
                Some((low, high)) => format::interval(&Interval { median: c.published, low, high }),
                None => format::plain(c.published),
            };
            let unit = if c.unit == "1" { String::new() } else { escape(&c.unit) };
            let tissue =
                c.tissue.map(|t| format!("<br><span class=\"note\">tissue alone {}</span>", format::interval(&t))).unwrap_or_default();
            let inside = c.published >= c.predicted.low && c.published <= c.predicted.high;
            vec![
                format!("{}{group}", escape(&c.quantity)),
                format::day(c.day),
                format!("{published} {unit}"),
                format!("{} {unit}{tissue}", format::interval(&c.predicted)),
                if inside { "yes" } else { "<span class=\"outcome\">no</span>" }.to_owned(),
                escape(&c.role),
                escape(c.note.as_deref().unwrap_or("")),
            ]
        })
        .collect();
    let mut out = table(
        "Published values beside the model's prediction of the same observation, error of the observation included; “within” says whether the 90 % interval holds the published value.",
        &head,
        &rows,
    );
    let tested: Vec<_> = outcome.comparison.iter().filter(|c| c.role == "validation").collect();
    let held = tested.iter().filter(|c| c.published >= c.predicted.low && c.published <= c.predicted.high).count();
    out.push_str(&paragraph(&format!(
        "Only rows with the role “validation” test the model: {held} of {} lie within their interval. Rows with the role “calibration” were used to set parameters, so agreement there proves nothing; “context” rows come from conditions the course does not re-tell.",
        tested.len()
    )));
    if outcome.comparison.iter().any(|c| c.tissue.is_some()) {
        out.push_str(&paragraph(
            "Grades carry the expectation of raters and patients: untreated sides improve too. “Tissue alone” is what the model says of the skin; where it is near zero, an agreement is one of expectation and says nothing for the treatment.",
        ));
    }
    out
}

/// How long the skin takes to recover from one session; nothing for an untreated course.
pub fn downtime(outcome: &Outcome) -> String {
    let Some(d) = &outcome.downtime else { return String::new() };
    let head = ["After one session", "Median (90 % interval)"].map(str::to_owned);
    let rows = [
        ("Redness can be seen for", &d.erythema_d, 1, "d"),
        ("Pinpoint crusts for", &d.crusts_d, 1, "d"),
        ("Water loss within 10 % of normal after", &d.barrier_h, 0, "h"),
        ("Make-up may cover the skin after (not before the customary wait)", &d.makeup_d, 1, "d"),
    ]
    .map(|(name, i, decimals, unit)| vec![name.to_owned(), format!("{} {unit}", format::interval_to(i, decimals))]);
    table("Time until the signs of the first session are gone.", &head, &rows)
}

/// All parameters with kind and source, folded away.
///
/// `by` is what sets parameters of its own, `caption` that of the table.
pub fn parameters(set: &ParameterSet, by: &str, caption: &str) -> String {
    let head = ["Parameter", "Value", "Distribution", "Kind", "Meaning", "Source"].map(str::to_owned);
    let rows: Vec<Vec<String>> = set
        .iter()
        .map(|(name, card)| {
            let id = card.id.as_ref().map(|i| format!(" <span class=\"unit\">{}</span>", escape(i))).unwrap_or_default();
            let note = card.note.as_ref().map(|n| format!("<br><span class=\"note\">{}</span>", escape(n))).unwrap_or_default();
            vec![
                escape(name),
                format!("{} {}", format::number(card.value), if card.unit == "1" { String::new() } else { escape(&card.unit) }),
                escape(&card.distribution.describe()),
                kind(card.kind).to_owned(),
                escape(&card.meaning),
                format!("{}{id}{note}", escape(&card.source)),
            ]
        })
        .collect();
    let count = |k: Kind| set.iter().filter(|(_, c)| c.kind == k).count();
    format!(
        "<details><summary>{} parameters: {} measured, {} fitted, {} assumed, {} set by the {by}</summary>\n{}</details>\n",
        set.len(),
        count(Kind::Measured),
        count(Kind::Fitted),
        count(Kind::Assumed),
        count(Kind::Setting),
        table(caption, &head, &rows)
    )
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Measured => "measured",
        Kind::Fitted => "fitted",
        Kind::Assumed => "assumed",
        Kind::Setting => "setting",
    }
}

/// How the numbers came about and what they do not say.
pub fn methods(outcome: &Outcome, inputs: &Inputs) -> String {
    let n = outcome.draws.len();
    let mut out = paragraph(&format!(
        "Percuta {} computed this course for {n} member{} of an ensemble. A member is one draw of every uncertain parameter from its distribution (Latin hypercube, seed {}); the same seed gives the same numbers. \
         Results are medians over the members with the range from the 5th to the 95th percentile. Changes are taken within each member before they are summarised, so the spread of baselines between members does not enter them.",
        inputs.version,
        if n == 1 { "" } else { "s" },
        outcome.seed,
    ));
    out.push_str(&few(n));
    out.push_str(&paragraph(
        "The intervals carry the uncertainty of the parameters as stated on their cards. They do not carry what the equations leave out, and where a card says “assumed” its distribution is a judgement. \
         Read-outs that stand for an instrument are maps from the computed tissue; the error of the instrument enters only where a prediction is laid beside a published value.",
    ));
    out.push_str(&paragraph(USE));
    out
}

/// What the program is not, said once in each report.
pub const USE: &str = "Percuta is a research tool, not a medical device; it gives no advice about a person.";

/// What a small ensemble cannot say; nothing for a large one.
pub fn few(members: usize) -> String {
    if members >= 40 {
        return String::new();
    }
    paragraph(&format!("With {members} members the ends of the intervals are themselves uncertain; use more for results to be quoted."))
}

/// Where the drivers are listed.
pub fn drivers(outcome: &Outcome) -> String {
    let any = !outcome.course.sessions.is_empty() && outcome.readouts.iter().any(|s| !s.drivers.is_empty());
    paragraph(if any {
        "The correlations of all read-outs with all parameters are in tables/drivers.csv."
    } else {
        "Nothing changes in this run, so nothing drives it."
    })
}
