//! The needled arm (the intact one without a treatment) at central parameters on a block of skin in three dimensions.

use std::sync::atomic::{AtomicBool, Ordering};

use rand::RngExt as _;

use super::member::MemberSkin;
use super::run::{CENTRAL, times};
use super::{BlockCurve, BlockSection, BlockSettings, PermeationStudy, Preparation, RunError, Treatment};
use crate::absorption::{Block, BlockError, Channels, Curve, Placement};
use crate::course::in_pool;
use crate::population::{Draw, Purpose, stream};

/// Voxels beyond which a block would take more memory than most machines have.
const MOST_VOXELS: f64 = 3e7;
/// Layers of a block, about.
const LAYERS: f64 = 50.0;
/// Sections over a study.
const SECTIONS: usize = 3;
/// Depth of living dermis that a block holds, µm: below, blood has taken nearly everything.
const MOST_DERMIS_UM: f64 = 1500.0;

/// Runs the study's first arm on a block beside the column of the same skin. `progress(done, total)` counts hundredths of the study.
///
/// # Errors
/// See [`RunError`]. Setting `cancel` stops after the step under way.
pub fn run_block(
    study: &PermeationStudy,
    settings: &BlockSettings,
    seed: u64,
    threads: Option<usize>,
    progress: &(dyn Fn(usize, usize) + Sync),
    cancel: &AtomicBool,
) -> Result<BlockCurve, RunError> {
    let clock = std::time::Instant::now();
    let draw = Draw::central(&study.parameters);
    let mut skin = MemberSkin::new(study, &draw, &mut stream(seed, CENTRAL, 0, Purpose::Punctures))?;
    if let (Preparation::InVivo, Some(dermis)) = (study.sample.preparation, &mut skin.barrier.dermis) {
        dermis.thickness_cm = dermis.thickness_cm.min(MOST_DERMIS_UM * 1e-4);
    }
    let placement = placement(study, &skin, settings, seed);
    let channels = Channels {
        density_per_cm2: placement.density_per_cm2(),
        ..skin.channels.unwrap_or(Channels { density_per_cm2: 0.0, radius_um: 0.0, depth_um: 0.0 })
    };
    let open = !placement.centres_um.is_empty();
    let failed = |reason: String| RunError::Patch { day: 0.0, reason };
    let columns = (placement.side_um / settings.resolution_um).powi(2);
    if columns * LAYERS > MOST_VOXELS {
        return Err(failed(format!(
            "a block of {:.1} mm at {} µm has more than {MOST_VOXELS:.0e} voxels (there are {:.1} open channels per cm², and a block holds at least one); choose a coarser `block.resolution` or a smaller `block.side`",
            1e-3 * placement.side_um,
            settings.resolution_um,
            channels.density_per_cm2,
        )));
    }
    let mut block = Block::new(&skin.barrier, &channels, &placement, settings.resolution_um).map_err(|e| failed(e.to_string()))?;
    // The column has the block's own channels, which a small block may hold a few more or less of than the skin does.
    skin.channels = open.then_some(Channels {
        density_per_cm2: block.open_area() / (std::f64::consts::PI * (channels.radius_um * 1e-4).powi(2)),
        ..channels
    });
    let uptake = skin.uptake(&draw)?;
    let times_h = times(study);
    let column = uptake.absorb(&study.vehicle, &study.dosing, &times_h).map_err(|e| failed(e.to_string()))?;
    let last = times_h.len() - 1;
    let sections_h: Vec<f64> = (1..=SECTIONS).map(|i| times_h[last * i * i / (SECTIONS * SECTIONS)]).collect();
    let y_um = placement.centres_um.first().map_or(0.5 * placement.side_um, |c| c[1]);
    let on = |time_h: f64| {
        progress((100.0 * time_h / study.duration_h) as usize, 100);
        !cancel.load(Ordering::Relaxed)
    };
    let regimen = uptake.regimen_after(&study.vehicle, &study.dosing);
    let march = in_pool(threads, || block.march(&regimen, &times_h, (&sections_h, y_um), &on))?.map_err(|e| match e {
        BlockError::Cancelled { .. } => RunError::Cancelled { done: 0, total: 1 },
        BlockError::Numerics { time_h, reason } => RunError::Patch { day: time_h / 24.0, reason: reason.to_string() },
    })?;
    let absorbed = |curve: &Curve| curve.amounts.iter().map(|a| a.absorbed).collect();
    let most = march.curve.applied[last].max(f64::MIN_POSITIVE);
    let gap = |(a, dose): (&crate::absorption::Amounts, &f64)| (a.total() - dose).abs() / most;
    Ok(BlockCurve {
        side_um: placement.side_um,
        resolution_um: block.spacing_um(),
        voxels: block.voxels(),
        channels: placement.centres_um.len(),
        cumulative_ug_per_cm2: absorbed(&march.curve),
        column_cumulative_ug_per_cm2: absorbed(&column),
        sections: march
            .sections
            .into_iter()
            .map(|s| BlockSection {
                time_h: s.time_h,
                x_um: block.x_um(),
                depth_edges_um: block.depth_edges_um().to_vec(),
                concentration_ug_per_cm3: s.concentration,
            })
            .collect(),
        balance_gap: march.curve.amounts.iter().zip(&march.curve.applied).map(gap).fold(0.0, f64::max),
        seconds: clock.elapsed().as_secs_f64(),
        times_h,
    })
}

/// Where the channels are: those of an array in rows, those of a device at random as their punctures fall.
fn placement(study: &PermeationStudy, skin: &MemberSkin, settings: &BlockSettings, seed: u64) -> Placement {
    let density = skin.channels.map_or(0.0, |c| c.density_per_cm2);
    if let (Some(Treatment::Array { .. }), true) = (&study.treatment, density > 0.0) {
        let pitch_um = 1e4 / density.sqrt();
        return Placement::array(density, (settings.side_um / pitch_um).round().max(1.0) as usize);
    }
    let side_um = settings.side_um;
    let count = (density * (side_um * 1e-4).powi(2)).round().max(if density > 0.0 { 1.0 } else { 0.0 }) as usize;
    let mut rng = stream(seed, CENTRAL, 1, Purpose::Punctures);
    let centres_um = (0..count).map(|_| [side_um * rng.random::<f64>(), side_um * rng.random::<f64>()]).collect();
    Placement { side_um, centres_um }
}
