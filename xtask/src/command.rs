//! Running cargo.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

/// The cargo that runs this task.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    command.current_dir(root);
    command
}

/// Runs cargo with `arguments`; the error names `what` failed.
pub fn run(root: &Path, what: &str, arguments: &[&str]) -> Result<(), String> {
    finish(what, cargo(root).args(arguments))
}

/// Runs a prepared command; the error names `what` failed.
pub fn finish(what: &str, command: &mut Command) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: {status}")),
        Err(e) => Err(format!("{what}: could not start: {e}")),
    }
}
