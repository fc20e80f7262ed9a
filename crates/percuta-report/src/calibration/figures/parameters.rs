//! Each parameter before and after, and its profile.

use percuta::evidence::calibration::{Calibrated, CalibrationOutcome};

use super::super::words::{THRESHOLD, of_the_data, scores};
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::style::{BLACK, BLUE, GREY, INK, LIGHT, SMALL, Stroke, VERMILION, WIDTH};
use crate::format;

/// The two panels of a row, px.
const LEFT: (f64, f64) = (30.0, 400.0);
const RIGHT: (f64, f64) = (470.0, WIDTH - 24.0);
/// Heading, drawing and axis of a row, px.
const HEAD: f64 = 26.0;
const HEIGHT: f64 = 96.0;
const ROW: f64 = HEAD + HEIGHT + 44.0;
const TOP: f64 = 52.0;
/// Normal scores from one end of an axis to the other.
const END: f64 = 3.0;
/// Bars of the posterior.
const BARS: usize = 24;
/// Lowest logarithm of a profile that is drawn.
const LOWEST: f64 = -5.0;
const SHADE: &str = "#e3e3e3";
const AFTER: &str = "#8fc3e4";

/// One row a parameter: density before and after, and the profiles.
pub fn figure(outcome: &CalibrationOutcome, stamp: &str) -> Result<Option<Figure>, ReportError> {
    let drawn: Vec<(usize, &Calibrated)> = outcome.parameters.iter().enumerate().filter(|(_, p)| p.profile.len() > 1).collect();
    if drawn.is_empty() {
        return Ok(None);
    }
    let mut page = Page::new(TOP + ROW * drawn.len() as f64 + 20.0);
    page.legend(18.0, 18.0, &[(Swatch::Fill(SHADE.into()), "before (prior)"), (Swatch::Fill(AFTER.into()), "after (posterior)")]);
    marker(&mut page, 298.0, 10.0);
    page.styled(308.0, 18.0, "value of the card", Anchor::Start, 11, false, INK);
    page.legend(
        RIGHT.0 - 12.0,
        18.0,
        &[
            (Swatch::Line(Stroke { colour: BLUE, dash: None }), "posterior"),
            (Swatch::Line(Stroke { colour: VERMILION, dash: Some("9 6") }), "data alone"),
            (Swatch::Line(Stroke { colour: GREY, dash: Some("2 3") }), "prior alone"),
        ],
    );
    page.styled(LEFT.0, 40.0, "Density", Anchor::Start, 11, true, INK);
    page.styled(RIGHT.0, 40.0, "Profile of the logarithm, less that at the best", Anchor::Start, 11, true, INK);
    for (row, (k, p)) in drawn.iter().enumerate() {
        let top = TOP + ROW * row as f64;
        let title = if p.told { p.name.clone() } else { format!("{}  (not told by the data)", p.name) };
        page.styled(LEFT.0, top + 18.0, &title, Anchor::Start, 12, true, if p.told { INK } else { GREY });
        let draws: Vec<f64> = outcome.posterior.draws.iter().filter_map(|d| d.get(*k).map(|x| score_of(p, *x))).collect();
        density(&mut page, top + HEAD, p, &draws);
        profiles(&mut page, top + HEAD, p);
    }
    let caption = "Left: what was believed of each parameter before (grey) and what is believed after the studies (blue, the draws of the posterior ensemble). \
         The axes are even in the normal score of the prior, so that every prior has the same shape; the numbers below are values of the parameter. \
         Where blue fills grey the studies told nothing. Right: the highest logarithm of the density that is left when the parameter is held at a value and everything else, spreads between studies included, is at its best. \
         A value below the dashed line (1.92 below the best) lies outside of a 95 % interval, as if the curve were a parabola. “Data alone” is the posterior without the prior of this one parameter (the priors of the others stay): where it is flat the studies do not bound the parameter and its interval is that of the prior. Beyond two standard deviations few runs lie, and a curve that bends up again there is the polynomial's."
        .to_owned();
    page.stamped(stamp, "parameters", "Parameters before and after, and their profiles", caption).map(Some)
}

/// Normal score of a value, between the points of the profile.
fn score_of(p: &Calibrated, value: f64) -> f64 {
    let at = scores(p);
    for (i, pair) in p.profile.windows(2).enumerate() {
        let (a, b) = (pair[0].0, pair[1].0);
        if (a..=b).contains(&value) && b > a {
            return at[i] + (at[i + 1] - at[i]) * (value - a) / (b - a);
        }
    }
    if p.profile.first().is_some_and(|f| value < f.0) { -END } else { END }
}

/// Where a score lies between the ends of a panel.
fn x((left, right): (f64, f64), score: f64) -> f64 {
    left + (right - left) * (score.clamp(-END, END) + END) / (2.0 * END)
}

