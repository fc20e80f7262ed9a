//! The solver against dense matrices assembled face by face, and its balances, whatever the coefficients.

use proptest::prelude::*;

use super::{Bath, Effort, Exchanged, Fabric, Film, Mosaic, MosaicState, Side};
use crate::tissue::reference::{Matrix, difference, graded, scatter, solve};
use crate::tissue::{Grid, Lateral, TissueError};

const BOTH: [Lateral; 2] = [Lateral::Periodic, Lateral::NoFlux];

/// Random values over `decades` powers of ten around 1.
fn wild(len: usize, seed: u64, decades: f64) -> Vec<f64> {
    scatter(len, seed, false).iter().map(|v| 10f64.powf(decades * (v - 0.5))).collect()
}

fn fabric(grid: &Grid, seed: u64, decades: f64) -> Fabric {
    let v = grid.voxels();
    let conductivity = |seed| wild(v, seed, decades).iter().map(|g| 1e3 * g).collect();
    Fabric {
        capacity: wild(v, seed, 2.0),
        across: conductivity(seed + 1),
        down: conductivity(seed + 2),
        loss: wild(v, seed + 3, 4.0).iter().zip(scatter(v, seed + 4, false)).map(|(l, s)| if s > 0.5 { *l } else { 0.0 }).collect(),
    }
}

fn state(grid: &Grid) -> MosaicState {
    MosaicState { potential: scatter(grid.voxels(), 77, false), top: 3.0, bottom: 0.5 }
}

/// Capacities and conductances of all voxels and both baths, as amounts: `C du/dt = -A u`.
struct Dense {
    capacity: Vec<f64>,
    a: Matrix,
    loss: Vec<f64>,
}

impl Dense {
    fn new(grid: &Grid, lateral: Lateral, f: &Fabric, baths: [&Bath; 2]) -> Self {
        let (n, count, h) = (grid.n, grid.layers(), grid.spacing_um);
        let size = grid.voxels() + 2;
        let at = |x: usize, y: usize, l: usize| (l * n + y) * n + x;
        let mut a = vec![vec![0.0; size]; size];
        let mut tie = |i: usize, j: usize, g: f64| {
            a[i][i] += g;
            a[j][j] += g;
            a[i][j] -= g;
            a[j][i] -= g;
        };
        let volume = |l: usize| h * h * grid.thickness_um(l);
        let (mut capacity, mut loss) = (Vec::new(), Vec::new());
        for l in 0..count {
            let half = |l: usize, i: usize| 0.5 * grid.thickness_um(l) / f.down[i] / (h * h);
            for y in 0..n {
                for x in 0..n {
                    let here = at(x, y, l);
                    capacity.push(f.capacity[here] * volume(l));
                    loss.push(f.loss[here] * volume(l));
                    let beside = |i: usize| 0.5 * h / (f.across[i] * h * grid.thickness_um(l));
                    for (last, there) in [(x + 1 == n, at((x + 1) % n, y, l)), (y + 1 == n, at(x, (y + 1) % n, l))] {
                        if n > 1 && (!last || lateral == Lateral::Periodic) {
                            tie(here, there, 1.0 / (beside(here) + beside(there)));
                        }
                    }
                    if l + 1 < count {
                        tie(here, at(x, y, l + 1), 1.0 / (half(l, here) + half(l + 1, at(x, y, l + 1))));
                    }
                    for (side, layer) in [(0, 0), (1, count - 1)] {
                        if l == layer {
                            let film = match &baths[side].film {
                                Film::Closed => 0.0,
                                Film::Uniform(film) => *film,
                                Film::Columns(films) => films[y * n + x],
                            };
                            tie(here, grid.voxels() + side, 1.0 / (1.0 / (film * h * h) + half(l, here)));
                        }
                    }
                }
            }
        }
        capacity.extend(baths.map(|bath| bath.capacity * grid.side_um().powi(2)));
        loss.extend([0.0, 0.0]);
        Self { capacity, a, loss }
    }

