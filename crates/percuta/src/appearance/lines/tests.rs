use super::*;
use crate::appearance::test_history::{resting, with_gain};
use crate::population::{ParameterSet, draw_members};

const LAYERS: Layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 65.0, papillary_dermis_um: 250.0, dermis_um: 1000.0 };
const KINDS: [LineKind; 3] = [LineKind::Microrelief, LineKind::Fine, LineKind::Coarse];
const BOTH: [Explanation; 2] = [Explanation::Epidermal, Explanation::Papillary];

fn draw(changes: &[(&str, f64)]) -> Draw {
    let central = Draw::central(&ParameterSet::embedded().unwrap());
    changes.iter().fold(central, |draw, (name, value)| draw.with(name, *value).unwrap())
}

/// The central member under one explanation.
fn lines(explanation: Explanation, changes: &[(&str, f64)]) -> Lines {
    let changes: Vec<(&str, f64)> = [("lines.explanation", explanation.card())].iter().chain(changes).copied().collect();
    Lines::from_draw(&draw(&changes), &LAYERS, 52.0).unwrap()
}

/// Collagen up by a fifth down to 700 µm from the second day on.
fn treated() -> HealingHistory {
    with_gain(resting(&[0.0, 90.0], 1000.0), 0.2, 700.0)
}

/// A thicker epidermis over a dermis as it was.
fn thickened(by: f64) -> HealingHistory {
    let mut history = resting(&[0.0, 90.0], 1000.0);
    history.epidermis_factor[1] = by;
    history
}

/// Relative change of the mean fine line.
fn moved(lines: &Lines, history: &HealingHistory) -> f64 {
    let depth = lines.series(history).fine_line_depth;
    depth[1] / depth[0] - 1.0
}

#[test]
fn untreated_skin_keeps_its_lines_exactly() {
    let history = resting(&[0.0, 28.0, 3650.0], 1000.0);
    let mut seen = [0, 0];
    for draw in draw_members(&ParameterSet::embedded().unwrap(), 1, 32) {
        let lines = Lines::from_draw(&draw, &LAYERS, 52.0).unwrap();
        seen[usize::from(lines.explanation() == Explanation::Papillary)] += 1;
        let series = lines.series(&history);
        for day in 0..3 {
            assert_eq!(lines.at(&history, day), lines.baseline());
            assert_eq!(series.fine_line_depth[day], lines.baseline().fine.depth_um);
            assert_eq!(series.fine_lines_vanished[day], 0.0);
            for (kind, depth) in KINDS.iter().flat_map(|k| [1e-3, 7.7, 180.0, 5000.0].map(|d| (*k, d))) {
                assert_eq!(lines.on(&history, day).depth_after(kind, depth), depth);
            }
        }
    }
    assert_eq!(seen, [16, 16], "half of the members follow each explanation");
}

#[test]
fn the_baseline_fixes_film_and_compression() {
    for explanation in BOTH {
        let lines = lines(explanation, &[]);
        for kind in KINDS {
            let family = lines.baseline().of(kind);
            let wavelength = critical_wavelength_um(family.film_um, family.stiffness_ratio());
            assert!((wavelength / family.wavelength_um - 1.0).abs() < 1e-12);
            let amplitude = family.film_um * (family.pre_strain() / family.critical_strain() - 1.0).sqrt();
            assert!((2.0 * amplitude / family.depth_um - 1.0).abs() < 1e-9);
        }
    }
    // One layer of epidermis against a plate whose stiff corneum lies far from the neutral plane.
    assert!((lines(Explanation::Papillary, &[]).baseline().fine.film_um - 80.0).abs() < 1e-9);
    let even = lines(Explanation::Epidermal, &[("lines.corneum_modulus", 1.0)]).baseline();
    assert!((even.fine.film_um - 80.0).abs() < 1e-9 && (even.coarse.film_um - 80.0).abs() < 1e-9);
    assert!((lines(Explanation::Papillary, &[]).baseline().coarse.film_um - 230.0).abs() < 1e-9);
}

