//! `report.html` of a permeation study.

use percuta::absorption::Relation;
use percuta::course::permeation::{Arm, PermeationOutcome, Treatment};
use percuta::population::Interval;

use super::words::{arm_name, preparation, quantity, surface_dose, taker};
use super::{efsa, ivpt};
use crate::figures::Figure;
use crate::folder::Inputs;
use crate::format;
use crate::html::markup::{escape, facts, figure, paragraph, table};
use crate::html::{background, page};

/// The report.
pub fn report(outcome: &PermeationOutcome, inputs: &Inputs, figures: &[Figure]) -> String {
    let drawn = |ids: &[&str]| ids.iter().map(|id| figure(figures, id)).collect::<String>();
    let sections = vec![
        ("summary", "Summary", headline(outcome)),
        ("warnings", "Warnings", background::warnings(&outcome.warnings)),
        ("run", "What was run", set_up(outcome, inputs)),
        ("amount", "Amount and flux", format!("{}{}", drawn(&["amount-over-time", "flux-over-time"]), quantities(outcome))),
        ("balance", "Where the dose is", format!("{}{}", drawn(&["mass-balance"]), balance(outcome))),
        ("depth", "How deep it is", drawn(&["depth-profiles"])),
        ("window", "Until when it pays to apply", format!("{}{}", drawn(&["application-window"]), closure(outcome))),
        ("replicates", "The study, replicate by replicate", format!("{}{}", drawn(&["replicates"]), study_table(outcome))),
        ("plasma-level", "In the blood", drawn(&["plasma"])),
        ("block", "In three dimensions", drawn(&["block-section"])),
        ("drivers", "What drives the amount", drawn(&["permeation-drivers"])),
        ("parameters", "Parameters", parameters(outcome)),
        ("methods", "Methods and limits", methods(outcome, inputs)),
    ];
    page(outcome, "In-silico permeation study", &inputs.version, sections)
}

/// Quantities told in the headline of each arm, where it has them.
const TOLD: [&str; 7] = ["percent_absorbed", "jss", "kp", "lag", "jmax", "tmax", "t_half"];

fn headline(outcome: &PermeationOutcome) -> String {
    let study = &outcome.study;
    let mut out = String::from("<div class=\"headline\">");
    let mut first = study.description.trim().to_owned();
    if !first.is_empty() {
        first.push(' ');
    }
    first.push_str(&format!(
        "{} on {}, {}; {} simulated member{}.",
        study.permeant.name,
        preparation(study.sample.preparation),
        dose(outcome),
        outcome.members,
        if outcome.members == 1 { "" } else { "s" }
    ));
    out.push_str(&paragraph(&first));
    out.push_str(&paragraph(&format!(
        "What gets into the {} within {} h, median with 90 % interval over the members:",
        taker(outcome),
        format::plain(study.duration_h)
    )));
    out.push_str("<ul>\n");
    for arm in &outcome.arms {
        out.push_str(&format!("<li>{}</li>\n", escape(&told(arm))));
    }
    out.push_str("</ul>\n");
    out.extend(comparison(outcome).map(|t| paragraph(&t)));
    if let Some(w) = &outcome.window {
        out.push_str(&paragraph(&format!(
            "After the treatment it pays to apply for {} h on skin left open and for {} h on covered skin: until then a tenth of the added permeability is left.",
            format::wide_interval(&w.pays_until_open_h),
            format::wide_interval(&w.pays_until_occluded_h)
        )));
    }
    if !outcome.explanation.trim().is_empty() {
        out.push_str(&paragraph(outcome.explanation.trim()));
    }
    out.push_str("</div>");
    out
}

fn told(arm: &Arm) -> String {
    let amount = arm.cumulative_ug_per_cm2.last().map_or("n/a".into(), format::wide_interval);
    let mut text = format!("{}: {amount} µg/cm²", super::figures::capital(arm_name(arm.needled)));
    for q in TOLD.iter().filter_map(|key| quantity(arm, key)) {
        text.push_str(&format!("; {} {}", lower(&q.name), with_unit(&q.value, &q.unit)));
    }
    text.push('.');
    text
}

