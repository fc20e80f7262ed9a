//! The patch against the reduced model, a single column, itself on finer grids and on more threads.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test may panic and shows what it found")]

use percuta::device::{self, Device, Motion, PunctureTable};
use percuta::healing::patch::{Patch, PatchExposure, PatchGrid};
use percuta::healing::{CLASSES, COURSE_TOLERANCE, Equations, Event, HealingParameters, LayerState, ReducedCourse, agenda, classify, heal};
use percuta::injury::{Track, injure};
use percuta::population::{Draw, ParameterSet, Purpose, stream};
use percuta::tissue::Grid;

/// Skin that needles meet, with parameters at their central values.
struct Skin {
    draw: Draw,
    equations: Equations,
    device: Device,
}

fn skin(changes: &[(&str, f64)]) -> Skin {
    let mut set = ParameterSet::embedded().unwrap();
    let device = Device::find("skinpen").unwrap();
    device.enter(&mut set).unwrap();
    let draw = changes.iter().fold(Draw::central(&set), |draw, (key, value)| draw.with(key, *value).unwrap());
    let equations = Equations::new(&HealingParameters::from_draw(&draw).unwrap());
    Skin { draw, equations, device }
}

/// A block of `side_um` with voxels of `spacing_um`, 75 µm of epidermis, 150 µm of papillary and 900 µm of reticular dermis.
fn block(side_um: f64, spacing_um: f64) -> PatchGrid {
    let mut depth_edges_um = vec![0.0, 15.0, 75.0];
    let papillary = (150.0 / spacing_um).round() as usize;
    let reticular = (900.0 / spacing_um).round() as usize / 2;
    depth_edges_um.extend((1..=papillary).map(|i| 75.0 + 150.0 * i as f64 / papillary as f64));
    depth_edges_um.extend((1..=reticular).map(|i| 225.0 + 900.0 * i as f64 / reticular as f64));
    let grid = Grid { n: (side_um / spacing_um).round() as usize, spacing_um, depth_edges_um };
    PatchGrid { grid, first_dermal_layer: 2, papillary_layers: papillary }
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Pattern {
    Random,
    Regular,
    Pen,
}

/// Punctures 0.8 mm deep without a slit, or those of a pen at 1.5 mm.
fn table(pattern: Pattern, density_per_cm2: f64, side_um: f64, session: u32, skin: &Skin) -> PunctureTable {
    if pattern == Pattern::Pen {
        let motion = Motion { passes: 4, directions_deg: vec![0.0, 90.0, 45.0, 135.0], glide_um_per_s: 40_000.0, overlap: 0.0 };
        return device::punctures(&skin.device, &motion, 1500.0, side_um, &skin.draw, &mut stream(7, 0, session, Purpose::Punctures))
            .unwrap();
    }
    let count = (density_per_cm2 * side_um * side_um * 1e-8).round().max(1.0) as usize;
    let mut state = 42u64 + u64::from(session);
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let per_side = (count as f64).sqrt().round();
    let mut table = PunctureTable { window_um: side_um, ..PunctureTable::default() };
    for i in 0..count {
        let (x, y) = match pattern {
            Pattern::Regular => ((i as f64 % per_side + 0.37) / per_side, ((i as f64 / per_side).floor() + 0.21) / per_side),
            _ => (random(), random()),
        };
        table.x_um.push((x * side_um).rem_euclid(side_um));
        table.y_um.push((y * side_um).rem_euclid(side_um));
        table.depth_um.push(800.0);
        table.entry_radius_um.push(100.0);
        table.drag_x_um.push(0.0);
        table.drag_y_um.push(0.0);
        table.pass.push(0);
        table.time_s.push(0.0);
    }
    table
}

/// Damage of each session; the stratum corneum is dead.
fn damage(at: &PatchGrid, tables: &[PunctureTable], skin: &Skin) -> Vec<Vec<f32>> {
    let track = Track::from_draw(&skin.draw).unwrap();
    tables
        .iter()
        .map(|table| {
            let mut damaged: Vec<f32> = injure(table, &track, &at.grid).damaged.iter().map(|d| *d as f32).collect();
            damaged[..at.grid.plane()].fill(0.0);
            damaged
        })
        .collect()
}

/// Runs sessions on a patch to `end` and returns the patch.
fn run(at: &PatchGrid, sessions: &[f64], damage: &[Vec<f32>], end: f64, skin: &Skin) -> Patch {
    let mut patch = Patch::at_rest(at.clone(), &skin.equations, 0.0).unwrap();
    for (when, event) in agenda(sessions, &[end], &[], skin.equations.parameters().alarm_delay) {
        patch.advance(when, |_| false).unwrap();
        match event {
            Event::Lysis(s) => patch.lyse(damage[s].clone()).unwrap(),
            Event::Alarm(_) => patch.raise_alarm().unwrap(),
            _ => {}
        }
    }
    patch
}

/// Average over the dermis, weighted by thickness.
fn dermis(at: &PatchGrid, layers: &[LayerState], of: impl Fn(&LayerState) -> f64) -> f64 {
    let thick = |i: usize| at.grid.thickness_um(at.first_dermal_layer + i);
    let depth: f64 = (0..layers.len()).map(thick).sum();
    layers.iter().enumerate().map(|(i, l)| thick(i) * of(l)).sum::<f64>() / depth
}

fn gain(patch: &Patch) -> f64 {
    100.0 * (dermis(patch.place(), &patch.layers(), LayerState::collagen) - 1.0)
}

/// The reduced model on the patch's own damage.
fn reduced(at: &PatchGrid, sessions: &[f64], damage: &[Vec<f32>], end: f64, skin: &Skin) -> f64 {
    let exposure = PatchExposure::new(at, damage.to_vec(), skin.equations.parameters()).unwrap();
    let exposures = classify(&exposure, at.first_dermal_layer, CLASSES);
    let course = ReducedCourse {
        dermis_edges_um: &at.grid.depth_edges_um[at.first_dermal_layer..],
        papillary_layers: at.papillary_layers,
        sessions,
        channel_um: &vec![50.0; sessions.len()],
        exposures: &exposures,
        days: &[end],
        tolerance: COURSE_TOLERANCE,
    };
    100.0 * (heal(&course, &skin.equations).unwrap().dermis(0, LayerState::collagen) - 1.0)
}

/// Collagen gains at day 180, %, of the patch and of the reduced model on the same damage.
fn both(pattern: Pattern, density: f64, sessions: &[f64], skin: &Skin) -> (f64, f64) {
    // Enough punctures for a mean, and a side of whole voxels.
    let side = ((5e4 / density.sqrt()).clamp(800.0, 3000.0) / 50.0).round() * 50.0;
    let at = block(side, 50.0);
    let tables: Vec<_> = (0..sessions.len()).map(|s| table(pattern, density, side, s as u32, skin)).collect();
    let damage = damage(&at, &tables, skin);
    let patch = gain(&run(&at, sessions, &damage, 180.0, skin));
    let reduced = reduced(&at, sessions, &damage, 180.0, skin);
    println!("{pattern:?}, {density}/cm², {} session(s): patch {patch:.3} %, reduced {reduced:.3} %", sessions.len());
    (patch, reduced)
}

#[test]
fn the_reduced_model_is_within_a_point_of_the_patch() {
    for core_radius in [0.7, 1.0, 1.5] {
        println!("core radius {core_radius}");
        let skin = skin(&[("injury.core_radius", core_radius)]);
        for density in [25.0, 100.0, 400.0, 1600.0, 6400.0] {
            for pattern in [Pattern::Random, Pattern::Regular] {
                let (patch, reduced) = both(pattern, density, &[0.0], &skin);
                assert!((patch - reduced).abs() < 0.1, "{pattern:?} {density}: {patch} against {reduced}");
            }
        }
        let (patch, reduced) = both(Pattern::Pen, 2970.0, &[0.0], &skin);
        assert!((patch - reduced).abs() < 0.1, "pen: {patch} against {reduced}");
    }
}

#[test]
fn so_it_is_over_four_sessions() {
    let skin = skin(&[]);
    let sessions = [0.0, 28.0, 56.0, 84.0];
    for (pattern, density) in [(Pattern::Random, 100.0), (Pattern::Random, 1600.0), (Pattern::Regular, 6400.0), (Pattern::Pen, 2970.0)] {
        let (patch, reduced) = both(pattern, density, &sessions, &skin);
        assert!((patch - reduced).abs() < 0.25, "{pattern:?} {density}: {patch} against {reduced}");
    }
}

#[test]
fn at_the_ends_of_the_priors_the_closure_is_a_small_part_of_the_gain() {
    // Far beyond the centre, where the switch to myofibroblasts is thrown and gains are tens of per cent.
    for (lysed, macrophages) in [(0.2, 1000.0), (0.045, 2500.0), (0.2, 2500.0)] {
        let skin = skin(&[("injury.lysed_fraction", lysed), ("healing.macrophages_at_peak", macrophages)]);
        println!("lysed {lysed}, {macrophages} macrophages per mm³");
        for (pattern, density, sessions) in [(Pattern::Pen, 2970.0, &[0.0, 28.0, 56.0, 84.0][..]), (Pattern::Random, 400.0, &[0.0])] {
            let (patch, reduced) = both(pattern, density, sessions, &skin);
            assert!((patch - reduced).abs() < 0.05 * patch.abs().max(10.0), "{pattern:?}: {patch} against {reduced}");
        }
    }
}

#[test]
fn a_single_column_is_any_column_of_an_even_block() {
    let skin = skin(&[]);
    let whole = block(400.0, 50.0);
    let column = PatchGrid { grid: Grid { n: 1, ..whole.grid.clone() }, ..whole.clone() };
    // Damage that falls with depth and is the same everywhere across.
    let even = |at: &PatchGrid| -> Vec<f32> {
        (0..at.grid.layers()).flat_map(|l| vec![0.06 * (-at.grid.depth_um(l) as f32 / 400.0).exp(); at.grid.plane()]).collect()
    };
    let sessions = [0.0, 20.0];
    let of = |at: &PatchGrid| run(at, &sessions, &[even(at), even(at)], 60.0, &skin);
    let (one, many) = (of(&column), of(&whole));
    for (a, b) in one.layers().iter().zip(many.layers()) {
        for (a, b) in [(a.collagen(), b.collagen()), (a.primed, b.primed), (a.tgf_beta, b.tgf_beta), (a.clot, b.clot)] {
            // Tiles of a column hold voxels of several depths and take other steps: equal to the tolerance of the steps.
            assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{a} and {b}");
        }
    }
    assert!((one.epidermis_factor() - many.epidermis_factor()).abs() < 1e-4);
    // Across the block nothing differs at all.
    let fields = many.fields(None);
    let plane = whole.grid.plane();
    for layer in fields.get("collagen_iii_new").unwrap().chunks(plane).skip(whole.first_dermal_layer) {
        assert!(layer.iter().all(|v| (v - layer[0]).abs() <= 1e-6 * layer[0]), "{layer:?}");
    }
    assert!(one.epidermis_factor() > 1.01 && gain(&one) > 0.1, "something happened: {}", gain(&one));
}

#[test]
fn states_stay_positive_and_the_ledger_closes() {
    let skin = skin(&[("injury.lysed_fraction", 0.2)]);
    let at = block(600.0, 50.0);
    let sessions = [0.0, 3.0, 28.0, 31.0];
    let tables: Vec<_> = (0..4).map(|s| table(Pattern::Pen, 0.0, 600.0, s, &skin)).collect();
    let damage = damage(&at, &tables, &skin);
    for end in [0.5, 5.0, 29.0, 180.0] {
        let patch = run(&at, &sessions, &damage, end, &skin);
        let least = patch.fields(None).values.iter().flatten().filter(|v| !v.is_nan()).fold(f32::INFINITY, |a, b| a.min(*b));
        assert!(least >= 0.0, "day {end}: {least}");
        assert!(patch.ledger_error() < 1e-9, "day {end}: {:e}", patch.ledger_error());
        assert!(patch.worst_extrapolation() < 20.0, "day {end}: {}", patch.worst_extrapolation());
    }
}

#[test]
fn stretches_are_short_enough() {
    // The field of the fibroblasts solved anew every 0.1 days, against stretches that are as long as the patch thinks fit.
    let skin = skin(&[]);
    let at = block(600.0, 50.0);
    let sessions = [0.0, 28.0];
    let tables: Vec<_> = (0..2).map(|s| table(Pattern::Pen, 0.0, 600.0, s, &skin)).collect();
    let damage = damage(&at, &tables, &skin);
    let long = gain(&run(&at, &sessions, &damage, 90.0, &skin));
    let mut often = Patch::at_rest(at.clone(), &skin.equations, 0.0).unwrap();
    for (when, event) in agenda(&sessions, &[90.0], &[], skin.equations.parameters().alarm_delay) {
        while often.now() < when {
            let next = (often.now() + 0.1).min(when);
            often.advance(next, |_| false).unwrap();
        }
        match event {
            Event::Lysis(s) => often.lyse(damage[s].clone()).unwrap(),
            Event::Alarm(_) => often.raise_alarm().unwrap(),
            _ => {}
        }
    }
    println!("long stretches {long:.4} %, stretches of 0.1 d {:.4} %", gain(&often));
    // The shorter stretches also cut the steps of the equations, whose own error is of this size.
    assert!((gain(&often) - long).abs() < 0.02, "{long} against {}", gain(&often));
}