#[test]
fn the_papillary_explanation_is_moved_by_the_papillary_dermis() {
    let [epidermal, papillary] = BOTH.map(|e| moved(&lines(e, &[]), &treated()));
    assert_eq!(epidermal, 0.0, "the dermis is no trigger");
    assert!(papillary < -0.05, "{papillary}");
    // Matrix far below the wave does not matter to fine lines.
    let mut deep = resting(&[0.0, 90.0], 1000.0);
    for state in &mut deep.layers[1][15..] {
        state.collagen_i_new += 0.2;
    }
    let fine = lines(Explanation::Papillary, &[]);
    assert_eq!(moved(&fine, &deep), 0.0);
    // A coarse wave reaches a little of it, and counts it in its compression.
    let coarse = lines(Explanation::Papillary, &[("lines.relief_per_gain", 0.0)]).change(LineKind::Coarse, &deep, 1);
    assert!(coarse.foundation > 1.001 && coarse.foundation < 1.05, "{coarse:?}");
}

#[test]
fn the_epidermal_explanation_is_moved_by_the_epidermis() {
    // A stiff corneum makes thickening of the soft layer below it lower the modulus of the whole: the wave appears later.
    let stiff = [("lines.corneum_modulus", 20.0), ("lines.wavelength_freedom", 0.0)];
    let shift = |explanation| lines(explanation, &stiff).on(&thickened(1.2), 1).fine;
    assert!(shift(Explanation::Epidermal).vanished_below_um() > 15.0);
    // The modulus of the plate falls as its soft layer grows; one layer's does not.
    let modulus = |explanation, by| lines(explanation, &stiff).film(LineKind::Fine, by).modulus();
    assert!(modulus(Explanation::Epidermal, 1.2) < 0.95 * modulus(Explanation::Epidermal, 1.0));
    assert!((modulus(Explanation::Papillary, 1.2) / modulus(Explanation::Papillary, 1.0) - 1.0).abs() < 1e-12);
}

#[test]
fn elastic_fibres_carry_what_their_loss_takes_away() {
    // Kruglikov & Scherer 2018: stability falls fourfold with the last fibre; the critical strain goes as stiffness to the 2/3.
    assert!((elastic_share(4.0, 0.0) - 0.875).abs() < 1e-12);
    let stiffness_left: f64 = 1.0 - elastic_share(4.0, 0.0);
    assert!((stiffness_left.powf(2.0 / 3.0) - 0.25).abs() < 1e-12);
    assert_eq!(elastic_share(4.0, 1.0), 0.0);
    assert!(elastic_share(4.0, 0.5) < elastic_share(4.0, 0.2));
    // Cutting them deepens lines under one explanation only, and more where more are left to lose.
    let mut cut = resting(&[0.0, 90.0], 1000.0);
    cut.layers[1].iter_mut().for_each(|s| s.elastin = 0.9);
    let deepened = |explanation, loss| moved(&lines(explanation, &[("lines.elastic_loss", loss)]), &cut);
    assert_eq!(deepened(Explanation::Epidermal, 0.2), 0.0);
    assert!(deepened(Explanation::Papillary, 0.2) > deepened(Explanation::Papillary, 0.9));
    assert!(deepened(Explanation::Papillary, 0.9) > 0.0);
    // Aged skin has fewer of them, so that collagen counts for more.
    let fine = |loss| moved(&lines(Explanation::Papillary, &[("lines.elastic_loss", loss), ("lines.relief_per_gain", 0.0)]), &treated());
    assert!(fine(0.9) < fine(0.2) && fine(0.2) < 0.0);
}

#[test]
fn collagen_alone_moves_the_wavelength_by_two_to_six_per_cent() {
    // With elastic fibres gone, the stiffness of a dermis of fibres side by side is its collagen mass: a gain of 5 to 20 %.
    let with = [
        ("lines.elastic_loss", 1.0),
        ("lines.density_exponent", 1.0),
        ("lines.maturity_exponent", 0.0),
        ("lines.wavelength_freedom", 1.0),
        ("lines.ageing_onset", 40.0),
        ("lines.ageing_plateau", 50.0),
    ];
    for (gain, low, high) in [(0.05, 0.015, 0.02), (0.2, 0.05, 0.065)] {
        let history = with_gain(resting(&[0.0, 90.0], 1000.0), gain, 1080.0);
        let lines = lines(Explanation::Papillary, &with);
        let shortened = 1.0 - lines.at(&history, 1).fine.wavelength_um / lines.baseline().fine.wavelength_um;
        assert!((low..high).contains(&shortened), "{shortened}");
    }
}

