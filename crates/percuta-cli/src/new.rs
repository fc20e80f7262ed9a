//! `percuta new`: a course file or a permeation study to start from.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use percuta::course::{file, permeation};

use crate::arguments::New;
use crate::examples;
use crate::failure::Failure;
use crate::terminal;

/// Keys of the templates that a file must have.
const OF_A_COURSE: [&str; 3] = ["# site = ", "# device = ", "# depth = "];
const OF_A_STUDY: [&str; 5] = ["# permeant = ", "# device = ", "# depth = \"0.5 mm\"", "# concentration = ", "# amount = "];

pub fn new(arguments: &New) -> Result<(), Failure> {
    let example = arguments.example.as_deref().and_then(examples::find);
    let text = match example {
        Some(example) => example.text.to_owned(),
        None if arguments.absorb => starter(permeation::file::TEMPLATE, &OF_A_STUDY),
        None => starter(file::TEMPLATE, &OF_A_COURSE),
    };
    let usual = if permeation::file::is_study(&text) { "study.toml" } else { "course.toml" };
    let path = arguments.file.clone().unwrap_or_else(|| PathBuf::from(usual));
    // Those beside it first: without them the file is of no use.
    for (name, text) in example.map_or(&[][..], |e| e.beside) {
        write(&path.with_file_name(name), text)?;
    }
    write(&path, &text)?;
    let shown = path.display();
    terminal::print(&format!("Wrote {shown}. Next: percuta check {shown}"));
    Ok(())
}

/// Writes a new file.
pub fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let shown = path.display();
    let written = OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut f| f.write_all(text.as_bytes()));
    written.map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => Failure::input(format!("`{shown}` exists; a file is never overwritten\n  help: name another file")),
        _ => Failure::input(format!("`{shown}` cannot be written: {e}")),
    })
}

/// The template with its required keys filled in, so that it runs as it is.
fn starter(template: &str, required: &[&str]) -> String {
    let lines = template.lines().filter(|l| !l.starts_with("# Required:"));
    let mut missing = required.to_vec();
    // Each once: tables that are left out further down have keys of the same names.
    let filled = lines.map(|line| match missing.iter().position(|key| line.starts_with(key)) {
        Some(found) => {
            missing.remove(found);
            line.trim_start_matches("# ")
        }
        None => line,
    });
    filled.collect::<Vec<_>>().join("\n") + "\n"
}