/// With a small first letter, unless the word is an abbreviation.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next();
    let second = letters.clone().next();
    match first {
        Some(c) if second.is_some_and(char::is_lowercase) => c.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

fn comparison(outcome: &PermeationOutcome) -> Option<String> {
    let needled = outcome.arms.iter().find(|a| a.needled)?;
    if let Some(q) = quantity(needled, "enhancement_ratio") {
        let settled = if q.value.low > 1.0 {
            "the whole interval lies above 1: needled skin takes up more"
        } else if q.value.high < 1.0 {
            "the whole interval lies below 1"
        } else {
            "the interval includes 1, so that needling helps is not settled"
        };
        return Some(format!("Needled over intact skin: {} times (90 % interval); {settled}.", format::wide_interval(&q.value)));
    }
    let intact = outcome.arms.iter().find(|a| !a.needled)?;
    let (n, i) = (needled.cumulative_ug_per_cm2.last()?, intact.cumulative_ug_per_cm2.last()?);
    (i.median > 0.0)
        .then(|| format!("The median through needled skin is {} times that through intact skin.", format::number(n.median / i.median)))
}

/// A value with its unit.
fn with_unit(value: &Interval, unit: &str) -> String {
    let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
    format!("{}{unit}", format::wide_interval(value))
}

fn dose(outcome: &PermeationOutcome) -> String {
    let (d, v) = (&outcome.study.dosing, &outcome.study.vehicle);
    let concentration = format!("{} mg/mL", format::plain(v.concentration_ug_per_cm3 / 1000.0));
    match surface_dose(outcome) {
        None => format!("infinite dose of {concentration}"),
        Some(total) => {
            let times = d.applied_h.len();
            let each = format!("{} µL/cm² of {concentration}", format::plain(1000.0 * d.layer_cm));
            let often = if times == 1 { String::new() } else { format!(" at {times} times") };
            format!("{each}{often} ({} µg/cm² in all)", format::plain(total))
        }
    }
}

fn set_up(outcome: &PermeationOutcome, inputs: &Inputs) -> String {
    let s = &outcome.study;
    let list = |times: &[f64]| times.iter().map(|t| format::plain(*t)).collect::<Vec<_>>().join(", ");
    let thickness = s.sample.thickness_um.map(|t| format!(", {} µm", format::plain(t))).unwrap_or_default();
    let mut rows = vec![
        ("Permeant", permeant(outcome)),
        ("Dose", dose(outcome)),
        ("Skin", format!("{}{thickness}, {} °C", preparation(s.sample.preparation), format::plain(s.sample.temperature_c))),
        ("Person", background::person(&s.person)),
        ("Site", s.site.name.clone()),
        ("Area", format!("{} cm²", format::plain(s.area_cm2))),
    ];
    match &s.treatment {
        None => rows.push(("Treatment", "none".into())),
        Some(Treatment::Needling { device, motion, setting_um }) => {
            rows.push(("Device", background::device(device)));
            rows.push(("Setting", format!("{} µm", format::plain(*setting_um))));
            rows.push(("Motion", background::motion(motion)));
        }
        Some(Treatment::Array { density_per_cm2, radius_um, depth_um }) => rows.push((
            "Treatment",
            format!(
                "{} channels per cm², radius {} µm, open to {} µm",
                format::plain(*density_per_cm2),
                format::plain(*radius_um),
                format::plain(*depth_um)
            ),
        )),
    }
    if let Some(c) = &outcome.channels {
        rows.push((
            "Channels",
            format!(
                "{} per cm², radius {} µm, open to {} µm; {} % of the surface",
                format::wide_interval(&c.density_per_cm2),
                format::wide_interval(&c.radius_um),
                format::wide_interval(&c.depth_um),
                format::wide_interval(&c.open_area_percent)
            ),
        ));
    }
    if s.treatment.is_some() {
        rows.push(("First application", format!("{} h after the treatment", format::plain(s.dosing.after_treatment_h))));
    }
    if s.dosing.applied_h.len() > 1 {
        rows.push(("Applications, h", list(&s.dosing.applied_h)));
    }
    rows.push(("Cover", if s.dosing.occluded { "occluded" } else { "open" }.into()));
    if let Some(t) = s.dosing.washed_h {
        rows.push(("Washed", format!("after {} h, which takes {} % away", format::plain(t), format::plain(100.0 * s.dosing.washed_share))));
    }
    rows.push(("Samples, h", list(&s.samples_h)));
    rows.push(("Donors and replicates", format!("{} donors, {} replicates of each", s.donors, s.replicates)));
    rows.push((
        "Intact barrier",
        match s.barrier.measured_kp_cm_per_h {
            Some(kp) => format!("measured permeability, {} cm/h", format::own_digits(kp)),
            None => {
                format!("{}{}", relation(s.barrier.relation), if s.barrier.cleek_bunge { ", with the Cleek-Bunge correction" } else { "" })
            }
        },
    ));
    for series in &s.data {
        let what = format!("{} ({}), {} times", series.group, arm_name(series.needled), series.time_h.len());
        rows.push(("Measured", what));
    }
    rows.extend(background::origin("Study file", inputs));
    facts("Permeant, dose, skin and treatment.", &rows)
}

/// A relation by its authors.
fn relation(r: Relation) -> &'static str {
    match r {
        Relation::PottsGuy => "relation of Potts & Guy 1992",
        Relation::Wilschut => "relation of Wilschut et al. 1995",
        Relation::Mitragotri => "relation of Mitragotri 2002",
        Relation::Surrey => "brick and mortar, Chen et al. 2015",
    }
}

