//! Numbers and names of a validation as a reader wants them.

use percuta::evidence::validation::{Row, Skill};
use percuta::evidence::{Reliability, Role, Scale, StudyKind};
use percuta::population::Interval;

use crate::format;
use crate::html::markup::escape;

/// A published number with the digits that were published.
pub fn as_published(x: f64) -> String {
    let size = x.abs();
    let text = if size > 0.0 && !(1e-4..1e7).contains(&size) { format!("{x:e}") } else { x.to_string() };
    text.replace('-', "−")
}

/// The same with a plus sign where it is a gain.
pub fn published(row: &Row) -> String {
    let sign = if row.scale != Scale::Value && row.published > 0.0 { "+" } else { "" };
    format!("{sign}{}", as_published(row.published))
}

/// The published number, with its 90 % interval where there is one.
pub fn published_interval(row: &Row) -> String {
    match row.published_interval {
        Some((low, high)) => format!("{} ({} to {})", published(row), signed(row.scale, low), signed(row.scale, high)),
        None => published(row),
    }
}

/// Median with 90 % interval on the scale of a row.
pub fn interval(scale: Scale, i: &Interval) -> String {
    format!("{} ({} to {})", signed(scale, i.median), signed(scale, i.low), signed(scale, i.high))
}

fn signed(scale: Scale, x: f64) -> String {
    if !x.is_finite() {
        return "n/a".into();
    }
    // Zero but for rounding.
    let x = if x.abs() < 1e-12 { 0.0 } else { x };
    let sign = if scale != Scale::Value && x > 0.0 { "+" } else { "" };
    format!("{sign}{}", format::own_digits(x))
}

/// Unit of a row after a number or a name: nothing for a plain number.
pub fn unit(row: &Row) -> &str {
    if row.unit == "1" { "" } else { &row.unit }
}

/// How a row is expressed.
pub fn scale(scale: Scale) -> &'static str {
    match scale {
        Scale::PercentChange => "change from baseline",
        Scale::Difference => "difference from baseline",
        Scale::Value => "value",
    }
}

/// A standardised error; what lies very far off has no number worth reading.
pub fn standardised(z: f64) -> String {
    match z {
        z if z.is_nan() => "n/a".into(),
        z if z > 99.0 => "&gt; 99".into(),
        z if z < -99.0 => "&lt; −99".into(),
        z => with_sign(z, 1),
    }
}

/// A number with its sign.
pub fn with_sign(x: f64, decimals: usize) -> String {
    let text = format::fixed(x, decimals);
    if x > 0.0 && x.is_finite() && text.chars().any(|c| ('1'..='9').contains(&c)) { format!("+{text}") } else { text }
}

/// A skill with the observations behind it, and in words where it is none; HTML.
pub fn skill(skill: Option<&Skill>) -> String {
    let Some(s) = skill else { return "nothing to compare".into() };
    let worse = if worse(s) { " <span class=\"outcome\">worse</span>" } else { "" };
    format!("{} / {} (n {}){worse}", with_sign(s.crps, 2), with_sign(s.interval_score, 2), s.observations)
}

/// Whether the model does worse than the naive predictor by either score.
pub fn worse(s: &Skill) -> bool {
    s.crps < 0.0 || s.interval_score < 0.0
}

/// Text meant for a terminal without its colours.
pub fn without_colours(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // A sequence ends with a letter.
        plain.push_str(part.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, rest)| rest));
    }
    plain
}

/// Subjects behind a number.
pub fn subjects(n: Option<u32>) -> String {
    n.map_or("not stated".into(), |n| n.to_string())
}

/// A role with a capital letter.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Calibration => "Calibration",
        Role::Validation => "Validation",
        Role::Context => "Context",
    }
}

/// On whom or what.
pub fn kind(kind: StudyKind) -> &'static str {
    match kind {
        StudyKind::Clinical => "living people",
        StudyKind::ExVivo => "excised human skin",
        StudyKind::Animal => "animals, or their skin",
        StudyKind::InVitro => "cells or a model of skin",
    }
}

/// What speaks for a study's numbers and against them.
pub fn reliability(r: Reliability) -> &'static str {
    match r {
        Reliability::Controlled => "controlled",
        Reliability::Randomised => "randomised",
        Reliability::SplitFace => "split-face",
        Reliability::Blinded => "blinded",
        Reliability::Open => "open",
        Reliability::Retrospective => "retrospective",
        Reliability::Animal => "not on people",
    }
}

/// An identifier as a link where it is known what it leads to; HTML.
pub fn identifier(text: &str) -> String {
    let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
    let address = if text.starts_with("10.") && text.contains('/') {
        format!("https://doi.org/{text}")
    } else if let Some(number) = text.strip_prefix("PMID ").filter(|n| digits(n)) {
        format!("https://pubmed.ncbi.nlm.nih.gov/{number}/")
    } else if text.strip_prefix("PMC").is_some_and(digits) {
        format!("https://pmc.ncbi.nlm.nih.gov/articles/{text}/")
    } else if text.strip_prefix("NCT").is_some_and(digits) {
        format!("https://clinicaltrials.gov/study/{text}")
    } else if text.starts_with("https://") {
        text.to_owned()
    } else {
        return escape(text);
    };
    format!("<a href=\"{}\">{}</a>", escape(&address), escape(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_numbers_keep_their_digits() {
        assert_eq!(as_published(-57.73), "−57.73");
        assert_eq!(as_published(0.000_318), "0.000318");
        assert_eq!(as_published(7e-6), "7e−6");
        assert_eq!(as_published(0.0), "0");
    }

    #[test]
    fn what_is_far_off_or_missing_is_said_so() {
        assert_eq!(standardised(f64::INFINITY), "&gt; 99");
        assert_eq!(standardised(f64::NAN), "n/a");
        assert_eq!(standardised(-1.26), "−1.3");
        assert_eq!(standardised(0.01), "0.0");
        assert_eq!(skill(None), "nothing to compare");
        assert!(skill(Some(&Skill { crps: -0.2, interval_score: 0.1, observations: 3 })).contains("worse"));
    }

    #[test]
    fn colours_of_a_terminal_go() {
        assert_eq!(without_colours("plain [text]"), "plain [text]");
        assert_eq!(without_colours("\u{1b}[1;31mred\u{1b}[0m and not"), "red and not");
    }

    #[test]
    fn identifiers_lead_somewhere_or_stay_text() {
        assert!(identifier("10.1000/x<y").contains("href=\"https://doi.org/10.1000/x&lt;y\""));
        assert!(identifier("PMID 123").contains("pubmed.ncbi.nlm.nih.gov/123/"));
        assert!(identifier("PMC123").contains("/articles/PMC123/"));
        assert_eq!(identifier("javascript:alert(1)"), "javascript:alert(1)");
        assert_eq!(identifier("book, page 3"), "book, page 3");
    }
}
