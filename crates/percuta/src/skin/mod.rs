//! Who is treated and where: person, tone, site and the layers of the skin there.

mod layers;
mod person;
mod site;
mod tone;

pub use layers::Layers;
pub use person::{Person, Sex};
pub use site::Site;
pub use tone::{Lab, Tone};