fn permeant(outcome: &PermeationOutcome) -> String {
    let p = &outcome.study.permeant;
    let pka: String =
        p.groups.iter().map(|g| format!(", pKa {} ({})", format::plain(g.pka), format!("{:?}", g.kind).to_lowercase())).collect();
    format!("{}, {} Da, log Kow {}{pka}; {}", p.name, format::plain(p.mw_da), format::plain(p.log_kow), p.source)
}

fn quantities(outcome: &PermeationOutcome) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for q in outcome.arms.iter().flat_map(|a| &a.quantities) {
        if !keys.contains(&q.key.as_str()) {
            keys.push(&q.key);
        }
    }
    if keys.is_empty() {
        return String::new();
    }
    let mut head = vec!["Quantity".to_owned()];
    head.extend(outcome.arms.iter().map(|a| super::figures::capital(arm_name(a.needled))));
    head.push("What it is".into());
    let rows: Vec<Vec<String>> = keys
        .iter()
        .filter_map(|key| {
            let q = outcome.arms.iter().find_map(|a| quantity(a, key))?;
            let unit = if q.unit == "1" { String::new() } else { format!(" <span class=\"unit\">{}</span>", escape(&q.unit)) };
            let mut row = vec![format!("{}{unit}", escape(&q.name))];
            row.extend(outcome.arms.iter().map(|a| quantity(a, key).map_or("–".into(), |q| escape(&with_unit(&q.value, "1")))));
            row.push(format!("<span class=\"note\">{}</span>", escape(&q.meaning)));
            Some(row)
        })
        .collect();
    table("What a permeation study reports; median (90 % interval) over the members.", &head, &rows)
}

/// Shares by replicate in EFSA's columns: means, and all replicates folded away.
fn balance(outcome: &PermeationOutcome) -> String {
    let rows = efsa::rows(outcome);
    if rows.is_empty() {
        return String::new();
    }
    let heads = |first: &[&str]| -> Vec<String> { first.iter().chain(&efsa::COLUMNS).map(|h| escape(h)).collect() };
    let means: Vec<Vec<String>> = outcome
        .arms
        .iter()
        .filter_map(|a| {
            let shares = efsa::mean_and_sd(&rows, a.needled)?;
            let mut row = vec![super::figures::capital(arm_name(a.needled))];
            row.extend(shares.iter().map(|(mean, sd)| format!("{} ± {}", share(*mean), share(*sd))));
            Some(row)
        })
        .collect();
    let dose = surface_dose(outcome).map_or("The donor never depletes, so shares of the dose depend on its volume.".into(), |d| {
        format!("Surface dose {} µg/cm².", format::plain(d))
    });
    let mut out = table(
        &format!(
            "Mass balance of the simulated study in the columns of EFSA 2017, Table 5: % of the dose, mean ± SD over the replicates; t0.5 is the amount at half of the time as a share of that at the end, %. \
             Stripped skin is viable epidermis, dermis and channels; skin washes hold what is left on the skin at the end. {dose}"
        ),
        &heads(&["Arm"]),
        &means,
    );
    let all: Vec<Vec<String>> = rows
        .iter()
        .map(|r| {
            let mut row = vec![format!("{} {}.{}", super::words::arm_key(r.needled), r.donor, r.replicate), r.donor.to_string()];
            row.extend(r.shares().iter().map(|s| share(*s)));
            row
        })
        .collect();
    out.push_str(&format!(
        "<details><summary>Each of the {} replicates</summary>\n{}</details>\n",
        rows.len(),
        table("% of the dose by replicate (arm, donor.replicate).", &heads(&["Replicate", "Donor"]), &all).replacen(
            "<table>",
            "<table class=\"many\">",
            1
        )
    ));
    out
}

