//! A square lattice over the skin, and quantities on it.

use rayon::prelude::*;

/// Where the pixels of a picture lie on the skin: row by row from the upper left, x to the right and y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Pixels a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// Side of a pixel, µm.
    pub pixel_um: f64,
}

impl Grid {
    /// Number of pixels.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Width and height, µm.
    #[must_use]
    pub fn size_um(&self) -> (f64, f64) {
        (self.columns as f64 * self.pixel_um, self.rows as f64 * self.pixel_um)
    }

    /// A value for each pixel from the place of its middle, µm.
    pub fn map<T: Send>(&self, value: impl Fn(f64, f64) -> T + Sync) -> Vec<T> {
        self.pixels(|row, column| value((column as f64 + 0.5) * self.pixel_um, (row as f64 + 0.5) * self.pixel_um))
    }

    /// A value for each pixel from its row and column.
    pub fn pixels<T: Send>(&self, value: impl Fn(usize, usize) -> T + Sync) -> Vec<T> {
        (0..self.len()).into_par_iter().with_min_len(self.columns.max(1)).map(|k| value(k / self.columns, k % self.columns)).collect()
    }

    /// Pixels within a distance of a place, and how far off each is, µm.
    pub fn around(&self, (x, y): (f64, f64), radius_um: f64) -> impl Iterator<Item = (usize, f64)> + '_ {
        let span = |v: f64, n: usize| {
            let first = ((v - radius_um) / self.pixel_um).floor().max(0.0) as usize;
            first.min(n)..(((v + radius_um) / self.pixel_um).ceil().max(0.0) as usize).min(n)
        };
        let (rows, columns) = (span(y, self.rows), span(x, self.columns));
        rows.flat_map(move |row| columns.clone().map(move |column| (row, column))).filter_map(move |(row, column)| {
            let (dx, dy) = ((column as f64 + 0.5) * self.pixel_um - x, (row as f64 + 0.5) * self.pixel_um - y);
            let off = dx.hypot(dy);
            (off <= radius_um).then_some((row * self.columns + column, off))
        })
    }

    /// The values spread by a Gaussian of that standard deviation, µm, as three passes of a box with fractional ends (Gwosdek et
    /// al. 2011, LNCS 6667:447). The picture is mirrored at its border, so that nothing is lost: the mean stays.
    #[must_use]
    pub fn blurred(&self, values: &[f32], sd_um: f64) -> Vec<f32> {
        let sd = sd_um / self.pixel_um;
        if sd < 1e-3 || self.is_empty() {
            return values.to_vec();
        }
        let across = transposed(&boxes(values, self.columns, sd), self.columns, self.rows);
        transposed(&boxes(&across, self.rows, sd), self.rows, self.columns)
    }
}

/// Three passes of the box along each row.
fn boxes(values: &[f32], width: usize, sd: f64) -> Vec<f32> {
    // Half width of a box whose threefold convolution has this variance; its ends count in part.
    let each = sd * sd / 3.0;
    let radius = (0.5 * ((1.0 + 12.0 * each).sqrt() - 1.0)).floor();
    let end = (2.0 * radius + 1.0) * (radius * (radius + 1.0) - 3.0 * each) / (6.0 * (each - (radius + 1.0).powi(2)));
    let (reach, total) = (radius as usize, 2.0 * radius + 1.0 + 2.0 * end);
    let mut out = values.to_vec();
    out.par_chunks_mut(width).for_each(|row| {
        let pad = reach + 1;
        let mut line: Vec<f64> = vec![0.0; width + 2 * pad];
        let mut sums = vec![0.0; line.len() + 1];
        for _ in 0..3 {
            for (v, x) in line[pad..].iter_mut().zip(row.iter()) {
                *v = f64::from(*x);
            }
            for i in 0..pad {
                line[i] = f64::from(row[mirrored(i as i64 - pad as i64, width)]);
                line[pad + width + i] = f64::from(row[mirrored((width + i) as i64, width)]);
            }
            for (i, v) in line.iter().enumerate() {
                sums[i + 1] = sums[i] + v;
            }
            for (i, v) in row.iter_mut().enumerate() {
                let middle = sums[i + pad + reach + 1] - sums[i + pad - reach];
                *v = ((middle + end * (line[i] + line[i + 2 * pad])) / total) as f32;
            }
        }
    });
    out
}

/// The place within so many that a mirror at both ends shows.
fn mirrored(i: i64, n: usize) -> usize {
    let n = n as i64;
    let i = i.rem_euclid(2 * n);
    (if i < n { i } else { 2 * n - 1 - i }) as usize
}

fn transposed(values: &[f32], columns: usize, rows: usize) -> Vec<f32> {
    let mut out = vec![0.0; values.len()];
    out.par_chunks_mut(rows).enumerate().for_each(|(column, line)| {
        for (row, v) in line.iter_mut().enumerate() {
            *v = values[row * columns + column];
        }
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::noise;

    const GRID: Grid = Grid { columns: 96, rows: 64, pixel_um: 20.0 };

    #[test]
    fn blurring_keeps_the_mean() {
        let values: Vec<f32> = (0..GRID.len()).map(|k| noise(1, k as u64) as f32).collect();
        let mean = |v: &[f32]| v.iter().map(|x| f64::from(*x)).sum::<f64>() / v.len() as f64;
        for sd in [4.0, 20.0, 130.0, 900.0] {
            let blurred = GRID.blurred(&values, sd);
            assert!((mean(&blurred) / mean(&values) - 1.0).abs() < 1e-5, "{sd}");
        }
    }

    #[test]
    fn a_point_becomes_a_bell_of_the_right_width() {
        let mut point = vec![0.0f32; GRID.len()];
        point[32 * 96 + 48] = 1.0;
        for sd in [12.0, 60.0, 110.0] {
            let spread = GRID.blurred(&point, sd);
            let variance: f64 = (0..GRID.len()).map(|k| f64::from(spread[k]) * (20.0 * ((k % 96) as f64 - 48.0)).powi(2)).sum();
            assert!((variance.sqrt() / sd - 1.0).abs() < 0.01, "{} for {sd}", variance.sqrt());
            let peak = f64::from(spread[32 * 96 + 48]);
            // Three boxes make a quadratic spline, whose peak is 3/8 over the standard deviation along each axis.
            let spline = (0.375 * 20.0 / sd).powi(2);
            assert!(sd < 50.0 || (peak / spline - 1.0).abs() < 0.02, "{peak} {spline}");
        }
    }

    #[test]
    fn pixels_around_a_place_are_those_within_the_radius() {
        let near: Vec<(usize, f64)> = GRID.around((200.0, 100.0), 50.0).collect();
        let all = GRID.map(|x, y| (x - 200.0).hypot(y - 100.0));
        assert_eq!(near.len(), all.iter().filter(|d| **d <= 50.0).count());
        assert!(near.iter().all(|&(k, d)| (all[k] - d).abs() < 1e-9));
    }
}
