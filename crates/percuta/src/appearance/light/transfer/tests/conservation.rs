//! No light is lost, and it does not matter how one looks at a stack.

use super::super::quadrature::gauss;
use super::super::{Face, Flux, Indices, Slab, Transfer};
use super::{in_air, skin};

fn flux(angles: usize, indices: Indices, stack: &[Slab]) -> Flux {
    Transfer::new(angles, indices).unwrap().flux(stack).unwrap()
}

fn close(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() < tolerance, "{a} {b} differ by {:e}", a - b);
}

const FACES: [(f64, Face, Face); 5] = [
    (1.0, Face { outside: 1.0, plate: None }, Face { outside: 1.0, plate: None }),
    (1.4, Face { outside: 1.0, plate: None }, Face { outside: 1.0, plate: None }),
    (1.4, Face { outside: 1.0, plate: None }, Face { outside: 1.4, plate: None }),
    (1.4, Face { outside: 1.0, plate: Some(1.5) }, Face { outside: 1.33, plate: None }),
    (1.33, Face { outside: 1.5, plate: None }, Face { outside: 1.0, plate: None }),
];

#[test]
fn what_is_not_absorbed_comes_out() {
    for (stack, above, below) in FACES {
        for angles in [4, 6, 8, 16] {
            for thickness_um in [0.0, 1e-3, 1.0, 100.0, 1e4] {
                let clear = |s: Slab| Slab { absorption_per_mm: 0.0, ..s };
                let mut layers: Vec<Slab> = skin(0.0).into_iter().map(clear).collect();
                layers[2].thickness_um = thickness_um;
                let flux = flux(angles, Indices { stack, above, below }, &layers);
                close(flux.normal_reflectance + flux.normal_transmittance, 1.0, 1e-9);
                close(flux.diffuse_reflectance + flux.diffuse_transmittance, 1.0, 1e-9);
                assert!(flux.absorbed.iter().all(|&a| a < 1e-9), "{flux:?}");
            }
        }
    }
}

/// Absorbed of a beam in each layer: the absorption coefficient times the integral of the fluence over depth, by Gauss' points in
/// panels that are thin at both ends, with an interface at each point.
fn absorbed_by_fluence(transfer: &Transfer, stack: &[Slab]) -> Vec<f64> {
    let mut thin = Vec::new();
    let mut points = Vec::new();
    for (layer, slab) in stack.iter().enumerate() {
        let mut borders = vec![0.0];
        borders.extend((0..12).map(|k| 0.5 * 0.5f64.powi(11 - k)));
        borders.extend((0..12).map(|k| 1.0 - 0.5 * 0.5f64.powi(k + 1)));
        borders.push(1.0);
        let mut depth = 0.0;
        for panel in borders.windows(2) {
            for (x, w) in gauss(16) {
                let at = panel[0] + 0.5 * (panel[1] - panel[0]) * (1.0 + x);
                thin.push(Slab { thickness_um: (at - depth) * slab.thickness_um, ..*slab });
                depth = at;
                points.push((layer, thin.len(), 0.5 * w * (panel[1] - panel[0]) * 1e-3 * slab.thickness_um * slab.absorption_per_mm));
            }
        }
        thin.push(Slab { thickness_um: (1.0 - depth) * slab.thickness_um, ..*slab });
    }
    let layers = transfer.layers(&thin).unwrap();
    let field = transfer.interfaces(&layers, &transfer.reflections(&layers), &transfer.beam());
    let mut absorbed = vec![0.0; stack.len()];
    for (layer, interface, weight) in points {
        let light = &field[interface];
        let both: Vec<f64> = light.down.iter().zip(&light.up).map(|(d, u)| d + u).collect();
        let fluence: f64 = transfer.fluxes(&both).iter().zip(&transfer.angles.cosine).map(|(f, c)| f / c).sum();
        absorbed[layer] += weight * fluence;
    }
    absorbed
}

#[test]
fn reflected_transmitted_and_absorbed_by_the_light_inside_are_all_of_it() {
    for (stack, above, below) in FACES {
        let transfer = Transfer::new(6, Indices { stack, above, below }).unwrap();
        for epidermis in [0.1, 50.0] {
            let flux = transfer.flux(&skin(epidermis)).unwrap();
            let absorbed = absorbed_by_fluence(&transfer, &skin(epidermis));
            close(flux.normal_reflectance + flux.normal_transmittance + absorbed.iter().sum::<f64>(), 1.0, 1e-9);
            flux.absorbed.iter().zip(&absorbed).for_each(|(a, b)| close(*a, *b, 1e-9));
        }
    }
}

