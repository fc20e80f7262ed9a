//! Tables as comma-separated values (RFC 4180).

use super::table::{Table, Values};

/// The table as CSV with a header line. Numbers are written so that they read back exactly.
pub fn csv(table: &Table) -> Vec<u8> {
    let mut out = String::new();
    let header: Vec<String> = table.columns.iter().map(|c| quoted(c.name)).collect();
    out.push_str(&header.join(","));
    out.push('\n');
    let rows = table.columns.first().map_or(0, |c| c.values.len());
    for row in 0..rows {
        for (i, column) in table.columns.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            match &column.values {
                Values::Text(v) => out.push_str(&quoted(&v[row])),
                Values::Number(v) => out.push_str(&v[row].to_string()),
                Values::Integer(v) => out.push_str(&v[row].to_string()),
            }
        }
        out.push('\n');
    }
    out.into_bytes()
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::table::{number, text};
    use super::*;

    #[test]
    fn fields_are_quoted_and_numbers_read_back() {
        let third = 1.0 / 3.0;
        let columns = vec![text("a", vec!["x, \"y\"".into(), "µm".into()]), number("b", "1", vec![third, -1e-300])];
        let table = Table { name: "t", description: "", columns };
        let text = String::from_utf8(csv(&table)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "a,b");
        assert!(lines[1].starts_with("\"x, \"\"y\"\"\","));
        assert_eq!(lines[1].rsplit(',').next().unwrap().parse::<f64>().unwrap(), third);
        assert_eq!(lines[2].rsplit(',').next().unwrap().parse::<f64>().unwrap(), -1e-300);
    }
}
