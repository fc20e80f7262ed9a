//! The texts a course or a study is made of, laid over one another: template, file, `--set`.

use std::borrow::Cow;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{CourseError, Fault, Place};

/// The texts one after the other. Each is parsed behind as many blanks as bytes lie before it, so that a span says which text it is in.
pub(crate) struct Sources {
    parts: Vec<Part>,
}

struct Part {
    name: String,
    base: usize,
    padded: String,
}

impl Sources {
    pub fn new(file: &str, text: &str) -> Self {
        let mut sources = Self { parts: Vec::new() };
        sources.push(file, text);
        sources
    }

    pub fn push(&mut self, name: &str, text: &str) {
        let base = self.parts.last().map_or(0, |p| p.padded.len() + 1);
        self.parts.push(Part { name: name.into(), base, padded: " ".repeat(base) + text });
    }

    /// How many texts there are.
    pub fn count(&self) -> usize {
        self.parts.len()
    }

    /// Parses text number `part`.
    pub fn parse(&self, part: usize) -> Result<Spanned<DeTable<'_>>, Fault> {
        DeTable::parse(&self.parts[part].padded).map_err(|e| {
            let fault = Fault::from_toml(&e);
            Fault { message: format!("this is not TOML: {}", fault.message), ..fault }
        })
    }

    /// The fault with its place.
    pub fn locate(&self, fault: Fault) -> CourseError {
        let Fault { span, message, expected, example, help } = fault;
        let part = self.parts.iter().rev().find(|p| p.base <= span.start);
        let place = match part {
            Some(p) => {
                let text = p.padded[p.base..].to_owned();
                let local = |i: usize| i.saturating_sub(p.base).min(text.len());
                Place { name: p.name.clone(), span: local(span.start)..local(span.end), text }
            }
            None => Place { name: String::new(), text: String::new(), span: 0..0 },
        };
        CourseError { place, message, expected, example, help }
    }
}

/// Lays `over` on `under`: tables of the first level are merged by key, everything else is replaced.
pub(super) fn lay_over<'i>(under: &mut DeTable<'i>, over: DeTable<'i>) {
    for (key, value) in over {
        let existing = under.get_mut(&key).map(Spanned::get_mut);
        match (existing, value.get_ref()) {
            (Some(DeValue::Table(below)), DeValue::Table(_)) => {
                let span = value.span();
                if let DeValue::Table(above) = value.into_inner() {
                    for (k, v) in above {
                        replace(below, k, v);
                    }
                }
                // Faults about the table as a whole (a key is missing) belong to the user's text.
                if let Some(v) = under.get_mut(&key) {
                    *v = Spanned::new(span, std::mem::replace(v.get_mut(), DeValue::Boolean(false)));
                }
            }
            _ => replace(under, key, value),
        }
    }
}

/// Inserts with the new key's span; a plain insertion would keep the old key.
fn replace<'i>(table: &mut DeTable<'i>, key: Spanned<Cow<'i, str>>, value: Spanned<DeValue<'i>>) {
    table.remove(&key);
    table.insert(key, value);
}

/// Sets what one `--set` says: its value takes the place of the same path, tables on the way are made.
pub(crate) fn set<'i>(under: &mut DeTable<'i>, over: DeTable<'i>, depth: usize) {
    for (key, value) in over {
        // A tone is given in one way only, so that another one replaces it.
        if depth == 1 && key.get_ref() == "tone" {
            replace(under, key, value);
            continue;
        }
        let below = under.get_mut(&key).map(Spanned::get_mut);
        match (below, value.get_ref()) {
            (Some(DeValue::Table(below)), DeValue::Table(_)) => {
                if let DeValue::Table(above) = value.into_inner() {
                    set(below, above, depth + 1);
                }
            }
            _ => replace(under, key, value),
        }
    }
}

/// The TOML line that `--set KEY=VALUE` means: a value that is not TOML is taken as text, because shells eat the quotes.
pub(super) fn set_line(argument: &str) -> Result<String, String> {
    let Some((key, value)) = argument.split_once('=') else {
        return Err(format!("`{argument}` has no `=`"));
    };
    let (key, value) = (key.trim(), value.trim());
    if DeTable::parse(&format!("{key} = 0")).is_err() || key.contains('\n') {
        return Err(format!("`{key}` is not a key"));
    }
    let line = format!("{key} = {value}");
    if DeTable::parse(&line).is_ok() {
        return Ok(line);
    }
    let text = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ");
    Ok(format!("{key} = \"{text}\""))
}
