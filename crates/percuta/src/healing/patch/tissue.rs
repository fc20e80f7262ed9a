//! The state of the patch, what a session does to it, and what is read from it.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::fields::{FIELDS, PatchFields, PatchView};
use super::march::FIRST_STRETCH;
use crate::healing::{Block, Equations, FIRST_STEP, LANES, LayerState, Ledger, signal_solver};
use crate::tissue::{Elliptic, Grid, TissueError};

/// Blocks that share one sequence of time steps: 64 voxels in a row, few enough that quiet tissue near a wound does not have to
/// take the wound's small steps.
pub(super) const TILE: usize = 4;

/// Where a patch lies: its grid, and which layers are dermis.
#[derive(Debug, Clone, PartialEq)]
pub struct PatchGrid {
    /// The block: stratum corneum and epidermis first, then the dermis.
    pub grid: Grid,
    /// First layer of dermis.
    pub first_dermal_layer: usize,
    /// Layers of papillary dermis, the first of the dermis.
    pub papillary_layers: usize,
}

/// Everything of a patch that changes: what has to be kept to go on later exactly as if nothing had happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatchState {
    /// Local states of the dermis, [`LANES`] voxels each, in the order `[layer][y][x]`.
    pub(super) blocks: Vec<Block>,
    /// Next time step of each tile, d.
    pub(super) steps: Vec<f64>,
    /// Collagen made and lost in each tile.
    pub(super) ledgers: Vec<Ledger>,
    /// Diffused TGF-β of the fibroblasts in the whole block, ng/mL.
    pub(super) made: Vec<f64>,
    /// The same at an earlier time; empty when there is none to extrapolate from.
    pub(super) made_before: Vec<f64>,
    /// Time between the two, d.
    pub(super) made_gap: f64,
    /// Next stretch between solutions of that field, d.
    pub(super) stretch: f64,
    /// Share of each voxel that a session lysed, for every session whose alarm is still to be raised, the first first; single
    /// precision halves what waits.
    pub(super) waiting: Vec<Vec<f32>>,
    /// Thickening of the viable epidermis over each column, relative to baseline.
    pub(super) thickening: Vec<f64>,
    /// Day reached.
    pub(super) now: f64,
    /// Largest error of the extrapolated field so far, in units of its tolerance.
    pub(super) worst_extrapolation: f64,
    /// Collagen at the start less what sessions have cut away, summed over points.
    pub(super) uncut: f64,
}

/// A block of skin in three dimensions: the local states of every voxel of dermis, and the TGF-β that diffuses between them.
pub struct Patch {
    pub(super) at: PatchGrid,
    pub(super) equations: Equations,
    pub(super) solver: Elliptic,
    pub(super) state: PatchState,
}

impl Patch {
    /// Untreated skin on day `now`.
    ///
    /// # Errors
    /// If the grid is unsound or the field equation has no unique solution.
    pub fn at_rest(at: PatchGrid, equations: &Equations, now: f64) -> Result<Self, TissueError> {
        let blocks = at.dermal_voxels().div_ceil(LANES);
        let tiles = blocks.div_ceil(TILE);
        let state = PatchState {
            blocks: vec![Block::at_rest(equations.parameters()); blocks],
            steps: vec![FIRST_STEP; tiles],
            ledgers: vec![Ledger::default(); tiles],
            made: vec![0.0; at.grid.voxels()],
            made_before: Vec::new(),
            made_gap: 0.0,
            stretch: FIRST_STRETCH,
            waiting: Vec::new(),
            thickening: vec![0.0; at.grid.plane()],
            now,
            worst_extrapolation: 0.0,
            uncut: 0.0,
        };
        let state = PatchState { uncut: collagen(&state.blocks), ..state };
        Self::with_state(at, equations, state)
    }

    /// Skin in a state that was kept.
    ///
    /// # Errors
    /// If the grid is unsound, the field equation has no unique solution, or the state is one of another grid.
    pub fn with_state(at: PatchGrid, equations: &Equations, state: PatchState) -> Result<Self, TissueError> {
        let (blocks, voxels) = (at.dermal_voxels().div_ceil(LANES), at.grid.voxels());
        let tiles = blocks.div_ceil(TILE);
        let lengths = [
            ("blocks", state.blocks.len(), blocks),
            ("steps", state.steps.len(), tiles),
            ("ledgers", state.ledgers.len(), tiles),
            ("made", state.made.len(), voxels),
            ("made_before", state.made_before.len(), if state.made_before.is_empty() { 0 } else { voxels }),
            ("thickening", state.thickening.len(), at.grid.plane()),
        ];
        let waiting = state.waiting.iter().map(|w| ("waiting", w.len(), voxels));
        if let Some((what, found, expected)) = lengths.into_iter().chain(waiting).find(|(_, found, expected)| found != expected) {
            return Err(TissueError::Length { what, expected, found });
        }
        let solver = signal_solver(&at.grid, equations.parameters())?;
        Ok(Self { at, equations: *equations, solver, state })
    }

