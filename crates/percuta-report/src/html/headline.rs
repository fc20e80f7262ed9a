//! The summary in words.

use percuta::course::{Outcome, ReadoutSeries};
use percuta::population::{Interval, interval};

use super::markup::{escape, paragraph, readouts};
use crate::format;
use crate::series;

/// Read-outs of the headline table, if the run has them.
const KEY: [&str; 14] = [
    "collagen_mass",
    "papillary_collagen_mass",
    "suction_elasticity",
    "fine_line_depth",
    "coarse_line_depth",
    "scar_depth_boxcar",
    "scar_depth_rolling",
    "hypertrophic_scar_height",
    "linear_scar_depth",
    "goodman_baron_score",
    "melanin_index",
    "lesion_melanin_excess",
    "erythema_index",
    "tewl",
];

/// Read-outs of which the change to the last visit is told in words.
const TOLD: [(&str, &str); 6] = [
    ("collagen_mass", "Collagen mass of the dermis"),
    ("fine_line_depth", "Depth of fine lines"),
    ("scar_depth_rolling", "Depth of a rolling scar"),
    ("hypertrophic_scar_height", "Height of a hypertrophic scar"),
    ("melanin_index", "Melanin index"),
    ("lesion_melanin_excess", "Melanin of the lesion in excess of the skin around it"),
];

/// What happened, in a few sentences and one table.
pub fn headline(outcome: &Outcome) -> String {
    let mut out = String::from("<div class=\"headline\">");
    out.push_str(&paragraph(&setting(outcome)));
    if let Some(&last) = outcome.course.visits.last() {
        let told: Vec<(&str, &ReadoutSeries, Interval)> = TOLD
            .iter()
            .filter_map(|(key, words)| {
                let s = series::find(outcome, key)?;
                Some((*words, s, series::change(outcome, s, last)?))
            })
            .collect();
        let day = format::day(last);
        if told.iter().all(|(_, s, _)| series::change_text(outcome, s, last).as_deref() == Some("0")) {
            out.push_str(&paragraph(&format!(
                "Nothing is done to this skin, and to day {day} it stays as it was. The model has no ageing."
            )));
        } else {
            out.push_str(&paragraph(&format!("Change from baseline to day {day}, median with 90 % interval over the simulated members:")));
            let items: String = told
                .iter()
                .filter_map(|(words, s, c)| Some(escape(&sentence(words, unit(s), c, &series::change_text(outcome, s, last)?))))
                .map(|said| format!("<li>{said}</li>\n"))
                .collect();
            out.push_str(&format!("<ul>\n{items}</ul>\n"));
        }
        for said in [pigmentation(outcome, last), uptake(outcome), downtime(outcome)].into_iter().flatten() {
            out.push_str(&paragraph(&said));
        }
    }
    out.push_str("</div>");
    let rows: Vec<_> = KEY.iter().filter_map(|k| series::find(outcome, k)).collect();
    out.push_str(&readouts(outcome, &rows));
    out
}

/// Unit of a change of the read-out.
fn unit(s: &ReadoutSeries) -> &'static str {
    match s.readout.unit {
        "% of baseline" => "percentage points of baseline",
        "1" | "a.u." => "",
        unit => unit,
    }
}

fn pigmentation(outcome: &Outcome, last: f64) -> Option<String> {
    if outcome.course.sessions.is_empty() {
        return None;
    }
    let s = series::find(outcome, "pih_probability")?;
    let p = interval(&series::values(s, series::visit_index(outcome, last)?));
    Some(format!("Computed probability that the course leaves post-inflammatory hyperpigmentation: {} %.", format::interval(&p)))
}

fn uptake(outcome: &Outcome) -> Option<String> {
    let (u, p) = (outcome.uptake.as_ref()?, outcome.course.product.as_ref()?);
    Some(format!(
        "{}, applied {} h after the session: {} µg/cm² delivered in 24 h, against {} µg/cm² through intact skin.",
        p.permeant.name,
        format::plain(p.applied_after_h),
        format::interval(&u.delivered_24h_ug_per_cm2),
        format::interval(&u.intact_24h_ug_per_cm2),
    ))
}

