//! `cargo xtask bench peers`: Percuta beside other codes, in one run, on the same problems.
//!
//! The other codes come from PyPI into a virtual environment of their own. Everybody prints one JSON object a line.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{command, python};

/// What is asked of every code, in the order in which it runs.
const SCRIPTS: [&str; 8] = [
    "elliptic_scipy.py",
    "elliptic_fipy.py",
    "transport_pypde.py",
    "transport_fipy.py",
    "absorption_scipy.py",
    "absorption_fipy.py",
    "light_iadpython.py",
    "healing_roadrunner.py",
];
/// Scripts that find the exact answers, before anybody is measured.
const REFERENCES: [&str; 3] = ["reference.py", "absorption_reference.py", "healing_reference.py"];
/// Libraries below the other codes that start threads of their own.
const THREADS: [&str; 4] = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"];
/// Settings of somebody's shell that would slow the other codes down or change what they do.
const FOREIGN: [&str; 5] = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "PYTHONPATH", "PYTHONHOME", "FIPY_DEFAULT_CRITERION"];

/// Runs everything and prints the tables.
pub fn run(root: &Path) -> Result<(), String> {
    let python = python::environment(&root.join("benches/peers/requirements.txt"), &root.join("target/peers-venv"), &[])?;
    command::run(root, "benchmarks", &["build", "--release", "--package", "percuta-benches"])?;
    let folder = root.join("target/peers");
    let percuta = |task: &str| {
        let mut command = command::cargo(root);
        command.args(["run", "--quiet", "--release", "--package", "percuta-benches", "--", "peers", task]).arg(&folder);
        command
    };
    let script = |name: &str| {
        let mut command = Command::new(&python);
        command.arg(root.join("benches/peers").join(name)).arg(&folder).current_dir(root);
        THREADS.iter().for_each(|name| {
            command.env(name, "1");
        });
        FOREIGN.iter().for_each(|name| {
            command.env_remove(name);
        });
        command.env("FIPY_SOLVERS", "scipy");
        command
    };
    let mut lines = Vec::new();
    for (what, mut command) in std::iter::once(("problems", percuta("prepare")))
        .chain(REFERENCES.map(|name| (name, script(name))))
        .chain([("Percuta", percuta("measure"))])
        .chain(SCRIPTS.map(|name| (name, script(name))))
    {
        println!("== {what}");
        lines.extend(read(what, &mut command)?);
    }
    print!("{}", tables(&lines));
    Ok(())
}

