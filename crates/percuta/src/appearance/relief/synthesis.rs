//! A synthetic patch of skin: microrelief, fine and coarse lines, follicles and grain.

use super::expression::Lines;
use super::grain::grain;
use super::network::Network;
use super::noise::key;
use super::pattern::SurfacePattern;
use super::pores::pores;
use super::strand::{CrossSection, Drawn, Grid, Strand, draw};
use super::surface::{Band, Surface};
use super::{HeightMap, LEAST_PIXELS, MapError};
use crate::appearance::{LineFamilies, LineFamily, LineKind};

/// Points of the grid that lines are drawn on, across the width of a furrow; they are averaged over the pixels.
const PER_WIDTH: f64 = 4.0;
/// Points of that grid along the side of a pixel, at most.
const MOST_PER_PIXEL: usize = 8;
/// Largest map that is synthesised, pixels a side.
pub const MOST_PIXELS: usize = 4096;

/// Most lines of a family side by side.
const MOST_LINES: usize = 500;

/// A patch that cannot be synthesised.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SynthesisError {
    /// A side of no length.
    #[error("a side of {0} µm is none\nexpected a length above zero\nexample: 10 mm")]
    Side(f64),
    /// Too few or too many pixels.
    #[error("{0} pixels a side\nexpected {LEAST_PIXELS} to {MOST_PIXELS}\nexample: 1024")]
    Pixels(usize),
    /// Pixels that cannot show the microrelief.
    #[error(
        "pixels of {pixel_um:.1} µm cannot show a microrelief of {spacing_um:.0} µm\nexpected at most a third of it\nexample: more pixels or a smaller side"
    )]
    Coarse {
        /// Side of a pixel, µm.
        pixel_um: f64,
        /// Spacing of the microrelief, µm.
        spacing_um: f64,
    },
    /// More lines side by side than are drawn.
    #[error("a side of {side_um:.0} µm holds {:.0} lines that are {spacing_um:.0} µm apart\nexpected at most {MOST_LINES}\nexample: 10 mm", .side_um / .spacing_um)]
    Wide {
        /// Side, µm.
        side_um: f64,
        /// Spacing of the lines, µm.
        spacing_um: f64,
    },
    /// A family whose spacing or depth is not a positive number.
    #[error("lines {wavelength_um} µm apart and {depth_um} µm deep are none\nexpected both above zero (a depth may be zero)")]
    Lines {
        /// Spacing, µm.
        wavelength_um: f64,
        /// Depth, µm.
        depth_um: f64,
    },
    /// A map that is none, which the other checks do not let through.
    #[error(transparent)]
    Map(#[from] MapError),
}

impl Surface {
    /// A square patch of skin of `pixels` x `pixels`, its lines as far apart and as deep as the families say.
    ///
    /// Where the lines run depends on the pattern, the spacings and the seed, not on the pixels or the threads.
    ///
    /// # Errors
    /// A side or spacing without length, too few or too many pixels, or pixels too coarse for the microrelief.
    pub fn synthesise(
        pattern: &SurfacePattern,
        families: &LineFamilies,
        side_um: f64,
        pixels: usize,
        seed: u64,
    ) -> Result<Self, SynthesisError> {
        if !(side_um.is_finite() && side_um > 0.0) {
            return Err(SynthesisError::Side(side_um));
        }
        if !(LEAST_PIXELS..=MOST_PIXELS).contains(&pixels) {
            return Err(SynthesisError::Pixels(pixels));
        }
        for LineFamily { wavelength_um, depth_um, .. } in [families.microrelief, families.fine, families.coarse] {
            if !(wavelength_um.is_finite() && wavelength_um > 0.0 && depth_um.is_finite() && depth_um >= 0.0) {
                return Err(SynthesisError::Lines { wavelength_um, depth_um });
            }
            if side_um > MOST_LINES as f64 * wavelength_um {
                return Err(SynthesisError::Wide { side_um, spacing_um: wavelength_um });
            }
        }
        let pixel_um = side_um / pixels as f64;
        let spacing_um = families.microrelief.wavelength_um;
        if 3.0 * pixel_um > spacing_um {
            return Err(SynthesisError::Coarse { pixel_um, spacing_um });
        }
        let texture = &pattern.texture;
        let network = Network::new(&pattern.network, texture, spacing_um, key(seed, 1));
        let grid = Grid { columns: pixels, rows: pixels, step_um: pixel_um };
        let drawn = |family, lines: &LineFamily, strands: Vec<Strand>, (width, dome): (f64, f64)| {
            let finest_um = width * lines.wavelength_um / PER_WIDTH;
            let fine = ((pixel_um / finest_um).ceil() as usize).clamp(1, MOST_PER_PIXEL);
            let draw = |strands: &[Strand]| draw(strands, &CrossSection::new(dome), grid, fine);
            let there = lines.depth_um > 0.0 && !strands.is_empty();
            there.then(|| band(family, lines.depth_um, strands, side_um, draw))
        };
        let expression = |family, lines: &LineFamily, pattern, width, purpose| {
            let strands = Lines::strands(pattern, texture.line_spread, (lines.wavelength_um, width), side_um, key(seed, purpose));
            drawn(family, lines, strands, (width, texture.line_dome))
        };
        let bands: Vec<Band> = [
            drawn(LineKind::Microrelief, &families.microrelief, network.strands(side_um), (texture.network_width, texture.network_dome)),
            expression(LineKind::Fine, &families.fine, &pattern.fine, texture.fine_width, 2),
            expression(LineKind::Coarse, &families.coarse, &pattern.coarse, texture.coarse_width, 3),
        ]
        .into_iter()
        .flatten()
        .collect();

        let mut heights = grain(texture, grid, key(seed, 4));
        for band in &bands {
            heights.iter_mut().zip(band.shape.iter().zip(&band.depth_um)).for_each(|(z, (s, d))| *z -= f64::from(s * d));
        }
        let pores = pores(&pattern.pores, texture, &network, side_um, key(seed, 5));
        let mut pore_mask = vec![0.0f32; heights.len()];
        for pore in &pores {
            pore.draw(grid, |i, height, share| {
                heights[i] += height;
                pore_mask[i] = pore_mask[i].max(share as f32);
            });
        }
        let baseline = HeightMap::new(pixels, pixels, pixel_um, heights)?;
        Ok(Self { baseline, bands, scars: Vec::new(), pores, pore_mask })
    }
}

