//! The figures of a permeation study, one file each.

mod amount;
mod axes;
mod balance;
mod block;
mod drivers;
mod flux;
mod plasma;
mod profile;
mod replicates;
mod window;

use percuta::course::permeation::PermeationOutcome;

use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::style::{FIRST, SECOND, Stroke};

/// Draws a figure from an outcome and a version, or nothing where the outcome has no data for it.
type Draw = fn(&PermeationOutcome, &str) -> Result<Option<Figure>, ReportError>;

/// Every figure the outcome has data for, in the order of the report.
///
/// # Errors
/// [`ReportError::Make`] if a picture cannot be encoded.
pub fn figures(outcome: &PermeationOutcome, version: &str) -> Result<Vec<Figure>, ReportError> {
    let all: [Draw; 9] = [
        amount::figure,
        flux::figure,
        balance::figure,
        profile::figure,
        window::figure,
        replicates::figure,
        plasma::figure,
        block::figure,
        drivers::figure,
    ];
    let mut figures = Vec::new();
    for draw in all {
        figures.extend(draw(outcome, version)?);
    }
    Ok(figures)
}

pub use balance::capital;

/// Curve of an arm.
fn stroke(needled: bool) -> Stroke {
    if needled { FIRST } else { SECOND }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::fixture;

    /// The drawing without the code of its bitmaps, in which any letters may occur.
    fn without_bitmaps(svg: &str) -> String {
        let mut parts = svg.split("data:image/png;base64,");
        let mut text = parts.next().unwrap().to_owned();
        text.extend(parts.filter_map(|part| Some(part.split_once('"')?.1)));
        text
    }

    #[test]
    fn every_figure_is_drawn_and_described() {
        let ids: Vec<&str> = fixture::drawn().iter().map(|f| f.id).collect();
        let expected = [
            "amount-over-time",
            "flux-over-time",
            "mass-balance",
            "depth-profiles",
            "application-window",
            "replicates",
            "block-section",
            "permeation-drivers",
        ];
        assert_eq!(ids, expected);
        for f in fixture::drawn() {
            assert!(f.caption.len() > 80 && f.svg.contains("<title") && f.png.starts_with(b"\x89PNG"), "{}", f.id);
            let sized = ["n = 64 members", "central member", "4 donors × 6 replicates"].iter().any(|s| f.svg.contains(s));
            assert!(sized, "{} has no sample size", f.id);
            let drawn = without_bitmaps(&f.svg);
            assert!(!drawn.contains("NaN") && !f.caption.contains("NaN") && !drawn.contains("inf"), "{}", f.id);
        }
        let vivo = figures(&fixture::in_vivo(), "0.1.0").unwrap();
        assert!(vivo.iter().any(|f| f.id == "plasma"));
    }

    #[test]
    fn the_same_outcome_gives_the_same_bytes() {
        assert!(figures(&fixture::outcome(), "0.1.0").unwrap() == fixture::drawn());
    }

    #[test]
    fn clips_are_defined_once() {
        for f in fixture::drawn() {
            for reference in f.svg.split("url(#").skip(1).filter_map(|rest| rest.split(')').next()) {
                assert_eq!(f.svg.matches(&format!("id=\"{reference}\"")).count(), 1, "{}: {reference}", f.id);
            }
        }
    }

    #[test]
    fn intact_skin_alone_has_figures() {
        let ids: Vec<&str> = figures(&fixture::intact(), "0.1.0").unwrap().iter().map(|f| f.id).collect();
        assert_eq!(ids, ["amount-over-time", "flux-over-time", "mass-balance", "depth-profiles"]);
    }

    #[test]
    fn nothing_absorbed_is_a_picture_too() {
        let mut o = fixture::outcome();
        let none = percuta::population::Interval { median: 0.0, low: 0.0, high: 0.0 };
        for arm in &mut o.arms {
            arm.cumulative_ug_per_cm2.fill(none);
            arm.flux_ug_per_cm2_h.fill(none);
            for p in &mut arm.profiles {
                p.concentration_ug_per_cm3.fill(none);
            }
        }
        for r in &mut o.replicates {
            (r.jmax_ug_per_cm2_h, r.amt_ug_per_cm2) = (0.0, 0.0);
        }
        assert!(figures(&o, "0.1.0").unwrap().iter().all(|f| !without_bitmaps(&f.svg).contains("NaN")));
    }
}
