//! Tables as Parquet, units in the key-value metadata of the file (`unit.<column>`).

use std::sync::Arc;

use parquet::basic::{LogicalType, Repetition, Type as PhysicalType};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::Type;

use super::table::{Table, Values};

/// The table as one Parquet file with a single row group.
pub fn parquet(table: &Table, version: &str) -> Result<Vec<u8>, ParquetError> {
    let mut fields = Vec::new();
    for column in &table.columns {
        let (physical, logical) = match column.values {
            Values::Text(_) => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
            Values::Number(_) => (PhysicalType::DOUBLE, None),
            Values::Integer(_) => (PhysicalType::INT64, None),
        };
        let field =
            Type::primitive_type_builder(column.name, physical).with_repetition(Repetition::REQUIRED).with_logical_type(logical).build()?;
        fields.push(Arc::new(field));
    }
    let schema = Arc::new(Type::group_type_builder(table.name).with_fields(fields).build()?);
    let mut metadata = vec![KeyValue::new("description".to_owned(), table.description.to_owned())];
    for column in table.columns.iter().filter(|c| !c.unit.is_empty()) {
        metadata.push(KeyValue::new(format!("unit.{}", column.name), column.unit.to_owned()));
    }
    let properties =
        WriterProperties::builder().set_created_by(format!("percuta {version}")).set_key_value_metadata(Some(metadata)).build();

    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    let mut rows = file.next_row_group()?;
    for column in &table.columns {
        let Some(mut writer) = rows.next_column()? else {
            return Err(ParquetError::General(format!("column {} has no place in the schema", column.name)));
        };
        match &column.values {
            Values::Text(v) => {
                let v: Vec<ByteArray> = v.iter().map(|s| ByteArray::from(s.as_str())).collect();
                writer.typed::<ByteArrayType>().write_batch(&v, None, None)?;
            }
            Values::Number(v) => {
                writer.typed::<DoubleType>().write_batch(v, None, None)?;
            }
            Values::Integer(v) => {
                writer.typed::<Int64Type>().write_batch(v, None, None)?;
            }
        }
        writer.close()?;
    }
    rows.close()?;
    file.close()?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::RowAccessor as _;

    use super::super::table::{integer, number, text};
    use super::*;

    #[test]
    fn a_table_reads_back() {
        let columns = vec![
            integer("member", vec![0, 1, 2]),
            text("readout", vec!["a".into(), "b, \"c\"".into(), "µ".into()]),
            number("value", "µm", vec![1.0 / 3.0, -2.5e-7, 0.0]),
        ];
        let table = Table { name: "t", description: "a row is a test", columns };
        let path = std::env::temp_dir().join(format!("percuta-report-table-{}.parquet", std::process::id()));
        std::fs::write(&path, parquet(&table, "0.1.0").unwrap()).unwrap();

        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        let pairs = reader.metadata().file_metadata().key_value_metadata().unwrap();
        let unit = pairs.iter().find(|p| p.key == "unit.value").unwrap();
        assert_eq!(unit.value.as_deref(), Some("µm"));
        let mut read = (Vec::new(), Vec::new(), Vec::new());
        for row in reader.get_row_iter(None).unwrap() {
            let row = row.unwrap();
            read.0.push(row.get_long(0).unwrap());
            read.1.push(row.get_string(1).unwrap().clone());
            read.2.push(row.get_double(2).unwrap());
        }
        assert_eq!(Values::Integer(read.0), table.columns[0].values);
        assert_eq!(Values::Text(read.1), table.columns[1].values);
        assert_eq!(Values::Number(read.2), table.columns[2].values);
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn an_empty_table_is_a_file_too() {
        let table = Table { name: "t", description: "", columns: vec![number("value", "1", Vec::new())] };
        assert!(!parquet(&table, "0.1.0").unwrap().is_empty());
    }
}
