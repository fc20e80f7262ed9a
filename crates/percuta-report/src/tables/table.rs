//! A tidy table: named columns of equal length with units.

/// Values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Words.
    Text(Vec<String>),
    /// Real numbers.
    Number(Vec<f64>),
    /// Whole numbers.
    Integer(Vec<i64>),
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(v) => v.len(),
            Self::Number(v) => v.len(),
            Self::Integer(v) => v.len(),
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Header.
    pub name: &'static str,
    /// Unit; empty where there is none, `see unit` where another column holds it.
    pub unit: &'static str,
    /// Values.
    pub values: Values,
}

/// A column of words.
pub fn text(name: &'static str, values: Vec<String>) -> Column {
    Column { name, unit: "", values: Values::Text(values) }
}

/// A column of real numbers in `unit`.
pub fn number(name: &'static str, unit: &'static str, values: Vec<f64>) -> Column {
    Column { name, unit, values: Values::Number(values) }
}

/// A column of whole numbers.
pub fn integer(name: &'static str, values: Vec<i64>) -> Column {
    Column { name, unit: "", values: Values::Integer(values) }
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Name of the file, without ending.
    pub name: &'static str,
    /// What a row is.
    pub description: &'static str,
    /// Columns of equal length.
    pub columns: Vec<Column>,
}
