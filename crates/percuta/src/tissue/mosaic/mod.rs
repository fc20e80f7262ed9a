//! Diffusion in time through a block whose properties vary from voxel to voxel: `K ∂u/∂t = ∇·(G ∇u) - L u`.
//!
//! The unknown is the potential u; the concentration is K u, and u is continuous where K jumps. Above and below the block
//! lie stirred baths, which are unknowns of the same system. Finite volumes; faces conduct as two half voxels in
//! series. Time: [`Mosaic::step`] and [`Mosaic::euler_step`]; linear systems: conjugate gradients (`solve`) with a
//! multigrid cycle of columns (`cycle`).

mod cycle;
#[cfg(test)]
mod dense_tests;
mod layout;
mod level;
mod lines;
#[cfg(test)]
mod physics_tests;
mod solve;
mod step;

use self::layout::{LANES, Lanes, Layout};
use self::solve::Solver;
use super::error::{check_grid, check_length};
use super::{Grid, Lateral, TissueError};

pub use self::step::{Effort, Exchanged};

/// Properties of each voxel, in the order of the [`Grid`].
#[derive(Debug, Clone, PartialEq)]
pub struct Fabric {
    /// Capacity K: concentration by potential. For a whole voxel of one material its partition coefficient.
    pub capacity: Vec<f64>,
    /// Conductivity G along the surface, length²/time: diffusivity times K.
    pub across: Vec<f64>,
    /// Conductivity G in depth. It differs from `across` where a voxel holds two materials side by side, which conduct in
    /// parallel downwards and in series sideways.
    pub down: Vec<f64>,
    /// Loss L: amount lost by volume, time and potential. For a clearance k (1/time) of what is there, k K.
    pub loss: Vec<f64>,
}

/// What lies between the block and a bath.
#[derive(Debug, Clone, PartialEq)]
pub enum Film {
    /// Nothing passes.
    Closed,
    /// Flux by difference of potentials, length/time; infinite if the surface has the potential of the bath.
    Uniform(f64),
    /// The same for each column, `[y][x]`: zero where it is closed.
    Columns(Vec<f64>),
}

/// A well-stirred bath above or below the block.
#[derive(Debug, Clone, PartialEq)]
pub struct Bath {
    /// Amount by potential and area of the block, a length: height times partition coefficient. Infinite if the bath is
    /// held at its potential.
    pub capacity: f64,
    /// Contact with the block.
    pub film: Film,
}

impl Bath {
    /// No bath: nothing passes.
    pub const NONE: Self = Self { capacity: f64::INFINITY, film: Film::Closed };

    /// The surface is held at a potential.
    pub const HELD: Self = Self { capacity: f64::INFINITY, film: Film::Uniform(f64::INFINITY) };
}

/// Top or bottom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Above the first layer.
    Top,
    /// Below the last layer.
    Bottom,
}

/// Potentials of the block and its two baths.
#[derive(Debug, Clone, PartialEq)]
pub struct MosaicState {
    /// Of each voxel, `[layer][y][x]`.
    pub potential: Vec<f64>,
    /// Of the bath above.
    pub top: f64,
    /// Of the bath below.
    pub bottom: f64,
}

/// Solver for one substance in one block.
///
/// Holds some 25 arrays of the size of a field and factors for the last step used.
pub struct Mosaic {
    grid: Grid,
    films: [Film; 2],
    /// Capacities of the baths, by area of a block.
    baths: [f64; 2],
    /// Resistance from the middle of the first and of the last voxel of each column to the surface.
    halves: [Vec<f64>; 2],
    /// Capacity and loss of each voxel times its thickness.
    capacity: Vec<Lanes>,
    loss: Vec<Lanes>,
    lossy: bool,
    /// Field at the start of a step.
    start: Vec<Lanes>,
    solver: Solver,
    /// What the factors are for: `s` and the diagonals of the baths.
    factored: Option<(f64, [f64; 2])>,
    effort: Effort,
    sums: Vec<[f64; 3]>,
}

