//! `percuta schema`: JSON Schemas of the files.

use crate::arguments::{Schema, SchemaOf};
use crate::failure::Failure;
use crate::terminal;

pub fn schema(arguments: &Schema) -> Result<(), Failure> {
    terminal::print(
        match arguments.of {
            SchemaOf::Course => format!("{:#}", percuta::course::file::schema()),
            SchemaOf::Absorb => format!("{:#}", percuta::course::permeation::file::schema()),
            SchemaOf::Study => format!("{:#}", percuta::evidence::study::schema()),
            SchemaOf::Calibration => format!("{:#}", percuta::evidence::calibration::schema()),
            SchemaOf::Summary => percuta_report::summary::schema(),
            SchemaOf::AbsorbSummary => percuta_report::absorption::summary_schema(),
            SchemaOf::Sensitivity => percuta_report::sensitivity::summary_schema(),
        }
        .trim_end(),
    );
    Ok(())
}
