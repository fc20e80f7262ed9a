//! Ctrl-C.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;
use crate::place::Place;
use crate::terminal;

/// What an ensemble does when it is asked to stop.
pub const STOPPING: &str = "Stopping after the members in flight";

/// The first Ctrl-C asks the run to stop, the second ends the program.
pub fn stop_on_interrupt(place: Option<&Place>, message: &'static str) -> Result<Arc<AtomicBool>, Failure> {
    let cancel = Arc::new(AtomicBool::new(false));
    let (flag, reserved) = (Arc::clone(&cancel), place.cloned());
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            if let Some(place) = &reserved {
                place.release();
            }
            process::exit(130);
        }
        terminal::tell(&format!("{message}; press Ctrl-C again to stop at once."));
    })
    .map_err(|e| {
        if let Some(place) = place {
            place.release();
        }
        Failure::run(format!("the signal handler cannot be set: {e}"))
    })?;
    Ok(cancel)
}
