//! Predicted beside published.

use percuta::course::{Comparison, Outcome};

use super::Figure;
use super::page::{Anchor, Page, wrapped};
use super::panel::{nice, rounded};
use super::style::{BLACK, BLUE, GREY, INK, LIGHT, SMALL, WIDTH};
use crate::error::ReportError;
use crate::format;

const LABELS: f64 = 350.0;
/// Characters a line of a label holds.
const LINE: usize = 52;
/// Height of the marks of a row, and of its axis, px.
const MARKS: f64 = 30.0;
const AXIS: f64 = 24.0;
/// An interval this many times wider than what it surrounds makes the axis logarithmic away from zero.
const FAR: f64 = 6.0;

/// An axis that is linear, or linear about zero and logarithmic farther out.
pub struct Axis {
    /// Lower end, not above zero.
    pub low: f64,
    /// Upper end, not below zero.
    pub high: f64,
    /// Where the axis turns from linear to logarithmic, if it does.
    pub bend: Option<f64>,
}

/// A forest of intervals, each row on its own axis.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    if outcome.comparison.is_empty() {
        return Ok(None);
    }
    let height = 40.0 + outcome.comparison.iter().map(|c| row_height(&label(c))).sum::<f64>() + 20.0;
    let mut page = Page::new(height);
    legend(&mut page);
    let mut y = 40.0;
    let mut bent = false;
    for c in &outcome.comparison {
        bent |= row(&mut page, c, y);
        y += row_height(&label(c));
    }
    let scale = if bent {
        " An axis marked “log scale” is linear about zero and logarithmic farther out, since the interval is many times wider than the numbers it surrounds."
    } else {
        ""
    };
    let caption = format!(
        "Published values (black diamonds, with the published confidence interval where there is one) beside what the model predicts for the same observation (blue, median and 90 % interval, error of the observation included). \
         Each row has its own axis.{scale} The role stands under each label: calibration numbers were used to set parameters and test nothing; validation numbers were not used; context numbers come from other conditions. \
         For grades “tissue alone” is the part without the expectation and error of raters."
    );
    page.finish(outcome, version, "predicted-and-published", "Predicted beside published", caption).map(Some)
}

fn legend(page: &mut Page) {
    diamond(page, 30.0, 14.0);
    page.text(46.0, 18.0, "published, with its confidence interval if there is one", Anchor::Start);
    page.line((420.0, 14.0), (450.0, 14.0), BLUE, 3.0, None);
    page.disc(435.0, 14.0, 5.0, BLUE);
    page.text(460.0, 18.0, "predicted, 90 % interval", Anchor::Start);
}

fn diamond(page: &mut Page, x: f64, y: f64) {
    page.polygon(&[(x - 5.5, y), (x, y - 5.5), (x + 5.5, y), (x, y + 5.5)], BLACK, 1.0);
}

/// What was observed and when, in lines.
fn label(c: &Comparison) -> Vec<String> {
    let group = c.group.as_ref().filter(|g| !c.quantity.contains(g.as_str())).map(|g| format!(", {g}")).unwrap_or_default();
    wrapped(&format!("{}{group}, day {}", c.quantity, format::day(c.day)), LINE)
}

fn row_height(label: &[String]) -> f64 {
    (14.0 * label.len() as f64 + 14.0).max(MARKS + AXIS) + 16.0
}

/// Draws a row and says whether its axis is bent.
fn row(page: &mut Page, c: &Comparison, top: f64) -> bool {
    let label = label(c);
    for (i, line) in label.iter().enumerate() {
        page.styled(12.0, top + 12.0 + 14.0 * i as f64, line, Anchor::Start, 11, false, INK);
    }
    let role = match c.tissue {
        Some(tissue) => format!("{} · tissue alone {}", c.role, format::interval(&tissue)),
        None => c.role.clone(),
    };
    page.styled(12.0, top + 12.0 + 14.0 * label.len() as f64, &role, Anchor::Start, SMALL, false, GREY);

    let axis = Axis::of(c);
    let (left, right) = (LABELS, WIDTH - 96.0);
    let x = |v: f64| left + (right - left) * axis.share(v);
    let bottom = top + MARKS;
    for tick in axis.ticks() {
        page.line((x(tick), top), (x(tick), bottom), if tick == 0.0 { GREY } else { LIGHT }, 1.0, None);
        page.styled(x(tick), bottom + 13.0, &format::plain(tick), Anchor::Middle, SMALL, false, INK);
    }
    page.line((left, bottom), (right, bottom), GREY, 1.0, None);
    let unit = if c.unit == "1" { "ratio" } else { c.unit.as_str() };
    let unit = if axis.bend.is_some() { format!("{unit} (log scale)") } else { unit.to_owned() };
    for (i, line) in wrapped(&unit, 15).iter().enumerate() {
        page.styled(right + 12.0, bottom + 3.0 + 12.0 * i as f64, line, Anchor::Start, SMALL, false, INK);
    }
    page.line((x(c.predicted.low), top + 21.0), (x(c.predicted.high), top + 21.0), BLUE, 3.0, None);
    page.disc(x(c.predicted.median), top + 21.0, 5.0, BLUE);
    if let Some((a, b)) = c.published_ci {
        page.line((x(a), top + 8.0), (x(b), top + 8.0), BLACK, 1.5, None);
        for end in [a, b] {
            page.line((x(end), top + 4.0), (x(end), top + 12.0), BLACK, 1.5, None);
        }
    }
    diamond(page, x(c.published), top + 8.0);
    axis.bend.is_some()
}

