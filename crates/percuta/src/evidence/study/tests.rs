use std::path::Path;

use super::*;

fn good() -> &'static str {
    data::STUDIES.iter().find(|(id, _)| *id == "ablon-2018-exceed").unwrap().1
}

#[test]
fn every_embedded_record_can_be_run() {
    for (label, text) in Study::texts() {
        let record = read(&label, text, Path::new(".")).unwrap_or_else(|e| panic!("{label}: {e:#?}"));
        assert_eq!(format!("data/studies/{}.toml", record.study.id), label, "the id is the file's name");
        assert!(!record.study.observations.is_empty(), "{label}");
        let asked = record.study.observations.iter().any(|o| o.role != Role::Context);
        assert!(!asked || !record.arms.is_empty(), "{label}");
    }
}

#[test]
fn published_figures_are_as_printed() {
    let value = |id: &str, i: usize| Study::find(id).unwrap().observations[i].value;
    assert_eq!(value("kenkel-2021-skinpen", 0), 101.86);
    assert_eq!(value("ablon-2018-exceed", 0), -1.23);
    // The change derived from the published means.
    assert!((value("farshi-2020-melasma", 0) - 100.0 * (34.5 / 43.7 - 1.0)).abs() < 0.06);
    let alam = Study::find("alam-2014-roller").unwrap();
    let sides: Vec<(f64, bool)> = alam.observations.iter().map(|o| (o.value, o.is_untreated())).collect();
    assert_eq!(sides, [(-2.4, false), (-3.4, false), (-1.0, true), (-0.4, true)]);
}

#[test]
fn a_misspelt_id_gets_a_suggestion() {
    let error = Study::find("kenkel-2021-skinpn").unwrap_err();
    assert_eq!(error.to_string(), "no study is called `kenkel-2021-skinpn`; did you mean `kenkel-2021-skinpen`?");
    assert_eq!(Study::find("kenkel-2021-skinpen").unwrap().short(), "Kenkel 2021");
}

#[test]
fn mistakes_are_named_with_their_place() {
    assert!(read("x", good(), Path::new(".")).is_ok());
    for (from, to, message) in [
        ("day = 150.0", "day = -1.0", "not possible"),
        ("day = 150.0\n", "", "no `day`"),
        ("value = -1.23", "value = 1.23", "does not hold"),
        ("value = -1.23", "value = nan", "not a number"),
        ("role = \"validation\"", "role = \"proof\"", "unknown value"),
        ("ci_level = 99.0\n", "", "no `ci_level`"),
        ("scale = \"difference\"", "scale = \"ratio\"", "unknown value"),
        ("unit = \"grade\"", "unit = \"points\"", "not the unit"),
        ("readout = \"lemperle_grade\"", "readout = \"lemperle_grad\"", "no observable"),
        ("n = 48\n", "", "no `n`"),
        ("n = 48\n", "n = 48\nsd = -1.0\n", "SD of -1"),
        ("n = 48\n", "n = 48\nsd = 900.0\n", "SD of 900"),
        ("n = 48\n", "n = 48\ngroup = \"2 mm\"\n", "no arm"),
        ("access = ", "acces = ", "no key `acces`"),
        ("device = \"exceed\"", "device = \"exceeds\"", "exceeds"),
    ] {
        assert!(good().contains(from), "{from}");
        let errors = read("x.toml", &good().replace(from, to), Path::new(".")).unwrap_err();
        let first = &errors[0];
        assert!(first.message.contains(message), "{to}: {}", first.message);
        assert!(first.place.name == "x.toml" && first.expected.is_some(), "{to}: {first:?}");
        let line = first.place.text[..first.place.span.start].lines().count();
        assert!(line > 0, "{to}");
    }
}

#[test]
fn arms_lie_over_the_protocol_and_the_untreated_one_has_no_session() {
    let text = good().replace("n = 48\n", "n = 48\ngroup = \"short\"\n")
        + "\n[arms.short.treatment]\ndepth = \"0.5 mm\"\n\n[[observation]]\nquantity = \"untreated side\"\nreadout = \"lemperle_grade\"\nscale = \"difference\"\nunit = \"grade\"\nday = 30.0\ngroup = \"untreated\"\nvalue = -0.1\nn = 10\nrole = \"context\"\n";
    let record = read("x", &text, Path::new(".")).unwrap();
    assert_eq!(record.arms.len(), 2);
    let Protocol::Course(short) = &record.arms[0].protocol else { panic!() };
    let Protocol::Course(untreated) = &record.arms[1].protocol else { panic!() };
    assert_eq!((short.setting_um, short.sessions.len(), short.visits.clone()), (500.0, 4, vec![0.0, 150.0]));
    assert_eq!((untreated.setting_um, untreated.sessions.len(), untreated.visits.clone()), (1500.0, 0, vec![0.0, 30.0]));
}

#[test]
fn standard_errors_come_from_sd_or_interval() {
    let mut o = Study::find("ablon-2018-exceed").unwrap().observations[0].clone();
    // 99 %: 2.576 standard errors to each side.
    assert!((o.standard_error().unwrap() - 0.23 / (2.0 * 2.5758)).abs() < 1e-4);
    o.sd = Some(0.48);
    assert!((o.standard_error().unwrap() - 0.48 / 48f64.sqrt()).abs() < 1e-12);
    (o.sd, o.ci) = (None, None);
    assert_eq!(o.standard_error(), None);
}
