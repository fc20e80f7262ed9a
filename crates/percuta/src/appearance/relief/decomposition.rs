//! A measured map as a surface whose lines can change: its bands of wavelengths and how deep they are where.
//!
//! Each family takes the waves about its wavelength, up to halfway (in the logarithm) to its neighbours. Where a band has
//! the root mean square of a sine of depth `d`, peak to valley, its local depth is `d`. Lines are scaled by the change of
//! their local depth; the form, longer and shorter waves stay. A narrow furrow has shorter waves too, which count with the
//! next finer family: what is told apart here are wavelengths, not furrows.

use super::cosine::CosineTransform;
use super::gaussian::smooth;
use super::surface::{Band, Family, NO_DEPTH_UM, Surface};
use super::{Form, HeightMap};
use crate::appearance::{LineFamilies, LineFamily};

/// Fewest pixels in a wavelength.
const LEAST_WAVELENGTH: f64 = 4.0;
/// Wavelengths that the map must hold for a family.
const LEAST_WAVES: f64 = 2.0;
/// The shortest wave of the finest family over its wavelength: furrows are about that wide, grain is finer.
const SHORTEST: f64 = 0.25;
/// The longest wave of the coarsest family over its wavelength.
const LONGEST: f64 = 2.0;
/// Half width of the transition from one family to the next, in the logarithm of the wavelength.
const TRANSITION: f64 = 0.35;
/// Smoothing of the local depth, in wavelengths.
const ENVELOPE: f64 = 1.5;

impl Surface {
    /// A measured map as a surface: with unchanged depths its heights are the map to the bit.
    ///
    /// Families whose wavelength the map cannot hold (below four pixels, or more than half its side) have no band. Follicles
    /// are not looked for, and scars are part of the map.
    #[must_use]
    pub fn from_map(map: HeightMap, families: &LineFamilies) -> Self {
        let families = [(Family::Microrelief, families.microrelief), (Family::Fine, families.fine), (Family::Coarse, families.coarse)];
        let side = map.columns.min(map.rows) as f64;
        let wavelength = |f: &LineFamily| f.wavelength_um / map.pixel_um;
        let mut kept: Vec<(Family, f64)> = families
            .iter()
            .map(|(name, family)| (*name, wavelength(family)))
            .filter(|(_, w)| *w >= LEAST_WAVELENGTH && LEAST_WAVES * *w <= side)
            .collect();
        kept.sort_by(|a, b| a.1.total_cmp(&b.1));
        let transform = CosineTransform::new(map.columns, map.rows);
        let mut spectrum = Form::SecondOrder.removed(&map).height_um;
        transform.forward(&mut spectrum);
        let mut bands = Vec::new();
        for (k, &(family, w)) in kept.iter().enumerate() {
            let between = |other: Option<&(Family, f64)>| other.map(|o| (w * o.1).sqrt());
            let low = between(k.checked_sub(1).and_then(|k| kept.get(k))).unwrap_or(SHORTEST * w);
            let high = between(kept.get(k + 1)).unwrap_or(LONGEST * w);
            let mut part = spectrum.clone();
            transform.weigh(&mut part, |wave| passes(wave / low) * (1.0 - passes(wave / high)));
            transform.inverse(&mut part);
            bands.push(band(&map, family, w, &part));
        }
        let pore_mask = vec![0.0; map.height_um.len()];
        Self { baseline: map, bands, scars: Vec::new(), pores: Vec::new(), pore_mask }
    }
}

