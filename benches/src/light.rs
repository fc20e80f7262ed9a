//! Reflectance spectra of layered skin: `percuta-benches light`.
//!
//! Light and dark skin of five layers in air, the last without an end, at 81 wavelengths from 380 to 780 nm.

use std::error::Error;
use std::path::Path;

use percuta::appearance::light::transfer::{Indices, LayerSpectrum, Reflectance, Slab, Transfer};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::tissue::shortest;

const WAVELENGTHS: usize = 81;
const THICKNESS_UM: [f64; 5] = [15.0, 65.0, 150.0, 100.0, f64::INFINITY];
/// Share of the epidermis that is melanosomes.
const MELANOSOMES: [f64; 2] = [0.03, 0.3];
/// Angles for which there are kernels.
const ANGLES: [usize; 3] = [8, 6, 4];
/// Angles that stand for the limit.
const LIMIT: usize = 48;
/// Additions, multiplications and divisions of a spectrum with so many angles, counted in vectors of eight lanes.
const OPERATIONS: [f64; 3] = [10.858e6, 4.242e6, 1.141e6];
const REPEATS: usize = 1000;
/// Spectra for each of several threads: few, so that some batch is disturbed by nothing else.
const EACH: usize = 16;

/// The problem for other codes, and the answer.
const FILE: &str = "light.json";

type Fallible<T> = Result<T, Box<dyn Error>>;

/// Coefficients by layer and wavelength.
struct Skin {
    absorption: Vec<Vec<f64>>,
    scattering: Vec<Vec<f64>>,
    anisotropy: Vec<f64>,
}

impl Skin {
    /// Of the strength and the shape that is published for skin; the bands of haemoglobin are bells here.
    fn new(melanosomes: f64) -> Self {
        let nm: Vec<f64> = (0..WAVELENGTHS).map(|i| 380.0 + 5.0 * i as f64).collect();
        let anisotropy: Vec<f64> = nm.iter().map(|nm| 0.62 + 0.29e-3 * nm).collect();
        let bell = |nm: f64, centre: f64, width: f64| (-((nm - centre) / width).powi(2)).exp();
        let tissue = |nm: f64| 0.0244 + 8.53 * (-(nm - 154.0) / 66.2).exp();
        let blood = |nm: f64| 0.3 + 280.0 * bell(nm, 415.0, 18.0) + 28.0 * (bell(nm, 541.0, 14.0) + bell(nm, 577.0, 9.0));
        let melanin = |nm: f64| 6.6e10 * nm.powf(-3.33);
        let mixed = |melanin_share: f64, blood_share: f64| {
            nm.iter().map(|&nm| tissue(nm) + melanin_share * melanin(nm) + blood_share * blood(nm)).collect::<Vec<f64>>()
        };
        let scattering = |reduced: f64, rayleigh: f64, power: f64| {
            let of = |(nm, g): (&f64, &f64)| {
                reduced * (rayleigh * (nm / 500.0).powi(-4) + (1.0 - rayleigh) * (nm / 500.0).powf(-power)) / (1.0 - g)
            };
            nm.iter().zip(&anisotropy).map(of).collect::<Vec<f64>>()
        };
        let (epidermis, dermis) = (scattering(6.67, 0.29, 0.689), scattering(4.36, 0.41, 0.35));
        Self {
            absorption: vec![mixed(0.0, 0.0), mixed(melanosomes, 0.0), mixed(0.0, 0.01), mixed(0.0, 0.05), mixed(0.0, 0.01)],
            scattering: vec![epidermis.clone(), epidermis, dermis.clone(), dermis.clone(), dermis],
            anisotropy,
        }
    }