/// A per cent to what a laboratory gives.
fn share(v: f64) -> String {
    match v.abs() {
        0.0 => "0".into(),
        x if x < 0.01 => "&lt; 0.01".into(),
        x if x < 10.0 => format::fixed(v, 2),
        _ => format::fixed(v, 1),
    }
}

fn closure(outcome: &PermeationOutcome) -> String {
    let Some(w) = &outcome.window else { return String::new() };
    let head = ["Channels count as closed", "Left open, h", "Covered, h"].map(str::to_owned);
    let row =
        |name: &str, open: &Interval, occluded: &Interval| vec![escape(name), format::wide_interval(open), format::wide_interval(occluded)];
    let mut rows = vec![row("for the permeant: a tenth of the added permeability is left", &w.pays_until_open_h, &w.pays_until_occluded_h)];
    rows.extend(w.closed_by.iter().map(|c| row(&format!("by {}", c.method), &c.open_h, &c.occluded_h)));
    table(
        "Hours after the treatment; median (90 % interval). Each method sees something else, so they do not agree on when a channel is closed.",
        &head,
        &rows,
    )
}

/// Jmax and AMT by donor, and every replicate folded away.
fn study_table(outcome: &PermeationOutcome) -> String {
    let readouts: [(&str, ivpt::Readout); 2] = [("Jmax, µg/cm²/h", |r| r.jmax_ug_per_cm2_h), ("AMT, µg/cm²", |r| r.amt_ug_per_cm2)];
    let mut out = String::new();
    for arm in &outcome.arms {
        let stats: Vec<_> =
            readouts.iter().filter_map(|(name, value)| Some((name, ivpt::statistics(outcome, arm.needled, value)?))).collect();
        let Some((_, first)) = stats.first() else { continue };
        let mut head = vec!["Donor".to_owned(), "Replicates".to_owned()];
        for (name, _) in &stats {
            head.extend([escape(name), "CV, %".to_owned()]);
        }
        let cv = |v: Option<f64>| v.map_or("–".into(), |v| format::fixed(v, 0));
        let mut rows: Vec<Vec<String>> = first
            .donors
            .iter()
            .enumerate()
            .map(|(i, d)| {
                let mut row = vec![d.donor.to_string(), d.replicates.to_string()];
                for (_, s) in &stats {
                    row.extend(s.donors.get(i).map_or(["–".into(), "–".into()], |d| [format::number(d.geometric_mean), cv(d.cv_percent)]));
                }
                row
            })
            .collect();
        let n: usize = first.donors.iter().map(|d| d.replicates).sum();
        for (name, of) in [
            ("all, CV within donors", (|s| s.within_donor_cv_percent) as fn(&ivpt::ArmStatistics) -> Option<f64>),
            ("all, CV between donors", |s| s.between_donor_cv_percent),
        ] {
            let mut row = vec![name.to_owned(), n.to_string()];
            for (_, s) in &stats {
                row.extend([format::number(s.geometric_mean), cv(of(s))]);
            }
            rows.push(row);
        }
        let caption = format!(
            "{}: geometric means with geometric coefficients of variation. Jmax is the greatest flux between two samples, AMT the amount at the end.",
            super::figures::capital(arm_name(arm.needled))
        );
        out.push_str(&table(&caption, &head, &rows));
    }
    if !outcome.replicates.is_empty() {
        let head = ["Replicate", "Donor", "Jmax, µg/cm²/h", "Tmax, h", "AMT, µg/cm²"].map(str::to_owned);
        let rows: Vec<Vec<String>> = outcome
            .replicates
            .iter()
            .map(|r| {
                vec![
                    format!("{} {}.{}", super::words::arm_key(r.needled), r.donor, r.replicate),
                    r.donor.to_string(),
                    format::number(r.jmax_ug_per_cm2_h),
                    format::plain(r.tmax_h),
                    format::number(r.amt_ug_per_cm2),
                ]
            })
            .collect();
        out.push_str(&format!(
            "<details><summary>Each of the {} replicates</summary>\n{}</details>\n",
            rows.len(),
            table("Every replicate (arm, donor.replicate); the amounts at every sample are in tables/samples.csv.", &head, &rows)
        ));
    }
    out
}

fn parameters(outcome: &PermeationOutcome) -> String {
    let set = &outcome.study.parameters;
    if set.is_empty() {
        return String::new();
    }
    background::parameters(set, "study", "Every parameter of the study with its source.")
}

