//! Pages of the book that are made from results.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::calibrate::json_of;
use crate::command::cargo;

/// Rewrites `docs/src/claims.md` and `docs/src/credibility.md`.
pub fn write(root: &Path) -> Result<(), String> {
    let claims = claims(root)?;
    let validation = json_of(root, &["validate", "--json"])?;
    let calibration = json_of(root, &["calibrate", "data/calibration/defaults.toml", "--json"])?;
    let template = root.join("docs/credibility.template.md");
    let mut page = fs::read_to_string(&template).map_err(|e| format!("{}: {e}", template.display()))?;
    for (mark, text) in [
        ("{scores}", scores(&validation)),
        ("{order}", order(&validation)),
        ("{validation}", observations(&validation)),
        ("{left_out_scores}", left_out_scores(&calibration)),
        ("{left_out}", left_out(&calibration)),
        ("{parameters}", parameters(&calibration)),
        ("{spreads}", spreads(&calibration)),
        ("{weights}", weights(&calibration)),
        ("{kinds}", kinds(&validation)),
        ("{assumed}", assumed(&validation)),
    ] {
        page = page.replace(mark, text.trim_end());
    }
    for (name, text) in [("claims.md", claims), ("credibility.md", page)] {
        let file = root.join("docs/src").join(name);
        fs::write(&file, text).map_err(|e| format!("{}: {e}", file.display()))?;
        println!("wrote {}", file.display());
    }
    Ok(())
}

