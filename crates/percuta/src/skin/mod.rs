//! Who is treated and where: person, tone, site and the layers of the skin there.

mod ageing;
mod layers;
mod person;
mod site;
mod tone;
mod tone_table;

pub use layers::Layers;
pub use person::{Person, Sex};
pub use site::{Site, SiteError, site_for, site_keys};
pub use tone::{ItaClass, Lab, Tone};
