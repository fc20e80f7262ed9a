use proptest::prelude::*;

use super::*;
use crate::device::Needle;

fn track(lysed_fraction: f64) -> Track {
    Track {
        needle: Needle { shaft_radius_um: 110.0, tip_radius_um: 6.0, taper_um: 700.0 },
        core_radius: 1.0,
        hole_recoil: 0.5,
        lysed_fraction,
    }
}

fn grid(side_um: f64, n: usize) -> Grid {
    let depth_edges_um = vec![0.0, 20.0, 100.0, 150.0, 250.0, 400.0, 600.0, 900.0, 1300.0, 1800.0, 2500.0];
    Grid { n, spacing_um: side_um / n as f64, depth_edges_um }
}

/// Punctures at the points of a Weyl sequence, with depths and slits that vary.
fn table(window_um: f64, n: u32) -> PunctureTable {
    let part = |i: u32, a: f64| (0.3 + f64::from(i) * a).fract();
    let column = |f: &dyn Fn(u32) -> f64| (0..n).map(f).collect::<Vec<f64>>();
    PunctureTable {
        window_um,
        x_um: column(&|i| window_um * part(i, 0.754_877_666)),
        y_um: column(&|i| window_um * part(i, 0.569_840_291)),
        depth_um: column(&|i| 700.0 + 600.0 * part(i, 0.618_034)),
        entry_radius_um: vec![110.0; n as usize],
        drag_x_um: column(&|i| 60.0 * part(i, 0.324_718)),
        drag_y_um: column(&|i| 60.0 * part(i, 0.141_421) - 30.0),
        pass: vec![0; n as usize],
        time_s: vec![0.0; n as usize],
    }
}

fn volume(grid: &Grid, by_layer: &[f64]) -> f64 {
    by_layer.iter().enumerate().map(|(l, d)| d * grid.thickness_um(l) * grid.side_um() * grid.side_um()).sum()
}

#[test]
fn one_puncture_deposits_its_exact_volume() {
    for (n, slit) in [(200, 0.0), (100, 70.0), (50, 70.0), (32, 300.0), (1, 70.0)] {
        for (x, y) in [(1250.0, 1250.0), (3.0, 2499.0), (777.7, 1.3)] {
            let mut t = table(2500.0, 1);
            (t.x_um[0], t.y_um[0], t.depth_um[0]) = (x, y, 1100.0);
            (t.drag_x_um[0], t.drag_y_um[0]) = (0.6 * slit, 0.8 * slit);
            let (track, grid) = (track(0.12), grid(2500.0, n));
            let injury = injure(&t, &track, &grid);
            let steps = 100_000;
            let dz = 1100.0 / f64::from(steps);
            let exact: f64 = (0..steps).map(|i| track.core_section_um2((f64::from(i) + 0.5) * dz, 1100.0, slit) * dz).sum();
            let found = volume(&grid, &injury.damaged_by_layer);
            assert!((found / (0.12 * exact) - 1.0).abs() < 1e-6, "{n} columns, slit {slit}: {found} for {}", 0.12 * exact);
            let hole = track.outline(0.0, 1100.0, slit).scaled(0.5).area_um2() / 2500.0_f64.powi(2);
            assert!((injury.open_area / hole - 1.0).abs() < 0.02, "open area {} for {hole}", injury.open_area);
        }
    }
}

#[test]
fn layer_means_are_the_means_of_the_voxels() {
    let grid = grid(1600.0, 64);
    let injury = injure(&table(1600.0, 80), &track(0.3), &grid);
    for layer in 0..grid.layers() {
        let mean = injury.damaged[layer * grid.plane()..(layer + 1) * grid.plane()].iter().sum::<f64>() / grid.plane() as f64;
        assert!((mean - injury.damaged_by_layer[layer]).abs() < 1e-14);
    }
    assert!(injury.damaged_by_layer[0] > 0.0 && injury.damaged_by_layer[8] == 0.0, "nothing is damaged below the deepest tip");
}

