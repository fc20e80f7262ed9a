//! The steady solver against dense elimination, analytic solutions and identities.

use super::reference::{ALL, amount, assemble, difference, graded, rate, scatter, solve};
use super::vector::Vector;
use super::{Boundary, Elliptic, Grid, Lateral, Medium, TissueError};

const BOTH: [Lateral; 2] = [Lateral::Periodic, Lateral::NoFlux];

fn medium(layers: usize) -> Medium {
    Medium {
        diffusivity: (0..layers).map(|l| 2e5 * (1.0 + (l * l % 5) as f64)).collect(),
        decay: (0..layers).map(|l| 8.0 * (l % 3) as f64 + if l == 0 { 3.0 } else { 0.0 }).collect(),
        partition: vec![1.0; layers],
        top: Boundary::NoFlux,
        bottom: Boundary::NoFlux,
    }
}

fn solved(grid: &Grid, lateral: Lateral, m: &Medium, source: &[f64]) -> Vec<f64> {
    let mut field = source.to_vec();
    Elliptic::new(grid, lateral, &m.diffusivity, &m.decay).unwrap().solve(&mut field).unwrap();
    field
}

#[test]
fn agrees_with_dense_elimination() {
    for lateral in BOTH {
        for (n, layers) in [(1, 1), (1, 12), (2, 3), (3, 4), (4, 2), (5, 5), (6, 3), (7, 4)] {
            let (grid, m) = (graded(n, 30.0 * n as f64, layers, 60.0 * layers as f64), medium(layers));
            let source = scatter(grid.voxels(), n as u64, false);
            let (a, _) = assemble(&grid, lateral, &m, ALL);
            let minus = a.iter().map(|row| row.iter().map(|a| -a).collect()).collect();
            let d = difference(&solved(&grid, lateral, &m, &source), &solve(minus, source));
            assert!(d < 1e-13, "{lateral:?} {n} x {n} x {layers}: {d}");
        }
    }
}

#[test]
fn the_residual_is_rounding() {
    for lateral in BOTH {
        for n in [30, 31, 64] {
            let (grid, m) = (graded(n, 25.0 * n as f64, 20, 1500.0), medium(20));
            let source = scatter(grid.voxels(), 7, true);
            let found: Vec<f64> = rate(&grid, lateral, &m, ALL, &solved(&grid, lateral, &m, &source)).iter().map(|r| -r).collect();
            let residual = difference(&found, &source);
            assert!(residual < 1e-10, "{lateral:?} {n}: {residual}");
        }
    }
}

#[test]
fn what_decays_is_what_is_made() {
    for lateral in BOTH {
        let (grid, mut m) = (graded(33, 900.0, 9, 1100.0), medium(9));
        let source = scatter(grid.voxels(), 3, true);
        let decayed = |m: &Medium| {
            let mut field = solved(&grid, lateral, m, &source);
            field.chunks_exact_mut(grid.plane()).zip(&m.decay).for_each(|(p, k)| p.iter_mut().for_each(|t| *t *= k));
            amount(&grid, &field) / amount(&grid, &source)
        };
        assert!((decayed(&m) - 1.0).abs() < 1e-12, "{}", decayed(&m));
        // With one decay everywhere this is: the mean of the field is the mean of source / k. Little of it does not hurt.
        for k in [9.1, 1e-6] {
            m.decay.fill(k);
            assert!((decayed(&m) - 1.0).abs() < 1e-12, "{k}: {}", decayed(&m));
        }
    }
}

#[test]
fn positive_sources_give_no_negative_field() {
    for lateral in BOTH {
        for seed in 0..12 {
            let n = [16, 27, 40][seed as usize % 3];
            let (grid, mut m) = (graded(n, 25.0 * n as f64, 12, 1200.0), medium(12));
            // Reach from a tenth of a voxel to the whole block.
            m.decay.iter_mut().for_each(|k| *k = (*k + 1.0) * 10f64.powi(seed as i32 % 6 - 2));
            let mut source = vec![0.0; grid.voxels()];
            let values = scatter(9, seed, false);
            values.iter().for_each(|v| source[(v * grid.voxels() as f64) as usize] = 1.0 + v);
            let field = solved(&grid, lateral, &m, &source);
            let (least, most) = field.iter().fold((f64::INFINITY, 0.0f64), |(a, b), &t| (a.min(t), b.max(t)));
            assert!(least > -1e-15 * most, "{lateral:?} {seed}: {least} of {most}");
        }
    }
}