fn claims(root: &Path) -> Result<String, String> {
    let mut command = cargo(root);
    command.args(["run", "--release", "--quiet", "--package", "percuta-cli", "--", "claims", "--markdown"]);
    let output = command.stderr(Stdio::inherit()).output().map_err(|e| format!("claims: {e}"))?;
    if !output.status.success() {
        return Err(format!("percuta claims: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|e| format!("percuta claims: {e}"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// Two to three digits that matter.
fn number(value: &Value) -> String {
    let Some(x) = value.as_f64() else { return "–".into() };
    match x.abs() {
        0.0 => "0".into(),
        a if !(1e-3..1e4).contains(&a) => format!("{x:.1e}"),
        a => format!("{x:.*}", (2.0 - a.log10().floor()).clamp(0.0, 4.0) as usize),
    }
}

fn interval(value: &Value) -> String {
    format!("{} ({} to {})", number(&value["median"]), number(&value["low"]), number(&value["high"]))
}

fn skill(value: &Value) -> String {
    match value["crps"].as_f64() {
        Some(s) => format!("{s:+.2} (n {})", value["observations"]),
        None => "nothing to compare".into(),
    }
}

fn scores(found: &Value) -> String {
    let mut page = "| role | domain | studies | observations | in their 90 % interval | median relative error | bias, % | CRPS, % | interval score, % | skill over no change | skill over other studies |\n|---|---|---|---|---|---|---|---|---|---|---|\n".to_owned();
    for s in list(found, "scores") {
        let domain = s["domain"].as_str().unwrap_or("all");
        let _ = writeln!(
            page,
            "| {} | {domain} | {} | {} | {} ({:.0} to {:.0} %) | {} | {} | {} | {} | {} | {} |",
            text(s, "role"),
            s["studies"],
            s["observations"],
            s["covered"],
            100.0 * s["coverage"][1].as_f64().unwrap_or(f64::NAN),
            100.0 * s["coverage"][2].as_f64().unwrap_or(f64::NAN),
            number(&s["median_relative_error"]),
            number(&s["bias"]),
            number(&s["crps"]),
            number(&s["interval_score"]),
            skill(&s["skill_over_no_change"]),
            skill(&s["skill_over_other_studies"]),
        );
    }
    page
}

fn order(found: &Value) -> String {
    let sum = |key: &str, role: &str| {
        let of = list(found, "dose_order").iter().filter(|o| text(o, "role") == role);
        of.filter_map(|o| o[key].as_f64()).fold(0.0, |sum, x| sum + x)
    };
    let said = |role: &str| match sum("pairs", role) {
        0.0 => format!("there is no pair of {role} observations"),
        pairs => format!("of {role} observations {} of {pairs}", sum("in_order", role)),
    };
    format!(
        "Pairs of arms of one study that needles treat differently (or that are treated and not) lie in the published order: {}; {} (an untreated side that set a parameter is among these). By chance half would.",
        said("validation"),
        said("calibration")
    )
}

fn observations(found: &Value) -> String {
    let mut page =
        "| study | observable | arm | day | published | n | predicted (90 %) | standardised error |\n|---|---|---|---|---|---|---|---|\n"
            .to_owned();
    for r in list(found, "rows").iter().filter(|r| text(r, "role") == "validation") {
        let unit = text(r, "unit");
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} {unit} | {} | {} | {}{} |",
            text(r, "short"),
            text(r, "name"),
            r["group"].as_str().unwrap_or(""),
            number(&r["day"]),
            number(&r["published"]),
            r["n"].as_u64().map_or("not stated".to_owned(), |n| n.to_string()),
            interval(&r["predicted"]),
            number(&r["standardised_error"]),
            if r["covered"] == true { "" } else { ", outside" },
        );
    }
    page
}

fn left_out(found: &Value) -> String {
    let rows = list(found, "left_out");
    let covered = rows.iter().filter(|r| r["covered"] == true).count();
    let mut page = format!(
        "{covered} of {} observations ({:.0} %) lie in the 90 % interval that the other studies give. Numbers are in per cent of the baseline, or 100 times the natural logarithm of a value (of hours for a recovery, of days for redness, each with an hour added).\n\n| study | observable | published | predicted from the others (90 %) | inside |\n|---|---|---|---|---|\n",
        rows.len(),
        100.0 * covered as f64 / rows.len().max(1) as f64
    );
    for r in rows {
        let inside = if r["covered"] == true { "yes" } else { "no" };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {inside} |",
            text(r, "study"),
            text(r, "readout"),
            number(&r["published"]),
            interval(&r["predicted"])
        );
    }
    page
}

/// Coverage and skill of the studies that were left out, and where there is none in words.
fn left_out_scores(found: &Value) -> String {
    let mut page = "| domain | studies | observations | in their 90 % interval | CRPS, % | interval score, % | skill over no change (90 %) | skill over the other studies (90 %) |\n|---|---|---|---|---|---|---|---|\n".to_owned();
    for s in list(found, "left_out_scores") {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} ({:.0} to {:.0} %) | {} | {} | {} | {} |",
            s["domain"].as_str().unwrap_or("all"),
            s["studies"],
            s["observations"],
            s["covered"],
            100.0 * s["coverage"][1].as_f64().unwrap_or(f64::NAN),
            100.0 * s["coverage"][2].as_f64().unwrap_or(f64::NAN),
            number(&s["crps"]),
            number(&s["interval_score"]),
            left_out_skill(&s["skill_over_no_change"]),
            left_out_skill(&s["skill_over_other_studies"]),
        );
    }
    for (key, name) in [("skill_over_no_change", "no change"), ("skill_over_other_studies", "the mean of the other studies")] {
        let of = |verdict: Told| -> Vec<&str> {
            let told = |s: &&Value| told(&s[key]) == verdict;
            list(found, "left_out_scores").iter().filter(told).map(|s| s["domain"].as_str().unwrap_or("all together")).collect()
        };
        let said = [
            (Told::Skill, format!("Skill over {name}")),
            (
                Told::Unclear,
                format!("Better than {name}, but not told from no skill (the interval holds 0, or there are fewer than three studies)"),
            ),
            (Told::Worse, format!("No skill over {name}")),
            (Told::Nothing, format!("Nothing to compare with {name}")),
        ];
        for (verdict, words) in said {
            let domains = of(verdict);
            if !domains.is_empty() {
                let _ = write!(page, "\n{words}: {}.", domains.join(", "));
            }
        }
        let worse = |s: &&Value| s[key]["interval_score"].as_f64().is_some_and(|x| x < 0.0);
        let worse: Vec<&str> =
            list(found, "left_out_scores").iter().filter(worse).map(|s| s["domain"].as_str().unwrap_or("all together")).collect();
        if !worse.is_empty() {
            let _ = write!(page, "\nBy the interval score worse than {name}: {}.", worse.join(", "));
        }
        page.push('\n');
    }
    page
}

