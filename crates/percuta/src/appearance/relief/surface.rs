//! A surface whose lines can change their depth and nothing else.
//!
//! Each family of lines has, at every pixel, the local depth of its furrows before treatment and the share of that depth
//! that shows there. Treatment replaces the local depth by another that depends on it alone, so that shallow lines can
//! vanish where deep ones stay, and before and after share the same net to the pixel.

use super::HeightMap;
use super::pattern::SkinTexture;
use super::pores::Pore;
use super::scar::{DrawnScar, ScarFootprint};
use crate::appearance::LineKind;

/// Depth below which a place has no lines, µm: a picometre.
pub(super) const NO_DEPTH_UM: f32 = 1e-6;
/// Steps of the table that stands for a function of depth.
const STEPS: usize = 1024;

/// The lines of one family on the pixels of a surface.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Band {
    pub family: LineKind,
    /// Share of the local depth that a pixel lies below the skin beside the furrow. In a synthetic surface 0 to 1, and to about
    /// 1.5 where several furrows meet; in a band of a measured one about a mean height, -1/2 to 1/2.
    pub shape: Vec<f32>,
    /// Local depth before treatment, µm; 0 where there is no line.
    pub depth_um: Vec<f32>,
    /// Local depths along the lines, one for each equal length, µm. Their mean is the depth of the family.
    pub along_um: Vec<f32>,
}

/// A patch of skin before treatment, and all that is needed for the same patch after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Surface {
    /// Heights before treatment, without scars.
    pub(super) baseline: HeightMap,
    pub(super) bands: Vec<Band>,
    pub(super) scars: Vec<DrawnScar>,
    pub(super) pores: Vec<Pore>,
    pub(super) pore_mask: Vec<f32>,
}

impl Surface {
    /// Pixels in a row.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.baseline.columns
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.baseline.rows
    }

    /// Side of a pixel, µm.
    #[must_use]
    pub fn pixel_um(&self) -> f64 {
        self.baseline.pixel_um
    }

    /// Openings of follicles.
    #[must_use]
    pub fn pores(&self) -> &[Pore] {
        &self.pores
    }

    /// Share of each pixel that is the opening of a follicle.
    #[must_use]
    pub fn pore_mask(&self) -> &[f32] {
        &self.pore_mask
    }

    /// Local depth of a family's furrows at each pixel before treatment, µm; empty if the surface has none.
    #[must_use]
    pub fn local_depth_um(&self, family: LineKind) -> &[f32] {
        self.band(family).map_or(&[], |b| &b.depth_um)
    }

    /// Share of the local depth that a pixel lies below the skin beside it; empty if the surface has none.
    #[must_use]
    pub fn shape(&self, family: LineKind) -> &[f32] {
        self.band(family).map_or(&[], |b| &b.shape)
    }

    /// Scars on the surface, in the order of their depths.
    pub fn scars(&self) -> impl Iterator<Item = &ScarFootprint> {
        self.scars.iter().map(|s| &s.footprint)
    }

    fn band(&self, family: LineKind) -> Option<&Band> {
        self.bands.iter().find(|b| b.family == family)
    }

    /// Depth of a family: the mean of its local depths over the length of its lines, each mapped by `depth_after` (what it does
    /// to a depth in µm). Branches and secondary furrows do not count. `None` if there are no such lines.
    #[must_use]
    pub fn depth_um(&self, family: LineKind, depth_after: &dyn Fn(LineKind, f64) -> f64) -> Option<f64> {
        let along = &self.band(family)?.along_um;
        let sum: f64 = along.iter().map(|&d| depth_after(family, f64::from(d))).sum();
        (!along.is_empty()).then(|| sum / along.len() as f64)
    }

    /// The map before treatment: unchanged lines, scars at the given depths (µm; a missing one is 0).
    #[must_use]
    pub fn before(&self, scar_depths_um: &[f64]) -> HeightMap {
        self.heights(&|_, depth| depth, scar_depths_um)
    }

    /// The map after every local depth has become `depth_after(family, local depth before treatment)`, both in µm, and every scar
    /// has its depth (µm, negative if raised; a missing one is 0).
    #[must_use]
    pub fn heights(&self, depth_after: &dyn Fn(LineKind, f64) -> f64, scar_depths_um: &[f64]) -> HeightMap {
        let mut heights = vec![0.0; self.baseline.height_um.len()];
        self.heights_into(depth_after, scar_depths_um, &mut heights);
        self.baseline.with(heights)
    }

    /// [`Surface::heights`] into memory that is there already, row by row. Values beyond the shorter of both are left alone.
    ///
    /// The function is asked for a thousand depths and interpolated between, so that it may be slow; what it does not change
    /// stays the same to the bit.
    pub fn heights_into(&self, depth_after: &dyn Fn(LineKind, f64) -> f64, scar_depths_um: &[f64], heights_um: &mut [f64]) {
        heights_um.iter_mut().zip(&self.baseline.height_um).for_each(|(z, before)| *z = *before);
        for band in &self.bands {
            let table = Table::of(band, depth_after);
            for ((z, &shape), &depth) in heights_um.iter_mut().zip(&band.shape).zip(&band.depth_um) {
                *z += f64::from(shape * table.lost(depth));
            }
        }
        for (scar, &depth) in self.scars.iter().zip(scar_depths_um) {
            scar.pixels.iter().for_each(|&(i, weight)| {
                if let Some(z) = heights_um.get_mut(i) {
                    *z -= depth * f64::from(weight);
                }
            });
        }
    }

    /// The surface with scars on it; within a scar the lines are lost as far as `texture` says.
    #[must_use]
    pub fn with_scars(mut self, footprints: &[ScarFootprint], texture: &SkinTexture) -> Self {
        for footprint in footprints {
            let scar = footprint.draw(self.columns(), self.rows(), self.pixel_um());
            let loss = footprint.profile.loss(texture) as f32;
            for band in &mut self.bands {
                for &(i, weight) in &scar.pixels {
                    let lost = band.shape[i] * loss * weight.clamp(0.0, 1.0);
                    self.baseline.height_um[i] += f64::from(lost * band.depth_um[i]);
                    band.shape[i] -= lost;
                }
            }
            self.scars.push(scar);
        }
        self
    }
}

