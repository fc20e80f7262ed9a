//! Many wavelengths at once give what one after the other gives.

use proptest::prelude::*;
use pulp::Arch;

use super::super::{Indices, LayerSpectrum, Reflectance, Slab, Transfer, TransferError};
use super::properties::{stack, thickest};
use super::{in_air, skin};

/// Values of the layers of several stacks of the same thicknesses, by layer.
struct Values {
    thickness_um: Vec<f64>,
    absorption: Vec<Vec<f64>>,
    scattering: Vec<Vec<f64>>,
    anisotropy: Vec<Vec<f64>>,
}

impl Values {
    fn new(stacks: &[Vec<Slab>]) -> Self {
        let of = |value: fn(&Slab) -> f64| (0..stacks[0].len()).map(|k| stacks.iter().map(|s| value(&s[k])).collect()).collect();
        Self {
            thickness_um: stacks[0].iter().map(|s| s.thickness_um).collect(),
            absorption: of(|s| s.absorption_per_mm),
            scattering: of(|s| s.scattering_per_mm),
            anisotropy: of(|s| s.anisotropy),
        }
    }

    fn layers(&self) -> Vec<LayerSpectrum<'_>> {
        let layer = |k: usize| LayerSpectrum {
            thickness_um: self.thickness_um[k],
            absorption_per_mm: &self.absorption[k],
            scattering_per_mm: &self.scattering[k],
            anisotropy: &self.anisotropy[k],
        };
        (0..self.thickness_um.len()).map(layer).collect()
    }
}

/// Five layers of skin at so many wavelengths.
fn spectrum(wavelengths: usize) -> Vec<Vec<Slab>> {
    let at = |i: usize| {
        let x = i as f64 / wavelengths as f64;
        let mut stack = skin(0.2 + 40.0 * (1.0 - x).powi(4));
        for slab in &mut stack {
            slab.absorption_per_mm *= 1.0 + 3.0 * (10.0 * x).sin().powi(2);
            slab.scattering_per_mm *= 1.4 - 0.8 * x;
            slab.anisotropy += 0.1 * x;
        }
        stack
    };
    (0..wavelengths).map(at).collect()
}

/// Largest difference from one wavelength after the other.
fn difference(transfer: &Transfer, stacks: &[Vec<Slab>]) -> f64 {
    let mut out = vec![Reflectance::default(); stacks.len()];
    transfer.reflectances(&Values::new(stacks).layers(), &mut out).unwrap();
    let differences = stacks.iter().zip(&out).map(|(stack, found)| {
        let flux = transfer.flux(stack).unwrap();
        (flux.normal_reflectance - found.normal).abs().max((flux.diffuse_reflectance - found.diffuse).abs())
    });
    differences.fold(0.0, f64::max)
}

#[test]
fn a_spectrum_is_that_of_one_wavelength_after_the_other() {
    for angles in [4, 6, 8, 10] {
        for indices in [in_air(), Indices::new(1.4, 1.0, 1.4), Indices::new(1.33, 1.5, 1.0), Indices::new(1.0, 1.0, 1.0)] {
            let transfer = Transfer::new(angles, indices).unwrap();
            for wavelengths in [1, 8, 19] {
                let mut stacks = spectrum(wavelengths);
                let difference_of_skin = difference(&transfer, &stacks);
                assert!(difference_of_skin < 1e-11, "{angles} {indices:?} {wavelengths}: {difference_of_skin:e}");
                stacks.iter_mut().for_each(|s| s[4].thickness_um = f64::INFINITY);
                let endless = difference(&transfer, &stacks);
                assert!(endless < 1e-11, "{angles} {indices:?} {wavelengths}: {endless:e}");
            }
        }
    }
}

#[test]
fn a_spectrum_does_not_depend_on_the_vectors_of_the_machine() {
    let stacks = spectrum(81);
    let values = Values::new(&stacks);
    for angles in [4, 6, 8] {
        let transfer = Transfer::new(angles, in_air()).unwrap();
        let [mut wide, mut narrow] = [0, 1].map(|_| vec![Reflectance::default(); 81]);
        transfer.reflectances_on(Arch::new(), &values.layers(), &mut wide).unwrap();
        transfer.reflectances_on(Arch::Scalar, &values.layers(), &mut narrow).unwrap();
        assert_eq!(wide, narrow);
    }
}

#[test]
fn a_layer_without_its_values_is_named() {
    let stacks = spectrum(3);
    let values = Values::new(&stacks);
    let transfer = Transfer::new(6, in_air()).unwrap();
    let mut layers = values.layers();
    layers[1].anisotropy = &layers[1].anisotropy[..2];
    let fault = transfer.reflectances(&layers, &mut [Reflectance::default(); 3]).unwrap_err();
    assert_eq!(fault, TransferError::Length { layer: 2, what: "anisotropy", found: 2, expected: 3 });
    let mut layers = values.layers();
    layers[2].absorption_per_mm = &[1.0, -1.0, f64::NAN];
    let fault = transfer.reflectances(&layers, &mut [Reflectance::default(); 3]).unwrap_err();
    assert_eq!(fault.to_string(), "absorption_per_mm -1 of layer 3, counted from the top; expected 0 to 1e9, for example 0.5");
    assert_eq!(transfer.reflectances(&[], &mut []), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_skin_is_the_same_either_way(stack in stack(), angles in 2..5usize, below in 1.0..1.6f64) {
        let transfer = Transfer::new(2 * angles, Indices::new(1.4, 1.0, below)).unwrap();
        let found = difference(&transfer, &[stack.clone(), stack.clone()]);
        // Light that is scattered a million times and more is known to fewer digits.
        prop_assert!(found < if thickest(&stack) < 1e3 { 1e-10 } else { 1e-6 }, "{found:e}");
    }
}
