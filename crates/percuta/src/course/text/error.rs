//! What is wrong with a file, where, and what would be right.

use std::ops::Range;

/// A text that an error points into: a course file, a permeation study, its data or one `--set`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name to show: the path of the file, or `--set treatment.depth`.
    pub name: String,
    /// The text.
    pub text: String,
    /// Bytes of the text that are meant.
    pub span: Range<usize>,
}

/// One mistake in a course or a permeation study.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CourseError {
    /// Where it is.
    pub place: Place,
    /// What is wrong.
    pub message: String,
    /// What was expected there.
    pub expected: Option<String>,
    /// A line that would be right.
    pub example: Option<String>,
    /// What else helps, e.g. a suggestion or the list of choices.
    pub help: Option<String>,
}

/// A mistake whose span still counts through all texts that were read.
#[derive(Debug)]
pub(crate) struct Fault {
    pub span: Range<usize>,
    pub message: String,
    pub expected: Option<String>,
    pub example: Option<String>,
    pub help: Option<String>,
}

impl Fault {
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), expected: None, example: None, help: None }
    }

    pub fn expected(mut self, text: impl Into<String>) -> Self {
        self.expected = Some(text.into());
        self
    }

    pub fn example(mut self, text: impl Into<String>) -> Self {
        self.example = Some(text.into());
        self
    }

    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// From the TOML library. Errors of quantities come through it as text of three lines (see `units::QuantityError`);
    /// its own are one line that says what was found and often what was expected.
    pub fn from_toml(error: &toml::de::Error) -> Self {
        let span = error.span().unwrap_or(0..0);
        let mut lines = error.message().lines();
        let first = plain(lines.next().unwrap_or_default());
        let mut fault = match (first.split_once(", expected "), first.split_once("; expected ")) {
            // A sentence of our own types: what is expected, then an example in backquotes.
            (_, Some((found, rest))) => match rest.split_once(", for example `") {
                Some((expected, example)) => Self::new(span, found).expected(expected).example(example.trim_end_matches('`')),
                None => Self::new(span, found).expected(rest),
            },
            (Some((found, expected)), None) => Self::new(span, found).expected(expected),
            (None, None) => Self::new(span, first),
        };
        for line in lines {
            if let Some(expected) = line.strip_prefix("expected ") {
                fault.expected = Some(expected.into());
            } else if let Some(example) = line.strip_prefix("example: ") {
                fault.example = Some(example.into());
            }
        }
        fault
    }
}

/// The library's sentence in words a reader of TOML knows.
fn plain(message: &str) -> String {
    if let Some(key) = message.strip_prefix("missing field ") {
        return format!("{key} is missing, expected {key}, which has no default");
    }
    let mut text = message.to_owned();
    for (from, to) in [
        ("invalid type: ", "this is of the wrong type: "),
        ("invalid value: ", "this value is not possible: "),
        ("unknown variant ", "unknown value "),
        ("expected f64", "expected a number"),
        ("expected u32", "expected a whole number, 0 or more"),
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected a sequence", "expected a list in square brackets"),
        ("floating point ", "number "),
        ("integer ", "number "),
        ("string ", "text "),
        ("sequence", "a list"),
    ] {
        text = text.replace(from, to);
    }
    match text.split_once("expected struct ") {
        Some((before, _)) => format!("{before}expected a table"),
        None => text,
    }
}