#[test]
fn second_order_in_space_with_a_jump_of_diffusivity() {
    let (side, depth, pi) = (600.0, 800.0, std::f64::consts::PI);
    let (d, k) = ([3e5, 1e5], [9.0, 4.0]);
    for lateral in BOTH {
        let wave = if lateral == Lateral::Periodic { 2.0 * pi / side } else { pi / side };
        let error = |n: usize| {
            let grid = graded(n, side, n, depth);
            let border = grid.depth_edges_um[n / 2];
            let (mut source, mut exact) = (Vec::new(), Vec::new());
            for l in 0..n {
                let (i, z, q) = (2 * l / n, grid.depth_um(l), pi / depth);
                // The flux D Z' is sin(q z) throughout; Z itself has a kink at the border.
                let profile = -(q * z).cos() / (q * d[i]) + if i == 1 { (q * border).cos() / q * (1.0 / d[1] - 1.0 / d[0]) } else { 0.0 };
                for j in 0..n * n {
                    let across = |j: usize| (wave * (j as f64 + 0.5) * grid.spacing_um).cos();
                    let xy = across(j % n) * across(j / n);
                    exact.push(xy * profile);
                    source.push(xy * ((2.0 * d[i] * wave * wave + k[i]) * profile - q * (q * z).cos()));
                }
            }
            let of = |v: [f64; 2]| (0..n).map(|l| v[2 * l / n]).collect::<Vec<_>>();
            Elliptic::new(&grid, lateral, &of(d), &of(k)).unwrap().solve(&mut source).unwrap();
            difference(&source, &exact)
        };
        let errors = [error(8), error(16), error(32), error(64)];
        let order = errors.windows(2).map(|e| (e[0] / e[1]).log2()).collect::<Vec<_>>();
        assert!(order.iter().all(|o| *o > 1.85) && order[2] > 1.95, "{lateral:?}: {errors:?} {order:?}");
    }
}

#[test]
fn a_sphere_matches_its_analytic_profile() {
    let (n, h, a, ell, k) = (72, 12.5, 70.0, 60.0, 9.1);
    let grid = Grid { n, spacing_um: h, depth_edges_um: (0..=n).map(|l| l as f64 * h).collect() };
    let from_centre = |i: usize, s: f64| (i as f64 + s - 0.5 * n as f64) * h;
    let mut field = vec![0.0; grid.voxels()];
    for (i, v) in field.iter_mut().enumerate() {
        let (x, y, z) = (i % n, i / n % n, i / (n * n));
        let square = |s: [f64; 3]| from_centre(x, s[0]).powi(2) + from_centre(y, s[1]).powi(2) + from_centre(z, s[2]).powi(2);
        let r = square([0.5; 3]).sqrt();
        if r < a - h {
            *v = k;
        } else if r < a + h {
            let inside = (0..512).filter(|s| square([s % 8, s / 8 % 8, s / 64].map(|s| (f64::from(s) + 0.5) / 8.0)) < a * a).count();
            *v = k * inside as f64 / 512.0;
        }
    }
    Elliptic::new(&grid, Lateral::NoFlux, &vec![k * ell * ell; n], &vec![k; n]).unwrap().solve(&mut field).unwrap();
    let edge: f64 = a / ell;
    for x in [0, 2, 4, 7, 10, 14, 20] {
        let r = (from_centre(n / 2 + x, 0.5).powi(2) + 2.0 * (0.5 * h).powi(2)).sqrt();
        let u: f64 = r / ell;
        let expected =
            if r < a { 1.0 - (1.0 + edge) * (-edge).exp() * u.sinh() / u } else { (edge * edge.cosh() - edge.sinh()) * (-u).exp() / u };
        let found = field[((n / 2) * n + n / 2) * n + n / 2 + x];
        // The lattice's decay length is too long by (h / ell)² / 24: the tail drifts by that times r / ell.
        assert!((found - expected).abs() < 0.015 * expected, "r = {r}: {found} against {expected}");
    }
}

#[test]
fn a_slab_with_decay_matches_its_analytic_profile() {
    let (layers, depth, a, ell, k) = (400, 1000.0, 250.0, 150.0, 9.1);
    let grid = Grid { n: 1, spacing_um: 10.0, depth_edges_um: (0..=layers).map(|l| depth * l as f64 / layers as f64).collect() };
    let mut field: Vec<f64> = (0..layers).map(|l| if grid.depth_um(l) < a { k } else { 0.0 }).collect();
    Elliptic::new(&grid, Lateral::NoFlux, &vec![k * ell * ell; layers], &vec![k; layers]).unwrap().solve(&mut field).unwrap();
    for (l, found) in field.iter().enumerate() {
        let z = grid.depth_um(l);
        let sinh = |z: f64| (z / ell).sinh();
        let expected =
            if z < a { 1.0 - sinh(depth - a) / sinh(depth) * (z / ell).cosh() } else { sinh(a) / sinh(depth) * ((depth - z) / ell).cosh() };
        assert!((found - expected).abs() < 3e-5, "z = {z}: {found} against {expected}");
    }
}

