//! Runs to the end, runs that are stopped, and runs that cannot write.

mod program;

use program::{Folder, SHORT, shown};

#[test]
fn a_run_writes_its_folder_and_the_next_takes_the_next_number() {
    let folder = Folder::new("run");
    folder.write("mine.toml", SHORT);
    let first = folder.percuta(&["run", "mine.toml"]);
    assert!(first.ends_with("exit 0\n") && first.contains("Report: percuta-runs/mine-1/report.html"), "{first}");
    assert!(first.contains("100 %") && first.contains("Collagen mass"), "{first}");
    let second = folder.percuta(&["run", "mine.toml", "--quiet"]);
    assert_eq!(second, "$ percuta run mine.toml --quiet\nexit 0\n");
    assert_eq!(folder.names("percuta-runs"), ["mine-1", "mine-2"]);
    for file in ["report.html", "summary.json", "manifest.json"] {
        assert!(folder.names("percuta-runs/mine-1").iter().any(|n| n == file), "{file}");
    }
    // The manifest names the time; everything else is the same to the byte.
    assert_eq!(folder.read("percuta-runs/mine-1/summary.json"), folder.read("percuta-runs/mine-2/summary.json"));
}

#[test]
fn json_goes_alone_to_standard_output() {
    let folder = Folder::new("json");
    folder.write("mine.toml", SHORT);
    let text = folder.stdout(&["run", "mine.toml", "--json", "--out", "deep/results"]);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["members"], 2);
    assert_eq!(text, folder.read("deep/results/summary.json"));
}

#[test]
fn options_reach_the_run() {
    let folder = Folder::new("options");
    folder.write("mine.toml", SHORT);
    let arguments =
        ["run", "mine.toml", "--json", "--quiet", "--seed", "7", "--members", "3", "--set", "treatment.sessions=1", "--threads", "1"];
    let json: serde_json::Value = serde_json::from_str(&folder.stdout(&arguments)).unwrap();
    assert_eq!((&json["seed"], &json["members"]), (&7.into(), &3.into()));
    assert_eq!(json["sessions"].as_array().unwrap().len(), 1);
}

#[test]
fn a_course_outside_the_tested_ranges_runs_with_its_warning() {
    let folder = Folder::new("untested-run");
    folder.write("mine.toml", &SHORT.replace("1.0 mm", "2.0 mm"));
    let shown = folder.percuta(&["run", "mine.toml"]);
    assert!(shown.ends_with("exit 0\n"), "{shown}");
    assert!(shown.contains("warning[depth-untested]") && shown.contains("1.5 mm"), "{shown}");
    assert!(folder.read("percuta-runs/mine-1/summary.json").contains("depth-untested"), "the warning travels with the results");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_nothing_behind() {
    use std::process::Command;
    let folder = Folder::new("full");
    folder.write("mine.toml", SHORT);
    // A limit of one block on the size of files, with the signal switched off, fails in the same place as a full disk.
    let script = format!("ulimit -f 1; trap '' XFSZ; exec {} run mine.toml --out results", env!("CARGO_BIN_EXE_percuta"));
    let output = Command::new("sh").args(["-c", &script]).current_dir(&folder.0).output().unwrap();
    let shown = shown(&["run", "mine.toml", "--out", "results"], &output);
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(shown.contains("could not write") && shown.contains("free some space"), "{shown}");
    assert_eq!(folder.names("."), ["mine.toml"], "nothing half-written");
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_cleanly() {
    use std::process::{Command, Stdio};
    let folder = Folder::new("interrupted");
    folder.write("mine.toml", SHORT);
    let mut child =
        folder.command(&["run", "mine.toml", "--members", "100000"]).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // The handler is in place when the run has announced itself.
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Running") {
        line.clear();
        assert!(std::io::BufRead::read_line(&mut stderr, &mut line).unwrap() > 0, "the run ended by itself");
    }
    Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut stderr, &mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    assert!(rest.contains("of 100000 members. Nothing was written"), "{rest}");
    assert_eq!(folder.names("."), ["mine.toml"], "nothing half-written");
}