#[test]
fn shallow_lines_vanish_and_deep_ones_move_by_a_few_per_cent() {
    let lines = lines(Explanation::Papillary, &[]);
    let day = lines.on(&treated(), 1);
    assert_eq!(day.depth_after(LineKind::Fine, 20.0), 0.0);
    let left = |depth: f64| day.depth_after(LineKind::Fine, depth) / depth;
    assert!(left(60.0) < left(150.0) && left(150.0) < left(500.0), "{} {} {}", left(60.0), left(150.0), left(500.0));
    // The wave number moves every line of a family alike; beyond it the deepest hardly change.
    assert!((0.9..1.0).contains(&(left(2000.0))), "{}", left(2000.0));
    assert!(left(500.0) / left(2000.0) > 0.98);
    let series = lines.series(&treated());
    assert!(series.fine_lines_vanished[1] > 1.0 && series.fine_lines_vanished[1] < 60.0, "{:?}", series.fine_lines_vanished);
}

#[test]
fn depth_after_is_monotone_for_every_member() {
    let mut history = treated();
    history.epidermis_factor[1] = 1.3;
    history.layers[1].iter_mut().for_each(|s| s.elastin = 0.8);
    for draw in draw_members(&ParameterSet::embedded().unwrap(), 4, 60) {
        let day = Lines::from_draw(&draw, &LAYERS, 60.0).unwrap().on(&history, 1);
        for kind in KINDS {
            let depths: Vec<f64> = (0..400).map(|i| day.depth_after(kind, f64::from(i) * 2.5)).collect();
            assert!(depths.is_sorted() && depths.iter().all(|d| d.is_finite() && *d >= 0.0));
        }
    }
}

#[test]
fn new_matrix_makes_every_family_shallower_under_the_papillary_explanation() {
    let series = lines(Explanation::Papillary, &[]).series(&treated());
    for depths in [&series.microrelief_depth, &series.fine_line_depth, &series.coarse_line_depth, &series.lemperle_grade] {
        assert!(depths[1] < depths[0] && depths[1] > 0.0, "{depths:?}");
    }
}

#[test]
fn lines_deepen_between_the_onset_and_the_plateau_only() {
    let at = |age| Lines::from_draw(&draw(&[]), &LAYERS, age).unwrap().baseline();
    assert_eq!(at(25.0), at(40.0));
    assert!(at(40.0).fine.depth_um < at(50.0).fine.depth_um);
    assert!(at(50.0).coarse.depth_um < at(60.0).coarse.depth_um);
    assert_eq!(at(60.0), at(80.0));
}

#[test]
fn the_grade_is_capped() {
    let lines = lines(Explanation::Papillary, &[]);
    assert_eq!(lines.lemperle_grade(0.0), 0.0);
    assert!((lines.lemperle_grade(400.0) - 2.0).abs() < 1e-12);
    assert_eq!(lines.lemperle_grade(5000.0), 5.0);
}

#[test]
fn every_member_of_treated_skin_has_finite_lines() {
    let mut history = with_gain(resting(&[0.0, 90.0], 1000.0), 0.5, 1080.0);
    history.epidermis_factor[1] = 1.5;
    for draw in draw_members(&ParameterSet::embedded().unwrap(), 2, 100) {
        let series = Lines::from_draw(&draw, &LAYERS, 70.0).unwrap().series(&history);
        for depths in [&series.microrelief_depth, &series.fine_line_depth, &series.coarse_line_depth, &series.lemperle_grade] {
            assert!(depths.iter().all(|d| d.is_finite() && *d >= 0.0), "{depths:?}");
        }
        assert!(series.fine_lines_vanished.iter().all(|v| (0.0..=100.0).contains(v)));
    }
}