    /// Solves `(C + τ(A + L)) u = C w`; baths that are held keep their potential.
    fn implicit(&self, tau: f64, w: &[f64]) -> Vec<f64> {
        let size = w.len();
        let (mut m, mut b) = (vec![vec![0.0; size]; size], vec![0.0; size]);
        for i in 0..size {
            if self.capacity[i].is_infinite() {
                (m[i][i], b[i]) = (1.0, w[i]);
                continue;
            }
            (0..size).for_each(|j| m[i][j] = tau * self.a[i][j]);
            let c = if tau.is_infinite() { 0.0 } else { self.capacity[i] };
            if c == 0.0 {
                (0..size).for_each(|j| m[i][j] = self.a[i][j]);
                m[i][i] += self.loss[i];
            } else {
                m[i][i] += c + tau * self.loss[i];
                b[i] = c * w[i];
            }
        }
        solve(m, b)
    }

    fn step(&self, u: &[f64], dt: f64) -> Vec<f64> {
        let gamma = 1.0 - 0.5f64.sqrt();
        let first = self.implicit(gamma * dt, u);
        let ahead: Vec<f64> = u.iter().zip(&first).map(|(u, f)| u + (1.0 - gamma) / gamma * (f - u)).collect();
        self.implicit(gamma * dt, &ahead)
    }
}

fn all(state: &MosaicState) -> Vec<f64> {
    state.potential.iter().copied().chain([state.top, state.bottom]).collect()
}

fn cases(n: usize) -> [(Bath, Bath); 5] {
    let films: Vec<f64> = (0..n * n).map(|i| [0.0, 30.0, f64::INFINITY][i % 3]).collect();
    [
        (Bath { capacity: 7.0, film: Film::Columns(films.clone()) }, Bath { capacity: 50.0, film: Film::Uniform(f64::INFINITY) }),
        (Bath { capacity: 1e-3, film: Film::Uniform(100.0) }, Bath { capacity: f64::INFINITY, film: Film::Columns(films) }),
        (Bath::HELD, Bath { capacity: 1e4, film: Film::Uniform(1.0) }),
        (Bath { capacity: 3.0, film: Film::Closed }, Bath::HELD),
        (Bath::NONE, Bath::NONE),
    ]
}

#[test]
fn agrees_with_dense_steps() {
    for lateral in BOTH {
        for (n, layers) in [(1, 1), (1, 6), (2, 3), (3, 3), (4, 2), (5, 3), (6, 1), (7, 2)] {
            let grid = graded(n, 10.0 * n as f64, layers, 8.0 * layers as f64);
            for (case, (top, bottom)) in cases(n).into_iter().enumerate() {
                for decades in [0.0, 6.0] {
                    let f = fabric(&grid, 3 + case as u64, decades);
                    let dense = Dense::new(&grid, lateral, &f, [&top, &bottom]);
                    let mut solver = Mosaic::new(&grid, lateral, &f, top.clone(), bottom.clone()).unwrap();
                    // Changes are measured by energy, which sees the slowest modes least: the longer the step, the less.
                    for (dt, allowed) in [(1e-3, 1e-8), (0.3, 1e-6), (50.0, 1e-5)] {
                        let start = state(&grid);
                        let mut now = start.clone();
                        solver.step(&mut now, dt).unwrap();
                        let d = difference(&all(&now), &dense.step(&all(&start), dt));
                        assert!(d < allowed, "{lateral:?} {n} x {n} x {layers}, {case}, {decades}, {dt}: {d} {:?}", solver.effort());
                        let mut now = start.clone();
                        solver.euler_step(&mut now, dt).unwrap();
                        let d = difference(&all(&now), &dense.implicit(dt, &all(&start)));
                        assert!(d < allowed, "{lateral:?} {n} x {n} x {layers}, {case}, {decades}, {dt}, Euler: {d}");
                    }
                    let mut held = Dense::new(&grid, lateral, &f, [&top, &bottom]);
                    let last = grid.voxels();
                    held.capacity[last..].fill(f64::INFINITY);
                    if case < 4 {
                        let mut now = state(&grid);
                        let flow = solver.steady(&mut now).unwrap();
                        let exact = held.implicit(f64::INFINITY, &all(&now));
                        let d = difference(&all(&now), &exact);
                        assert!(d < 1e-6, "{lateral:?} {n} x {n} x {layers}, {case}, {decades}, steady: {d}");
                        let top: f64 = (0..=last).map(|j| held.a[last][j] * exact[j]).sum();
                        let size: f64 = (0..=last).map(|j| (held.a[last][j] * exact[j]).abs()).sum();
                        assert!((flow.from_top - top).abs() <= 1e-7 * size, "{flow:?} {top}");
                        let balance = flow.from_top - flow.into_bottom - flow.lost;
                        assert!(balance.abs() < 1e-6 * (flow.from_top.abs() + flow.lost), "{flow:?}");
                    }
                }
            }
        }
    }
}

