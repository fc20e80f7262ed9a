//! Height maps as numbers: a matrix in rows, and the ASCII form of SDF (ISO 25178-71).

use std::io::BufRead;

use super::{MOST_PIXELS, Raw, ReadError, check_size};

/// Longest line that is read, bytes: some thousand numbers with all their digits.
const LONGEST_LINE: u64 = 4 << 20;

/// Lines of a text, with their numbers from 1; without reading on where there is no end of one.
struct Lines<S> {
    source: S,
    number: usize,
}

impl<S: BufRead> Lines<S> {
    fn next(&mut self) -> Result<Option<(usize, String)>, ReadError> {
        let mut bytes = Vec::new();
        let mut limited = std::io::Read::take(&mut self.source, LONGEST_LINE);
        let count = limited.read_until(b'\n', &mut bytes).map_err(|e| ReadError::Io(e.to_string()))?;
        if count as u64 == LONGEST_LINE {
            return Err(ReadError::Format("a line of it has no end".into()));
        }
        self.number += 1;
        let text = String::from_utf8(bytes).map_err(|_| ReadError::Format("it is neither a picture nor a text".into()))?;
        Ok((count > 0).then(|| (self.number, text.trim_end().to_owned())))
    }
}

/// Rows of numbers. Lines that are empty or begin with `#` or `%` do not count.
pub(super) fn matrix(source: impl BufRead) -> Result<Raw, ReadError> {
    let mut lines = Lines { source, number: 0 };
    let (mut values, mut columns, mut rows) = (Vec::new(), 0, 0);
    while let Some((line, text)) = lines.next()? {
        let text = text.trim_start_matches('\u{feff}');
        if text.trim().is_empty() || text.trim_start().starts_with(['#', '%']) {
            continue;
        }
        let before = values.len();
        numbers(text, line, &mut values)?;
        let found = values.len() - before;
        if rows == 0 {
            columns = found;
        } else if found != columns {
            return Err(ReadError::Line { line, reason: format!("it has {found} numbers where the rows before have {columns}") });
        }
        rows += 1;
        check_size(columns as u64, rows)?;
    }
    if rows == 0 {
        return Err(ReadError::Format("it holds no numbers".into()));
    }
    Ok(Raw { columns, rows: rows as usize, values, levels: None, pixel_um: None, height_um: None })
}

/// The numbers of a line; what is left out, `nan`, `BAD` or asterisks are holes.
fn numbers(text: &str, line: usize, values: &mut Vec<f64>) -> Result<(), ReadError> {
    let mut add = |word: &str| {
        let word = word.trim();
        let hole = word.is_empty() || word.eq_ignore_ascii_case("bad") || word.chars().all(|c| c == '*');
        let number = if hole { Ok(f64::NAN) } else { word.parse::<f64>() };
        values.push(
            number
                .map_err(|_| ReadError::Line { line, reason: format!("`{}` is no number", word.chars().take(20).collect::<String>()) })?,
        );
        Ok(())
    };
    if text.contains(';') {
        // Where semicolons separate, a comma is a decimal point.
        text.trim_end_matches(';').split(';').try_for_each(|word| add(&word.replace(',', ".")))
    } else if text.contains(',') {
        text.trim_end_matches(',').split(',').try_for_each(&mut add)
    } else if text.contains('\t') {
        text.trim_end_matches('\t').split('\t').try_for_each(&mut add)
    } else {
        text.split_whitespace().try_for_each(&mut add)
    }
}

/// A header of `name = value`, numbers row by row after an asterisk. Scales are metres.
pub(super) fn sdf(source: impl BufRead) -> Result<Raw, ReadError> {
    let mut lines = Lines { source, number: 0 };
    let mut header = std::collections::BTreeMap::new();
    loop {
        let Some((_, text)) = lines.next()? else {
            return Err(ReadError::Format("the SDF file ends within its header".into()));
        };
        if text.trim() == "*" {
            break;
        }
        if let Some((name, value)) = text.split_once('=') {
            header.insert(name.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let of = |name: &str| -> Result<f64, ReadError> {
        let value = header.get(&name.to_ascii_lowercase()).and_then(|v| v.parse::<f64>().ok()).filter(|v| v.is_finite() && *v > 0.0);
        value.ok_or_else(|| ReadError::Format(format!("the SDF header has no positive number {name}")))
    };
    let (columns, rows) = (of("NumPoints")? as u64, of("NumProfiles")? as u64);
    check_size(columns, rows)?;
    let (x, y, z) = (of("Xscale")?, of("Yscale")?, of("Zscale")?);
    let wanted = (columns * rows) as usize;
    let mut values = Vec::new();
    while let Some((line, text)) = lines.next()? {
        if text.trim() == "*" {
            break;
        }
        for word in text.split_whitespace() {
            numbers(word, line, &mut values)?;
        }
        if values.len() > wanted.min(MOST_PIXELS as usize) {
            break;
        }
    }
    if values.len() != wanted {
        let relation = if values.len() > wanted { "more" } else { "fewer" };
        return Err(ReadError::Format(format!("the SDF file has {relation} numbers than the {wanted} of its {columns} x {rows} points")));
    }
    let pixel_um = Some((1e6 * x, 1e6 * y, "the SDF header"));
    Ok(Raw { columns: columns as usize, rows: rows as usize, values, levels: None, pixel_um, height_um: Some(1e6 * z) })
}
