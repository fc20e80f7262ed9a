//! The sheet a figure is drawn on: shapes, text, legend, stamp, and SVG and PNG of the result.

use std::fmt::Write as _;

use kuva::RasterBackend;
use kuva::backend::svg::SvgBackend;
use kuva::render::color::Color;
use kuva::render::render::{PathData, Primitive, Scene, TextAnchor};

use super::Figure;
use super::bitmap::{Bitmap, Image};
use super::style::{GREY, INK, SMALL, Stroke, TEXT, WIDTH};
use crate::error::ReportError;
use crate::run::Run;

/// Where a text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Begins there.
    Start,
    /// Is centred there.
    Middle,
    /// Ends there.
    End,
}

/// What a legend shows before a label.
#[derive(Debug, Clone)]
pub enum Swatch {
    /// A line on its interval band.
    Band(Stroke),
    /// A line.
    Line(Stroke),
    /// A filled square.
    Fill(String),
    /// A diamond with error bar.
    Point(&'static str),
}

/// A sheet in the making.
pub struct Page {
    scene: Scene,
    bitmaps: Vec<Bitmap>,
    clips: u32,
    central: bool,
    sample: Option<String>,
}

impl Page {
    /// An empty sheet of the common width.
    pub fn new(height: f64) -> Self {
        Self::sized(WIDTH, height)
    }

    /// An empty sheet of any size.
    pub fn sized(width: f64, height: f64) -> Self {
        let mut scene = Scene::new(width, height);
        scene.font_family = Some("DejaVu Sans, Verdana, Arial, sans-serif".into());
        scene.text_color = Some(INK.into());
        Self { scene, bitmaps: Vec::new(), clips: 0, central: false, sample: None }
    }

    /// An empty sheet for a drawing that shows the central member alone.
    pub fn of_central_member(height: f64) -> Self {
        Self { central: true, ..Self::new(height) }
    }

    /// An empty sheet for a drawing of something else than members: what and how many is said in the stamp.
    pub fn of_sample(height: f64, sample: String) -> Self {
        Self { sample: Some(sample), ..Self::new(height) }
    }

    /// Puts another drawing on the sheet, its upper left corner at (x, y).
    pub fn place(&mut self, mut scene: Scene, x: f64, y: f64) {
        // The plotting library numbers clips over the life of the process; a figure must not depend on what was drawn before it.
        for element in &mut scene.elements {
            if let Primitive::ClipStart { id, .. } = element {
                self.clips += 1;
                let own = format!("panel{}", self.clips);
                for def in &mut scene.defs {
                    *def = def.replace(&format!("id=\"{id}\""), &format!("id=\"{own}\""));
                }
                *id = own;
            }
        }
        self.scene.defs.extend(scene.defs);
        self.scene.add(Primitive::GroupStart { transform: Some(format!("translate({x},{y})")), title: None, extra_attrs: None });
        self.scene.elements.extend(scene.elements);
        self.scene.add(Primitive::GroupEnd);
    }

    /// Text of ordinary size.
    pub fn text(&mut self, x: f64, y: f64, text: &str, anchor: Anchor) {
        self.styled(x, y, text, anchor, TEXT, false, INK);
    }

    /// Bold text of ordinary size.
    pub fn bold(&mut self, x: f64, y: f64, text: &str, anchor: Anchor) {
        self.styled(x, y, text, anchor, TEXT, true, INK);
    }

    /// Small grey text.
    pub fn small(&mut self, x: f64, y: f64, text: &str, anchor: Anchor) {
        self.styled(x, y, text, anchor, SMALL, false, GREY);
    }

    /// Text in any size, weight and colour.
    #[allow(clippy::too_many_arguments, reason = "each is a plain property of a text")]
    pub fn styled(&mut self, x: f64, y: f64, text: &str, anchor: Anchor, size: u32, bold: bool, colour: &str) {
        let anchor = match anchor {
            Anchor::Start => TextAnchor::Start,
            Anchor::Middle => TextAnchor::Middle,
            Anchor::End => TextAnchor::End,
        };
        // A dollar sign would begin a formula.
        let content = text.replace('$', "\\$");
        self.scene.add(Primitive::Text { x, y, content, size, anchor, rotate: None, bold, color: Some(colour.into()) });
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64, dash: Option<&str>) {
        self.scene.add(Primitive::Line {
            x1: from.0,
            y1: from.1,
            x2: to.0,
            y2: to.1,
            stroke: colour.into(),
            stroke_width: width,
            stroke_dasharray: dash.map(str::to_owned),
        });
    }

