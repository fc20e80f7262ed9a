//! Absorption through needled skin as a problem for the tissue's solver alone: a day on one square millimetre.

use std::error::Error;
use std::time::Instant;

use percuta::tissue::{Bath, Effort, Fabric, Film, Grid, Lateral, Mosaic, MosaicState, TissueError};

use crate::tissue::bandwidth;

/// Diffusivities in tissue and water, µm²/h; permeability (µm/h) and thickness of the stratum corneum.
const TISSUE: f64 = 5e5;
const WATER: f64 = 3e6;
const KP: f64 = 1.0;
const CORNEUM_UM: f64 = 15.0;

/// Bytes that one iteration moves for each voxel: 128 in the loops of conjugate gradients, 168 in a cycle, a third of
/// that again on coarser levels. Padding of rows not counted.
const BYTES: f64 = 352.0;

/// Layers of the block, finest at the surface.
fn grid(n: usize) -> Grid {
    let mut edges: Vec<f64> = (0..=5).map(|l| 3.0 * f64::from(l)).collect();
    let mut thickness = 3.0;
    while edges.len() < 51 {
        thickness = f64::min(1.1 * thickness, 40.0);
        edges.push(edges[edges.len() - 1] + thickness);
    }
    Grid { n, spacing_um: 1000.0 / n as f64, depth_edges_um: edges }
}

/// Share of a column of that middle inside one of nine channels 100 to 150 µm deep.
fn channel(grid: &Grid, x: usize, y: usize, radius: f64) -> (f64, f64) {
    const CUTS: usize = 5;
    let (mut inside, mut depth) = (0, 0.0);
    for cut in 0..CUTS * CUTS {
        let at = |i: usize, c: usize| (i as f64 + (c as f64 + 0.5) / CUTS as f64) * grid.spacing_um;
        let (px, py) = (at(x, cut % CUTS), at(y, cut / CUTS));
        for k in 0..9 {
            let (cx, cy) = (170.0 + 330.0 * f64::from(k % 3), 160.0 + 340.0 * f64::from(k / 3));
            if (px - cx).hypot(py - cy) < radius {
                inside += 1;
                depth = 100.0 + 50.0 * f64::from(k) / 8.0;
            }
        }
    }
    (inside as f64 / (CUTS * CUTS) as f64, depth)
}

fn fabric(grid: &Grid, radius: f64) -> Fabric {
    let v = grid.voxels();
    let mut f = Fabric { capacity: vec![1.0; v], across: vec![0.0; v], down: vec![0.0; v], loss: vec![0.0; v] };
    let channels: Vec<(f64, f64)> = (0..grid.plane()).map(|i| channel(grid, i % grid.n, i / grid.n, radius)).collect();
    for l in 0..grid.layers() {
        let corneum = grid.depth_um(l) < CORNEUM_UM;
        let solid = if corneum { KP * CORNEUM_UM } else { TISSUE };
        for (i, &(share, depth)) in channels.iter().enumerate() {
            let share = if grid.depth_um(l) < depth { share } else { 0.0 };
            let at = l * grid.plane() + i;
            f.down[at] = share * WATER + (1.0 - share) * solid;
            f.across[at] = 1.0 / (share / WATER + (1.0 - share) / solid);
            f.loss[at] = if grid.depth_um(l) > 100.0 { 1.0 } else { 0.0 };
        }
    }
    f
}

/// Steps that grow from 5 s to 20 min, until 24 h, in h.
fn steps() -> Vec<f64> {
    let (mut steps, mut time, mut dt) = (Vec::new(), 0.0, 5.0 / 3600.0);
    while time < 24.0 - 1e-9 {
        steps.push(f64::min(dt, 24.0 - time));
        time += dt;
        dt = f64::min(1.1 * dt, 1.0 / 3.0);
    }
    steps
}

/// Time that processors spent on this program, s: what counts on a machine with other work. In hundredths.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    stat.rsplit(')').next().and_then(|s| s.split_whitespace().nth(11)).and_then(|s| s.parse().ok()).map_or(0.0, |t: f64| t / 100.0)
}

/// A day, with channels that close in the first hours; prints its costs.
fn day(n: usize, lateral: Lateral, threads: usize) -> Result<(), Box<dyn Error>> {
    let grid = grid(n);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
    let (limit, steps) = (bandwidth(1, 10)?, steps());
    let run = || {
        let gel = Bath { capacity: 100.0, film: Film::Uniform(f64::INFINITY) };
        let mut solver = Mosaic::new(&grid, lateral, &fabric(&grid, 35.0), gel, Bath::HELD)?;
        let mut state = MosaicState { potential: vec![0.0; grid.voxels()], top: 1.0, bottom: 0.0 };
        let (mut total, mut setup, mut absorbed) = (Effort::default(), 0.0, 0.0);
        let (mut wall, mut busy) = (0.0, 0.0);
        for (i, &dt) in steps.iter().enumerate() {
            if i % 10 == 9 {
                let fabric = fabric(&grid, f64::max(35.0 - 0.15 * i as f64, 10.0));
                let clock = Instant::now();
                solver.set_fabric(&fabric)?;
                setup += clock.elapsed().as_secs_f64();
            }
            let (clock, processor) = (Instant::now(), processor_seconds());
            let exchanged = solver.step(&mut state, dt)?;
            wall += clock.elapsed().as_secs_f64();
            busy += processor_seconds() - processor;
            absorbed += exchanged.lost + exchanged.into_bottom;
            let effort = solver.effort();
            total.solves += effort.solves;
            total.iterations += effort.iterations;
            total.most = total.most.max(effort.most);
        }
        let work = (total.iterations + total.solves) as f64 * grid.voxels() as f64;
        println!(
            "  {n:>3} x {n:<3} x {}, {lateral:?}, {threads} thread(s): {wall:6.2} s ({busy:.2} s of processors), {:.0} ms a step of {}, \
             {:.1} iterations a solve, at most {}; {:.2} ns by voxel and iteration, {:.1} GB/s of {:.1} at {BYTES} bytes; \
             new properties {:.1} ms; {:.1} % absorbed",
            grid.layers(),
            1e3 * wall / steps.len() as f64,
            steps.len(),
            total.iterations as f64 / total.solves as f64,
            total.most,
            1e9 * busy / work,
            1e-9 * BYTES * work / busy,
            limit,
            1e3 * setup / (steps.len() / 10) as f64,
            100.0 * absorbed / (100.0 * grid.side_um().powi(2)),
        );
        Ok(())
    };
    pool.install(run).map_err(|e: TissueError| e.into())
}

/// Prints the table.
///
/// # Errors
/// If a thread pool cannot be made or the solver refuses.
pub fn run() -> Result<(), Box<dyn Error>> {
    println!("a day on 1 mm² of skin with nine channels, from gel above to blood below");
    for (n, lateral, threads) in [
        (50, Lateral::Periodic, 1),
        (100, Lateral::Periodic, 1),
        (100, Lateral::Periodic, 2),
        (100, Lateral::NoFlux, 1),
        (101, Lateral::Periodic, 1),
    ] {
        day(n, lateral, threads)?;
    }
    Ok(())
}
