//! Spread between studies by domain, before and after.

use percuta::evidence::calibration::CalibrationOutcome;

use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::style::{BLUE, GREY, INK, LIGHT, SMALL, WIDTH};
use crate::validation::figures::ratio::{Ratio, tick};

const LEFT: f64 = 200.0;
const RIGHT: f64 = WIDTH - 130.0;
const ROW: f64 = 30.0;
const TOP: f64 = 40.0;
const SHADE: &str = "#d5d5d5";
/// Ends of the 90 % interval of the prior, which is log-normal with a geometric standard deviation of 2.
const FACTOR: f64 = 3.127;

/// One row a domain.
pub fn figure(outcome: &CalibrationOutcome, stamp: &str) -> Result<Option<Figure>, ReportError> {
    let spreads = &outcome.spreads;
    if spreads.is_empty() {
        return Ok(None);
    }
    let ends = spreads.iter().flat_map(|s| [s.expected / FACTOR, s.expected * FACTOR, s.found.low, s.found.high]);
    let axis = Ratio::over(ends, (0.1, 0.5), 2.0);
    let x = |v: f64| LEFT + (RIGHT - LEFT) * axis.share(v);
    let bottom = TOP + ROW * spreads.len() as f64;
    let mut page = Page::new(bottom + 60.0);
    page.legend(
        18.0,
        18.0,
        &[(Swatch::Fill(SHADE.into()), "expected, with 90 % interval"), (Swatch::Fill(BLUE.into()), "found, with 90 % interval")],
    );
    for t in axis.ticks(0.07) {
        page.line((x(t), TOP), (x(t), bottom), LIGHT, 1.0, None);
        page.styled(x(t), bottom + 14.0, &tick(t), Anchor::Middle, SMALL, false, INK);
    }
    page.line((LEFT, bottom), (RIGHT, bottom), GREY, 1.0, None);
    page.styled(
        0.5 * (LEFT + RIGHT),
        bottom + 32.0,
        "spread between studies, as a share of the baseline or in the logarithm",
        Anchor::Middle,
        11,
        false,
        INK,
    );
    for (i, s) in spreads.iter().enumerate() {
        let y = TOP + ROW * (i as f64 + 0.5);
        page.styled(18.0, y + 4.0, s.domain.name(), Anchor::Start, 11, false, INK);
        let (low, high) = (x(s.expected / FACTOR), x(s.expected * FACTOR));
        page.rect(low, y - 9.0, high - low, 8.0, SHADE);
        page.rect(x(s.expected) - 1.0, y - 11.0, 2.0, 12.0, GREY);
        page.rect(x(s.found.low), y + 3.0, x(s.found.high) - x(s.found.low), 5.0, BLUE);
        page.rect(x(s.found.median) - 1.0, y - 0.5, 2.0, 12.0, BLUE);
        let from = if s.targets == 1 { "1 observation".to_owned() } else { format!("{} observations", s.targets) };
        page.styled(RIGHT + 12.0, y + 4.0, &from, Anchor::Start, 11, false, INK);
    }
    let caption = "How far studies of one domain lie apart for reasons that no parameter holds: hands, devices, instruments, people. 0.3 says that two thirds of the studies lie within 30 % of the baseline (or within a factor of 1.35) of what a typical study would find. \
         Where few observations speak, the interval found is that expected."
        .to_owned();
    page.stamped(stamp, "spreads", "Spread between studies", caption).map(Some)
}
