//! A day of one dose on needled skin: `percuta-benches absorption`.
//!
//! A finite dose of 10 µL/cm² that dries, three layers, 200 channels per cm² that close with a half-life of 2 h, 25 reports over 24 h.

use std::error::Error;
use std::path::Path;

use percuta::absorption::{Barrier, Below, Channels, Column, Curve, Dosing, Layer, Regimen, Vehicle};
use serde_json::{Value, json};

use crate::tissue::shortest;

/// Half-life of the channels' section, h.
const CLOSING_HALF_LIFE_H: f64 = 2.0;
/// Largest error for which another code is taken to be as accurate: a little more than that of a march as it is.
const ALLOWED: f64 = 1e-4;
/// How much tighter the march is to which others are compared.
const TIGHTER: f64 = 1e-2;
/// Batches of which the shortest counts, and runs in each.
const BATCHES: usize = 200;
const RUNS: usize = 10;
/// Factorisations and solves in a step: one of each and a second solve.
const SOLVES: f64 = 2.0;

/// The problem for other codes, and the answer.
const FILE: &str = "absorption.json";

type Fallible<T> = Result<T, Box<dyn Error>>;

/// The problem.
pub struct Day {
    barrier: Barrier,
    channels: Channels,
    vehicle: Vehicle,
    dosing: Dosing,
    times_h: Vec<f64>,
}

impl Day {
    /// A substance of some 5 kDa on 300 µm of skin over a receptor.
    pub fn new() -> Self {
        let layer =
            |thickness_cm, diffusivity_cm2_per_h, partition| Layer { thickness_cm, diffusivity_cm2_per_h, partition, clearance_per_h: 0.0 };
        Self {
            barrier: Barrier {
                stratum_corneum: layer(15e-4, 1e-8, 0.2),
                viable_epidermis: layer(60e-4, 7e-5, 0.8),
                dermis: Some(layer(225e-4, 1.4e-4, 0.8)),
                below: Below::Receptor,
                water_cm2_per_h: 3e-3,
            },
            channels: Channels { density_per_cm2: 200.0, radius_um: 35.0, depth_um: 150.0 },
            vehicle: Vehicle { drying_half_life_h: Some(0.3), residue: 0.4, ..Vehicle::water(20_000.0) },
            dosing: Dosing::once(0.01),
            times_h: (0..=24).map(f64::from).collect(),
        }
    }

    /// The column's equations, with the spreading resistance of the channels.
    pub fn column(&self) -> Column {
        Column::new(&self.barrier, Some(&self.channels))
    }

    /// Amounts over the day.
    ///
    /// # Errors
    /// If the column cannot be marched.
    pub fn march(&self, column: &Column, tolerance: f64) -> Fallible<Curve> {
        let regimen = Regimen {
            vehicle: &self.vehicle,
            dosing: &self.dosing,
            open: 1.0,
            closing_per_h: std::f64::consts::LN_2 / CLOSING_HALF_LIFE_H,
            first_strips_cm: 1.4e-4,
            tolerance,
        };
        Ok(column.march(&regimen, &self.times_h)?)
    }

    /// The equations, for other solvers; conductances are two numbers, the second of which is multiplied by the open share.
    pub fn export(&self, column: &Column) -> Value {
        let of = column.equations();
        json!({
            "tissue": of.tissue, "capacity": of.capacity, "loss": of.loss, "next": of.next, "second": of.second,
            "open_cells": column.cells.open,
            "closing_per_h": std::f64::consts::LN_2 / CLOSING_HALF_LIFE_H,
            "dose": self.vehicle.concentration_ug_per_cm3 * self.dosing.layer_cm,
            "residue_cm": self.vehicle.residue * self.dosing.layer_cm,
            "volatile_cm": (1.0 - self.vehicle.residue) * self.dosing.layer_cm,
            "drying_half_life_h": self.vehicle.drying_half_life_h,
            "times_h": self.times_h, "allowed": ALLOWED,
        })
    }
}

/// Amount absorbed at each report.
pub fn absorbed(curve: &Curve) -> Vec<f64> {
    curve.amounts.iter().map(|a| a.absorbed).collect()
}

/// Largest difference of the amount absorbed at any report, by the last of them.
pub fn difference(curve: &Curve, exact: &[f64]) -> f64 {
    let end = exact.last().copied().unwrap_or(f64::NAN);
    absorbed(curve).iter().zip(exact).map(|(a, b)| (a - b).abs() / end).fold(0.0, f64::max)
}

