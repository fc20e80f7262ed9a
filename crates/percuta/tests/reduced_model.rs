//! The reduced model: classes against the resolved field, identities, and how the states answer to dose.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use percuta::healing::{
    CLASSES, COURSE_TOLERANCE, Equations, HealingHistory, HealingParameters, LayerState, Overlaid, Overlay, ReducedCourse, SourceField,
    classify, heal,
};
use percuta::population::{Draw, ParameterSet};
use percuta::tissue::Grid;

fn parameters() -> HealingParameters {
    HealingParameters::from_draw(&Draw::central(&ParameterSet::embedded().unwrap())).unwrap()
}

fn grid(density_per_cm2: f64) -> Grid {
    let spacing_um = (1e4 / density_per_cm2.sqrt() / 6.0).clamp(20.0, 80.0);
    Grid { n: 64, spacing_um, depth_edges_um: vec![80.0, 160.0, 280.0, 420.0, 600.0, 850.0, 1200.0] }
}

/// Discs of 50 µm radius and 0.3 lysed fraction, 600 µm deep, at random.
fn field(density_per_cm2: f64, p: &HealingParameters) -> SourceField {
    let grid = grid(density_per_cm2);
    let side = grid.side_um();
    let count = (density_per_cm2 * side * side * 1e-8).round().max(1.0) as usize;
    let mut state = 42u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let window = |grid: &Grid, random: &mut dyn FnMut() -> f64| {
        let mut whole = vec![1.0; grid.voxels()];
        let (n, h) = (grid.n, grid.spacing_um);
        for _ in 0..count {
            let (cx, cy) = (random() * side, random() * side);
            for y in 0..n {
                for x in 0..n {
                    let away = |i: usize, c: f64| ((i as f64 + 0.5) * h - c + 1.5 * side).rem_euclid(side) - 0.5 * side;
                    let (dx, dy) = (away(x, cx), away(y, cy));
                    // A soft rim of one voxel keeps the disc's area to a few per cent.
                    let cover = ((50.0 - (dx * dx + dy * dy).sqrt()) / h + 0.5).clamp(0.0, 1.0);
                    for layer in 0..4 {
                        whole[layer * grid.plane() + y * n + x] *= 1.0 - 0.3 * cover;
                    }
                }
            }
        }
        whole.iter().map(|w| 1.0 - w).collect::<Vec<f64>>()
    };
    let damaged = [window(&grid, &mut random), window(&grid, &mut random)];
    SourceField::new(grid, damaged, p).unwrap()
}

fn overlays(sessions: usize) -> Vec<Overlay> {
    (0..sessions).map(|s| Overlay { swapped: s % 2 == 1, shift_x: 23 * s % 64, shift_y: 41 * s % 64 }).collect()
}

fn run(field: &SourceField, sessions: &[f64], classes: usize, days: &[f64], p: &HealingParameters) -> HealingHistory {
    let exposures = classify(&Overlaid { field, overlays: &overlays(sessions.len()) }, 0, classes);
    let course = ReducedCourse {
        dermis_edges_um: &field.grid.depth_edges_um,
        papillary_layers: 1,
        sessions,
        channel_um: &vec![50.0; sessions.len()],
        exposures: &exposures,
        days,
        tolerance: COURSE_TOLERANCE,
    };
    heal(&course, &Equations::new(p)).unwrap()
}

fn gain(history: &HealingHistory) -> f64 {
    100.0 * (history.dermis(history.days.len() - 1, LayerState::collagen) - 1.0)
}

#[test]
fn mean_signal_of_the_classes_is_the_mean_damage() {
    let p = parameters();
    for density in [25.0, 400.0, 10_000.0] {
        let f = field(density, &p);
        let exposures = classify(&Overlaid { field: &f, overlays: &overlays(3) }, 0, CLASSES);
        let depth = 1120.0;
        for s in 0..3 {
            let (mut signal, mut damage) = (0.0, 0.0);
            for (l, e) in exposures.iter().enumerate() {
                let w = f.grid.thickness_um(l) / depth / CLASSES as f64;
                signal += w * e.classes[s].iter().map(|c| c.signal).sum::<f64>();
                damage += w * e.classes[s].iter().map(|c| c.lysed).sum::<f64>();
            }
            assert!((signal - damage).abs() < 1e-9 * damage, "{density}/cm², session {s}: {signal} against {damage}");
        }
    }
}

