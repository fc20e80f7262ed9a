//! Where the channels are, and what the voxels are made of.

use super::UM2_PER_CM2;
use crate::absorption::Cells;
use crate::tissue::{Fabric, Grid};

/// Points along the side of a column at which it is asked whether it lies in a channel.
const SAMPLES: usize = 10;

/// Channels in a square block that repeats at its sides.
#[derive(Debug, Clone, PartialEq)]
pub struct Placement {
    /// Side of the block, µm.
    pub side_um: f64,
    /// Centres, µm from the block's corner.
    pub centres_um: Vec<[f64; 2]>,
}

impl Placement {
    /// A square array of `across` by `across` channels at a density.
    #[must_use]
    pub fn array(density_per_cm2: f64, across: usize) -> Self {
        let pitch = 1e4 / density_per_cm2.sqrt();
        let at = |i: usize| (i as f64 + 0.5) * pitch;
        let centres_um = (0..across * across).map(|i| [at(i % across), at(i / across)]).collect();
        Self { side_um: pitch * across as f64, centres_um }
    }

    /// Channels per cm².
    #[must_use]
    pub fn density_per_cm2(&self) -> f64 {
        self.centres_um.len() as f64 * UM2_PER_CM2 / (self.side_um * self.side_um)
    }
}

/// Share of each column of the block that is channel.
#[derive(Debug, Clone)]
pub(super) struct Rasters {
    pub share: Vec<f64>,
    water_cm2_per_h: f64,
}

impl Rasters {
    pub fn new(grid: &Grid, radius_um: f64, placement: &Placement, water_cm2_per_h: f64) -> Self {
        let (n, h) = (grid.n, grid.spacing_um);
        let fine = h / SAMPLES as f64;
        let mut hits = vec![false; n * n * SAMPLES * SAMPLES];
        let across = n * SAMPLES;
        for &[x, y] in &placement.centres_um {
            let (first, last) = (|c: f64| ((c - radius_um) / fine).floor() as i64, |c: f64| ((c + radius_um) / fine).ceil() as i64);
            for j in first(y)..=last(y) {
                for i in first(x)..=last(x) {
                    let (dx, dy) = ((i as f64 + 0.5) * fine - x, (j as f64 + 0.5) * fine - y);
                    if dx * dx + dy * dy < radius_um * radius_um {
                        let wrap = |k: i64| k.rem_euclid(across as i64) as usize;
                        hits[wrap(j) * across + wrap(i)] = true;
                    }
                }
            }
        }
        let share = (0..n * n)
            .map(|column| {
                let (x, y) = (column % n * SAMPLES, column / n * SAMPLES);
                let inside = (0..SAMPLES * SAMPLES).filter(|s| hits[(y + s / SAMPLES) * across + x + s % SAMPLES]).count();
                inside as f64 / (SAMPLES * SAMPLES) as f64
            })
            .collect();
        Self { share, water_cm2_per_h }
    }

    pub fn open_area(&self) -> f64 {
        self.share.iter().sum::<f64>() / self.share.len() as f64
    }

    /// Voxels of tissue, of fluid and of both: side by side they conduct in parallel downwards, and half each way sideways. Of the
    /// channels' section the share `open` conducts downwards; what has closed holds its fluid and leads like tissue.
    pub fn fabric(&self, cells: &Cells, open: f64) -> Fabric {
        let plane = self.share.len();
        let count = plane * cells.len();
        let mut fabric = Fabric {
            capacity: Vec::with_capacity(count),
            across: Vec::with_capacity(count),
            down: Vec::with_capacity(count),
            loss: Vec::with_capacity(count),
        };
        let water = self.water_cm2_per_h * UM2_PER_CM2;
        for (i, medium) in cells.medium.iter().enumerate() {
            let tissue = medium.conductivity() * UM2_PER_CM2;
            for share in &self.share {
                let f = if i < cells.open { *share } else { 0.0 };
                fabric.capacity.push(f + (1.0 - f) * medium.partition);
                fabric.down.push(f * open * water + (1.0 - f * open) * tissue);
                fabric.across.push(1.0 / (f / water + (1.0 - f) / tissue));
                fabric.loss.push((1.0 - f) * medium.clearance_per_h);
            }
        }
        fabric
    }
}
