//! `percuta study`, `validate`, `calibrate`, `cite` and `claims` on the built program.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod program;

use std::fs;

use program::Folder;

/// A record of Percuta's own, as a user would write one.
const ABLON: &str = include_str!("../../../data/studies/ablon-2018-exceed.toml");

fn json(folder: &Folder, file: &str) -> serde_json::Value {
    serde_json::from_slice(&fs::read(folder.0.join(file)).unwrap()).unwrap()
}

#[test]
fn a_record_is_written_checked_and_its_mistakes_shown() {
    let folder = Folder::new("study-records");
    folder.write("ablon-2018-exceed.toml", ABLON);
    folder.write("no-n.toml", &ABLON.replace("ablon-2018-exceed", "no-n").replace("n = 48\n", ""));
    folder.write("sd.toml", &ABLON.replace("ablon-2018-exceed", "sd").replace("n = 48\n", "n = 48\nsd = -2.0\n"));
    folder.write("unit.toml", &ABLON.replace("ablon-2018-exceed", "unit").replace("unit = \"grade\"", "unit = \"points\""));
    folder.write("readout.toml", &ABLON.replace("ablon-2018-exceed", "readout").replace("lemperle_grade", "lemperle_grad"));
    folder.write("other-name.toml", ABLON);
    let shown = [
        folder.percuta(&["study", "new", "smith-2031-pen.toml"]),
        folder.percuta(&["study", "new", "smith-2031-pen.toml"]),
        folder.percuta(&["study", "check", "smith-2031-pen.toml", "ablon-2018-exceed.toml"]),
        folder.percuta(&["study", "check", "no-n.toml", "sd.toml", "unit.toml", "readout.toml", "other-name.toml"]),
        folder.percuta(&["study", "check", "missing.toml"]),
    ];
    insta::assert_snapshot!(shown.join("\n"));
}

#[test]
fn a_folder_with_one_bad_study_validates_the_others_and_says_which_failed() {
    let folder = Folder::new("validate-folder");
    fs::create_dir(folder.0.join("mine")).unwrap();
    folder.write("mine/ablon-2018-exceed.toml", ABLON);
    folder.write("mine/bad.toml", &ABLON.replace("ablon-2018-exceed", "bad").replace("n = 48\n", ""));
    let shown = folder.percuta(&["validate", "--studies", "mine", "--members", "32", "--out", "out"]);
    insta::assert_snapshot!(shown);
    let found = json(&folder, "out/validation.json");
    assert_eq!(found["rows"].as_array().unwrap().len(), 1);
    assert_eq!(found["failed"][0]["study"], "mine/bad.toml");
    let unknown = folder.percuta(&["validate", "--studies", "mine", "--only", "ablon", "--out", "out2"]);
    assert!(unknown.contains("no study is called `ablon`"), "{unknown}");
    assert!(!folder.0.join("out2").exists());
}

#[test]
fn a_calibration_is_written_and_a_course_takes_its_posterior() {
    let folder = Folder::new("calibrate");
    folder.write(
        "problem.toml",
        "name = \"small\"\nparameters = [\"pigment.lesion_cut\"]\nonly = [\"farshi-2020-melasma\"]\n[run]\ndesign = 100\nsteps = 1000\ndraws = 50\n",
    );
    let shown = folder.percuta(&["calibrate", "problem.toml", "--out", "cal"]);
    insta::assert_snapshot!(shown);
    for file in ["calibration.html", "calibration.json", "posterior.toml", "petab/problem.yaml", "petab/measurements.tsv"] {
        assert!(folder.0.join("cal").join(file).is_file(), "{file}");
    }
    assert!(!folder.0.join("cal/unfinished").exists());
    folder.percuta(&["new", "course.toml", "--example", "melasma"]);
    let course = fs::read_to_string(folder.0.join("course.toml")).unwrap();
    folder.write("course.toml", &format!("posterior = \"cal/posterior.toml\"\n{course}"));
    let run = folder.percuta(&["run", "course.toml", "--members", "8", "--out", "run", "-q"]);
    assert!(folder.0.join("run/summary.json").is_file(), "{run}");
    let drawn = fs::read_to_string(folder.0.join("run/tables/parameters.csv")).unwrap();
    let posterior = fs::read_to_string(folder.0.join("cal/posterior.toml")).unwrap();
    let of: Vec<&str> = drawn.lines().filter(|l| l.contains("pigment.lesion_cut")).map(|l| l.rsplit(',').next().unwrap()).collect();
    assert_eq!(of.len(), 8);
    assert!(of.iter().all(|value| posterior.contains(&value[..value.len().min(10)])), "{of:?}");
    // The papers of the run.
    let cited = folder.percuta(&["cite", "run"]);
    assert!(cited.contains("@misc{Farshi2020,") && cited.contains("10.1111/jocd.13369"), "{cited}");
    let no_run = folder.percuta(&["cite", "cal"]);
    assert!(no_run.contains("is not the folder of a run"), "{no_run}");
}

