//! The transport solver against dense matrices, analytic solutions and balances.

use super::reference::{ALL, amount, assemble, brian_step, difference, exponential, graded, scatter, split_step};
use super::vector::Vector;
use super::{Boundary, Grid, Lateral, Medium, TissueError, Transport};

const BOTH: [Lateral; 2] = [Lateral::Periodic, Lateral::NoFlux];

/// Layers that differ in everything.
fn medium(layers: usize) -> Medium {
    Medium {
        diffusivity: (0..layers).map(|l| 1e3 * (1.0 + (l * l % 5) as f64)).collect(),
        decay: (0..layers).map(|l| 2.0 * (l % 3) as f64).collect(),
        partition: (0..layers).map(|l| [1.0, 4.0, 0.5][l % 3]).collect(),
        top: Boundary::Film { permeability: 300.0, bath: 2.0 },
        bottom: Boundary::Fixed(0.25),
    }
}

fn closed(layers: usize) -> Medium {
    Medium { decay: vec![0.0; layers], top: Boundary::NoFlux, bottom: Boundary::NoFlux, ..medium(layers) }
}

fn parts(grid: &Grid, lateral: Lateral, m: &Medium) -> [(Vec<Vec<f64>>, Vec<f64>); 3] {
    [0, 1, 2].map(|i| assemble(grid, lateral, m, [i == 0, i == 1, i == 2]))
}

#[test]
fn agrees_with_dense_steps() {
    for lateral in BOTH {
        for (n, layers, top) in [
            (1, 1, Boundary::NoFlux),
            (1, 9, Boundary::Fixed(3.0)),
            (2, 3, medium(1).top),
            (3, 4, Boundary::NoFlux),
            (5, 4, medium(1).top),
            (9, 2, medium(1).top),
            (10, 2, Boundary::Film { permeability: 0.0, bath: 1.0 }),
        ] {
            let (grid, m) = (graded(n, 20.0 * n as f64, layers, 40.0 * layers as f64), Medium { top, ..medium(layers) });
            let start = scatter(grid.voxels(), 5, false);
            let source = scatter(grid.voxels(), 6, true);
            let parts = parts(&grid, lateral, &m);
            for dt in [1e-3, 0.3] {
                let mut solver = Transport::new(&grid, lateral, vec![m.clone()]).unwrap();
                let mut field = [start.clone()];
                solver.step(&mut field, std::slice::from_ref(&source), dt).unwrap();
                let d = difference(&field[0], &brian_step(&parts, &source, &start, dt));
                assert!(d < 1e-12, "{lateral:?} {n} x {n} x {layers}, {dt}: {d}");

                let mut field = [start.clone()];
                solver.damped_step(&mut field, std::slice::from_ref(&source), dt).unwrap();
                let half = split_step(&parts, &source, &start, 0.5 * dt, 1.0);
                let d = difference(&field[0], &split_step(&parts, &source, &half, 0.5 * dt, 1.0));
                assert!(d < 1e-12, "{lateral:?} {n} x {n} x {layers}, {dt}, damped: {d}");
            }
        }
    }
}

/// Long lines, where all widths of vectors and both ends of periodic averages come in.
#[test]
fn every_line_of_a_wide_plane_obeys_its_equation() {
    for lateral in BOTH {
        for n in [37, 100, 131] {
            let (d, h, dt) = (5e3, 20.0, 0.4);
            let grid = Grid { n, spacing_um: h, depth_edges_um: vec![0.0, 10.0] };
            let m = Medium { diffusivity: vec![d], partition: vec![1.0], ..closed(1) };
            let start = scatter(n * n, 5, false);
            let mut field = [start.clone()];
            Transport::new(&grid, lateral, vec![m.clone()]).unwrap().step(&mut field, &[], dt).unwrap();
            // Within a plane the increments obey (I - X)(I - Y) (new - old) = 2 (X + Y) old.
            let apply = |c: &[f64], along: usize, sign: f64| -> Vec<f64> {
                let r = super::reference::rate(&grid, lateral, &m, [along == 0, along == 1, false], c);
                c.iter().zip(&r).map(|(c, r)| c + sign * 0.5 * dt * r).collect()
            };
            let increment: Vec<f64> = field[0].iter().zip(&start).map(|(new, old)| new - old).collect();
            let left = apply(&apply(&increment, 1, -1.0), 0, -1.0);
            let right: Vec<f64> = super::reference::rate(&grid, lateral, &m, ALL, &start).iter().map(|r| dt * r).collect();
            let d = difference(&left, &right);
            assert!(d < 1e-12, "{lateral:?} {n}: {d}");
        }
    }
}

