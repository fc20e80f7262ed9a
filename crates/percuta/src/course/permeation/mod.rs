//! Permeation studies: one permeant on skin, intact and needled, as a Franz cell or a person would show it.

mod outcome;
mod study;

pub use outcome::{
    Arm, BlockCurve, BlockSection, ChannelStatistics, ClosedBy, Compartment, PermeationOutcome, Profile, Quantity, Replicate, Window,
};
pub use study::{BarrierChoice, DataSeries, PermeationStudy, Preparation, SkinSample, Treatment};
