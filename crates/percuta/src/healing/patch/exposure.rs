//! What the tissue of a patch meets over a course, for the reduced model: the two are then compared on the same damage.

use super::PatchGrid;
use crate::healing::{Exposed, HealingParameters, signal_solver};
use crate::tissue::TissueError;

/// Damage of every session on a patch and the signals it sends, in single precision.
pub struct PatchExposure {
    at: PatchGrid,
    damage: Vec<Vec<f32>>,
    signal: Vec<Vec<f32>>,
}

impl PatchExposure {
    /// Solves the signals of sessions that lyse these shares of each voxel, `[session]` and `[layer][y][x]` over the whole block.
    ///
    /// # Errors
    /// [`TissueError`] if the grid is unsound or the damage is not a field on it.
    pub fn new(at: &PatchGrid, damage: Vec<Vec<f32>>, p: &HealingParameters) -> Result<Self, TissueError> {
        let mut solver = signal_solver(&at.grid, p)?;
        let mut signal = Vec::with_capacity(damage.len());
        for damaged in &damage {
            let mut field: Vec<f64> = damaged.iter().map(|d| p.tgf_decay * f64::from(*d)).collect();
            solver.solve(&mut field)?;
            signal.push(field.iter().map(|v| v.max(0.0) as f32).collect());
        }
        Ok(Self { at: at.clone(), damage, signal })
    }
}

impl Exposed for PatchExposure {
    fn sessions(&self) -> usize {
        self.damage.len()
    }

    fn layers(&self) -> usize {
        self.at.grid.layers()
    }

    fn columns(&self) -> usize {
        self.at.grid.plane()
    }

    fn layer(&self, session: usize, layer: usize, signal: &mut [f64], lysed: &mut [f64]) {
        let from = layer * self.at.grid.plane();
        let copy = |to: &mut [f64], of: &[f32]| to.iter_mut().zip(&of[from..]).for_each(|(to, of)| *to = f64::from(*of));
        copy(signal, &self.signal[session]);
        copy(lysed, &self.damage[session]);
    }
}
