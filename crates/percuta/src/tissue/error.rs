//! What the solvers refuse.

use super::Grid;

/// A solver was asked for something that has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TissueError {
    /// No columns, no layers, or an edge that does not lie below the one before.
    #[error("the grid needs at least one column, a positive spacing and edges that increase with depth")]
    Grid,
    /// A slice of the wrong length.
    #[error("{what}: {found} values where {expected} are needed")]
    Length {
        /// The slice.
        what: &'static str,
        /// Values needed.
        expected: usize,
        /// Values given.
        found: usize,
    },
    /// A coefficient outside its range.
    #[error("{what} is {value} in layer {layer}; it must be finite and {must}")]
    Coefficient {
        /// The coefficient.
        what: &'static str,
        /// Layer, from the surface.
        layer: usize,
        /// Value given.
        value: f64,
        /// Its range.
        must: &'static str,
    },
    /// No decay in any layer: a constant may be added to the solution.
    #[error("decay is zero in every layer, so the mean of the steady field is not determined")]
    NoDecay,
    /// No bath is held in contact with the block and nothing is lost in it: a constant may be added to the solution.
    #[error("nothing is lost and no bath touches the block, so the mean of the steady field is not determined")]
    Undetermined,
    /// The iteration stopped before its tolerance.
    #[error("the linear solver stopped after {iterations} iterations with a residual of {residual:.1e}, relative to the change")]
    NotConverged {
        /// Iterations made.
        iterations: usize,
        /// Residual in the norm of energy, relative to that of the change sought.
        residual: f64,
    },
    /// A time step that is not positive and finite.
    #[error("a time step of {0} is not positive and finite")]
    Step(f64),
}

pub(super) fn check_grid(grid: &Grid) -> Result<(), TissueError> {
    let sound = grid.n > 0
        && grid.layers() > 0
        && grid.spacing_um.is_finite()
        && grid.spacing_um > 0.0
        && (0..grid.layers()).all(|l| grid.thickness_um(l).is_finite() && grid.thickness_um(l) > 0.0);
    if sound { Ok(()) } else { Err(TissueError::Grid) }
}

pub(super) fn check_length(what: &'static str, found: usize, expected: usize) -> Result<(), TissueError> {
    if found == expected { Ok(()) } else { Err(TissueError::Length { what, expected, found }) }
}

/// One finite value per layer, positive or (with `or_zero`) not negative.
pub(super) fn check_layers(what: &'static str, values: &[f64], layers: usize, or_zero: bool) -> Result<(), TissueError> {
    check_length(what, values.len(), layers)?;
    let must = if or_zero { "not negative" } else { "positive" };
    match values.iter().position(|&v| !v.is_finite() || v < 0.0 || (v == 0.0 && !or_zero)) {
        Some(layer) => Err(TissueError::Coefficient { what, layer, value: values[layer], must }),
        None => Ok(()),
    }
}
