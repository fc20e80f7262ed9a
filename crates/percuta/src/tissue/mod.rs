//! Grids and solvers. Knows no biology.

mod elliptic;
mod error;
mod grid;
mod lateral;
mod mosaic;
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
pub use mosaic::{Bath, Effort, Exchanged, Fabric, Film, Mosaic, MosaicState, Side};
pub use transport::{Boundary, Entered, Medium, Transport};
pub(crate) use vector::Vector;
