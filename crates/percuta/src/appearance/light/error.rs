//! Why there is no light.

use super::transfer::TransferError;
use crate::population::ParameterError;

/// Why the light of a skin cannot be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LightError {
    /// A card that is missing or in another unit.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// A constant outside the range of the solver.
    #[error(transparent)]
    Transfer(#[from] TransferError),
    /// A wavelength beyond the tables.
    #[error("light of {found} nm; expected 360 to 900 nm, for example 550")]
    Wavelength {
        /// Asked for, nm.
        found: f64,
    },
    /// A tissue that is none.
    #[error("{what} of {found}; expected {expected}")]
    Tissue {
        /// Which quantity.
        what: &'static str,
        /// Given.
        found: f64,
        /// What would do, with an example.
        expected: &'static str,
    },
}
