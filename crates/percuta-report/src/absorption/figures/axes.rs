//! What the figures of a study share: units, logarithmic ranges, curves with events, measured points.

use percuta::course::permeation::{DataSeries, PermeationOutcome, PermeationStudy};
use percuta::population::Interval;

use super::stroke;
use crate::absorption::words::arm_name;
use crate::figures::page::{Anchor, Page, Swatch, text_width};
use crate::figures::panel::{Axes, Panel, nice, range};
use crate::figures::style::{BLACK, GREY, INK, LIGHT, SMALL, Stroke, WIDTH};

/// Curves this many times apart need a logarithmic axis.
const FAR: f64 = 20.0;
/// Most decades of a logarithmic axis.
const DECADES: f64 = 6.0;

/// A unit of mass and how many of it are in a microgram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    pub name: &'static str,
    pub per_ug: f64,
}

impl Unit {
    /// The unit in which a mass of this many micrograms is a number one likes to read.
    pub fn of(ug: f64) -> Self {
        let (name, per_ug) = match ug {
            x if x >= 1e4 => ("mg", 1e-3),
            x if x >= 0.2 || x <= 0.0 || !x.is_finite() => ("µg", 1.0),
            x if x >= 2e-4 => ("ng", 1e3),
            _ => ("pg", 1e6),
        };
        Self { name, per_ug }
    }

    pub fn scaled(self, i: &Interval) -> Interval {
        Interval { median: i.median * self.per_ug, low: i.low * self.per_ug, high: i.high * self.per_ug }
    }
}

/// Whether curves with these typical values would hide one another on a linear axis.
pub fn far_apart(values: impl Iterator<Item = f64>) -> bool {
    let (low, high) = values.filter(|v| *v > 0.0).fold((f64::INFINITY, 0.0f64), |(l, h), v| (l.min(v), h.max(v)));
    high > FAR * low
}

/// Hours between the numbers of an axis of so many hours that has room for so many numbers.
pub fn hours(length: f64, most: f64) -> f64 {
    let steps = [0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 12.0, 24.0, 48.0, 72.0];
    steps.into_iter().find(|s| length / s <= most + 1e-9).unwrap_or_else(|| 168.0 * (length / most / 168.0).ceil())
}

/// A round number (1, 2 or 5 times a power of ten) above the greatest value, and one below the least value of interest.
pub fn decades(least: f64, greatest: f64) -> (f64, f64) {
    if !(greatest > 0.0 && greatest.is_finite()) {
        return (0.1, 1.0);
    }
    let top = nice(greatest * (1.0 - 1e-9));
    let lowest = 10f64.powf(top.log10() - DECADES);
    // The round number below is the inverse of the one above the inverse.
    let bottom = if least > lowest && least.is_finite() { 1.0 / nice((1.0 - 1e-9) / least) } else { 0.0 };
    (bottom.clamp(10f64.powf(lowest.log10().ceil()), 0.1 * top), top)
}

/// A curve of one arm over time.
pub struct Curve<'a> {
    pub needled: bool,
    pub values: &'a [Interval],
    /// What stands for the curve when it is asked whether curves lie far apart, in micrograms.
    pub typical: f64,
}

/// Axes over time with the curves of the arms, on which further marks can be put.
pub struct OverTime {
    pub axes: Axes,
    pub unit: Unit,
    pub log: bool,
    pub y: (f64, f64),
}

/// Height of the rows of a legend, px.
const ROW: f64 = 18.0;

