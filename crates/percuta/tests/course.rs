//! A course as a whole: baseline, determinism, kinematics, and what the needles' number and kind decide.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::path::Path;
use std::sync::atomic::AtomicBool;

use percuta::course::{Course, Outcome, RunOptions, file, run};
use percuta::population::interval;

const COURSE: &str = r#"
name = "test"
[person]
age = 54
tone = { fitzpatrick = "III" }
[treatment]
site = "zygoma"
device = "skinpen"
depth = "1.5 mm"
sessions = 4
interval = "30 d"
"#;

fn course(settings: &[&str]) -> Course {
    let settings: Vec<String> = settings.iter().map(|s| (*s).to_owned()).collect();
    match file::load(COURSE, "test.toml", Path::new("."), &settings) {
        Ok(loaded) => loaded.course,
        Err(errors) => panic!("{}", errors[0].message),
    }
}

fn outcome(course: &Course, seed: u64, members: u32, threads: usize) -> Outcome {
    run(course, &RunOptions { seed, members, threads: Some(threads) }, &|_, _| {}, &AtomicBool::new(false)).unwrap()
}

/// Median over the members of a read-out at the last visit, less its baseline.
fn change(outcome: &Outcome, key: &str) -> f64 {
    let series = outcome.readouts.iter().find(|r| r.readout.key == key).unwrap();
    interval(&series.members.iter().map(|m| m.last().unwrap() - m[0]).collect::<Vec<_>>()).median
}