/// What is lost of a local depth, tabulated.
struct Table {
    /// Value and rise to the next, at equal steps of depth.
    values: Box<[(f32, f32); STEPS]>,
    steps_per_um: f32,
}

impl Table {
    fn of(band: &Band, depth_after: &dyn Fn(LineKind, f64) -> f64) -> Self {
        let deepest = band.depth_um.iter().fold(NO_DEPTH_UM, |m, &d| m.max(d));
        let step = f64::from(deepest) / (STEPS - 1) as f64;
        let lost = |k: usize| {
            let depth = step * k as f64;
            (depth - depth_after(band.family, depth)) as f32
        };
        let mut values = Box::new([(0.0, 0.0); STEPS]);
        let mut here = lost(0);
        for k in 0..STEPS {
            let next = if k + 1 < STEPS { lost(k + 1) } else { here };
            values[k] = (here, next - here);
            here = next;
        }
        Self { values, steps_per_um: (STEPS - 1) as f32 / deepest }
    }

    fn lost(&self, depth: f32) -> f32 {
        let place = depth * self.steps_per_um;
        let k = place as usize % STEPS;
        let (value, rise) = self.values[k];
        value + rise * (place - k as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::relief::{ScarProfile, SurfacePattern};
    use crate::appearance::{LineFamilies, LineFamily};

    fn families() -> LineFamilies {
        let family = |film_um, wavelength_um, depth_um| LineFamily { film_um, wavelength_um, depth_um };
        LineFamilies { microrelief: family(15.0, 300.0, 60.0), fine: family(80.0, 1000.0, 100.0), coarse: family(200.0, 2800.0, 300.0) }
    }

    fn surface(key: &str, seed: u64) -> Surface {
        Surface::synthesise(&SurfacePattern::find(key).unwrap(), &families(), 8000.0, 320, seed).unwrap()
    }

    /// A line near the threshold vanishes, a deep one hardly moves.
    fn buckled(_: LineKind, depth: f64) -> f64 {
        (depth * depth - 3600.0).max(0.0).sqrt()
    }

    #[test]
    fn a_familys_depth_is_the_mean_along_its_lines() {
        for key in SurfacePattern::keys() {
            let surface = surface(key, 3);
            for (family, expected) in LineKind::ALL.into_iter().zip([60.0, 100.0, 300.0]) {
                match surface.depth_um(family, &|_, d| d) {
                    Some(depth) => assert!((depth / expected - 1.0).abs() < 1e-5, "{key} {family:?} {depth}"),
                    None => assert_eq!((key, family), ("cheek", LineKind::Coarse)),
                }
            }
        }
    }

    #[test]
    fn furrows_are_as_deep_as_their_local_depth() {
        // The deepest pixel of a furrow lies its local depth below the skin beside it.
        let surface = surface("forehead", 5);
        for family in LineKind::ALL {
            let (shape, depth) = (surface.shape(family), surface.local_depth_um(family));
            let bottoms: Vec<f32> = shape.iter().zip(depth).filter(|(s, d)| **s > 0.9 && **d > 0.0).map(|(s, _)| *s).collect();
            assert!(!bottoms.is_empty(), "{family:?}");
            assert!(shape.iter().all(|s| (0.0..1.7).contains(s)), "{family:?} {:?}", shape.iter().copied().fold(0.0f32, f32::max));
            let plateau = shape.iter().filter(|s| **s < 0.3).count();
            assert!(plateau > shape.len() / 6, "{family:?} {plateau}");
        }
    }

    #[test]
    fn before_and_after_share_the_net_and_only_depths_change() {
        let surface = surface("crows-feet", 1);
        let (before, after) = (surface.before(&[]), surface.heights(&buckled, &[]));
        assert_eq!(before, surface.baseline);
        // Nothing gets deeper, and away from all lines nothing moves.
        for (i, (b, a)) in before.height_um.iter().zip(&after.height_um).enumerate() {
            assert!(a - b > -1e-3, "{i}");
            if LineKind::ALL.iter().all(|f| surface.shape(*f)[i] == 0.0) {
                assert_eq!(a, b);
            }
        }
        // The deepest coarse lines stay where they were.
        let (shape, depth) = (surface.shape(LineKind::Coarse), surface.local_depth_um(LineKind::Coarse));
        let deep = (0..shape.len()).filter(|&i| shape[i] > 0.9 && depth[i] > 300.0);
        assert!(deep.clone().count() > 20);
        for i in deep {
            let left = f64::from(shape[i] * depth[i]) - (after.height_um[i] - before.height_um[i]);
            assert!(left > 0.65 * f64::from(shape[i] * depth[i]), "{left}");
        }
        let family = |f, law: &dyn Fn(LineKind, f64) -> f64| surface.depth_um(f, law).unwrap();
        let kept = |f| family(f, &buckled) / family(f, &|_, d| d);
        assert!(kept(LineKind::Microrelief) < 0.5 && kept(LineKind::Fine) < 0.85 && kept(LineKind::Coarse) > 0.93);
    }

    #[test]
    fn the_table_stands_for_the_function() {
        let surface = surface("neck", 2);
        let after = surface.heights(&buckled, &[]);
        for (i, z) in after.height_um.iter().enumerate() {
            let exact: f64 = LineKind::ALL
                .iter()
                .map(|&f| {
                    let (shape, depth) = (f64::from(surface.shape(f)[i]), f64::from(surface.local_depth_um(f)[i]));
                    shape * (depth - buckled(f, depth))
                })
                .sum();
            // The function has a corner at its threshold, which the table cuts within one of its thousand steps.
            assert!((z - surface.baseline.height_um[i] - exact).abs() < 3.5, "{i}");
        }
        let smooth = surface.heights(&|_, d| 0.5 * d + 1e-3 * d * d, &[]);
        for (i, z) in smooth.height_um.iter().enumerate() {
            let exact: f64 = LineKind::ALL
                .iter()
                .map(|&f| {
                    let (shape, depth) = (f64::from(surface.shape(f)[i]), f64::from(surface.local_depth_um(f)[i]));
                    shape * (0.5 * depth - 1e-3 * depth * depth)
                })
                .sum();
            assert!((z - surface.baseline.height_um[i] - exact).abs() < 1e-3, "{i}");
        }
    }

    #[test]
    fn scars_lie_on_top_with_the_depth_they_are_given() {
        let scar = |x: f64, profile| ScarFootprint { centre_um: (x, 4000.0), width_um: 2500.0, profile, seed: 4 };
        let plain = surface("cheek", 6);
        let scars = [scar(2000.0, ScarProfile::Boxcar), scar(6000.0, ScarProfile::Hypertrophic)];
        let scarred = plain.clone().with_scars(&scars, &SkinTexture::embedded().unwrap());
        assert_eq!(scarred.scars().count(), 2);
        let mean = |m: &HeightMap, x: f64| {
            let c = (x / 25.0) as usize;
            (150..170).flat_map(|r| (c - 10..c + 10).map(move |c| m.height_um[r * 320 + c])).sum::<f64>() / 400.0
        };
        let (flat, deep) = (scarred.before(&[]), scarred.before(&[350.0, -200.0]));
        assert!((mean(&flat, 2000.0) - mean(&deep, 2000.0) - 330.0).abs() < 25.0);
        assert!((mean(&deep, 6000.0) - mean(&flat, 6000.0) - 180.0).abs() < 30.0);
        // Far from scars nothing has changed.
        assert_eq!(plain.before(&[]).height_um[..320 * 20], deep.height_um[..320 * 20]);
        // Its skin is smoother than that beside it.
        let rough = |s: &Surface, i: usize| s.shape(LineKind::Microrelief)[i];
        let inside: f32 =
            (150..170).flat_map(|r| (70..90).map(move |c| r * 320 + c)).map(|i| rough(&scarred, i) / rough(&plain, i).max(1e-6)).sum();
        assert!(inside / 400.0 < 0.6, "{}", inside / 400.0);
    }

    #[test]
    fn heights_go_into_memory_that_is_there() {
        let surface = surface("upper-lip", 9);
        let mut memory = vec![f64::NAN; 320 * 320];
        surface.heights_into(&buckled, &[], &mut memory);
        assert_eq!(memory, surface.heights(&buckled, &[]).height_um);
    }
}