#[test]
fn eight_classes_stand_for_the_resolved_field() {
    let p = parameters();
    for (sessions, bound) in [(vec![0.0], 0.05), (vec![0.0, 28.0, 56.0, 84.0], 0.1)] {
        for density in [25.0, 100.0, 400.0, 1600.0, 6400.0, 10_000.0] {
            let f = field(density, &p);
            let days = [180.0];
            let (coarse, fine) = (gain(&run(&f, &sessions, CLASSES, &days, &p)), gain(&run(&f, &sessions, 512, &days, &p)));
            println!("{} session(s), {density}/cm²: 8 classes {coarse:.2} %, 512 classes {fine:.2} %", sessions.len());
            assert!((coarse - fine).abs() < bound, "{density}/cm²: {coarse} against {fine}");
        }
    }
}

#[test]
fn untreated_skin_stays_at_rest_for_ten_years() {
    let p = parameters();
    let f = field(100.0, &p);
    let days: Vec<f64> = (0..=40).map(|i| f64::from(i) * 91.3).collect();
    let history = run(&f, &[], 1, &days, &p);
    for (i, _) in days.iter().enumerate() {
        assert!((history.dermis(i, LayerState::collagen) - 1.0).abs() < 1e-12);
        assert_eq!(history.epidermis_factor[i], 1.0);
    }
}

#[test]
fn denser_and_more_sessions_raise_collagen() {
    let p = parameters();
    let days = [180.0];
    let by_density: Vec<f64> =
        [100.0, 400.0, 1600.0, 6400.0].iter().map(|&d| gain(&run(&field(d, &p), &[0.0], CLASSES, &days, &p))).collect();
    assert!(by_density.windows(2).all(|w| w[0] < w[1]), "{by_density:?}");
    let f = field(1600.0, &p);
    let by_sessions: Vec<f64> =
        [1, 2, 4].iter().map(|&n| gain(&run(&f, &(0..n).map(|i| 28.0 * f64::from(i)).collect::<Vec<_>>(), CLASSES, &days, &p))).collect();
    assert!(by_sessions.windows(2).all(|w| w[0] < w[1]), "{by_sessions:?}");
}

#[test]
fn a_second_session_at_day_3_differs_from_one_at_day_28_for_a_visible_reason() {
    // At day 3 the macrophages of the first session are at their peak, so the second alarm rides on the first
    // and the joint TGF-β reaches the switch to myofibroblasts; at day 28 it starts from calm but primed tissue.
    let p = parameters();
    let f = field(3000.0, &p);
    let days: Vec<f64> = (0..=360).map(|i| f64::from(i) * 0.5).collect();
    let early = run(&f, &[0.0, 3.0], CLASSES, &days, &p);
    let late = run(&f, &[0.0, 28.0], CLASSES, &days, &p);
    let peak = |h: &HealingHistory, state: fn(&LayerState) -> f64| (0..days.len()).map(|i| h.dermis(i, state)).fold(0.0, f64::max);
    let at = |h: &HealingHistory, day: f64, state: fn(&LayerState) -> f64| h.dermis((day * 2.0) as usize, state);
    println!(
        "TGF-β peak {:.3} against {:.3} ng/mL; myofibroblast peak {:.4} against {:.4}; primed before the second {:.2} against {:.2}; gain {:.2} against {:.2} %",
        peak(&early, |s| s.tgf_beta),
        peak(&late, |s| s.tgf_beta),
        peak(&early, |s| s.myofibroblasts),
        peak(&late, |s| s.myofibroblasts),
        at(&early, 2.5, |s| s.primed),
        at(&late, 27.5, |s| s.primed),
        gain(&early),
        gain(&late)
    );
    assert!(peak(&early, |s| s.tgf_beta) > 1.2 * peak(&late, |s| s.tgf_beta));
    assert!(at(&early, 2.5, |s| s.macrophages) > 5.0 * at(&late, 27.5, |s| s.macrophages));
    assert!(at(&late, 27.5, |s| s.primed) > at(&early, 2.5, |s| s.primed));
    assert!((gain(&early) - gain(&late)).abs() > 0.05);
}