    /// A line through points, whole or in dashes (`on off`, px) that run on over its corners.
    pub fn curve(&mut self, points: &[(f64, f64)], colour: &str, width: f64, dash: Option<&str>) {
        let pattern: Vec<f64> = dash.unwrap_or_default().split(' ').filter_map(|n| n.parse().ok()).collect();
        match pattern[..] {
            [on, off] if on > 0.0 && off > 0.0 => self.strokes(&dashes(points, on, off), colour, width, 1.0),
            _ => self.strokes(&[points.to_vec()], colour, width, 1.0),
        }
    }

    /// A closed, filled shape.
    pub fn polygon(&mut self, points: &[(f64, f64)], fill: &str, opacity: f64) {
        self.path(&outline(points, true), Some(fill), "none", 0.0, opacity, None);
    }

    /// Closed, filled shapes of one colour.
    pub fn polygons(&mut self, shapes: &[Vec<(f64, f64)>], fill: &str, opacity: f64) {
        if !shapes.is_empty() {
            let d: String = shapes.iter().map(|points| outline_short(points)).collect();
            self.path(&d, Some(fill), "none", 0.0, opacity, None);
        }
    }

    /// Filled shapes with a thin rim, given as one SVG path (`M`, `L`, `A`, `Z`).
    pub fn shapes(&mut self, d: &str, fill: &str, rim: &str, width: f64) {
        if !d.is_empty() {
            self.path(d, Some(fill), rim, width, 1.0, None);
        }
    }

    fn path(&mut self, d: &str, fill: Option<&str>, stroke: &str, width: f64, opacity: f64, dash: Option<&str>) {
        self.scene.add(Primitive::Path(Box::new(PathData {
            d: d.to_owned(),
            fill: fill.map(Color::from),
            stroke: stroke.into(),
            stroke_width: width,
            opacity: (opacity < 1.0).then_some(opacity),
            stroke_dasharray: dash.map(str::to_owned),
        })));
    }

    /// A filled rectangle.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str) {
        self.scene.add(Primitive::Rect { x, y, width, height, fill: fill.into(), stroke: None, stroke_width: None, opacity: None });
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, x: f64, y: f64, width: f64, height: f64, colour: &str) {
        let stroke = Some(colour.into());
        self.scene.add(Primitive::Rect { x, y, width, height, fill: Color::None, stroke, stroke_width: Some(1.0), opacity: None });
    }

    /// A disc.
    pub fn disc(&mut self, x: f64, y: f64, radius: f64, fill: &str) {
        self.scene.add(Primitive::Circle {
            cx: x,
            cy: y,
            r: radius,
            fill: fill.into(),
            fill_opacity: None,
            stroke: None,
            stroke_width: None,
        });
    }

    /// A picture, its upper left corner at (x, y) and as wide as `side`.
    pub fn image(&mut self, corner: (f64, f64), side: f64, image: &Image) {
        self.pixels(Bitmap::new(corner, side / image.width.max(1) as f64, image));
    }

    /// A photograph, as [`Self::image`]: colours between those of the palette are made of their neighbours.
    pub fn photograph(&mut self, corner: (f64, f64), side: f64, image: &Image) {
        self.pixels(Bitmap::diffused(corner, side / image.width.max(1) as f64, image));
    }

    fn pixels(&mut self, bitmap: Bitmap) {
        // An empty group keeps its place among the shapes until the sheet is finished.
        let mark = Some(format!("data-bitmap=\"{}\"", self.bitmaps.len()));
        self.scene.add(Primitive::GroupStart { transform: None, title: None, extra_attrs: mark });
        self.scene.add(Primitive::GroupEnd);
        self.bitmaps.push(bitmap);
    }

    /// Lines of one style through many short rows of points.
    pub fn strokes(&mut self, lines: &[Vec<(f64, f64)>], colour: &str, width: f64, opacity: f64) {
        if !lines.is_empty() {
            let d: String = lines.iter().map(|points| outline(points, false)).collect();
            self.path(&d, None, colour, width, opacity, None);
        }
    }

    /// Keeps what is drawn until [`Self::unclip`] inside a rectangle.
    pub fn clip(&mut self, x: f64, y: f64, width: f64, height: f64) {
        self.clips += 1;
        let id = format!("clip{}", self.clips);
        let def = format!("<clipPath id=\"{id}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/></clipPath>");
        self.scene.defs.push(def);
        self.scene.add(Primitive::ClipStart { x, y, width, height, id });
    }

    /// Ends [`Self::clip`].
    pub fn unclip(&mut self) {
        self.scene.add(Primitive::ClipEnd);
    }

