//! Measured points of a permeation study: a CSV file whose column names carry the units.

use std::ops::Range;

use super::DataSeries;
use crate::course::text::{CourseError, Place};
use crate::population::nearest;

/// Columns of times and the hours of one unit.
const TIMES: [(&str, f64); 3] = [("time_h", 1.0), ("time_min", 1.0 / 60.0), ("time_d", 24.0)];
/// Units of amounts in column names and the µg/cm² of one unit.
const UNITS: [(&str, f64); 3] = [("ug_per_cm2", 1.0), ("mg_per_cm2", 1000.0), ("ng_per_cm2", 1e-3)];
const HEADER: &str = "time_h,amount_ug_per_cm2,sd_ug_per_cm2,arm,group";

/// One cell of the file and where it stands.
#[derive(Debug, Clone, PartialEq)]
struct Cell {
    text: String,
    span: Range<usize>,
}

/// Which column holds what.
struct Columns {
    time: (usize, f64),
    amount: (usize, f64),
    sd: Option<usize>,
    arm: Option<usize>,
    group: Option<usize>,
}

/// Reads measured points from CSV `text`; `file` names it in errors. A file without a column `arm` holds needled skin if the study
/// has a treatment, and one without a column `group` holds one group of the file's name.
///
/// # Errors
/// Every mistake that was found, in the order of the text. There is at least one.
pub fn read_data(text: &str, file: &str, treated: bool) -> Result<Vec<DataSeries>, Vec<CourseError>> {
    Reader { text, file, treated, mistakes: Vec::new() }.read()
}

struct Reader<'a> {
    text: &'a str,
    file: &'a str,
    treated: bool,
    mistakes: Vec<CourseError>,
}

