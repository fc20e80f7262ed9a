//! The problem as tables of PEtab (Schmiester et al. 2021, PLoS Comput Biol 17:e1008646), version 1. The model itself is Percuta, so
//! that the tables carry parameters, observables, conditions and measurements to other programs but no model.

use percuta::evidence::calibration::{CalibrationOutcome, Target};

/// Every table, tab-separated.
pub fn files(outcome: &CalibrationOutcome) -> Vec<(String, Vec<u8>)> {
    let tables = [
        ("parameters", parameters(outcome)),
        ("observables", observables(outcome)),
        ("conditions", conditions(outcome)),
        ("measurements", measurements(outcome)),
    ];
    let problem = "format_version: 1\nparameter_file: parameters.tsv\nproblems:\n- sbml_files: []\n  condition_files: [conditions.tsv]\n  measurement_files: [measurements.tsv]\n  observable_files: [observables.tsv]\n";
    let mut files = vec![("petab/problem.yaml".to_owned(), problem.as_bytes().to_vec())];
    files.extend(tables.into_iter().map(|(name, text)| (format!("petab/{name}.tsv"), text.into_bytes())));
    files
}

/// PEtab's identifiers are letters, digits and underscores.
fn id(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

fn parameters(outcome: &CalibrationOutcome) -> String {
    let mut text = "parameterId\tparameterName\tparameterScale\tlowerBound\tupperBound\tnominalValue\testimate\n".to_owned();
    for p in &outcome.parameters {
        text += &format!("{}\t{}\tlin\t{}\t{}\t{}\t1\n", id(&p.name), p.name, p.prior.low, p.prior.high, p.posterior.median);
    }
    text
}

fn observable_id(t: &Target) -> String {
    id(&format!("{}_{}", t.readout, t.domain.key()))
}

fn condition_id(t: &Target) -> String {
    id(&format!("{}_{}", t.study, t.group.as_deref().unwrap_or("protocol")))
}

fn observables(outcome: &CalibrationOutcome) -> String {
    let mut text = "observableId\tobservableName\tobservableFormula\tnoiseFormula\n".to_owned();
    let mut seen: Vec<String> = Vec::new();
    for t in &outcome.targets {
        let own = observable_id(t);
        if !seen.contains(&own) {
            text += &format!("{own}\t{}\t{}\tnoiseParameter1_{own}\n", t.readout, id(&t.readout));
            seen.push(own);
        }
    }
    text
}

fn conditions(outcome: &CalibrationOutcome) -> String {
    let mut text = "conditionId\tconditionName\n".to_owned();
    let mut seen: Vec<String> = Vec::new();
    for t in &outcome.targets {
        let own = condition_id(t);
        if !seen.contains(&own) {
            text += &format!("{own}\t{}, {}\n", t.short, t.group.as_deref().unwrap_or("protocol"));
            seen.push(own);
        }
    }
    text
}

/// Measurements on the scale of the scores; the noise is the sampling of subjects.
fn measurements(outcome: &CalibrationOutcome) -> String {
    let mut text = "observableId\tsimulationConditionId\tmeasurement\ttime\tnoiseParameters\tdatasetId\n".to_owned();
    for t in &outcome.targets {
        text += &format!("{}\t{}\t{}\t{}\t{}\t{}\n", observable_id(t), condition_id(t), t.value, t.day, t.sampling, id(&t.study));
    }
    text
}
