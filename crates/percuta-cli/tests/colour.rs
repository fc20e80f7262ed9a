//! `percuta colour` on the built program.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod program;

use program::Folder;

/// Reflectance of a forearm of the NIST set (subject 1), every 20 nm.
const FOREARM: &str = "wavelength_nm, reflectance\n# made smooth by the meter\n";

/// The first forearm of the NIST reference data, from the project's own table.
fn forearm() -> String {
    let table = include_str!("../../../data/optics/nist-skin-reflectance.csv");
    let rows = table.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_digit()));
    let point = |l: &str| {
        let mut cells = l.split(',');
        format!("{}, {}\n", cells.next().unwrap(), cells.next().unwrap())
    };
    FOREARM.to_owned() + &rows.map(point).collect::<String>()
}

#[test]
fn a_colour_and_a_spectrum_are_explained() {
    let folder = Folder::new("colour");
    folder.write("forearm.csv", &forearm());
    let shown = [
        folder.percuta(&["colour", "--lab", "62, 9, 16"]),
        folder.percuta(&["colour", "--lab", "62, 9, 16", "--without-gloss"]),
        folder.percuta(&["colour", "forearm.csv"]),
        folder.percuta(&["colour", "forearm.csv", "--json"]),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn intervals_hold_the_value_and_do_not_depend_on_threads() {
    let folder = Folder::new("colour-members");
    let lab = |threads: &str| {
        let arguments = ["colour", "--lab", "55, 11, 18", "--json", "--members", "16"];
        let out = folder.command(&arguments).env("RAYON_NUM_THREADS", threads).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    let text = lab("1");
    assert_eq!(text, lab("3"));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    for key in ["melanosome_fraction", "blood_fraction"] {
        let e = |field: &str| json[key][field].as_f64().unwrap();
        assert!(e("low") < 0.9 * e("value") && 1.1 * e("value") < e("high"), "{key}: {json}");
    }
}

#[test]
fn what_is_no_skin_is_refused_with_the_reason() {
    let folder = Folder::new("colour-mistakes");
    folder.write("words.csv", "nm, R\n400, 0.2\n410, many\n");
    folder.write("comma.csv", "400;0,2\n410;0,21;5\n");
    folder.write("empty.csv", "# nothing yet\n");
    folder.write("few.csv", "400, 0.2\n500, 0.3\n600, 0.4\n");
    folder.write("back.csv", "400, 0.2\n500, 0.3\n450, 0.4\n500, 0.3\n510, 0.3\n520, 0.3\n530, 0.3\n");
    folder.write("below.csv", "400, 0.2\n500, -0.3\n510, 0.4\n520, 0.3\n530, 0.3\n540, 0.3\n550, 0.3\n");
    let shown = [
        folder.percuta(&["colour"]),
        folder.percuta(&["colour", "--lab", "60, -60, 15"]),
        folder.percuta(&["colour", "--lab", "160, 9, 15"]),
        folder.percuta(&["colour", "--lab", "sixty"]),
        folder.percuta(&["colour", "none.csv"]),
        folder.percuta(&["colour", "words.csv"]),
        folder.percuta(&["colour", "comma.csv"]),
        folder.percuta(&["colour", "empty.csv"]),
        folder.percuta(&["colour", "few.csv"]),
        folder.percuta(&["colour", "back.csv"]),
        folder.percuta(&["colour", "below.csv"]),
        folder.percuta(&["colour", "--lab", "62, 9, 16", "--site", "moon"]),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}