#[test]
fn damage_and_open_area_do_not_depend_on_the_grid() {
    for density in [25.0, 400.0, 2500.0, 10_000.0] {
        let t = table(2500.0, (density * 0.0625_f64).round() as u32);
        let of = |n| {
            let grid = grid(2500.0, n);
            let injury = injure(&t, &track(0.5), &grid);
            (volume(&grid, &injury.damaged_by_layer), injury.open_area)
        };
        // 12.5, 25, 50 and 78 um.
        let (damaged, open) = of(200);
        for n in [100, 50, 32] {
            let (d, o) = of(n);
            assert!((d / damaged - 1.0).abs() < 0.01, "{density} /cm2, {n} columns: {d} for {damaged}");
            assert!((o / open - 1.0).abs() < 0.01, "{density} /cm2, {n} columns: open {o} for {open}");
        }
    }
}

#[test]
fn overlapping_tracks_saturate() {
    let mut t = table(1600.0, 1);
    (t.x_um[0], t.y_um[0]) = (800.0, 800.0);
    let once = injure(&t, &track(0.5), &grid(1600.0, 64));
    let mut many = t.clone();
    for column in [&mut many.x_um, &mut many.y_um, &mut many.depth_um, &mut many.drag_x_um, &mut many.drag_y_um, &mut many.entry_radius_um]
    {
        *column = vec![column[0]; 50];
    }
    let injury = injure(&many, &track(0.5), &grid(1600.0, 64));
    assert!(injury.damaged.iter().all(|d| (0.0..=1.0).contains(d)));
    assert!(injury.damaged.iter().copied().fold(0.0, f64::max) > 0.999);
    assert!(injury.damaged_by_layer[1] < 2.5 * once.damaged_by_layer[1], "fifty strikes in one place take little more than the core");
    assert!((injury.open_area / once.open_area - 1.0).abs() < 0.2, "the same hole is open only once");
}

#[test]
fn random_overlap_follows_the_product_rule() {
    // Discs thrown at random with mean coverage c leave exp(-lysed c) of the tissue.
    let t = table(2500.0, 1250);
    let mut straight = track(0.5);
    straight.needle.taper_um = 1.0;
    let mut t = t;
    t.drag_x_um.fill(0.0);
    t.drag_y_um.fill(0.0);
    let injury = injure(&t, &straight, &grid(2500.0, 100));
    let coverage = 1250.0 * std::f64::consts::PI * 110.0 * 110.0 / 6.25e6;
    // A Weyl sequence is evener than chance: a little more is damaged.
    let random = 1.0 - (-0.5 * coverage).exp();
    assert!(injury.damaged_by_layer[2] > random && injury.damaged_by_layer[2] < 1.03 * random);
}

#[test]
fn no_puncture_no_injury() {
    let injury = injure(&PunctureTable { window_um: 1600.0, ..PunctureTable::default() }, &track(0.5), &grid(1600.0, 64));
    assert!(injury.damaged.iter().chain(&injury.damaged_by_layer).chain(&injury.open_area_by_layer).all(|d| *d == 0.0));
    assert_eq!(injury.open_area, 0.0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn fractions_stay_fractions_and_order_does_not_matter(
        strikes in prop::collection::vec((0.0..400.0_f64, 0.0..400.0_f64, 1.0..2600.0_f64, -300.0..300.0_f64, -300.0..300.0_f64), 1..40),
        lysed in 0.0..1.0_f64,
        n in 1..20_usize,
    ) {
        let build = |strikes: &[(f64, f64, f64, f64, f64)]| PunctureTable {
            window_um: 400.0,
            x_um: strikes.iter().map(|s| s.0).collect(),
            y_um: strikes.iter().map(|s| s.1).collect(),
            depth_um: strikes.iter().map(|s| s.2).collect(),
            entry_radius_um: vec![110.0; strikes.len()],
            drag_x_um: strikes.iter().map(|s| s.3).collect(),
            drag_y_um: strikes.iter().map(|s| s.4).collect(),
            pass: vec![0; strikes.len()],
            time_s: vec![0.0; strikes.len()],
        };
        let grid = grid(400.0, n);
        let forward = injure(&build(&strikes), &track(lysed), &grid);
        let mut turned = strikes.clone();
        turned.reverse();
        let backward = injure(&build(&turned), &track(lysed), &grid);
        for (a, b) in forward.damaged.iter().zip(&backward.damaged) {
            prop_assert!((0.0..=1.0).contains(a));
            prop_assert!((a - b).abs() < 1e-12);
        }
        for (a, b) in forward.open_area_by_layer.iter().zip(&backward.open_area_by_layer) {
            prop_assert!((0.0..=1.0).contains(a) && (a - b).abs() < 1e-12);
        }
        prop_assert!((0.0..=1.0).contains(&forward.open_area));
    }
}
