//! Slow, obvious versions of both operators: what the fast solvers are held against.

use super::{Boundary, Grid, Lateral, Medium};

/// Which directions an operator acts in: x, y, depth.
pub(super) type Directions = [bool; 3];
pub(super) const ALL: Directions = [true; 3];

/// Right side of `∂c/∂t`, from the fluxes through the faces of each voxel.
pub(super) fn rate(grid: &Grid, lateral: Lateral, m: &Medium, directions: Directions, c: &[f64]) -> Vec<f64> {
    let (n, count, h) = (grid.n, grid.layers(), grid.spacing_um);
    let at = |l: usize, y: usize, x: usize| (l * n + y) * n + x;
    let neighbour = |i: usize, step: isize| {
        let j = i as isize + step;
        match lateral {
            Lateral::Periodic => Some(j.rem_euclid(n as isize) as usize),
            Lateral::NoFlux => (0..n as isize).contains(&j).then_some(j as usize),
        }
    };
    let mut rate = vec![0.0; c.len()];
    for l in 0..count {
        for y in 0..n {
            for x in 0..n {
                let here = at(l, y, x);
                for step in [-1, 1] {
                    if let (true, Some(x)) = (directions[0], neighbour(x, step)) {
                        rate[here] += m.diffusivity[l] * (c[at(l, y, x)] - c[here]) / (h * h);
                    }
                    if let (true, Some(y)) = (directions[1], neighbour(y, step)) {
                        rate[here] += m.diffusivity[l] * (c[at(l, y, x)] - c[here]) / (h * h);
                    }
                }
                if !directions[2] {
                    continue;
                }
                rate[here] -= m.decay[l] * c[here];
                let resistance = |l: usize| 0.5 * grid.thickness_um(l) / (m.diffusivity[l] * m.partition[l]);
                let potential = |l: usize| c[at(l, y, x)] / m.partition[l];
                let mut into = 0.0;
                if l > 0 {
                    into += (potential(l - 1) - potential(l)) / (resistance(l - 1) + resistance(l));
                }
                if l + 1 < count {
                    into += (potential(l + 1) - potential(l)) / (resistance(l + 1) + resistance(l));
                }
                for (boundary, layer) in [(m.top, 0), (m.bottom, count - 1)] {
                    if l == layer {
                        into += match boundary {
                            Boundary::NoFlux => 0.0,
                            Boundary::Fixed(outside) => (outside - potential(l)) / resistance(l),
                            Boundary::Film { permeability, bath } => (bath - potential(l)) / (1.0 / permeability + resistance(l)),
                        };
                    }
                }
                rate[here] += into / grid.thickness_um(l);
            }
        }
    }
    rate
}

/// Square matrix, row by row.
pub(super) type Matrix = Vec<Vec<f64>>;

/// `rate(c) = A c + b`, column by column.
pub(super) fn assemble(grid: &Grid, lateral: Lateral, medium: &Medium, directions: Directions) -> (Matrix, Vec<f64>) {
    let size = grid.voxels();
    let b = rate(grid, lateral, medium, directions, &vec![0.0; size]);
    let mut a = vec![vec![0.0; size]; size];
    for j in 0..size {
        let mut unit = vec![0.0; size];
        unit[j] = 1.0;
        let column = rate(grid, lateral, medium, directions, &unit);
        (0..size).for_each(|i| a[i][j] = column[i] - b[i]);
    }
    (a, b)
}

/// Gauss elimination with row exchanges.
pub(super) fn solve(mut a: Matrix, mut b: Vec<f64>) -> Vec<f64> {
    let size = b.len();
    for k in 0..size {
        let pivot = (k..size).max_by(|&i, &j| a[i][k].abs().total_cmp(&a[j][k].abs())).unwrap();
        a.swap(k, pivot);
        b.swap(k, pivot);
        for i in k + 1..size {
            let factor = a[i][k] / a[k][k];
            if factor != 0.0 {
                let (above, below) = a.split_at_mut(i);
                below[0][k..].iter_mut().zip(&above[k][k..]).for_each(|(x, p)| *x -= factor * p);
                b[i] -= factor * b[k];
            }
        }
    }
    for k in (0..size).rev() {
        let known: f64 = (k + 1..size).map(|j| a[k][j] * b[j]).sum();
        b[k] = (b[k] - known) / a[k][k];
    }
    b
}

pub(super) fn multiply(a: &Matrix, v: &[f64]) -> Vec<f64> {
    a.iter().map(|row| row.iter().zip(v).map(|(a, v)| a * v).sum()).collect()
}

fn combine(a: &Matrix, factor: f64) -> Matrix {
    a.iter().enumerate().map(|(i, row)| row.iter().enumerate().map(|(j, a)| factor * a + f64::from(i == j)).collect()).collect()
}

