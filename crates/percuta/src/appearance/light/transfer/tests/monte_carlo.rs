//! Photons through the same layers, one by one.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::super::{Indices, Slab, Transfer, fresnel};
use super::{in_air, skin};

/// Sums and sums of squares of what photons bring: reflected, transmitted, absorbed by layer.
struct Tally {
    photons: f64,
    sum: Vec<f64>,
    square: Vec<f64>,
}

impl Tally {
    fn add(&mut self, shares: &[f64]) {
        self.photons += 1.0;
        for ((sum, square), x) in self.sum.iter_mut().zip(&mut self.square).zip(shares) {
            *sum += x;
            *square += x * x;
        }
    }

    fn mean_and_error(&self) -> impl Iterator<Item = (f64, f64)> {
        self.sum.iter().zip(&self.square).map(|(sum, square)| {
            let mean = sum / self.photons;
            (mean, ((square / self.photons - mean * mean) / self.photons).sqrt())
        })
    }
}

fn uniform(random: &mut ChaCha8Rng) -> f64 {
    random.random::<f64>()
}

/// Sends photons in, at right angles or diffusely, and follows each until it is out or too weak to matter.
fn photons(count: usize, diffuse: bool, indices: &Indices, stack: &[Slab], seed: u64) -> Tally {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut borders = vec![0.0];
    stack.iter().for_each(|s| borders.push(borders[borders.len() - 1] + 1e-3 * s.thickness_um));
    let size = stack.len() + 2;
    let mut tally = Tally { photons: 0.0, sum: vec![0.0; size], square: vec![0.0; size] };
    for _ in 0..count {
        let mut shares = vec![0.0; size];
        let outside = if diffuse { uniform(&mut random).sqrt() } else { 1.0 };
        let sine = (1.0 - outside * outside).sqrt() * indices.above.outside / indices.stack;
        let mut cosine = (1.0 - sine * sine).sqrt();
        let (mut weight, mut layer, mut depth) = (1.0, 0, 0.0);
        if uniform(&mut random) < fresnel::reflection(indices.stack, indices.above, cosine) {
            shares[0] = 1.0;
            tally.add(&shares);
            continue;
        }
        let mut left = -(1.0 - uniform(&mut random)).ln();
        while weight > 0.0 {
            let slab = &stack[layer];
            let extinction = slab.absorption_per_mm + slab.scattering_per_mm;
            let border = if cosine > 0.0 { borders[layer + 1] } else { borders[layer] };
            let way = (border - depth) / cosine;
            if left > way * extinction {
                left -= way * extinction;
                depth = border;
                let outer = if cosine > 0.0 { layer + 1 == stack.len() } else { layer == 0 };
                if !outer {
                    layer = if cosine > 0.0 { layer + 1 } else { layer - 1 };
                } else {
                    let face = if cosine > 0.0 { indices.below } else { indices.above };
                    if uniform(&mut random) < fresnel::reflection(indices.stack, face, cosine.abs()) {
                        cosine = -cosine;
                    } else {
                        shares[usize::from(cosine > 0.0)] += weight;
                        weight = 0.0;
                    }
                }
                continue;
            }
            depth += cosine * left / extinction;
            left = -(1.0 - uniform(&mut random)).ln();
            let absorbed = weight * slab.absorption_per_mm / extinction;
            shares[2 + layer] += absorbed;
            weight -= absorbed;
            cosine = scattered(cosine, slab.anisotropy, &mut random);
            // A weak photon is given up, or goes on for ten.
            if weight < 1e-3 {
                weight = if uniform(&mut random) < 0.1 { 10.0 * weight } else { 0.0 };
            }
        }
        tally.add(&shares);
    }
    tally
}

/// Cosine with the vertical after scattering by Henyey and Greenstein's function.
fn scattered(cosine: f64, g: f64, random: &mut ChaCha8Rng) -> f64 {
    let ratio = (1.0 - g * g) / (1.0 - g + 2.0 * g * uniform(random));
    let deflection = (1.0 + g * g - ratio * ratio) / (2.0 * g);
    let azimuth = std::f64::consts::TAU * uniform(random);
    let sines = ((1.0 - cosine * cosine) * (1.0 - deflection * deflection)).max(0.0).sqrt();
    (cosine * deflection + sines * azimuth.cos()).clamp(-1.0, 1.0)
}

#[test]
fn photons_in_layered_skin_agree_within_three_standard_errors() {
    let stack = skin(2.0);
    let flux = Transfer::new(24, in_air()).unwrap().flux(&stack).unwrap();
    let tallies: Vec<Tally> = std::thread::scope(|scope| {
        let (indices, stack) = (in_air(), &stack);
        let run = |(seed, diffuse)| scope.spawn(move || photons(40_000, diffuse, &indices, stack, seed));
        [(1, false), (2, true)].map(run).map(|t| t.join().unwrap()).into()
    });
    let mut expected = vec![flux.normal_reflectance, flux.normal_transmittance];
    expected.extend(&flux.absorbed);
    let diffuse = [flux.diffuse_reflectance, flux.diffuse_transmittance];
    for (tally, expected) in tallies.iter().zip([&expected[..], &diffuse[..]]) {
        for ((mean, error), expected) in tally.mean_and_error().zip(expected) {
            println!("{mean:.5} ± {error:.5}, {expected:.5}: {:+.2} standard errors", (mean - expected) / error);
            assert!((mean - expected).abs() < 3.0 * error, "{mean} ± {error}, {expected}");
            assert!(error < 0.003, "{error}");
        }
    }
}
