//! Times of the tissue's solvers, beside what the memory of this machine allows.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use percuta::tissue::{Boundary, Elliptic, Grid, Lateral, Medium, TissueError, Transport};
use rayon::prelude::*;

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
pub fn shortest(repeats: usize, mut run: impl FnMut()) -> f64 {
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

/// Bandwidth in GB/s of scaling an array far larger than the last cache in place: each value is read and written once,
/// as a pass of the solvers does.
///
/// # Errors
/// If the thread pool cannot be made.
pub fn bandwidth(threads: usize, repeats: usize) -> Result<f64, Box<dyn Error>> {
    const VALUES: usize = 1 << 25;
    let mut values = vec![1.0f64; VALUES];
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let time = pool.install(|| {
        shortest(repeats, || {
            values.par_chunks_mut(VALUES / 64).for_each(|share| share.iter_mut().for_each(|v| *v *= 1.000_000_1));
            black_box(&mut values);
        })
    });
    Ok(16e-9 * VALUES as f64 / time)
}

/// Runs of which the shortest counts: many where a run is short, so that one of them has the machine to itself.
fn repeats(values: usize) -> usize {
    (300_000_000 / values).clamp(20, 300)
}

/// Bytes for each voxel: three passes that read and write the field.
pub const STEADY_BYTES: f64 = 48.0;
/// Bytes for each voxel and field: the field is read, the right side written (and fetched first) and read again, the
/// field read and written.
pub const STEP_BYTES: f64 = 48.0;

/// Prints the tables.
///
/// # Errors
/// As the timing functions.
pub fn run() -> Result<(), Box<dyn Error>> {
    let bandwidths = [bandwidth(1, 10)?, bandwidth(2, 10)?];
    println!("memory, read and write in place: {:.1} GB/s on one thread, {:.1} on two", bandwidths[0], bandwidths[1]);
    let row = |label: &str, threads: usize, seconds: f64, values: usize, bytes: f64| {
        let ns = 1e9 * seconds / values as f64;
        let limit = bytes / bandwidths[threads - 1];
        println!(
            "  {label:<38} {threads} thread(s) {:9.2} ms {ns:6.2} ns  limit {limit:5.2} ns, {:3.0} %",
            1e3 * seconds,
            100.0 * limit / ns
        );
    };
    println!("\nsteady field: time, by voxel, limit by bandwidth at {STEADY_BYTES} bytes, share of it reached");
    for (n, layers) in [(100, 100), (200, 80)] {
        let grid = grid(n, layers);
        for lateral in [Lateral::Periodic, Lateral::NoFlux] {
            for threads in [1, 2] {
                let time = time_elliptic(&grid, lateral, threads, repeats(grid.voxels()))?;
                row(&format!("{n} x {n} x {layers}, {lateral:?}"), threads, time, grid.voxels(), STEADY_BYTES);
            }
        }
    }
    println!("\none step of transport: time, by voxel and field, limit at {STEP_BYTES} bytes, share");
    for (n, layers, fields) in [(100, 100, 1), (100, 100, 10), (200, 80, 1)] {
        let grid = grid(n, layers);
        for lateral in [Lateral::Periodic, Lateral::NoFlux] {
            for threads in [1, 2] {
                let time = time_transport(&grid, lateral, fields, threads, repeats(fields * grid.voxels()))?;
                let label = format!("{n} x {n} x {layers}, {fields} field(s), {lateral:?}");
                row(&label, threads, time, grid.voxels() * fields, STEP_BYTES);
            }
        }
    }
    Ok(())
}
