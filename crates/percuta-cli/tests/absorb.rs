//! Permeation studies on the built program: every message is a snapshot.

mod program;

use program::Folder;

/// A small study in which every kind of key occurs.
const STUDY: &str = r#"permeant = "naloxone"

[skin]
preparation = "dermatomed"

[treatment]
device = "drpen-a6"
depth = "0.5 mm"

[vehicle]
concentration = "50 mg/mL"

[dose]
amount = "10 µL/cm²"

[study]
duration = "6 h"
samples = ["1 h", "3 h", "6 h"]
donors = 2
replicates = 2

[run]
members = 2
"#;

/// `check` on the small study with one line changed.
fn check_with(test: &str, from: &str, to: &str) -> String {
    assert!(STUDY.contains(from), "the small study has no {from}");
    let folder = Folder::new(&format!("absorb-{test}"));
    folder.write("study.toml", &STUDY.replacen(from, to, 1));
    folder.percuta(&["check", "study.toml"])
}

macro_rules! mistakes {
    ($($name:ident: $from:literal => $to:literal;)*) => {$(
        #[test]
        fn $name() {
            let shown = check_with(stringify!($name), $from, $to);
            assert!(shown.ends_with("exit 2\n"), "{shown}");
            insta::assert_snapshot!(shown);
        }
    )*};
}

