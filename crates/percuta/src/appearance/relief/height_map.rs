//! A surface as heights on a square grid.

/// Fewest rows and columns of a map: a border of three pixels on either side, where slopes are known less well, must
/// leave something between.
pub const LEAST_PIXELS: usize = 16;

/// Heights of a surface on square pixels.
///
/// Row-major: `height_um[row * columns + column]`. Columns go to the right (x), rows go down (y), heights go out of the
/// skin; a pixel stands for the point in its middle.
#[derive(Debug, Clone, PartialEq)]
pub struct HeightMap {
    /// Pixels in a row.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// Side of a pixel, µm.
    pub pixel_um: f64,
    /// Heights, µm.
    pub height_um: Vec<f64>,
}

/// A map that cannot be one.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MapError {
    /// Too few pixels for any of the parameters.
    #[error(
        "a map of {columns} x {rows} pixels has no area to evaluate\nexpected at least {LEAST_PIXELS} rows and columns\nexample: a map of 10 mm x 10 mm has 1000 x 1000 pixels of 10 µm"
    )]
    TooSmall {
        /// Pixels in a row.
        columns: usize,
        /// Number of rows.
        rows: usize,
    },
    /// The number of heights is not that of the pixels.
    #[error("{found} heights for {columns} x {rows} pixels\nexpected one height a pixel, row by row")]
    Length {
        /// Heights given.
        found: usize,
        /// Pixels in a row.
        columns: usize,
        /// Number of rows.
        rows: usize,
    },
    /// A pixel size that is no length.
    #[error("a pixel of {0} µm is no size\nexpected a length above zero\nexample: 10 µm")]
    Pixel(f64),
    /// A height that is no number.
    #[error("the height in row {row}, column {column} is {value}\nexpected a finite number of micrometres")]
    NotFinite {
        /// Row, from 0.
        row: usize,
        /// Column, from 0.
        column: usize,
        /// The height.
        value: f64,
    },
}

impl HeightMap {
    /// A map after checking that it is one.
    ///
    /// # Errors
    /// Too few pixels, a wrong number of heights, a pixel without size, or a height that is not finite.
    pub fn new(columns: usize, rows: usize, pixel_um: f64, height_um: Vec<f64>) -> Result<Self, MapError> {
        if columns < LEAST_PIXELS || rows < LEAST_PIXELS {
            return Err(MapError::TooSmall { columns, rows });
        }
        if columns.checked_mul(rows) != Some(height_um.len()) {
            return Err(MapError::Length { found: height_um.len(), columns, rows });
        }
        if !(pixel_um.is_finite() && pixel_um > 0.0) {
            return Err(MapError::Pixel(pixel_um));
        }
        match height_um.iter().position(|z| !z.is_finite()) {
            Some(i) => Err(MapError::NotFinite { row: i / columns, column: i % columns, value: height_um[i] }),
            None => Ok(Self { columns, rows, pixel_um, height_um }),
        }
    }

    /// A map computed from the place of each pixel's middle, (x, y) in µm from the upper left corner.
    ///
    /// # Errors
    /// As for [`HeightMap::new`].
    pub fn from_function(columns: usize, rows: usize, pixel_um: f64, height: impl Fn(f64, f64) -> f64) -> Result<Self, MapError> {
        let at = |i: usize| (i as f64 + 0.5) * pixel_um;
        let heights = (0..rows).flat_map(|r| (0..columns).map(move |c| (r, c))).map(|(r, c)| height(at(c), at(r)));
        Self::new(columns, rows, pixel_um, heights.collect())
    }

    /// A map of the same grid with other heights.
    pub(super) fn with(&self, height_um: Vec<f64>) -> Self {
        Self { columns: self.columns, rows: self.rows, pixel_um: self.pixel_um, height_um }
    }

    /// The largest square in the middle.
    #[must_use]
    pub fn middle_square(self) -> Self {
        let n = self.columns.min(self.rows);
        if self.columns == self.rows {
            return self;
        }
        let (left, top) = ((self.columns - n) / 2, (self.rows - n) / 2);
        let rows = self.height_um.chunks_exact(self.columns).skip(top).take(n);
        let height_um = rows.flat_map(|row| row.iter().copied().skip(left).take(n)).collect();
        Self { columns: n, rows: n, pixel_um: self.pixel_um, height_um }
    }

    /// The map on pixels of at least the given size: the means of whole squares of pixels. What is left at the right and lower border
    /// of fewer pixels than a square is dropped.
    #[must_use]
    pub fn coarsened(self, least_pixel_um: f64) -> Self {
        let k = (least_pixel_um / self.pixel_um * (1.0 - 1e-9)).ceil().max(1.0) as usize;
        let (columns, rows) = (self.columns / k, self.rows / k);
        if k == 1 || columns < LEAST_PIXELS || rows < LEAST_PIXELS {
            return self;
        }
        let mean = |row: usize, column: usize| {
            let of_row = |r: usize| self.height_um[r * self.columns + column * k..][..k].iter().sum::<f64>();
            (row * k..(row + 1) * k).map(of_row).sum::<f64>() / (k * k) as f64
        };
        let height_um = (0..rows * columns).map(|i| mean(i / columns, i % columns)).collect();
        Self { columns, rows, pixel_um: self.pixel_um * k as f64, height_um }
    }

    /// Width, µm.
    #[must_use]
    pub fn width_um(&self) -> f64 {
        self.columns as f64 * self.pixel_um
    }

    /// Height of the field (not of the skin), µm.
    #[must_use]
    pub fn length_um(&self) -> f64 {
        self.rows as f64 * self.pixel_um
    }

