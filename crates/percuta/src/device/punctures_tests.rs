use super::*;
use crate::device::expected_density_per_cm2;
use crate::population::{ParameterSet, Purpose, stream};

fn setup(key: &str) -> (Device, Draw) {
    let device = Device::find(key).unwrap();
    let mut set = ParameterSet::embedded().unwrap();
    device.enter(&mut set).unwrap();
    (device, Draw::central(&set))
}

/// Everything that makes one puncture differ from the next switched off.
fn exact(draw: Draw) -> Draw {
    let draw = draw.with("device.depth_spread", 0.0).unwrap().with("device.setting_tolerance", 0.0).unwrap();
    draw.with("device.depth_efficiency", 1.0).unwrap()
}

fn motion(passes: u32) -> Motion {
    Motion { passes, directions_deg: vec![0.0, 90.0, 45.0, 135.0], glide_um_per_s: 20_000.0, overlap: 0.0 }
}

fn rng(seed: u64) -> ChaCha8Rng {
    stream(seed, 0, 0, Purpose::Punctures)
}

/// Mean density over several windows, with its standard error.
fn counted(device: &Device, motion: &Motion, draw: &Draw, window_um: f64, windows: u64) -> (f64, f64) {
    let counts: Vec<f64> = (0..windows)
        .map(|seed| punctures(device, motion, 500.0_f64.max(device.setting_max_um), window_um, draw, &mut rng(seed)).unwrap().len() as f64)
        .collect();
    let n = counts.len() as f64;
    let mean = counts.iter().sum::<f64>() / n;
    let var = counts.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let per_cm2 = 1e8 / (window_um * window_um);
    (mean * per_cm2, (var / n).sqrt() * per_cm2)
}

#[test]
fn counts_meet_the_closed_form_for_every_device() {
    for key in Device::keys() {
        let (device, draw) = setup(key);
        for (overlap, window_um) in [(0.0, 10_000.0), (0.3, 3000.0)] {
            let mut motion = motion(3);
            motion.overlap = overlap;
            motion.directions_deg = vec![0.0, 31.0, 90.0];
            let expected = expected_density_per_cm2(&device, &motion, &draw).unwrap();
            let (mean, error) = counted(&device, &motion, &draw, window_um, 60);
            let tolerance = 4.0 * error + 1e-9;
            assert!((mean - expected).abs() < tolerance, "{key}: {mean} +- {error} counted, {expected} expected");
            assert!(error < 0.06 * expected, "{key}: {error} of {expected} is too noisy to test anything");
        }
    }
}

#[test]
fn twice_the_glide_halves_a_pens_density_and_not_a_rollers() {
    let mut fast = motion(4);
    fast.glide_um_per_s *= 2.0;
    for (key, factor) in [("skinpen", 0.5), ("dermaroller-mf8", 1.0)] {
        let (device, draw) = setup(key);
        let slow = expected_density_per_cm2(&device, &motion(4), &draw).unwrap();
        let quick = expected_density_per_cm2(&device, &fast, &draw).unwrap();
        assert!((quick / slow - factor).abs() < 1e-12);
        let (a, _) = counted(&device, &motion(4), &draw, 10_000.0, 20);
        let (b, _) = counted(&device, &fast, &draw, 10_000.0, 20);
        assert!((b / a - factor).abs() < 0.05, "{key}: {a} and {b}");
    }
}

#[test]
fn fifteen_passes_of_a_roller_are_near_the_quoted_250() {
    let (device, draw) = setup("dermaroller-mf8");
    let density = expected_density_per_cm2(&device, &motion(15), &draw).unwrap();
    // By geometry 192 / (2 cm pi x 2 cm) a pass; 250 is the figure commonly quoted for 15 passes.
    assert!((density - 15.0 * 192.0 / (4.0 * std::f64::consts::PI)).abs() < 1e-6);
    assert!((density - 229.0).abs() < 0.5 && (density / 250.0 - 1.0).abs() < 0.1);
}

#[test]
fn a_pen_course_reaches_thousands_per_cm2() {
    let (device, draw) = setup("skinpen");
    let density = expected_density_per_cm2(&device, &motion(4), &draw).unwrap();
    assert!((2000.0..7000.0).contains(&density), "{density}");
}