/// Draws the curves of the arms (in micrograms, `per` what the label adds) from `top` to `top + height` of the page. `also` are
/// further values that the axis must hold.
#[allow(clippy::too_many_arguments, reason = "each is a plain property of the axes")]
pub fn over_time(
    page: &mut Page,
    outcome: &PermeationOutcome,
    title: &str,
    per: &str,
    curves: &[Curve<'_>],
    also: &[f64],
    top: f64,
    height: f64,
) -> OverTime {
    let highest = curves.iter().flat_map(|c| c.values.iter().map(|v| v.high)).chain(also.iter().copied()).fold(0.0, f64::max);
    let unit = Unit::of(highest);
    let log = far_apart(curves.iter().map(|c| c.typical));
    let y = if log {
        let least = curves.iter().map(|c| c.typical).filter(|t| *t > 0.0).fold(f64::INFINITY, f64::min);
        decades(0.1 * least * unit.per_ug, highest * unit.per_ug)
    } else {
        range([0.0, highest * unit.per_ug].into_iter())
    };
    let label = format!("{}{per}{}", unit.name, if log { ", logarithmic" } else { "" });
    let end = outcome.study.duration_h;
    let mut panel = Panel::new(title, (0.0, end, "hours after the first application"), (y.0, y.1, label.as_str())).x_step(hours(end, 8.0));
    if log {
        panel = panel.log_y();
    }
    for c in curves {
        let values: Vec<Interval> = c.values.iter().map(|v| unit.scaled(v)).collect();
        interval_curve(&mut panel, &outcome.times_h, &values, stroke(c.needled), if log { y.0 } else { f64::NEG_INFINITY });
    }
    let axes = panel.draw(page, 0.0, top, WIDTH, height);
    events(page, &axes, &outcome.study, y);
    OverTime { axes, unit, log, y }
}

/// A curve with its band; both begin where they rise above the floor of the axis.
pub fn interval_curve(panel: &mut Panel, x: &[f64], values: &[Interval], stroke: Stroke, floor: f64) {
    let first = values.iter().position(|v| v.high > floor).unwrap_or(values.len());
    let last = values.iter().rposition(|v| v.high > floor).map_or(0, |i| i + 1);
    if first + 1 < last {
        panel.shade(&x[first..last], &values[first..last], stroke);
    }
    for points in above(x, &values.iter().map(|v| v.median).collect::<Vec<_>>(), floor) {
        panel.line(&points, stroke);
    }
}

/// The parts of a curve above a floor; each begins and ends on it.
pub fn above(x: &[f64], y: &[f64], floor: f64) -> Vec<Vec<(f64, f64)>> {
    let mut parts: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut part: Vec<(f64, f64)> = Vec::new();
    for (i, (&x1, &y1)) in x.iter().zip(y).enumerate() {
        let before = (i > 0).then(|| (x[i - 1], y[i - 1]));
        let crossing = |(x0, y0): (f64, f64)| (x0 + (x1 - x0) * (floor - y0) / (y1 - y0), floor);
        match (y1 > floor, before) {
            (true, Some(b)) if b.1 <= floor => part.extend([crossing(b), (x1, y1)]),
            (true, _) => part.push((x1, y1)),
            (false, Some(b)) if b.1 > floor => {
                part.push(crossing(b));
                parts.push(std::mem::take(&mut part));
            }
            (false, _) => {}
        }
    }
    if part.len() > 1 {
        parts.push(part);
    }
    parts
}

/// Applications, washing and sampling along the axes.
fn events(page: &mut Page, axes: &Axes, study: &PermeationStudy, y: (f64, f64)) {
    if !study.dosing.infinite {
        axes.sessions(page, &study.dosing.applied_h);
    }
    if let Some(t) = study.dosing.washed_h.filter(|t| *t <= study.duration_h) {
        axes.vertical(page, t, GREY, Some("2 4"));
        let (x, top) = axes.at(t, y.1);
        page.styled(x + 4.0, top + 11.0, "washed", Anchor::Start, SMALL, false, GREY);
    }
    for &t in &study.samples_h {
        let (x, bottom) = axes.at(t, y.0);
        page.line((x, bottom), (x, bottom - 6.0), INK, 1.5, None);
    }
}

/// What the marks along the axes are, for captions.
pub fn marks(study: &PermeationStudy) -> String {
    let mut text = " Strokes on the time axis: samples.".to_owned();
    if !study.dosing.infinite {
        text.push_str(" Triangles: applications.");
    }
    text
}

/// Legend entries for the arms.
pub fn arms<'a>(outcome: &PermeationOutcome) -> Vec<(Swatch, &'a str)> {
    outcome.arms.iter().map(|a| (Swatch::Band(stroke(a.needled)), arm_name(a.needled))).collect()
}

/// A legend that goes on in the next row where the page ends; returns the height it took.
pub fn legend(page: &mut Page, y: f64, entries: &[(Swatch, &str)]) -> f64 {
    let mut rows: Vec<Vec<(Swatch, &str)>> = vec![Vec::new()];
    let mut x = 12.0;
    for (swatch, label) in entries {
        let wide = 49.0 + text_width(label, 11.0);
        if x + wide > WIDTH && x > 12.0 {
            rows.push(Vec::new());
            x = 12.0;
        }
        x += wide;
        if let Some(row) = rows.last_mut() {
            row.push((swatch.clone(), label));
        }
    }
    for (i, row) in rows.iter().enumerate() {
        page.legend(12.0, y + ROW * i as f64, row);
    }
    ROW * rows.len() as f64
}

/// A mark of measured values: its shape goes by the number of the series, its colour by the arm.
pub fn mark(page: &mut Page, (x, y): (f64, f64), shape: usize, colour: &str) {
    let s = 5.0;
    let d = match shape % 4 {
        0 => format!("M{:.2} {y:.2}L{x:.2} {:.2}L{:.2} {y:.2}L{x:.2} {:.2}Z", x - s, y - s, x + s, y + s),
        1 => format!(
            "M{:.2} {:.2}L{:.2} {:.2}L{:.2} {:.2}L{:.2} {:.2}Z",
            x - 4.0,
            y - 4.0,
            x + 4.0,
            y - 4.0,
            x + 4.0,
            y + 4.0,
            x - 4.0,
            y + 4.0
        ),
        2 => format!("M{:.2} {:.2}L{x:.2} {:.2}L{:.2} {:.2}Z", x - s, y + 4.0, y - s, x + s, y + 4.0),
        _ => format!("M{:.2} {:.2}L{x:.2} {:.2}L{:.2} {:.2}Z", x - s, y - 4.0, y + s, x + s, y - 4.0),
    };
    page.shapes(&d, colour, BLACK, 1.0);
}