impl Reader<'_> {
    fn read(mut self) -> Result<Vec<DataSeries>, Vec<CourseError>> {
        let lines = self.lines();
        let Some((header, rows)) = lines.split_first() else {
            self.mistake(0..0, "the file has no columns", "a first line with the names of the columns", HEADER, None);
            return Err(self.mistakes);
        };
        let columns = self.columns(header);
        let series = columns.map(|columns| self.series(&columns, header, rows)).unwrap_or_default();
        if series.is_empty() && self.mistakes.is_empty() {
            let end = self.text.trim_end().len();
            self.mistake(end..end, "the file has no points", "a line for each point below the names of the columns", "1.0,12.5", None);
        }
        if self.mistakes.is_empty() { Ok(series) } else { Err(self.mistakes) }
    }

    fn mistake(&mut self, span: Range<usize>, message: impl Into<String>, expected: &str, example: &str, help: Option<String>) {
        self.mistakes.push(CourseError {
            place: Place { name: self.file.into(), text: self.text.into(), span },
            message: message.into(),
            expected: (!expected.is_empty()).then(|| expected.into()),
            example: (!example.is_empty()).then(|| example.into()),
            help,
        });
    }

    /// The cells of each line; blank lines and lines that start with # are left out.
    fn lines(&mut self) -> Vec<Vec<Cell>> {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in self.text.split_inclusive('\n') {
            let content = line.trim_end_matches(['\n', '\r']);
            // Spreadsheets put a mark of byte order before the first name.
            let mark = content.len() - content.trim_start_matches('\u{feff}').len();
            let content = &content[mark..];
            if !content.trim().is_empty() && !content.trim_start().starts_with('#') {
                match cells(content, start + mark) {
                    Ok(cells) => lines.push(cells),
                    Err(span) => {
                        self.mistake(span, "this quote is not closed", "a second quote in the same line", "1.0,12.5,\"group 1\"", None)
                    }
                }
            }
            start += line.len();
        }
        lines
    }

    /// What the names of the columns say, if they say enough and do not contradict each other.
    fn columns(&mut self, header: &[Cell]) -> Option<Columns> {
        let before = self.mistakes.len();
        let whole = header[0].span.start..header[header.len() - 1].span.end;
        if let [only] = header
            && only.text.contains([';', '\t'])
        {
            self.mistake(whole, "the columns are not separated by commas", "commas between columns, points in numbers", HEADER, None);
            return None;
        }
        let (mut times, mut amounts, mut sds, mut arm, mut group) = (Vec::new(), Vec::new(), Vec::new(), None, None);
        let mut seen: Vec<&str> = Vec::new();
        for (i, cell) in header.iter().enumerate() {
            let name = cell.text.as_str();
            if seen.contains(&name) {
                self.mistake(cell.span.clone(), format!("the column `{name}` occurs twice"), "each name once", HEADER, None);
            }
            seen.push(name);
            let unit = |kind: &str| UNITS.iter().find(|(unit, _)| name.strip_prefix(kind) == Some(unit));
            if let Some((_, hours)) = TIMES.iter().find(|(n, _)| *n == name) {
                times.push((i, *hours));
            } else if let Some((_, ug)) = unit("amount_") {
                amounts.push((i, *ug));
            } else if let Some((_, ug)) = unit("sd_") {
                sds.push((i, *ug));
            } else if name == "arm" {
                arm = Some(i);
            } else if name == "group" {
                group = Some(i);
            } else {
                self.unknown_column(cell);
            }
        }
        let found = seen.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        for (what, count, choices) in [
            ("times", times.len(), "`time_h`, `time_min` or `time_d`"),
            ("amounts", amounts.len(), "`amount_ug_per_cm2`, `amount_mg_per_cm2` or `amount_ng_per_cm2`"),
        ] {
            if count == 0 {
                self.mistake(whole.clone(), format!("no column holds {what}"), choices, HEADER, Some(format!("columns found: {found}")));
            }
        }
        for (what, all) in [("times", &times), ("amounts", &amounts), ("standard deviations", &sds)] {
            if let [_, (second, _), ..] = all.as_slice() {
                let span = header[*second].span.clone();
                self.mistake(span, format!("{what} are given in two units"), "one unit in the whole file", HEADER, None);
            }
        }
        if let ([(amount, ug)], [(sd, other)]) = (amounts.as_slice(), sds.as_slice())
            && ug != other
        {
            let unit = header[*amount].text.trim_start_matches("amount_").to_owned();
            let message = format!("`{}` is in another unit than `{}`", header[*sd].text, header[*amount].text);
            self.mistake(header[*sd].span.clone(), message, &format!("`sd_{unit}`"), HEADER, None);
        }
        (self.mistakes.len() == before).then_some(())?;
        Some(Columns { time: *times.first()?, amount: *amounts.first()?, sd: sds.first().map(|(i, _)| *i), arm, group })
    }

    fn unknown_column(&mut self, cell: &Cell) {
        let known: Vec<String> = TIMES
            .iter()
            .map(|(n, _)| (*n).to_owned())
            .chain(["amount", "sd"].iter().flat_map(|kind| UNITS.iter().map(move |(unit, _)| format!("{kind}_{unit}"))))
            .chain(["arm".to_owned(), "group".to_owned()])
            .collect();
        let message = format!("there is no column `{}`", cell.text);
        let expected = match nearest(&cell.text, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a known column".to_owned(),
        };
        let list = known.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        self.mistake(
            cell.span.clone(),
            message,
            &expected,
            HEADER,
            Some(format!("columns are {list}; a line that starts with # is a note")),
        );
    }

    fn series(&mut self, columns: &Columns, header: &[Cell], rows: &[Vec<Cell>]) -> Vec<DataSeries> {
        let stem = std::path::Path::new(self.file).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
        let mut all: Vec<DataSeries> = Vec::new();
        for row in rows {
            if row.len() != header.len() {
                let (span, n) = (row[0].span.start..row[row.len() - 1].span.end, header.len());
                self.mistake(span, format!("this line has {} cells", row.len()), &format!("{n}, one for each column"), "", None);
                continue;
            }
            let time = self.number(&header[columns.time.0], &row[columns.time.0]);
            let amount = self.number(&header[columns.amount.0], &row[columns.amount.0]);
            let sd = columns.sd.map(|i| self.number(&header[i], &row[i]));
            let needled = columns.arm.map_or(Some(self.treated), |i| self.arm(&row[i]));
            let (Some(time), Some(amount), Some(needled)) = (time, amount, needled) else { continue };
            if sd == Some(None) {
                continue;
            }
            let group = columns.group.map_or_else(|| stem.clone(), |i| row[i].text.clone());
            let at = all.iter().position(|s| s.group == group && s.needled == needled).unwrap_or_else(|| {
                let sd_ug_per_cm2 = columns.sd.map(|_| Vec::new());
                all.push(DataSeries { group, needled, time_h: Vec::new(), amount_ug_per_cm2: Vec::new(), sd_ug_per_cm2 });
                all.len() - 1
            });
            let series = &mut all[at];
            let time_h = time * columns.time.1;
            if let Some(previous) = series.time_h.last().copied().filter(|p| *p >= time_h) {
                let message = format!("in group `{}` the point at {time_h} h does not come after the one at {previous} h", series.group);
                let help = "another group or arm needs a column `group` or `arm`".to_owned();
                self.mistake(row[columns.time.0].span.clone(), message, "increasing times in each group", "", Some(help));
                continue;
            }
            series.time_h.push(time_h);
            series.amount_ug_per_cm2.push(amount * columns.amount.1);
            if let (Some(all), Some(Some(sd))) = (&mut series.sd_ug_per_cm2, sd) {
                all.push(sd * columns.amount.1);
            }
        }
        all
    }

    /// A number, 0 or more.
    fn number(&mut self, column: &Cell, cell: &Cell) -> Option<f64> {
        let name = &column.text;
        let expected = format!("a number, 0 or more, in the column `{name}`");
        let message = match cell.text.parse::<f64>() {
            Ok(x) if x.is_finite() && x >= 0.0 => return Some(x),
            Ok(x) if x < 0.0 => format!("`{}` is negative", cell.text),
            _ if cell.text.is_empty() => format!("the column `{name}` is empty here"),
            _ => format!("`{}` is not a number", cell.text),
        };
        self.mistake(cell.span.clone(), message, &expected, "12.5", None);
        None
    }

    fn arm(&mut self, cell: &Cell) -> Option<bool> {
        match cell.text.as_str() {
            "needled" if self.treated => Some(true),
            "intact" => Some(false),
            "needled" => {
                let expected = "`intact`, or a table `[treatment]` or `[array]` in the study";
                self.mistake(cell.span.clone(), "the study has no needled skin", expected, "intact", None);
                None
            }
            other => {
                self.mistake(cell.span.clone(), format!("there is no arm `{other}`"), "`needled` or `intact`", "needled", None);
                None
            }
        }
    }
}

