//! `percuta sensitivity` on the built program.

mod program;

use program::{Folder, SHORT, shown};

/// A small analysis.
const SMALL: [&str; 8] = ["--readout", "tewl", "--parameters", "barrier.", "--strongest", "2", "--samples", "64"];

fn small<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ["sensitivity", "mine.toml"].into_iter().chain(SMALL).chain(more.iter().copied()).collect()
}

#[test]
fn an_analysis_writes_its_folder_and_shows_its_table() {
    let folder = Folder::new("sensitivity");
    folder.write("mine.toml", &SHORT.replace("sessions = 3\ninterval = \"28 d\"", "sessions = 1"));
    let text = folder.percuta(&small(&[]));
    assert!(text.ends_with("exit 0\n") && text.contains("Report: percuta-runs/mine-1/report.html"), "{text}");
    assert!(text.contains("100 %") && text.contains("barrier.") && text.contains("others together") && text.contains("chance"), "{text}");
    for file in ["report.html", "sensitivity.json", "manifest.json", "tables", "figures"] {
        assert!(folder.names("percuta-runs/mine-1").iter().any(|n| n == file), "{file}");
    }
    let json = folder.stdout(&small(&["--json", "--quiet", "--threads", "1"]));
    assert_eq!(json, folder.read("percuta-runs/mine-1/sensitivity.json"), "one thread or two");
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["samples"], &json["readouts"][0]["readout"]), (&64.into(), &"tewl".into()));
}

#[test]
fn mistakes_say_what_was_expected() {
    let folder = Folder::new("sensitivity-mistakes");
    folder.write("mine.toml", SHORT);
    let of = |more: &[&str]| folder.percuta(&[&["sensitivity", "mine.toml"][..], more].concat());
    let all = [
        of(&["--readout", "colagen_mass"]),
        of(&["--readout", "lesion_contrast"]),
        of(&["--readout", "tewl", "--parameters", "healng."]),
        of(&["--samples", "500"]),
        of(&["--set", "follow_up.visits=[\"0 d\"]"]),
    ];
    insta::assert_snapshot!(all.join("\n"));
    assert_eq!(folder.names("."), ["mine.toml"], "no folder is left");
}

#[test]
fn help() {
    insta::assert_snapshot!(Folder::new("sensitivity-help").percuta(&["sensitivity", "--help"]));
}

#[cfg(unix)]
#[test]
fn an_interrupted_analysis_ends_cleanly() {
    use std::process::{Command, Stdio};
    let folder = Folder::new("sensitivity-interrupted");
    folder.write("mine.toml", SHORT);
    let arguments = ["sensitivity", "mine.toml"];
    let mut child = folder.command(&arguments).stderr(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("Looking") {
        line.clear();
        assert!(std::io::BufRead::read_line(&mut stderr, &mut line).unwrap() > 0, "the analysis ended by itself");
    }
    Command::new("sh").args(["-c", &format!("kill -INT {}", child.id())]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut stderr, &mut rest).unwrap();
    assert_eq!(output.status.code(), Some(130), "{}{rest}", shown(&arguments, &output));
    assert!(rest.contains("evaluations. Nothing was written"), "{rest}");
    assert_eq!(folder.names("."), ["mine.toml"], "nothing half-written");
}
