//! Whatever skin there is, its light is shares.

use proptest::prelude::*;

use super::super::{Indices, Slab, Transfer};

/// Thickness from nothing to endless, for the last layer.
fn thickness() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), (-6.0..9.0f64).prop_map(|e| 10f64.powf(e)), Just(f64::INFINITY)]
}

/// Absorption up to 43 % of melanosomes at 380 nm or so, and none.
fn absorption() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), (-6.0..2.5f64).prop_map(|e| 10f64.powf(e))]
}

fn slab() -> impl Strategy<Value = Slab> {
    let scattering = prop_oneof![Just(0.0), (-3.0..2.5f64).prop_map(|e| 10f64.powf(e))];
    (thickness(), absorption(), scattering, 0.0..0.95f64).prop_map(|(thickness_um, absorption_per_mm, scattering_per_mm, anisotropy)| {
        Slab { thickness_um, absorption_per_mm, scattering_per_mm, anisotropy }
    })
}

pub(super) fn stack() -> impl Strategy<Value = Vec<Slab>> {
    prop::collection::vec(slab(), 1..6).prop_map(|mut stack| {
        let last = stack.len() - 1;
        stack[..last].iter_mut().for_each(|s| s.thickness_um = s.thickness_um.min(1e9));
        stack
    })
}

/// Scattering events on the straight way through the thickest layer.
pub(super) fn thickest(stack: &[Slab]) -> f64 {
    stack.iter().map(|s| 1e-3 * s.thickness_um * s.scattering_per_mm).fold(0.0, f64::max)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn light_is_shares_of_one(stack in stack(), angles in 3..6usize, below in 1.0..1.6f64) {
        let flux = Transfer::new(2 * angles, Indices::new(1.4, 1.0, below)).unwrap().flux(&stack).unwrap();
        let absorbed: f64 = flux.absorbed.iter().sum();
        for share in [flux.normal_reflectance, flux.normal_transmittance, flux.diffuse_reflectance, flux.diffuse_transmittance, absorbed] {
            prop_assert!((0.0..=1.0 + 1e-9).contains(&share), "{flux:?}");
        }
        // Few moments of a peaked phase function are below zero in places: a very thin layer may darken a little.
        prop_assert!(flux.normal_reflectance >= flux.specular - 4e-3, "{flux:?}");
        let sum = flux.normal_reflectance + flux.normal_transmittance + absorbed;
        // Light that is scattered a million times and more is lost to rounding, or absorbed by what keeps rounding from making light.
        prop_assert!((sum - 1.0).abs() < if thickest(&stack) < 1e3 { 1e-9 } else { 1e-6 }, "{flux:?}");
    }
}