#[test]
fn second_order_in_time_with_layers_and_damped_steps_first() {
    let (grid, m, t) = (graded(4, 90.0, 5, 160.0), medium(5), 0.2);
    let start: Vec<f64> = scatter(grid.voxels(), 9, false);
    for lateral in BOTH {
        let (a, b) = assemble(&grid, lateral, &m, ALL);
        let source = scatter(grid.voxels(), 4, false);
        let driven: Vec<f64> = b.iter().zip(&source).map(|(b, s)| b + s).collect();
        let exact = exponential(&a, &driven, &start, t);
        let parts = parts(&grid, lateral, &m);
        let errors = |steps: usize| {
            let mut solver = Transport::new(&grid, lateral, vec![m.clone()]).unwrap();
            let (mut field, mut damped, mut rival) = ([start.clone()], [start.clone()], start.clone());
            let (sources, dt) = ([source.clone()], t / steps as f64);
            for _ in 0..steps {
                solver.step(&mut field, &sources, dt).unwrap();
                solver.damped_step(&mut damped, &sources, dt).unwrap();
                rival = split_step(&parts, &source, &rival, dt, 0.5);
            }
            [difference(&field[0], &exact), difference(&damped[0], &exact), difference(&rival, &exact)]
        };
        let (a, b, c) = (errors(20), errors(40), errors(80));
        let order = [(a[0] / b[0]).log2(), (b[0] / c[0]).log2()];
        assert!(order[0] > 1.9 && order[1] > 1.95, "{lateral:?}: {order:?} {:?}", [a, b, c]);
        let order = (b[1] / c[1]).log2();
        assert!((0.9..1.2).contains(&order), "{lateral:?}, damped: {order}");
    }
}

/// Why the solver takes increments: a field that production, sides and depth hold in balance.
#[test]
fn split_steps_lose_the_balance_that_increments_keep() {
    let (grid, layers) = (graded(4, 60.0, 16, 80.0), 16);
    let of = |a: f64, b: f64| (0..layers).map(|l| if l < 8 { a } else { b }).collect::<Vec<_>>();
    let m = Medium { diffusivity: of(3e3, 1e3), partition: of(1.0, 5.0), decay: of(2.0, 1.0), ..closed(layers) };
    let source: Vec<f64> = (0..grid.voxels()).map(|i| if (i % 4 + i / 4 % 4) % 4 < 2 { 1.0 } else { 0.0 }).collect();
    let parts = parts(&grid, Lateral::Periodic, &m);
    let (a, b) = assemble(&grid, Lateral::Periodic, &m, ALL);
    let driven: Vec<f64> = b.iter().zip(&source).map(|(b, s)| b + s).collect();
    let (t, steps) = (0.3, 32);
    let exact = exponential(&a, &driven, &vec![0.0; grid.voxels()], t);
    let (mut ours, mut split) = (vec![0.0; grid.voxels()], vec![0.0; grid.voxels()]);
    for _ in 0..steps {
        ours = brian_step(&parts, &source, &ours, t / f64::from(steps));
        split = split_step(&parts, &source, &split, t / f64::from(steps), 0.5);
    }
    let errors = [difference(&ours, &exact), difference(&split, &exact)];
    assert!(errors[1] > 30.0 * errors[0], "{errors:?}");
}

