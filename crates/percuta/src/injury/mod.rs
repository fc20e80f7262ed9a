//! From punctures to damaged tissue and open channels.

mod session;

pub use session::SessionInjury;
