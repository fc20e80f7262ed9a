use percuta::evidence::calibration::CalibrationOutcome;

use super::*;
use crate::html::markup::{escape, text};

fn page(outcome: &CalibrationOutcome) -> String {
    html::report(outcome, &fixture::problem(), &figures::figures(outcome, "0.1.0").unwrap(), "0.1.0")
}

#[test]
fn the_text_of_the_page_of_a_calibration() {
    let page = html::report(&fixture::outcome(), &fixture::problem(), &[], "0.1.0");
    insta::assert_snapshot!(text(page.split("<main>").nth(1).unwrap()));
}

#[test]
fn a_calibration_shows_every_parameter_and_observation_and_loads_nothing() {
    let o = fixture::outcome();
    let page = page(&o);
    for p in &o.parameters {
        assert!(page.contains(&p.name), "{}", p.name);
    }
    for t in &o.targets {
        let label = escape(&words::label(&t.short, &t.readout, t.group.as_deref(), t.day));
        assert!(page.matches(&label).count() >= 2, "{label}");
    }
    for id in ["parameters", "correlations", "fitted", "spreads", "left-out"] {
        assert!(page.contains(&format!("id=\"figure-{id}\"")), "{id}");
    }
    for load in ["http", "<script", "<link", "@import", "<iframe", "src=", "NaN", "<to be", "<mm>"] {
        assert!(!page.contains(load), "the page contains {load}");
    }
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let n = ids.len();
    for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(ids.contains(&target), "nothing is called {target}");
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), n);
    assert_eq!(page.matches("not a medical device").count(), 1);
}

#[test]
fn a_calibration_of_one_parameter_without_left_out_studies_says_so() {
    let mut o = fixture::outcome();
    o.parameters.truncate(1);
    (o.correlations, o.combinations) = (vec![vec![1.0]], Vec::new());
    (o.left_out, o.left_out_scores) = (Vec::new(), Vec::new());
    let page = page(&o);
    assert!(page.contains("nothing here tests the calibration"));
    assert!(!page.contains("id=\"together\"") && !page.contains("figure-left-out") && !page.contains("id=\"skill\""));
}

#[test]
fn what_the_data_bound_is_read_off_the_profile_without_its_prior() {
    let o = fixture::outcome();
    assert_eq!(words::bounds(&o.parameters[0]), words::Bounds::Both);
    assert_eq!(words::bounds(&o.parameters[1]), words::Bounds::None, "the posterior is the prior");
    assert!(words::of_the_data(&o.parameters[1]).iter().all(|l| l.abs() < 1e-9));
}

#[test]
fn the_folder_of_a_calibration_is_whole() {
    let dir = std::env::temp_dir().join(format!("percuta-report-calibration-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).unwrap();
    write(&fixture::outcome(), &fixture::problem(), &dir).unwrap();
    for file in
        ["calibration.html", "calibration.json", "posterior.toml", "petab/problem.yaml", "figures/parameters.svg", "figures/left-out.png"]
    {
        assert!(dir.join(file).metadata().unwrap().len() > 0, "{file}");
    }
    std::fs::remove_dir_all(dir).unwrap();
}