/// The cells of a line that starts at byte `start`, or the place of a quote that is not closed.
fn cells(line: &str, start: usize) -> Result<Vec<Cell>, Range<usize>> {
    let mut cells = Vec::new();
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let blanks = rest.len() - rest.trim_start().len();
        let (text, end) = if rest.trim_start().starts_with('"') {
            let open = at + blanks;
            let mut text = String::new();
            let mut i = open + 1;
            loop {
                let next = line[i..].find('"').ok_or(start + open..start + line.len())?;
                text.push_str(&line[i..i + next]);
                i += next + 1;
                // Two quotes are one quote.
                if !line[i..].starts_with('"') {
                    break;
                }
                text.push('"');
                i += 1;
            }
            let comma = line[i..].find(',').map_or(line.len(), |n| i + n);
            text.push_str(line[i..comma].trim_end());
            (text, comma)
        } else {
            let comma = rest.find(',').map_or(line.len(), |n| at + n);
            (line[at..comma].trim().to_owned(), comma)
        };
        let shown = line[at..end].trim();
        let from = start + at + (line[at..end].len() - line[at..end].trim_start().len()).min(end - at);
        cells.push(Cell { text, span: from..from + shown.len() });
        if end >= line.len() {
            return Ok(cells);
        }
        at = end + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<DataSeries>, Vec<CourseError>> {
        read_data(text, "points.csv", true)
    }

    /// Message and marked text of each mistake.
    fn wrong(text: &str) -> Vec<(String, String)> {
        read(text).unwrap_err().into_iter().map(|e| (e.message, e.place.text[e.place.span].to_owned())).collect()
    }

    #[test]
    fn units_are_in_the_names_of_the_columns() {
        let one = &read("time_min,amount_mg_per_cm2,sd_mg_per_cm2\n30,0.5,0.1\n60,1,0.2\n").unwrap()[0];
        assert_eq!((one.group.as_str(), one.needled), ("points", true));
        assert_eq!(one.time_h, [0.5, 1.0]);
        assert_eq!(one.amount_ug_per_cm2, [500.0, 1000.0]);
        assert_eq!(one.sd_ug_per_cm2.as_deref(), Some(&[100.0, 200.0][..]));
        let ng = &read("time_d,amount_ng_per_cm2\n1,5\n").unwrap()[0];
        assert_eq!((ng.time_h[0], ng.amount_ug_per_cm2[0], &ng.sd_ug_per_cm2), (24.0, 0.005, &None));
    }

    #[test]
    fn groups_and_arms_are_told_apart_with_quotes_notes_and_blank_lines() {
        let text = "\u{feff}# a note\r\ntime_h, amount_ug_per_cm2 ,arm,group\r\n1,2,needled,\"a, \"\"first\"\"\"\r\n\r\n1,1,intact,\"a, \"\"first\"\"\"\r\n2,3,needled,b\r\n# end\r\n2,4,needled,\"a, \"\"first\"\"\"\r\n";
        let all = read(text).unwrap();
        let short: Vec<_> = all.iter().map(|s| (s.group.as_str(), s.needled, s.time_h.clone())).collect();
        assert_eq!(short, [("a, \"first\"", true, vec![1.0, 2.0]), ("a, \"first\"", false, vec![1.0]), ("b", true, vec![2.0])]);
        assert!(!read_data("time_h,amount_ug_per_cm2\n1,2\n", "p.csv", false).unwrap()[0].needled, "intact where nothing is needled");
    }

    #[test]
    fn a_mistake_points_at_its_cell() {
        let head = "time_h,amount_ug_per_cm2\n";
        assert_eq!(wrong(&format!("{head}1,2\n2, much\n")), [("`much` is not a number".into(), "much".into())]);
        assert_eq!(wrong(&format!("{head}1,-2\n")), [("`-2` is negative".into(), "-2".into())]);
        assert_eq!(wrong(&format!("{head}1,nan\nx,2\n")).len(), 2, "all are reported");
        assert_eq!(wrong(&format!("{head}1,\n"))[0].0, "the column `amount_ug_per_cm2` is empty here");
        assert_eq!(wrong(&format!("{head}2,1\n1,2\n"))[0].1, "1");
        assert_eq!(wrong(&format!("{head}1\n"))[0].0, "this line has 1 cells");
        assert_eq!(wrong(&format!("{head}1,\"2\n"))[0], ("this quote is not closed".into(), "\"2".into()));
        assert_eq!(wrong(head)[0].0, "the file has no points");
        assert_eq!(wrong("")[0].0, "the file has no columns");
        assert_eq!(wrong("# only a note\n")[0].0, "the file has no columns");
    }

    #[test]
    fn columns_that_are_missing_unknown_or_mixed() {
        let missing = read("hours,amount_ug_per_cm2\n1,2\n").unwrap_err();
        assert_eq!(missing[0].message, "there is no column `hours`");
        assert_eq!(missing[1].message, "no column holds times");
        assert_eq!(missing[1].help.as_deref(), Some("columns found: `hours`, `amount_ug_per_cm2`"));
        assert_eq!(wrong("time_h,amount_ug\n1,2\n")[0].1, "amount_ug");
        assert_eq!(wrong("time_h,amount_ug_per_cm2,amount_mg_per_cm2\n1,2,3\n")[0].0, "amounts are given in two units");
        assert_eq!(
            wrong("time_h,amount_ug_per_cm2,sd_mg_per_cm2\n1,2,3\n")[0].0,
            "`sd_mg_per_cm2` is in another unit than `amount_ug_per_cm2`"
        );
        assert_eq!(wrong("time_h,time_h,amount_ug_per_cm2\n1,1,2\n")[0].0, "the column `time_h` occurs twice");
        assert_eq!(wrong("time_h;amount_ug_per_cm2\n1;2\n")[0].0, "the columns are not separated by commas");
        assert_eq!(wrong("time_h,amount_ug_per_cm2,arm\n1,2,left\n")[0].0, "there is no arm `left`");
        let none = read_data("time_h,amount_ug_per_cm2,arm\n1,2,needled\n", "p.csv", false).unwrap_err();
        assert_eq!(none[0].message, "the study has no needled skin");
    }
}
