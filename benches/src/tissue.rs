//! Times of the tissue's solvers, beside what the memory of this machine allows.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use percuta::tissue::{Boundary, Elliptic, Grid, Lateral, Medium, TissueError, Transport};

/// Block of `n` x `n` columns of 25 µm and `layers` layers that grow with depth.
pub fn grid(n: usize, layers: usize) -> Grid {
    let depth_edges_um = (0..=layers).map(|l| 20.0 * l as f64 + 0.05 * (l * l) as f64).collect();
    Grid { n, spacing_um: 25.0, depth_edges_um }
}

/// Coefficients that differ from layer to layer: diffusivity in µm²/d, decay in 1/d.
pub fn layered(layers: usize) -> (Vec<f64>, Vec<f64>) {
    (0..layers).map(|l| (2e5 + 1e5 * (l % 3) as f64, 9.0 + (l % 4) as f64)).unzip()
}

/// Sparse positive values.
pub fn sources(voxels: usize) -> Vec<f64> {
    (0..voxels as u64).map(|i| if i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58 == 0 { 1.0 } else { 0.0 }).collect()
}

/// Shortest of several runs, s.
fn shortest(repeats: usize, mut run: impl FnMut()) -> f64 {
    (0..repeats)
        .map(|_| {
            let clock = Instant::now();
            run();
            clock.elapsed().as_secs_f64()
        })
        .fold(f64::INFINITY, f64::min)
}

/// Time of one steady solve, s.
///
/// # Errors
/// If the thread pool or the solver cannot be made.
pub fn time_elliptic(grid: &Grid, lateral: Lateral, threads: usize, repeats: usize) -> Result<f64, Box<dyn Error>> {
    let (diffusivity, decay) = layered(grid.layers());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let time = pool.install(|| {
        let mut solver = Elliptic::new(grid, lateral, &diffusivity, &decay)?;
        let mut field = sources(grid.voxels());
        solver.solve(&mut field)?;
        Ok(shortest(repeats, || {
            black_box(solver.solve(black_box(&mut field))).unwrap_or_default();
        }))
    });
    time.map_err(|e: TissueError| e.into())
}

/// Time of one step of `fields` substances, s.
///
/// # Errors
/// If the thread pool or the solver cannot be made.
pub fn time_transport(grid: &Grid, lateral: Lateral, fields: usize, threads: usize, repeats: usize) -> Result<f64, Box<dyn Error>> {
    let (diffusivity, decay) = layered(grid.layers());
    let partition = (0..grid.layers()).map(|l| if l < grid.layers() / 2 { 2.0 } else { 1.0 }).collect();
    let medium = Medium { diffusivity, decay, partition, top: Boundary::NoFlux, bottom: Boundary::NoFlux };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let time = pool.install(|| {
        let mut solver = Transport::new(grid, lateral, vec![medium; fields])?;
        let mut values = vec![sources(grid.voxels()); fields];
        solver.step(&mut values, &[], 1e-3)?;
        Ok(shortest(repeats, || {
            black_box(solver.step(black_box(&mut values), &[], 1e-3)).unwrap_or_default();
        }))
    });
    time.map_err(|e: TissueError| e.into())
}

/// Prints the table.
///
/// # Errors
/// As the timing functions.
pub fn run() -> Result<(), Box<dyn Error>> {
    for (n, layers) in [(100, 100), (200, 80), (128, 64)] {
        let grid = grid(n, layers);
        for lateral in [Lateral::Periodic, Lateral::NoFlux] {
            for threads in [1, 2] {
                let t = time_elliptic(&grid, lateral, threads, 15)?;
                println!(
                    "  steady {n} x {n} x {layers}, {lateral:?}, {threads} thread(s): {:8.2} ms, {:.2} ns per voxel",
                    1e3 * t,
                    1e9 * t / grid.voxels() as f64
                );
            }
        }
    }
    let grid = grid(100, 100);
    for lateral in [Lateral::Periodic, Lateral::NoFlux] {
        for fields in [1, 10] {
            for threads in [1, 2] {
                let t = time_transport(&grid, lateral, fields, threads, 15)?;
                let per = 1e9 * t / (grid.voxels() * fields) as f64;
                println!(
                    "  step 100^3, {lateral:?}, {fields} field(s), {threads} thread(s): {:8.2} ms, {per:.2} ns per voxel and field",
                    1e3 * t
                );
            }
        }
    }
    Ok(())
}
