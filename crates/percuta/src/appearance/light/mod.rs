//! Light in skin.

pub mod transfer;
