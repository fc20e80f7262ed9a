//! The JSON Schema of the course file.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::TEMPLATE;
use super::format::CourseFile;

/// JSON Schema (draft 2020-12) of the course file, with the defaults of the template.
#[must_use]
pub fn schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true).into_generator();
    let mut schema = generator.root_schema_for::<CourseFile>().to_value();
    let defaults: Value = toml::from_str(TEMPLATE).unwrap_or_default();
    enter_defaults(&mut schema, &defaults);
    schema
}

fn enter_defaults(schema: &mut Value, defaults: &Value) {
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