/// Exact solution of `dc/dt = A c + b` after `t`, by the exponential of the matrix with one more row.
pub(super) fn exponential(a: &Matrix, b: &[f64], c: &[f64], t: f64) -> Vec<f64> {
    let size = c.len() + 1;
    let norm = a.iter().map(|r| r.iter().map(|a| a.abs()).sum::<f64>()).fold(1.0, f64::max) * t;
    let halvings = norm.log2().ceil().max(0.0) as i32 + 2;
    let scale = t / 2f64.powi(halvings);
    let mut x = vec![vec![0.0; size]; size];
    for i in 0..size - 1 {
        (0..size - 1).for_each(|j| x[i][j] = a[i][j] * scale);
        x[i][size - 1] = b[i] * scale;
    }
    let product = |a: &Matrix, b: &Matrix| -> Matrix {
        let mut p = vec![vec![0.0; size]; size];
        for i in 0..size {
            for k in 0..size {
                (0..size).for_each(|j| p[i][j] += a[i][k] * b[k][j]);
            }
        }
        p
    };
    let mut power = combine(&x, 0.0);
    let mut sum = power.clone();
    for k in 1..12 {
        power = product(&power, &x);
        power.iter_mut().flatten().for_each(|v| *v /= f64::from(k));
        sum.iter_mut().flatten().zip(power.iter().flatten()).for_each(|(s, p)| *s += p);
    }
    (0..halvings).for_each(|_| sum = product(&sum, &sum));
    let mut state = c.to_vec();
    state.push(1.0);
    let mut result = multiply(&sum, &state);
    result.pop();
    result
}

/// One implicit step of a part of the operator: `(I - θτA) new = (I + (1-θ)τA) old + τ(b + s)`.
pub(super) fn implicit(a: &Matrix, b: &[f64], s: &[f64], c: &[f64], tau: f64, theta: f64) -> Vec<f64> {
    let explicit = multiply(a, c);
    let right = (0..c.len()).map(|i| c[i] + tau * ((1.0 - theta) * explicit[i] + b[i] + s[i])).collect();
    solve(combine(a, -theta * tau), right)
}

/// The solver's splitting, with dense matrices: half in depth, x, y, half in depth.
pub(super) fn split_step(parts: &[(Matrix, Vec<f64>); 3], s: &[f64], c: &[f64], dt: f64, theta: f64) -> Vec<f64> {
    let none = vec![0.0; c.len()];
    let [x, y, z] = parts;
    let c = implicit(&z.0, &z.1, s, c, 0.5 * dt, theta);
    let c = implicit(&x.0, &x.1, &none, &c, dt, theta);
    let c = implicit(&y.0, &y.1, &none, &c, dt, theta);
    implicit(&z.0, &z.1, s, &c, 0.5 * dt, theta)
}

/// The rival: Brian's alternating directions in increments, `Π(I - ½ dt A_i) δ = dt (A c + b + s)`.
pub(super) fn brian_step(parts: &[(Matrix, Vec<f64>); 3], s: &[f64], c: &[f64], dt: f64) -> Vec<f64> {
    let mut delta: Vec<f64> = s.iter().map(|s| dt * s).collect();
    for (a, b) in parts {
        multiply(a, c).iter().zip(b).zip(&mut delta).for_each(|((r, b), d)| *d += dt * (r + b));
    }
    for (a, _) in parts {
        delta = solve(combine(a, -0.5 * dt), delta);
    }
    c.iter().zip(&delta).map(|(c, d)| c + d).collect()
}

/// Deterministic values from 0 to 1; `sparse` makes all but about one in 30 zero.
pub(super) fn scatter(len: usize, seed: u64, sparse: bool) -> Vec<f64> {
    let mut x = 12345 + seed;
    (0..len)
        .map(|_| {
            x = x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let v = (x >> 40) as f64 / f64::from(1u32 << 24);
            if v > 0.97 || !sparse { v } else { 0.0 }
        })
        .collect()
}

/// Largest difference, by the largest value of `b`.
pub(super) fn difference(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let largest = b.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max) / largest
}

/// Sum of value times volume of voxel, in columns' areas.
pub(super) fn amount(grid: &Grid, field: &[f64]) -> f64 {
    field.chunks_exact(grid.plane()).enumerate().map(|(l, p)| p.iter().sum::<f64>() * grid.thickness_um(l)).sum()
}

/// Layers whose thickness changes smoothly, `depth` deep in all; the middle edge lies at the same depth whatever their number.
pub(super) fn graded(n: usize, side: f64, layers: usize, depth: f64) -> Grid {
    let edge = |i: usize| {
        let t = i as f64 / layers as f64;
        depth * (t - 0.3 * t * (1.0 - t))
    };
    Grid { n, spacing_um: side / n as f64, depth_edges_um: (0..=layers).map(edge).collect() }
}
