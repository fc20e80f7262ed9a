//! One pair of axes with curves, bands and points.

use std::sync::Arc;

use kuva::plot::scatter::MarkerShape;
use kuva::plot::{BandPlot, LinePlot, ScatterPlot};
use kuva::render::layout::{ComputedLayout, Layout, TickFormat};
use kuva::render::plots::Plot;
use kuva::render::render::{Scene, render_multiple};
use kuva::render::theme::Theme;
use percuta::population::Interval;

use super::page::{Anchor, Page};
use super::style::{GREY, INK, LIGHT, Stroke};

/// Margins around the axes, px.
const LEFT: f64 = 58.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 44.0;
const BOTTOM: f64 = 46.0;

/// Axes in the making.
pub struct Panel {
    plots: Vec<Plot>,
    curves: Vec<(Vec<(f64, f64)>, Stroke)>,
    layout: Layout,
    title: String,
    y_label: String,
    x_range: (f64, f64),
    y_range: (f64, f64),
}

/// Axes that have been drawn, for marks upon them.
pub struct Axes {
    computed: ComputedLayout,
    x0: f64,
    y0: f64,
    y_range: (f64, f64),
}

impl Panel {
    /// Axes over these ranges, which hold all data.
    pub fn new(title: &str, x: (f64, f64, &str), y: (f64, f64, &str)) -> Self {
        let mut theme = Theme::light();
        theme.grid_color = LIGHT.into();
        theme.axis_color = GREY.into();
        let layout = Layout::new((x.0, x.1), (y.0, y.1))
            .with_x_label(x.2)
            .with_label_size(12)
            .with_tick_size(11)
            .with_theme(theme)
            .with_clamp_axis()
            .with_x_axis_min(x.0)
            .with_x_axis_max(x.1)
            .with_y_axis_min(y.0)
            .with_y_axis_max(y.1)
            .with_tick_format(TickFormat::Custom(Arc::new(tick)))
            .with_force_margins(LEFT, RIGHT)
            .with_force_margins_y(TOP, BOTTOM);
        Self {
            plots: Vec::new(),
            curves: Vec::new(),
            layout,
            title: title.to_owned(),
            y_label: y.2.to_owned(),
            x_range: (x.0, x.1),
            y_range: (y.0, y.1),
        }
    }

    /// A logarithmic y axis.
    pub fn log_y(mut self) -> Self {
        self.layout = self.layout.with_log_y().with_y_tick_format(TickFormat::Custom(Arc::new(log_tick)));
        self
    }

    /// An x axis with a number at every multiple of a step.
    pub fn x_step(mut self, step: f64) -> Self {
        self.layout = self.layout.with_x_tick_step(step);
        self
    }

    /// An x axis of so many things numbered from 1, which runs from 0 to one beyond.
    pub fn categories(mut self, n: u32) -> Self {
        let name = move |v: f64| if v > 0.5 && v < f64::from(n) + 0.5 { tick(v) } else { String::new() };
        self.layout = self.layout.with_x_tick_step(1.0).with_x_tick_format(TickFormat::Custom(Arc::new(name)));
        self
    }

    /// An interval as a band.
    pub fn shade(&mut self, x: &[f64], values: &[Interval], stroke: Stroke) {
        let within = |v: f64| v.clamp(self.y_range.0, self.y_range.1);
        let low: Vec<f64> = values.iter().map(|i| within(i.low)).collect();
        let high: Vec<f64> = values.iter().map(|i| within(i.high)).collect();
        self.plots.push(Plot::Band(BandPlot::new(x.to_vec(), low, high).with_color(stroke.colour).with_opacity(0.18)));
    }

    /// A curve with its interval as a band.
    pub fn band(&mut self, x: &[f64], values: &[Interval], stroke: Stroke) {
        self.shade(x, values, stroke);
        let within = |v: f64| v.clamp(self.y_range.0, self.y_range.1);
        let median: Vec<(f64, f64)> = x.iter().copied().zip(values.iter().map(|i| within(i.median))).collect();
        self.line(&median, stroke);
    }

    /// A curve.
    pub fn line(&mut self, points: &[(f64, f64)], stroke: Stroke) {
        self.curves.push((points.to_vec(), stroke));
    }

    /// A point with a vertical error bar.
    pub fn point(&mut self, x: f64, y: f64, bar: Option<(f64, f64)>, colour: &str) {
        let mut point = ScatterPlot::new().with_data(vec![(x, y)]).with_color(colour).with_size(4.5).with_marker(MarkerShape::Diamond);
        if let Some((low, high)) = bar {
            point = point.with_y_err_asymmetric(vec![((y - low).max(0.0), (high - y).max(0.0))]);
        }
        self.plots.push(Plot::Scatter(point));
    }

