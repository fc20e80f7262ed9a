//! The block against analytic solutions and against the column.

use super::*;
use crate::absorption::{Column, Dosing, Layer, Regimen, Vehicle};

fn layer(thickness_um: f64, diffusivity_cm2_per_h: f64, partition: f64) -> Layer {
    Layer { thickness_cm: thickness_um * 1e-4, diffusivity_cm2_per_h, partition, clearance_per_h: 0.0 }
}

/// Skin of a small hydrophilic ion, 300 µm over a receptor.
fn skin() -> Barrier {
    Barrier {
        stratum_corneum: layer(15.0, 1.5e-6, 0.05),
        viable_epidermis: layer(60.0, 3e-3, 0.7),
        dermis: Some(layer(225.0, 6e-3, 0.7)),
        below: Below::Receptor,
        water_cm2_per_h: 3e-2,
    }
}

fn gap(block: f64, column: f64) -> f64 {
    (column / block - 1.0).abs()
}

/// Flux through the column within 5 % of that through the block, from rollers to pens.
#[test]
fn the_column_agrees_with_the_block() {
    let skin = skin();
    for (density, resolution) in [(25.0, 20.0), (100.0, 10.0), (250.0, 10.0), (1000.0, 7.5)] {
        let channels = Channels { density_per_cm2: density, radius_um: 35.0, depth_um: 150.0 };
        let mut block = Block::new(&skin, &channels, &Placement::array(density, 1), resolution).unwrap();
        let column = Column::new(&skin, Some(&channels));
        for open in [1.0, 0.4, 0.1] {
            let (b, c) = (block.steady(open).unwrap(), column.steady(open).permeability_cm_per_h);
            assert!(gap(b, c) < 0.05, "{density} per cm², open {open}: {b} and {c}");
        }
    }
}

#[test]
fn amounts_over_time_agree_and_balance() {
    let skin = skin();
    let channels = Channels { density_per_cm2: 400.0, radius_um: 35.0, depth_um: 150.0 };
    let (vehicle, dosing) = (Vehicle::water(20_000.0), Dosing::once(0.01));
    let regimen = Regimen {
        vehicle: &vehicle,
        dosing: &dosing,
        open: 1.0,
        closing_per_h: 0.35,
        first_strips_cm: 1.4e-4,
        tolerance: Regimen::TOLERANCE,
    };
    let times = [0.1, 0.5, 2.0, 8.0];
    let mut block = Block::new(&skin, &channels, &Placement::array(400.0, 1), 10.0).unwrap();
    let b = block.march(&regimen, &times, (&[2.0], 250.0), &|_| true).unwrap();
    let c = Column::new(&skin, Some(&channels)).march(&regimen, &times).unwrap();
    assert_eq!(b.sections.len(), 1);
    for (i, t) in times.iter().enumerate() {
        let (of_block, of_column) = (b.curve.amounts[i], c.amounts[i]);
        assert!((of_block.total() / 200.0 - 1.0).abs() < 1e-6, "{}", of_block.total());
        assert!(gap(of_block.absorbed + 0.2, of_column.absorbed + 0.2) < 0.05, "{t}: {of_block:?} {of_column:?}");
    }
}
