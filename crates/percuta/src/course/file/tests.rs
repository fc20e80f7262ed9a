use super::*;

const COURSE: &str = "[treatment]\nsite = \"zygoma\"\ndevice = \"skinpen\"\ndepth = \"1.0 mm\"\n";

fn load_text(text: &str, settings: &[&str]) -> Result<LoadedCourse, Vec<CourseError>> {
    let settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
    load(text, "my-course.toml", Path::new("."), &settings)
}

#[test]
fn a_short_course_takes_the_rest_from_the_template() {
    let loaded = load_text(COURSE, &[]).unwrap();
    let course = loaded.course;
    assert_eq!(course.name, "my-course");
    assert_eq!(course.sessions, [0.0, 28.0, 56.0, 84.0]);
    assert_eq!(course.visits, [0.0, 7.0, 28.0, 90.0, 180.0]);
    assert_eq!(course.setting_um.to_bits(), 1000f64.to_bits());
    assert_eq!((loaded.seed, loaded.members), (1, 64));
    assert!(course.product.is_none() && course.lesion.is_none() && course.study.is_none());
}

#[test]
fn the_template_with_its_comments_removed_is_a_course() {
    // Every key a comment shows must exist, so that nobody copies one that does not.
    let text: String = TEMPLATE
        .lines()
        .map(|l| {
            l.strip_prefix("# ")
                .filter(|l| l.starts_with(|c: char| c == '[' || c.is_ascii_lowercase()) && (l.starts_with('[') || l.contains(" = ")))
                .unwrap_or(l)
                .to_owned()
                + "\n"
        })
        .collect();
    let loaded = load_text(&text, &[]).map_err(|e| format!("{e:#?}")).unwrap();
    assert!(loaded.course.product.is_some() && loaded.course.lesion.is_some() && loaded.course.study.is_some());
    assert_eq!(loaded.course.scars.len(), 2);
}

#[test]
fn settings_take_the_place_of_the_file() {
    let course = |s: &[&str]| load_text(COURSE, s).unwrap().course;
    assert_eq!(course(&["treatment.depth=0.5 mm"]).setting_um.to_bits(), 500f64.to_bits());
    assert_eq!(course(&["treatment.depth=\"0.5 mm\""]).setting_um.to_bits(), 500f64.to_bits());
    assert_eq!(course(&["treatment.sessions=0"]).sessions, [] as [f64; 0]);
    assert_eq!(course(&["treatment.sessions=2", "treatment.sessions=1"]).sessions, [0.0]);
    assert_eq!(course(&["follow_up.visits=[\"3 d\"]"]).visits, [0.0, 3.0], "day 0 is always among the visits");
    let dark = course(&["person.tone.fitzpatrick=V"]).person.tone;
    assert_eq!(dark, course(&["person.tone={ fitzpatrick = \"V\" }"]).person.tone);
    assert!(course(&["parameters.tested.age_low=30"]).parameters.card("tested.age_low").unwrap().value > 29.0);
}

#[test]
fn a_fault_says_which_text_it_is_in() {
    let text = format!("{COURSE}interval = \"0 d\"\n");
    let error = &load_text(&text, &[]).unwrap_err()[0];
    assert_eq!(error.place.name, "my-course.toml");
    assert_eq!(&error.place.text[error.place.span.clone()], "\"0 d\"");
    let error = &load_text(COURSE, &["treatment.depth=1.5 s"]).unwrap_err()[0];
    assert_eq!(error.place.name, "--set treatment.depth");
    assert_eq!(&error.place.text[error.place.span.clone()], "\"1.5 s\"");
    let error = &load_text(COURSE, &["depth"]).unwrap_err()[0];
    assert_eq!(error.place.name, "--set");
}

#[test]
fn every_mistake_of_a_file_is_reported() {
    let text = "[person]\nage = 240\n[treatment]\nsite = \"elbow\"\ndevice = \"skinpn\"\ndepth = \"1 mm\"\nsessions = 10000\noverlap = \"100 %\"\n[run]\nmembers = 0\n";
    let errors = load_text(text, &[]).unwrap_err();
    assert_eq!(errors.len(), 6, "{errors:#?}");
    assert!(errors.is_sorted_by_key(|e| e.place.span.start), "in the order of the text");
}

#[test]
fn parameters_are_set_in_the_unit_of_their_cards() {
    let with = |line: &str| load_text(&format!("{COURSE}[parameters]\n{line}\n"), &[]);
    let card = |line: &str| with(line).unwrap().course.parameters.card("tested.interval_low").unwrap().clone();
    let plain = card("tested.interval_low = 5");
    assert_eq!((plain.value.to_bits(), plain.kind), (5f64.to_bits(), crate::population::Kind::Setting));
    assert_eq!(plain.distribution, crate::population::Distribution::Fixed);
    let full = card(
        "tested.interval_low = { value = 5, unit = \"d\", distribution = { kind = \"uniform\", low = 4, high = 6 }, reason = \"Our own.\" }",
    );
    assert!(full.note.unwrap().starts_with("Our own. Instead of 10 d"));
    let message = |line: &str| with(line).unwrap_err()[0].message.clone();
    assert_eq!(message("tested.interval_lw = 5"), "no parameter is called `tested.interval_lw`");
    assert_eq!(message("tested.interval_low = { value = 5, unit = \"h\" }"), "`tested.interval_low` is given in h");
    assert!(message("tested.interval_low = nan").contains("not a finite number"));
    let text = with("tested.interval_low = \"5 d\"").unwrap_err();
    assert!(text[0].expected.as_ref().unwrap().contains("a number in the unit of the parameter's card"));
    assert!(message("tested.interval_low = { valu = 5 }").contains("valu"));
}

#[test]
fn a_course_within_the_tested_ranges_has_no_warning() {
    assert_eq!(crate::course::warnings(&load_text(COURSE, &["treatment.sessions=0"]).unwrap().course), []);
}

#[test]
fn each_warning_names_its_range() {
    let settings = [
        "treatment.depth=2 mm",
        "person.age=85",
        "person.tone.fitzpatrick=VI",
        "treatment.sessions=8",
        "treatment.interval=7 d",
        "treatment.passes=1",
        "treatment.glide=1 m/s",
        "follow_up.visits=[\"7 d\"]",
        "scars=[{ class = \"icepick\", width = \"1 mm\", depth = \"3 mm\" }]",
    ];
    let found = crate::course::warnings(&load_text(COURSE, &settings).unwrap().course);
    let codes: Vec<&str> = found.iter().map(|w| w.code.as_str()).collect();
    let expected = [
        "depth-untested",
        "age-untested",
        "tone-untested",
        "interval-untested",
        "sessions-untested",
        "pain-untested",
        "scar-too-deep",
        "visits-too-early",
    ];
    for code in expected {
        assert!(codes.contains(&code), "{code} is missing from {codes:?}");
    }
    assert!(
        found.iter().filter(|w| w.code != "visits-too-early" && w.code != "scar-too-deep").all(|w| w.message.contains('(')),
        "each names its source"
    );
}

#[test]
fn the_checked_in_schema_is_the_generated_one() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/course.schema.json");
    let kept = std::fs::read_to_string(file).unwrap_or_default().replace("\r\n", "\n");
    let made = format!("{:#}\n", schema());
    assert!(kept == made, "docs/course.schema.json is out of date: run `percuta schema course > docs/course.schema.json`");
}
