//! A block over time.

use super::Block;
use crate::absorption::column::SAME_H;
use crate::absorption::donor::{Donor, Offer};
use crate::absorption::{Amounts, Curve, Regimen};
use crate::tissue::{Film, Side, TissueError};

/// First step after anything sudden, h.
const FIRST_STEP_H: f64 = 1e-4;
/// Each step is longer than the one before by this factor.
const GROWTH: f64 = 1.35;
/// Longest step as a share of the study.
const LONGEST: f64 = 0.01;
/// Steps after a sudden change that are backward Euler, which never undershoots.
const DAMPED: usize = 2;

/// A march that could not go on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BlockError {
    /// The numerics.
    #[error("the block stopped at {time_h:.4} h: {reason}")]
    Numerics {
        /// Time, h.
        time_h: f64,
        /// What happened.
        reason: TissueError,
    },
    /// The caller asked to stop.
    #[error("stopped at {time_h:.4} h")]
    Cancelled {
        /// Time, h.
        time_h: f64,
    },
}

/// A vertical section through the block at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Time, h.
    pub time_h: f64,
    /// Concentration `[layer][column]`, µg/cm³.
    pub concentration: Vec<Vec<f64>>,
}

/// What a march of a block gives.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockMarch {
    /// Amounts and flux; tissue by depth is left out.
    pub curve: Curve,
    /// Sections along x through a row of columns, one for each time asked for.
    pub sections: Vec<Section>,
}

impl Block {
    /// Marches from skin that holds nothing and reports at `times_h`; at those of them that are in `sections_h` with a section
    /// through the columns at `y_um`. `progress(time)` says whether to go on.
    ///
    /// # Errors
    /// [`BlockError`] if the solver does not converge or `progress` says no.
    pub fn march(
        &mut self,
        regimen: &Regimen,
        times_h: &[f64],
        (sections_h, y_um): (&[f64], f64),
        progress: &dyn Fn(f64) -> bool,
    ) -> Result<BlockMarch, BlockError> {
        self.state.potential.fill(0.0);
        let end = times_h.last().copied().unwrap_or(0.0);
        let mut run = Run { donor: Donor::default(), counted: Amounts::default(), time_h: 0.0, fresh: DAMPED, flux: 0.0, giving: 0.0 };
        let mut events: Vec<(f64, bool)> = regimen.dosing.applied_h.iter().map(|t| (*t, true)).collect();
        events.extend(regimen.dosing.washed_h.map(|t| (t, false)));
        events.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut events = events.into_iter().peekable();
        let mut found = BlockMarch { curve: Curve::default(), sections: Vec::new() };
        let mut step_h = FIRST_STEP_H;
        let row = ((y_um / self.grid.spacing_um) as usize).min(self.grid.n - 1);
        for &report in times_h {
            loop {
                while let Some((_, applied)) = events.next_if(|e| e.0 <= run.time_h + SAME_H) {
                    if applied {
                        run.donor.apply(regimen.vehicle, regimen.dosing);
                    } else {
                        run.counted.washed_off += run.donor.wash(regimen.dosing);
                    }
                    step_h = FIRST_STEP_H;
                    run.fresh = DAMPED;
                }
                let until = events.peek().map_or(report, |e| if e.0 < report - SAME_H { e.0 } else { report });
                let remaining = until - run.time_h;
                if remaining <= SAME_H {
                    run.time_h = until;
                    break;
                }
                if !progress(run.time_h) {
                    return Err(BlockError::Cancelled { time_h: run.time_h });
                }
                let dt = if step_h >= remaining {
                    remaining
                } else if 2.0 * step_h > remaining {
                    0.5 * remaining
                } else {
                    step_h
                };
                self.advance(regimen, &mut run, dt).map_err(|reason| BlockError::Numerics { time_h: run.time_h, reason })?;
                found.curve.steps += 1;
                run.time_h = if dt >= remaining { until } else { run.time_h + dt };
                step_h = (step_h * GROWTH).min((LONGEST * end).max(FIRST_STEP_H));
            }
            self.report(regimen, &run, &mut found.curve);
            if sections_h.contains(&report) {
                found.sections.push(Section { time_h: report, concentration: self.section(row) });
            }
        }
        Ok(found)
    }

