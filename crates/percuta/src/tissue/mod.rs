//! Grids and solvers. Knows no biology.

mod elliptic;
mod grid;

pub use elliptic::Elliptic;
pub use grid::Grid;