impl Mosaic {
    /// Prepares the solver.
    ///
    /// # Errors
    /// [`TissueError`] for an unsound grid; a property without one value for each voxel, a film without one for each
    /// column; a capacity or conductivity that is not positive and finite; a negative loss or film; or a bath without
    /// capacity.
    pub fn new(grid: &Grid, lateral: Lateral, fabric: &Fabric, top: Bath, bottom: Bath) -> Result<Self, TissueError> {
        check_grid(grid)?;
        let (layout, periodic) = (Layout::new(grid.n, grid.layers()), lateral == Lateral::Periodic);
        let mut mosaic = Self {
            grid: grid.clone(),
            films: [Film::Closed, Film::Closed],
            baths: [f64::INFINITY; 2],
            halves: [0, 1].map(|_| vec![1.0; grid.plane()]),
            capacity: vec![[0.0; LANES]; layout.lanes()],
            loss: vec![[0.0; LANES]; layout.lanes()],
            lossy: false,
            start: vec![[0.0; LANES]; layout.lanes()],
            solver: Solver::new(layout, periodic),
            factored: None,
            effort: Effort::default(),
            sums: vec![[0.0; 3]; 2 * grid.n],
        };
        for (side, bath) in [(Side::Top, top), (Side::Bottom, bottom)] {
            mosaic.check_film(side, &bath.film)?;
            mosaic.set_bath_capacity(side, bath.capacity)?;
            mosaic.films[side as usize] = bath.film;
        }
        mosaic.set_fabric(fabric)?;
        Ok(mosaic)
    }

    /// Changes the properties of the block, as channels that close do. Takes about as long as two iterations of a step.
    ///
    /// Potentials stay what they are, so with other capacities the amounts become others.
    ///
    /// # Errors
    /// As [`new`](Self::new); the solver is then as before.
    pub fn set_fabric(&mut self, fabric: &Fabric) -> Result<(), TissueError> {
        self.check_values("capacity", &fabric.capacity, false)?;
        self.check_values("conductivity along the surface", &fabric.across, false)?;
        self.check_values("conductivity in depth", &fabric.down, false)?;
        self.check_values("loss", &fabric.loss, true)?;
        let (grid, layout) = (&self.grid, self.solver.levels[0].layout);
        let (n, plane, layers) = (grid.n, grid.plane(), grid.layers());
        layout.bring(&fabric.capacity, &mut self.capacity, |layer, k| k * grid.thickness_um(layer));
        layout.bring(&fabric.loss, &mut self.loss, |layer, k| k * grid.thickness_um(layer));
        self.lossy = fabric.loss.iter().any(|&l| l > 0.0);
        let half = |layer: usize, i: usize| 0.5 * grid.thickness_um(layer) / fabric.down[layer * plane + i];
        for (halves, layer) in self.halves.iter_mut().zip([0, layers - 1]) {
            halves.iter_mut().enumerate().for_each(|(i, h)| *h = half(layer, i));
        }
        let finest = self.solver.finest();
        for layer in 0..layers {
            let (g, lateral) = (&fabric.across[layer * plane..][..plane], grid.thickness_um(layer) / grid.spacing_um.powi(2));
            let series = |a: f64, b: f64| lateral * 2.0 / (1.0 / a + 1.0 / b);
            for y in 0..n {
                for x in 0..n {
                    let i = y * n + x;
                    if finest.joined(x) {
                        *finest.link_mut(x, y, layer, false) = series(g[i], g[y * n + (x + 1) % n]);
                    }
                    if finest.joined(y) {
                        *finest.link_mut(x, y, layer, true) = series(g[i], g[(y + 1) % n * n + x]);
                    }
                    if layer + 1 < layers {
                        finest.down.as_flattened_mut()[layout.at(x, y, layer)] = 1.0 / (half(layer, i) + half(layer + 1, i));
                    }
                }
            }
        }
        self.connect();
        Ok(())
    }

    /// Changes the contact with a bath. Takes about as long as two iterations of a step.
    ///
    /// # Errors
    /// [`TissueError`] for a film that is negative or has not one value for each column.
    pub fn set_film(&mut self, side: Side, film: Film) -> Result<(), TissueError> {
        self.check_film(side, &film)?;
        self.films[side as usize] = film;
        self.connect();
        Ok(())
    }

