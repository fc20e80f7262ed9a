//! From punctures to damaged tissue and open channels.

mod rasterise;
mod session;
mod track;

pub use rasterise::{Injury, injure};
pub use session::SessionInjury;
pub use track::{Stadium, Stretch, Track};
