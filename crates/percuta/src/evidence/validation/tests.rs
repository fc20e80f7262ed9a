use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::super::Role;
use super::super::study::{Record, Study, read};
use super::*;

fn record(id: &str) -> Record {
    let (label, text) = Study::texts().find(|(label, _)| label.ends_with(&format!("/{id}.toml"))).unwrap();
    read(&label, text, Path::new(".")).unwrap()
}

fn run(records: &[Record], threads: usize) -> Validation {
    let options = RunOptions { seed: 3, members: 32, threads: Some(threads) };
    validate(records, &options, &|_, _| {}, &AtomicBool::new(false)).unwrap()
}

#[test]
fn the_result_does_not_depend_on_threads() {
    let records = [record("alam-2014-roller"), record("puri-2021-naloxone-pen")];
    let json = |threads| serde_json::to_string(&run(&records, threads)).unwrap();
    assert_eq!(json(1), json(2));
}

#[test]
fn an_untreated_side_changes_by_expectation_and_error_alone() {
    let found = run(&[record("alam-2014-roller")], 2);
    let untreated: Vec<&Row> = found.rows.iter().filter(|r| r.untreated).collect();
    assert_eq!(untreated.len(), 2);
    for row in untreated {
        let tissue = row.tissue.unwrap();
        assert!(tissue.low.abs() < 1e-9 && tissue.high.abs() < 1e-9 && row.predicted.median < 0.0, "{row:?}");
        assert!(row.no_change.is_none(), "there is nothing to change");
    }
    // The needled side gains what the tissue gains.
    assert!(found.rows.iter().filter(|r| !r.untreated).all(|r| r.tissue.unwrap().median < 0.0 && r.no_change.is_some()));
    // Needled before untreated, in the published and in the predicted order.
    assert!(found.dose_order.iter().all(|o| o.pairs == 1 && o.in_order == 1.0), "{:?}", found.dose_order);
}

#[test]
fn changes_are_laid_on_the_published_baseline() {
    let with = |baseline: Option<f64>| {
        let mut record = record("alam-2014-roller");
        record.study.observations.iter_mut().for_each(|o| o.baseline = baseline);
        run(&[record], 2).rows[0].tissue.unwrap().median
    };
    // The same relative change of a baseline twice as high is twice the change.
    let (single, double) = (with(Some(10.0)), with(Some(20.0)));
    assert!((double / single - 2.0).abs() < 1e-9 && with(None) < 0.0, "{single} {double}");
}

#[test]
fn a_share_of_people_is_one_of_so_many() {
    let record = record("alqarqaz-2018-acne-pigment");
    let n = f64::from(record.study.observations[0].n.unwrap());
    let predictions = predict(&record, 1, 64, &Ok).unwrap();
    let people = |percent: f64| percent * n / 100.0;
    assert!(predictions[0].published.iter().all(|p| (people(*p) - people(*p).round()).abs() < 1e-9));
    // None of 39 is what a small probability gives most often.
    assert!(predictions[0].published.iter().filter(|p| **p == 0.0).count() > 32);
}

#[test]
fn scores_sum_up_what_the_rows_say() {
    let ids = ["alam-2014-roller", "vietnam-2019-roller-weekly", "dalwig-nolda-2020-exceed"];
    let found = run(&ids.map(record), 2);
    let all = found.scores.iter().find(|s| s.role == Role::Validation && s.domain.is_none()).unwrap();
    let rows: Vec<&Row> = found.rows.iter().filter(|r| r.role == Role::Validation).collect();
    assert_eq!((all.observations, all.studies), (rows.len(), 2));
    assert_eq!(all.covered, rows.iter().filter(|r| r.covered).count());
    let mean = rows.iter().map(|r| r.model.crps).sum::<f64>() / rows.len() as f64;
    assert!((all.crps - mean).abs() < 1e-12);
    let (model, naive): (Vec<f64>, Vec<f64>) = rows.iter().filter_map(|r| Some((r.model.crps, r.no_change?.crps))).unzip();
    let skill = all.skill_over_no_change.unwrap();
    assert_eq!(skill.observations, model.len());
    assert!((skill.crps - (1.0 - model.iter().sum::<f64>() / naive.iter().sum::<f64>())).abs() < 1e-12);
}

#[test]
fn every_embedded_study_is_predicted_where_it_asks() {
    let records: Vec<Record> =
        Study::texts().map(|(label, text)| read(&label, text, Path::new(".")).unwrap()).filter(|r| !r.arms.is_empty()).collect();
    let options = RunOptions { seed: 1, members: 16, threads: None };
    let found = validate(&records, &options, &|_, _| {}, &AtomicBool::new(false)).unwrap();
    assert_eq!(found.failed, []);
    let asked: usize = records.iter().map(|r| r.study.observations.iter().filter(|o| o.role != Role::Context).count()).sum();
    assert_eq!(found.rows.iter().filter(|r| r.role != Role::Context).count(), asked, "an observation of the set has no prediction");
    for row in &found.rows {
        let p = &row.predicted;
        assert!(p.low.is_finite() && p.high.is_finite() && row.standardised_error.is_finite(), "{row:?}");
    }
}