mistakes! {
    not_toml: "[dose]" => "[dose";
    unknown_key: "donors = 2" => "doners = 2";
    unknown_table: "[study]" => "[stdy]";
    permeant_missing: "permeant = \"naloxone\"\n" => "";
    unknown_permeant: "\"naloxone\"" => "\"naloxon\"";
    permeant_of_the_wrong_type: "\"naloxone\"" => "3";
    weight_zero: "permeant = \"naloxone\"\n" => "permeant = { name = \"X\", mw_da = 0, log_kow = 1, source = \"here\" }\n";
    log_kow_30: "permeant = \"naloxone\"\n" => "permeant = { name = \"X\", mw_da = 300, log_kow = 30, source = \"here\" }\n";
    pka_without_kind: "permeant = \"naloxone\"\n" =>
        "permeant = { name = \"X\", mw_da = 300, log_kow = 1, groups = [{ pka = 7.9 }], source = \"here\" }\n";
    unknown_key_of_the_permeant: "permeant = \"naloxone\"\n" => "permeant = { name = \"X\", mw = 300, log_kow = 1, source = \"here\" }\n";
    unknown_site: "preparation" => "site = \"elbow\"\npreparation";
    unknown_preparation: "\"dermatomed\"" => "\"dermatome\"";
    thickness_in_vivo: "preparation = \"dermatomed\"" => "thickness = \"400 µm\"";
    thickness_below_the_epidermis: "\"dermatomed\"" => "\"dermatomed\"\nsite = \"hand-back\"\nthickness = \"0.1 mm\"\n[parameters]\nskin.viable_epidermis = 120";
    thickness_of_paper: "\"dermatomed\"" => "\"dermatomed\"\nthickness = \"40 µm\"";
    temperature_of_boiling_water: "preparation" => "temperature = \"100 °C\"\npreparation";
    temperature_without_unit: "preparation" => "temperature = 32\npreparation";
    temperature_in_degrees_of_angle: "preparation" => "temperature = \"32 deg\"\npreparation";
    treatment_and_array: "[vehicle]" => "[array]\ndensity = \"100 /cm²\"\nradius = \"35 µm\"\ndepth = \"150 µm\"\n[vehicle]";
    array_half_given: "[treatment]\ndevice = \"drpen-a6\"\ndepth = \"0.5 mm\"\n" => "[array]\ndensity = \"100 /cm²\"\n";
    array_without_area: "[treatment]\ndevice = \"drpen-a6\"\ndepth = \"0.5 mm\"\n" =>
        "[array]\ndensity = \"100 cm²\"\nradius = \"35 µm\"\ndepth = \"150 µm\"\n";
    array_that_is_all_hole: "[treatment]\ndevice = \"drpen-a6\"\ndepth = \"0.5 mm\"\n" =>
        "[array]\ndensity = \"10000 /cm²\"\nradius = \"50 µm\"\ndepth = \"150 µm\"\n";
    depth_beyond_the_needle: "\"0.5 mm\"" => "\"5 mm\"";
    concentration_missing: "concentration = \"50 mg/mL\"\n" => "";
    concentration_beyond_a_solid: "\"50 mg/mL\"" => "\"5000 mg/mL\"";
    concentration_beyond_solubility: "\"50 mg/mL\"" => "\"50 mg/mL\"\nsolubility = \"20 mg/mL\"";
    ph_of_fifteen: "\"50 mg/mL\"" => "\"50 mg/mL\"\nph = 15";
    no_residue: "\"50 mg/mL\"" => "\"50 mg/mL\"\nresidue = \"0 %\"";
    dose_missing: "amount = \"10 µL/cm²\"\n" => "";
    dose_of_no_volume: "\"10 µL/cm²\"" => "\"0 µL/cm²\"";
    dose_as_a_mass: "\"10 µL/cm²\"" => "\"10 mg/cm²\"";
    dose_infinite_with_amount: "amount = \"10 µL/cm²\"" => "amount = \"10 µL/cm²\"\ninfinite = true";
    area_zero: "amount" => "area = \"0 cm²\"\namount";
    washed_before_the_dose: "amount" => "wash_off = \"0 h\"\namount";
    washed_after_the_end: "amount" => "wash_off = \"1 d\"\namount";
    washed_by_more_than_all: "amount" => "washed = \"120 %\"\namount";
    first_dose_late: "amount" => "times = [\"1 h\", \"2 h\"]\namount";
    doses_not_increasing: "amount" => "times = [\"0 h\", \"2 h\", \"2 h\"]\namount";
    duration_zero: "duration = \"6 h\"" => "duration = \"0 h\"";
    no_samples: "[\"1 h\", \"3 h\", \"6 h\"]" => "[]";
    samples_not_increasing: "\"3 h\"" => "\"0.5 h\"";
    sample_beyond_the_end: "\"3 h\", \"6 h\"" => "\"3 h\", \"7 h\"";
    no_donors: "donors = 2" => "donors = 0";
    unknown_relation: "[run]" => "[barrier]\nrelation = \"pots-guy\"\n[run]";
    kp_zero: "[run]" => "[barrier]\nkp = \"0 cm/h\"\n[run]";
    kp_as_a_length: "[run]" => "[barrier]\nkp = \"1 cm\"\n[run]";
    no_members: "members = 2" => "members = 0";
    unknown_fidelity: "members = 2" => "fidelity = \"patch\"";
    voxels_wider_than_the_block: "[run]" => "[block]\nside = \"50 µm\"\nresolution = \"60 µm\"\n[run]";
    unknown_parameter: "[run]" => "[parameters]\nchannels.half_life_opn = 3\n[run]";
    data_file_missing: "[run]" => "[data]\nfile = \"points.csv\"\n[run]";
}

/// `check` on the small study with measured points.
fn check_points(test: &str, points: &str) -> String {
    let folder = Folder::new(&format!("absorb-points-{test}"));
    folder.write("study.toml", &format!("{STUDY}[data]\nfile = \"points.csv\"\n"));
    folder.write("points.csv", points);
    folder.percuta(&["check", "study.toml"])
}

