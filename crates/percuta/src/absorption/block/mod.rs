//! One permeant in a block of skin in three dimensions, with every channel in its place: what the column is measured against.

mod fabric;
mod march;

#[cfg(test)]
mod tests;

pub use fabric::Placement;
pub use march::{BlockError, BlockMarch, Section};

use super::{Barrier, Below, Cells, Channels};
use crate::tissue::{Bath, Film, Grid, Lateral, Mosaic, MosaicState, TissueError};
use fabric::Rasters;

/// µm² of a cm².
const UM2_PER_CM2: f64 = 1e8;

/// A block ready to be marched.
pub struct Block {
    grid: Grid,
    cells: Cells,
    rasters: Rasters,
    mosaic: Mosaic,
    state: MosaicState,
    /// Open share of the channels' section that the mosaic was last given.
    open: f64,
}

impl Block {
    /// A block of a barrier with channels of one radius and depth at given places; columns about `resolution_um` wide.
    ///
    /// # Errors
    /// [`TissueError`] if the block is not one.
    pub fn new(barrier: &Barrier, channels: &Channels, placement: &Placement, resolution_um: f64) -> Result<Self, TissueError> {
        let reach_cm = (channels.depth_um * 1e-4).min(barrier.thickness_cm());
        let cells = Cells::new(barrier, reach_cm);
        let n = (placement.side_um / resolution_um).round().max(1.0) as usize;
        let grid = Grid { n, spacing_um: placement.side_um / n as f64, depth_edges_um: cells.edges_cm.iter().map(|e| e * 1e4).collect() };
        let rasters = Rasters::new(&grid, channels.radius_um, placement, barrier.water_cm2_per_h);
        let fabric = rasters.fabric(&cells, 1.0);
        let bottom = if barrier.below == Below::Receptor { Bath::HELD } else { Bath::NONE };
        let mosaic = Mosaic::new(&grid, Lateral::Periodic, &fabric, Bath::HELD, bottom)?;
        let state = MosaicState { potential: vec![0.0; grid.voxels()], top: 0.0, bottom: 0.0 };
        Ok(Self { grid, cells, rasters, mosaic, state, open: 1.0 })
    }

    /// Number of voxels.
    #[must_use]
    pub fn voxels(&self) -> usize {
        self.grid.voxels()
    }

    /// Width of a column, µm.
    #[must_use]
    pub fn spacing_um(&self) -> f64 {
        self.grid.spacing_um
    }

    /// Middles of the columns along a side, µm.
    #[must_use]
    pub fn x_um(&self) -> Vec<f64> {
        (0..self.grid.n).map(|i| (i as f64 + 0.5) * self.grid.spacing_um).collect()
    }

    /// Borders of the layers, µm.
    #[must_use]
    pub fn depth_edges_um(&self) -> &[f64] {
        &self.grid.depth_edges_um
    }

    /// Share of the surface that is channel.
    #[must_use]
    pub fn open_area(&self) -> f64 {
        self.rasters.open_area()
    }

    /// Steady flux by concentration (in water) under a vehicle that never depletes, with the share `open` of the channels'
    /// section, cm/h.
    ///
    /// # Errors
    /// [`TissueError`] if the solver does not converge.
    pub fn steady(&mut self, open: f64) -> Result<f64, TissueError> {
        self.set_open(open)?;
        self.mosaic.set_film(crate::tissue::Side::Top, Film::Uniform(f64::INFINITY))?;
        self.state.top = 1.0;
        let flow = self.mosaic.steady(&mut self.state)?;
        // µm³/h over µm² of block.
        Ok(flow.from_top / self.grid.side_um().powi(2) * 1e-4)
    }

    /// Gives the mosaic another open share of the channels' section.
    fn set_open(&mut self, open: f64) -> Result<(), TissueError> {
        // A hundredth of a per cent changes no flux that anyone could see.
        if (open - self.open).abs() > 1e-4 * self.open {
            self.mosaic.set_fabric(&self.rasters.fabric(&self.cells, open))?;
            self.open = open;
        }
        Ok(())
    }
}