fn downtime(outcome: &Outcome) -> Option<String> {
    let d = outcome.downtime.as_ref()?;
    Some(format!(
        "After one session, redness can be seen for {} d and pinpoint crusts for {} d; water loss is within 10 % of normal after {} h, and make-up may cover the skin after {} d.",
        format::interval_to(&d.erythema_d, 1),
        format::interval_to(&d.crusts_d, 1),
        format::interval_to(&d.barrier_h, 0),
        format::interval_to(&d.makeup_d, 1),
    ))
}

fn setting(outcome: &Outcome) -> String {
    let c = &outcome.course;
    let described = c.description.trim();
    let mut text = String::new();
    if !described.is_empty() && !c.sessions.is_empty() {
        text.push_str(described);
        text.push(' ');
    }
    let days: Vec<String> = c.sessions.iter().map(|&d| format::day(d)).collect();
    let n = outcome.draws.len();
    match days.len() {
        0 => {
            text.push_str(&format!("This run has no session: untreated skin, site {}; {n} simulated members.", c.site.name));
            if !described.is_empty() {
                text.push_str(&format!(" The course file is described as: “{described}”"));
            }
        }
        k => text.push_str(&format!(
            "{k} session{} (day {}) with the device “{}” set to {} µm, {} passes, site {}: {} punctures per cm² and session, reaching {} µm (median, 90 % interval); {n} simulated members.",
            if k == 1 { "" } else { "s" },
            days.join(", "),
            c.device.name,
            format::plain(c.setting_um),
            c.motion.passes,
            c.site.name,
            format::interval(&outcome.punctures.density_per_cm2),
            format::interval(&outcome.punctures.depth_um),
        )),
    }
    text
}

/// A change in words. Where the interval holds zero it says so: the direction is not settled.
fn sentence(words: &str, unit: &str, change: &Interval, text: &str) -> String {
    if text == "0" {
        return format!("{words}: unchanged.");
    }
    let (median, range) = text.split_once(" (").map_or((text, ""), |(m, r)| (m, r.trim_end_matches(')')));
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    // The words go by the numbers as printed: an interval from 0.00 on is not said to exclude no change.
    let (low, high) = range.split_once(" to ").unwrap_or((range, range));
    let settled = match (change.low > 0.0, change.high < 0.0) {
        (true, _) if low.starts_with('+') => "the whole interval lies above no change",
        (_, true) if high.starts_with('−') => "the whole interval lies below no change",
        (true, _) | (_, true) => "the interval begins at practically no change",
        _ => "the interval includes no change, so the direction is not settled",
    };
    format!("{words}: {median}{unit} (90 % interval {range}); {settled}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use percuta::course::DowntimeStatistics;

    #[test]
    fn an_interval_across_zero_settles_nothing() {
        let s = sentence("x", "µm", &Interval { median: 1.0, low: -1.0, high: 3.0 }, "+1 (−1 to +3)");
        assert_eq!(s, "x: +1 µm (90 % interval −1 to +3); the interval includes no change, so the direction is not settled.");
        assert!(sentence("x", "µm", &Interval { median: 1.0, low: 0.5, high: 3.0 }, "+1.0 (+0.5 to +3.0)").contains("above no change"));
        assert!(sentence("x", "µm", &Interval { median: 1.0, low: 0.004, high: 3.0 }, "+1.00 (0.00 to +3.00)").contains("practically"));
        assert!(sentence("x", "µm", &Interval { median: 0.0, low: 0.0, high: 0.0 }, "0").contains("unchanged"));
    }

    #[test]
    fn downtime_and_untreated_skin_are_told() {
        let mut o = crate::fixture::outcome();
        let i = |median: f64| Interval { median, low: 0.5 * median, high: 2.0 * median };
        o.downtime = Some(DowntimeStatistics { erythema_d: i(2.0), barrier_h: i(40.0), crusts_d: i(1.0), makeup_d: i(1.7) });
        assert!(headline(&o).contains("make-up may cover the skin after 1.7 (0.8 to 3.4) d"), "{}", headline(&o));
        let untreated = headline(&crate::fixture::untreated());
        assert!(untreated.contains("stays as it was") && !untreated.contains("hyperpigmentation:"));
    }
}