    /// Everything that changes.
    #[must_use]
    pub fn state(&self) -> &PatchState {
        &self.state
    }

    /// A session lyses the share `damaged` of each voxel, `[layer][y][x]` over the whole block, as the tissue then is.
    ///
    /// # Errors
    /// [`TissueError::Length`] if the damage is not a field on the block.
    pub fn lyse(&mut self, damaged: Vec<f32>) -> Result<(), TissueError> {
        self.make_room();
        let reached = self.reached(&damaged)?;
        let before = collagen(&self.state.blocks);
        self.each_point(&damaged, &reached, Block::lyse);
        self.state.uncut += collagen(&self.state.blocks) - before;
        drop(reached);
        self.state.waiting.push(damaged);
        // Fibroblasts are gone from what was cut, so that their TGF-β jumps.
        let mut made = std::mem::take(&mut self.state.made);
        self.solve_made(&mut made)?;
        self.state.made = made;
        self.restart();
        Ok(())
    }

    /// The alarm of the first session that still waits for it begins to call macrophages.
    ///
    /// # Errors
    /// None for a patch that was set up; see [`Patch::lyse`].
    pub fn raise_alarm(&mut self) -> Result<(), TissueError> {
        self.make_room();
        if self.state.waiting.is_empty() {
            return Ok(());
        }
        let damaged = self.state.waiting.remove(0);
        let reached = self.reached(&damaged)?;
        self.each_point(&damaged, &reached, Block::raise_alarm);
        self.restart();
        Ok(())
    }

    /// Lets go of what an event makes worthless, so that the event has room.
    pub fn make_room(&mut self) {
        self.state.made_before = Vec::new();
    }

    /// Share of a full source's TGF-β that diffuses to each voxel from sources of these strengths.
    fn reached(&mut self, damaged: &[f32]) -> Result<Vec<f64>, TissueError> {
        let decay = self.equations.parameters().tgf_decay;
        let mut field: Vec<f64> = damaged.iter().map(|&d| decay * f64::from(d)).collect();
        self.solve(&mut field)?;
        Ok(field)
    }

    fn each_point(&mut self, damaged: &[f32], reached: &[f64], act: impl Fn(&mut Block, usize, f64, f64) + Sync) {
        let from = self.at.dermal_offset();
        let points = damaged[from..].par_chunks(LANES).zip(reached[from..].par_chunks(LANES));
        self.state.blocks.par_iter_mut().zip(points).for_each(|(block, (damaged, reached))| {
            for (lane, (d, r)) in damaged.iter().zip(reached).enumerate() {
                act(block, lane, f64::from(*d), *r);
            }
        });
    }

    /// Day reached.
    #[must_use]
    pub fn now(&self) -> f64 {
        self.state.now
    }

    /// Where the patch lies.
    #[must_use]
    pub fn place(&self) -> &PatchGrid {
        &self.at
    }

    /// Bytes of state for each voxel of the block.
    #[must_use]
    pub fn bytes_per_voxel(&self) -> f64 {
        let bytes = size_of_val(&self.state.blocks[..])
            + 8 * (self.state.made.len() + self.state.made_before.len())
            + 4 * self.state.waiting.iter().map(Vec::len).sum::<usize>();
        (bytes + 24 * self.state.steps.len()) as f64 / self.at.grid.voxels() as f64
    }

    /// Largest error of the extrapolated TGF-β of fibroblasts so far, in units of its tolerance.
    #[must_use]
    pub fn worst_extrapolation(&self) -> f64 {
        self.state.worst_extrapolation
    }

    /// By how much the collagen that is there misses what was there at the start, less what was cut, plus what was made, minus
    /// what was lost; relative to what is there.
    #[must_use]
    pub fn ledger_error(&self) -> f64 {
        let there = collagen(&self.state.blocks);
        let change: f64 = self.state.ledgers.iter().map(|l| l.synthesised - l.degraded).sum();
        (there - self.state.uncut - change).abs() / there
    }

    /// The state of a voxel of dermis.
    #[inline]
    pub(super) fn point(&self, voxel: usize) -> LayerState {
        let point = voxel - self.at.dermal_offset();
        LayerState::at_point(&self.state.blocks[point / LANES], point % LANES, self.state.made[voxel], &self.equations)
    }

