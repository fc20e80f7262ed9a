//! Percuta's side of `cargo xtask bench peers`: the problems, its answers and its times.
//!
//! Fields are files of raw doubles in `[layer][y][x]`; times go to standard output, one JSON object a line.

use std::error::Error;
use std::path::Path;

use percuta::tissue::{Boundary, Elliptic, Grid, Lateral, Medium, TissueError, Transport};
use serde_json::json;

use crate::absorption;
use crate::healing;
use crate::light;
use crate::tissue::{STEADY_BYTES, STEP_BYTES, bandwidth, grid, layered, shortest, sources};

/// Columns along each side and layers: a million voxels.
const N: usize = 100;
/// Relative residual asked of the steady solvers.
const RESIDUAL: f64 = 1e-6;
/// Simulated time, d. The slowest mode falls to about 0.4 of its start, the fastest laterally to a twentieth.
const TIME_D: f64 = 0.1;
/// Error allowed at the end, relative to the exact answer in the sum of squares.
const ERROR: f64 = 1e-3;
const REPEATS: usize = 7;
/// Numbers of steps that every code tries, in this order, until one is accurate enough.
const STEPS: [usize; 12] = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

type Fallible<T> = Result<T, Box<dyn Error>>;

/// Does as the arguments after `peers` say: `prepare DIR` writes the problems, `measure DIR` solves them.
///
/// # Errors
/// If files cannot be read or written, if a solver fails, or if no number of steps is accurate enough.
pub fn run(arguments: &[String]) -> Fallible<()> {
    match arguments {
        [task, folder] if task == "prepare" => prepare(Path::new(folder)),
        [task, folder] if task == "measure" => measure(Path::new(folder)),
        _ => Err("usage: percuta-benches peers prepare|measure DIR".into()),
    }
}

/// Uniform layers for codes that have no others.
fn uniform() -> Grid {
    Grid { n: N, spacing_um: 25.0, depth_edges_um: (0..=N).map(|l| 25.0 * l as f64).collect() }
}

/// Five strata of different diffusivity (µm²/d) and decay (1/d), as skin has, on [`uniform`] layers.
fn strata() -> (Vec<f64>, Vec<f64>) {
    (0..N).map(|l| 5 * l / N).map(|s| ([1e5, 4e5, 2e5, 3e5, 1.5e5][s], [5.0, 1.0, 3.0, 2.0, 4.0][s])).unzip()
}

fn prepare(folder: &Path) -> Fallible<()> {
    std::fs::create_dir_all(folder)?;
    let write = |name: &str, grid: &Grid, (diffusivity, decay): (Vec<f64>, Vec<f64>), allowed: f64| {
        let about = json!({
            "n": grid.n, "spacing": grid.spacing_um, "edges": grid.depth_edges_um, "diffusivity": diffusivity,
            "decay": decay, "allowed": allowed, "time": TIME_D, "steps": STEPS,
        });
        std::fs::write(folder.join(format!("{name}.json")), about.to_string())
    };
    let block = grid(N, N);
    write("steady", &block, layered(N), RESIDUAL)?;
    save(folder, "steady-source", &sources(block.voxels()))?;
    write("transport", &uniform(), strata(), ERROR)?;
    light::prepare(folder)?;
    healing::prepare(folder)?;
    absorption::prepare(folder)
}

fn save(folder: &Path, name: &str, values: &[f64]) -> Fallible<()> {
    let bytes: Vec<u8> = values.iter().flat_map(|v| v.to_ne_bytes()).collect();
    Ok(std::fs::write(folder.join(format!("{name}.f64")), bytes)?)
}

fn load(folder: &Path, name: &str, count: usize) -> Fallible<Vec<f64>> {
    let bytes = std::fs::read(folder.join(format!("{name}.f64")))?;
    let (values, rest) = bytes.as_chunks::<8>();
    if values.len() != count || !rest.is_empty() {
        return Err(format!("{name}.f64 does not hold {count} values").into());
    }
    Ok(values.iter().map(|v| f64::from_ne_bytes(*v)).collect())
}

fn measure(folder: &Path) -> Fallible<()> {
    for m in light::measure()? {
        row("light", &m.what, m.threads, m.seconds, (m.wavelengths, 1), Some(m.error));
    }
    for m in healing::measure(folder)? {
        row("healing", &m.what, 1, m.seconds, (1, 1), Some(m.error));
    }
    for m in absorption::measure(folder)? {
        row("absorption", m.what, 1, m.seconds, (m.steps, 1), Some(m.error));
    }
    for threads in [1, 2] {
        let limit = bandwidth(threads, 10)?;
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        pool.install(|| -> Result<(), String> {
            steady(folder, threads, limit).and_then(|()| transport(folder, threads, limit)).map_err(|e| e.to_string())
        })?;
    }
    Ok(())
}