    fn layers(&self) -> Vec<LayerSpectrum<'_>> {
        let layer = |k: usize| LayerSpectrum {
            thickness_um: THICKNESS_UM[k],
            absorption_per_mm: &self.absorption[k],
            scattering_per_mm: &self.scattering[k],
            anisotropy: &self.anisotropy,
        };
        (0..THICKNESS_UM.len()).map(layer).collect()
    }

    fn slabs(&self, wavelength: usize) -> Vec<Slab> {
        let slab = |k: usize| Slab {
            thickness_um: THICKNESS_UM[k],
            absorption_per_mm: self.absorption[k][wavelength],
            scattering_per_mm: self.scattering[k][wavelength],
            anisotropy: self.anisotropy[wavelength],
        };
        (0..THICKNESS_UM.len()).map(slab).collect()
    }
}

fn skins() -> [Skin; 2] {
    MELANOSOMES.map(Skin::new)
}

fn transfer(angles: usize) -> Fallible<Transfer> {
    Ok(Transfer::new(angles, Indices::new(1.4, 1.0, 1.4))?)
}

/// Reflectances of a spectrum after the other.
fn spectra(transfer: &Transfer, skins: &[Skin]) -> Fallible<Vec<Reflectance>> {
    let mut out = vec![Reflectance::default(); WAVELENGTHS * skins.len()];
    for (skin, out) in skins.iter().zip(out.chunks_mut(WAVELENGTHS)) {
        transfer.reflectances(&skin.layers(), out)?;
    }
    Ok(out)
}

/// Largest difference of any reflectance.
fn difference(a: &[Reflectance], b: &[Reflectance]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a.normal - b.normal).abs().max((a.diffuse - b.diffuse).abs())).fold(0.0, f64::max)
}

/// Shortest time of a spectrum on one thread, mean of both skins, s.
fn seconds(transfer: &Transfer, skins: &[Skin; 2]) -> f64 {
    let layers = [skins[0].layers(), skins[1].layers()];
    let mut out = [Reflectance::default(); WAVELENGTHS];
    let mut both = || layers.iter().for_each(|layers| drop(std::hint::black_box(transfer.reflectances(layers, &mut out))));
    shortest(REPEATS, || (0..5).for_each(|_| both())) / 10.0
}

/// Time of a spectrum when all threads make many, s.
fn seconds_together(transfer: &Transfer, skins: &[Skin; 2]) -> f64 {
    let layers = [skins[0].layers(), skins[1].layers()];
    let mut out = vec![[Reflectance::default(); WAVELENGTHS]; EACH * rayon::current_num_threads()];
    let count = out.len() as f64;
    let mut all = || {
        out.par_iter_mut().enumerate().for_each(|(k, out)| drop(std::hint::black_box(transfer.reflectances(&layers[k % 2], out))));
    };
    shortest(REPEATS, &mut all) / count
}

/// Writes the problem and its answer for the other codes.
///
/// # Errors
/// If the file cannot be written.
pub fn prepare(folder: &Path) -> Fallible<()> {
    let skins = skins();
    let limit = spectra(&transfer(LIMIT)?, &skins)?;
    let of = |skin: &Skin, limit: &[Reflectance]| {
        let [normal, diffuse]: [Vec<f64>; 2] = [limit.iter().map(|r| r.normal).collect(), limit.iter().map(|r| r.diffuse).collect()];
        json!({
            "absorption": skin.absorption, "scattering": skin.scattering, "anisotropy": skin.anisotropy, "normal": normal, "diffuse": diffuse,
        })
    };
    let skins: Vec<Value> = skins.iter().zip(limit.chunks(WAVELENGTHS)).map(|(skin, limit)| of(skin, limit)).collect();
    // No number is infinite in JSON: the last layer has no thickness there.
    let thickness_mm: Vec<f64> = THICKNESS_UM[..4].iter().map(|t| 1e-3 * t).collect();
    let about = json!({"thickness_mm": thickness_mm, "index": 1.4, "skins": skins});
    Ok(std::fs::write(folder.join(FILE), about.to_string())?)
}

