//! Sites of the body as data files: `data/sites/*.toml`.

use serde::Serialize;

use crate::population::Parameter;

/// A treated site and its layer thicknesses for one person.
#[derive(Debug, Clone, Serialize)]
pub struct Site {
    /// Key in the course file.
    pub key: String,
    /// Name in reports.
    pub name: String,
    /// Cards entered into the parameter set as `skin.<key>`.
    pub cards: Vec<(String, Parameter)>,
}
