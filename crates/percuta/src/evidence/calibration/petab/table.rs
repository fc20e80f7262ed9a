//! A table of tab-separated values whose every cell knows its place.

use std::ops::Range;
use std::path::Path;

use crate::course::text::{CourseError, Fault, Place};

/// One mistake in a table.
pub(super) type Mistake = Box<CourseError>;

/// A table with a line of names.
pub(super) struct Table {
    name: String,
    text: String,
    columns: Vec<String>,
    rows: Vec<Vec<Range<usize>>>,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    table: &'t Table,
    cells: &'t [Range<usize>],
}

/// A cell that is not empty.
#[derive(Clone, Copy)]
pub(super) struct Cell<'t> {
    pub text: &'t str,
    table: &'t Table,
    start: usize,
}

impl Table {
    /// Reads a file; each of `needed` must be a column.
    pub fn read(folder: &Path, file: &str, needed: &[&str], example: &str) -> Result<Self, Vec<CourseError>> {
        let path = folder.join(file);
        let name = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => Self::parse(name, text, needed, example).map_err(|e| vec![*e]),
            Err(e) => Err(vec![CourseError {
                place: Place { name, text: String::new(), span: 0..0 },
                message: format!("the table cannot be read: {e}"),
                expected: Some(format!("a table of PEtab with the columns {}", needed.join(", "))),
                example: Some(example.into()),
                help: None,
            }]),
        }
    }

    fn parse(name: String, text: String, needed: &[&str], example: &str) -> Result<Self, Mistake> {
        let mut lines = lines(&text);
        let head = lines.next().unwrap_or(0..0);
        let columns: Vec<String> = cells(&text, head.clone()).into_iter().map(|c| text[c].to_owned()).collect();
        let rows = lines.filter(|l| !text[l.clone()].trim().is_empty()).map(|l| cells(&text, l)).collect();
        let table = Self { name, text, columns, rows };
        let missing: Vec<&str> = needed.iter().copied().filter(|n| !table.columns.iter().any(|c| c == n)).collect();
        if !missing.is_empty() {
            let message = format!("the table has no column {}", missing.iter().map(|m| format!("`{m}`")).collect::<Vec<_>>().join(", "));
            return Err(table.error(Fault::new(head, message).expected("a line of names, separated by tabs").example(example)));
        }
        let width = table.columns.len();
        if let Some(row) = table.rows.iter().find(|r| r.len() != width) {
            let span = row.first().map_or(0, |c| c.start)..row.last().map_or(0, |c| c.end);
            let message = format!("the row has {} cells, the line of names {width}", row.len());
            return Err(table.error(Fault::new(span, message).expected("as many cells, separated by tabs")));
        }
        Ok(table)
    }

    /// Whether the table has a column.
    pub fn has(&self, column: &str) -> bool {
        self.columns.iter().any(|c| c == column)
    }

    /// Every row.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { table: self, cells })
    }

    /// A mistake with its place.
    pub fn error(&self, fault: Fault) -> Mistake {
        let Fault { span, message, expected, example, help } = fault;
        Box::new(CourseError { place: Place { name: self.name.clone(), text: self.text.clone(), span }, message, expected, example, help })
    }
}

impl<'t> Row<'t> {
    /// The cell of a column, if there is one and it is not empty.
    pub fn cell(&self, column: &str) -> Option<Cell<'t>> {
        let i = self.table.columns.iter().position(|c| c == column)?;
        let span = self.cells.get(i)?;
        let text = &self.table.text[span.clone()];
        // Other programs write nothing as NaN.
        (!text.is_empty() && !text.eq_ignore_ascii_case("nan")).then_some(Cell { text, table: self.table, start: span.start })
    }

    /// The cell of a column that must not be empty.
    pub fn need(&self, column: &str, example: &str) -> Result<Cell<'t>, Mistake> {
        self.cell(column).ok_or_else(|| self.error(format!("the row has no `{column}`"), "a cell that is not empty", example))
    }

    /// A mistake of the whole row.
    pub fn error(&self, message: String, expected: &str, example: &str) -> Mistake {
        let span = self.cells.first().map_or(0, |c| c.start)..self.cells.last().map_or(0, |c| c.end);
        self.table.error(Fault::new(span, message).expected(expected).example(example))
    }
}

impl Cell<'_> {
    /// The finite number in it.
    pub fn number(&self, expected: &str, example: &str) -> Result<f64, Mistake> {
        let found = self.text.parse::<f64>().ok().filter(|x| x.is_finite());
        found
            .ok_or_else(|| self.error(Fault::new(self.span(), format!("`{}` is no number", self.text)).expected(expected).example(example)))
    }

    /// Where it stands.
    pub fn span(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// A mistake in it.
    pub fn error(&self, fault: Fault) -> Mistake {
        self.table.error(fault)
    }
}

/// Spans of the lines without their ends.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = from;
        from += line.len();
        start..start + line.trim_end_matches(['\n', '\r']).len()
    })
}

/// Spans of the cells of a line without the blanks and quotes around them.
fn cells(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let mut from = line.start;
    text[line]
        .split('\t')
        .map(|cell| {
            let bare = cell.trim_matches([' ', '"']);
            let start = from + (cell.len() - cell.trim_start_matches([' ', '"']).len()).min(cell.len());
            from += cell.len() + 1;
            start..start + bare.len()
        })
        .collect()
}