#[test]
fn mistakes_in_measured_points_are_shown_where_they_are() {
    let shown = [
        ("column", "hours,amount_ug_per_cm2\n1,2\n"),
        ("mixed", "time_h,amount_ug_per_cm2,amount_mg_per_cm2\n1,2,3\n"),
        ("deviation", "time_h,amount_ug_per_cm2,sd_mg_per_cm2\n1,2,3\n"),
        ("number", "# measured in 2020\ntime_h,amount_ug_per_cm2\n1,2\n2,much\n"),
        ("negative", "time_h,amount_ug_per_cm2\n1,-2\n"),
        ("order", "time_h,amount_ug_per_cm2,group\n1,2,a\n1,2,b\n1,3,a\n"),
        ("empty", ""),
        ("semicolons", "time_h;amount_ug_per_cm2\n1;2\n"),
        ("arm", "time_h,amount_ug_per_cm2,arm\n1,2,left\n"),
    ]
    .map(|(test, points)| check_points(test, points));
    assert!(shown.iter().all(|s| s.ends_with("exit 2\n")));
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_valid_study_is_described_with_its_warnings() {
    let folder = Folder::new("absorb-described");
    folder.write("study.toml", STUDY);
    insta::assert_snapshot!(folder.percuta(&["check", "study.toml"]));
}

#[test]
fn every_example_passes_the_check() {
    let folder = Folder::new("absorb-examples");
    for name in ["naloxone-pen-cell", "ghk-array", "caffeine-oecd428", "tranexamic-in-vivo", "own-peptide"] {
        let file = format!("{name}.toml");
        folder.percuta(&["new", &file, "--example", name]);
        let shown = folder.percuta(&["check", &file]);
        assert!(shown.ends_with("exit 0\n") && shown.contains("valid permeation study"), "{shown}");
    }
}

#[test]
fn new_writes_a_study_that_passes_the_check_and_overwrites_nothing() {
    let folder = Folder::new("absorb-new");
    let shown = [
        &["new", "--absorb"][..],
        &["new", "--absorb", "mine.toml"],
        &["new", "--absorb", "mine.toml"],
        &["new", "--absorb", "--example", "ghk-array"],
    ]
    .map(|a| folder.percuta(a));
    insta::assert_snapshot!(shown.join("\n"));
    let checked = folder.percuta(&["check", "mine.toml"]);
    assert!(checked.ends_with("exit 0\n"), "{checked}");
    folder.write("ghk-array.csv", "mine");
    let refused = folder.percuta(&["new", "ghk-array.toml", "--example", "ghk-array"]);
    assert!(refused.contains("`ghk-array.csv` exists") && folder.read("ghk-array.csv") == "mine", "{refused}");
}

#[test]
fn a_course_and_a_study_are_told_apart() {
    let folder = Folder::new("absorb-apart");
    folder.write("study.toml", STUDY);
    folder.write("course.toml", program::SHORT);
    let shown = [
        &["run", "study.toml"][..],
        &["absorb", "course.toml"],
        &["absorb", "nowhere.toml"],
        &["absorb", "study.toml", "--set", "dose.amount=1 mm"],
    ]
    .map(|a| folder.percuta(a));
    insta::assert_snapshot!(shown.join("\n"));
    assert!(!folder.names(".").contains(&"percuta-runs".to_owned()), "nothing was begun");
}

#[test]
fn help() {
    insta::assert_snapshot!(Folder::new("absorb-help").percuta(&["absorb", "--help"]));
}

#[test]
fn a_study_runs_and_the_next_takes_the_next_number() {
    let folder = Folder::new("absorb-run");
    folder.write("mine.toml", STUDY);
    let first = folder.percuta(&["absorb", "mine.toml"]);
    assert!(first.ends_with("exit 0\n") && first.contains("Report: percuta-runs/mine-1/report.html"), "{first}");
    for told in ["Enhancement ratio", "Lag time", "needled", "intact", "share of the dose at 6 h", "a tenth is left", "warning["] {
        assert!(first.contains(told), "{told} is missing: {first}");
    }
    let second = folder.percuta(&["absorb", "mine.toml", "--quiet", "--threads", "1"]);
    assert_eq!(second, "$ percuta absorb mine.toml --quiet --threads 1\nexit 0\n");
    assert_eq!(folder.read("percuta-runs/mine-1/summary.json"), folder.read("percuta-runs/mine-2/summary.json"));
    let json: serde_json::Value = serde_json::from_str(&folder.stdout(&[
        "absorb",
        "mine.toml",
        "--json",
        "--quiet",
        "--seed",
        "7",
        "--members",
        "1",
        "--out",
        "deep/results",
    ]))
    .unwrap();
    assert_eq!((&json["seed"], &json["members"]), (&7.into(), &1.into()));
    let again = folder.percuta(&["absorb", "mine.toml", "--out", "deep/results"]);
    assert!(again.ends_with("exit 2\n") && again.contains("never overwrites"), "{again}");
}