/// Runs a command and reads its lines.
fn read(what: &str, command: &mut Command) -> Result<Vec<Value>, String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|e| format!("{what}: could not start: {e}"))?;
    if !output.status.success() {
        return Err(format!("{what}: {}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).map_err(|e| format!("{what} printed {line:?}: {e}"))).collect()
}

/// All that was measured, as text.
fn tables(lines: &[Value]) -> String {
    let mut out = String::from("\n");
    let versions = lines.iter().filter_map(|l| l["versions"].as_array()).flatten().filter_map(Value::as_str);
    let versions: BTreeSet<&str> = versions.collect();
    out += &format!("Versions: {}.\n", versions.into_iter().collect::<Vec<_>>().join(", "));
    for (problem, fields, title) in [
        ("steady", 1, "Steady field, 1e6 layered voxels, relative residual 1e-6"),
        ("transport", 1, "0.1 d of diffusion and decay, 1e6 voxels, 1 field, error at most 1e-3"),
        ("transport", 10, "The same, 10 fields"),
        (
            "light",
            1,
            "Reflectance of five-layer skin at 81 wavelengths (steps), normal and diffuse; error against the limit of many angles",
        ),
        (
            "healing",
            1,
            "180 days of healing after four sessions: 17 equations at a point, mean of the 72 of a member's dermis; error against the same SBML at 1e-12",
        ),
        ("absorption", 1, "A day of a drying dose on skin with closing channels, 62 unknowns, absorbed amount within 1e-4"),
    ] {
        out += &format!(
            "\n{title}\n\n| code | what | threads | steps | time | time by step | ratio | error |\n|---|---|---|---|---|---|---|---|\n"
        );
        let rows: Vec<&Value> = lines.iter().filter(|l| l["problem"] == problem && l["fields"] == fields).collect();
        let own = rows.iter().find(|l| l["code"] == "Percuta" && l["threads"] == 1).and_then(|l| l["seconds"].as_f64());
        for l in &rows {
            let seconds = number(l, "seconds");
            let error = l["error"].as_f64().or_else(|| residual(lines, l)).map_or(String::new(), |e| format!("{e:.1e}"));
            out += &format!(
                "| {} | {} | {} | {} | {} | {} | {} | {error} |\n",
                text(l, "code"),
                text(l, "what"),
                l["threads"],
                l["steps"],
                duration(seconds),
                duration(seconds / number(l, "steps")),
                figures(seconds / own.unwrap_or(f64::NAN)),
            );
        }
    }
    out += "\nPercuta beside the memory of this machine; time and limit for each value\n\n";
    out += "| kernel | threads | bytes | bandwidth | limit | time | share of the limit |\n|---|---|---|---|---|---|---|\n";
    for l in lines.iter().filter(|l| l["kernel"].is_string()) {
        out += &format!(
            "| {} | {} | {} | {:.0} GB/s | {:.2} ns | {:.2} ns | {:.0} % |\n",
            text(l, "kernel"),
            l["threads"],
            l["bytes"],
            number(l, "bandwidth"),
            number(l, "limit_ns"),
            number(l, "ns"),
            100.0 * number(l, "share")
        );
    }
    out += "\n";
    for note in lines.iter().filter_map(|l| l["note"].as_str()) {
        out += &format!("- {note}\n");
    }
    out
}

/// What the matrix of the other codes says of Percuta's steady answer.
fn residual(lines: &[Value], row: &Value) -> Option<f64> {
    let of = || lines.iter().find_map(|l| l["residual_of_percuta"].as_f64());
    if row["code"] == "Percuta" && row["problem"] == "steady" { of() } else { None }
}

fn number(line: &Value, key: &str) -> f64 {
    line[key].as_f64().unwrap_or(f64::NAN)
}

fn text<'a>(line: &'a Value, key: &str) -> &'a str {
    line[key].as_str().unwrap_or("")
}

fn figures(x: f64) -> String {
    match x {
        x if x >= 100.0 => format!("{x:.0}"),
        x if x >= 10.0 => format!("{x:.1}"),
        x => format!("{x:.2}"),
    }
}

/// Three figures and a unit.
fn duration(seconds: f64) -> String {
    match seconds {
        s if s >= 1.0 => format!("{} s", figures(s)),
        s if s >= 1e-3 => format!("{} ms", figures(1e3 * s)),
        s => format!("{} µs", figures(1e6 * s)),
    }
}

#[cfg(test)]
mod tests {
    use super::{duration, tables};
    use serde_json::json;

    #[test]
    fn a_rival_is_shown_by_its_ratio_to_one_thread_of_percuta() {
        let row = |code: &str, threads: u32, seconds: f64| json!({"problem": "steady", "code": code, "what": "w", "threads": threads, "seconds": seconds, "steps": 1, "fields": 1, "error": null});
        let lines = [row("Percuta", 1, 0.01), row("Percuta", 2, 0.006), row("FiPy", 1, 2.5), json!({"residual_of_percuta": 5e-15})];
        let text = tables(&lines);
        assert!(text.contains("| FiPy | w | 1 | 1 | 2.50 s | 2.50 s | 250 |  |"), "{text}");
        assert!(text.contains("| Percuta | w | 2 | 1 | 6.00 ms | 6.00 ms | 0.60 | 5.0e-15 |"), "{text}");
    }

    #[test]
    fn durations_have_three_figures() {
        assert_eq!([0.000_046_1, 0.007_25, 0.725, 99.94].map(duration), ["46.1 µs", "7.25 ms", "725 ms", "99.9 s"]);
    }
}
