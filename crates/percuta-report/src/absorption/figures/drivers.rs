//! Which parameters drive the amount absorbed.

use percuta::course::permeation::PermeationOutcome;
use percuta::population::noise_floor;

use crate::absorption::words::arm_name;
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::drivers::{BARS, BLOCK, bars, legend};
use crate::figures::page::Page;
use crate::figures::style::WIDTH;
use crate::format;

/// The strongest rank correlations, with the level that chance reaches.
pub fn figure(outcome: &PermeationOutcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(arm) = outcome.arms.first().filter(|_| !outcome.drivers.is_empty()) else { return Ok(None) };
    let floor = noise_floor(outcome.members as usize, outcome.drivers.len());
    let mut page = Page::new(34.0 + BLOCK + 20.0);
    legend(&mut page);
    let heading = format!("Amount by {} h, {}", format::plain(outcome.study.duration_h), arm_name(arm.needled));
    for (k, part) in outcome.drivers.chunks(BARS).take(2).enumerate() {
        let heading = if k == 0 { heading.as_str() } else { "The next strongest" };
        bars(&mut page, heading, part, floor, 0.5 * WIDTH * k as f64, 34.0);
    }
    let caption = format!(
        "Parameters that drive the amount absorbed by the end through {}. Bars: Spearman's rank correlation over the {} members, the strongest first. The shaded zone (±{}) is what chance alone would reach \
         for one of {} candidate parameters in 5 % of ensembles of this size; bars inside it cannot be told from noise. A correlation says which uncertainty matters, not what would change an outcome in a person.",
        arm_name(arm.needled),
        outcome.members,
        format::fixed(floor, 2),
        outcome.drivers.len()
    );
    page.finish(outcome, version, "permeation-drivers", "What drives the amount absorbed", caption).map(Some)
}
