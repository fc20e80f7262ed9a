//! The column against analytic solutions, balances and itself.

use std::f64::consts::PI;

use super::*;
use crate::absorption::{Dosing, Layer, Vehicle};

const fn layer(thickness_cm: f64, diffusivity_cm2_per_h: f64, partition: f64) -> Layer {
    Layer { thickness_cm, diffusivity_cm2_per_h, partition, clearance_per_h: 0.0 }
}

/// Caffeine-like skin of 300 µm over a receptor.
fn skin() -> Barrier {
    Barrier {
        stratum_corneum: layer(15e-4, 1.5e-6, 0.5),
        viable_epidermis: layer(60e-4, 3e-3, 0.9),
        dermis: Some(layer(225e-4, 6e-3, 0.9)),
        below: Below::Receptor,
        water_cm2_per_h: 3e-2,
    }
}

fn channels(density_per_cm2: f64) -> Channels {
    Channels { density_per_cm2, radius_um: 35.0, depth_um: 150.0 }
}

fn march(column: &Column, vehicle: &Vehicle, dosing: &Dosing, open: f64, closing_per_h: f64, times: &[f64]) -> Curve {
    column.march(&Regimen { vehicle, dosing, open, closing_per_h, first_strips_cm: 1.4e-4, tolerance: Regimen::TOLERANCE }, times).unwrap()
}

#[test]
fn crank_slab() {
    // A slab that resists everywhere alike: three layers of one substance are one slab.
    let one = layer(1e-2, 1e-3, 0.7);
    let barrier = Barrier { stratum_corneum: one, viable_epidermis: one, dermis: Some(one), below: Below::Receptor, water_cm2_per_h: 1.0 };
    let (l, d, k, c) = (3e-2, 1e-3, 0.7, 1000.0);
    let column = Column::new(&barrier, None);
    let steady = column.steady(0.0);
    assert!((steady.permeability_cm_per_h / (d * k / l) - 1.0).abs() < 1e-12);
    assert!((steady.lag_h / (l * l / (6.0 * d)) - 1.0).abs() < 5e-3, "{}", steady.lag_h / (l * l / (6.0 * d)));
    let times: Vec<f64> = (1..=40).map(|i| 0.02 * f64::from(i)).collect();
    let curve = march(&column, &Vehicle::water(c), &Dosing::infinite(), 0.0, 0.0, &times);
    for (i, t) in times.iter().enumerate() {
        // Crank 1975, equation 4.24.
        let x = d * t / (l * l);
        let sum: f64 =
            (1..60).map(|n| f64::from(if n % 2 == 0 { 1 } else { -1 }) / f64::from(n * n) * (-f64::from(n * n) * PI * PI * x).exp()).sum();
        let exact = k * c * l * (x - 1.0 / 6.0 - 2.0 / (PI * PI) * sum);
        let got = curve.amounts[i].absorbed;
        assert!((got - exact).abs() < 2e-3 * exact + 1e-4 * k * c * l, "{t}: {got} against {exact}");
    }
}

#[test]
fn two_layers_in_series() {
    let (a, b) = (layer(15e-4, 1e-6, 2.0), layer(200e-4, 4e-3, 0.6));
    let barrier = Barrier { stratum_corneum: a, viable_epidermis: b, dermis: None, below: Below::Receptor, water_cm2_per_h: 1.0 };
    let column = Column::new(&barrier, None);
    let series = 1.0 / (1.0 / a.permeability_cm_per_h() + 1.0 / b.permeability_cm_per_h());
    assert!((column.steady(0.0).permeability_cm_per_h / series - 1.0).abs() < 1e-12);
    let curve = march(&column, &Vehicle::water(1.0), &Dosing::infinite(), 0.0, 0.0, &[100.0]);
    assert!((curve.flux[0] / series - 1.0).abs() < 1e-9);
}

#[test]
fn living_dermis_clears_as_the_fin_does() {
    // Far from the floor the field decays over √(DK/k): flux from a held upper face is √(DK k).
    let mut barrier = skin();
    barrier.stratum_corneum = layer(1e-6, 1.0, 1.0);
    barrier.viable_epidermis = layer(1e-6, 1.0, 1.0);
    barrier.dermis = Some(Layer { clearance_per_h: 1.3, ..layer(0.4, 6e-3, 0.9) });
    barrier.below = Below::Closed;
    let p = Column::new(&barrier, None).steady(0.0).permeability_cm_per_h;
    let exact = (6e-3f64 * 0.9 * 1.3).sqrt();
    assert!((p / exact - 1.0).abs() < 0.01, "{p} against {exact}");
}

