//! Colours and sizes all figures share.

/// Black of the Okabe-Ito palette (Wong 2011, Nat Methods 8:441), which the next ones belong to as well.
pub const BLACK: &str = "#000000";
/// Blue.
pub const BLUE: &str = "#0072b2";
/// Vermilion.
pub const VERMILION: &str = "#d55e00";
/// Orange.
pub const ORANGE: &str = "#e69f00";
/// Text.
pub const INK: &str = "#222222";
/// Secondary text and marks.
pub const GREY: &str = "#6b6b6b";
/// Grid and light rules.
pub const LIGHT: &str = "#dddddd";

/// Width of every figure, px.
pub const WIDTH: f64 = 860.0;
/// Size of ordinary text, px.
pub const TEXT: u32 = 12;
/// Size of small text, px.
pub const SMALL: u32 = 10;

/// A curve's colour and dashes, so that curves differ in greyscale too.
#[derive(Debug, Clone, Copy)]
pub struct Stroke {
    /// Colour.
    pub colour: &'static str,
    /// SVG dash array, or nothing for a solid line.
    pub dash: Option<&'static str>,
}

/// First curve of a panel.
pub const FIRST: Stroke = Stroke { colour: BLUE, dash: None };
/// Second curve.
pub const SECOND: Stroke = Stroke { colour: VERMILION, dash: Some("9 6") };
