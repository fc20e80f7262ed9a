//! The name of a course or a study.

use std::path::Path;

use toml::Spanned;

use super::error::Fault;

/// The name given, or the file's; it becomes a folder's name, so that only plain characters are allowed.
pub(in crate::course) fn name(name: Option<&Spanned<String>>, label: &str, example: &str, faults: &mut Vec<Fault>) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    match name {
        Some(n) => {
            let text = n.get_ref().trim();
            if text.is_empty() || text.starts_with('.') || !text.chars().all(plain) {
                faults.push(
                    Fault::new(n.span(), format!("`{text}` cannot be the name of a folder"))
                        .expected("letters, digits, `-`, `_` and `.`")
                        .example(format!("name = \"{example}\"")),
                );
            }
            text.to_owned()
        }
        None => {
            let stem = Path::new(label).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
            let name: String = stem.chars().map(|c| if plain(c) { c } else { '-' }).collect();
            let name = name.trim_start_matches('.').to_owned();
            if name.is_empty() { "unnamed".into() } else { name }
        }
    }
}