#[test]
fn the_balance_closes_through_everything_that_can_happen() {
    let column = Column::new(&skin(), Some(&channels(200.0)));
    let vehicle = Vehicle {
        solubility_ug_per_cm3: Some(30_000.0),
        drying_half_life_h: Some(0.3),
        residue: 0.1,
        permeant_half_life_h: Some(5.0),
        ..Vehicle::water(20_000.0)
    };
    let dosing = Dosing { applied_h: vec![0.0, 6.0], washed_h: Some(12.0), washed_share: 0.9, ..Dosing::once(0.01) };
    let times: Vec<f64> = (0..=48).map(|i| 0.5 * f64::from(i)).collect();
    let curve = march(&column, &vehicle, &dosing, 1.0, 0.35, &times);
    for (a, dose) in curve.amounts.iter().zip(&curve.applied) {
        assert!((a.total() - dose).abs() < 1e-10 * dose.max(1.0), "{a:?}");
        assert!(a.parts().iter().all(|x| *x >= -1e-6 * dose), "{a:?}");
    }
    let end = curve.amounts[48];
    assert!((curve.applied[48] - 400.0).abs() < 1e-9 && end.washed_off > 0.0 && end.evaporated > 0.0 && end.absorbed > 0.0);
    assert!(curve.amounts.windows(2).all(|w| w[1].absorbed >= w[0].absorbed - 1e-6 * curve.applied[48]));
}

#[test]
fn a_saturated_vehicle_gives_what_its_solubility_lets_it() {
    let column = Column::new(&skin(), None);
    let saturated = Vehicle { solubility_ug_per_cm3: Some(100.0), ..Vehicle::water(1e6) };
    let suspended = march(&column, &saturated, &Dosing { occluded: true, ..Dosing::once(0.01) }, 0.0, 0.0, &[24.0]);
    let plain = march(&column, &Vehicle::water(100.0), &Dosing::infinite(), 0.0, 0.0, &[24.0]);
    assert!((suspended.amounts[0].absorbed / plain.amounts[0].absorbed - 1.0).abs() < 1e-3);
}

#[test]
fn a_solid_that_runs_out_leaves_nothing_negative() {
    let column = Column::new(&skin(), Some(&channels(200.0)));
    // Barely more than dissolves, and it evaporates fast.
    let vehicle = Vehicle { solubility_ug_per_cm3: Some(990.0), permeant_half_life_h: Some(0.1), ..Vehicle::water(1000.0) };
    let times: Vec<f64> = (1..=48).map(|i| 0.25 * f64::from(i)).collect();
    let curve = march(&column, &vehicle, &Dosing::once(0.01), 1.0, 0.35, &times);
    for a in &curve.amounts {
        assert!(a.parts().iter().all(|x| *x >= -1e-6 * 10.0) && (a.total() - 10.0).abs() < 1e-9, "{a:?}");
    }
}

#[test]
fn a_report_may_all_but_coincide_with_an_event() {
    let column = Column::new(&skin(), None);
    for off in [-1e-13, 0.0, 1e-13, 5e-10, 2e-9] {
        let dosing = Dosing { applied_h: vec![0.0, 1.0 / 12.0 + off], washed_h: Some(0.5 - off), ..Dosing::once(0.01) };
        let curve = march(&column, &Vehicle::water(1000.0), &dosing, 0.0, 0.0, &[1.0 / 12.0, 0.5, 2.0]);
        assert!((curve.applied[2] - 20.0).abs() < 1e-9 && (curve.amounts[2].total() - 20.0).abs() < 1e-9);
    }
}

#[test]
fn a_finer_march_gives_the_same() {
    let column = Column::new(&skin(), Some(&channels(200.0)));
    let (vehicle, dosing) = (Vehicle::water(20_000.0), Dosing::once(0.01));
    let coarse = march(&column, &vehicle, &dosing, 1.0, 0.35, &[0.5, 2.0, 24.0]);
    // Reports every half minute force a march in small steps.
    let every: Vec<f64> = (1..=2880).map(|i| f64::from(i) / 120.0).collect();
    let fine = march(&column, &vehicle, &dosing, 1.0, 0.35, &every);
    for (i, j) in [(0, 59), (1, 239), (2, 2879)] {
        let (a, b) = (coarse.amounts[i].absorbed, fine.amounts[j].absorbed);
        assert!((a / b - 1.0).abs() < 3e-3, "{i}: {a} against {b} in {} and {} steps", coarse.steps, fine.steps);
    }
}

#[test]
fn channels_that_are_shut_leave_intact_skin() {
    let (intact, shut) = (Column::new(&skin(), None).steady(0.0), Column::new(&skin(), Some(&channels(200.0))).steady(0.0));
    // The fluid that is left in them takes the place of tissue.
    assert!((shut.permeability_cm_per_h / intact.permeability_cm_per_h - 1.0).abs() < 1e-3);
}

