//! JSON Schemas of the files a user writes.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

/// JSON Schema (draft 2020-12) of a file, with the defaults of its template.
pub(crate) fn schema_of<T: JsonSchema>(template: &str) -> Value {
    let mut generator = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true).into_generator();
    let mut schema = generator.root_schema_for::<T>().to_value();
    let defaults: Value = toml::from_str(template).unwrap_or_default();
    enter_defaults(&mut schema, &defaults);
    schema
}

/// A file may leave out what the template gives.
pub(crate) fn defaults_exist(schema: &mut Schema) {
    schema.remove("required");
}

fn enter_defaults(schema: &mut Value, defaults: &Value) {
    let schema = table_of(schema);
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for (key, property) in properties {
        match defaults.get(key) {
            // The tone is one value although it is written as a table.
            Some(table @ Value::Object(_)) if key != "tone" => enter_defaults(property, table),
            Some(value) => property["default"] = value.clone(),
            None => {}
        }
    }
}

/// An optional table's schema is a choice between the table and null.
fn table_of(schema: &mut Value) -> &mut Value {
    let choice = schema.get("anyOf").and_then(Value::as_array).and_then(|a| a.iter().position(|s| s.get("properties").is_some()));
    match choice {
        Some(i) => &mut schema["anyOf"][i],
        None => schema,
    }
}
