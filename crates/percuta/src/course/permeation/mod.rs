//! Permeation studies: one permeant on skin, intact and needled, as a Franz cell or a person would show it.

mod block;
mod collate;
mod curves;
mod data;
mod explanation;
pub mod file;
pub mod fit;
mod member;
mod outcome;
mod replicates;
mod run;
mod study;
mod warnings;
mod window;

pub use block::run_block;
pub use collate::GROUPS;
pub use curves::{ArmCurve, RATIOS, REPORTED, Reported, curves, ratios};
pub use data::read_data;
pub use member::{MemberSkin, estimate};
pub use outcome::{
    Arm, BlockCurve, BlockSection, ChannelStatistics, ClosedBy, Compartment, PermeationOutcome, Profile, Quantity, Replicate, Window,
};
pub use run::{run, times};
pub use study::{BarrierChoice, BlockSettings, DataSeries, PermeationStudy, Preparation, SkinSample, Treatment};
pub use warnings::warnings;

use crate::course::RunError;