#[test]
fn second_order_in_space_with_jumps_of_diffusivity_and_partition() {
    let (side, depth, pi, end) = (60.0, 80.0, std::f64::consts::PI, 0.3);
    let (d, k, p) = ([3e3, 1e3], [2.0, 1.0], [1.0, 5.0]);
    for lateral in BOTH {
        let wave = if lateral == Lateral::Periodic { 2.0 * pi / side } else { pi / side };
        let error = |n: usize| {
            let grid = graded(n, side, n, depth);
            let border = grid.depth_edges_um[n / 2];
            let (mut shape, mut production) = (Vec::new(), Vec::new());
            for l in 0..n {
                let (i, z, q) = (2 * l / n, grid.depth_um(l), pi / depth);
                let mobility = [d[0] * p[0], d[1] * p[1]];
                let jump = if i == 1 { (q * border).cos() / q * (1.0 / mobility[1] - 1.0 / mobility[0]) } else { 0.0 };
                let c = p[i] * (jump - (q * z).cos() / (q * mobility[i]));
                for j in 0..n * n {
                    let across = |j: usize| (wave * (j as f64 + 0.5) * grid.spacing_um).cos();
                    let xy = across(j % n) * across(j / n);
                    shape.push(xy * c);
                    production.push(xy * ((2.0 * d[i] * wave * wave + k[i] - 1.0) * c - q * (q * z).cos()));
                }
            }
            let of = |v: [f64; 2]| (0..n).map(|l| v[2 * l / n]).collect::<Vec<_>>();
            let m = Medium { diffusivity: of(d), decay: of(k), partition: of(p), top: Boundary::NoFlux, bottom: Boundary::NoFlux };
            let mut solver = Transport::new(&grid, lateral, vec![m]).unwrap();
            let (mut field, dt) = ([shape.clone()], end / n as f64);
            for step in 0..n {
                // The solution is the shape times exp(-t).
                let now = (-(step as f64 + 0.5) * dt).exp();
                let source = [production.iter().map(|s| s * now).collect::<Vec<_>>()];
                solver.step(&mut field, &source, dt).unwrap();
            }
            let exact: Vec<f64> = shape.iter().map(|s| s * (-end).exp()).collect();
            difference(&field[0], &exact)
        };
        let errors = [error(8), error(16), error(32), error(64)];
        let order = errors.windows(2).map(|e| (e[0] / e[1]).log2()).collect::<Vec<_>>();
        assert!(order[0] > 1.8 && order[1] > 1.9, "{lateral:?}: {errors:?} {order:?}");
    }
}

#[test]
fn amounts_are_kept() {
    for lateral in BOTH {
        let grid = graded(43, 430.0, 17, 340.0);
        let mut solver = Transport::new(&grid, lateral, vec![closed(17)]).unwrap();
        for dt in [1e-3, 0.02, 1.0] {
            let start = scatter(grid.voxels(), 2, true);
            let mut field = [start.clone()];
            for _ in 0..60 {
                solver.step(&mut field, &[], dt).unwrap();
            }
            solver.damped_step(&mut field, &[], dt).unwrap();
            let drift = amount(&grid, &field[0]) / amount(&grid, &start) - 1.0;
            assert!(drift.abs() < 1e-12, "{lateral:?} {dt}: {drift}");
            assert!(field[0].iter().all(|c| c.is_finite()));
        }
    }
}

