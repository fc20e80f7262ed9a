//! Why a height map cannot be read, and what to know of one that could.

use super::super::MapError;

/// Why a file is no height map. Shown in three lines: what is wrong, what was expected, an example.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("it cannot be read: {0}")]
    Io(String),
    /// The file is damaged or of a kind that is not read.
    #[error(
        "{0}\nexpected a height map as PNG, TIFF, ASCII SDF (ISO 25178-71) or a matrix of numbers\nexample: a 16-bit grey TIFF exported by the profilometer"
    )]
    Format(String),
    /// Colours instead of heights.
    #[error(
        "it is {0}, not grey\nexpected one height a pixel: colours of a picture do not lead back to heights\nexample: export the heights as 16-bit grey or as 32-bit numbers"
    )]
    Colour(String),
    /// A line of a matrix that is not like the others or holds no number.
    #[error(
        "line {line}: {reason}\nexpected rows of as many numbers each, separated by commas, semicolons, tabs or blanks\nexample: 12.5, 12.7, 12.6"
    )]
    Line {
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The side of a pixel is not known.
    #[error("it does not say how large a pixel is\nexpected the side of a pixel\nexample: --pixel \"10 µm\"")]
    NoPixel,
    /// The height of a level is not known.
    #[error(
        "it does not say how high a level (or a unit of its numbers) is\nexpected the height of one level\nexample: --height \"0.05 µm\", or --height \"1 µm\" for numbers that are micrometres"
    )]
    NoHeight,
    /// A level without height.
    #[error("a level of {0} µm has no height\nexpected a length other than zero\nexample: 0.05 µm")]
    Height(f64),
    /// Pixels that are not square.
    #[error("its pixels are {x_um} µm wide and {y_um} µm tall\nexpected square pixels\nexample: resample the map to {} µm in both directions", .x_um.max(*.y_um))]
    NotSquare {
        /// Width, µm.
        x_um: f64,
        /// Height in the field, µm.
        y_um: f64,
    },
    /// More pixels than are read.
    #[error(
        "{columns} x {rows} pixels are {} million\nexpected at most {} million, which take about 100 bytes each\nexample: crop to the part of interest, or after smoothing keep every {}. pixel",
        .columns.saturating_mul(*.rows) / 1_000_000, .most / 1_000_000, step(*.columns, *.rows, *.most)
    )]
    TooLarge {
        /// Pixels in a row.
        columns: u64,
        /// Number of rows.
        rows: u64,
        /// Largest number of pixels.
        most: u64,
    },
    /// More holes than are filled.
    #[error(
        "{count} pixels ({:.1} %) have no height: missing, or at the end of the range\nexpected at most {:.0} %, which are filled\nexample: measure again with another exposure, or crop to a part without holes",
        100.0 * .share, 100.0 * .most
    )]
    Holes {
        /// Pixels without height.
        count: usize,
        /// Share of all.
        share: f64,
        /// Largest share that is filled.
        most: f64,
    },
    /// Not a map after all.
    #[error(transparent)]
    Map(#[from] MapError),
}

/// Pixels of which one is to be kept so that the rest fits.
fn step(columns: u64, rows: u64, most: u64) -> u64 {
    ((columns as f64 * rows as f64 / most as f64).sqrt().ceil() as u64).max(2)
}

/// What a reader of a map's parameters should know.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MapWarning {
    /// The size of a pixel comes from the file.
    #[error("a pixel is taken as {pixel_um} µm, from {said}; --pixel says otherwise if that is not the skin's scale")]
    PixelFromFile {
        /// Side of a pixel, µm.
        pixel_um: f64,
        /// Where the file says so.
        said: &'static str,
    },
    /// Pixels at the end of the range.
    #[error("{count} pixels stand at level {level}, the end of the range; they count as holes")]
    Clipped {
        /// Number of pixels.
        count: usize,
        /// The level.
        level: f64,
    },
    /// Holes were filled.
    #[error("{count} pixels ({:.2} %) without height were filled: each with the mean of its four neighbours, all at once (a soap film over the hole)", 100.0 * .share)]
    Filled {
        /// Number of pixels.
        count: usize,
        /// Share of all.
        share: f64,
    },
    /// Steps coarser than the relief.
    #[error(
        "the heights come in steps of {step_um} µm, coarse for a relief of Sq {sq_um:.2} µm before filtering; gradients and Sdr suffer most"
    )]
    Quantised {
        /// Height of a step, µm.
        step_um: f64,
        /// Root mean square of the heights before filtering, µm.
        sq_um: f64,
    },
}
