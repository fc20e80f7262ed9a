//! Names of parameters and their priors in the table of parameters.

use std::path::Path;

use super::PARAMETERS;
use super::names::id;
use super::table::{Cell, Mistake, Table};
use crate::course::text::{CourseError, Fault};
use crate::population::calibration::value_at;
use crate::population::{Distribution, Parameter, ParameterSet, nearest};

/// Normal scores at which an endless prior is bounded.
const FAR: f64 = 4.0;
/// Share by which the numbers of a prior may differ from those of its card.
const SAME: f64 = 1e-6;
const EXAMPLE: &str = "parameterId\tparameterName\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\nrater_expectation\trater.expectation\tlin\t0\t0.3\t0.14\t1";

/// A prior as PEtab spells it.
#[derive(Debug, Clone, PartialEq)]
pub struct Prior {
    /// `objectivePriorType`.
    pub kind: &'static str,
    /// Its two numbers.
    pub numbers: (f64, f64),
    /// Scale on which it is estimated.
    pub scale: &'static str,
    /// Bounds.
    pub bounds: (f64, f64),
}

/// The prior that a card is: nothing for one without uncertainty, and for a triangle, which PEtab has no name for, the normal of the
/// same mean and standard deviation.
#[must_use]
pub fn prior(card: &Parameter) -> Option<Prior> {
    let at = |score: f64| value_at(&card.distribution, card.value, score);
    let bounds = (at(-FAR), at(FAR));
    let of = |kind, numbers| Some(Prior { kind, numbers, scale: "lin", bounds });
    match card.distribution {
        Distribution::Fixed => None,
        Distribution::Normal { sd, .. } => of("normal", (card.value, sd)),
        Distribution::Lognormal { gsd, .. } => of("logNormal", (card.value.ln(), gsd.ln())),
        Distribution::Uniform { low, high } => Some(Prior { kind: "uniform", numbers: (low, high), scale: "lin", bounds: (low, high) }),
        Distribution::Loguniform { low, high } => {
            Some(Prior { kind: "parameterScaleUniform", numbers: (low.ln(), high.ln()), scale: "log", bounds: (low, high) })
        }
        Distribution::Triangular { low, high } => {
            let (a, b, c) = (low, high, card.value);
            let variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0;
            Some(Prior { kind: "normal", numbers: ((a + b + c) / 3.0, variance.sqrt()), scale: "lin", bounds: (low, high) })
        }
    }
}

/// Names of the parameters to estimate in a folder of tables. Cards are the priors: a table that states another one is refused.
///
/// # Errors
/// Every mistake that was found; there is at least one.
pub fn named(folder: &Path) -> Result<Vec<String>, Vec<CourseError>> {
    let table = Table::read(folder, PARAMETERS, &["parameterId", "estimate"], EXAMPLE)?;
    let set = ParameterSet::embedded().map_err(|e| {
        vec![*table.error(Fault::new(0..0, e.to_string()).expected("cards that can be read").help("this is a defect of Percuta"))]
    })?;
    let (mut names, mut errors) = (Vec::new(), Vec::new());
    for row in table.rows() {
        // Columns that must not be empty stop the row alone.
        let found = row.need("parameterId", EXAMPLE).and_then(|cell| {
            if row.need("estimate", EXAMPLE)?.text.trim_end_matches(".0") != "1" {
                return Ok(None);
            }
            let cell = row.cell("parameterName").filter(|name| set.card(name.text).is_ok()).unwrap_or(cell);
            let Some((name, card)) = set.iter().find(|(name, _)| *name == cell.text || id(name) == cell.text) else {
                let fault = Fault::new(cell.span(), format!("no parameter is called `{}`", cell.text))
                    .help("`percuta explain` lists all parameters");
                let ids: Vec<String> = set.names().map(id).collect();
                return Err(cell.error(match nearest(cell.text, ids.iter().map(String::as_str)) {
                    Some(near) => fault.expected(format!("did you mean `{near}`?")),
                    None => fault.expected("the name of a parameter, with underscores in place of dots").example(EXAMPLE),
                }));
            };
            agrees(&row.cell("objectivePriorType"), &row.cell("objectivePriorParameters"), name, card)?;
            Ok(Some(name.to_owned()))
        });
        match found {
            Ok(name) => names.extend(name),
            Err(e) => errors.push(*e),
        }
    }
    if errors.is_empty() && names.is_empty() {
        errors.push(*table.error(Fault::new(0..0, "there is no parameter to find").expected("a row with `estimate` 1").example(EXAMPLE)));
    }
    if errors.is_empty() { Ok(names) } else { Err(errors) }
}

/// Whether the prior of a row, if it has one, is that of the card.
fn agrees(kind: &Option<Cell<'_>>, numbers: &Option<Cell<'_>>, name: &str, card: &Parameter) -> Result<(), Mistake> {
    let (Some(kind), Some(own)) = (kind, prior(card)) else { return Ok(()) };
    let right = format!("{}\t{};{}", own.kind, own.numbers.0, own.numbers.1);
    let refuse = |cell: &Cell<'_>| {
        cell.error(
            Fault::new(cell.span(), format!("the prior of `{name}` is not that of its card"))
                .expected("the prior of the card, or two empty cells: Percuta takes priors from cards")
                .example(right.clone())
                .help(format!("`percuta explain {name}` shows the card")),
        )
    };
    if kind.text != own.kind {
        return Err(refuse(kind));
    }
    let Some(cell) = numbers else { return Ok(()) };
    let given: Vec<f64> = cell.text.split(';').filter_map(|n| n.trim().parse().ok()).collect();
    let near = |a: f64, b: f64| (a - b).abs() <= SAME * b.abs().max(1e-12);
    let same = given.len() == 2 && near(given[0], own.numbers.0) && near(given[1], own.numbers.1);
    if same { Ok(()) } else { Err(refuse(cell)) }
}