/// What was measured with a number of angles.
pub struct Measured {
    /// What was done.
    pub what: String,
    /// Threads.
    pub threads: usize,
    /// Time of a spectrum, s.
    pub seconds: f64,
    /// Wavelengths of a spectrum.
    pub wavelengths: usize,
    /// Largest difference from the limit.
    pub error: f64,
}

/// Measures on one thread, and on all.
///
/// # Errors
/// If the skin cannot be computed.
pub fn measure() -> Fallible<Vec<Measured>> {
    let skins = skins();
    let limit = spectra(&transfer(LIMIT)?, &skins)?;
    let mut rows = Vec::new();
    for angles in ANGLES {
        let transfer = transfer(angles)?;
        let error = difference(&spectra(&transfer, &skins)?, &limit);
        for (threads, seconds) in [(1, seconds(&transfer, &skins)), (rayon::current_num_threads(), seconds_together(&transfer, &skins))] {
            rows.push(Measured { what: format!("{angles} angles"), threads, seconds, wavelengths: WAVELENGTHS, error });
        }
    }
    Ok(rows)
}

/// Prints times and errors.
///
/// # Errors
/// If the skin cannot be computed.
pub fn run() -> Fallible<()> {
    let peak = peak();
    println!("reflectance of light and dark skin: 5 layers, {WAVELENGTHS} wavelengths, normal and diffuse; error against {LIMIT} angles");
    println!("\n  {:<10} {:>7}  {:>9}  {:>10}  {:>13}  {:>8}", "what", "threads", "µs", "spectra/s", "of peak", "error");
    for row in measure()? {
        let of = ANGLES.iter().position(|a| row.what == format!("{a} angles")).map_or(f64::NAN, |k| OPERATIONS[k]);
        let share = 100.0 * of / (row.seconds * peak * row.threads as f64);
        println!(
            "  {:<10} {:>7}  {:>9.1}  {:>10.0}  {share:>11.0} %  {:>8.1e}",
            row.what,
            row.threads,
            1e6 * row.seconds,
            1.0 / row.seconds,
            row.error
        );
    }
    println!("  peak: {:.0} G additions and multiplications a second on one thread, measured", 1e-9 * peak);
    let skins = skins();
    println!("\n  one wavelength after the other, with transmission and absorption by layer");
    for angles in [6, 8, 16, 48] {
        let transfer = transfer(angles)?;
        let slabs: Vec<Vec<Slab>> = skins.iter().flat_map(|skin| (0..WAVELENGTHS).map(|i| skin.slabs(i))).collect();
        let time = shortest(5, || slabs.iter().for_each(|slabs| drop(std::hint::black_box(transfer.flux(slabs)))));
        println!("  {angles:>2} angles {:>9.1} µs", 1e6 * time / slabs.len() as f64);
    }
    Ok(())
}

/// Additions and multiplications a second of one thread that does nothing else.
fn peak() -> f64 {
    const CHAINS: usize = 12;
    const STEPS: usize = 100_000;

    struct Chains {
        factor: f64,
    }

    impl WithSimd for Chains {
        type Output = f64;

        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) -> f64 {
            let factor = simd.splat_f64s(self.factor);
            let mut chains = [factor; CHAINS];
            for (k, chain) in chains.iter_mut().enumerate() {
                *chain = simd.splat_f64s(self.factor * k as f64);
            }
            for _ in 0..STEPS {
                for chain in &mut chains {
                    *chain = simd.add_f64s(simd.mul_f64s(*chain, factor), factor);
                }
            }
            let mut sum = 0.0;
            for chain in chains {
                sum += simd.reduce_sum_f64s(chain);
            }
            // How many lanes there were is the whole part.
            S::F64_LANES as f64 + 0.0 * sum
        }
    }

    let mut lanes = 0.0;
    let time = shortest(50, || lanes = Arch::new().dispatch(Chains { factor: std::hint::black_box(0.5) }));
    lanes * (2 * CHAINS * STEPS) as f64 / time
}