#[test]
fn what_enters_is_what_is_there() {
    let grid = graded(19, 190.0, 11, 220.0);
    let open = Medium { decay: vec![0.0; 11], ..medium(11) };
    let mut solver = Transport::new(&grid, Lateral::NoFlux, vec![open.clone(), closed(11)]).unwrap();
    let area = grid.spacing_um * grid.spacing_um;
    let mut fields = [scatter(grid.voxels(), 2, true), scatter(grid.voxels(), 3, true)];
    for step in 0..20 {
        let before: Vec<f64> = fields.iter().map(|f| area * amount(&grid, f)).collect();
        if step % 7 == 0 {
            solver.damped_step(&mut fields, &[], 0.05).unwrap();
        } else {
            solver.step(&mut fields, &[], 0.01).unwrap();
        }
        for (i, before) in before.iter().enumerate() {
            let (entered, now) = (solver.entered()[i], area * amount(&grid, &fields[i]));
            assert!((now - before - entered.top - entered.bottom).abs() < 1e-12 * now, "{step} {i}: {before} {now} {entered:?}");
        }
    }
    assert_eq!(solver.entered()[1], super::Entered::default());
}

#[test]
fn nothing_becomes_negative_in_damped_steps_of_any_size_nor_in_small_ordinary_steps() {
    for lateral in BOTH {
        let (grid, m) = (graded(14, 140.0, 8, 130.0), Medium { bottom: Boundary::Fixed(0.0), ..medium(8) });
        let mut solver = Transport::new(&grid, lateral, vec![m]).unwrap();
        let largest = solver.largest_positive_step();
        for seed in 0..6 {
            for dt in [1e-4, 1e-2, 1.0, 1e4] {
                let mut field = [scatter(grid.voxels(), seed, true)];
                solver.damped_step(&mut field, &[], dt).unwrap();
                assert!(field[0].iter().all(|&c| c >= 0.0), "{lateral:?}, {dt}");
            }
            let mut field = [scatter(grid.voxels(), seed, true)];
            for _ in 0..5 {
                solver.step(&mut field, &[], largest).unwrap();
                let least = field[0].iter().fold(f64::INFINITY, |m, &c| m.min(c));
                assert!(least > -1e-15, "{lateral:?}: {least} at {largest}");
            }
        }
        // The limit is not idle: far beyond it a spike undershoots.
        let mut field = [scatter(grid.voxels(), 1, true)];
        solver.step(&mut field, &[], 20.0 * largest).unwrap();
        assert!(field[0].iter().any(|&c| c < -1e-3));
    }
}

/// Media whose layers differ up to a hundredfold.
#[test]
fn a_unit_in_any_voxel_stays_positive_and_no_step_makes_the_field_grow() {
    for seed in 0..6 {
        let wild = |what: u64, range: f64| -> Vec<f64> { scatter(4, 10 * seed + what, false).iter().map(|v| range.powf(*v)).collect() };
        let m = Medium { diffusivity: wild(1, 100.0), partition: wild(2, 100.0), decay: wild(3, 5.0), ..closed(4) };
        let thickness = wild(4, 10.0);
        let edges = (0..=4).map(|l| thickness[..l].iter().sum()).collect();
        let grid = Grid { n: 4, spacing_um: 2.0, depth_edges_um: edges };
        let mut solver = Transport::new(&grid, BOTH[seed as usize % 2], vec![m.clone()]).unwrap();
        let dt = solver.largest_positive_step();
        for voxel in 0..grid.voxels() {
            let mut field = [vec![0.0; grid.voxels()]];
            field[0][voxel] = 1.0;
            solver.step(&mut field, &[], dt).unwrap();
            let least = field[0].iter().fold(f64::INFINITY, |m, &c| m.min(c));
            assert!(least > -1e-15, "{seed} {voxel}: {least}");
        }
        let size = |f: &[f64]| f.iter().enumerate().map(|(i, c)| c * c * thickness[i / 16] / m.partition[i / 16]).sum::<f64>();
        for large in [3.0, 30.0, 3e3, 3e6] {
            let start = scatter(grid.voxels(), seed, true);
            let mut field = [start.clone()];
            for _ in 0..200 {
                solver.step(&mut field, &[], large * dt).unwrap();
            }
            assert!(size(&field[0]) <= size(&start), "{seed} {large}");
        }
    }
}

