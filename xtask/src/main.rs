//! Developer tasks: `cargo xtask test`, `cargo xtask python`, `cargo xtask bench [peers]`, `cargo xtask schema [--check]`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a task runner talks to the terminal")]

mod book;
mod calibrate;
mod checks;
mod command;
mod peers;
mod python;
mod schema;
mod tests_run;
mod unused_data;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage: cargo xtask <task>

  test              format, lints, documentation, all tests, field files and SBML read with other programs, schemas, data files
  python            only write a sample of field files and SBML and read it with other programs
  bench             run the benchmarks
  bench peers       the solvers beside SciPy, FiPy, pyamg, py-pde, iadpython and libroadrunner (needs python3 and PyPI, takes minutes)
  calibrate         repeat the calibration behind the default parameters and hold their cards against it (minutes)
  book              rewrite the pages of the book that are made from results: claims, credibility (minutes)
  schema            rewrite the schemas docs/*.schema.json
  schema --check    fail if they are not what the program prints";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = root();
    let result = match arguments.as_slice() {
        ["test"] => checks::run(&root),
        ["python"] => python::read_back(&root).1,
        ["bench"] => command::run(&root, "benchmarks", &["bench", "--package", "percuta-benches"]),
        ["bench", "peers"] => peers::run(&root),
        ["calibrate"] => calibrate::calibrate(&root),
        ["book"] => book::write(&root),
        ["schema"] => schema::write(&root),
        ["schema", "--check"] => schema::check(&root),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root, the parent of this crate.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::root;
    use std::fs;

    #[test]
    fn citation_and_changelog_carry_the_version() {
        let version = env!("CARGO_PKG_VERSION");
        let citation = fs::read_to_string(root().join("CITATION.cff")).unwrap();
        assert!(citation.lines().any(|l| l == format!("version: {version}")), "CITATION.cff is not at version {version}");
        let changelog = fs::read_to_string(root().join("CHANGELOG.md")).unwrap();
        assert!(changelog.contains(&format!("## {version}")), "CHANGELOG.md has no section {version}");
    }

    #[test]
    fn every_page_of_the_book_is_in_its_summary_and_the_other_way_round() {
        let book = root().join("docs/src");
        let summary = fs::read_to_string(book.join("SUMMARY.md")).unwrap();
        let listed: Vec<&str> = summary.split("](").skip(1).filter_map(|rest| rest.split(')').next()).collect();
        for page in &listed {
            assert!(book.join(page).is_file(), "docs/src/{page} is listed and does not exist");
        }
        let mut folders = vec![book.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "md") {
                    let page = path.strip_prefix(&book).unwrap().to_string_lossy().replace('\\', "/");
                    assert!(page == "SUMMARY.md" || listed.contains(&page.as_str()), "docs/src/{page} is not in SUMMARY.md");
                }
            }
        }
    }
}