    /// Averages over every dermal layer.
    #[must_use]
    pub fn layers(&self) -> Vec<LayerState> {
        let plane = self.at.grid.plane();
        (self.at.first_dermal_layer..self.at.grid.layers())
            .into_par_iter()
            .map(|layer| {
                let mut mean = LayerState::default();
                for voxel in layer * plane..(layer + 1) * plane {
                    mean.add(&self.point(voxel), 1.0);
                }
                mean.values_mut().into_iter().for_each(|v| *v /= plane as f64);
                mean
            })
            .collect()
    }

    /// Thickness of the viable epidermis relative to baseline, averaged over the columns.
    #[must_use]
    pub fn epidermis_factor(&self) -> f64 {
        1.0 + self.state.thickening.iter().sum::<f64>() / self.state.thickening.len() as f64
    }

    /// Primed fibroblasts of the papillary dermis under each column.
    pub(super) fn papillary_primed(&self) -> Vec<f64> {
        let (plane, first) = (self.at.grid.plane(), self.at.first_dermal_layer);
        let layers = first..first + self.at.papillary_layers;
        let depth: f64 = layers.clone().map(|l| self.at.grid.thickness_um(l)).sum();
        let mut primed = vec![0.0; plane];
        primed.par_iter_mut().enumerate().for_each(|(column, sum)| {
            for layer in layers.clone() {
                let point = (layer - first) * plane + column;
                *sum += self.at.grid.thickness_um(layer) / depth * self.state.blocks[point / LANES].primed[point % LANES];
            }
        });
        primed
    }

    /// Every field of every voxel. `session` is the day of the last session and the open share of its epidermal wound.
    #[must_use]
    pub fn fields(&self, session: Option<(f64, f64)>) -> PatchFields {
        let (plane, layers) = (self.at.grid.plane(), self.at.grid.layers());
        let mut values = vec![vec![0.0; plane * layers]; FIELDS.len()];
        // Layer by layer all fields together: the state of a voxel is looked at once.
        let mut by_layer: Vec<Vec<&mut [f32]>> = (0..layers).map(|_| Vec::with_capacity(FIELDS.len())).collect();
        for field in &mut values {
            by_layer.iter_mut().zip(field.chunks_mut(plane)).for_each(|(layer, part)| layer.push(part));
        }
        by_layer.into_par_iter().enumerate().for_each(|(layer, mut fields)| {
            for column in 0..plane {
                let voxel = self.values(layer * plane + column);
                fields.iter_mut().zip(voxel).for_each(|(field, value)| field[column] = value);
            }
        });
        PatchFields {
            day: self.state.now,
            since_session: session.map(|(day, _)| self.state.now - day),
            grid: self.at.grid.clone(),
            first_dermal_layer: self.at.first_dermal_layer,
            values,
            epidermis_factor: self.state.thickening.iter().map(|t| (1.0 + t) as f32).collect(),
            epidermal_wound: session.map_or(0.0, |(_, wound)| wound as f32),
        }
    }

    /// The planes of pictures, without putting the whole fields together.
    #[must_use]
    pub fn view(&self, session: Option<(f64, f64)>, en_face: &[usize]) -> PatchView {
        let epidermis = self.state.thickening.iter().map(|t| (1.0 + t) as f32).collect::<Vec<_>>();
        let mut view = PatchView::cut(&self.at.grid, en_face, &epidermis, |voxel| self.values(voxel));
        view.day = self.state.now;
        view.since_session = session.map(|(day, _)| self.state.now - day);
        view.epidermal_wound = session.map_or(0.0, |(_, wound)| wound as f32);
        view
    }

    /// Every field at a voxel, in the order of [`FIELDS`].
    fn values(&self, voxel: usize) -> [f32; FIELDS.len()] {
        if voxel < self.at.dermal_offset() {
            return [f32::NAN; FIELDS.len()];
        }
        let s = self.point(voxel);
        [
            s.clot,
            s.macrophages,
            s.tgf_beta,
            s.fibroblasts,
            s.primed,
            s.myofibroblasts,
            s.collagen_i_new,
            s.collagen_iii_new,
            s.collagen_i_mature,
            s.collagen_iii_mature,
            s.elastin,
        ]
        .map(|v| v as f32)
    }
}

/// All collagen of some blocks, summed over points.
fn collagen(blocks: &[Block]) -> f64 {
    blocks.iter().map(|b| (0..LANES).map(|i| b.collagen(i)).sum::<f64>()).sum()
}

impl PatchGrid {
    /// First voxel of dermis.
    #[must_use]
    pub fn dermal_offset(&self) -> usize {
        self.first_dermal_layer * self.grid.plane()
    }

    /// Voxels of dermis.
    #[must_use]
    pub fn dermal_voxels(&self) -> usize {
        self.grid.voxels() - self.dermal_offset()
    }
}