#[test]
fn two_layers_with_a_partition_jump_stay_at_their_steady_state() {
    let grid = Grid { n: 6, spacing_um: 10.0, depth_edges_um: vec![0.0, 2.0, 5.0, 10.0, 16.0, 28.0, 40.0] };
    // Ten µm with D = 50, K = 3 on thirty with D = 400, K = 0.8; a film above.
    let of = |a: f64, b: f64| [a, a, a, b, b, b].to_vec();
    let m = Medium {
        diffusivity: of(50.0, 400.0),
        decay: vec![0.0; 6],
        partition: of(3.0, 0.8),
        top: Boundary::Film { permeability: 12.0, bath: 7.0 },
        bottom: Boundary::Fixed(1.0),
    };
    let flux = (7.0 - 1.0) / (1.0 / 12.0 + 10.0 / (50.0 * 3.0) + 30.0 / (400.0 * 0.8));
    let exact = |z: f64| {
        let surface = 7.0 - flux / 12.0;
        if z < 10.0 { 3.0 * (surface - flux * z / 150.0) } else { 0.8 * (surface - flux * (10.0 / 150.0 + (z - 10.0) / 320.0)) }
    };
    let steady: Vec<f64> = (0..grid.voxels()).map(|i| exact(grid.depth_um(i / 36))).collect();
    let mut solver = Transport::new(&grid, Lateral::Periodic, vec![m]).unwrap();
    let mut field = [steady.clone()];
    for _ in 0..50 {
        solver.step(&mut field, &[], 0.7).unwrap();
    }
    assert!(difference(&field[0], &steady) < 1e-13);
    let entered = solver.entered()[0];
    let expected = flux * 0.7 * 3600.0;
    assert!((entered.top - expected).abs() < 1e-12 * expected && (entered.bottom + expected).abs() < 1e-12 * expected, "{entered:?}");
    // And they get there from nothing.
    let mut field = [vec![0.0; grid.voxels()]];
    for _ in 0..200 {
        solver.damped_step(&mut field, &[], 1.0).unwrap();
    }
    assert!(difference(&field[0], &steady) < 1e-12);
}

#[test]
fn a_slab_between_donor_and_sink_follows_cranks_series() {
    let (layers, thickness, d, dt) = (100, 20.0, 30.0, 0.02);
    let grid = Grid { n: 1, spacing_um: 1.0, depth_edges_um: (0..=layers).map(|l| thickness * f64::from(l) / f64::from(layers)).collect() };
    let count = grid.layers();
    let m = Medium {
        diffusivity: vec![d; count],
        decay: vec![0.0; count],
        partition: vec![2.0; count],
        top: Boundary::Fixed(1.0),
        bottom: Boundary::Fixed(0.0),
    };
    let mut solver = Transport::new(&grid, Lateral::NoFlux, vec![m]).unwrap();
    let (mut field, mut passed, pi) = ([vec![0.0; count]], 0.0, std::f64::consts::PI);
    let mut late = Vec::new();
    for step in 1..=2500 {
        if step <= 2 {
            solver.damped_step(&mut field, &[], dt).unwrap();
        } else {
            solver.step(&mut field, &[], dt).unwrap();
        }
        passed -= solver.entered()[0].bottom;
        let tau = d * f64::from(step) * dt / (thickness * thickness);
        let series: f64 = (1..200).map(f64::from).map(|n| (n * pi).cos() / (n * n) * (-tau * n * n * pi * pi).exp()).sum();
        let crank = 2.0 * thickness * (tau - 1.0 / 6.0 - 2.0 / (pi * pi) * series);
        assert!((passed - crank).abs() < 2e-3, "{step}: {passed} against {crank}");
        if step == 2000 || step == 2500 {
            late.push((f64::from(step) * dt, passed));
        }
    }
    let slope = (late[1].1 - late[0].1) / (late[1].0 - late[0].0);
    let lag = late[1].0 - late[1].1 / slope;
    let expected = thickness * thickness / (6.0 * d);
    assert!(
        (slope - 2.0 * d / thickness).abs() < 1e-6 && (lag - expected).abs() < 1e-3 * expected,
        "{slope}, lag {lag} against {expected}"
    );
}