/// One family on the pixels, its mean depth along the lines that of the family.
fn band(family: LineKind, depth_um: f64, mut strands: Vec<Strand>, side_um: f64, draw: impl Fn(&[Strand]) -> Drawn) -> Band {
    let inside = |v: f64| (0.0..side_um).contains(&v);
    let along = |strands: &[Strand]| -> Vec<f64> {
        let leading = strands.iter().filter(|s| s.leading).flat_map(|s| &s.points);
        leading.filter(|p| inside(p.x) && inside(p.y)).map(|p| p.depth_um).collect()
    };
    let relative = along(&strands);
    let mean = relative.iter().sum::<f64>() / relative.len() as f64;
    let scale = if mean > 0.0 { depth_um / mean } else { depth_um };
    strands.iter_mut().flat_map(|s| &mut s.points).for_each(|p| p.depth_um *= scale);
    let Drawn { shape, depth_um } = draw(&strands);
    Band { family, shape, depth_um, along_um: along(&strands).into_iter().map(|d| d as f32).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::relief::{Filtration, Form, ProfileSettings, areal, profile};

    fn families(microrelief: f64, fine: f64, coarse: f64) -> LineFamilies {
        let family = |film_um, wavelength_um, depth_um| LineFamily { film_um, wavelength_um, depth_um };
        LineFamilies {
            microrelief: family(15.0, 300.0, microrelief),
            fine: family(80.0, 1000.0, fine),
            coarse: family(200.0, 2800.0, coarse),
        }
    }

    fn pattern(key: &str) -> SurfacePattern {
        SurfacePattern::find(key).unwrap()
    }

    fn patch(key: &str, side_um: f64, pixels: usize, seed: u64) -> Surface {
        Surface::synthesise(&pattern(key), &families(60.0, 80.0, 200.0), side_um, pixels, seed).unwrap()
    }

    #[test]
    fn the_same_seed_gives_the_same_bytes_for_any_number_of_threads() {
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| patch("cheek", 6000.0, 200, 3))
        };
        let (one, four) = (on(1), on(4));
        assert_eq!(one, four);
        assert_ne!(one, patch("cheek", 6000.0, 200, 4));
    }

    #[test]
    fn the_net_does_not_depend_on_the_pixels() {
        let (coarse, fine) = (patch("forehead", 8000.0, 200, 3).before(&[]), patch("forehead", 8000.0, 800, 3).before(&[]));
        let mean = |i: usize| {
            let (r, c) = (i / 200 * 4, i % 200 * 4);
            (0..16).map(|k| fine.height_um[(r + k / 4) * 800 + c + k % 4]).sum::<f64>() / 16.0
        };
        let square = |of: &dyn Fn(usize) -> f64| (0..40_000).map(|i| of(i).powi(2)).sum::<f64>();
        let difference = square(&|i| coarse.height_um[i] - mean(i)) / square(&mean);
        assert!(difference < 0.003, "{difference}");
    }

    #[test]
    fn the_microrelief_develops_as_much_area_as_was_measured() {
        // Corcuff et al. 1983: 8 to 30 % on forearms, where primary furrows are 20 to 100 µm deep.
        for seed in 0..3 {
            let patch = Surface::synthesise(&pattern("cheek"), &families(60.0, 0.0, 0.0), 5000.0, 640, seed).unwrap();
            let none = Filtration { s_um: None, form: Form::SecondOrder, l_um: None };
            let found = areal(&patch.before(&[]), &none).unwrap().parameters;
            assert!((0.08..0.30).contains(&found.sdr), "{}", found.sdr);
            // Plateaus with furrows: pits rather than peaks.
            assert!(found.ssk.unwrap() < -0.5 && found.sv_um > found.sp_um);
        }
    }

    #[test]
    fn furrows_stand_at_their_spacing() {
        // Furrows of both directions crossed by lines over a net without secondary furrows.
        let mut bare = pattern("cheek");
        (bare.texture.secondary_share, bare.texture.tertiary_share, bare.texture.faint_share) = (0.0, 0.0, 0.0);
        let patch = Surface::synthesise(&bare, &families(60.0, 0.0, 0.0), 9000.0, 900, 2).unwrap();
        let shape = patch.shape(LineKind::Microrelief);
        let area = shape.iter().filter(|s| **s > 0.62).count() as f64 / shape.len() as f64;
        // Two directions, each a share of the area that is the width of a furrow over the spacing, less where they cross.
        assert!((0.25..0.5).contains(&area), "{area}");
    }

    #[test]
    fn lines_are_as_dense_as_their_spacing_says() {
        for (key, family, density) in
            [("forehead", LineKind::Coarse, 0.8), ("neck", LineKind::Fine, 0.8), ("crows-feet", LineKind::Fine, 0.85)]
        {
            let (spacing, share) = if family == LineKind::Fine { (1000.0, 0.3) } else { (2800.0, 0.2) };
            let found = |seed| {
                let patch = Surface::synthesise(&pattern(key), &families(0.0, 80.0, 200.0), 12_000.0, 300, seed).unwrap();
                // Area deeper than half is a length times the width.
                let area = patch.shape(family).iter().filter(|s| **s > 0.5).count() as f64 / 90_000.0;
                area / share
            };
            let mean = (0..3).map(found).sum::<f64>() / 3.0;
            assert!((mean / density - 1.0).abs() < 0.25, "{key} {family:?}: {mean} for {density} at {spacing} µm");
        }
    }

    #[test]
    fn lines_run_where_the_pattern_says() {
        for (key, direction) in [("crows-feet", 0.0), ("forehead", 0.0), ("upper-lip", 90.0)] {
            let patch = Surface::synthesise(&pattern(key), &families(0.0, 100.0, 300.0), 14_000.0, 350, 8).unwrap();
            let map = patch.before(&[]);
            let usual = Filtration::usual(&map);
            let lay = areal(&map, &usual).unwrap().parameters.lay_deg.unwrap();
            let off = (lay - direction + 90.0).rem_euclid(180.0) - 90.0;
            assert!(off.abs() < 20.0, "{key}: {lay}");
            let rz = |direction_deg| profile(&map, &usual, &ProfileSettings { direction_deg, cutoff_um: 2500.0 }).unwrap().rz_um;
            assert!(rz(lay + 90.0) > 1.4 * rz(lay), "{key}: {} {}", rz(lay + 90.0), rz(lay));
        }
    }

    #[test]
    fn follicles_are_as_dense_and_wide_as_the_pattern_says() {
        let (mut count, mut diameters) = (0, Vec::new());
        for seed in 0..4 {
            let patch = patch("forehead", 10_000.0, 250, seed);
            count += patch.pores().len();
            diameters.extend(patch.pores().iter().map(|p| p.diameter_um));
            let opening = patch.pore_mask().iter().map(|m| f64::from(*m)).sum::<f64>() * 1600.0;
            let expected: f64 = patch.pores().iter().map(super::super::Pore::area_um2).sum();
            assert!((opening / expected - 1.0).abs() < 0.25, "{opening} {expected}");
        }
        diameters.sort_by(f64::total_cmp);
        let (density, median) = (count as f64 / 4.0, diameters[diameters.len() / 2]);
        assert!((density / 294.0 - 1.0).abs() < 0.12, "{density}");
        assert!((median / 66.0 - 1.0).abs() < 0.08, "{median}");
    }

    #[test]
    fn patches_that_cannot_be_are_refused() {
        let with = |side, pixels| Surface::synthesise(&pattern("neck"), &families(60.0, 80.0, 200.0), side, pixels, 1);
        for side in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(with(side, 100), Err(SynthesisError::Side(_))));
        }
        assert!(matches!(with(1000.0, 1), Err(SynthesisError::Pixels(1))));
        assert!(matches!(with(1000.0, 20_000), Err(SynthesisError::Pixels(_))));
        assert!(matches!(with(50_000.0, 256), Err(SynthesisError::Coarse { .. })));
        assert!(matches!(with(200_000.0, 4000), Err(SynthesisError::Wide { .. })));
        let none = families(60.0, f64::NAN, 200.0);
        assert!(matches!(Surface::synthesise(&pattern("neck"), &none, 1000.0, 100, 1), Err(SynthesisError::Lines { .. })));
    }
}
