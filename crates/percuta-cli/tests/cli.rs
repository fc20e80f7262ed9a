//! What a user sees, on the built program: every message is a snapshot.

mod program;

use program::{Folder, SHORT, course};

/// `check` on a short course with one line changed.
fn check_with(test: &str, from: &str, to: &str) -> String {
    let folder = Folder::new(test);
    folder.write("course.toml", &course(from, to));
    folder.percuta(&["check", "course.toml"])
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
    not_toml: "[treatment]" => "[treatment";
    unknown_key: "interval = \"28 d\"" => "intervall = \"28 d\"";
    unknown_table: "[follow_up]" => "[folow_up]";
    unknown_key_far_from_any: "passes = 4" => "colour = 4";
    wrong_unit: "depth = \"1.0 mm\"" => "depth = \"1.5 s\"";
    unknown_unit: "depth = \"1.0 mm\"" => "depth = \"1.5 furlongs\"";
    bare_number: "depth = \"1.0 mm\"" => "depth = 1.5";
    depth_beyond_the_needle: "depth = \"1.0 mm\"" => "depth = \"3 mm\"";
    depth_beyond_the_dial: "device = \"skinpen\"\ndepth = \"1.0 mm\"" => "device = \"drpen-a6\"\ndepth = \"0.1 mm\"";
    negative_depth: "depth = \"1.0 mm\"" => "depth = \"-1 mm\"";
    depth_nan: "depth = \"1.0 mm\"" => "depth = nan";
    depth_missing: "depth = \"1.0 mm\"\n" => "";
    unknown_site: "zygoma" => "elbow";
    unknown_device: "\"skinpen\"" => "\"skinpn\"";
    device_file_missing: "\"skinpen\"" => "\"my-device.toml\"";
    unknown_study: "[person]" => "study = \"kenkel-2021\"\n[person]";
    unknown_permeant: "[follow_up]" => "[product]\npermeant = \"naloxon\"\nconcentration = \"5 mg/mL\"\ndose = \"10 uL/cm2\"\n[follow_up]";
    dose_missing: "[follow_up]" => "[product]\npermeant = \"naloxone\"\nconcentration = \"5 mg/mL\"\n[follow_up]";
    interval_zero: "interval = \"28 d\"" => "interval = \"0 d\"";
    ten_thousand_sessions: "sessions = 3" => "sessions = 10000";
    fractional_sessions: "sessions = 3" => "sessions = 2.5";
    fitzpatrick_seven: "\"II\"" => "\"VII\"";
    two_tones: "fitzpatrick = \"II\"" => "fitzpatrick = \"II\", ita = 42";
    age_240: "age = 45" => "age = 240";
    age_nan: "age = 45" => "age = nan";
    unknown_sex: "\"female\"" => "\"woman\"";
    overlap_of_all: "passes = 4" => "overlap = \"100 %\"";
    glide_zero: "passes = 4" => "glide = \"0 mm/s\"";
    glide_too_slow: "passes = 4" => "glide = \"0.1 mm/s\"";
    no_members: "members = 2" => "members = 0";
    too_many_members: "members = 2" => "members = 100001";
    visits_not_increasing: "\"90 d\"" => "\"7 d\"";
    visit_after_ten_years: "\"90 d\"" => "\"11 years\"";
    unknown_parameter: "[run]" => "[parameters]\ntested.interval_lo = 3\n[run]";
    name_with_a_slash: "[person]" => "name = \"a/b\"\n[person]";
}

#[test]
fn several_mistakes_are_shown_together() {
    let folder = Folder::new("several");
    let text = SHORT.replace("age = 45", "age = 240").replace("zygoma", "elbow").replace("sessions = 3", "sessions = 101");
    folder.write("course.toml", &text);
    insta::assert_snapshot!(folder.percuta(&["check", "course.toml"]));
}

#[test]
fn missing_file() {
    insta::assert_snapshot!(Folder::new("missing").percuta(&["run", "nowhere.toml"]));
}