impl Axis {
    fn of(c: &Comparison) -> Self {
        let ci = c.published_ci.unwrap_or((c.published, c.published));
        let ends = [c.published, ci.0, ci.1, c.predicted.low, c.predicted.median, c.predicted.high];
        Self::over(&ends, c.published.abs().max(c.predicted.median.abs()).max(ci.0.abs()).max(ci.1.abs()))
    }

    /// The axis from zero over all of these numbers, with room for those up to `core`.
    pub fn over(ends: &[f64], core: f64) -> Self {
        let (low, high) = ends.iter().filter(|v| v.is_finite()).fold((0.0f64, 0.0f64), |(l, h), &v| (l.min(v), h.max(v)));
        if high <= low {
            return Self { low: -1.0, high: 1.0, bend: None };
        }
        if core > 0.0 && low.abs().max(high) > FAR * core {
            let room = |v: f64| 1.25 * v;
            return Self { low: room(low), high: room(high), bend: Some(core) };
        }
        let margin = 0.04 * (high - low);
        let (low, high) = rounded(if low < 0.0 { low - margin } else { 0.0 }, if high > 0.0 { high + margin } else { 0.0 });
        Self { low, high, bend: None }
    }

    fn scaled(&self, v: f64) -> f64 {
        // A third of the numbers in the middle is the customary place of the bend: they keep most of the room.
        self.bend.map_or(v, |b| (v / (b / 3.0)).asinh())
    }

    /// Place of a value between the ends of the axis, 0 to 1.
    pub fn share(&self, v: f64) -> f64 {
        ((self.scaled(v) - self.scaled(self.low)) / (self.scaled(self.high) - self.scaled(self.low))).clamp(0.0, 1.0)
    }

    /// Round numbers that stand well apart.
    pub fn ticks(&self) -> Vec<f64> {
        let mut ticks = vec![0.0];
        let wanted: Vec<f64> = match self.bend {
            None => {
                let step = nice((self.high - self.low) / 6.0);
                (1..=12).map(|k| f64::from(k) * step).collect()
            }
            Some(bend) => {
                let first = bend.log10().floor() as i32 - 1;
                (first..first + 12).flat_map(|k| [10f64.powi(k), 3.0 * 10f64.powi(k)]).collect()
            }
        };
        for v in wanted.iter().flat_map(|v| [*v, -v]) {
            let apart = ticks.iter().all(|t: &f64| (self.share(*t) - self.share(v)).abs() > 0.085);
            if v >= self.low * (1.0 + 1e-9) && v <= self.high * (1.0 + 1e-9) && apart {
                ticks.push(v);
            }
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use percuta::population::Interval;

    fn compared(published: f64, predicted: (f64, f64, f64)) -> Comparison {
        let (low, median, high) = predicted;
        Comparison {
            quantity: "a quantity".into(),
            readout: "tewl".into(),
            group: None,
            unit: "%".into(),
            day: 90.0,
            published,
            published_ci: None,
            predicted: Interval { median, low, high },
            tissue: None,
            role: "validation".into(),
            note: None,
        }
    }

    #[test]
    fn a_narrow_row_is_linear() {
        let axis = Axis::of(&compared(10.0, (5.0, 12.0, 20.0)));
        assert!(axis.bend.is_none());
        assert!((axis.share(10.0) - 0.5 * (axis.share(5.0) + axis.share(15.0))).abs() < 1e-12);
        assert!(axis.ticks().contains(&0.0));
    }

    #[test]
    fn a_far_end_leaves_room_for_the_middle() {
        let axis = Axis::of(&compared(105.0, (-20.0, 120.0, 3100.0)));
        assert!(axis.bend.is_some());
        assert!(axis.share(105.0) - axis.share(0.0) > 0.2);
        let mut places: Vec<f64> = axis.ticks().iter().map(|t| axis.share(*t)).collect();
        places.sort_by(f64::total_cmp);
        assert!(places.windows(2).all(|p| p[1] - p[0] > 0.08), "{places:?}");
        assert!(places.len() >= 4);
    }

    #[test]
    fn nothing_is_cut_from_a_label() {
        let mut c = compared(1.0, (0.0, 1.0, 2.0));
        c.quantity = "a very long name of a quantity that somebody measured with an instrument of a very long name".into();
        assert_eq!(label(&c).join(" "), format!("{}, day 90", c.quantity));
    }
}
