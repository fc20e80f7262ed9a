use std::path::PathBuf;

use percuta::healing::{COURSE_TOLERANCE, Equations, Exposure, HealingParameters, LayerExposure, ReducedCourse, Tolerance, heal};
use percuta::population::{Draw, ParameterSet};

use super::{Point, document};

/// Two sessions that overlap, and a point that the needles spare.
const SESSIONS: [f64; 2] = [0.0, 10.0];
const MET: [[(f64, f64); 2]; 3] = [[(0.9, 0.4), (0.5, 0.2)], [(0.3, 0.05), (0.2, 0.0)], [(0.001, 0.0), (0.004, 0.0)]];

fn met(point: usize) -> Vec<(f64, Exposure)> {
    SESSIONS.iter().zip(MET[point]).map(|(day, (signal, lysed))| (*day, Exposure { signal, lysed })).collect()
}

fn cards() -> ParameterSet {
    ParameterSet::embedded().unwrap()
}

/// Elastin switched on: every equation takes part.
fn parameters(cards: &ParameterSet) -> HealingParameters {
    let draw = Draw::central(cards).with("healing.elastin_response", 1.0).unwrap();
    HealingParameters::from_draw(&draw).unwrap()
}

fn of(point: usize) -> String {
    let cards = cards();
    let about = Point { name: "a test <&>", about: "Nothing.", parameters: &parameters(&cards), cards: &cards, sessions: &met(point) };
    document(&about)
}

#[test]
fn every_name_in_a_formula_is_declared_once() {
    let text = of(0);
    let declared: Vec<&str> = text.split("<parameter id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut used: Vec<&str> = text.split("<ci>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    used.sort_unstable();
    used.dedup();
    for name in &used {
        assert_eq!(declared.iter().filter(|d| d == &name).count(), 1, "{name}");
    }
    let unused: Vec<&&str> = declared.iter().filter(|d| d.starts_with("healing_") && !used.contains(d)).collect();
    assert!(unused.is_empty(), "{unused:?}");
    assert!(text.contains("name=\"a test &lt;&amp;&gt;\""));
}

#[test]
fn a_point_without_sessions_has_no_events() {
    let cards = cards();
    let text = document(&Point { name: "rest", about: "Rest.", parameters: &parameters(&cards), cards: &cards, sessions: &[] });
    assert!(!text.contains("listOfEvents") && text.contains("listOfRules"), "an empty list is not allowed in SBML");
}

/// Not a test: writes models for other simulators, with Percuta's own answers beside them.
#[test]
#[ignore = "writes files for tests/python, into the folder PERCUTA_SAMPLE"]
fn write_sample_for_python() {
    let folder = PathBuf::from(std::env::var("PERCUTA_SAMPLE").unwrap()).join("sbml");
    std::fs::create_dir_all(&folder).unwrap();
    let (cards, points) = (cards(), MET.len());
    let days: Vec<f64> = [0.2, 1.0, 3.0, 7.0, 10.2, 14.0, 28.0, 60.0, 180.0, 360.0].to_vec();
    let exposures: Vec<LayerExposure> =
        (0..points).map(|point| LayerExposure { classes: met(point).into_iter().map(|(_, exposure)| vec![exposure]).collect() }).collect();
    let course = ReducedCourse {
        dermis_edges_um: &(0..=points).map(|i| 100.0 * i as f64).collect::<Vec<_>>(),
        papillary_layers: 1,
        sessions: &SESSIONS,
        channel_um: &[50.0; 2],
        exposures: &exposures,
        days: &days,
        tolerance: Tolerance { relative: 1e-3 * COURSE_TOLERANCE.relative, absolute: 1e-3 * COURSE_TOLERANCE.absolute },
    };
    let history = heal(&course, &Equations::new(&parameters(&cards))).unwrap();
    for point in 0..points {
        std::fs::write(folder.join(format!("{point}.xml")), of(point)).unwrap();
        let states: Vec<_> = history.layers.iter().map(|day| day[point]).collect();
        let expected = serde_json::json!({ "days": days, "states": states });
        std::fs::write(folder.join(format!("{point}.json")), expected.to_string()).unwrap();
    }
}
