//! How far a run is: a bar on a terminal, plain lines elsewhere.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::terminal;

/// Shows how much is done.
pub enum Progress {
    Bar(ProgressBar),
    Lines { tenths: AtomicUsize },
    Nothing,
}

impl Progress {
    /// `total` of `what`.
    pub fn start(total: u64, what: &str, quiet: bool) -> Self {
        if quiet {
            return Self::Nothing;
        }
        if !terminal::watched() {
            return Self::Lines { tenths: AtomicUsize::new(0) };
        }
        let bar = ProgressBar::new(total);
        let template = format!("{{bar:40}} {{pos}} of {{len}} {what}, {{elapsed}} gone, about {{eta}} left");
        if let Ok(style) = ProgressStyle::with_template(&template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self::Bar(bar)
    }

    /// How much is done; may be called from any thread.
    pub fn set(&self, done: usize, total: usize) {
        match self {
            // What is to be done may turn out only when it has begun.
            Self::Bar(bar) if bar.length() != Some(total as u64) => {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
            }
            // Threads may report out of order; the bar only moves forward.
            Self::Bar(bar) if done as u64 > bar.position() => bar.set_position(done as u64),
            Self::Lines { tenths } => {
                let now = 10 * done / total.max(1);
                if tenths.fetch_max(now, Ordering::Relaxed) < now {
                    terminal::tell(&format!("{} %", 10 * now));
                }
            }
            _ => {}
        }
    }

    pub fn stop(&self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
