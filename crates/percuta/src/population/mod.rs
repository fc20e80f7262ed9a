//! Parameters as distributions, ensembles of members, and what drives a result.

pub mod calibration;
mod distribution;
mod draw;
mod drivers;
mod parameter;
mod posterior_file;
pub mod sensitivity;
mod stream;
mod summary;

pub use distribution::Distribution;
pub(crate) use draw::hash;
pub use draw::{Draw, Group, draw_members};
pub use drivers::{Driver, drivers, noise_floor};
pub(crate) use parameter::nearest;
pub use parameter::{Kind, Parameter, ParameterError, ParameterSet};
pub use posterior_file::JointDraws;
pub use stream::{Purpose, stream};
pub use summary::{Interval, interval};
