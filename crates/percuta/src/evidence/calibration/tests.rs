use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::evidence::study::{Record, Study, read};
use crate::evidence::{Domain, Role};
use crate::population::{Kind, ParameterSet};

const DEFAULTS: &str = include_str!("../../../../../data/calibration/defaults.toml");

fn records() -> Vec<Record> {
    Study::texts().map(|(label, text)| read(&label, text, Path::new(".")).unwrap()).collect()
}

fn small(settings: &[&str]) -> CalibrationProblem {
    let settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
    let text = "parameters = [\"pigment.lesion_cut\", \"rater.expectation\"]\nonly = [\"farshi-2020-melasma\", \"radara-2015-patch\"]\n\
                [run]\ndesign = 120\nsteps = 400\ndraws = 60\n";
    load(text, "small.toml", Path::new("."), &settings).unwrap()
}

#[test]
fn a_problem_is_found_again_from_its_stored_designs_and_for_any_number_of_threads() {
    let (problem, records) = (small(&[]), records());
    let kept = RefCell::new(BTreeMap::new());
    let mut store = |design: &Design| {
        // As the program keeps it: numbers must come back to the last bit.
        kept.borrow_mut().insert(design.study.clone(), serde_json::to_string(design).unwrap());
    };
    let run = |threads: usize, stored: &dyn Fn(&str) -> Option<Design>, store: &mut dyn FnMut(&Design)| {
        calibrate(&problem, &records, Some(threads), stored, store, &|_, _| {}, &AtomicBool::new(false)).unwrap()
    };
    let first = run(2, &|_| None, &mut store);
    assert_eq!(kept.borrow().keys().collect::<Vec<_>>(), ["farshi-2020-melasma", "radara-2015-patch"]);
    let again =
        run(1, &|id| kept.borrow().get(id).map(|json| serde_json::from_str(json).unwrap()), &mut |_| panic!("every design was stored"));
    assert_eq!(serde_json::to_string(&first).unwrap(), serde_json::to_string(&again).unwrap());
    assert_eq!(first.posterior, again.posterior);
    assert_eq!((first.posterior.draws.len(), first.posterior.names.len()), (60, 2));
    assert_eq!(first.left_out.len(), 3);
    // The lesion's melanin tells of its cut and nothing of raters.
    assert!(first.explained[0] > 0.3, "{:?}", first.explained);
    assert!(first.parameters[0].left < 0.97 && first.parameters[0].profile.len() == 25);
}

#[test]
fn cancelling_says_how_far_it_came() {
    let error = calibrate(&small(&[]), &records(), None, &|_| None, &mut |_| {}, &|_, _| {}, &AtomicBool::new(true)).unwrap_err();
    assert_eq!(error.to_string(), "stopped after 0 of 2 studies");
    let none = small(&["without_readouts=[\"lesion_melanin_excess\", \"lemperle_grade\"]"]);
    let error = calibrate(&none, &records(), None, &|_| None, &mut |_| {}, &|_, _| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(error, CalibrationError::NoObservation));
}

#[test]
fn mistakes_in_a_problem_are_named_with_their_place() {
    for (text, message) in [
        ("name = \"x\"\n", "no `parameters`"),
        ("parameters = []\n", "no parameter to find"),
        ("parameters = [\"rater.expectatoin\"]\n", "no parameter is called"),
        ("parameters = [\"rater.expectation\", \"rater.expectation\"]\n", "named twice"),
        ("parameters = [\"studies.spread_scars\"]\n", "no parameter of the model"),
        ("parameters = [\"rater.expectation\"]\nwithout_readouts = [\"lemperle\"]\n", "no observable"),
        ("parameters = [\"rater.expectation\"]\nroles = [\"proof\"]\n", "unknown value"),
        ("parameters = [\"rater.expectation\"]\n[spreads]\nscars = -1.0\n", "not above 0"),
        ("parameters = [\"rater.expectation\"]\n[run]\ndesign = 3\n", "not possible"),
        ("parameter = [\"rater.expectation\"]\n", "no key `parameter`"),
    ] {
        let errors = load(text, "p.toml", Path::new("."), &[]).unwrap_err();
        assert!(errors[0].message.contains(message) && errors[0].expected.is_some(), "{text}: {errors:?}");
    }
}

#[test]
fn a_template_is_a_problem() {
    load(TEMPLATE, "template.toml", Path::new("."), &[]).unwrap();
}

/// Cards that name a study with validation observations, and what they took from it.
const SOMETHING_ELSE: [(&str, &str, &str); 10] = [
    ("ablon-2018-exceed", "tested.age_high", "range of a protocol, for a warning"),
    ("ablon-2018-exceed", "tested.melanosome_high", "range of a protocol, for a warning"),
    ("ablon-2018-exceed", "tested.sessions_high", "range of a protocol, for a warning"),
    ("alaluf-2002-colour", "optics.colour_tolerance", "the note says what its colours are laid beside"),
    ("alam-2014-roller", "rater.expectation", "its untreated side, which is calibration"),
    ("alam-2014-roller", "rater.goodman_baron_score_error", "the interval of its untreated side"),
    ("alam-2014-roller", "scars.goodman_baron_baseline", "scores before treatment"),
    ("alam-2014-roller", "tested.interval_low", "range of a protocol, for a warning"),
    ("alam-2014-roller", "tested.melanosome_high", "range of a protocol, for a warning"),
    ("kenkel-2021-skinpen", "healing.elastin_response", "its elastin, which is context; the validation numbers are of another kind"),
];

/// Every fitted value is traced to the studies that made it, and none of them is a validation.
#[test]
fn no_validation_study_has_touched_a_default_parameter() {
    let problem = load(DEFAULTS, "defaults.toml", Path::new("."), &[]).unwrap();
    assert_eq!(problem.roles, [Role::Calibration], "the problem behind the defaults sees calibration observations alone");
    let spreads: Vec<String> = Domain::ALL.iter().map(|d| format!("studies.spread_{}", d.key())).collect();
    let set = ParameterSet::embedded().unwrap();
    let mut traced = 0;
    for (name, card) in set.iter().filter(|(_, c)| c.source.contains("calibration problem `")) {
        assert!(card.source.contains("`defaults`") && card.kind == Kind::Fitted, "{name}");
        assert!(problem.parameters.iter().any(|p| p == name) || spreads.iter().any(|s| s == name), "{name} is not found in the problem");
        traced += 1;
    }
    assert!(traced >= 3);
    // No card rests on a study with validation observations, but where it took something else from it.
    let mut rests: Vec<(String, String)> = Vec::new();
    for study in records().into_iter().map(|r| r.study).filter(|s| s.observations.iter().any(|o| o.role == Role::Validation)) {
        rests.extend(set.iter().filter(|(_, card)| study.informs(card)).map(|(name, _)| (study.id.clone(), name.to_owned())));
    }
    let allowed = |study: &str, name: &str| SOMETHING_ELSE.iter().any(|(s, n, _)| *s == study && *n == name);
    let unexplained: Vec<_> = rests.iter().filter(|(study, name)| !allowed(study, name)).collect();
    assert!(unexplained.is_empty(), "cards that rest on a validation: {unexplained:?}");
    let idle = SOMETHING_ELSE.iter().find(|(s, n, _)| !rests.iter().any(|(study, name)| study == s && name == n));
    assert!(idle.is_none(), "nothing rests on that any more: {idle:?}");
}