#[test]
fn depths_follow_the_setting_and_stop_at_the_needle() {
    let (device, draw) = setup("skinpen");
    let sure = exact(draw.clone());
    let t = punctures(&device, &motion(2), 1500.0, 3000.0, &sure, &mut rng(1)).unwrap();
    assert!(t.len() > 50 && t.depth_um.iter().all(|d| (d - 1500.0).abs() < 1e-9));
    let needle = Needle::from_draw(&sure).unwrap();
    assert!(t.entry_radius_um.iter().all(|r| (r - needle.radius_um(1500.0)).abs() < 1e-12));
    // Below 0.5 mm a pen falls short: at half of it, half of the loss.
    let t = punctures(&device, &motion(2), 250.0, 3000.0, &sure, &mut rng(1)).unwrap();
    let loss = sure.get("motion.shallow_loss", "1").unwrap();
    assert!(t.depth_um.iter().all(|d| (d - 250.0 * (1.0 - 0.5 * loss)).abs() < 1e-9));
    let wild = draw.with("device.depth_spread", 0.8).unwrap().with("device.setting_tolerance", 200.0).unwrap();
    for setting in [0.0, 250.0, 2500.0] {
        let t = punctures(&device, &motion(2), setting, 3000.0, &wild, &mut rng(2)).unwrap();
        assert!(t.depth_um.iter().all(|d| *d > 0.0 && *d <= device.needle_length_um));
        assert_eq!(t.is_empty(), setting == 0.0);
    }
    // The Exceed's scale goes beyond its needles.
    let (device, draw) = setup("exceed");
    let t = punctures(&device, &motion(2), 1900.0, 3000.0, &exact(draw), &mut rng(3)).unwrap();
    assert!(t.depth_um.iter().all(|d| (d - 1500.0).abs() < 1e-9));
}

#[test]
fn the_session_shares_one_error_of_the_setting() {
    let (device, draw) = setup("skinpen");
    let draw = exact(draw).with("device.setting_tolerance", 150.0).unwrap();
    let mean = |seed| {
        let t = punctures(&device, &motion(1), 1000.0, 3000.0, &draw, &mut rng(seed)).unwrap();
        assert!(t.depth_um.iter().all(|d| (d - t.depth_um[0]).abs() < 1e-9));
        t.depth_um[0]
    };
    let depths: Vec<f64> = (0..20).map(mean).collect();
    assert!(depths.iter().all(|d| (d - 1000.0).abs() <= 150.0));
    assert!(depths.iter().any(|d| d - 1000.0 > 50.0) && depths.iter().any(|d| d - 1000.0 < -50.0));
}

#[test]
fn slits_lie_along_the_track_and_have_the_length_of_the_kinematics() {
    let (device, draw) = setup("skinpen");
    let draw = exact(draw).with("motion.drag_slip", 1.0).unwrap().with("device.stroke", 2500.0).unwrap();
    let along_y = Motion { directions_deg: vec![90.0], ..motion(1) };
    let t = punctures(&device, &along_y, 1500.0, 3000.0, &draw, &mut rng(1)).unwrap();
    assert!(t.drag_x_um.iter().all(|d| d.abs() < 1e-9));
    assert!(t.drag_y_um.iter().all(|d| (d.abs() - 97.0).abs() < 0.6), "97 um at 20 mm/s");
    let (device, draw) = setup("dermaroller-mf8");
    let draw = exact(draw).with("motion.drag_slip", 0.5).unwrap();
    let t = punctures(&device, &motion(15), 1500.0, 10_000.0, &draw, &mut rng(1)).unwrap();
    let slit = 0.5 * kinematics::roller_drag_um(1500.0, 10_000.0);
    assert!(t.drag_x_um.iter().zip(&t.drag_y_um).all(|(x, y)| (x.hypot(*y) - slit).abs() < 1e-9));
    let (device, draw) = setup("stamp");
    let t = punctures(&device, &motion(2), 600.0, 3000.0, &draw, &mut rng(1)).unwrap();
    assert!(!t.is_empty() && t.drag_x_um.iter().chain(&t.drag_y_um).all(|d| *d == 0.0));
}

#[test]
fn the_same_seed_gives_the_same_table_and_columns_agree() {
    for key in Device::keys() {
        let (device, draw) = setup(key);
        let run = |seed| punctures(&device, &motion(4), device.setting_max_um, 4000.0, &draw, &mut rng(seed)).unwrap();
        let t = run(5);
        assert_eq!(t, run(5), "{key}");
        assert_ne!(t, run(6), "{key}");
        for column in [&t.x_um, &t.y_um, &t.depth_um, &t.entry_radius_um, &t.drag_x_um, &t.drag_y_um, &t.time_s] {
            assert_eq!(column.len(), t.len());
            assert!(column.iter().all(|v| v.is_finite()));
        }
        assert!(t.x_um.iter().chain(&t.y_um).all(|v| (0.0..4000.0).contains(v)));
        assert!(t.pass.iter().all(|p| *p < 4) && t.pass.len() == t.len());
        assert!(t.time_s.iter().all(|s| *s >= 0.0));
    }
}

#[test]
fn a_motion_that_is_none_is_refused() {
    let (device, draw) = setup("skinpen");
    for bad in
        [Motion { glide_um_per_s: 0.0, ..motion(1) }, Motion { overlap: 1.0, ..motion(1) }, Motion { directions_deg: vec![], ..motion(1) }]
    {
        assert!(punctures(&device, &bad, 500.0, 1000.0, &draw, &mut rng(1)).is_err());
    }
    let still = draw.with("device.frequency", 0.0).unwrap();
    assert!(punctures(&device, &motion(1), 500.0, 1000.0, &still, &mut rng(1)).is_err());
}