/// Shortest time of a run, s.
pub fn seconds<T>(mut run: impl FnMut() -> T) -> f64 {
    shortest(BATCHES, || (0..RUNS).for_each(|_| drop(std::hint::black_box(run())))) / RUNS as f64
}

/// Writes the equations for the other codes.
///
/// # Errors
/// If the file cannot be written.
pub fn prepare(folder: &Path) -> Fallible<()> {
    let day = Day::new();
    Ok(std::fs::write(folder.join(FILE), day.export(&day.column()).to_string())?)
}

/// What was measured of one way to do the day.
pub struct Measured {
    /// What was done.
    pub what: &'static str,
    /// Shortest time, s.
    pub seconds: f64,
    /// Steps of the march.
    pub steps: usize,
    /// Difference from the answer that the file holds.
    pub error: f64,
}

/// Solves it, once its answer is in the file.
///
/// # Errors
/// If the file holds no answer, the column cannot be marched, or its error is not allowed.
pub fn measure(folder: &Path) -> Fallible<[Measured; 2]> {
    let about: Value = serde_json::from_str(&std::fs::read_to_string(folder.join(FILE))?)?;
    let exact: Vec<f64> = serde_json::from_value(about["absorbed"].clone())?;
    let day = Day::new();
    let column = day.column();
    let curve = day.march(&column, Regimen::TOLERANCE)?;
    let (steps, error) = (curve.steps, difference(&curve, &exact));
    if error > ALLOWED || curve.amounts.len() != exact.len() {
        return Err(format!("a day of absorption: error {error:.1e} instead of {ALLOWED:.0e}").into());
    }
    let march = seconds(|| day.march(&column, Regimen::TOLERANCE));
    let whole = seconds(|| day.march(&day.column(), Regimen::TOLERANCE));
    Ok([("march", march), ("set-up and march", whole)].map(|(what, seconds)| Measured { what, seconds, steps, error }))
}

/// Prints times, or with `--export [FILE]` the equations.
///
/// # Errors
/// If the column cannot be marched or the file not be written.
pub fn run(arguments: &[String]) -> Fallible<()> {
    let day = Day::new();
    let column = day.column();
    match arguments {
        [] => {}
        [export] if export == "--export" => {
            println!("{:#}", day.export(&column));
            return Ok(());
        }
        [export, file] if export == "--export" => return Ok(std::fs::write(Path::new(file), day.export(&column).to_string())?),
        _ => return Err("usage: percuta-benches absorption [--export [FILE]]".into()),
    }
    let unknowns = column.equations().capacity.len();
    println!("a day of one dose on needled skin: {unknowns} unknowns, 25 reports; one thread");
    let march = seconds(|| day.march(&column, Regimen::TOLERANCE));
    let whole = seconds(|| day.march(&day.column(), Regimen::TOLERANCE));
    for (label, time) in [
        ("whole run", whole),
        ("march alone", march),
        ("set-up alone (with spreading resistance)", seconds(|| day.column())),
        ("steady permeability and lag", seconds(|| column.steady(1.0))),
    ] {
        println!("  {label:<42} {:8.2} µs {:9.0} per s", 1e6 * time, 1.0 / time);
    }
    let exact = absorbed(&day.march(&column, TIGHTER * Regimen::TOLERANCE)?);
    println!("\n  {:>9}  {:>5}  {:>9}  {:>20}  {:>8}", "tolerance", "steps", "µs", "ns by unknown, solve", "error");
    for tolerance in [10.0, 3.0, 1.0, 0.3, 0.1].map(|x| x * Regimen::TOLERANCE) {
        let curve = day.march(&column, tolerance)?;
        let time = seconds(|| day.march(&column, tolerance));
        let by_unknown = 1e9 * time / (SOLVES * (curve.steps * unknowns) as f64);
        let error = difference(&curve, &exact);
        println!("  {tolerance:>9.0e}  {:>5}  {:>9.2}  {by_unknown:>20.2}  {error:>8.1e}", curve.steps, 1e6 * time);
    }
    println!("  error: of the amount absorbed, largest of all reports by the last, against {TIGHTER} times the tolerance");
    Ok(())
}