#[test]
fn a_folder_is_no_course() {
    insta::assert_snapshot!(Folder::new("a-folder").percuta(&["check", "."]));
}

#[test]
fn a_file_that_is_not_text() {
    let folder = Folder::new("not-text");
    folder.write_bytes("course.toml", &[0xff, 0xfe, 0x00]);
    insta::assert_snapshot!(folder.percuta(&["check", "course.toml"]));
}

#[test]
fn mistakes_in_settings_name_the_setting() {
    let folder = Folder::new("settings");
    folder.write("course.toml", SHORT);
    let shown = [
        &["check", "course.toml", "--set", "treatment.depth=1.5 s"][..],
        &["check", "course.toml", "--set", "treatment.dept=1 mm"],
        &["check", "course.toml", "--set", "treatment.depth"],
        &["run", "course.toml", "--members", "0"],
    ]
    .map(|a| folder.percuta(a));
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_valid_course_is_described() {
    let folder = Folder::new("described");
    folder.write("course.toml", SHORT);
    insta::assert_snapshot!(folder.percuta(&["check", "course.toml"]));
}

#[test]
fn an_untreated_course_is_valid() {
    let folder = Folder::new("untreated");
    folder.write("course.toml", SHORT);
    insta::assert_snapshot!(folder.percuta(&["check", "course.toml", "--set", "treatment.sessions=0"]));
}

#[test]
fn a_course_outside_the_tested_ranges_has_warnings_that_name_them() {
    let folder = Folder::new("untested");
    folder.write("course.toml", &SHORT.replace("1.0 mm", "2.0 mm").replace("28 d\"\n", "5 d\"\n").replace("\"II\"", "\"VI\""));
    let shown = folder.percuta(&["check", "course.toml"]);
    assert!(shown.ends_with("exit 0\n"), "{shown}");
    insta::assert_snapshot!(shown);
}

#[test]
fn an_existing_output_folder_is_left_alone() {
    let folder = Folder::new("exists");
    folder.write("course.toml", SHORT);
    folder.write("results/precious.txt", "keep me");
    insta::assert_snapshot!(folder.percuta(&["run", "course.toml", "--out", "results"]));
    assert_eq!(folder.read("results/precious.txt"), "keep me");
}

#[test]
fn an_output_folder_that_cannot_be_made() {
    let folder = Folder::new("unwritable");
    folder.write("course.toml", SHORT);
    // Permissions do not bind an administrator; a file in the way binds everyone.
    folder.write("file", "");
    insta::assert_snapshot!(folder.percuta(&["run", "course.toml", "--out", "file/results"]));
}

#[test]
fn a_device_file_beside_the_course_is_found() {
    let folder = Folder::new("own-device");
    folder.write("folder/course.toml", &course("\"skinpen\"", "\"my-device.toml\""));
    let device = include_str!("../../../data/devices/skinpen.toml");
    folder.write("folder/my-device.toml", &device.replace("SkinPen Precision\"", "My pen\""));
    let shown = folder.percuta(&["check", "folder/course.toml"]);
    assert!(shown.ends_with("exit 0\n") && shown.contains("My pen, set to 1 mm"), "{shown}");
    folder.write("folder/my-device.toml", &device.replace("[cards.stroke]", "[cards.strok]"));
    insta::assert_snapshot!(folder.percuta(&["check", "folder/course.toml"]));
}

#[test]
fn a_map_that_a_course_cannot_start_from_is_refused_where_it_is_named() {
    let folder = Folder::new("own-map");
    let rows =
        |n: usize| (0..n).map(|r| (0..n).map(|c| format!("{}", (r * c) % 17)).collect::<Vec<_>>().join(",") + "\n").collect::<String>();
    folder.write("folder/map.csv", &rows(100));
    let with = |keys: &str| {
        folder.write("folder/course.toml", &format!("{SHORT}[surface]\n{keys}\n"));
        folder.percuta(&["check", "folder/course.toml"])
    };
    let good = "map = \"map.csv\"\nheight = \"1 um\"\n";
    assert!(with(&format!("{good}pixel = \"50 um\"")).ends_with("exit 0\n"));
    let shown = [
        with(good),
        with(&format!("{good}pixel = \"20 um\"")),
        with(&format!("{good}pixel = \"50 um\"\nside = \"5 mm\"")),
        with("map = \"nowhere.tif\""),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn new_writes_a_course_that_passes_the_check_and_overwrites_nothing() {
    let folder = Folder::new("new");
    let shown = [&["new", "mine.toml"][..], &["new", "mine.toml"], &["new", "nowhere/mine.toml"]].map(|a| folder.percuta(a));
    insta::assert_snapshot!(shown.join("\n"));
    let checked = folder.percuta(&["check", "mine.toml"]);
    assert!(checked.ends_with("exit 0\n"), "{checked}");
}

#[test]
fn every_example_passes_the_check() {
    let folder = Folder::new("examples");
    for name in ["acne-scars", "fine-lines-exceed", "melasma", "naloxone-pen", "photoageing-face"] {
        let file = format!("{name}.toml");
        folder.percuta(&["new", &file, "--example", name]);
        insta::assert_snapshot!(format!("example {name}"), folder.percuta(&["check", &file]));
    }
}

#[test]
fn help() {
    let folder = Folder::new("help");
    let shown =
        [&["--help"][..], &["new", "--help"], &["check", "--help"], &["run", "--help"], &["explain", "--help"], &["schema", "--help"]];
    insta::assert_snapshot!(shown.map(|a| folder.percuta(a)).join("\n"));
}

#[test]
fn mistakes_on_the_command_line() {
    let folder = Folder::new("command-line");
    let shown = [&["rn"][..], &["run"], &["run", "x.toml", "--threads", "0"], &["schema", "curse"], &["new", "--example", "melsma"]];
    insta::assert_snapshot!(shown.map(|a| folder.percuta(a)).join("\n"));
}

#[test]
fn explain_shows_cards_entries_lists_and_suggestions() {
    let folder = Folder::new("explain");
    let shown = [
        &["explain", "tested.pain_length_low"][..],
        &["explain", "tested."],
        &["explain", "readout.ita"],
        &["explain", "permeant."],
        &["explain", "permeant.tranexamic-acid"],
        &["explain", "permeant.insulin"],
        &["explain", "tested.pain_lenght_low"],
        &["explain", "zzz"],
    ];
    insta::assert_snapshot!(shown.map(|a| folder.percuta(a)).join("\n"));
    // Their cards belong to others and may change; that they are shown with their source may not.
    for name in ["skinpen", "device.exceed", "zygoma", "device.exceed.shaft_diameter", "device.shaft_diameter", "skin.dermis", "naloxone"] {
        let shown = folder.percuta(&["explain", name]);
        assert!(shown.ends_with("exit 0\n") && shown.lines().count() > 3, "{shown}");
    }
    let all = folder.percuta(&["explain"]);
    assert!(["tested.age_low", "device.skinpen", "site.zygoma", "readout.ita"].iter().all(|n| all.contains(n)));
}

#[test]
fn explain_relations_shows_how_well_each_meets_human_skin() {
    insta::assert_snapshot!(Folder::new("relations").percuta(&["explain", "relations"]));
}

#[test]
fn the_checked_in_schemas_are_what_the_program_prints() {
    let folder = Folder::new("schemas");
    for kind in ["course", "absorb", "study", "calibration", "summary", "absorb-summary", "sensitivity"] {
        let file = format!("{}/../../docs/{kind}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let kept = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        assert!(kept == folder.stdout(&["schema", kind]), "docs/{kind}.schema.json is out of date: run `cargo xtask schema`");
    }
}