    fn advance(&mut self, regimen: &Regimen, run: &mut Run, dt: f64) -> Result<(), TissueError> {
        let (vehicle, dosing) = (regimen.vehicle, regimen.dosing);
        self.set_open(regimen.open * (-regimen.closing_per_h * (run.time_h + 0.5 * dt)).exp())?;
        // What evaporates goes before the step.
        let mut offer = run.donor.offer(vehicle, dosing, dt);
        // A solid that will be gone within the step is taken as dissolved: the step cannot be tried again.
        if let Offer::Held { potential, loss } = offer
            && !dosing.infinite
            && (run.giving + loss * potential) * dt > run.donor.undissolved(vehicle, dosing, dt)
        {
            offer = run.donor.dissolved_offer(vehicle, dosing, dt);
        }
        let mut to_air = 0.0;
        match offer {
            Offer::Nothing => self.mosaic.set_film(Side::Top, Film::Closed)?,
            Offer::Held { potential, loss } => {
                to_air = loss * potential * dt;
                self.mosaic.set_film(Side::Top, Film::Uniform(f64::INFINITY))?;
                self.mosaic.set_bath_capacity(Side::Top, f64::INFINITY)?;
                self.state.top = potential;
            }
            Offer::Mixed { capacity, loss } => {
                to_air = run.donor.amount * -(-loss / capacity * dt).exp_m1();
                self.mosaic.set_film(Side::Top, Film::Uniform(f64::INFINITY))?;
                self.mosaic.set_bath_capacity(Side::Top, capacity * 1e4)?;
                self.state.top = (run.donor.amount - to_air) / capacity;
            }
        }
        let passed = if run.fresh > 0 {
            run.fresh -= 1;
            self.mosaic.euler_step(&mut self.state, dt)?
        } else {
            self.mosaic.step(&mut self.state, dt)?
        };
        // From µm³ of the block to cm of its area.
        let by_area = 1e-4 / self.grid.side_um().powi(2);
        run.counted.absorbed += (passed.into_bottom + passed.lost) * by_area;
        run.counted.evaporated += to_air;
        run.donor.advance(vehicle, dosing, dt, passed.from_top * by_area, to_air);
        run.giving = passed.from_top * by_area / dt;
        run.flux = (passed.into_bottom + passed.lost) * by_area / dt;
        Ok(())
    }

    fn report(&self, regimen: &Regimen, run: &Run, curve: &mut Curve) {
        let plane = self.grid.plane();
        let columns = plane as f64;
        let mut amounts = Amounts { vehicle: run.donor.amount, ..run.counted };
        for (layer, medium) in self.cells.medium.iter().enumerate() {
            let (mut tissue, mut fluid) = (0.0, 0.0);
            for (u, share) in self.state.potential[layer * plane..][..plane].iter().zip(&self.rasters.share) {
                let f = if layer < self.cells.open { *share } else { 0.0 };
                tissue += (1.0 - f) * medium.partition * u;
                fluid += f * u;
            }
            let thickness = self.cells.thickness_cm(layer) / columns;
            let held = tissue * thickness;
            amounts.channels += fluid * thickness;
            match self.cells.layer[layer] {
                0 => {
                    let first = (regimen.first_strips_cm - self.cells.edges_cm[layer]) / self.cells.thickness_cm(layer);
                    let first = first.clamp(0.0, 1.0);
                    amounts.strips_1_2 += first * held;
                    amounts.strips_3_plus += (1.0 - first) * held;
                }
                1 => amounts.viable_epidermis += held,
                _ => amounts.dermis += held,
            }
        }
        curve.times_h.push(run.time_h);
        curve.amounts.push(amounts);
        curve.applied.push(run.donor.applied);
        curve.flux.push(run.flux);
    }

    /// Concentrations along a row of columns.
    fn section(&self, row: usize) -> Vec<Vec<f64>> {
        let (n, plane) = (self.grid.n, self.grid.plane());
        let of = |layer: usize, x: usize| {
            let column = row * n + x;
            let f = if layer < self.cells.open { self.rasters.share[column] } else { 0.0 };
            (f + (1.0 - f) * self.cells.medium[layer].partition) * self.state.potential[layer * plane + column]
        };
        (0..self.cells.len()).map(|layer| (0..n).map(|x| of(layer, x)).collect()).collect()
    }
}

/// A march under way.
struct Run {
    donor: Donor,
    counted: Amounts,
    time_h: f64,
    /// Damped steps still to take.
    fresh: usize,
    /// Mean flux of the last step, µg/cm²/h.
    flux: f64,
    /// Mean rate at which the vehicle gave in the last step, µg/cm²/h.
    giving: f64,
}
