//! The last resort: a panic is a defect of Percuta and is called one.

use std::panic;

use crate::terminal;

/// Makes a panic say what it is and where to report it, without a backtrace.
pub fn install() {
    panic::set_hook(Box::new(|info| {
        let reason = info.payload_as_str().unwrap_or("no reason given");
        let place = info.location().map(|l| format!(" ({}:{})", l.file(), l.line())).unwrap_or_default();
        terminal::tell(&format!(
            "error: this is a defect of Percuta {}: {reason}{place}\n  help: please report it with the command and the course file; your files are untouched",
            env!("CARGO_PKG_VERSION")
        ));
    }));
}