/// Amount everywhere and in each place.
fn amounts(solver: &mut Mosaic, state: &MosaicState) -> [f64; 3] {
    let bath = |amount: f64| if amount.is_finite() { amount } else { 0.0 };
    let [top, bottom] = [solver.bath_amount(Side::Top, state.top), solver.bath_amount(Side::Bottom, state.bottom)].map(bath);
    [solver.amount(state).unwrap(), top, bottom]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_is_exchanged_is_what_is_there(
        n in 1usize..8, layers in 1usize..6, periodic in any::<bool>(), case in 0usize..5, seed in 0u64..1000,
        decades in 0.0f64..6.0, log_dt in -4.0f64..2.0, euler in any::<bool>(),
    ) {
        let lateral = if periodic { Lateral::Periodic } else { Lateral::NoFlux };
        let grid = graded(n, 10.0 * n as f64, layers, 8.0 * layers as f64);
        let (top, bottom) = cases(n)[case].clone();
        let held = [&top, &bottom].map(|b| b.capacity.is_infinite());
        let mut solver = Mosaic::new(&grid, lateral, &fabric(&grid, seed, decades), top, bottom).unwrap();
        let mut now = state(&grid);
        let start = amounts(&mut solver, &now);
        let mut sum = Exchanged::default();
        for i in 0..5 {
            let dt = 10f64.powf(log_dt) * f64::from(i + 1);
            let e = if euler { solver.euler_step(&mut now, dt) } else { solver.step(&mut now, dt) }.unwrap();
            sum = Exchanged { from_top: sum.from_top + e.from_top, into_bottom: sum.into_bottom + e.into_bottom, lost: sum.lost + e.lost };
            if euler {
                prop_assert!(now.potential.iter().all(|&u| (0.0..=3.0 + 1e-6).contains(&u)), "{:?}", now.potential);
                prop_assert!(e.lost >= 0.0);
            }
        }
        let end = amounts(&mut solver, &now);
        let size = start.iter().sum::<f64>() + sum.from_top.abs() + sum.into_bottom.abs();
        prop_assert!((end[0] - start[0] - sum.from_top + sum.into_bottom + sum.lost).abs() < 1e-12 * size, "{start:?} {end:?} {sum:?}");
        prop_assert!(held[0] || (end[1] - start[1] + sum.from_top).abs() < 1e-12 * size, "{start:?} {end:?} {sum:?}");
        prop_assert!(held[1] || (end[2] - start[2] - sum.into_bottom).abs() < 1e-12 * size, "{start:?} {end:?} {sum:?}");
    }
}

#[test]
fn second_order_in_time() {
    for lateral in BOTH {
        let grid = graded(4, 80.0, 4, 60.0);
        let (top, bottom) =
            (Bath { capacity: 20.0, film: Film::Uniform(60.0) }, Bath { capacity: 9.0, film: Film::Uniform(f64::INFINITY) });
        let mut solver = Mosaic::new(&grid, lateral, &fabric(&grid, 5, 1.0), top, bottom).unwrap();
        let mut run = |steps: usize, euler: bool| {
            let mut now = state(&grid);
            for _ in 0..steps {
                let dt = 0.2 / steps as f64;
                if euler { solver.euler_step(&mut now, dt) } else { solver.step(&mut now, dt) }.unwrap();
            }
            all(&now)
        };
        let exact = run(2000, false);
        let errors = [50, 100, 200].map(|steps| difference(&run(steps, false), &exact));
        let order = errors.windows(2).map(|e| (e[0] / e[1]).log2()).collect::<Vec<_>>();
        assert!(order[0] > 1.85 && order[1] > 1.9, "{lateral:?}: {errors:?} {order:?}");
        let errors = [100, 200].map(|steps| difference(&run(steps, true), &exact));
        assert!((0.85..1.2).contains(&(errors[0] / errors[1]).log2()), "{lateral:?}: {errors:?}");
    }
}