#[test]
fn a_calibration_reads_its_own_petab_tables_again() {
    let folder = Folder::new("calibrate-petab");
    let run = "[run]\ndesign = 100\nsteps = 200\ndraws = 50\n";
    let studies = "only = [\"farshi-2020-melasma\", \"radara-2015-patch\", \"sharma-prp-split-face\"]\n";
    let parameters = "parameters = [\"pigment.lesion_cut\", \"rater.expectation\"]\n";
    folder.write("first.toml", &format!("{parameters}{studies}{run}"));
    folder.percuta(&["calibrate", "first.toml", "--out", "first", "-q"]);
    // Parameters come from their table where the problem names none.
    folder.write("second.toml", &format!("petab = \"first/petab\"\n{run}"));
    let shown = folder.percuta(&["calibrate", "second.toml", "--out", "second", "-q"]);
    assert!(folder.0.join("second/calibration.html").is_file(), "{shown}");
    let (first, second) = (json(&folder, "first/calibration.json"), json(&folder, "second/calibration.json"));
    for key in ["targets", "parameters", "explained", "spreads", "studies"] {
        assert!(first[key].as_array().is_some_and(|a| !a.is_empty()), "{key}");
        // What nothing changes would publish knows how sure an error is that no study stated.
        same(key, &first[key], &second[key]);
    }
    // Mistakes are shown with their line.
    let table = fs::read_to_string(folder.0.join("first/petab/measurements.tsv")).unwrap();
    folder.write("first/petab/measurements.tsv", &table.replacen("\t60\t", "\tsixty\t", 1));
    insta::assert_snapshot!(folder.percuta(&["calibrate", "second.toml", "--out", "third", "-q"]));
    folder.write("fourth.toml", "petab = \"first/petab/problem.yaml\"\n");
    let yaml = folder.percuta(&["calibrate", "fourth.toml", "--out", "fourth"]);
    assert!(yaml.contains("is a file") && yaml.contains("observables.tsv"), "{yaml}");
    assert!(!folder.0.join("third").exists() && !folder.0.join("fourth").exists());
}

/// The same but for the rounding of numbers written as text.
fn same(at: &str, a: &serde_json::Value, b: &serde_json::Value) {
    use serde_json::Value;
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            assert_eq!(a.len(), b.len(), "{at}");
            for (key, a) in a.iter().filter(|(key, _)| *key != "no_change") {
                same(&format!("{at}.{key}"), a, &b[key]);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            assert_eq!(a.len(), b.len(), "{at}");
            a.iter().zip(b).for_each(|(a, b)| same(at, a, b));
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= 1e-9 * a.abs().max(1.0), "{at}: {a} {b}");
        }
        _ => assert_eq!(a, b, "{at}"),
    }
}

#[test]
fn a_stopped_calibration_goes_on_only_with_the_same_problem() {
    let folder = Folder::new("calibrate-resume");
    let problem = "name = \"small\"\nparameters = [\"pigment.lesion_cut\"]\nonly = [\"farshi-2020-melasma\"]\n[run]\ndesign = 100\nsteps = 200\ndraws = 50\n";
    folder.write("problem.toml", problem);
    let nothing = folder.percuta(&["calibrate", "problem.toml", "--resume", "none"]);
    assert!(nothing.contains("holds no calibration that was stopped"), "{nothing}");
    fs::create_dir_all(folder.0.join("half/unfinished")).unwrap();
    folder.write("half/unfinished/key", "another");
    let other = folder.percuta(&["calibrate", "problem.toml", "--resume", "half"]);
    assert!(other.contains("was started with another problem"), "{other}");
    let wrong = folder.percuta(&["calibrate", "problem.toml", "--set", "only=[\"farsi\"]"]);
    assert!(wrong.contains("no study is called `farsi`"), "{wrong}");
}

#[test]
fn claims_are_laid_beside_predictions() {
    let folder = Folder::new("claims");
    let shown = folder.percuta(&["claims", "--members", "16"]);
    for words in ["collagen and elastin", "Usual reference", "Controlled studies", "Goodman-Baron score: ", "What would settle it"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}