#[test]
fn untreated_every_read_out_stays_at_baseline_for_ten_years() {
    let course = course(&[
        "treatment.sessions=0",
        r#"follow_up.visits=["0 d", "1 d", "1000 d", "3650 d"]"#,
        r#"product={ permeant = "caffeine", concentration = "10 mg/mL", dose = "10 uL/cm2" }"#,
        r#"lesion={ melanin_excess = "30 %" }"#,
        r#"scars=[{ class = "hypertrophic", width = "8 mm", height = "2 mm" }, { class = "icepick", width = "1 mm", depth = "0.4 mm" }]"#,
    ]);
    let o = outcome(&course, 3, 8, 2);
    assert_eq!(o.days.last(), Some(&3650.0));
    assert!(o.readouts.len() >= 20);
    for r in &o.readouts {
        for member in &r.members {
            for v in member {
                assert!((v - member[0]).abs() <= 1e-12 * member[0].abs().max(1.0), "{} drifts from {} to {v}", r.readout.key, member[0]);
            }
        }
    }
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads_but_on_the_seed() {
    let course = course(&[]);
    let bits = |o: &Outcome| -> Vec<u64> { o.readouts.iter().flat_map(|r| r.members.iter().flatten().map(|v| v.to_bits())).collect() };
    let one = outcome(&course, 5, 6, 1);
    let two = outcome(&course, 5, 6, 2);
    assert_eq!(bits(&one), bits(&two));
    assert_eq!(one.specimen.punctures, two.specimen.punctures);
    assert_ne!(bits(&one), bits(&outcome(&course, 6, 6, 2)));
}

#[test]
fn every_promised_read_out_is_there_and_finite() {
    let o = outcome(&course(&[]), 1, 4, 2);
    for key in [
        "collagen_mass",
        "collagen_iii_i_ratio",
        "collagen_maturity",
        "stained_collagen_area",
        "ultrasound_dermal_density",
        "suction_elasticity",
        "epidermal_thickness",
        "microrelief_depth",
        "fine_line_depth",
        "fine_lines_vanished",
        "coarse_line_depth",
        "scar_depth_icepick",
        "scar_depth_boxcar",
        "scar_depth_rolling",
        "hypertrophic_scar_height",
        "hypertrophic_scar_volume",
        "linear_scar_depth",
        "linear_scar_width",
        "scar_alignment",
        "goodman_baron_score",
        "goodman_baron_grade",
        "ecca_score",
        "vss_score",
        "posas_observer_score",
        "melanin_index",
        "erythema_index",
        "ita",
        "tewl",
        "product_enhancement_ratio",
        "pain",
        "pih_probability",
    ] {
        let r = o.readouts.iter().find(|r| r.readout.key == key).unwrap_or_else(|| panic!("{key} is missing"));
        assert!(r.members.iter().flatten().all(|v| v.is_finite()), "{key}");
        assert!(r.members.iter().all(|m| m.len() == o.days.len()));
    }
}

#[test]
fn density_comes_from_kinematics() {
    let density = |settings: &[&str]| outcome(&course(settings), 1, 32, 2).punctures.density_per_cm2.median;
    let (slow, fast) = (density(&[r#"treatment.glide="20 mm/s""#]), density(&[r#"treatment.glide="40 mm/s""#]));
    assert!((slow / fast - 2.0).abs() < 0.2, "halving the glide doubles the density: {slow} against {fast}");
    assert!((2000.0..4500.0).contains(&fast) && (4000.0..8000.0).contains(&slow), "{fast} and {slow}");
    let roller = density(&[r#"treatment.device="dermaroller-mf8""#, "treatment.passes=15"]);
    assert!((200.0..300.0).contains(&roller), "{roller}");
}

#[test]
fn deeper_denser_and_more_sessions_raise_collagen() {
    let gain = |settings: &[&str]| change(&outcome(&course(settings), 1, 24, 2), "collagen_mass");
    let depths = [r#"treatment.depth="0.5 mm""#, r#"treatment.depth="1.0 mm""#, r#"treatment.depth="1.5 mm""#].map(|d| gain(&[d]));
    let passes = ["treatment.passes=1", "treatment.passes=2", "treatment.passes=4"].map(|p| gain(&[p]));
    let sessions = ["treatment.sessions=1", "treatment.sessions=2", "treatment.sessions=4"].map(|s| gain(&[s]));
    println!("collagen gain at day 180, %: by depth {depths:?}, by passes {passes:?}, by sessions {sessions:?}");
    for dose in [depths, passes, sessions] {
        assert!(dose.windows(2).all(|d| d[0] < d[1]), "{dose:?}");
    }
}

#[test]
fn a_pen_and_a_roller_differ_by_what_the_injury_parameters_say() {
    // The same course with a pen (some 3000 punctures per cm²) and a roller (some 230). A roller's needle tears a
    // slit as it turns, and reaches less deep. What decides is the lysed share: at the upper end of its range the
    // roller comes closer to the pen at the central value, but even there not up to it.
    let pen = outcome(&course(&[]), 1, 32, 2);
    let roller = |lysed: &str| outcome(&course(&[r#"treatment.device="dermaroller-mf8""#, "treatment.passes=15", lysed]), 1, 32, 2);
    let (same, heavy) = (roller("parameters.injury.lysed_fraction=0.045"), roller("parameters.injury.lysed_fraction=0.2"));
    let [p, s, h] = [&pen, &same, &heavy].map(|o| change(o, "collagen_mass"));
    println!(
        "density {:.0} and {:.0} per cm2; collagen gain {p:.1} % pen, {s:.1} % roller, {h:.1} % roller that lyses 0.2 of its tracks",
        pen.punctures.density_per_cm2.median, same.punctures.density_per_cm2.median
    );
    assert!(pen.punctures.density_per_cm2.median > 8.0 * same.punctures.density_per_cm2.median);
    assert!(p > s + 1.0, "with the same lysed share the pen does more");
    assert!(h > s + 0.2 && h < p, "the lysed share lifts the roller, not up to the pen");
}

#[test]
fn single_scars_begin_as_they_are_given_and_move_towards_normal() {
    let scars = r#"scars=[
        { class = "icepick", width = "1.2 mm", depth = "0.35 mm" },
        { class = "boxcar", width = "2.8 mm", depth = "0.35 mm" },
        { class = "rolling", width = "5 mm", depth = "0.35 mm" },
        { class = "boxcar", width = "5 mm", depth = "0.35 mm" },
        { class = "hypertrophic", width = "8 mm", height = "2 mm" },
        { class = "linear", width = "3 mm", height = "0.35 mm", length = "40 mm" },
    ]"#;
    let o = outcome(&course(&[&scars.replace('\n', " ").replace(", ]", "]")]), 1, 32, 2);
    let given = [-350.0, -350.0, -350.0, -350.0, 2000.0, 350.0];
    let mut left = Vec::new();
    for (s, given) in o.scars.iter().zip(given) {
        let before = s.baseline.relief_um;
        assert!((before.median - given).abs() < 1e-9 && before.low == before.high, "{before:?}");
        assert_eq!(s.visits.len(), o.course.visits.len());
        left.push(s.visits.last().unwrap().1.relief_um.median / given);
    }
    println!("left of each scar at day 180: {left:.3?}");
    assert!(left.iter().all(|l| (0.0..=1.0).contains(l)));
    assert!(left[0] > left[1] && left[1] > left[2], "ice-pick least, rolling most: {left:?}");
    assert!((left[2] - left[3]).abs() < 1e-12, "a boxcar scar as wide as a rolling one responds as that does");
    assert!(left[4] < 0.99 && left[5] < left[4], "a thinner raised scar lies more within the needles' reach: {left:?}");
}

#[test]
fn grades_fall_by_expectation_alone_where_nothing_is_done() {
    let untreated = outcome(&course(&["treatment.sessions=0"]), 1, 32, 2);
    assert_eq!(untreated.grades.len(), 6);
    for g in &untreated.grades {
        let last = g.visits.last().unwrap();
        assert!(last.tissue.low.abs() < 1e-9 && last.tissue.high.abs() < 1e-9, "{}", g.readout.key);
        assert!(last.expectation.median < 0.0 && last.rated.median < 0.0, "{}: {last:?}", g.readout.key);
    }
    // Needling adds its own part to the same expectation of a smaller grade.
    let treated = outcome(&course(&[]), 1, 32, 2);
    for (t, u) in treated.grades.iter().zip(&untreated.grades).filter(|(t, _)| t.readout.key != "lemperle_grade") {
        let (t, u) = (t.visits.last().unwrap(), u.visits.last().unwrap());
        assert!(t.tissue.median < 0.0 && t.expectation.median >= u.expectation.median, "{t:?} {u:?}");
    }
}

#[test]
fn the_explanations_of_lines_disagree_on_what_moves_them() {
    let lines = |explanation: &str| outcome(&course(&[&format!("lines.explanation={explanation}")]), 1, 64, 2);
    let [epidermal, papillary, both] = ["epidermal", "papillary", "both"].map(lines);
    let spread = |o: &Outcome| {
        let s = o.readouts.iter().find(|r| r.readout.key == "fine_line_depth").unwrap();
        let i = interval(&s.members.iter().map(|m| m.last().unwrap() - m[0]).collect::<Vec<_>>());
        i.high - i.low
    };
    println!("spread of the change of fine lines, um: {:.0} {:.0} {:.0}", spread(&epidermal), spread(&papillary), spread(&both));
    assert!(spread(&epidermal) < 0.5 * spread(&papillary), "the dermis carries most of what is not known");
    assert!(spread(&epidermal) < spread(&both));
    // Neither touches anything but lines.
    let same = |key: &str| change(&epidermal, key).to_bits() == change(&papillary, key).to_bits();
    assert!(same("collagen_mass") && same("scar_depth_rolling") && !same("coarse_line_depth"));
}

#[test]
fn published_studies_are_laid_beside_the_prediction() {
    let study = |id: &str| outcome(&course(&[&format!("study={id:?}")]), 1, 16, 2);
    let o = study("kenkel-2021-skinpen");
    assert!(o.comparison.iter().any(|c| c.readout == "ultrasound_dermal_density" && (c.published - 101.86).abs() < 1e-9));
    assert!(o.comparison.iter().all(|c| c.predicted.low <= c.predicted.median && c.predicted.median <= c.predicted.high));
    let o = study("alam-2014-roller");
    assert!(o.comparison.iter().any(|c| c.group.as_deref() == Some("untreated")), "the untreated side is shown too");
}

#[test]
fn the_square_of_skin_may_have_any_side_that_the_file_takes() {
    for (side, pattern) in [("4 mm", "upper-lip"), ("40 mm", "neck")] {
        let course = course(&[&format!("surface.side=\"{side}\""), &format!("surface.pattern=\"{pattern}\""), "treatment.sessions=1"]);
        let o = outcome(&course, 1, 2, 2);
        assert!(o.surface.parameters.iter().any(|p| p.symbol == "Sa" && p.before.median > 0.0), "{side}");
        assert!((o.surface.side_um / course.surface.side_um - 1.0).abs() < 1e-9);
        let square = &o.specimen.square.surface;
        assert!(4.0 * square.pixel_um() <= o.specimen.lines.microrelief.wavelength_um);
    }
}

#[test]
fn a_measured_surface_is_what_the_course_starts_from() {
    use percuta::appearance::relief::{Filtration, HeightMap, areal};
    let folder = std::env::temp_dir().join(format!("percuta-measured-surface-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let line = |u: f64, period: f64| 1.0 / (3.0 * (std::f64::consts::PI * u / period).sin()).cosh();
    let height = |x: f64, y: f64| -60.0 * line(x + 0.3 * y, 310.0) - 110.0 * line(y - 0.4 * x, 1010.0) + 20.0 * (x / 900.0).sin();
    let run_of = |n: usize, pixel_um: f64| {
        let map = HeightMap::from_function(n, n, pixel_um, height).unwrap();
        let rows = map.height_um.chunks(n).map(|r| r.iter().map(|z| format!("{z:.4}")).collect::<Vec<_>>().join(",") + "\n");
        std::fs::write(folder.join("map.csv"), rows.collect::<String>()).unwrap();
        let pixel = format!("surface.pixel={pixel_um} um");
        // All members follow the explanation by which every line becomes shallower.
        let settings = ["surface.map=map.csv", &pixel, "surface.height=1 um", "lines.explanation=papillary"].map(str::to_owned);
        let course = file::load(COURSE, "test.toml", &folder, &settings).unwrap().course;
        (map, outcome(&course, 1, 4, 2))
    };
    let sa = |o: &Outcome| o.surface.parameters.iter().find(|p| p.symbol == "Sa").unwrap().clone();

    let (map, o) = run_of(200, 40.0);
    let own = areal(&map, &Filtration::usual(&map)).unwrap().parameters.sa_um;
    let found = sa(&o);
    assert!((found.before.low / own - 1.0).abs() < 1e-4 && (found.before.high / own - 1.0).abs() < 1e-4, "{found:?} {own}");
    assert!(found.change.median < -0.1 && found.change.median > -60.0, "{found:?}");
    assert!(o.specimen.square.measured && o.specimen.square.surface.pores().is_empty());

    // The same skin on fine pixels is brought to coarser ones, with the same result but for what pixels blur.
    let (_, fine) = run_of(1000, 8.0);
    assert_eq!((fine.surface.pixel_um, fine.specimen.square.surface.pixel_um()), (16.0, 8.0));
    assert!(
        (sa(&fine).before.median / own - 1.0).abs() < 0.1 && (sa(&fine).change.median - found.change.median).abs() < 2.0,
        "{:?}",
        sa(&fine)
    );
    // The coarsest map that is one.
    let (_, coarse) = run_of(40, 100.0);
    assert!(sa(&coarse).before.median > 0.0);
}
