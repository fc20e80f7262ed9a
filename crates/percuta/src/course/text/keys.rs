//! Keys that do not exist and keys that are missing, found by walking a file beside the schema of the format.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Fault;
use crate::population::nearest;

/// Every key of `table` that the schema does not have.
pub(super) fn unknown(table: &DeTable<'_>, schema: &Value, path: &str, what: &str, faults: &mut Vec<Fault>) {
    let Some(known) = schema.get("properties").and_then(Value::as_object) else { return };
    for (key, value) in table {
        let name: &str = key.get_ref();
        match known.get(name) {
            Some(below) => match (value.get_ref(), below.get("items")) {
                (DeValue::Table(t), _) => unknown(t, object(below), name, what, faults),
                (DeValue::Array(entries), Some(entry)) => {
                    for e in entries {
                        if let DeValue::Table(t) = e.get_ref() {
                            unknown(t, object(entry), &format!("[{name}]"), what, faults);
                        }
                    }
                }
                _ => {}
            },
            None => faults.push(unknown_key(key.span(), name, path, what, known.keys().map(String::as_str))),
        }
    }
}

fn unknown_key<'a>(
    span: std::ops::Range<usize>,
    name: &str,
    path: &str,
    what: &str,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Fault {
    let place = if path.is_empty() { what.to_owned() } else { format!("`[{path}]`") };
    let fault = Fault::new(span, format!("{place} has no key `{name}`"));
    let list = known.clone().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
    match nearest(name, known) {
        Some(s) => fault.expected(format!("did you mean `{s}`?")).help(format!("keys are {list}")),
        None => fault.expected(format!("one of {list}")),
    }
}

/// An optional table's schema is a choice between the table and null.
fn object(schema: &Value) -> &Value {
    schema.get("anyOf").and_then(Value::as_array).and_then(|a| a.iter().find(|s| s.get("properties").is_some())).unwrap_or(schema)
}

/// Keys of the table `name` without default that the file does not give; each comes with a line that would be right.
pub(in crate::course) fn missing(table: &DeTable<'_>, name: &str, required: &[(&str, &str)], faults: &mut Vec<Fault>) {
    let below = table.get(name);
    let span = below.map_or(0..0, Spanned::span);
    let keys = match below.map(Spanned::get_ref) {
        Some(DeValue::Table(t)) => Some(t),
        // A value of another type is reported when the file is read.
        Some(_) => return,
        None => None,
    };
    for (key, example) in required {
        if keys.is_none_or(|t| t.get(*key).is_none()) {
            faults.push(
                Fault::new(span.clone(), format!("`[{name}]` has no `{key}`"))
                    .expected(format!("`{key}`, which has no default"))
                    .example(*example),
            );
        }
    }
}