/// Measured points with their standard deviations on the axes.
pub fn measured(page: &mut Page, drawn: &OverTime, data: &[DataSeries], end: f64) {
    for (k, series) in data.iter().enumerate() {
        for (i, (&t, &q)) in series.time_h.iter().zip(&series.amount_ug_per_cm2).enumerate() {
            let value = q * drawn.unit.per_ug;
            if t > end || value < drawn.y.0 {
                continue;
            }
            let at = drawn.axes.at(t, value);
            if let Some(sd) = series.sd_ug_per_cm2.as_ref().and_then(|s| s.get(i)) {
                let sd = sd * drawn.unit.per_ug;
                let (low, high) = ((value - sd).max(drawn.y.0), (value + sd).min(drawn.y.1));
                for v in [low, high] {
                    let (x, y) = drawn.axes.at(t, v);
                    page.line((x - 3.0, y), (x + 3.0, y), BLACK, 1.0, None);
                }
                page.line(drawn.axes.at(t, low), drawn.axes.at(t, high), BLACK, 1.0, None);
            }
            mark(page, at, k, stroke(series.needled).colour);
        }
    }
}

/// Names of the measured series in a row of their own.
pub fn measured_legend(page: &mut Page, y: f64, data: &[DataSeries]) {
    let mut x = 12.0;
    for (k, series) in data.iter().enumerate() {
        mark(page, (x + 13.0, y - 4.0), k, stroke(series.needled).colour);
        let label = format!("measured: {} ({})", series.group, arm_name(series.needled));
        page.styled(x + 31.0, y, &label, Anchor::Start, 11, false, INK);
        x += 49.0 + text_width(&label, 11.0);
    }
}

/// A horizontal logarithmic axis drawn by hand, per decade a rule and a number.
pub struct LogRow {
    low: f64,
    high: f64,
    left: f64,
    right: f64,
}

impl LogRow {
    pub fn new((low, high): (f64, f64), left: f64, right: f64) -> Self {
        Self { low: low.log10(), high: high.log10(), left, right }
    }

    pub fn at(&self, v: f64) -> f64 {
        let share = if v > 0.0 { (v.log10() - self.low) / (self.high - self.low) } else { 0.0 };
        self.left + (self.right - self.left) * share.clamp(0.0, 1.0)
    }

    pub fn draw(&self, page: &mut Page, top: f64, bottom: f64) {
        for exponent in (self.low - 1e-9).ceil() as i32..=(self.high + 1e-9).floor() as i32 {
            let v = 10f64.powi(exponent);
            page.line((self.at(v), top), (self.at(v), bottom), LIGHT, 1.0, None);
            page.styled(self.at(v), bottom + 14.0, &crate::format::plain(v), Anchor::Middle, SMALL, false, INK);
        }
        page.line((self.left, bottom), (self.right, bottom), GREY, 1.0, None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_keep_numbers_readable() {
        assert_eq!(Unit::of(76.0).name, "µg");
        assert_eq!(Unit::of(0.0).name, "µg");
        assert_eq!(Unit::of(0.004).name, "ng");
        assert_eq!(Unit::of(4e-7).name, "pg");
        assert_eq!(Unit::of(4e4).per_ug, 1e-3);
    }

    #[test]
    fn a_logarithmic_axis_ends_on_round_numbers() {
        let near = |(a, b): (f64, f64), (c, d): (f64, f64)| (a / c - 1.0).abs() < 1e-9 && (b / d - 1.0).abs() < 1e-9;
        assert!(near(decades(0.03, 76.0), (0.02, 100.0)), "{:?}", decades(0.03, 76.0));
        assert!(near(decades(0.58, 111.0), (0.5, 200.0)), "{:?}", decades(0.58, 111.0));
        assert!(near(decades(0.0, 100.0), (1e-4, 100.0)), "{:?}", decades(0.0, 100.0));
        assert!(near(decades(90.0, 100.0), (10.0, 100.0)), "{:?}", decades(90.0, 100.0));
        assert_eq!(decades(1.0, 0.0), (0.1, 1.0));
        assert!(far_apart([76.0, 2.0].into_iter()) && !far_apart([76.0, 10.0, 0.0].into_iter()));
    }

    #[test]
    fn hours_are_those_of_a_clock() {
        assert_eq!(hours(24.0, 8.0), 4.0);
        assert_eq!(hours(24.0, 6.0), 4.0);
        assert_eq!(hours(48.0, 8.0), 6.0);
        assert_eq!(hours(1000.0, 8.0), 168.0);
    }

    #[test]
    fn a_curve_begins_where_it_leaves_the_floor() {
        let parts = above(&[0.0, 1.0, 2.0, 3.0], &[0.0, 2.0, 2.0, 0.0], 1.0);
        assert_eq!(parts, [vec![(0.5, 1.0), (1.0, 2.0), (2.0, 2.0), (2.5, 1.0)]]);
        assert_eq!(above(&[0.0, 1.0], &[0.0, 2.0], f64::NEG_INFINITY), [vec![(0.0, 0.0), (1.0, 2.0)]]);
    }
}