#[test]
fn a_step_far_longer_than_all_times_is_steady() {
    let grid = graded(5, 50.0, 4, 40.0);
    for lateral in BOTH {
        let mut solver = Mosaic::new(&grid, lateral, &fabric(&grid, 5, 4.0), Bath::HELD, Bath::HELD).unwrap();
        let (mut long, mut steady) = (state(&grid), state(&grid));
        solver.step(&mut long, 1e5).unwrap();
        solver.steady(&mut steady).unwrap();
        let d = difference(&long.potential, &steady.potential);
        assert!(d < 1e-4, "{lateral:?}: {d}");
        let before = steady.clone();
        solver.step(&mut steady, 0.1).unwrap();
        assert!(difference(&steady.potential, &before.potential) < 1e-7);
    }
}

#[test]
fn the_bytes_do_not_depend_on_threads() {
    for (n, lateral) in [(33, Lateral::Periodic), (32, Lateral::Periodic), (19, Lateral::NoFlux)] {
        let grid = graded(n, 10.0 * n as f64, 7, 60.0);
        let f = fabric(&grid, 5, 4.0);
        let run = |threads: usize, parallel_from: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let bath = Bath { capacity: 30.0, film: Film::Uniform(f64::INFINITY) };
                let mut solver = Mosaic::new(&grid, lateral, &f, bath.clone(), bath).unwrap();
                solver.solver.parallel_from = parallel_from;
                let mut now = state(&grid);
                let exchanged = [0.01, 0.2].map(|dt| solver.step(&mut now, dt).unwrap());
                (now, exchanged, solver.effort())
            })
        };
        let one: (MosaicState, [Exchanged; 2], Effort) = run(1, usize::MAX);
        assert_eq!(one, run(2, 0), "{n} {lateral:?}");
        assert_eq!(one, run(3, 0), "{n} {lateral:?}");
    }
}

#[test]
fn refuses_what_has_no_answer() {
    let grid = graded(3, 30.0, 2, 20.0);
    let good = fabric(&grid, 1, 1.0);
    let make = |f: &Fabric, top: Bath, bottom: Bath| Mosaic::new(&grid, Lateral::NoFlux, f, top, bottom).map(|_| ());
    let broken = |change: fn(&mut Fabric)| {
        let mut f = good.clone();
        change(&mut f);
        make(&f, Bath::HELD, Bath::NONE).unwrap_err()
    };
    assert!(matches!(broken(|f| f.capacity[10] = 0.0), TissueError::Coefficient { what: "capacity", layer: 1, .. }));
    assert!(matches!(broken(|f| f.across[0] = f64::NAN), TissueError::Coefficient { .. }));
    assert!(matches!(broken(|f| f.down[0] = -1.0), TissueError::Coefficient { .. }));
    assert!(matches!(broken(|f| f.loss[0] = -1.0), TissueError::Coefficient { .. }));
    assert!(matches!(broken(|f| f.loss.truncate(3)), TissueError::Length { what: "loss", expected: 18, found: 3 }));
    let film = |film| Bath { capacity: 1.0, film };
    assert!(matches!(make(&good, film(Film::Columns(vec![1.0])), Bath::NONE), Err(TissueError::Length { .. })));
    assert!(matches!(make(&good, film(Film::Uniform(-1.0)), Bath::NONE), Err(TissueError::Coefficient { .. })));
    assert!(matches!(make(&good, Bath { capacity: 0.0, film: Film::Closed }, Bath::NONE), Err(TissueError::Coefficient { .. })));
    let lossless = Fabric { loss: vec![0.0; 18], ..good };
    let mut solver = Mosaic::new(&grid, Lateral::NoFlux, &lossless, Bath::NONE, Bath::NONE).unwrap();
    let mut now = state(&grid);
    assert_eq!(solver.steady(&mut now), Err(TissueError::Undetermined));
    assert_eq!(solver.step(&mut now, 0.0), Err(TissueError::Step(0.0)));
    now.potential[4] = f64::INFINITY;
    assert!(matches!(solver.step(&mut now, 1.0), Err(TissueError::Coefficient { .. })));
    now.potential.pop();
    assert!(matches!(solver.step(&mut now, 1.0), Err(TissueError::Length { .. })));
}
