//! Single layers of published, exact and independently computed light.

use super::super::{Face, Indices, Slab, Transfer};
use super::in_cosine;

/// A row of the file.
struct Row {
    method: &'static str,
    slab: Slab,
    indices: Indices,
    expected: [f64; 4],
    accuracy: [f64; 4],
}

fn rows() -> Vec<Row> {
    let lines = include_str!("reference.csv").lines().filter(|l| !l.starts_with('#')).skip(1);
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |i: usize| cells[i].parse::<f64>().unwrap();
        let (albedo, thickness) = (number(1), number(2));
        let plate = (!cells[5].is_empty()).then(|| number(5));
        let face = Face { outside: 1.0, plate };
        let accuracy: Vec<f64> = cells[10].split(' ').map(|a| a.parse().unwrap()).collect();
        Row {
            method: cells[0],
            slab: Slab {
                thickness_um: 1000.0 * thickness,
                absorption_per_mm: 1.0 - albedo,
                scattering_per_mm: albedo,
                anisotropy: number(3),
            },
            indices: Indices { stack: number(4), above: face, below: face },
            expected: std::array::from_fn(|i| number(6 + i)),
            accuracy: accuracy.try_into().unwrap(),
        }
    };
    lines.map(row).collect()
}

/// The largest difference from rows of a method, in units of what `allowed` makes of their accuracy.
fn worst(method: &str, transfer: impl Fn(&Indices) -> Transfer, allowed: impl Fn(f64) -> f64) -> f64 {
    let mut worst = 0f64;
    for row in rows().iter().filter(|r| r.method == method) {
        let flux = transfer(&row.indices).flux(&[row.slab]).unwrap();
        let found = [flux.normal_reflectance, flux.normal_transmittance, flux.diffuse_reflectance, flux.diffuse_transmittance];
        for ((found, expected), accuracy) in found.iter().zip(row.expected).zip(row.accuracy) {
            worst = worst.max((found - expected).abs() / allowed(accuracy));
        }
    }
    worst
}

fn with(angles: usize) -> impl Fn(&Indices) -> Transfer {
    move |indices| Transfer::new(angles, *indices).unwrap()
}

/// Half a unit of the file's last digit.
const DIGIT: f64 = 5e-7;

#[test]
fn isotropic_half_spaces_are_those_of_the_h_function() {
    let worst = worst("exact", with(16), |_| 1.0);
    assert!(worst < 3e-8, "{worst:e}");
}

#[test]
fn another_code_is_reproduced_with_its_own_angles() {
    let within = worst("iadpython", in_cosine(16), |change| change + DIGIT);
    assert!(within < 1.0, "{within}");
    // All of them to the last digit.
    let largest = worst("iadpython", in_cosine(16), |_| 1.0);
    assert!(largest < 2e-6, "{largest:e}");
}

#[test]
fn another_code_is_as_far_from_the_limit_as_its_own_change_says() {
    // Its error falls with the cube of the number of angles, so that of 16 is 1.42 times the change to 24.
    let worst = worst("iadpython", with(32), |change| 1.5 * change + DIGIT);
    assert!(worst < 1.0, "{worst}");
}

#[test]
fn photons_agree_within_three_standard_errors() {
    let worst = worst("monte-carlo", with(32), |error| 3.0 * error.max(1e-9));
    assert!(worst < 1.0, "{worst}");
}
