//! How often the intervals hold what was published.

use percuta::evidence::Role;
use percuta::evidence::validation::Score;

use super::colour;
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page};
use crate::figures::style::{GREY, INK, LIGHT, SMALL, WIDTH};
use crate::format;
use crate::validation::words;

const LEFT: f64 = 250.0;
const RIGHT: f64 = WIDTH - 120.0;
const ROW: f64 = 22.0;
const HEADING: f64 = 26.0;
/// What 90 % intervals should hold, %.
const NOMINAL: f64 = 90.0;

/// Coverage over all and by domain with its interval, beside what it should be.
pub fn figure(scores: &[Score], stamp: &str) -> Result<Option<Figure>, ReportError> {
    if scores.is_empty() {
        return Ok(None);
    }
    let roles: Vec<Role> = [Role::Validation, Role::Calibration].into_iter().filter(|r| scores.iter().any(|s| s.role == *r)).collect();
    let bottom = 14.0 + HEADING * roles.len() as f64 + ROW * scores.len() as f64;
    let mut page = Page::new(bottom + 62.0);
    let x = |percent: f64| LEFT + (RIGHT - LEFT) * 0.01 * percent;
    for percent in [0.0, 25.0, 50.0, 75.0, 100.0] {
        page.line((x(percent), 14.0), (x(percent), bottom), LIGHT, 1.0, None);
        page.styled(x(percent), bottom + 15.0, &format::plain(percent), Anchor::Middle, SMALL, false, INK);
    }
    page.line((x(NOMINAL), 14.0), (x(NOMINAL), bottom), GREY, 1.5, Some("5 4"));
    page.styled(x(NOMINAL) - 4.0, 12.0, "90 %", Anchor::Middle, SMALL, false, INK);
    page.line((LEFT, bottom), (RIGHT, bottom), GREY, 1.0, None);
    page.styled(
        0.5 * (LEFT + RIGHT),
        bottom + 33.0,
        "published numbers inside their predicted 90 % interval, %",
        Anchor::Middle,
        11,
        false,
        INK,
    );
    let mut y = 14.0;
    for role in roles {
        page.bold(12.0, y + 17.0, words::role(role), Anchor::Start);
        y += HEADING;
        for score in scores.iter().filter(|s| s.role == role) {
            let middle = y + 0.5 * ROW;
            let name = score.domain.map_or("All", |d| d.name());
            page.styled(24.0, middle + 4.0, name, Anchor::Start, 11, score.domain.is_none(), INK);
            let (share, low, high) = score.coverage;
            page.line((x(100.0 * low), middle), (x(100.0 * high), middle), colour(role), 2.5, None);
            page.disc(x(100.0 * share), middle, 5.0, colour(role));
            if role == Role::Calibration {
                page.disc(x(100.0 * share), middle, 3.0, "#ffffff");
            }
            page.styled(RIGHT + 14.0, middle + 4.0, &format!("{} of {}", score.covered, score.observations), Anchor::Start, 11, false, INK);
            y += ROW;
        }
    }
    let caption = "Share of the published numbers that lie inside their predicted 90 % interval, with its own 90 % interval (Wilson). It should lie near 90 %: far below, the intervals are too narrow or wrong; far above, they are wider than they need be. \
         The shares' intervals take observations of one study as independent and are too narrow for that reason."
        .to_owned();
    page.stamped(stamp, "coverage-by-domain", "Coverage by domain", caption).map(Some)
}