    /// A row of legend entries from x; returns where it ends.
    pub fn legend(&mut self, x: f64, y: f64, entries: &[(Swatch, &str)]) -> f64 {
        let mut x = x;
        for (swatch, label) in entries {
            let middle = y - 4.0;
            match swatch {
                Swatch::Band(s) => {
                    self.polygon(
                        &[(x, middle - 6.0), (x + 26.0, middle - 6.0), (x + 26.0, middle + 6.0), (x, middle + 6.0)],
                        s.colour,
                        0.2,
                    );
                    self.line((x, middle), (x + 26.0, middle), s.colour, 2.0, s.dash);
                }
                Swatch::Line(s) => self.line((x, middle), (x + 26.0, middle), s.colour, 2.0, s.dash),
                Swatch::Fill(colour) => {
                    self.rect(x + 8.0, middle - 6.0, 14.0, 12.0, colour);
                    self.frame(x + 8.0, middle - 6.0, 14.0, 12.0, GREY);
                }
                Swatch::Point(colour) => {
                    self.line((x + 13.0, middle - 7.0), (x + 13.0, middle + 7.0), colour, 1.5, None);
                    self.polygon(&[(x + 8.0, middle), (x + 13.0, middle - 5.0), (x + 18.0, middle), (x + 13.0, middle + 5.0)], colour, 1.0);
                }
            }
            self.styled(x + 31.0, y, label, Anchor::Start, 11, false, INK);
            x += 31.0 + text_width(label, 11.0) + 18.0;
        }
        x
    }

    /// The finished figure, stamped with sample size, seed and version in the lower left corner.
    pub fn finish(mut self, run: &impl Run, version: &str, id: &'static str, title: &str, caption: String) -> Result<Figure, ReportError> {
        let n = run.members();
        let members = match (n, self.central) {
            _ if self.sample.is_some() => self.sample.take().unwrap_or_default(),
            (1, _) => "1 member (central values, no interval)".to_owned(),
            (_, true) => "central member (every parameter at its central value)".to_owned(),
            (_, false) => format!("n = {n} members, 90 % intervals"),
        };
        let stamp = format!("{members} · {} {} · seed {} · Percuta {version}", run.kind(), run.name(), run.seed());
        self.stamped(&stamp, id, title, caption)
    }

    /// The finished figure with this stamp in the lower left corner.
    pub fn stamped(mut self, stamp: &str, id: &'static str, title: &str, caption: String) -> Result<Figure, ReportError> {
        let bottom = self.scene.height - 7.0;
        self.styled(10.0, bottom, stamp, Anchor::Start, 9, false, GREY);
        let mut svg = accessible(&SvgBackend::new().render_scene(&self.scene), id, title, (self.scene.width, self.scene.height));
        for (i, bitmap) in self.bitmaps.iter().enumerate() {
            let image = bitmap.svg().map_err(|e| ReportError::make(format!("figures/{id}.svg"), e))?;
            if let Some(at) = svg.find(&format!("data-bitmap=\"{i}\"")).and_then(|from| Some(from + svg[from..].find('>')? + 1)) {
                svg.insert_str(at, &image);
            }
        }
        let png = self.raster(2.0).map_err(|e| ReportError::make(format!("figures/{id}.png"), e))?;
        Ok(Figure { id, title: title.to_owned(), caption, svg, png, animated: false, overlay: None, pictures: Vec::new() })
    }

    /// The sheet as PNG in so many pixels a unit.
    pub fn raster(mut self, scale: f32) -> Result<Vec<u8>, String> {
        if self.bitmaps.is_empty() {
            return RasterBackend::new().with_scale(scale).render_scene(&self.scene);
        }
        // The renderer has no pictures. Drawn once with black and once with white rectangles in their places, the sheet tells how much
        // of each pixel is picture and what lies over it.
        let mut bitmaps = self.bitmaps.iter().peekable();
        let mut blanks = Vec::new();
        for element in std::mem::take(&mut self.scene.elements) {
            let mark = matches!(&element, Primitive::GroupStart { extra_attrs: Some(mark), .. } if mark.starts_with("data-bitmap"));
            self.scene.add(element);
            if let Some(bitmap) = bitmaps.next_if(|_| mark) {
                blanks.push(self.scene.elements.len());
                self.scene.add(bitmap.blank());
            }
        }
        let over = drawn(&self.scene, scale)?;
        for i in blanks {
            if let Some(Primitive::Rect { fill, .. }) = self.scene.elements.get_mut(i) {
                *fill = "#ffffff".into();
            }
        }
        let through = drawn(&self.scene, scale)?;
        let mut sheet = over.clone();
        for bitmap in &self.bitmaps {
            for (x, y, colour) in bitmap.pixels(f64::from(scale), (over.width, over.height())) {
                let k = y * over.width + x;
                let (dark, bright) = (over.pixels[k], through.pixels[k]);
                sheet.pixels[k] = [0, 1, 2].map(|c| {
                    let share = f64::from(bright[c].saturating_sub(dark[c])) / 255.0;
                    (f64::from(dark[c]) + share * colour[c]).round().min(255.0) as u8
                });
            }
        }
        sheet.png().map_err(|e| e.to_string())
    }
}