#[test]
fn enhancement_saturates_with_density_and_rises_less_than_depth() {
    let of = |density: f64, depth_um: f64| {
        let c = Channels { depth_um, ..channels(density) };
        Column::new(&skin(), Some(&c)).steady(1.0).permeability_cm_per_h
    };
    let intact = Column::new(&skin(), None).steady(0.0).permeability_cm_per_h;
    let gain = |density, depth| of(density, depth) - intact;
    assert!((gain(2.0, 150.0) / gain(1.0, 150.0) - 2.0).abs() < 0.02, "few channels do not know of each other");
    let gains: Vec<f64> = (0..10).map(|i| gain(25.0 * f64::from(1 << i), 150.0)).collect();
    assert!(gains.windows(3).all(|w| w[1] > w[0] && w[2] / w[1] < w[1] / w[0] + 0.01), "each doubling brings less: {gains:?}");
    // The tissue below the channels is the last resistance.
    let ceiling = 0.9 * 6e-3 / 150e-4;
    assert!(gains[9] / gains[8] < 1.3 && gains[9] < ceiling, "{gains:?}, {ceiling}");
    let (shallow, deep) = (gain(50.0, 75.0), gain(50.0, 150.0));
    assert!(deep > shallow && deep < 1.5 * shallow, "{shallow} {deep}");
}

#[test]
fn one_wide_channel_in_thick_tissue_passes_as_a_disc_does() {
    // Fluid that offers no resistance, tissue as thick as wide beside it: 4 D a and a little for the depth.
    let (a, d) = (35e-4, 5e-3);
    let thick = layer(0.35, d, 1.0);
    let barrier = Barrier {
        stratum_corneum: layer(1e-4, 1e-9, 1.0),
        viable_epidermis: thick,
        dermis: None,
        below: Below::Receptor,
        water_cm2_per_h: 1e3,
    };
    // One tenth of the radius below the stratum corneum.
    let c = Channels { density_per_cm2: 1.0, radius_um: 35.0, depth_um: 1.0 + 3.5 };
    let flow = Column::new(&barrier, Some(&c)).steady(1.0).permeability_cm_per_h;
    // Half an oblate spheroid of that depth (Carslaw & Jaeger 1959).
    let ratio: f64 = 0.1;
    let spheroid = 2.0 * PI * a * (1.0 - ratio * ratio).sqrt() / ratio.acos() * d;
    assert!((flow / spheroid - 1.0).abs() < 0.1, "{} of the spheroid, {} of the disc", flow / spheroid, flow / (4.0 * d * a));
}

/// Equations and answers as `percuta-benches absorption --export` and `benches/peers/absorption_reference.py` wrote them: SciPy's
/// Radau at a tolerance of 1e-11, which its BDF confirms to 1e-8.
#[test]
fn another_solver_of_the_same_equations_agrees() {
    let stored: serde_json::Value = serde_json::from_str(include_str!("../../../tests/oracles/absorption_day.json")).unwrap();
    fn get<T: serde::de::DeserializeOwned>(stored: &serde_json::Value, key: &str) -> T {
        serde_json::from_value(stored[key].clone()).unwrap()
    }
    let number = |key: &str| -> f64 { get(&stored, key) };
    let equations = Equations {
        tissue: get(&stored, "tissue"),
        capacity: get(&stored, "capacity"),
        loss: get(&stored, "loss"),
        next: get(&stored, "next"),
        second: get(&stored, "second"),
    };
    // What a march takes from the barrier's own column is only what it reports; the equations are the stored ones.
    let mut column = Column::new(&skin(), Some(&channels(200.0)));
    assert_eq!((&column.equations.tissue, column.cells.open), (&equations.tissue, get(&stored, "open_cells")));
    column.folded = equations.fold();
    column.equations = equations;
    let layer_cm = number("residue_cm") + number("volatile_cm");
    let vehicle = Vehicle {
        drying_half_life_h: Some(number("drying_half_life_h")),
        residue: number("residue_cm") / layer_cm,
        ..Vehicle::water(number("dose") / layer_cm)
    };
    let (times, dosing) = (get::<Vec<f64>>(&stored, "times_h"), Dosing::once(layer_cm));
    let (absorbed, left): (Vec<f64>, Vec<f64>) = (get(&stored, "absorbed"), get(&stored, "vehicle"));
    let last: Vec<f64> = get(&stored, "last");
    for (tolerance, allowed) in [(Regimen::TOLERANCE, 1e-3), (0.01 * Regimen::TOLERANCE, 1e-5)] {
        let closing_per_h = number("closing_per_h");
        let regimen = Regimen { vehicle: &vehicle, dosing: &dosing, open: 1.0, closing_per_h, first_strips_cm: 1.4e-4, tolerance };
        let curve = column.march(&regimen, &times).unwrap();
        for (i, amounts) in curve.amounts.iter().enumerate() {
            assert!((amounts.absorbed - absorbed[i]).abs() < allowed * absorbed[24], "{i}: {} {}", amounts.absorbed, absorbed[i]);
            assert!((amounts.vehicle - left[i]).abs() < allowed * left[0], "{i}: {} {}", amounts.vehicle, left[i]);
        }
        let end = curve.amounts[24].absorbed;
        assert!((end / absorbed[24] - 1.0).abs() < allowed, "{end} {}", absorbed[24]);
        let most = last.iter().copied().fold(0.0, f64::max);
        for (i, &t) in column.equations.tissue.iter().enumerate() {
            let potential = curve.tissue[24][i] / column.cells.medium[i].partition;
            assert!((potential - last[t - 1]).abs() < 2.0 * allowed * most, "{i}: {potential} {}", last[t - 1]);
        }
    }
}
