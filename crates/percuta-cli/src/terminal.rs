//! Writing to the terminal: results to standard output, everything else to standard error.

use std::io::{self, IsTerminal as _, Write as _};

/// Prints a result. A reader that has gone away (`percuta explain | head`) is no error.
pub fn print(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Tells the user something that is not the result.
pub fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether a person is looking at standard error.
pub fn watched() -> bool {
    io::stderr().is_terminal()
}

/// Whether standard error may be coloured.
pub fn coloured() -> bool {
    watched() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
}

/// Breaks text into lines of at most `width` characters; line breaks in it stay.
pub fn wrap(text: &str, width: usize, indent: &str) -> String {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines.join(&format!("\n{indent}"))
}
