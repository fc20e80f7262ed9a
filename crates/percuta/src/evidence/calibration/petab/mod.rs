//! Observations of a calibration from tables of PEtab (Schmiester et al. 2021, PLoS Comput Biol 17:e1008646), version 1, as Percuta
//! writes them itself or as another program does.
//!
//! Percuta is the model, so that tables name what Percuta knows: a condition is an arm of a study or a course file, an observable is a
//! read-out on one of three scales, a parameter is a card.

mod names;
mod parameters;
mod read;
mod table;

pub use names::{Noise, condition_id, id, noise, observable_id};
pub use parameters::{Prior, named, prior};
pub use read::records;

use std::path::Path;

/// Tables that a folder of observations must hold.
pub const TABLES: [&str; 3] = ["observables.tsv", "conditions.tsv", "measurements.tsv"];
/// Table that may be there too: names of parameters and their priors.
pub const PARAMETERS: &str = "parameters.tsv";

/// Text of every table of a folder that is there.
///
/// # Errors
/// If one of [`TABLES`] cannot be read.
pub fn texts(folder: &Path) -> Result<Vec<String>, std::io::Error> {
    let mut texts = TABLES.iter().map(|t| std::fs::read_to_string(folder.join(t))).collect::<Result<Vec<_>, _>>()?;
    texts.extend(std::fs::read_to_string(folder.join(PARAMETERS)));
    Ok(texts)
}

#[cfg(test)]
mod tests;