    /// Draws the axes on a page and returns them for further marks.
    pub fn draw(mut self, page: &mut Page, x: f64, y: f64, width: f64, height: f64) -> Axes {
        // Nothing to draw still gets its axes: an invisible line spans them.
        if self.plots.is_empty() {
            let blank = LinePlot::new().with_data(vec![(self.x_range.0, self.y_range.0)]).with_stroke_width(0.0);
            self.plots.push(Plot::Line(blank));
        }
        // Narrow axes have no room for many numbers.
        let ticks = if width < 300.0 { 4 } else { 5 };
        let layout = self.layout.with_width(width).with_height(height).with_ticks(ticks);
        let computed = ComputedLayout::from_layout(&layout);
        let scene: Scene = render_multiple(self.plots, layout);
        page.place(scene, x, y);
        // Title and unit stand above the axes, level, where they are easiest to read.
        page.bold(x + 12.0, y + 14.0, &self.title, Anchor::Start);
        page.styled(x + 12.0, y + 31.0, &self.y_label, Anchor::Start, 11, false, INK);
        let axes = Axes { computed, x0: x, y0: y, y_range: self.y_range };
        for (points, stroke) in &self.curves {
            let points: Vec<(f64, f64)> = points.iter().map(|p| axes.at(p.0, p.1)).collect();
            page.curve(&points, stroke.colour, 2.0, stroke.dash);
        }
        axes
    }
}

impl Axes {
    /// Where a value lies on the page.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x0 + self.computed.map_x(x), self.y0 + self.computed.map_y(y))
    }

    /// A vertical rule over the whole height.
    pub fn vertical(&self, page: &mut Page, x: f64, colour: &str, dash: Option<&str>) {
        page.line(self.at(x, self.y_range.0), self.at(x, self.y_range.1), colour, 1.0, dash);
    }

    /// Small triangles under the upper edge at the days of the sessions.
    pub fn sessions(&self, page: &mut Page, days: &[f64]) {
        for &day in days {
            let (x, y) = self.at(day, self.y_range.1);
            page.polygon(&[(x - 4.5, y), (x + 4.5, y), (x, y + 8.0)], GREY, 1.0);
        }
    }
}

/// A tick's number without idle digits, with a true minus sign.
fn tick(v: f64) -> String {
    let text = format!("{:.6}", if v.abs() < 1e-9 { 0.0 } else { v });
    text.trim_end_matches('0').trim_end_matches('.').replace('-', "−")
}

/// A tick of a logarithmic axis: plain from a thousandth to a hundred thousand, a power of ten beyond.
fn log_tick(v: f64) -> String {
    if (0.999e-3..1e5).contains(&v) || v <= 0.0 {
        return tick(v);
    }
    let exponent = v.log10().floor() as i32;
    let mantissa = (v / 10f64.powi(exponent)).round();
    let power = format!("10{}", superscript(exponent));
    if mantissa == 1.0 { power } else { format!("{mantissa:.0}·{power}") }
}

/// A whole number in raised digits.
fn superscript(n: i32) -> String {
    let raised = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        digit => digit.to_digit(10).and_then(|d| char::from_u32(0x2070 + d)).unwrap_or(digit),
    };
    n.to_string().chars().map(raised).collect()
}

/// A range that holds all values with a margin, never empty.
pub fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for v in values.filter(|v| v.is_finite()) {
        low = low.min(v);
        high = high.max(v);
    }
    if low > high {
        return (0.0, 1.0);
    }
    // A width that only the rounding of a computer makes is none.
    let wide = high - low > 1e-9 * high.abs().max(1.0);
    let margin = if wide { 0.08 * (high - low) } else { (0.05 * high.abs()).max(0.5) };
    // What is never negative does not get an axis that is.
    let bottom = if wide && low >= 0.0 { (low - margin).max(0.0) } else { low - margin };
    rounded(bottom, high + margin)
}

/// The range widened to round numbers.
pub fn rounded(low: f64, high: f64) -> (f64, f64) {
    let step = nice((high - low) / 10.0);
    ((low / step).floor() * step, (high / step).ceil() * step)
}

/// The round number (1, 2 or 5 times a power of ten) just above `x`.
pub fn nice(x: f64) -> f64 {
    let power = 10f64.powf(x.max(1e-12).log10().floor());
    let m = x / power;
    power
        * if m <= 1.0 {
            1.0
        } else if m <= 2.0 {
            2.0
        } else if m <= 5.0 {
            5.0
        } else {
            10.0
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_of_tiny_numbers_are_powers() {
        assert_eq!(log_tick(1e-7), "10⁻⁷");
        assert_eq!(log_tick(5e-12), "5·10⁻¹²");
        assert_eq!(log_tick(0.001), "0.001");
        assert_eq!(log_tick(20.0), "20");
    }

    #[test]
    fn rounding_noise_is_not_magnified() {
        let (low, high) = range([-2e-13, 0.0, 3e-13].into_iter());
        assert!(low <= -0.4 && high >= 0.4, "{low} {high}");
        let (low, high) = range([0.0, 0.002].into_iter());
        assert!(high < 0.004 && low == 0.0, "{low} {high}");
    }
}
