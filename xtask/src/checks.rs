//! `cargo xtask test`: every check, all of them even when one fails, and one line at the end that says how it went.

use std::path::Path;

use crate::{command, python, schema, tests_run, unused_data};

/// Runs every check.
pub fn run(root: &Path) -> Result<(), String> {
    let mut checks = Tally::default();
    checks.step("format", command::run(root, "format", &["fmt", "--all", "--check"]));
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    checks.step("lints", command::run(root, "lints", &clippy));
    let mut doc = command::cargo(root);
    doc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
    checks.step("documentation", command::finish("documentation", &mut doc));
    let (tests, result) = tests_run::unit_and_integration(root);
    checks.step("tests", result);
    let (doc_tests, result) = tests_run::documentation(root);
    checks.step("documentation tests", result);
    let (python_tests, result) = python::read_back(root);
    checks.step("files in Python", result);
    checks.step("data files", unused_data::check(root));
    checks.step("schemas", schema::check_if_present(root));
    let tests = tests.plus(doc_tests).plus(python_tests);
    let line = format!(
        "tests: {} passed, {} failed; checks: {} passed, {} failed",
        tests.passed,
        tests.failed,
        checks.passed,
        checks.failed.len()
    );
    if checks.failed.is_empty() {
        println!("{line}");
        Ok(())
    } else {
        Err(format!("{}\n{line}", checks.failed.join("\n")))
    }
}

/// How the checks went.
#[derive(Default)]
struct Tally {
    passed: usize,
    failed: Vec<String>,
}

impl Tally {
    fn step(&mut self, name: &str, result: Result<(), String>) {
        match result {
            Ok(()) => {
                println!("== {name}: ok");
                self.passed += 1;
            }
            Err(reason) => {
                eprintln!("== {name}: FAILED");
                self.failed.push(reason);
            }
        }
    }
}