/// The axis in values at whole scores.
fn axis(page: &mut Page, panel: (f64, f64), bottom: f64, p: &Calibrated) {
    page.line((panel.0, bottom), (panel.1, bottom), GREY, 1.0, None);
    let n = p.profile.len() - 1;
    for score in [-3, -2, -1, 0, 1, 2, 3] {
        let at = x(panel, f64::from(score));
        page.line((at, bottom), (at, bottom + 4.0), GREY, 1.0, None);
        let i = ((f64::from(score) + END) / (2.0 * END) * n as f64).round() as usize;
        page.styled(at, bottom + 15.0, &format::own_digits(p.profile[i.min(n)].0), Anchor::Middle, SMALL, false, INK);
    }
    let unit = if p.unit == "1" { String::new() } else { p.unit.clone() };
    page.styled(panel.1, bottom + 28.0, &unit, Anchor::End, SMALL, false, GREY);
}

fn density(page: &mut Page, top: f64, p: &Calibrated, draws: &[f64]) {
    let bottom = top + HEIGHT;
    let normal = |z: f64| (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let width = 2.0 * END / BARS as f64;
    let mut bars = [0.0; BARS];
    for z in draws {
        bars[(((z + END) / width).max(0.0) as usize).min(BARS - 1)] += 1.0 / (draws.len() as f64 * width);
    }
    let highest = bars.iter().copied().fold(normal(0.0), f64::max);
    let y = |density: f64| bottom - (HEIGHT - 14.0) * density / highest;
    let mut prior: Vec<(f64, f64)> = (0..=60).map(|i| -END + 0.1 * f64::from(i)).map(|z| (x(LEFT, z), y(normal(z)))).collect();
    prior.extend([(LEFT.1, bottom), (LEFT.0, bottom)]);
    page.polygon(&prior, SHADE, 1.0);
    for (i, bar) in bars.iter().enumerate().filter(|b| *b.1 > 0.0) {
        let from = x(LEFT, -END + width * i as f64);
        let to = x(LEFT, -END + width * (i as f64 + 1.0));
        page.polygon(&[(from, bottom), (from, y(*bar)), (to - 0.6, y(*bar)), (to - 0.6, bottom)], AFTER, 0.75);
    }
    // The outline of the prior stays visible over the bars.
    page.curve(&prior[..61], GREY, 1.0, None);
    let at = |value: f64| x(LEFT, score_of(p, value));
    page.line((at(p.posterior.low), bottom - 4.0), (at(p.posterior.high), bottom - 4.0), BLUE, 3.0, None);
    page.disc(at(p.posterior.median), bottom - 4.0, 4.0, BLUE);
    marker(page, at(p.card), top + 1.0);
    page.line((at(p.card), top + 8.0), (at(p.card), bottom), BLACK, 1.0, Some("3 3"));
    axis(page, LEFT, bottom, p);
}

/// A triangle that points down.
fn marker(page: &mut Page, x: f64, y: f64) {
    page.polygon(&[(x - 5.0, y), (x + 5.0, y), (x, y + 8.0)], BLACK, 1.0);
}

fn profiles(page: &mut Page, top: f64, p: &Calibrated) {
    let bottom = top + HEIGHT;
    let y = |l: f64| top + HEIGHT * (l.clamp(LOWEST, 0.0) / LOWEST);
    for l in [0.0, -2.0, -4.0] {
        page.line((RIGHT.0, y(l)), (RIGHT.1, y(l)), LIGHT, 1.0, None);
        page.styled(RIGHT.0 - 6.0, y(l) + 3.5, &format::plain(l), Anchor::End, SMALL, false, INK);
    }
    page.line((RIGHT.0, y(-THRESHOLD)), (RIGHT.1, y(-THRESHOLD)), BLACK, 1.2, Some("6 4"));
    page.styled(RIGHT.1, y(-THRESHOLD) - 4.0, "95 %", Anchor::End, SMALL, false, INK);
    page.clip(RIGHT.0, top - 2.0, RIGHT.1 - RIGHT.0, HEIGHT + 2.0);
    let height = |l: f64| top + HEIGHT * (l / LOWEST);
    let at = scores(p);
    let curve = |of: &dyn Fn(usize) -> f64| -> Vec<(f64, f64)> { (0..at.len()).map(|i| (x(RIGHT, at[i]), height(of(i)))).collect() };
    let data = of_the_data(p);
    page.curve(&curve(&|i| -0.5 * at[i] * at[i]), GREY, 1.2, Some("2 3"));
    page.curve(&curve(&|i| data[i]), VERMILION, 1.6, Some("9 6"));
    page.curve(&curve(&|i| p.profile[i].1), BLUE, 2.0, None);
    page.unclip();
    axis(page, RIGHT, bottom, p);
}
