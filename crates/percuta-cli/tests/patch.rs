//! Runs on a block of skin: their files, what happens when they are stopped, and what is refused.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use program::{Folder, SHORT};

const BLOCK: [&str; 8] =
    ["--fidelity", "patch", "--set", "patch.side=\"0.6 mm\"", "--set", "patch.resolution=\"25 um\"", "--set", "patch.fields=[\"7 d\"]"];

fn with<'a>(first: &[&'a str], rest: &[&'a str]) -> Vec<&'a str> {
    [first, &BLOCK, rest].concat()
}

/// Every file below a folder but the manifest, which names the time, by its path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("manifest.json") {
                found.insert(path.strip_prefix(folder).unwrap().display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Starts a run into `same`, waits for its first snapshot and ends it with a signal.
fn stopped(folder: &Folder, signal: &str) -> std::process::Output {
    let child = Command::new(env!("CARGO_BIN_EXE_percuta"))
        .args(with(&["run", "mine.toml", "--out", "same", "--snapshot-every", "0"], &[]))
        .current_dir(&folder.0)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let clock = Instant::now();
    while !folder.0.join("same/unfinished/state").exists() {
        assert!(clock.elapsed() < Duration::from_secs(60), "no snapshot");
        sleep(Duration::from_millis(2));
    }
    let second = folder.percuta(&["resume", "same"]);
    assert!(second.contains("another process is at work") && second.ends_with("exit 2\n"), "{second}");
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert!(!folder.0.join("same/report.html").exists(), "it was done before it could be stopped");
    output
}

#[test]
fn a_block_leaves_pictures_tables_and_fields() {
    let folder = Folder::new("block");
    folder.write("mine.toml", SHORT);
    let shown = folder.percuta(&with(&["run", "mine.toml", "--out", "done"], &[]));
    assert!(shown.ends_with("exit 0\n") && shown.contains("block of skin") && shown.contains("24 x 24 x"), "{shown}");
    let files = files(&folder.0.join("done"));
    for name in ["figures/virtual-biopsy.png", "figures/healing-animation.png", "tables/patch.csv", "fields.pvd", "vtk/day-0007.vtr"] {
        assert!(files.contains_key(name), "{name} is missing");
    }
    assert!(!files.keys().any(|name| name.contains("unfinished")), "{:?}", files.keys());
    assert!(folder.percuta(&["resume", "done"]).contains("is finished"));
}

#[cfg(unix)]
#[test]
fn a_killed_run_goes_on_to_the_same_bytes() {
    let folder = Folder::new("killed");
    folder.write("mine.toml", SHORT);
    let straight = folder.percuta(&with(&["run", "mine.toml", "--out", "same", "--snapshot-every", "0"], &[]));
    assert!(straight.ends_with("exit 0\n"), "{straight}");
    fs::rename(folder.0.join("same"), folder.0.join("straight")).unwrap();

    stopped(&folder, "-9");
    // What the course file says now does not matter: the run has its own copy.
    folder.write("mine.toml", "nothing");
    // And what somebody has put beside it stays.
    folder.write("same/notes.txt", "mine");
    let resumed = folder.command(&["resume", "."]).current_dir(folder.0.join("same")).output().unwrap();
    let told = String::from_utf8_lossy(&resumed.stderr);
    assert!(resumed.status.success() && told.contains("Going on from day"), "{told}");
    assert_eq!(folder.read("same/notes.txt"), "mine");
    fs::remove_file(folder.0.join("same/notes.txt")).unwrap();
    let (a, b) = (files(&folder.0.join("straight")), files(&folder.0.join("same")));
    assert!(a.keys().eq(b.keys()), "{:?}\n{:?}", a.keys(), b.keys());
    for (name, bytes) in &a {
        assert!(*bytes == b[name], "{name} differs");
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_says_how_to_go_on_and_a_damaged_snapshot_is_refused() {
    let folder = Folder::new("interrupted");
    folder.write("mine.toml", SHORT);
    let output = stopped(&folder, "-INT");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(130), "{told}");
    assert!(told.contains("To go on: percuta resume same"), "{told}");

    let state = folder.0.join("same/unfinished/state");
    let whole = fs::read(&state).unwrap();
    for (bytes, reason) in [(&whole[..whole.len() / 2], "damaged"), (&b"not a snapshot"[..], "not a snapshot")] {
        fs::write(&state, bytes).unwrap();
        let shown = folder.percuta(&["resume", "same"]);
        assert!(shown.contains(reason) && shown.contains("unfinished/state") && shown.ends_with("exit 2\n"), "{shown}");
        assert!(state.exists(), "nothing is taken away");
    }
    fs::write(&state, &whole).unwrap();
    let shown = folder.percuta(&["resume", "same", "--quiet"]);
    assert!(shown.ends_with("exit 0\n") && folder.0.join("same/report.html").exists(), "{shown}");
}

#[test]
fn what_cannot_be_gone_on_with_is_named() {
    let folder = Folder::new("resume-nothing");
    fs::create_dir(folder.0.join("empty")).unwrap();
    assert!(folder.percuta(&["resume", "nowhere"]).contains("there is no folder `nowhere`"));
    let empty = folder.percuta(&["resume", "empty"]);
    assert!(empty.contains("holds no unfinished run") && empty.ends_with("exit 2\n"), "{empty}");
}

#[test]
fn blocks_that_cannot_be_are_refused_before_anything_is_made() {
    let folder = Folder::new("block-refused");
    folder.write("mine.toml", SHORT);
    let refused = |settings: &[&str]| {
        let shown = folder.percuta(&[&["run", "mine.toml", "--fidelity", "patch"], settings].concat());
        assert!(shown.ends_with("exit 2\n") && !folder.0.join("percuta-runs").exists(), "{shown}");
        shown
    };
    let large = refused(&["--set", "patch.side=\"50 mm\"", "--set", "patch.resolution=\"2 um\""]);
    assert!(large.contains("GB of memory") && large.contains("are free") && large.contains("would fit"), "{large}");
    assert!(refused(&["--set", "patch.side=\"1 m\""]).contains("a side of 0.02 to 50 mm"));
    assert!(refused(&["--set", "patch.resolution=\"1 nm\""]).contains("a resolution of 2 to 500 µm"));
    assert!(refused(&["--set", "patch.side=\"0.1 mm\"", "--set", "patch.resolution=\"200 um\""]).contains("wider than the block"));
    assert!(refused(&["--set", "patch.fields=[\"3 d\"]"]).contains("there is no visit on day 3"));
}

#[test]
fn voxels_wider_than_the_track_carry_a_warning() {
    let folder = Folder::new("block-coarse");
    folder.write("mine.toml", SHORT);
    let shown = folder.percuta(&[
        "run",
        "mine.toml",
        "--fidelity",
        "patch",
        "--set",
        "patch.side=\"2 mm\"",
        "--set",
        "patch.resolution=\"400 um\"",
        "--out",
        "coarse",
    ]);
    assert!(shown.contains("warning[patch-coarse]") && shown.contains("is a fraction"), "{shown}");
    assert!(folder.read("coarse/summary.json").contains("patch-coarse"));
}
