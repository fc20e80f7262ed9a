//! Reads field files and SBML back with the programs that others open them with.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::command::{cargo, finish};
use crate::tests_run::{Count, counted};

/// Where the script and its requirements are.
const SCRIPTS: &str = "crates/percuta-report/tests/python";
/// The ignored tests that write the sample.
const SAMPLE_WRITERS: &str = "tests::write_sample_for_python";
/// What reads it.
const READERS: [&str; 2] = ["read_fields.py", "read_sbml.py"];

/// Makes a sample with Rust, reads it with Python, counts the Python tests.
pub fn read_back(root: &Path) -> (Count, Result<(), String>) {
    // The list is complete; without `--no-deps`, vtk would bring what only its pictures need.
    let python = environment(&root.join(SCRIPTS).join("requirements.txt"), &root.join("target/python-venv"), &["--no-deps"]);
    let prepared = python.and_then(|python| Ok((python, sample(root)?)));
    match prepared {
        Ok((python, sample)) => {
            let (mut count, mut faults) = (Count::default(), Vec::new());
            for reader in READERS {
                let (more, result) = counted(reader, script(root, &python, reader).arg(&sample));
                count = count.plus(more);
                faults.extend(result.err());
            }
            if !faults.is_empty() {
                // The sample is kept, to be looked at.
                return (count, Err(faults.join("\n")));
            }
            let _ = fs::remove_dir_all(sample);
            (count, Ok(()))
        }
        Err(reason) => (Count::default(), Err(format!("files in Python: {reason}"))),
    }
}

fn script(root: &Path, python: &Path, name: &str) -> Command {
    let mut command = Command::new(python);
    // `-I`: nothing of the user's own Python.
    command.current_dir(root).arg("-I").arg(root.join(SCRIPTS).join(name));
    command
}

/// The interpreter of an environment with the required packages, made anew when the requirements have changed.
/// `options` are pip's.
pub fn environment(wanted: &Path, folder: &Path, options: &[&str]) -> Result<PathBuf, String> {
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    // Copied last, so that its presence means that the environment is complete.
    let installed = folder.join("requirements.txt");
    let text = fs::read(wanted).map_err(|e| format!("{}: {e}", wanted.display()))?;
    if fs::read(&installed).is_ok_and(|t| t == text) && runs(&python) {
        return Ok(python);
    }
    let system = if cfg!(windows) { "python" } else { "python3" };
    usable(system)?;
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    let venv = Command::new(system).args([OsStr::new("-m"), OsStr::new("venv"), folder.as_os_str()]).status();
    if !venv.is_ok_and(|s| s.success()) {
        return Err(format!("`{system} -m venv` failed; on Debian and Ubuntu it is in the package python3-venv"));
    }
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]);
    finish("installing the Python packages", pip.args(options).arg("--requirement").arg(wanted))?;
    fs::copy(wanted, &installed).map_err(|e| format!("{}: {e}", installed.display()))?;
    Ok(python)
}

fn runs(python: &Path) -> bool {
    Command::new(python).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// That the system has a Python which the packages support.
fn usable(system: &str) -> Result<(), String> {
    let needed = "Python 3.11 or later with pip and venv is needed";
    let check = "import sys; print(sys.version.split()[0]); sys.exit(sys.version_info < (3, 11))";
    let output =
        Command::new(system).args(["-c", check]).output().map_err(|e| format!("{needed}; `{system}` could not be started: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    let found = String::from_utf8_lossy(&output.stdout);
    Err(format!("{needed}; `{system}` is {}", found.trim()))
}

/// A folder with the sample.
fn sample(root: &Path) -> Result<PathBuf, String> {
    let folder = root.join("target/python-sample");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut test = cargo(root);
    // The whole workspace's features and profile, so that what the tests have built is used.
    test.args(["test", "--workspace", "--lib", "--quiet", "--", "--ignored", SAMPLE_WRITERS]);
    finish("writing the sample", test.env("PERCUTA_SAMPLE", &folder).stdout(Stdio::null()))?;
    match ["expected/about.json", "sbml/0.xml"].iter().all(|file| folder.join(file).is_file()) {
        true => Ok(folder),
        false => Err(format!("the tests {SAMPLE_WRITERS} wrote no sample; were they renamed?")),
    }
}

#[cfg(test)]
mod tests {
    use super::usable;

    #[test]
    fn a_missing_python_is_named_and_is_a_failure() {
        let fault = usable("python-that-is-not-there").unwrap_err();
        assert!(
            fault.contains("Python 3.11 or later with pip and venv") && fault.contains("`python-that-is-not-there` could not be started")
        );
    }
}
