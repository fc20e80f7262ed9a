//! The figures of a report, one file each.

mod biopsy;
pub mod bitmap;
mod collagen;
mod colour;
mod coverage;
mod damage;
mod depth;
mod downtime;
pub mod drivers;
pub mod forest;
mod noise;
pub mod page;
mod palette;
pub mod panel;
mod patch;
mod relief;
pub mod scale;
mod scars;
pub mod skin;
pub mod style;
mod uptake;

use percuta::course::Outcome;

use crate::error::ReportError;

#[cfg(test)]
pub use noise::noise;

/// A finished figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Name of its files.
    pub id: &'static str,
    /// Title.
    pub title: String,
    /// What is shown and how to read it.
    pub caption: String,
    /// Drawing as SVG.
    pub svg: String,
    /// The same as PNG, two pixels a unit; of an animated figure the animation (APNG), of which the SVG shows moments.
    pub png: Vec<u8>,
    /// Whether the PNG moves.
    pub animated: bool,
    /// What the page shows in place of the drawing where it can do more than that: HTML without identifiers and scripts.
    pub overlay: Option<String>,
    /// Pictures in true colour that the figure is made of; each gets a file of its own.
    pub pictures: Vec<Picture>,
}

/// A picture of pixels with a file of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Name of its file, without ending.
    pub name: String,
    /// The picture as PNG in true colour.
    pub png: Vec<u8>,
}

/// Draws a figure from an outcome and a version, or nothing where the outcome has no data for it.
type Draw = fn(&Outcome, &str) -> Result<Option<Figure>, ReportError>;

/// Every figure the outcome has data for, in the order of the report.
///
/// # Errors
/// [`ReportError::Make`] if a picture cannot be encoded.
pub fn figures(outcome: &Outcome, version: &str) -> Result<Vec<Figure>, ReportError> {
    let [seen, surface, spectrum] = skin::figures(outcome, version)?;
    let groups: [(&[Draw], Vec<Figure>); 4] = [
        (&[coverage::figure, damage::figure], seen),
        (&[virtual_biopsy, collagen::figure, depth::figure, patch::block, patch::en_face, patch::animation, patch::comparison], surface),
        (&[scars::figure, colour::figure], spectrum),
        (&[uptake::figure, downtime::figure, forest::figure, drivers::figure], Vec::new()),
    ];
    let mut figures = Vec::new();
    for (draws, then) in groups {
        for draw in draws {
            figures.extend(draw(outcome, version)?);
        }
        figures.extend(then);
    }
    Ok(figures)
}

/// The section through the patch where there is one, a drawing after the reduced model where there is none.
fn virtual_biopsy(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    match patch::biopsy(outcome, version)? {
        Some(figure) => Ok(Some(figure)),
        None => biopsy::figure(outcome, version),
    }
}
