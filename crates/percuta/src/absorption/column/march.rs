//! A column over time: from an application to amounts, flux and profiles.
//!
//! Steps are those of Alexander's two-stage method (SDIRK2, γ = 1 - 1/√2; Alexander 1977): second order, L-stable, both stages with
//! one factorisation. Coefficients that change (closing channels, a drying vehicle) are taken at the middle of the step, which keeps
//! the order. The step follows the difference to the straight line through the first stage, as a share of the dose. What passes any border
//! is counted with the weights of the stages, so that the balance closes to rounding.

use wide::f64x2;

use super::band::{self, Band, Folded};
use super::{Column, at};
use crate::absorption::{Donor, Dosing, Offer, Vehicle};

/// γ of the method.
const GAMMA: f64 = 1.0 - std::f64::consts::FRAC_1_SQRT_2;
/// First step after anything sudden, h.
const FIRST_STEP_H: f64 = 1e-6;
/// Times that near are one, h.
pub(in crate::absorption) const SAME_H: f64 = 1e-9;
/// Steps after which the march is given up: a run takes a few hundred.
const MOST_STEPS: usize = 200_000;

/// What happens to a column from the first application on.
#[derive(Debug, Clone, Copy)]
pub struct Regimen<'a> {
    /// The vehicle.
    pub vehicle: &'a Vehicle,
    /// Applications and washing.
    pub dosing: &'a Dosing,
    /// Share of the channels' section that is open at the first application.
    pub open: f64,
    /// Rate at which it closes from then on, 1/h.
    pub closing_per_h: f64,
    /// Thickness of the first two tape strips together, cm.
    pub first_strips_cm: f64,
    /// Error allowed in a step, as a share of the dose; [`TOLERANCE`](Self::TOLERANCE) serves.
    pub tolerance: f64,
}

impl Regimen<'_> {
    /// Tolerance that leaves the amount absorbed about a thousandth off: less than what is known of any skin.
    pub const TOLERANCE: f64 = 1e-3;
}

/// Where a dose is, µg/cm², from outside to inside.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Amounts {
    /// In the vehicle on the skin.
    pub vehicle: f64,
    /// Evaporated.
    pub evaporated: f64,
    /// Washed off.
    pub washed_off: f64,
    /// In the stratum corneum of the first two tape strips.
    pub strips_1_2: f64,
    /// In the rest of the stratum corneum.
    pub strips_3_plus: f64,
    /// In the viable epidermis.
    pub viable_epidermis: f64,
    /// In the dermis.
    pub dermis: f64,
    /// In the fluid of channels.
    pub channels: f64,
    /// In the receptor, or taken up by blood.
    pub absorbed: f64,
}

impl Amounts {
    /// Identifiers and names in the order of [`parts`](Self::parts).
    pub const NAMES: [(&'static str, &'static str); 9] = [
        ("vehicle", "on the skin"),
        ("evaporated", "evaporated"),
        ("washed_off", "washed off"),
        ("strips_1_2", "tape strips 1-2"),
        ("strips_3_plus", "tape strips 3+"),
        ("viable_epidermis", "viable epidermis"),
        ("dermis", "dermis"),
        ("channels", "fluid of channels"),
        ("absorbed", "absorbed"),
    ];

    /// All of them.
    #[must_use]
    pub fn parts(&self) -> [f64; 9] {
        [
            self.vehicle,
            self.evaporated,
            self.washed_off,
            self.strips_1_2,
            self.strips_3_plus,
            self.viable_epidermis,
            self.dermis,
            self.channels,
            self.absorbed,
        ]
    }

    /// Sum.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.parts().iter().sum()
    }
}

/// A column at the asked times.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// Times, h.
    pub times_h: Vec<f64>,
    /// Where the dose is.
    pub amounts: Vec<Amounts>,
    /// What has been applied by then, µg/cm²; of a vehicle that never depletes, what it has given.
    pub applied: Vec<f64>,
    /// Flux into receptor or blood, µg/cm²/h.
    pub flux: Vec<f64>,
    /// Concentration in the tissue of each cell, µg/cm³.
    pub tissue: Vec<Vec<f64>>,
    /// Steps taken.
    pub steps: usize,
}

/// A march that could not go on.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("the column came to a halt at {time_h:.6} h with steps of {step_h:.3e} h")]
pub struct MarchError {
    /// Time, h.
    pub time_h: f64,
    /// Step, h.
    pub step_h: f64,
}

impl Column {
    /// Marches from skin that holds nothing and reports at `times_h`, which increase from 0 or later.
    ///
    /// # Errors
    /// [`MarchError`] if steps become too small or too many.
    pub fn march(&self, regimen: &Regimen, times_h: &[f64]) -> Result<Curve, MarchError> {
        March::new(self, regimen).run(times_h)
    }
}

struct March<'a> {
    column: &'a Column,
    regimen: &'a Regimen<'a>,
    time_h: f64,
    donor: Donor,
    counted: Amounts,
    /// Potentials.
    u: Folded,
    first: Folded,
    second: Folded,
    band: Band,
    /// Places of the vehicle and of the unknowns it gives to.
    places: [(usize, usize); 3],
    steps: usize,
}

