//! `percuta sbml` on the built program.

mod program;

use program::{Folder, SHORT};

#[test]
fn a_model_is_printed_or_written_once() {
    let folder = Folder::new("sbml");
    folder.write("mine.toml", SHORT);
    let printed = folder.stdout(&["sbml", "mine.toml", "--depth", "0.3 mm", "--eighth", "5"]);
    assert!(printed.starts_with("<?xml") && printed.contains("eighth 5 of 8") && printed.contains("session_3_alarm"), "{printed}");
    let to_file = ["sbml", "mine.toml", "--depth", "0.3 mm", "--eighth", "5", "--out", "healing.xml"];
    folder.percuta(&to_file);
    assert_eq!(folder.read("healing.xml"), printed);
    assert!(folder.percuta(&to_file).contains("`healing.xml` exists; a file is never overwritten"));
    let untreated = folder.stdout(&["sbml", "mine.toml", "--set", "treatment.sessions=0"]);
    assert!(!untreated.contains("listOfEvents") && untreated.contains("rateRule"));
}

#[test]
fn mistakes_say_what_was_expected() {
    let folder = Folder::new("sbml-mistakes");
    folder.write("mine.toml", SHORT);
    let of = |more: &[&str]| folder.percuta(&[&["sbml", "mine.toml"][..], more].concat());
    insta::assert_snapshot!([of(&["--depth", "5 mm"]), of(&["--depth", "deep"]), of(&["--eighth", "9"])].join("\n"));
}

#[test]
fn help() {
    insta::assert_snapshot!(Folder::new("sbml-help").percuta(&["sbml", "--help"]));
}
