//! Grids and solvers. Knows no biology.

mod elliptic;
mod error;
mod grid;
mod lateral;
mod parallel;
mod stencil;
mod sweep;
mod transport;
mod vector;

#[cfg(test)]
mod elliptic_tests;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod transport_tests;

pub use elliptic::Elliptic;
pub use error::TissueError;
pub use grid::Grid;
pub use lateral::Lateral;
pub use transport::{Boundary, Entered, Medium, Transport};
pub(crate) use vector::Vector;