/// What passed the borders in a trial step.
struct Passed {
    absorbed: f64,
    from_vehicle: f64,
    to_air: f64,
    error: f64,
}

impl<'a> March<'a> {
    fn new(column: &'a Column, regimen: &'a Regimen<'a>) -> Self {
        let count = column.unknowns();
        let zeros = vec![f64x2::ZERO; band::pairs(count)];
        Self {
            column,
            regimen,
            time_h: 0.0,
            donor: Donor::default(),
            counted: Amounts::default(),
            u: zeros.clone(),
            first: zeros.clone(),
            second: zeros,
            band: Band::new(count),
            places: [0, 1, 2].map(|i| band::place(i, count)),
            steps: 0,
        }
    }

    fn run(mut self, times_h: &[f64]) -> Result<Curve, MarchError> {
        let dosing = self.regimen.dosing;
        let mut events: Vec<(f64, bool)> = dosing.applied_h.iter().map(|t| (*t, true)).collect();
        events.extend(dosing.washed_h.map(|t| (t, false)));
        events.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut events = events.into_iter().peekable();
        let mut curve = Curve::default();
        let mut step_h = FIRST_STEP_H;
        for &report in times_h {
            loop {
                while let Some((_, applied)) = events.next_if(|e| e.0 <= self.time_h + SAME_H) {
                    if applied {
                        self.donor.apply(self.regimen.vehicle, dosing);
                    } else {
                        self.counted.washed_off += self.donor.wash(dosing);
                    }
                    step_h = FIRST_STEP_H;
                }
                let until = events.peek().map_or(report, |e| if e.0 < report - SAME_H { e.0 } else { report });
                let remaining = until - self.time_h;
                // An event that near has just been dealt with: what is left is a report.
                if remaining <= SAME_H {
                    self.time_h = until;
                    break;
                }
                // Two even steps end at a report better than one and a sliver.
                let dt = if step_h >= remaining {
                    remaining
                } else if 2.0 * step_h > remaining {
                    0.5 * remaining
                } else {
                    step_h
                };
                let (taken, proposed) = self.advance(dt)?;
                self.time_h = if taken >= remaining { until } else { self.time_h + taken };
                // A step that a report cut short says nothing against a longer one.
                step_h = if taken >= dt && dt < step_h { proposed.max(step_h) } else { proposed };
            }
            self.report(&mut curve);
        }
        curve.steps = self.steps;
        Ok(curve)
    }

    /// Takes a step of at most `dt`; returns its length and that of the next one.
    fn advance(&mut self, dt: f64) -> Result<(f64, f64), MarchError> {
        let mut dt = dt;
        loop {
            self.steps += 1;
            if self.steps > MOST_STEPS || dt < 1e-12 {
                return Err(MarchError { time_h: self.time_h, step_h: dt });
            }
            let above = self.donor.offer(self.regimen.vehicle, self.regimen.dosing, dt);
            let passed = self.trial(dt, above);
            // A solid that would be gone within the step: it ends where that is, or as near as makes no difference.
            let spare = self.donor.undissolved(self.regimen.vehicle, self.regimen.dosing, dt);
            let given = passed.from_vehicle + passed.to_air;
            if matches!(above, Offer::Held { .. }) && !self.regimen.dosing.infinite && given > spare && dt > FIRST_STEP_H {
                dt = (dt * (spare / given).clamp(0.1, 0.9)).max(FIRST_STEP_H);
                continue;
            }
            let stake = self.stake(&passed);
            let error = if stake > 0.0 { passed.error / (self.regimen.tolerance * stake) } else { 0.0 };
            let factor = (0.85 / error.sqrt()).clamp(0.2, 4.0);
            if error <= 1.0 {
                self.accept(dt, &passed);
                return Ok((dt, dt * factor));
            }
            dt *= factor.min(0.7);
        }
    }

    /// The amount that errors are measured by: the dose, or what a vehicle without end has given.
    fn stake(&self, passed: &Passed) -> f64 {
        let unending = if self.regimen.dosing.infinite { passed.from_vehicle.max(0.0) } else { 0.0 };
        self.donor.applied + unending
    }

