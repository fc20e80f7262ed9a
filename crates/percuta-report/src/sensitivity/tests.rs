use percuta::course::readout;
use percuta::course::sensitivity::{Factor, FactorKind, ReadoutSensitivity, SensitivityOutcome, VisitSensitivity};
use percuta::population::sensitivity::{FactorIndices, Index};

use super::*;
use crate::fixture;

/// A made-up analysis: two read-outs, three visits, fourteen parameters of decreasing strength.
fn outcome() -> SensitivityOutcome {
    let course = fixture::outcome().course;
    let mut factors: Vec<Factor> =
        (0..14).map(|i| Factor { name: format!("healing.made_up_{i:02}"), kind: FactorKind::Parameter, parameters: 1 }).collect();
    factors.push(Factor { name: "chance".into(), kind: FactorKind::Chance, parameters: 0 });
    factors.push(Factor { name: "others".into(), kind: FactorKind::Others, parameters: 120 });
    let visit = |day: f64| {
        let index = |value: f64| Index { value, error: 0.02 };
        let of = |k: usize| {
            let total = 0.5 * 0.7f64.powi(k as i32) * (1.0 + day / 400.0);
            FactorIndices { first: index(0.8 * total - 0.01), total: index(total) }
        };
        VisitSensitivity {
            day,
            mean: 4.5,
            sd: 1.25,
            first_sum: Some(Index { value: 0.7, error: 0.05 }),
            indices: (0..16).map(of).collect(),
        }
    };
    let of = |key: &str| ReadoutSensitivity { readout: *readout(key).unwrap(), visits: [28.0, 90.0, 180.0].map(visit).to_vec() };
    SensitivityOutcome {
        course,
        seed: 1,
        samples: 512,
        evaluations: 512 * 18,
        screening_samples: Some(16),
        candidates: 134,
        uncertain: 134,
        factors,
        readouts: vec![of("collagen_mass"), of("tewl")],
        unchanged: vec![*readout("pain").unwrap()],
    }
}

#[test]
fn an_analysis_is_written_whole_and_never_overwritten() {
    let dir = std::env::temp_dir().join(format!("percuta-report-sensitivity-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    write(&outcome(), &fixture::inputs(), &dir).unwrap();
    for file in
        ["report.html", "sensitivity.json", "manifest.json", "tables/sensitivity.csv", "tables/sensitivity.parquet", "figures/tewl.png"]
    {
        assert!(dir.join(file).metadata().unwrap().len() > 0, "{file}");
    }
    let summary: SensitivitySummary = serde_json::from_slice(&std::fs::read(dir.join("sensitivity.json")).unwrap()).unwrap();
    assert_eq!((summary.samples, summary.readouts.len(), summary.readouts[0].visits.len()), (512, 2, 3));
    assert!((summary.readouts[0].visits[2].factors[0].total.value - 0.5 * 1.45).abs() < 1e-12);
    assert_eq!(summary.readouts[0].visits[0].factors[0].factor, "healing.made_up_00");
    let csv = std::fs::read_to_string(dir.join("tables/sensitivity.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + 2 * 3 * 16);
    assert!(matches!(write(&outcome(), &fixture::inputs(), &dir), Err(ReportError::Exists { .. })));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn every_read_out_has_a_figure_with_its_twelve_strongest_parameters() {
    let drawn = figures(&outcome(), "0.1.0").unwrap();
    assert_eq!(drawn.iter().map(|f| f.id).collect::<Vec<_>>(), ["collagen_mass", "tewl"]);
    for f in &drawn {
        assert!(f.svg.contains("made_up_11") && !f.svg.contains("made_up_12"), "twelve bars");
        assert!(f.svg.contains("chance") && f.svg.contains("the 120 others together") && f.svg.contains("512 base samples"));
        assert!(f.png.starts_with(b"\x89PNG") && !f.svg.contains("NaN"));
    }
    assert!(figures(&outcome(), "0.1.0").unwrap() == drawn, "the same outcome gives the same bytes");
}

#[test]
fn the_page_shows_every_read_out_and_loads_nothing() {
    let o = outcome();
    let page = html::report(&o, &fixture::inputs(), &figures(&o, "0.1.0").unwrap());
    assert!(page.contains("figure-collagen_mass") && page.contains("figure-tewl") && page.contains("healing.made_up_13"));
    assert!(page.contains("Without any change: Pain"));
    for load in ["http", "<script", "<link", "src=", "NaN"] {
        assert!(!page.contains(load), "the page contains {load}");
    }
    assert_eq!(page.matches("not a medical device").count(), 1);
    let nothing = SensitivityOutcome { readouts: Vec::new(), ..o };
    assert!(html::report(&nothing, &fixture::inputs(), &[]).contains("nothing to explain"));
}