#[test]
fn threads_and_vectors_do_not_change_a_byte() {
    let (grid, m) = (graded(83, 800.0, 39, 800.0), medium(39));
    let (start, source) = (scatter(grid.voxels(), 1, true), scatter(grid.voxels(), 2, true));
    for lateral in BOTH {
        let on = |threads: usize, vector: Vector| {
            let mut field = [start.clone()];
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let entered = pool.install(|| {
                let mut solver = Transport::with_vector(&grid, lateral, vec![m.clone()], vector).unwrap();
                solver.damped_step(&mut field, std::slice::from_ref(&source), 0.01).unwrap();
                solver.step(&mut field, std::slice::from_ref(&source), 0.01).unwrap();
                solver.entered()[0]
            });
            (field, entered)
        };
        let one = on(1, Vector::detect());
        assert_eq!(one, on(2, Vector::detect()));
        assert_eq!(one, on(3, Vector::detect()));
        assert_eq!(one, on(1, Vector::plain()));
    }
}

#[test]
fn a_bath_that_changes_equals_one_that_was_so() {
    let (grid, m) = (graded(5, 50.0, 4, 80.0), medium(4));
    let other = Medium { top: Boundary::Film { permeability: 90.0, bath: 0.5 }, bottom: Boundary::NoFlux, ..m.clone() };
    let start = scatter(grid.voxels(), 1, false);
    let mut changed = Transport::new(&grid, Lateral::NoFlux, vec![m]).unwrap();
    changed.step(&mut [start.clone()], &[], 0.1).unwrap();
    changed.set_boundaries(0, other.top, other.bottom).unwrap();
    let mut fresh = Transport::new(&grid, Lateral::NoFlux, vec![other]).unwrap();
    let (mut a, mut b) = ([start.clone()], [start]);
    changed.step(&mut a, &[], 0.1).unwrap();
    fresh.step(&mut b, &[], 0.1).unwrap();
    assert_eq!(a, b);
}

#[test]
fn what_has_no_answer_is_refused() {
    let grid = graded(4, 40.0, 3, 60.0);
    let make = |m: Medium| Transport::new(&grid, Lateral::Periodic, vec![m]).err();
    let sound = medium(3);
    assert!(matches!(make(Medium { partition: vec![1.0, -1.0, 1.0], ..sound.clone() }), Some(TissueError::Coefficient { layer: 1, .. })));
    assert!(matches!(make(Medium { decay: vec![0.0; 4], ..sound.clone() }), Some(TissueError::Length { expected: 3, found: 4, .. })));
    let leak = Boundary::Film { permeability: -1.0, bath: 0.0 };
    assert!(matches!(make(Medium { bottom: leak, ..sound.clone() }), Some(TissueError::Coefficient { layer: 2, .. })));
    let mut solver = Transport::new(&grid, Lateral::Periodic, vec![sound]).unwrap();
    let mut field = [vec![0.0; grid.voxels()]];
    for dt in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(solver.step(&mut field, &[], dt), Err(TissueError::Step(_))));
    }
    assert!(matches!(solver.step(&mut [], &[], 1.0), Err(TissueError::Length { .. })));
    assert!(matches!(solver.step(&mut [vec![0.0; 5]], &[], 1.0), Err(TissueError::Length { .. })));
    assert!(matches!(solver.set_boundaries(0, Boundary::Fixed(f64::NAN), Boundary::NoFlux), Err(TissueError::Coefficient { .. })));
    assert!(solver.set_boundaries(1, Boundary::NoFlux, Boundary::NoFlux).is_err());
}