    /// Changes the capacity of a bath, as a vehicle that dries does. Its potential stays what it is: to keep the amount,
    /// change the potential in the state by the inverse.
    ///
    /// # Errors
    /// [`TissueError`] for a capacity that is not positive.
    pub fn set_bath_capacity(&mut self, side: Side, capacity: f64) -> Result<(), TissueError> {
        if capacity.is_nan() || capacity <= 0.0 {
            return Err(TissueError::Coefficient {
                what: "capacity of the bath",
                layer: self.layer(side),
                value: capacity,
                must: "positive",
            });
        }
        self.baths[side as usize] = capacity;
        Ok(())
    }

    /// Amount in the block: potential times K times volume, µm³.
    ///
    /// # Errors
    /// [`TissueError`] for a state of another size.
    pub fn amount(&mut self, state: &MosaicState) -> Result<f64, TissueError> {
        self.check_state(state)?;
        self.solver.levels[0].layout.bring(&state.potential, &mut self.start, |_, u| u);
        let [amount, _, _] = self.sum(|mosaic, at| [self::step::product(&mosaic.capacity[at.clone()], &mosaic.start[at]), 0.0, 0.0]);
        Ok(amount * self.grid.spacing_um.powi(2))
    }

    /// Amount in a bath of that potential, µm³; infinite if it is held.
    #[must_use]
    pub fn bath_amount(&self, side: Side, potential: f64) -> f64 {
        self.baths[side as usize] * potential * self.grid.side_um().powi(2)
    }

    /// Iterations of the last step.
    #[must_use]
    pub fn effort(&self) -> Effort {
        self.effort
    }

    /// Conductances to the baths, and all that follows from conductances.
    fn connect(&mut self) {
        let (n, layout) = (self.grid.n, self.solver.levels[0].layout);
        let layout = Layout { layers: 1, ..layout };
        for (side, film) in self.films.iter().enumerate() {
            let to = self.solver.levels[0].ends[side].as_flattened_mut();
            for (i, half) in self.halves[side].iter().enumerate() {
                let film = match film {
                    Film::Closed => 0.0,
                    Film::Uniform(film) => *film,
                    Film::Columns(films) => films[i],
                };
                to[layout.at(i % n, i / n, 0)] = 1.0 / (1.0 / film + half);
            }
        }
        self.solver.coarsen();
        self.factored = None;
    }

    fn layer(&self, side: Side) -> usize {
        if side == Side::Top { 0 } else { self.grid.layers() - 1 }
    }

    fn check_film(&self, side: Side, film: &Film) -> Result<(), TissueError> {
        let values = match film {
            Film::Closed => &[],
            Film::Uniform(film) => std::slice::from_ref(film),
            Film::Columns(films) => {
                check_length("film", films.len(), self.grid.plane())?;
                films.as_slice()
            }
        };
        match values.iter().find(|f| f.is_nan() || **f < 0.0) {
            Some(&value) => Err(TissueError::Coefficient { what: "film", layer: self.layer(side), value, must: "not negative" }),
            None => Ok(()),
        }
    }

    fn check_values(&self, what: &'static str, values: &[f64], or_zero: bool) -> Result<(), TissueError> {
        check_length(what, values.len(), self.grid.voxels())?;
        let must = if or_zero { "not negative" } else { "positive" };
        match values.iter().position(|&v| !v.is_finite() || v < 0.0 || (v == 0.0 && !or_zero)) {
            Some(i) => Err(TissueError::Coefficient { what, layer: i / self.grid.plane(), value: values[i], must }),
            None => Ok(()),
        }
    }

    fn check_state(&self, state: &MosaicState) -> Result<(), TissueError> {
        check_length("potential", state.potential.len(), self.grid.voxels())?;
        let error = |layer, value| Err(TissueError::Coefficient { what: "potential", layer, value, must: "not NaN" });
        for (potential, side) in [(state.top, Side::Top), (state.bottom, Side::Bottom)] {
            if !potential.is_finite() {
                return error(self.layer(side), potential);
            }
        }
        match state.potential.iter().position(|u| !u.is_finite()) {
            Some(i) => error(i / self.grid.plane(), state.potential[i]),
            None => Ok(()),
        }
    }
}
