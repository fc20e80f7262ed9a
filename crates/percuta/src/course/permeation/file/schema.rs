//! The JSON Schema of a permeation study.

use serde_json::Value;

use super::TEMPLATE;
use super::format::StudyFile;
use crate::course::text;

/// JSON Schema (draft 2020-12) of a permeation study, with the defaults of the template.
#[must_use]
pub fn schema() -> Value {
    text::schema_of::<StudyFile>(TEMPLATE)
}
