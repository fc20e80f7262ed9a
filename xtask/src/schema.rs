//! The JSON schemas in `docs/`, as the program prints them.

use std::path::{Path, PathBuf};
use std::{fs, process::Stdio};

use crate::command::cargo;

/// What `percuta schema` can print.
const KINDS: [&str; 7] = ["course", "absorb", "study", "calibration", "summary", "absorb-summary", "sensitivity"];

/// Rewrites the checked-in schemas.
pub fn write(root: &Path) -> Result<(), String> {
    for kind in KINDS {
        let file = file(root, kind);
        fs::write(&file, printed(root, kind)?).map_err(|e| format!("{}: {e}", file.display()))?;
        println!("wrote {}", file.display());
    }
    Ok(())
}

/// Fails if a checked-in schema is missing or not what the program prints.
pub fn check(root: &Path) -> Result<(), String> {
    for kind in KINDS {
        let file = file(root, kind);
        let kept = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
        if kept.replace("\r\n", "\n") != printed(root, kind)? {
            return Err(format!("{} is out of date: run `cargo xtask schema`", file.display()));
        }
    }
    Ok(())
}

/// The check, where no schema has been written yet nothing.
pub fn check_if_present(root: &Path) -> Result<(), String> {
    if KINDS.iter().any(|kind| file(root, kind).exists()) { check(root) } else { Ok(()) }
}

fn file(root: &Path, kind: &str) -> PathBuf {
    root.join("docs").join(format!("{kind}.schema.json"))
}

/// What `percuta schema <kind>` prints.
fn printed(root: &Path, kind: &str) -> Result<String, String> {
    let failed = |reason: String| format!("percuta schema {kind}: {reason}");
    let output = cargo(root)
        .args(["run", "--quiet", "--package", "percuta-cli", "--", "schema", kind])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| failed(e.to_string()))?;
    if !output.status.success() {
        return Err(failed(output.status.to_string()));
    }
    let text = String::from_utf8(output.stdout).map_err(|e| failed(e.to_string()))?;
    if text.trim().is_empty() {
        return Err(failed("printed nothing".into()));
    }
    Ok(text)
}