    /// The shorter side, µm.
    #[must_use]
    pub fn side_um(&self) -> f64 {
        self.width_um().min(self.length_um())
    }

    /// Lowest and highest height, µm.
    #[must_use]
    pub fn range_um(&self) -> (f64, f64) {
        self.height_um.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &z| (l.min(z), h.max(z)))
    }

    /// Slopes (along x, along y) in the middle of a pixel, 1.
    ///
    /// The seven-point formula of ISO 4287 for slopes within; towards the border three and then two points.
    #[must_use]
    pub fn slope(&self, row: usize, column: usize) -> (f64, f64) {
        let x = slope(column, self.columns, self.pixel_um, |c| self.height_um[row * self.columns + c]);
        let y = slope(row, self.rows, self.pixel_um, |r| self.height_um[r * self.columns + column]);
        (x, y)
    }

    /// Height at a place in µm from the upper left corner, by cubic interpolation; the border goes on outside.
    #[must_use]
    pub fn at(&self, x_um: f64, y_um: f64) -> f64 {
        let place = |v: f64, n: usize| {
            let v = (v / self.pixel_um - 0.5).clamp(0.0, (n - 1) as f64);
            (v.floor() as i64, v - v.floor())
        };
        let ((column, u), (row, v)) = (place(x_um, self.columns), place(y_um, self.rows));
        let inside = |i: i64, n: usize| i.clamp(0, n as i64 - 1) as usize;
        let mut sum = 0.0;
        for (wy, r) in cubic(v).into_iter().zip(row - 1..) {
            let row = &self.height_um[inside(r, self.rows) * self.columns..];
            for (wx, c) in cubic(u).into_iter().zip(column - 1..) {
                sum += wy * wx * row[inside(c, self.columns)];
            }
        }
        sum
    }
}

/// Weights of four neighbours for a place between the middle two (Catmull and Rom).
pub(super) fn cubic(t: f64) -> [f64; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [-0.5 * t + t2 - 0.5 * t3, 1.0 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2.0 * t2 - 1.5 * t3, -0.5 * t2 + 0.5 * t3]
}

fn slope(i: usize, n: usize, step: f64, z: impl Fn(usize) -> f64) -> f64 {
    if i >= 3 && i + 3 < n {
        (45.0 * (z(i + 1) - z(i - 1)) - 9.0 * (z(i + 2) - z(i - 2)) + (z(i + 3) - z(i - 3))) / (60.0 * step)
    } else if i >= 1 && i + 1 < n {
        (z(i + 1) - z(i - 1)) / (2.0 * step)
    } else if i == 0 {
        (z(1) - z(0)) / step
    } else {
        (z(i) - z(i - 1)) / step
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_map_is_refused() {
        assert!(matches!(HeightMap::new(1, 4000, 10.0, vec![0.0; 4000]), Err(MapError::TooSmall { columns: 1, .. })));
        assert!(matches!(HeightMap::new(20, 20, 10.0, vec![0.0; 399]), Err(MapError::Length { found: 399, .. })));
        for pixel in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(HeightMap::new(20, 20, pixel, vec![0.0; 400]), Err(MapError::Pixel(_))));
        }
        let mut heights = vec![0.0; 400];
        heights[21] = f64::NAN;
        assert!(matches!(HeightMap::new(20, 20, 10.0, heights), Err(MapError::NotFinite { row: 1, column: 1, .. })));
    }

    #[test]
    fn rows_go_down_and_columns_to_the_right() {
        let map = HeightMap::from_function(20, 30, 2.0, |x, y| x + 1000.0 * y).unwrap();
        assert_eq!(map.height_um[1] - map.height_um[0], 2.0);
        assert_eq!(map.height_um[20] - map.height_um[0], 2000.0);
        assert_eq!((map.width_um(), map.length_um()), (40.0, 60.0));
        for (row, column) in [(0, 0), (1, 1), (15, 10), (29, 19)] {
            let (x, y) = map.slope(row, column);
            assert!((x - 1.0).abs() < 1e-9 && (y - 1000.0).abs() < 1e-9, "{x} {y}");
        }
    }

    #[test]
    fn the_middle_square_is_cut_out() {
        let map = HeightMap::from_function(30, 20, 1.0, |x, y| x + 1000.0 * y).unwrap();
        let square = map.clone().middle_square();
        assert_eq!((square.columns, square.rows), (20, 20));
        assert_eq!((square.height_um[0], square.height_um[399]), (map.height_um[5], map.height_um[19 * 30 + 24]));
        assert_eq!(square.clone().middle_square(), square);
    }

    #[test]
    fn coarser_pixels_are_means_of_whole_squares() {
        let map = HeightMap::from_function(101, 100, 10.0, |x, y| 3.0 * x - y).unwrap();
        let coarse = map.clone().coarsened(25.0);
        assert_eq!((coarse.columns, coarse.rows, coarse.pixel_um), (33, 33, 30.0));
        // The mean over a square of a plane is its height in the middle.
        assert!((coarse.height_um[33 + 2] - (3.0 * 75.0 - 45.0)).abs() < 1e-9);
        assert_eq!(map.clone().coarsened(10.0), map);
    }

    #[test]
    fn between_pixels_heights_are_interpolated() {
        let map = HeightMap::from_function(20, 20, 2.0, |x, y| 3.0 * x - y).unwrap();
        assert!((map.at(7.3, 20.2) - (3.0 * 7.3 - 20.2)).abs() < 1e-9);
        assert_eq!(map.at(-5.0, 1.0), map.at(1.0, 1.0));
        assert_eq!(map.at(1e9, 1e9), *map.height_um.last().unwrap());
    }
}
