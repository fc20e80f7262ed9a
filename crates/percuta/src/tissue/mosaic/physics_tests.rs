//! The solver against analytic solutions, the solver for layers, and needled skin.

use std::f64::consts::PI;

use super::{Bath, Exchanged, Fabric, Film, Mosaic, MosaicState, Side};
use crate::tissue::reference::{difference, graded, scatter};
use crate::tissue::{Boundary, Grid, Lateral, Medium, Transport};

/// One diffusivity and partition coefficient in each layer.
fn layered(grid: &Grid, diffusivity: &[f64], partition: &[f64], decay: &[f64]) -> Fabric {
    let of = |value: &dyn Fn(usize) -> f64| (0..grid.voxels()).map(|i| value(i / grid.plane())).collect::<Vec<_>>();
    let conductivity = of(&|l| diffusivity[l] * partition[l]);
    Fabric { capacity: of(&|l| partition[l]), across: conductivity.clone(), down: conductivity, loss: of(&|l| decay[l] * partition[l]) }
}

fn empty(grid: &Grid, top: f64) -> MosaicState {
    MosaicState { potential: vec![0.0; grid.voxels()], top, bottom: 0.0 }
}

/// Crank (1975), 4.3.3: what has left a membrane that was empty at first.
#[test]
fn a_membrane_lets_through_what_the_series_says_after_its_lag() {
    let (d, length, layers) = (2e3, 50.0, 100);
    let grid = Grid { n: 1, spacing_um: 10.0, depth_edges_um: (0..=layers).map(|l| length * l as f64 / layers as f64).collect() };
    let f = layered(&grid, &vec![d; layers], &vec![1.0; layers], &vec![0.0; layers]);
    let mut solver = Mosaic::new(&grid, Lateral::NoFlux, &f, Bath::HELD, Bath::HELD).unwrap();
    let (mut now, mut time, mut through) = (empty(&grid, 1.0), 0.0, 0.0);
    let (unit, area) = (length * length / d, 100.0);
    for _ in 0..800 {
        through += solver.step(&mut now, 1.25e-3 * unit).unwrap().into_bottom;
        time += 1.25e-3 * unit;
        let series: f64 = (1..60)
            .map(|i| (if i % 2 == 0 { 1.0 } else { -1.0 }) / f64::from(i * i) * (-f64::from(i * i) * PI * PI * time / unit).exp())
            .sum();
        let exact = area * length * (time / unit - 1.0 / 6.0 - 2.0 / (PI * PI) * series);
        assert!((through - exact).abs() < 2e-5 * area * length, "{time} {through} {exact}");
    }
    let slope = area * d / length;
    let lag = time - through / slope;
    assert!((lag / (unit / 6.0) - 1.0).abs() < 1e-3, "{lag}");
}

#[test]
fn layers_in_series_resist_in_sum() {
    let grid = Grid { n: 3, spacing_um: 10.0, depth_edges_um: vec![0.0, 5.0, 15.0, 40.0, 90.0] };
    let (d, k) = ([1e-2, 1e-2, 500.0, 300.0], [20.0, 20.0, 1.0, 0.3]);
    let f = layered(&grid, &d, &k, &[0.0; 4]);
    let film = 7.0;
    let mut solver = Mosaic::new(&grid, Lateral::Periodic, &f, Bath { capacity: 1.0, film: Film::Uniform(film) }, Bath::HELD).unwrap();
    let mut now = empty(&grid, 1.0);
    let flow = solver.steady(&mut now).unwrap();
    let resistance: f64 = (0..4).map(|l| grid.thickness_um(l) / (d[l] * k[l])).sum::<f64>() + 1.0 / film;
    let exact = grid.side_um().powi(2) / resistance;
    assert!((flow.from_top / exact - 1.0).abs() < 1e-9 && (flow.into_bottom / exact - 1.0).abs() < 1e-9, "{flow:?} {exact}");
    assert_eq!(now.top, 1.0);
}