/// The steady problem; keeps the answer for the others to compare theirs with.
fn steady(folder: &Path, threads: usize, limit: f64) -> Fallible<()> {
    let grid = grid(N, N);
    let (diffusivity, decay) = layered(N);
    let mut solver = Elliptic::new(&grid, Lateral::NoFlux, &diffusivity, &decay)?;
    let source = load(folder, "steady-source", grid.voxels())?;
    let mut field = source.clone();
    let seconds = shortest_after(REPEATS, &mut field, |field| field.copy_from_slice(&source), |field| solver.solve(field))?;
    save(folder, "steady-percuta", &field)?;
    row("steady", "Elliptic, solve (setup reused)", threads, seconds, (1, 1), None);
    let whole = shortest_after(
        REPEATS,
        &mut field,
        |field| field.copy_from_slice(&source),
        |field| Elliptic::new(&grid, Lateral::NoFlux, &diffusivity, &decay)?.solve(field),
    )?;
    row("steady", "Elliptic, setup and solve", threads, whole, (1, 1), None);
    kernel("steady field", threads, seconds, grid.voxels(), STEADY_BYTES, limit);
    Ok(())
}

/// The problem in time, with as few steps as are accurate enough, for one field and for ten.
fn transport(folder: &Path, threads: usize, limit: f64) -> Fallible<()> {
    let grid = uniform();
    let (diffusivity, decay) = strata();
    let medium = Medium { diffusivity, decay, partition: vec![1.0; N], top: Boundary::NoFlux, bottom: Boundary::NoFlux };
    let (initial, exact) = (load(folder, "transport-initial", grid.voxels())?, load(folder, "transport-exact", grid.voxels())?);
    for fields in [1, 10] {
        let mut solver = Transport::new(&grid, Lateral::NoFlux, vec![medium.clone(); fields])?;
        let mut values = vec![initial.clone(); fields];
        let restart = |values: &mut Vec<Vec<f64>>| values.iter_mut().for_each(|v| v.copy_from_slice(&initial));
        let mut advance =
            |values: &mut Vec<Vec<f64>>, steps: usize| (0..steps).try_for_each(|_| solver.step(values, &[], TIME_D / steps as f64));
        let mut found = None;
        for steps in STEPS {
            restart(&mut values);
            advance(&mut values, steps)?;
            let error = values.iter().map(|v| difference(v, &exact)).fold(0.0, f64::max);
            if error <= ERROR {
                found = Some((steps, error));
                break;
            }
        }
        let (steps, error) = found.ok_or("Percuta's steps are never accurate enough")?;
        let seconds = shortest_after(REPEATS, &mut values, restart, |values| advance(values, steps))?;
        row("transport", "Transport::step", threads, seconds, (steps, fields), Some(error));
        let label = format!("one step, {fields} field(s)");
        kernel(&label, threads, seconds / steps as f64, grid.voxels() * fields, STEP_BYTES, limit);
    }
    Ok(())
}

/// Shortest of several runs, s, each of which starts from what `restart` makes of the state.
fn shortest_after<S>(
    repeats: usize,
    state: &mut S,
    restart: impl Fn(&mut S),
    mut run: impl FnMut(&mut S) -> Result<(), TissueError>,
) -> Result<f64, TissueError> {
    let (mut best, mut result) = (f64::INFINITY, Ok(()));
    for _ in 0..repeats {
        restart(state);
        best = best.min(shortest(1, || result = run(std::hint::black_box(state))));
        std::mem::replace(&mut result, Ok(()))?;
    }
    Ok(best)
}

/// Relative difference in the sum of squares.
fn difference(a: &[f64], b: &[f64]) -> f64 {
    let square = |x: f64| x * x;
    (a.iter().zip(b).map(|(a, b)| square(a - b)).sum::<f64>() / b.iter().copied().map(square).sum::<f64>()).sqrt()
}

fn row(problem: &str, what: &str, threads: usize, seconds: f64, (steps, fields): (usize, usize), error: Option<f64>) {
    let row = json!({
        "problem": problem, "code": "Percuta", "what": what, "threads": threads, "seconds": seconds, "steps": steps,
        "fields": fields, "error": error,
    });
    println!("{row}");
}

/// What a kernel needs for each value beside what the memory allows; GB/s are bytes per ns.
fn kernel(what: &str, threads: usize, seconds: f64, values: usize, bytes: f64, limit: f64) {
    let ns = 1e9 * seconds / values as f64;
    let row = json!({
        "kernel": what, "threads": threads, "ns": ns, "bytes": bytes, "bandwidth": limit, "limit_ns": bytes / limit,
        "share": bytes / limit / ns,
    });
    println!("{row}");
}
