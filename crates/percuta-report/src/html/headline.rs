//! The summary in words.

use percuta::course::Outcome;
use percuta::population::{Interval, interval};

use super::markup::{paragraph, readouts};
use crate::format;
use crate::series;

/// Read-outs of the headline table, if the run has them.
const KEY: [&str; 11] = [
    "collagen_mass",
    "papillary_collagen_mass",
    "suction_elasticity",
    "fine_line_depth",
    "coarse_line_depth",
    "scar_depth_boxcar",
    "scar_depth_rolling",
    "goodman_baron_score",
    "melanin_index",
    "erythema_index",
    "tewl",
];

/// What happened, in a few sentences and one table.
pub fn headline(outcome: &Outcome) -> String {
    let mut out = String::from("<div class=\"headline\">");
    out.push_str(&paragraph(&setting(outcome)));
    if let Some(&last) = outcome.course.visits.last() {
        let said: Vec<String> = [
            ("collagen_mass", "collagen mass of the dermis"),
            ("fine_line_depth", "depth of fine lines"),
            ("scar_depth_rolling", "depth of a rolling scar"),
            ("melanin_index", "melanin index"),
        ]
        .iter()
        .filter_map(|(key, words)| {
            let s = series::find(outcome, key)?;
            let unit = match s.readout.unit {
                "% of baseline" => "percentage points",
                unit => unit,
            };
            Some(sentence(words, unit, &series::change(outcome, s, last)?, &series::change_text(outcome, s, last)?))
        })
        .collect();
        if !said.is_empty() {
            let said = said.join("; ");
            out.push_str(&paragraph(&format!("By day {}: {}.", format::day(last), said.trim_end_matches('.'))));
        }
        let index = series::visit_index(outcome, last);
        if let (Some(s), Some(index)) = (series::find(outcome, "pih_probability"), index) {
            let p = interval(&series::values(s, index));
            out.push_str(&paragraph(&format!(
                "Probability that the course leaves post-inflammatory hyperpigmentation: {} %.",
                format::interval(&p)
            )));
        }
    }
    out.push_str("</div>");
    let rows: Vec<_> = KEY.iter().filter_map(|k| series::find(outcome, k)).collect();
    out.push_str(&readouts(outcome, &rows));
    out
}

fn setting(outcome: &Outcome) -> String {
    let c = &outcome.course;
    let mut text = String::new();
    if !c.description.trim().is_empty() {
        text.push_str(c.description.trim());
        text.push(' ');
    }
    let days: Vec<String> = c.sessions.iter().map(|&d| format::day(d)).collect();
    let n = outcome.draws.len();
    match days.len() {
        0 => text.push_str(&format!("No session: untreated skin of the {}, {n} members.", c.site.name)),
        k => text.push_str(&format!(
            "{k} session{} (day {}) with the device “{}” set to {} µm, {} passes, on the {}: {} punctures per cm² and session, reaching {} µm; {n} members.",
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
    if change.low == 0.0 && change.high == 0.0 {
        return format!("{words} unchanged");
    }
    let direction = match (change.low > 0.0, change.high < 0.0) {
        (true, _) => "up, ",
        (_, true) => "down, ",
        _ => "direction not settled, ",
    };
    format!("{words} {direction}{text} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_across_zero_settles_nothing() {
        let s = sentence("x", "µm", &Interval { median: 1.0, low: -1.0, high: 3.0 }, "+1");
        assert!(s.contains("not settled"), "{s}");
        assert!(sentence("x", "µm", &Interval { median: 1.0, low: 0.5, high: 3.0 }, "+1").contains("up"));
        assert!(sentence("x", "µm", &Interval { median: 0.0, low: 0.0, high: 0.0 }, "+1").contains("unchanged"));
    }
}
