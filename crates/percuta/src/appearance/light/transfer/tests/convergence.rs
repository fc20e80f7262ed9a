//! The error falls with the number of angles; the book has the table.

use super::super::{Indices, Slab, Transfer};
use super::{in_air, skin};

const ANGLES: [usize; 6] = [4, 6, 8, 12, 16, 24];

/// Largest difference of both reflectances from those of 48 angles.
fn errors(indices: Indices, stacks: &[Vec<Slab>]) -> [f64; 6] {
    let reflectances = |angles| {
        let transfer = Transfer::new(angles, indices).unwrap();
        let of = |stack: &Vec<Slab>| transfer.flux(stack).map(|f| [f.normal_reflectance, f.diffuse_reflectance]).unwrap();
        stacks.iter().flat_map(of).collect::<Vec<f64>>()
    };
    let exact = reflectances(48);
    ANGLES.map(|angles| reflectances(angles).iter().zip(&exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max))
}

fn single(albedo: f64, thickness: f64, anisotropy: f64) -> Vec<Slab> {
    vec![Slab { thickness_um: 1e3 * thickness, absorption_per_mm: 1.0 - albedo, scattering_per_mm: albedo, anisotropy }]
}

#[test]
fn the_error_falls_with_the_number_of_angles() {
    let skins: Vec<Vec<Slab>> = [0.1, 0.5, 2.0, 8.0, 30.0].map(skin).into();
    let half_space = vec![single(0.9, f64::INFINITY, 0.0)];
    let peaked = vec![single(0.99, 10.0, 0.9)];
    for (what, indices, stacks, bounds) in [
        ("skin", in_air(), skins, [1e-2, 2e-3, 3e-4, 3e-4, 1e-4, 2e-5]),
        ("isotropic half-space, 1.5", Indices::new(1.5, 1.0, 1.0), half_space, [8e-3, 5e-4, 3e-5, 3e-7, 2e-9, 1e-10]),
        ("anisotropy 0.9", in_air(), peaked, [2e-2, 6e-4, 1.5e-4, 4e-4, 1.5e-4, 4e-5]),
    ] {
        let errors = errors(indices, &stacks);
        println!("{what}: {}", errors.map(|e| format!("{e:.1e}")).join(" "));
        assert!(errors.iter().zip(bounds).all(|(e, b)| *e < b), "{what}: {errors:?}");
    }
}
