//! A user's own height map: PNG, TIFF, ASCII SDF or a matrix of numbers, with a scale.

mod error;
mod holes;
mod image;
mod text;

use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _};
use std::path::Path;

pub use error::{MapWarning, ReadError};

use super::HeightMap;

/// Largest map that is read, pixels. Filters and autocorrelation need about 100 bytes for each.
const MOST_PIXELS: u64 = 25_000_000;
/// Largest share of holes that is filled.
const MOST_HOLES: f64 = 0.05;
/// Share of the pixels at the lowest or the highest level above which they count as clipped: a map scaled to the full range
/// touches its ends in a few.
const CLIPPED: f64 = 1e-4;
/// Numbers beyond this stand for a missing height in files that have no NaN.
const NO_HEIGHT: f64 = 1e30;
/// Step of the heights over their root mean square above which the user is told: there it adds 0.3 % to Sq.
const COARSE_STEP: f64 = 0.25;
/// Difference of the two sides of a pixel that is still square.
const SQUARE: f64 = 0.01;

/// What one pixel and one level are, where the file does not say or is not to be believed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Scale {
    /// Side of a pixel, µm.
    pub pixel_um: Option<f64>,
    /// Height of one grey level, or of one unit of a number, µm.
    pub height_um: Option<f64>,
}

/// A map and what a reader of its parameters should know.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The map.
    pub map: HeightMap,
    /// Warnings.
    pub warnings: Vec<MapWarning>,
}

/// What stands in a file, before it has a scale.
struct Raw {
    columns: usize,
    rows: usize,
    /// Values, holes as NaN.
    values: Vec<f64>,
    /// Lowest and highest level of whole numbers.
    levels: Option<(f64, f64)>,
    /// Sides of a pixel along rows and columns, µm, and where the file says so.
    pixel_um: Option<(f64, f64, &'static str)>,
    /// Height of one level, µm.
    height_um: Option<f64>,
}

/// Reads a height map. What it is follows from its first bytes, not from its name.
///
/// # Errors
/// A file that cannot be read or is no height map, one without a scale, in colour, with oblong pixels, too large, too small, or
/// with too many holes.
pub fn read_map(path: &Path, scale: &Scale) -> Result<Reading, ReadError> {
    let io = |e: std::io::Error| ReadError::Io(e.to_string());
    let mut file = BufReader::new(File::open(path).map_err(io)?);
    let mut start = Vec::new();
    file.by_ref().take(8).read_to_end(&mut start).map_err(io)?;
    file.rewind().map_err(io)?;
    let raw = match start.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => image::png(file)?,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => image::tiff(file)?,
        [b'P', b'K', 3, 4, ..] => return Err(ReadError::Format("an X3P file (or another archive) is not read".into())),
        [b'b', b'I', b'S', b'O', ..] => return Err(ReadError::Format("a binary SDF file is not read, an ASCII one is".into())),
        [b'a', b'I', b'S', b'O', ..] => text::sdf(file)?,
        _ => text::matrix(file)?,
    };
    scaled(raw, scale)
}

/// Refuses a size before memory is asked for.
fn check_size(columns: u64, rows: u64) -> Result<(), ReadError> {
    match columns.checked_mul(rows) {
        Some(pixels) if pixels <= MOST_PIXELS => Ok(()),
        _ => Err(ReadError::TooLarge { columns, rows, most: MOST_PIXELS }),
    }
}

/// A map from what stands in a file.
fn scaled(mut raw: Raw, scale: &Scale) -> Result<Reading, ReadError> {
    let mut warnings = Vec::new();
    let pixel_um = match (scale.pixel_um, raw.pixel_um) {
        (Some(given), _) => given,
        (None, Some((x, y, said))) => {
            if (x / y - 1.0).abs() > SQUARE {
                return Err(ReadError::NotSquare { x_um: x, y_um: y });
            }
            warnings.push(MapWarning::PixelFromFile { pixel_um: 0.5 * (x + y), said });
            0.5 * (x + y)
        }
        (None, None) => return Err(ReadError::NoPixel),
    };
    let height_um = scale.height_um.or(raw.height_um).ok_or(ReadError::NoHeight)?;
    if !(height_um.is_finite() && height_um != 0.0) {
        return Err(ReadError::Height(height_um));
    }
    // A map must be one before its holes are counted.
    if raw.columns < super::LEAST_PIXELS || raw.rows < super::LEAST_PIXELS {
        return Err(super::MapError::TooSmall { columns: raw.columns, rows: raw.rows }.into());
    }
    let pixels = raw.values.len() as f64;
    if let Some((low, high)) = raw.levels {
        for end in [low, high] {
            let count = raw.values.iter().filter(|v| **v == end).count();
            if count as f64 > (CLIPPED * pixels).max(8.0) {
                raw.values.iter_mut().filter(|v| **v == end).for_each(|v| *v = f64::NAN);
                warnings.push(MapWarning::Clipped { count, level: end });
            }
        }
    }
    raw.values.iter_mut().filter(|v| v.abs() > NO_HEIGHT).for_each(|v| *v = f64::NAN);
    let holes = raw.values.iter().filter(|v| v.is_nan()).count();
    if holes as f64 > MOST_HOLES * pixels {
        return Err(ReadError::Holes { count: holes, share: holes as f64 / pixels, most: MOST_HOLES });
    }
    if holes > 0 {
        holes::fill(&mut raw.values, raw.columns);
        warnings.push(MapWarning::Filled { count: holes, share: holes as f64 / pixels });
    }
    raw.values.iter_mut().for_each(|v| *v *= height_um);
    let map = HeightMap::new(raw.columns, raw.rows, pixel_um, raw.values)?;
    if raw.levels.is_some() {
        let mean = map.height_um.iter().sum::<f64>() / pixels;
        let sq_um = (map.height_um.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / pixels).sqrt();
        let step_um = height_um.abs();
        if step_um > COARSE_STEP * sq_um {
            warnings.push(MapWarning::Quantised { step_um, sq_um });
        }
    }
    Ok(Reading { map, warnings })
}

/// The scale that a file of Percuta carries as text: `pixel_um=10 height_um=0.05`.
fn scale_in(text: &str) -> (Option<f64>, Option<f64>) {
    let of = |key: &str| text.split_whitespace().find_map(|word| word.strip_prefix(key)?.parse::<f64>().ok()).filter(|v| v.is_finite());
    (of("pixel_um="), of("height_um="))
}

#[cfg(test)]
mod tests;
