//! How parameters hang together after the calibration.

use percuta::evidence::calibration::CalibrationOutcome;

use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, text_width};
use crate::figures::style::{INK, SMALL, WIDTH};
use crate::format;

/// Blue for what falls together, vermilion for what rises together; white for neither.
const NEGATIVE: [f64; 3] = [0.0, 114.0, 178.0];
const POSITIVE: [f64; 3] = [213.0, 94.0, 0.0];

/// The matrix of correlations; nothing for a single parameter.
pub fn figure(outcome: &CalibrationOutcome, stamp: &str) -> Result<Option<Figure>, ReportError> {
    let n = outcome.parameters.len();
    if n < 2 || outcome.correlations.len() != n {
        return Ok(None);
    }
    let left = outcome.parameters.iter().map(|p| text_width(&p.name, f64::from(SMALL))).fold(60.0, f64::max) + 50.0;
    let side = ((WIDTH - left - 16.0) / n as f64).clamp(14.0, 62.0);
    let tall = side.min(34.0);
    let top = 34.0;
    let mut page = Page::new(top + tall * n as f64 + 28.0);
    for (i, p) in outcome.parameters.iter().enumerate() {
        let y = top + tall * i as f64;
        page.styled(left - 10.0, y + 0.5 * tall + 3.5, &format!("{}  {}", p.name, i + 1), Anchor::End, SMALL, false, INK);
        page.styled(left + side * (i as f64 + 0.5), top - 8.0, &(i + 1).to_string(), Anchor::Middle, SMALL, false, INK);
        for (j, r) in outcome.correlations[i].iter().enumerate() {
            let x = left + side * j as f64;
            if i == j {
                page.rect(x, y, side - 1.0, tall - 1.0, "#eeeeee");
                continue;
            }
            page.rect(x, y, side - 1.0, tall - 1.0, &colour(*r));
            if side >= 30.0 {
                let ink = if r.abs() > 0.6 { "#ffffff" } else { INK };
                page.styled(x + 0.5 * (side - 1.0), y + 0.5 * tall + 3.5, &format::fixed(*r, 2), Anchor::Middle, SMALL, false, ink);
            }
        }
    }
    let caption = "Correlation of the parameters after the calibration, in normal scores; before it there was none. \
         Blue: the studies cannot tell more of one from less of the other. Vermilion: both may be larger, or both smaller. White: what is learnt of one says nothing of the other."
        .to_owned();
    page.stamped(stamp, "correlations", "Correlations after the calibration", caption).map(Some)
}

fn colour(r: f64) -> String {
    let end = if r < 0.0 { NEGATIVE } else { POSITIVE };
    let share = r.abs().min(1.0);
    let [red, green, blue] = end.map(|c| (255.0 + share * (c - 255.0)).round() as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}
