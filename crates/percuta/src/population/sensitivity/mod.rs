//! Variance-based sensitivity of any function over the unit hypercube: how much of the variance of each output each input explains
//! (Sobol' 1993, Math Model Comput Exp 1:407; Homma and Saltelli 1996, Reliab Eng Syst Saf 52:1).
//!
//! A *factor* is one input or several that are varied together. [`sobol`] gives the first-order and the total index of each factor with error
//! bars, [`screen`] a rough ranking of many factors at a fraction of the cost.

mod design;
mod estimate;
mod screening;
#[cfg(test)]
mod tests;

pub use design::{Design, MOST_SAMPLES, REPLICATES};
pub use estimate::{FactorIndices, Index, OutputIndices, sobol};
pub use screening::screen;

/// A function from the unit hypercube to its outputs.
pub type Model<'a, E> = &'a (dyn Fn(&[f64]) -> Result<Vec<f64>, E> + Sync);