/// A disc in a closed surface passes 4 D a. The block is finite: a tube whose plane end lies at a depth of H. Its
/// resistance is that of the tube, H / (D area), and that of the constriction, ψ / (4 D a), where for a held disc of
/// radius a on a tube of the area of a circle of radius a / ε ψ = 1 - 1.40978 ε + 0.34406 ε³ + 0.0435 ε⁵
/// (Yovanovich, in Rohsenow et al., Handbook of Heat Transfer, 1998). Ends of voxels on the edge of the disc are held by
/// their share. A quarter is computed: the sides are planes of symmetry.
#[test]
fn a_disc_passes_what_theory_says() {
    let error = |radius: f64, n: usize| {
        let mut edges = vec![0.0];
        let mut thickness = 0.5;
        while edges[edges.len() - 1] < 2.0 * n as f64 {
            edges.push(edges[edges.len() - 1] + thickness);
            thickness *= 1.12;
        }
        let grid = Grid { n, spacing_um: 1.0, depth_edges_um: edges };
        let (d, layers) = (3.0, grid.layers());
        let f = layered(&grid, &vec![d; layers], &vec![1.0; layers], &vec![0.0; layers]);
        let cuts = 10;
        let half = 0.5 * grid.thickness_um(0) / d;
        let film = |i: usize| {
            let at = |i: usize, c: usize| i as f64 + (c as f64 + 0.5) / f64::from(cuts);
            let inside = (0..cuts * cuts).filter(|c| at(i % n, (c % cuts) as usize).hypot(at(i / n, (c / cuts) as usize)) < radius).count();
            let share = inside as f64 / f64::from(cuts * cuts);
            if share == 1.0 { f64::INFINITY } else { share / (half * (1.0 - share)) }
        };
        let top = Bath { capacity: f64::INFINITY, film: Film::Columns((0..n * n).map(film).collect()) };
        let mut solver = Mosaic::new(&grid, Lateral::NoFlux, &f, top, Bath::HELD).unwrap();
        let flow = 4.0 * solver.steady(&mut empty(&grid, 1.0)).unwrap().from_top;
        assert!(solver.effort().most <= 25, "{:?}", solver.effort());
        let (area, depth) = (4.0 * grid.side_um().powi(2), grid.depth_edges_um[layers]);
        let e = radius / (area / PI).sqrt();
        let psi = 1.0 - 1.40978 * e + 0.34406 * e.powi(3) + 0.0435 * e.powi(5);
        let exact = 1.0 / (depth / (d * area) + psi / (4.0 * d * radius));
        flow / exact - 1.0
    };
    let errors = [error(6.0, 24), error(12.0, 48)];
    assert!(errors[1].abs() < 0.02 && errors[1].abs() < errors[0].abs(), "{errors:?}");
}

#[test]
fn agrees_with_the_solver_for_layers() {
    let (grid, end) = (graded(4, 60.0, 6, 80.0), 0.4);
    let (d, k, decay) = ([1e3, 2e3, 500.0, 3e3, 1e3, 1e3], [1.0, 4.0, 4.0, 0.5, 1.0, 2.0], [0.0, 2.0, 2.0, 0.0, 1.0, 0.0]);
    let start = scatter(grid.voxels(), 5, false);
    for lateral in [Lateral::Periodic, Lateral::NoFlux] {
        let medium = Medium {
            diffusivity: d.to_vec(),
            decay: decay.to_vec(),
            partition: k.to_vec(),
            top: Boundary::Film { permeability: 30.0, bath: 2.0 },
            bottom: Boundary::Fixed(0.25),
        };
        let mut other = Transport::new(&grid, lateral, vec![medium]).unwrap();
        let concentration = |u: &[f64]| u.iter().enumerate().map(|(i, u)| u * k[i / grid.plane()]).collect::<Vec<_>>();
        let mut exact = [concentration(&start)];
        let mut passed = 0.0;
        for _ in 0..4000 {
            other.step(&mut exact, &[], end / 4000.0).unwrap();
            passed += other.entered()[0].top;
        }
        let top = Bath { capacity: f64::INFINITY, film: Film::Uniform(30.0) };
        let mut solver = Mosaic::new(&grid, lateral, &layered(&grid, &d, &k, &decay), top, Bath::HELD).unwrap();
        let errors = [100, 200].map(|steps| {
            let mut now = MosaicState { potential: start.clone(), top: 2.0, bottom: 0.25 };
            let from_top: f64 = (0..steps).map(|_| solver.step(&mut now, end / f64::from(steps)).unwrap().from_top).sum();
            (difference(&concentration(&now.potential), &exact[0]), (from_top / passed - 1.0).abs())
        });
        assert!(errors[1].0 < 1e-4 && errors[1].1 < 1e-3 && errors[0].0 / errors[1].0 > 3.0, "{lateral:?}: {errors:?}");
    }
}

