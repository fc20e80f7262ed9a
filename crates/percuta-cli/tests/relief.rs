//! `percuta relief` on the built program.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod program;

use program::Folder;

/// A matrix of heights in µm: furrows across, as numbers separated by commas.
fn furrows(columns: usize, rows: usize) -> String {
    let height = |r: usize, c: usize| {
        let (x, y) = (c as f64 * 20.0, r as f64 * 20.0);
        let line = |u: f64, period: f64| 1.0 / (3.0 * (std::f64::consts::PI * u / period).sin()).cosh();
        -40.0 * line(y + 60.0 * (x / 500.0).sin(), 410.0) - 15.0 * line(x + 0.4 * y, 330.0) + 0.01 * x
    };
    (0..rows).map(|r| (0..columns).map(|c| format!("{:.3}", height(r, c))).collect::<Vec<_>>().join(",") + "\n").collect()
}

#[test]
fn a_map_has_its_parameters_with_filters_and_area() {
    let folder = Folder::new("relief-map");
    folder.write("map.csv", &furrows(200, 160));
    let scale = ["relief", "map.csv", "--pixel", "20 µm", "--height", "1 µm"];
    let with = |more: &[&'static str]| [&scale[..], more].concat();
    let shown = [
        folder.percuta(&with(&[])),
        folder.percuta(&with(&[
            "--s",
            "none",
            "--l",
            "800 um",
            "--form",
            "plane",
            "--cutoff",
            "800 um",
            "--direction",
            "90 deg",
            "--replica",
        ])),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn parameters_as_json_name_their_units() {
    let folder = Folder::new("relief-json");
    folder.write("map.csv", &furrows(120, 100));
    let text = folder.stdout(&["relief", "map.csv", "--pixel", "20 µm", "--height", "1 µm", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["evaluation_area_um"], serde_json::json!([2400.0, 2000.0]));
    assert_eq!(json["filters"]["s_um"], 100.0);
    assert_eq!(json["filters"]["form"], "second-order");
    assert!(json["areal"]["sq_um"].as_f64().unwrap() > 5.0);
    assert!(json["profile"]["rz_um"].as_f64().unwrap() > 5.0);
}

#[test]
fn a_synthetic_surface_is_written_and_read_again() {
    let folder = Folder::new("relief-preset");
    let make = ["relief", "--preset", "crows-feet", "--seed", "7", "--side", "6 mm", "--pixels", "240", "--out", "surface", "--json"];
    let made: serde_json::Value = serde_json::from_str(&folder.stdout(&make)).unwrap();
    assert_eq!(folder.names("surface"), ["height-map.png", "height-map.tiff", "hillshade.png", "summary.json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&folder.read("surface/summary.json")).unwrap(), made);
    for (file, tolerance) in [("surface/height-map.tiff", 1e-5), ("surface/height-map.png", 2e-3)] {
        // The files know their scale.
        let again: serde_json::Value = serde_json::from_str(&folder.stdout(&["relief", file, "--json"])).unwrap();
        for key in ["sa_um", "sq_um", "sz_um", "sdq", "sdr", "sal_um"] {
            let value = |json: &serde_json::Value| json["areal"][key].as_f64().unwrap();
            assert!((value(&again) / value(&made) - 1.0).abs() < tolerance, "{file} {key}: {} {}", value(&again), value(&made));
        }
        assert_eq!(again["filters"], made["filters"]);
    }
    // A run never overwrites another.
    insta::assert_snapshot!(folder.percuta(&make));
}

#[test]
fn mistakes_say_what_was_expected() {
    let folder = Folder::new("relief-mistakes");
    folder.write("map.csv", &furrows(60, 40));
    folder.write("ragged.csv", "1,2,3\n4,5\n");
    folder.write("narrow.csv", &"1\n".repeat(300));
    // Every fifth height is missing.
    let holes =
        |line: &str| line.split(',').enumerate().map(|(c, z)| if c % 5 == 0 { "nan" } else { z }).collect::<Vec<_>>().join(",") + "\n";
    folder.write("holes.csv", &furrows(60, 40).lines().map(holes).collect::<String>());
    let scale = ["--pixel", "20 µm", "--height", "1 µm"];
    let map = |more: &[&'static str]| [&["relief", "map.csv"][..], &scale, more].concat();
    let of = |file: &'static str| [&["relief", file][..], &scale].concat();
    let commands = [
        vec!["relief"],
        vec!["relief", "map.csv"],
        vec!["relief", "map.csv", "--pixel", "20 µm"],
        vec!["relief", "map.csv", "--pixel", "20"],
        of("nowhere.tiff"),
        of("ragged.csv"),
        of("narrow.csv"),
        of("holes.csv"),
        map(&["--s", "25 µm"]),
        map(&["--l", "10 mm"]),
        map(&["--s", "500 µm", "--l", "250 µm"]),
        map(&["--cutoff", "5 mm"]),
        vec!["relief", "--preset", "crowsfeet"],
        vec!["relief", "--preset", "cheek", "--pixels", "64"],
        vec!["relief", "--preset", "cheek", "--age", "7"],
        vec!["relief", "map.csv", "--preset", "cheek"],
    ];
    let shown = commands.map(|a| {
        let shown = folder.percuta(&a);
        assert!(shown.ends_with("exit 2\n"), "{shown}");
        shown
    });
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn help() {
    insta::assert_snapshot!(Folder::new("relief-help").percuta(&["relief", "--help"]));
}