/// What may be said of a skill.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Skill,
    Unclear,
    Worse,
    Nothing,
}

fn told(skill: &Value) -> Told {
    match (skill["crps"].as_f64(), skill["crps_interval"][0].as_f64()) {
        (None, _) => Told::Nothing,
        (Some(s), _) if s <= 0.0 => Told::Worse,
        (Some(_), Some(low)) if low > 0.0 => Told::Skill,
        _ => Told::Unclear,
    }
}

fn left_out_skill(value: &Value) -> String {
    let Some(s) = value["crps"].as_f64() else { return "nothing to compare".into() };
    let interval = match (value["crps_interval"][0].as_f64(), value["crps_interval"][1].as_f64()) {
        (Some(low), Some(high)) => format!(" ({low:+.2} to {high:+.2})"),
        _ => String::new(),
    };
    format!("{s:+.2}{interval}, n {} of {}", value["observations"], value["studies"])
}

fn parameters(found: &Value) -> String {
    let mut page =
        "| parameter | before (90 %) | after (90 %) | standard deviation left | told by the data |\n|---|---|---|---|---|\n".to_owned();
    for p in list(found, "parameters") {
        let told = if p["told"] == true { "yes" } else { "no" };
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {told} |",
            text(p, "name"),
            interval(&p["prior"]),
            interval(&p["posterior"]),
            number(&p["left"])
        );
    }
    page
}

fn spreads(found: &Value) -> String {
    let mut page = "| spread between studies | expected | found (90 %) | observations | studies |\n|---|---|---|---|---|\n".to_owned();
    for s in list(found, "spreads") {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} |",
            text(s, "domain"),
            number(&s["expected"]),
            interval(&s["found"]),
            s["targets"],
            s["studies"]
        );
    }
    page
}

/// On whom the studies are, and what speaks for them.
fn kinds(found: &Value) -> String {
    let studies = list(found, "studies");
    let of = |kind: &str| studies.iter().filter(|s| text(s, "kind") == kind).count();
    let clinical = of("clinical");
    let with = |what: &str| {
        let has = |s: &&Value| text(s, "kind") == "clinical" && list(s, "reliability").iter().any(|r| r == what);
        studies.iter().filter(has).count()
    };
    format!(
        "Of {} predicted studies {clinical} are of living people ({} controlled, {} randomised, {} blinded, {} open, {} looked back), {} of excised human skin, {} of animals or their skin, {} of cells or models.",
        studies.len(),
        with("controlled"),
        with("randomised"),
        with("blinded"),
        with("open"),
        with("retrospective"),
        of("ex-vivo"),
        of("animal"),
        of("in-vitro"),
    )
}

fn weights(found: &Value) -> String {
    let odd: Vec<String> = list(found, "studies")
        .iter()
        .filter(|s| s["weight"].as_f64().is_some_and(|w| w < 0.5))
        .map(|s| format!("`{}` counts {}", text(s, "study"), number(&s["weight"])))
        .collect();
    if odd.is_empty() { String::new() } else { format!("Studies that nothing explains count less: {}.", odd.join(", ")) }
}

fn assumed(found: &Value) -> String {
    let studies = list(found, "studies");
    let told = studies.iter().filter(|s| list(s, "assumed").is_empty()).count();
    format!("Of {} studies {told} state every key of their protocol; for the others something was assumed, and says so.", studies.len())
}
