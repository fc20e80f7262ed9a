//! The figures of a validation, one file each.

mod coverage;
mod forest;
mod identity;
pub(crate) mod ratio;

use percuta::evidence::validation::{Row, Validation};
use percuta::evidence::{Domain, Role};

use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::Page;
use crate::figures::style::{BLACK, BLUE, GREY, VERMILION};

/// Every figure there is data for: coverage, predicted against published, then a forest for each domain.
///
/// # Errors
/// [`ReportError::Make`] if a picture cannot be encoded.
pub fn figures(validation: &Validation, version: &str) -> Result<Vec<Figure>, ReportError> {
    let stamp = format!("n = {} members, 90 % intervals · validation · seed {} · Percuta {version}", validation.members, validation.seed);
    let mut figures = Vec::new();
    figures.extend(coverage::figure(&validation.scores, &stamp)?);
    figures.extend(identity::figure(&validation.rows, &stamp)?);
    for domain in Domain::ALL {
        let rows: Vec<&Row> = validation.rows.iter().filter(|r| r.domain == domain && r.published.is_finite()).collect();
        figures.extend(forest::figure(domain, &rows, &stamp)?);
    }
    Ok(figures)
}

/// Name of the forest of a domain.
pub fn forest_id(domain: Domain) -> &'static str {
    match domain {
        Domain::Device => "forest-device",
        Domain::Collagen => "forest-collagen",
        Domain::Lines => "forest-lines",
        Domain::Scars => "forest-scars",
        Domain::Tone => "forest-tone",
        Domain::Absorption => "forest-absorption",
        Domain::Safety => "forest-safety",
    }
}

/// Colour of a role.
fn colour(role: Role) -> &'static str {
    match role {
        Role::Validation => BLUE,
        Role::Calibration => VERMILION,
        Role::Context => GREY,
    }
}

/// Mark of a published number: full for validation, hollow for calibration, full and grey for context.
fn diamond(page: &mut Page, (x, y): (f64, f64), role: Role) {
    let shape = |r: f64| [(x - r, y), (x, y - r), (x + r, y), (x, y + r)];
    let fill = if role == Role::Context { GREY } else { BLACK };
    page.polygon(&shape(5.0), fill, 1.0);
    if role == Role::Calibration {
        page.polygon(&shape(3.0), "#ffffff", 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    #[test]
    fn every_domain_with_rows_has_a_forest_and_nothing_is_lost_to_arithmetic() {
        let v = fixture::validation();
        let figures = figures(&v, "0.1.0").unwrap();
        for domain in Domain::ALL {
            let any = v.rows.iter().any(|r| r.domain == domain);
            assert_eq!(figures.iter().any(|f| f.id == forest_id(domain)), any, "{domain:?}");
        }
        for f in &figures {
            assert!(!f.svg.contains("NaN") && !f.svg.contains("inf"), "{}", f.id);
            assert!(!f.caption.contains("NaN") && !f.caption.is_empty(), "{}", f.id);
        }
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert!(figures(&fixture::empty(), "0.1.0").unwrap().is_empty());
    }
}
