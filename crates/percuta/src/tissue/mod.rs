//! Grids and solvers. Knows no biology.

mod elliptic;
mod error;
mod grid;
mod lateral;
mod parallel;

pub use elliptic::Elliptic;
pub use error::TissueError;
pub use grid::Grid;
pub use lateral::Lateral;
