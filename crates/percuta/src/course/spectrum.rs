//! A measured reflectance spectrum: a CSV file of wavelength and reflectance.

use std::ops::Range;

use super::text::{CourseError, Place};
use crate::appearance::light::fit::used;
use crate::appearance::light::{Spectrum, SpectrumError};

const COLUMNS: &str = "two columns, wavelength in nm and reflectance from 0 to 1 or in per cent";
const EXAMPLE: &str = "550, 0.314";
/// A reflectance above this says that all are per cent.
const MOST_SHARE: f64 = 1.5;

/// One point and where its two numbers stand.
struct Point {
    wavelength_nm: f64,
    reflectance: f64,
    spans: [Range<usize>; 2],
}

/// Reads a spectrum from CSV `text`; `file` names it in errors. Columns are separated by commas, semicolons, tabs or blanks. A first
/// line of names, blank lines and what follows a # are no points. Reflectances are per cent if the name of their column says so or one is
/// above 1.5.
///
/// # Errors
/// Every mistake that was found, in the order of the text. There is at least one.
pub fn read_spectrum(text: &str, file: &str) -> Result<Spectrum, Vec<CourseError>> {
    Reader { text, file, mistakes: Vec::new() }.read()
}

struct Reader<'a> {
    text: &'a str,
    file: &'a str,
    mistakes: Vec<CourseError>,
}

impl Reader<'_> {
    fn read(mut self) -> Result<Spectrum, Vec<CourseError>> {
        let lines = lines(self.text);
        let names = lines.first().map(|(_, line)| *line).filter(|line| is_header(line));
        let points: Vec<Point> =
            lines.iter().skip(usize::from(names.is_some())).filter_map(|&(start, line)| self.point(start, line)).collect();
        let percent = names.is_some_and(|n| n.contains('%') || n.contains("percent")) || points.iter().any(|p| p.reflectance > MOST_SHARE);
        let scale = if percent { 100.0 } else { 1.0 };
        let mut last = 0.0;
        for point in &points {
            if point.wavelength_nm <= 0.0 {
                let message = format!("no light has a wavelength of {} nm", point.wavelength_nm);
                self.mistake(point.spans[0].clone(), message, "a wavelength in nm", "550");
            } else if point.wavelength_nm <= last {
                let message = format!("{} nm does not come after {last} nm", point.wavelength_nm);
                self.mistake(point.spans[0].clone(), message, "wavelengths that increase", "400, 410, 420 in three lines");
            }
            last = last.max(point.wavelength_nm);
            if !(0.0..=scale).contains(&point.reflectance) {
                let message = format!("no surface has a reflectance of {}{}", point.reflectance, if percent { " %" } else { "" });
                let expected = if percent { "0 to 100 %" } else { "0 to 1, or all in per cent" };
                self.mistake(point.spans[1].clone(), message, expected, if percent { "31.4" } else { "0.314" });
            }
        }
        let end = points.last().map_or_else(|| self.end(), |p| p.spans[0].start..p.spans[1].end);
        if points.is_empty() && self.mistakes.is_empty() {
            self.mistake(end, "the file has no points", COLUMNS, EXAMPLE);
            return Err(self.mistakes);
        }
        if !self.mistakes.is_empty() {
            self.mistakes.sort_by_key(|m| m.place.span.start);
            return Err(self.mistakes);
        }
        let points: Vec<(f64, f64)> = points.iter().map(|p| (p.wavelength_nm, p.reflectance / scale)).collect();
        match Spectrum::measured(&points).and_then(|spectrum| used(&spectrum).map(|_| spectrum)) {
            Ok(spectrum) => return Ok(spectrum),
            Err(SpectrumError::Few { found, least }) => {
                let message = format!("the spectrum ends with {found} points between 380 and 780 nm that are 5 nm or more apart");
                self.mistake(end, message, &format!("{least} or more"), "every 10 nm from 400 to 700");
            }
            Err(other) => self.mistake(end, other.to_string(), COLUMNS, EXAMPLE),
        }
        Err(self.mistakes)
    }

    fn end(&self) -> Range<usize> {
        let end = self.text.trim_end().len();
        end..end
    }

    /// The point of a line that starts at byte `start`.
    fn point(&mut self, start: usize, line: &str) -> Option<Point> {
        let cells = cells(line);
        let at = |cell: &Range<usize>| start + cell.start..start + cell.end;
        let [nm, reflectance] = cells.as_slice() else {
            let message = if cells.len() == 1 { "this line has one number".into() } else { format!("this line has {} cells", cells.len()) };
            self.mistake(start..start + line.len(), message, COLUMNS, EXAMPLE);
            return None;
        };
        let spans = [at(nm), at(reflectance)];
        let wavelength_nm = self.number(&spans[0], "a wavelength in nm", "550");
        let reflectance = self.number(&spans[1], "a reflectance, with a decimal point", "0.314");
        Some(Point { wavelength_nm: wavelength_nm?, reflectance: reflectance?, spans })
    }

    fn number(&mut self, span: &Range<usize>, expected: &str, example: &str) -> Option<f64> {
        let cell = &self.text[span.clone()];
        match cell.parse::<f64>() {
            Ok(x) if x.is_finite() => Some(x),
            _ => {
                let message = if cell.is_empty() { "a number is missing".into() } else { format!("`{cell}` is not a number") };
                self.mistake(span.clone(), message, expected, example);
                None
            }
        }
    }

    fn mistake(&mut self, span: Range<usize>, message: impl Into<String>, expected: &str, example: &str) {
        self.mistakes.push(CourseError {
            place: Place { name: self.file.into(), text: self.text.into(), span },
            message: message.into(),
            expected: Some(expected.into()),
            example: Some(example.into()),
            help: None,
        });
    }
}