#[test]
fn threads_and_vectors_do_not_change_a_byte() {
    let (grid, m) = (graded(81, 2000.0, 41, 2000.0), medium(41));
    let source = scatter(grid.voxels(), 1, true);
    let on = |threads: usize, vector: Vector| {
        let mut field = source.clone();
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| {
            Elliptic::with_vector(&grid, Lateral::NoFlux, &m.diffusivity, &m.decay, vector).unwrap().solve(&mut field).unwrap();
        });
        field
    };
    let one = on(1, Vector::detect());
    assert_eq!(one, on(2, Vector::detect()));
    assert_eq!(one, on(3, Vector::detect()));
    assert_eq!(one, on(1, Vector::plain()));
}

#[test]
fn what_has_no_answer_is_refused() {
    let grid = graded(4, 100.0, 3, 300.0);
    let make = |d: &[f64], k: &[f64]| Elliptic::new(&grid, Lateral::Periodic, d, k).err();
    assert_eq!(make(&[1.0; 3], &[0.0; 3]), Some(TissueError::NoDecay));
    assert!(matches!(make(&[1.0; 2], &[1.0; 3]), Some(TissueError::Length { expected: 3, found: 2, .. })));
    assert!(matches!(make(&[1.0, 0.0, 1.0], &[1.0; 3]), Some(TissueError::Coefficient { layer: 1, .. })));
    assert!(matches!(make(&[1.0; 3], &[1.0, 1.0, f64::NAN]), Some(TissueError::Coefficient { layer: 2, .. })));
    let folded = Grid { depth_edges_um: vec![0.0, 2.0, 1.0, 3.0], ..grid.clone() };
    assert_eq!(Elliptic::new(&folded, Lateral::Periodic, &[1.0; 3], &[1.0; 3]).err(), Some(TissueError::Grid));
    let mut solver = Elliptic::new(&grid, Lateral::Periodic, &[1.0; 3], &[1.0; 3]).unwrap();
    assert!(matches!(solver.solve(&mut [0.0; 47]), Err(TissueError::Length { expected: 48, found: 47, .. })));
}

#[test]
fn a_single_disc_matches_the_bessel_profile() {
    // Disc source of radius a with production that alone would give 1; modified Bessel functions I0, I1, K0, K1.
    let (a, ell, n, h) = (75.0, 178.0, 256, 10.0);
    let g = Grid { n, spacing_um: h, depth_edges_um: vec![0.0, 100.0] };
    let mut field = vec![0.0; g.voxels()];
    for (i, v) in field.iter_mut().enumerate() {
        // 8 x 8 subsamples place the rim of the disc well inside the voxel size.
        for s in 0..64 {
            let dx = ((i % n) as f64 + (f64::from(s % 8) + 0.5) / 8.0) * h - 0.5 * n as f64 * h;
            let dy = ((i / n) as f64 + (f64::from(s / 8) + 0.5) / 8.0) * h - 0.5 * n as f64 * h;
            if dx * dx + dy * dy < a * a {
                *v += 1.0 / 64.0;
            }
        }
    }
    let k = 9.1;
    field.iter_mut().for_each(|v| *v *= k);
    Elliptic::new(&g, Lateral::Periodic, &[k * ell * ell], &[k]).unwrap().solve(&mut field).unwrap();
    // (radius, I0, I1, K0, K1 of radius/ell) are not in std: series and integrals below.
    for r in [0.0, 40.0, 150.0, 300.0, 500.0] {
        let x = n / 2 + (r / h) as usize;
        // Voxel centres sit half a voxel off the disc's centre on both axes.
        let radius = ((r + 0.5 * h).powi(2) + (0.5 * h).powi(2)).sqrt();
        let expected = if radius < a {
            1.0 - a / ell * bessel_k(1, a / ell) * bessel_i(0, radius / ell)
        } else {
            a / ell * bessel_i(1, a / ell) * bessel_k(0, radius / ell)
        };
        let found = field[(n / 2) * n + x];
        assert!((found - expected).abs() < 3e-3 * expected.max(0.02), "r = {radius}: {found} against {expected}");
    }
}

/// K_order(x) = integral of exp(-x cosh t) cosh(order t) over t from 0.
fn bessel_k(order: i32, x: f64) -> f64 {
    let dt = 1e-3;
    (0..12_000).map(|i| (f64::from(i) + 0.5) * dt).map(|t: f64| (-x * t.cosh()).exp() * (f64::from(order) * t).cosh() * dt).sum()
}

/// I_order(x) = 1/pi integral of exp(x cos t) cos(order t) over t from 0 to pi.
fn bessel_i(order: i32, x: f64) -> f64 {
    let n = 2000;
    (0..n)
        .map(|i| (f64::from(i) + 0.5) / f64::from(n))
        .map(|u| (x * (std::f64::consts::PI * u).cos()).exp() * (f64::from(order) * std::f64::consts::PI * u).cos())
        .sum::<f64>()
        / f64::from(n)
}