    /// Both stages of a step; `second` then holds the result.
    fn trial(&mut self, dt: f64, above: Offer) -> Passed {
        let column = self.column;
        let open = self.regimen.open * (-self.regimen.closing_per_h * (self.time_h + 0.5 * dt)).exp();
        let tau = GAMMA * dt;
        // To the tissue and to the fluid of channels.
        let gives = [at(column.equations.next[0], open), at(column.equations.second[0], open)];
        let [vehicle, neighbours @ ..] = self.places;
        // What the vehicle is as an unknown, and the potential from which it feeds where it is none.
        let (capacity, air, own, feed) = match above {
            Offer::Nothing => (1.0, 0.0, 0.0, None),
            Offer::Held { potential, .. } => (1.0, 0.0, potential, Some(potential)),
            Offer::Mixed { capacity, loss } => (capacity, loss, self.donor.amount / capacity, None),
        };
        band::put(&mut self.u, vehicle, own);
        let (wide_tau, wide_open) = (f64x2::splat(tau), f64x2::splat(open));
        let rows = self.band.rows.iter_mut().zip(&column.folded);
        for ((row, terms), (first, u)) in rows.zip(self.first.iter_mut().zip(&self.u)) {
            *row = terms.row(terms.capacity, wide_tau, wide_open);
            *first = terms.capacity * *u;
        }
        self.band.add(vehicle, capacity + tau * air);
        band::put(&mut self.first, vehicle, capacity * own);
        if above != Offer::Nothing {
            for (place, k) in neighbours.into_iter().zip(gives) {
                self.band.add(place, tau * k);
                band::add(&mut self.first, place, tau * k * feed.unwrap_or(0.0));
            }
        }
        if let Offer::Mixed { .. } = above {
            self.band.add(vehicle, tau * (gives[0] + gives[1]));
            self.band.couple_first(gives.map(|k| tau * k));
        }
        self.band.factor_and_solve(&mut self.first);

        let again = f64x2::splat((1.0 - GAMMA) / GAMMA);
        for (terms, (second, (first, u))) in column.folded.iter().zip(self.second.iter_mut().zip(self.first.iter().zip(&self.u))) {
            *second = terms.capacity * (*u + again * (*first - *u));
        }
        let first_own = band::value_at(&self.first, vehicle);
        band::put(&mut self.second, vehicle, capacity * (own + (1.0 - GAMMA) / GAMMA * (first_own - own)));
        if let Some(feed) = feed {
            for (place, k) in neighbours.into_iter().zip(gives) {
                band::add(&mut self.second, place, tau * k * feed);
            }
        }
        self.band.solve(&mut self.second);

        let (mut absorbed, mut error) = (f64x2::ZERO, f64x2::ZERO);
        let (early, late, straight) = (f64x2::splat(1.0 - GAMMA), f64x2::splat(GAMMA), f64x2::splat(1.0 / GAMMA));
        for (terms, (second, (first, u))) in column.folded.iter().zip(self.second.iter().zip(self.first.iter().zip(&self.u))) {
            absorbed += (terms.loss[0] + wide_open * terms.loss[1]) * (early * *first + late * *second);
            error += terms.capacity * (*second - (*u + (*first - *u) * straight)).abs();
        }
        let mut passed = Passed { absorbed: dt * absorbed.reduce_add(), from_vehicle: 0.0, to_air: 0.0, error: error.reduce_add() };
        let mixed = |place| dt * ((1.0 - GAMMA) * band::value_at(&self.first, place) + GAMMA * band::value_at(&self.second, place));
        match above {
            Offer::Nothing => {}
            Offer::Held { potential, loss } => {
                passed.from_vehicle = neighbours.into_iter().zip(gives).map(|(place, k)| k * (dt * potential - mixed(place))).sum();
                passed.to_air = loss * potential * dt;
            }
            Offer::Mixed { capacity, loss } => {
                passed.to_air = loss * mixed(vehicle);
                passed.from_vehicle = capacity * (own - band::value_at(&self.second, vehicle)) - passed.to_air;
            }
        }
        passed
    }

    fn accept(&mut self, dt: f64, passed: &Passed) {
        std::mem::swap(&mut self.u, &mut self.second);
        self.counted.absorbed += passed.absorbed;
        self.counted.evaporated += passed.to_air;
        self.donor.advance(self.regimen.vehicle, self.regimen.dosing, dt, passed.from_vehicle, passed.to_air);
    }

    fn report(&self, curve: &mut Curve) {
        let (cells, of) = (&self.column.cells, &self.column.equations);
        let open = self.regimen.open * (-self.regimen.closing_per_h * self.time_h).exp();
        let mut amounts = Amounts { vehicle: self.donor.amount, ..self.counted };
        let count = of.capacity.len();
        let u = |unknown: usize| band::value(&self.u, unknown, count);
        let mut tissue = Vec::with_capacity(cells.len());
        for i in 0..cells.len() {
            let t = of.tissue[i];
            let potential = u(t);
            let held = of.capacity[t] * potential;
            match cells.layer[i] {
                0 => {
                    let first = ((self.regimen.first_strips_cm - cells.edges_cm[i]) / cells.thickness_cm(i)).clamp(0.0, 1.0);
                    amounts.strips_1_2 += first * held;
                    amounts.strips_3_plus += (1.0 - first) * held;
                }
                1 => amounts.viable_epidermis += held,
                _ => amounts.dermis += held,
            }
            tissue.push(cells.medium[i].partition * potential);
            if i < cells.open {
                amounts.channels += of.capacity[t + 1] * u(t + 1);
            }
        }
        let flux = of.loss.iter().enumerate().map(|(i, loss)| at(*loss, open) * u(i)).sum();
        curve.times_h.push(self.time_h);
        curve.amounts.push(amounts);
        curve.applied.push(self.donor.applied);
        curve.flux.push(flux);
        curve.tissue.push(tissue);
    }
}