#[test]
fn layers_may_be_cut_anywhere() {
    let whole = flux(8, in_air(), &skin(2.0));
    let mut cut = Vec::new();
    for slab in skin(2.0) {
        for share in [0.0, 0.01, 0.3, 0.69] {
            cut.push(Slab { thickness_um: share * slab.thickness_um, ..slab });
        }
    }
    let parts = flux(8, in_air(), &cut);
    close(whole.normal_reflectance, parts.normal_reflectance, 1e-11);
    close(whole.normal_transmittance, parts.normal_transmittance, 1e-11);
    close(whole.diffuse_reflectance, parts.diffuse_reflectance, 1e-11);
    close(whole.diffuse_transmittance, parts.diffuse_transmittance, 1e-11);
    for (whole, parts) in whole.absorbed.iter().zip(parts.absorbed.chunks(4)) {
        close(*whole, parts.iter().sum(), 1e-11);
    }
}

#[test]
fn an_endless_layer_is_a_very_thick_one() {
    let mut stack = skin(2.0);
    stack[4].thickness_um = 1e6;
    let thick = flux(8, in_air(), &stack);
    stack[4].thickness_um = f64::INFINITY;
    let endless = flux(8, in_air(), &stack);
    close(thick.normal_reflectance, endless.normal_reflectance, 1e-11);
    close(thick.absorbed[4], endless.absorbed[4], 1e-11);
    assert_eq!(endless.normal_transmittance, 0.0);
}

#[test]
fn what_is_below_an_endless_layer_does_not_matter() {
    let mut stack = skin(2.0);
    stack[4].thickness_um = f64::INFINITY;
    // The angles follow from both faces, hence more of them.
    let of = |below| flux(32, Indices::new(1.4, 1.0, below), &stack).normal_reflectance;
    close(of(1.0), of(1.4), 1e-5);
    close(of(1.0), of(1.2), 1e-5);
}

#[test]
fn light_goes_both_ways() {
    for (stack, above, below) in FACES {
        let down = flux(8, Indices { stack, above, below }, &skin(2.0));
        let upside_down: Vec<Slab> = skin(2.0).into_iter().rev().collect();
        let up = flux(8, Indices { stack, above: below, below: above }, &upside_down);
        // Radiance passes equally either way but for the square of the index.
        close(down.diffuse_transmittance * above.outside.powi(2), up.diffuse_transmittance * below.outside.powi(2), 1e-11);
    }
    let layers = Transfer::new(8, in_air()).unwrap().layers(&skin(2.0)).unwrap();
    for layer in layers {
        for (i, j) in (0..8).flat_map(|i| (0..i).map(move |j| (i, j))) {
            close(layer.reflection.at(i, j), layer.reflection.at(j, i), 1e-12);
            close(layer.transmission.at(i, j), layer.transmission.at(j, i), 1e-12);
        }
    }
}

#[test]
fn a_stack_without_matter_is_two_faces() {
    let flux = flux(8, in_air(), &[]);
    let once = (0.4f64 / 2.4).powi(2);
    close(flux.normal_reflectance, 2.0 * once / (1.0 + once), 1e-14);
    close(flux.normal_transmittance, (1.0 - once) / (1.0 + once), 1e-14);
    close(flux.specular, once, 1e-14);
}

#[test]
fn absorption_alone_is_the_law_of_beer_and_lambert() {
    let clear = Slab { thickness_um: 700.0, absorption_per_mm: 2.0, scattering_per_mm: 0.0, anisotropy: 0.0 };
    let flux = flux(8, Indices::new(1.0, 1.0, 1.0), &[clear]);
    close(flux.normal_transmittance, (-1.4f64).exp(), 1e-13);
    close(flux.normal_reflectance, 0.0, 1e-13);
    // 2 E3(1.4); Abramowitz and Stegun, chapter 5.
    close(flux.diffuse_transmittance, 2.0 * 0.064_575_533_5, 3e-6);
}
