//! Grids and solvers. Knows no biology.

mod grid;

pub use grid::Grid;
