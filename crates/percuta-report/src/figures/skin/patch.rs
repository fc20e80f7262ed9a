//! A square of skin through a course, and the studio in which it is photographed.

use super::gloss::Gloss;
use super::grid::Grid;
use super::lighting::Lighting;
use super::marks::{Films, Macule, PunctureMarks, melasma};
use super::mottle::{Mottle, Pore};
use super::photograph::{encoded_all, exposed};
use super::scene::{ColourOf, SkinScene};
use crate::figures::bitmap::Image;

/// Where a lesion is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LesionPatch {
    /// An irregular patch.
    Melasma,
    /// A round mark.
    Mark(Macule),
}

/// What the model says of the square at one visit.
#[derive(Debug, Clone, PartialEq)]
pub struct SkinVisit {
    /// Day after the first session.
    pub day: f64,
    /// Height of the surface, µm, row by row.
    pub height_um: Vec<f64>,
    /// Melanin relative to the skin of the colour function.
    pub melanin: f64,
    /// Blood relative to the skin of the colour function.
    pub blood: f64,
    /// Melanin of the lesion relative to the skin around it.
    pub lesion: f64,
    /// Melanin and blood of the floors of scars relative to the skin around them.
    pub scar_floor: (f64, f64),
    /// What is to be seen of the punctures, if anything.
    pub punctures: Option<PunctureMarks>,
}

/// A square of skin through a course.
pub struct SkinPatch<'a> {
    /// Where the pixels are.
    pub grid: Grid,
    /// Seed of the ornament.
    pub seed: u64,
    /// Age, years.
    pub age_years: f64,
    /// Pores.
    pub pores: &'a [Pore],
    /// Places of the punctures of a session, µm.
    pub punctures: &'a [(f64, f64)],
    /// Floors of scars.
    pub scars: &'a [Macule],
    /// The lesion, if there is one.
    pub lesion: Option<LesionPatch>,
    /// Colour from melanin and blood.
    pub colour: &'a ColourOf<'a>,
    /// Transport mean free path in the dermis for red, green and blue, µm.
    pub free_path_um: [f64; 3],
    /// Surface of the horny layer.
    pub gloss: Gloss,
    /// What lies on punctures.
    pub films: Films,
    /// The visits in order of time.
    pub visits: &'a [SkinVisit],
}

/// A patch with its ornament, which is the same at every visit.
pub struct Studio<'a> {
    /// The patch.
    pub patch: &'a SkinPatch<'a>,
    mottle: Mottle,
    lesion: Vec<f32>,
    floors: Vec<f32>,
}

impl<'a> Studio<'a> {
    /// Makes the ornament of the patch.
    #[must_use]
    pub fn new(patch: &'a SkinPatch<'a>) -> Self {
        let (grid, seed) = (patch.grid, patch.seed);
        let mut floors = vec![0.0f32; grid.len()];
        for (i, scar) in patch.scars.iter().enumerate() {
            for (all, own) in floors.iter_mut().zip(scar.extent(grid, seed.wrapping_add(i as u64))) {
                *all = all.max(own);
            }
        }
        let lesion = match patch.lesion {
            None => vec![0.0; grid.len()],
            Some(LesionPatch::Melasma) => melasma(grid, seed, patch.pores),
            Some(LesionPatch::Mark(mark)) => mark.extent(grid, seed),
        };
        Self { patch, mottle: Mottle::new(grid, seed, patch.age_years, patch.pores), lesion, floors }
    }

    /// Melanin of each pixel at a visit, relative to the skin of the colour function.
    #[must_use]
    pub fn melanin(&self, visit: &SkinVisit) -> Vec<f32> {
        let (lesion, floor) = ((visit.lesion - 1.0) as f32, (visit.scar_floor.0 - 1.0) as f32);
        let places = self.mottle.melanin.iter().zip(self.lesion.iter().zip(&self.floors));
        places.map(|(m, (l, f))| visit.melanin as f32 * m * (1.0 + lesion * l).max(0.0) * (1.0 + floor * f).max(0.0)).collect()
    }

    /// Blood of each pixel at a visit, relative to the skin of the colour function.
    #[must_use]
    pub fn blood(&self, visit: &SkinVisit) -> Vec<f32> {
        let floor = (visit.scar_floor.1 - 1.0) as f32;
        let places = self.mottle.blood.iter().zip(&self.floors);
        let mut blood: Vec<f32> = places.map(|(b, f)| visit.blood as f32 * b * (1.0 + floor * f).max(0.0)).collect();
        if let Some(marks) = &visit.punctures {
            for (b, red) in blood.iter_mut().zip(marks.redness(self.patch.grid, self.patch.punctures)) {
                *b *= red;
            }
        }
        blood
    }

    /// The photograph of a visit in linear light.
    #[must_use]
    pub fn linear(&self, visit: &SkinVisit, light: &Lighting) -> Vec<[f32; 3]> {
        let patch = self.patch;
        let (melanin, blood) = (self.melanin(visit), self.blood(visit));
        let mut cover = self.mottle.plugs.clone();
        if let Some(marks) = &visit.punctures {
            for (all, own) in cover.iter_mut().zip(marks.cover(patch.grid, patch.punctures, patch.seed, &patch.films)) {
                *all = [0, 1, 2].map(|c| all[c] * own[c]);
            }
        }
        let scene = SkinScene {
            grid: patch.grid,
            height_um: &visit.height_um,
            melanin: &melanin,
            blood: &blood,
            cover: &cover,
            colour: patch.colour,
            free_path_um: patch.free_path_um,
            gloss: patch.gloss,
            sebum: &self.mottle.sebum,
            corneocytes: &self.mottle.corneocytes,
        };
        exposed(&scene, light)
    }

    /// The photograph of a visit.
    #[must_use]
    pub fn photograph(&self, visit: &SkinVisit, light: &Lighting) -> Image {
        encoded_all(self.patch.grid, &self.linear(visit, light))
    }
}