/// Stratum corneum of 15 µm that passes 1 µm/h, over tissue, with channels of water; lengths in µm, times in h.
fn needled(n: usize) -> (Grid, Fabric) {
    let edges = vec![0.0, 3.0, 6.0, 9.0, 12.0, 15.0, 20.0, 26.0, 34.0, 44.0, 56.0, 70.0, 90.0, 115.0, 145.0, 185.0, 240.0, 320.0, 420.0];
    let grid = Grid { n, spacing_um: 10.0, depth_edges_um: edges };
    let (tissue, water, corneum) = (5e5, 3e6, 15.0);
    let mut f = layered(&grid, &[1.0; 18], &[1.0; 18], &[0.0; 18]);
    for i in 0..grid.voxels() {
        let (l, x, y) = (i / grid.plane(), i % n, i / n % n);
        let from_middle = (x as f64 % 24.0 - 11.3).hypot(y as f64 % 24.0 - 12.1);
        let share = if grid.depth_um(l) < 120.0 { (4.0 - from_middle).clamp(0.0, 1.0) } else { 0.0 };
        let skin = grid.depth_um(l) < 15.0;
        let solid = if skin { corneum } else { tissue };
        f.capacity[i] = share + (1.0 - share) * if skin { 3.0 } else { 0.8 };
        f.down[i] = share * water + (1.0 - share) * solid;
        f.across[i] = 1.0 / (share / water + (1.0 - share) / solid);
        f.loss[i] = if grid.depth_um(l) > 100.0 { 2.0 } else { 0.0 };
    }
    (grid, f)
}

#[test]
fn needled_skin_takes_few_iterations() {
    for (n, lateral) in [(48, Lateral::Periodic), (47, Lateral::Periodic), (45, Lateral::NoFlux)] {
        let (grid, f) = needled(n);
        for capacity in [1.0, 100.0, f64::INFINITY] {
            let top = Bath { capacity, film: Film::Uniform(f64::INFINITY) };
            let mut solver = Mosaic::new(&grid, lateral, &f, top, Bath::HELD).unwrap();
            let mut now = empty(&grid, 1.0);
            for dt in [1.0, 10.0, 60.0, 600.0, 3600.0] {
                solver.step(&mut now, dt / 3600.0).unwrap();
                assert!(solver.effort().most <= 25, "{lateral:?} {n} {capacity} {dt}: {:?}", solver.effort());
            }
            solver.steady(&mut now).unwrap();
            assert!(solver.effort().most <= 25, "{lateral:?} {n} {capacity} steady: {:?}", solver.effort());
        }
    }
}

#[test]
fn a_day_on_needled_skin_keeps_its_amounts() {
    let (grid, mut f) = needled(24);
    let baths = [Bath { capacity: 80.0, film: Film::Uniform(f64::INFINITY) }, Bath { capacity: 500.0, film: Film::Uniform(40.0) }];
    let [top, bottom] = baths;
    let mut solver = Mosaic::new(&grid, Lateral::Periodic, &f, top, bottom).unwrap();
    let (mut now, mut dt, mut time, mut sum) = (empty(&grid, 1.0), 2.0 / 3600.0, 0.0, Exchanged::default());
    let dose = solver.bath_amount(Side::Top, 1.0);
    let (mut steps, mut least) = (0, 0.0f64);
    while time < 24.0 {
        let e = if steps < 2 { solver.euler_step(&mut now, dt) } else { solver.step(&mut now, dt) }.unwrap();
        sum = Exchanged { from_top: sum.from_top + e.from_top, into_bottom: sum.into_bottom + e.into_bottom, lost: sum.lost + e.lost };
        time += dt;
        dt = f64::min(1.05 * dt, 0.1);
        steps += 1;
        if steps % 50 == 0 {
            // Channels close; what is in a voxel is not to change with it here.
            f.down.iter_mut().for_each(|g| *g = f64::max(0.5 * *g, 15.0));
            solver.set_fabric(&f).unwrap();
        }
        least = now.potential.iter().fold(least, |m, &u| m.min(u));
    }
    assert!(steps > 250);
    let [top, bottom] = [solver.bath_amount(Side::Top, now.top), solver.bath_amount(Side::Bottom, now.bottom)];
    let block = solver.amount(&now).unwrap();
    assert!((block + top + bottom + sum.lost - dose).abs() < 1e-11 * dose, "{block} {top} {bottom} {sum:?} {dose}");
    assert!((dose - top - sum.from_top).abs() < 1e-11 * dose && (bottom - sum.into_bottom).abs() < 1e-11 * dose);
    assert!(sum.from_top > 0.1 * dose && least > -1e-3, "{sum:?} {least}");
}
