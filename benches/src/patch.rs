//! A whole course on the patch: time, memory, threads, size.

use std::error::Error;
use std::time::Instant;

use percuta::course::in_pool;
use percuta::device::{self, Device, Motion};
use percuta::healing::patch::{Patch, PatchGrid};
use percuta::healing::{Equations, Event, HealingParameters, agenda};
use percuta::injury::{Track, injure_threaded};
use percuta::population::{Draw, ParameterSet, Purpose, stream};
use percuta::tissue::Grid;

/// Four monthly sessions of a pen at 1.5 mm, 180 days, on blocks 2 mm deep with cubic voxels of 25 µm.
pub fn run() -> Result<(), Box<dyn Error>> {
    println!("\npatch: pen, 4 sessions, 180 d, 2 mm deep, cubic voxels of 25 µm");
    println!("  {:>10}  {:>7}  {:>8}  {:>13}  {:>15}", "voxels", "threads", "s", "ns per voxel", "bytes per voxel");
    for (n, threads) in [(36, 2), (100, 2), (200, 1), (200, 2), (350, 2)] {
        let clock = Instant::now();
        let bytes = in_pool(Some(threads), || course(n))?.map_err(|e| e.to_string())?;
        let (voxels, s) = ((n * n * 80) as f64, clock.elapsed().as_secs_f64());
        println!("  {voxels:>10}  {threads:>7}  {s:>8.2}  {:>13.0}  {bytes:>15.0}", 1e9 * s / voxels);
    }
    if let Some(peak) = peak_resident_bytes() {
        println!(
            "  peak of the whole process: {:.2} GB, {:.0} bytes per voxel of the largest block",
            peak / 1e9,
            peak / (350.0 * 350.0 * 80.0)
        );
    }
    Ok(())
}

fn course(n: usize) -> Result<f64, Box<dyn Error + Send + Sync>> {
    let mut set = ParameterSet::embedded()?;
    let device = Device::find("skinpen")?;
    device.enter(&mut set)?;
    let draw = Draw::central(&set);
    let equations = Equations::new(&HealingParameters::from_draw(&draw)?);
    let track = Track::from_draw(&draw)?;
    let motion = Motion { passes: 4, directions_deg: vec![0.0, 90.0, 45.0, 135.0], glide_um_per_s: 40_000.0, overlap: 0.0 };
    let grid = Grid { n, spacing_um: 25.0, depth_edges_um: (0..=80).map(|i| 25.0 * f64::from(i)).collect() };
    let at = PatchGrid { grid, first_dermal_layer: 3, papillary_layers: 7 };
    let mut patch = Patch::at_rest(at.clone(), &equations, 0.0)?;
    let mut bytes = 0.0f64;
    let records = [0.0, 7.0, 28.0, 90.0, 180.0];
    for (when, event) in agenda(&[0.0, 28.0, 56.0, 84.0], &records, &[], equations.parameters().alarm_delay) {
        patch.advance(when, |_| false)?;
        match event {
            Event::Lysis(s) => {
                patch.make_room();
                let mut rng = stream(1, 0, s as u32, Purpose::Punctures);
                let table = device::punctures(&device, &motion, 1500.0, at.grid.side_um(), &draw, &mut rng)?;
                let damaged = injure_threaded(&table, &track, &at.grid).damaged.iter().map(|d| *d as f32).collect();
                patch.lyse(damaged)?;
            }
            Event::Alarm(_) => patch.raise_alarm()?,
            Event::Record(_) | Event::Frame(_) => {
                std::hint::black_box(patch.layers());
            }
        }
        bytes = bytes.max(patch.bytes_per_voxel());
    }
    Ok(bytes)
}

/// The most memory that this process has held, where the system tells.
fn peak_resident_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kb| 1024.0 * kb)
}
