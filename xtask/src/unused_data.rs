//! Data that nothing reads: a file the program does not embed, or a parameter no code asks for.

use std::fs;
use std::path::{Path, PathBuf};

/// Fails and lists what is not read.
pub fn check(root: &Path) -> Result<(), String> {
    let mut literals = Vec::new();
    for file in files(&root.join("crates"))?.into_iter().filter(|f| has_extension(f, "rs")) {
        let code = read(&file)?;
        literals.extend(string_literals(&code));
        literals.extend(stringified(&code));
    }
    let mut unused = Vec::new();
    for file in files(&root.join("data"))? {
        let path = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if !embedded(&path, &literals) {
            unused.push(format!("{path}: nothing embeds this file"));
        } else if path.starts_with("data/parameters/") {
            let keys = read(&file)?.lines().filter_map(table_name).map(str::to_owned).collect::<Vec<_>>();
            unused.extend(keys.iter().filter(|k| !asked_for(k, &literals)).map(|k| format!("{path}: no code reads `{k}`")));
        }
    }
    if unused.is_empty() { Ok(()) } else { Err(format!("data that nothing reads:\n  {}", unused.join("\n  "))) }
}

/// Whether the build script lists the file's folder, or some `include_str!` names the file.
fn embedded(path: &str, literals: &[String]) -> bool {
    let listed = |folder: &str| literals.iter().any(|l| l == folder);
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["data", folder, file] if file.ends_with(".toml") && listed(folder) => true,
        _ => literals.iter().any(|l| l.ends_with(path)),
    }
}

/// Whether a string of the code is `key`, its dotted name, or a pattern such as `scar_{class}_depth` that makes it.
fn asked_for(key: &str, literals: &[String]) -> bool {
    literals.iter().any(|literal| {
        if literal == key || literal.strip_suffix(key).is_some_and(|prefix| prefix.ends_with('.')) {
            return true;
        }
        let pattern = literal.rsplit('.').next().unwrap_or(literal);
        match (pattern.find('{'), pattern.rfind('}')) {
            (Some(open), Some(close)) if open < close => {
                let (start, end) = (&pattern[..open], &pattern[close + 1..]);
                start.len() + end.len() >= 3 && key.len() > start.len() + end.len() && key.starts_with(start) && key.ends_with(end)
            }
            _ => false,
        }
    })
}

/// The name in `[name]`; none for sub-tables and arrays of tables.
fn table_name(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix('[')?.strip_suffix(']')?;
    (!name.starts_with('[') && !name.contains('.')).then_some(name)
}

/// The plain string literals of Rust code, without escapes: enough for names and paths.
fn string_literals(code: &str) -> Vec<String> {
    let mut literals = Vec::new();
    for line in code.lines().filter(|l| !l.trim_start().starts_with("//")) {
        literals.extend(line.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    literals
}

/// Names that a macro turns into strings: the fields of lines `name: "unit",` in a file that uses `stringify!`.
fn stringified(code: &str) -> Vec<String> {
    if !code.contains("stringify!(") {
        return Vec::new();
    }
    let field = |line: &str| {
        let (name, unit) = line.trim().split_once(": \"")?;
        let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        (plain && unit.ends_with("\",")).then(|| name.to_owned())
    };
    code.lines().filter_map(field).collect()
}

fn has_extension(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|e| e == extension)
}

fn read(file: &Path) -> Result<String, String> {
    fs::read_to_string(file).map_err(|e| format!("{}: {e}", file.display()))
}

/// Every file below a folder, sorted.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))? {
            let path = entry.map_err(|e| e.to_string())?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_plain_dotted_or_through_a_pattern() {
        let literals = string_literals(
            "get(\"alarm_decay\", \"1/d\"); get(&format!(\"scar_{class}_depth\"))\n// \"only_said\"\n get(\"skin.dermis\")",
        );
        assert!(asked_for("alarm_decay", &literals));
        assert!(asked_for("scar_boxcar_depth", &literals));
        assert!(asked_for("dermis", &literals));
        assert!(!asked_for("alarm", &literals) && !asked_for("only_said", &literals) && !asked_for("scar_boxcar_width", &literals));
    }

    #[test]
    fn fields_of_a_macro_are_found_where_it_makes_strings_of_them() {
        let body = "parameters! {\n    /// 1/d.\n    alarm_decay: \"1/d\",\n}";
        assert_eq!(stringified(&format!("get(stringify!($field), $unit)\n{body}")), ["alarm_decay"]);
        assert!(stringified(body).is_empty());
    }

    #[test]
    fn everything_in_the_data_folder_is_read() {
        assert_eq!(check(&crate::root()), Ok(()));
    }

    #[test]
    fn a_file_is_embedded_by_its_folder_or_by_name() {
        let literals = string_literals("for folder in [\"sites\"] { }\ninclude_str!(\"../../../data/skin/ageing.toml\")");
        assert!(embedded("data/sites/neck.toml", &literals));
        assert!(embedded("data/skin/ageing.toml", &literals));
        assert!(!embedded("data/skin/other.toml", &literals) && !embedded("data/sites/neck.csv", &literals));
    }

    #[test]
    fn only_top_level_tables_are_parameters() {
        assert_eq!(table_name("[alarm_decay]"), Some("alarm_decay"));
        assert_eq!(table_name("[[row]]"), None);
        assert_eq!(table_name("value = [1, 2]"), None);
    }
}
