//! The calibration behind the default parameters, and the pages of the book that are made from results.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::command::cargo;

const PROBLEM: &str = "data/calibration/defaults.toml";
/// Share by which a card may lie off the median that is found: chance of the sampler, and rounding.
const TOLERANCE: f64 = 0.12;
/// Disagreement of the walkers above which nothing was found.
const AGREED: f64 = 1.1;

/// Repeats the calibration and holds the cards that say they are its result against it.
pub fn calibrate(root: &Path) -> Result<(), String> {
    let found = json_of(root, &["calibrate", PROBLEM, "--json"])?;
    let disagreement = found["disagreement"].as_f64().unwrap_or(f64::NAN);
    if disagreement.is_nan() || disagreement > AGREED {
        return Err(format!("the walkers of {PROBLEM} disagree ({disagreement:.2}): take more steps"));
    }
    let mut wrong = Vec::new();
    for (name, median) in medians(&found) {
        let Some(card) = fitted_card(root, &name)? else {
            println!("{name:<32} {median:>8.3}  the card keeps its prior");
            continue;
        };
        let off = (card / median - 1.0).abs();
        println!("{name:<32} {median:>8.3}  card {card}");
        if off > TOLERANCE {
            wrong.push(name);
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("these cards are not what {PROBLEM} gives: {}", wrong.join(", "))) }
}

/// Medians of parameters and spreads by the name of their card.
fn medians(found: &Value) -> BTreeMap<String, f64> {
    let list = |key: &str| found[key].as_array().cloned().unwrap_or_default();
    let of = |v: &Value| v.as_f64().unwrap_or(f64::NAN);
    let parameters = list("parameters").into_iter().map(|p| (text(&p["name"]), of(&p["posterior"]["median"])));
    let spreads = list("spreads").into_iter().map(|s| (format!("studies.spread_{}", text(&s["domain"])), of(&s["found"]["median"])));
    parameters.chain(spreads).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The value of a card that says it was fitted in the problem.
fn fitted_card(root: &Path, name: &str) -> Result<Option<f64>, String> {
    let (group, key) = name.split_once('.').unwrap_or((name, ""));
    let file = root.join("data/parameters").join(format!("{group}.toml"));
    let cards = fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    let start = cards.find(&format!("[{key}]")).ok_or_else(|| format!("{} has no [{key}]", file.display()))?;
    let card = cards[start..].split("\n[").next().unwrap_or_default();
    if !card.contains("calibration problem `defaults`") {
        return Ok(None);
    }
    Ok(card.lines().find_map(|l| l.strip_prefix("value = ")).and_then(|v| v.trim().parse().ok()))
}

/// What the program prints as JSON.
pub fn json_of(root: &Path, arguments: &[&str]) -> Result<Value, String> {
    let out = std::env::temp_dir().join(format!("percuta-xtask-{}-{}", arguments[0], std::process::id()));
    let _ = fs::remove_dir_all(&out);
    let folder = out.display().to_string();
    let mut command = cargo(root);
    command.args(["run", "--release", "--quiet", "--package", "percuta-cli", "--"]).args(arguments).args(["--out", &folder]);
    let output = command.stderr(Stdio::inherit()).output().map_err(|e| format!("{}: {e}", arguments[0]))?;
    let _ = fs::remove_dir_all(&out);
    if !output.status.success() {
        return Err(format!("percuta {}: {}", arguments[0], output.status));
    }
    serde_json::from_slice(&output.stdout).map_err(|e| format!("percuta {}: {e}", arguments[0]))
}
