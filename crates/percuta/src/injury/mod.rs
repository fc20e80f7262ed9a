//! From punctures to damaged tissue and open channels.

mod rasterise;
mod session;
mod track;

pub use rasterise::{Injury, injure, injure_alike, injure_threaded};
pub use session::SessionInjury;
pub use track::{Stadium, Stretch, Track};
