//! The problem as tables of PEtab (Schmiester et al. 2021, PLoS Comput Biol 17:e1008646), version 1. The model itself is Percuta, so
//! that the tables carry parameters, observables, conditions and measurements to other programs but no model.
//!
//! Measurements are what was published, in its unit: changes in per cent of the baseline, differences and values in the unit of the
//! read-out. The noise is the sampling of subjects, in the same unit, or in the natural logarithm for values above zero.

use percuta::evidence::Scale;
use percuta::evidence::calibration::petab::{Noise, condition_id, id, noise, observable_id, prior};
use percuta::evidence::calibration::{CalibrationOutcome, Target};
use percuta::population::ParameterSet;

use super::words;
use crate::error::ReportError;

/// Every table, tab-separated.
///
/// # Errors
/// [`ReportError::Make`] if a card cannot be read.
pub fn files(outcome: &CalibrationOutcome) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let set = ParameterSet::embedded().map_err(|e| ReportError::make("petab/parameters.tsv", e))?;
    let tables = [
        ("parameters", parameters(outcome, &set)),
        ("observables", observables(outcome)),
        ("conditions", conditions(outcome)),
        ("measurements", measurements(outcome)),
    ];
    let problem = "format_version: 1\nparameter_file: parameters.tsv\nproblems:\n- sbml_files: []\n  condition_files: [conditions.tsv]\n  measurement_files: [measurements.tsv]\n  observable_files: [observables.tsv]\n";
    let mut files = vec![("petab/problem.yaml".to_owned(), problem.as_bytes().to_vec())];
    files.extend(tables.into_iter().map(|(name, text)| (format!("petab/{name}.tsv"), text.into_bytes())));
    Ok(files)
}

/// Parameters with their priors. Where a card has no name in PEtab, the two cells of the prior are empty.
fn parameters(outcome: &CalibrationOutcome, set: &ParameterSet) -> String {
    let mut text = "parameterId\tparameterName\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\tobjectivePriorType\tobjectivePriorParameters\n".to_owned();
    for p in &outcome.parameters {
        let own = id(&p.name);
        let nominal = p.posterior.median;
        text += &match set.card(&p.name).ok().and_then(prior) {
            Some(prior) => {
                let ((low, high), (a, b)) = (prior.bounds, prior.numbers);
                format!("{own}\t{}\t{}\t{low}\t{high}\t{nominal}\t1\t{}\t{a};{b}\n", p.name, prior.scale, prior.kind)
            }
            None => format!("{own}\t{}\tlin\t{}\t{}\t{nominal}\t1\t\t\n", p.name, p.prior.low, p.prior.high),
        };
    }
    text
}

fn observable(t: &Target) -> String {
    observable_id(&t.readout, t.scale, t.published)
}

fn observables(outcome: &CalibrationOutcome) -> String {
    let mut text =
        "observableId\tobservableName\tobservableFormula\tobservableTransformation\tnoiseFormula\tnoiseDistribution\n".to_owned();
    let mut seen: Vec<String> = Vec::new();
    for t in &outcome.targets {
        let own = observable(t);
        if !seen.contains(&own) {
            let what = match t.scale {
                Scale::PercentChange => "change from before",
                Scale::Difference => "difference from before",
                Scale::Value => "value",
            };
            let transformation = noise(t.scale, t.published).transformation();
            text += &format!(
                "{own}\t{}, {what}, {}\t{}\t{transformation}\tnoiseParameter1_{own}\tnormal\n",
                words::observable(&t.readout),
                t.unit,
                id(&t.readout)
            );
            seen.push(own);
        }
    }
    text
}

fn conditions(outcome: &CalibrationOutcome) -> String {
    let mut text = "conditionId\tconditionName\n".to_owned();
    let mut seen: Vec<String> = Vec::new();
    for t in &outcome.targets {
        let own = condition_id(&t.study, t.group.as_deref());
        if !seen.contains(&own) {
            text += &format!("{own}\t{}, {}\n", t.short, t.group.as_deref().unwrap_or("protocol"));
            seen.push(own);
        }
    }
    text
}

/// Measurements in the units of their observables, times in days. Baseline and subjects are columns of Percuta's own.
fn measurements(outcome: &CalibrationOutcome) -> String {
    let mut text = "observableId\tsimulationConditionId\tmeasurement\ttime\tnoiseParameters\tdatasetId\tbaseline\tsubjects\n".to_owned();
    for t in &outcome.targets {
        let error = match noise(t.scale, t.published) {
            Noise::Linear => t.standard_error,
            Noise::Logarithm => t.standard_error / t.published.abs(),
            Noise::Decades => t.standard_error / t.published.abs() / std::f64::consts::LN_10,
        };
        text += &format!(
            "{}\t{}\t{}\t{}\t{error}\t{}\t{}\t{}\n",
            observable(t),
            condition_id(&t.study, t.group.as_deref()),
            t.published,
            t.day,
            id(&t.study),
            t.baseline.map_or_else(String::new, |b| b.to_string()),
            t.n.map_or_else(String::new, |n| n.to_string()),
        );
    }
    text
}