/// Share of a wave that lies above a border, for its length over that of the border; both sides of a border add up to 1.
fn passes(ratio: f64) -> f64 {
    let t = (0.5 + 0.5 * ratio.ln() / TRANSITION).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// A family from its part of the heights; the wavelength in pixels.
fn band(map: &HeightMap, family: Family, wavelength: f64, part: &[f64]) -> Band {
    let squares: Vec<f64> = part.iter().map(|z| z * z).collect();
    let local = smooth(&squares, map.columns, map.rows, ENVELOPE * wavelength);
    // A sine of amplitude a has the mean square a^2 / 2 and a depth of 2 a.
    let depth: Vec<f64> = local.iter().map(|&square| (8.0 * square.max(0.0)).sqrt()).collect();
    let shape = |(z, d): (&f64, &f64)| if *d > f64::from(NO_DEPTH_UM) { (-z / d) as f32 } else { 0.0 };
    let depth_um: Vec<f32> = depth.iter().map(|&d| d as f32).collect();
    // A few thousand places stand for all; an odd step visits all columns.
    let every = (depth_um.len() / 4096) | 1;
    Band {
        family,
        shape: part.iter().zip(&depth).map(shape).collect(),
        along_um: depth_um.iter().step_by(every).copied().collect(),
        depth_um,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::relief::noise::normal;
    use std::f64::consts::TAU;

    fn families() -> LineFamilies {
        let family = |film_um, wavelength_um, depth_um| LineFamily { film_um, wavelength_um, depth_um };
        LineFamilies { microrelief: family(15.0, 320.0, 60.0), fine: family(80.0, 1024.0, 100.0), coarse: family(200.0, 2560.0, 300.0) }
    }

    /// A wave of which the map holds a whole number of halves.
    fn wave(wavelength: f64, depth: f64) -> HeightMap {
        HeightMap::from_function(512, 512, 20.0, |x, _| 0.5 * depth * (TAU * x / wavelength).cos()).unwrap()
    }

    /// Root mean square in the middle.
    fn rms(map: &HeightMap) -> f64 {
        let inner = |i: &usize| (128..384).contains(&(i / 512)) && (128..384).contains(&(i % 512));
        let values: Vec<f64> = (0..map.height_um.len()).filter(inner).map(|i| map.height_um[i]).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        (values.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / values.len() as f64).sqrt()
    }

    #[test]
    fn unchanged_lines_give_the_map_to_the_bit() {
        let map = HeightMap::from_function(200, 150, 15.0, |x, y| 3e-4 * x * x - y * 0.1 + 20.0 * normal(3, (x * 7.0 + y * 4000.0) as i64))
            .unwrap();
        let surface = Surface::from_map(map.clone(), &families());
        assert!(surface.bands.len() >= 2);
        assert_eq!(surface.before(&[]), map);
    }

    #[test]
    fn a_wave_has_its_depth() {
        for (family, wavelength) in [(Family::Microrelief, 320.0), (Family::Fine, 1024.0), (Family::Coarse, 2560.0)] {
            let surface = Surface::from_map(wave(wavelength, 120.0), &families());
            let depth = f64::from(surface.local_depth_um(family)[256 * 512 + 256]);
            assert!((depth / 120.0 - 1.0).abs() < 0.03, "{family:?} {depth}");
            let mean = surface.depth_um(family, &|_, d| d).unwrap();
            assert!((mean / 120.0 - 1.0).abs() < 0.05, "{family:?} {mean}");
        }
        // The map ends anywhere in a wave.
        let cut = HeightMap::from_function(512, 512, 20.0, |x, _| 60.0 * (TAU * x / 2800.0).sin()).unwrap();
        let depth = Surface::from_map(cut, &families()).depth_um(Family::Coarse, &|_, d| d).unwrap();
        assert!((depth / 120.0 - 1.0).abs() < 0.15, "{depth}");
    }

    #[test]
    fn a_family_is_flattened_and_the_others_stay() {
        for (family, wavelength) in [(Family::Microrelief, 320.0), (Family::Fine, 1024.0), (Family::Coarse, 2560.0)] {
            let map = wave(wavelength, 120.0);
            let surface = Surface::from_map(map.clone(), &families());
            let halved = surface.heights(&|f, d| if f == family { 0.5 * d } else { d }, &[]);
            let others = surface.heights(&|f, d| if f == family { d } else { 0.5 * d }, &[]);
            let (own, rest) = (rms(&halved) / rms(&map), rms(&others) / rms(&map));
            assert!((own - 0.5).abs() < 0.02, "{family:?} {own}");
            assert!((rest - 1.0).abs() < 0.02, "{family:?} {rest}");
        }
    }

    #[test]
    fn shallow_places_vanish_where_deep_ones_stay() {
        // Deep lines on the left, shallow ones on the right.
        let depth = |x: f64| if x < 5120.0 { 150.0 } else { 30.0 };
        let map = HeightMap::from_function(512, 512, 20.0, |x, y| 0.5 * depth(x) * (TAU * y / 1024.0).cos()).unwrap();
        let after = Surface::from_map(map.clone(), &families()).heights(&|_, d| (d * d - 3600.0).max(0.0).sqrt(), &[]);
        let left = |m: &HeightMap, c: usize| (128..384).map(|r| m.height_um[r * 512 + c]).fold(0.0f64, f64::max);
        let (deep, shallow) = (left(&after, 128) / left(&map, 128), left(&after, 384) / left(&map, 384));
        assert!((deep - 0.917).abs() < 0.03 && shallow < 0.05, "{deep} {shallow}");
    }

    #[test]
    fn families_that_the_map_cannot_hold_have_no_band() {
        let small = HeightMap::from_function(40, 40, 20.0, |x, _| x.sin()).unwrap();
        let surface = Surface::from_map(small, &families());
        assert_eq!(surface.bands.iter().map(|b| b.family).collect::<Vec<_>>(), [Family::Microrelief]);
        let coarse = HeightMap::from_function(40, 40, 200.0, |x, _| x.sin()).unwrap();
        let surface = Surface::from_map(coarse, &families());
        assert_eq!(surface.bands.iter().map(|b| b.family).collect::<Vec<_>>(), [Family::Fine, Family::Coarse]);
        assert_eq!(surface.depth_um(Family::Microrelief, &|_, d| d), None);
    }

    #[test]
    fn a_flat_map_stays_flat() {
        let map = HeightMap::from_function(100, 100, 20.0, |_, _| 5.0).unwrap();
        let after = Surface::from_map(map.clone(), &families()).heights(&|_, d| 3.0 * d + 1.0, &[]);
        assert!(after.height_um.iter().all(|z| (z - 5.0).abs() < 1e-3));
    }
}