/// The lines that hold something, without remarks, each with the byte at which it starts.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        // Spreadsheets put a mark of byte order before the first line.
        let mark = line.len() - line.trim_start_matches('\u{feff}').len();
        let content = line[mark..].split('#').next().unwrap_or_default();
        let blanks = content.len() - content.trim_start_matches(' ').len();
        let content = content[blanks..].trim_end_matches([' ', '\r', '\n']);
        if !content.trim().is_empty() {
            lines.push((start + mark + blanks, content));
        }
        start += line.len();
    }
    lines
}

/// Where the cells of a line stand in it.
fn cells(line: &str) -> Vec<Range<usize>> {
    let mut all = Vec::new();
    let separator = [';', '\t', ','].into_iter().find(|s| line.contains(*s));
    let mut start = 0;
    for cell in line.split(|c| separator.map_or(c == ' ', |s| c == s)) {
        let from = start + (cell.len() - cell.trim_start().len());
        // Several blanks separate as one does.
        if separator.is_some() || !cell.is_empty() {
            all.push(from..from + cell.trim().len());
        }
        start += cell.len() + 1;
    }
    all
}

/// Names of columns start with letters, numbers do not.
fn is_header(line: &str) -> bool {
    line.split([',', ';', '\t']).all(|cell| cell.trim().trim_start_matches('"').starts_with(char::is_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six points more.
    const REST: &str = "420,0.25\n440,0.25\n460,0.25\n480,0.25\n500,0.25\n520,0.25\n";

    fn mistakes(text: &str) -> Vec<(String, String)> {
        let errors = read_spectrum(text, "arm.csv").unwrap_err();
        errors.into_iter().map(|e| (e.place.text[e.place.span].to_owned(), e.message)).collect()
    }

    #[test]
    fn shares_and_per_cent_and_separators_are_told_apart() {
        let share =
            read_spectrum(&format!("# forearm\nwavelength_nm,reflectance\n400,0.2\n\n410, 0.25 # twice\n{REST}"), "arm.csv").unwrap();
        let percent = REST.replace("0.25", "25");
        for separator in [",", ";", "\t", " ", " , ", "   "] {
            let text = format!("\u{feff}400,20\r\n410,25\r\n{percent}").replace(',', separator);
            assert_eq!(share, read_spectrum(&text, "arm.csv").unwrap(), "{separator:?}");
        }
        let named = read_spectrum(&format!("nm,reflectance_percent\n400,0.2\n410,0.25\n{REST}"), "arm.csv").unwrap();
        assert!((named.reflectance[0] - 0.002).abs() < 1e-12);
    }

    #[test]
    fn mistakes_are_found_where_they_are() {
        let say = |place: &str, message: &str| (place.to_owned(), message.to_owned());
        assert_eq!(mistakes(""), [say("", "the file has no points")]);
        assert_eq!(mistakes("nm,reflectance\n"), [say("", "the file has no points")]);
        assert_eq!(mistakes("400,0.2\n390,0.3\n"), [say("390", "390 nm does not come after 400 nm")]);
        assert_eq!(mistakes("400,0.2\n410, x\n420,"), [say("x", "`x` is not a number"), say("", "a number is missing")]);
        assert_eq!(mistakes("400,-0.2\n410,0.1"), [say("-0.2", "no surface has a reflectance of -0.2")]);
        assert_eq!(mistakes("400,20\n410,120"), [say("120", "no surface has a reflectance of 120 %")]);
        assert_eq!(mistakes("400,1.2\n410,0.3"), [say("1.2", "no surface has a reflectance of 1.2")]);
        assert_eq!(mistakes("400;0,2"), [say("0,2", "`0,2` is not a number")]);
        assert_eq!(mistakes("  400,0.2,0.3\n"), [say("400,0.2,0.3", "this line has 3 cells")]);
        assert_eq!(mistakes("400\n"), [say("400", "this line has one number")]);
        assert_eq!(mistakes("-10,0.2\n410,0.1"), [say("-10", "no light has a wavelength of -10 nm")]);
        let few = mistakes("400,0.2\n401,0.2\n500,0.3\n600,0.4\n650,0.4\n700,0.4\n");
        assert_eq!(few, [say("700,0.4", "the spectrum ends with 5 points between 380 and 780 nm that are 5 nm or more apart")]);
    }
}
