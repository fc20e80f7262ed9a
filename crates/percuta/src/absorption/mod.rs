//! What gets in: permeants, barrier, channels and dose.

mod permeant;

pub use permeant::Permeant;
