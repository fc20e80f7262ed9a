//! The JSON Schema of the course file.

use serde_json::Value;

use super::TEMPLATE;
use super::format::CourseFile;
use crate::course::text;

/// JSON Schema (draft 2020-12) of the course file, with the defaults of the template.
#[must_use]
pub fn schema() -> Value {
    text::schema_of::<CourseFile>(TEMPLATE)
}
