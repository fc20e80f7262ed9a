//! `percuta new`: a course file to start from.

use std::fs::OpenOptions;
use std::io::{self, Write as _};

use percuta::course::file::TEMPLATE;

use crate::arguments::New;
use crate::examples;
use crate::failure::Failure;
use crate::terminal;

pub fn new(arguments: &New) -> Result<(), Failure> {
    let text = match &arguments.example {
        Some(name) => examples::text(name).unwrap_or_default().to_owned(),
        None => starter(),
    };
    let shown = arguments.file.display();
    let written = OpenOptions::new().write(true).create_new(true).open(&arguments.file).and_then(|mut f| f.write_all(text.as_bytes()));
    written.map_err(|e| match e.kind() {
        io::ErrorKind::AlreadyExists => Failure::input(format!("`{shown}` exists; a file is never overwritten\n  help: name another file")),
        _ => Failure::input(format!("`{shown}` cannot be written: {e}")),
    })?;
    terminal::print(&format!("Wrote {shown}. Next: percuta check {shown}"));
    Ok(())
}

/// The template with its required keys filled in, so that it runs as it is.
fn starter() -> String {
    let lines = TEMPLATE.lines().filter(|l| !l.starts_with("# Required:"));
    let filled = lines.map(|line| {
        let required = ["# site = ", "# device = ", "# depth = "].iter().any(|key| line.starts_with(key));
        if required { line.trim_start_matches("# ") } else { line }
    });
    filled.collect::<Vec<_>>().join("\n") + "\n"
}
