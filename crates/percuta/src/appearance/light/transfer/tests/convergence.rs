//! The error falls with the number of angles; the book has the table.

use super::super::doubling::Layer;
use super::super::matrix::Matrix;
use super::super::scattering::Sheet;
use super::super::{Indices, Slab, Transfer};
use super::{in_air, in_cosine, skin};

const ANGLES: [usize; 6] = [4, 6, 8, 12, 16, 24];

fn single(albedo: f64, thickness: f64, anisotropy: f64) -> Vec<Slab> {
    vec![Slab { thickness_um: 1e3 * thickness, absorption_per_mm: 1.0 - albedo, scattering_per_mm: albedo, anisotropy }]
}

fn skins() -> Vec<Vec<Slab>> {
    [0.1, 0.5, 2.0, 8.0, 30.0].map(skin).into()
}

/// Both reflectances of each stack.
fn reflectances(transfer: &Transfer, stacks: &[Vec<Slab>]) -> Vec<f64> {
    let of = |stack: &Vec<Slab>| transfer.flux(stack).map(|f| [f.normal_reflectance, f.diffuse_reflectance]).unwrap();
    stacks.iter().flat_map(of).collect()
}

/// Largest difference from what 48 angles give.
fn errors(transfer: impl Fn(usize) -> Transfer, indices: Indices, stacks: &[Vec<Slab>]) -> [f64; 6] {
    let exact = reflectances(&Transfer::new(48, indices).unwrap(), stacks);
    let error = |found: Vec<f64>| found.iter().zip(&exact).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    ANGLES.map(|angles| error(reflectances(&transfer(angles), stacks)))
}

fn show(what: &str, errors: [f64; 6]) {
    println!("{what}: {}", errors.map(|e| format!("{e:.1e}")).join(" "));
}

#[test]
fn the_error_falls_with_the_number_of_angles() {
    let half_space = vec![single(0.9, f64::INFINITY, 0.0)];
    let peaked = vec![single(0.99, 10.0, 0.9)];
    for (what, indices, stacks, bounds) in [
        ("skin", in_air(), skins(), [1e-2, 2e-3, 3e-4, 3e-4, 1e-4, 2e-5]),
        ("isotropic half-space, 1.5", Indices::new(1.5, 1.0, 1.0), half_space, [8e-3, 5e-4, 3e-5, 3e-7, 2e-9, 1e-10]),
        ("anisotropy 0.9", in_air(), peaked, [2e-2, 6e-4, 1.5e-4, 4e-4, 1.5e-4, 4e-5]),
    ] {
        let errors = errors(|angles| Transfer::new(angles, indices).unwrap(), indices, &stacks);
        show(what, errors);
        assert!(errors.iter().zip(bounds).all(|(e, b)| *e < b), "{what}: {errors:?}");
    }
}

#[test]
fn points_in_the_cosine_itself_converge_with_the_cube_of_their_number() {
    let errors = errors(|angles| in_cosine(angles)(&in_air()), in_air(), &skins());
    show("skin, points in the cosine", errors);
    let order = |a: usize, b: usize| (errors[a] / errors[b]).ln() / (ANGLES[b] as f64 / ANGLES[a] as f64).ln();
    assert!((2.5..3.5).contains(&order(2, 4)), "{}", order(2, 4));
    assert!((2.5..3.5).contains(&order(3, 5)), "{}", order(3, 5));
    // Six of ours do as well as twelve of these, and eight as twenty-four.
    assert!(errors[3] > 1.5e-3 && errors[5] > 1.6e-4);
}

#[test]
fn the_limit_does_not_depend_on_how_the_forward_peak_is_treated() {
    let transfer = Transfer::new(48, in_air()).unwrap();
    for slab in [single(0.9, 2.0, 0.75), single(0.99, 10.0, 0.8), single(0.5, 1.0, 0.85)].map(|s| s[0]) {
        // All moments as they are, and those of a higher degree left out.
        let moments: Vec<f64> = (0..48).map(|l| slab.anisotropy.powi(l)).collect();
        let extinction = slab.absorption_per_mm + slab.scattering_per_mm;
        let cosine = &transfer.angles.cosine;
        let lost = Matrix::from_fn(48, |i, j| if i == j { extinction / cosine[i] } else { 0.0 });
        let sheet = |parity| lost.plus(-slab.scattering_per_mm, &transfer.angles.redistribution(parity, &moments));
        let sheet = Sheet { even: sheet(0), odd: sheet(1), fastest: extinction / cosine[0] };
        let layers = [Layer::new(&sheet, 1e-3 * slab.thickness_um)];
        let field = transfer.interfaces(&layers, &transfer.reflections(&layers), &transfer.beam());
        let truncated = transfer.above.specular() + transfer.above.leaving(&transfer.fluxes(&field[0].up));
        let scaled = transfer.flux(&[slab]).unwrap().normal_reflectance;
        assert!((truncated - scaled).abs() < 3e-6, "{truncated} {scaled}");
    }
}