fn methods(outcome: &PermeationOutcome, inputs: &Inputs) -> String {
    let n = outcome.members as usize;
    let mut out = paragraph(&format!(
        "Percuta {} computed this study for {n} member{} of an ensemble. A member is one draw of every uncertain parameter from its distribution (Latin hypercube, seed {}); the same seed gives the same numbers. \
         Both arms of a member share its draw. Results are medians over the members with the range from the 5th to the 95th percentile.",
        inputs.version,
        if n == 1 { "" } else { "s" },
        outcome.seed
    ));
    out.push_str(&background::few(n));
    out.push_str(&paragraph(
        "The skin is a column of stratum corneum, viable epidermis and dermis; channels run beside it, and what they pass is set by how the permeant spreads from them into the tissue, not by their area alone. \
         The intervals carry the uncertainty of the parameters as stated on their cards. They do not carry what the equations leave out, and where a card says “assumed” its distribution is a judgement. \
         The simulated study has the scatter of skins, not the errors of a laboratory.",
    ));
    out.push_str(&paragraph(background::USE));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::figures::figures;
    use crate::absorption::fixture;

    fn drawn_page(outcome: &PermeationOutcome) -> String {
        report(outcome, &fixture::inputs(), &figures(outcome, "0.1.0").unwrap())
    }

    #[test]
    fn the_text_of_the_report() {
        let o = fixture::outcome();
        insta::assert_snapshot!(text(&report(&o, &fixture::inputs(), &[])));
    }

    /// The body without folded tables, a line a cell.
    fn text(page: &str) -> String {
        let body = page.split("<main>").nth(1).unwrap();
        let mut kept = String::new();
        for (i, part) in body.split("<details>").enumerate() {
            kept.push_str(if i == 0 { part } else { part.split_once("</details>").unwrap().1 });
        }
        crate::html::markup::text(&kept)
    }

    #[test]
    fn every_figure_quantity_and_warning_is_in_the_report() {
        let o = fixture::outcome();
        let page = report(&o, &fixture::inputs(), fixture::drawn());
        for f in fixture::drawn() {
            assert!(page.contains(&format!("id=\"figure-{}\"", f.id)), "{} is missing", f.id);
        }
        for q in o.arms.iter().flat_map(|a| &a.quantities) {
            assert!(page.contains(&escape(&q.name)) && page.contains(&escape(&q.meaning)), "{} is missing", q.key);
        }
        for w in &o.warnings {
            assert!(page.contains(&escape(&w.code)) && page.contains(&escape(&w.message)), "{}", w.code);
        }
        assert!(page.contains(&escape(&o.explanation)));
        assert_eq!(page.matches("not a medical device").count(), 1);
        assert!(drawn_page(&fixture::in_vivo()).contains("id=\"figure-plasma\""));
    }

    #[test]
    fn the_page_loads_nothing_and_its_identifiers_are_unique() {
        for o in [fixture::outcome(), fixture::infinite(), fixture::intact()] {
            let page = drawn_page(&o);
            assert!(page.len() < 5_000_000, "{} bytes", page.len());
            for load in ["http", "<script", "<link", "@import", "<iframe"] {
                assert!(!page.contains(load), "the page contains {load}");
            }
            let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let n = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), n);
        }
    }

    #[test]
    fn text_of_a_user_cannot_become_markup() {
        let mut o = fixture::outcome();
        o.study.name = "<script>alert(1)</script>".into();
        o.study.description = "<img src=x>".into();
        o.study.permeant.name = "<b>x</b>".into();
        o.arms[0].quantities[0].name = "<i>y</i>".into();
        o.study.data[0].group = "<u>z</u>".into();
        let page = drawn_page(&o);
        for markup in ["<script", "<img src=x", "<b>x", "<i>y", "<u>z"] {
            assert!(!page.contains(markup), "{markup}");
        }
    }

    #[test]
    fn intact_skin_has_a_report() {
        let page = drawn_page(&fixture::intact());
        assert!(page.contains("1 simulated member.") && !page.contains("Needled") && !page.contains("id=\"window\""));
    }

    #[test]
    fn small_numbers_stay_numbers() {
        let v = Interval { median: 2.4e-5, low: 1.2e-5, high: 4.8e-5 };
        assert_eq!(with_unit(&v, "cm/h"), "2.40e−5 (1.20e−5 to 4.80e−5) cm/h");
        assert_eq!(lower("Greatest flux") + " " + &lower("AMT"), "greatest flux AMT");
    }
}