/// The pixels of a drawing.
fn drawn(scene: &Scene, scale: f32) -> Result<Image, String> {
    let png = RasterBackend::new().with_scale(scale).render_scene(scene)?;
    Image::decoded(&png).map_err(|e| e.to_string())
}

/// Text width estimated from the mean advance of the typeface, px.
pub fn text_width(text: &str, size: f64) -> f64 {
    0.6 * size * text.chars().count() as f64
}

/// The text broken between words into lines of so many characters at the most.
pub fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The line cut into dashes.
fn dashes(points: &[(f64, f64)], on: f64, off: f64) -> Vec<Vec<(f64, f64)>> {
    let mut done = Vec::new();
    let mut current: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    let (mut drawing, mut left) = (true, on);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            if length <= left {
                left -= length;
                if drawing {
                    current.push(to);
                }
                break;
            }
            let share = left / length;
            from = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
            if drawing {
                current.push(from);
                done.push(std::mem::take(&mut current));
            } else {
                current = vec![from];
            }
            drawing = !drawing;
            left = if drawing { on } else { off };
        }
    }
    if drawing && current.len() > 1 {
        done.push(current);
    }
    done
}

fn outline(points: &[(f64, f64)], close: bool) -> String {
    let mut d = String::new();
    for (i, (x, y)) in points.iter().enumerate() {
        let _ = write!(d, "{}{x:.2} {y:.2}", if i == 0 { "M" } else { "L" });
    }
    if close {
        d.push('Z');
    }
    d
}

/// A closed outline to a tenth of a pixel, relative from point to point, for drawings of very many shapes.
fn outline_short(points: &[(f64, f64)]) -> String {
    let tenths = |v: f64| (10.0 * v).round() as i64;
    let mut d = String::new();
    let mut last = (0, 0);
    for (i, (x, y)) in points.iter().enumerate() {
        let at = (tenths(*x), tenths(*y));
        let (dx, dy) = (at.0 - last.0, at.1 - last.1);
        let _ = write!(d, "{}{} {}", if i == 0 { "M" } else { "l" }, dx as f64 / 10.0, dy as f64 / 10.0);
        last = at;
    }
    d.push('Z');
    d
}

/// Gives the drawing a title for screen readers, a view box so that it scales, and identifiers no other figure on a page uses.
fn accessible(svg: &str, id: &str, title: &str, (width, height): (f64, f64)) -> String {
    let head = format!("<svg role=\"img\" aria-labelledby=\"{id}-title\" viewBox=\"0 0 {width} {height}\" ");
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    let svg = svg.replace(" id=\"", &format!(" id=\"{id}-")).replace("url(#", &format!("url(#{id}-")).replacen("<svg ", &head, 1);
    svg.replacen('>', &format!("><title id=\"{id}-title\">{title}</title>"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_clip_is_defined_once() {
        for figure in crate::fixture::drawn() {
            for reference in figure.svg.split("url(#").skip(1).filter_map(|rest| rest.split(')').next()) {
                let defined = figure.svg.matches(&format!("id=\"{reference}\"")).count();
                assert_eq!(defined, 1, "{}: {reference}", figure.id);
            }
        }
    }

    #[test]
    fn text_breaks_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("", 7), Vec::<String>::new());
    }

    #[test]
    fn short_outlines_do_not_drift() {
        assert_eq!(outline_short(&[(1.04, 2.0), (1.08, 2.0), (1.12, -3.5)]), "M1 2l0.1 0l0 -5.5Z");
    }

    #[test]
    fn dashes_run_on_over_corners() {
        let cut = dashes(&[(0.0, 0.0), (3.0, 0.0), (3.0, 7.0)], 4.0, 2.0);
        assert_eq!(cut, [vec![(0.0, 0.0), (3.0, 0.0), (3.0, 1.0)], vec![(3.0, 3.0), (3.0, 7.0)]]);
    }
}
