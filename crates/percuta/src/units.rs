//! Quantities with units as strings, read by a units library into the units the model works in.
