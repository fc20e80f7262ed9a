//! Where lesions, scars and punctures are. Their strength comes from the model; their outlines are ornament.

use percuta::population::{Draw, ParameterError};

use super::grid::Grid;
use super::texture::{clouds, normal, step};
use crate::figures::noise::noise;

/// Share of a lesion's excess of melanin at each pixel: an irregular patch like a map, fading at its border, spared at pores.
#[must_use]
pub fn melasma(grid: Grid, seed: u64, pores: &[(f64, f64, f64)]) -> Vec<f32> {
    let (width, height) = grid.size_um();
    let side = width.min(height);
    let mut spared = vec![0.0f32; grid.len()];
    for &(x, y, radius) in pores {
        for (k, off) in grid.around((x, y), 3.0 * radius) {
            spared[k] = spared[k].max((1.0 - step(0.9, 2.4, off / radius)) as f32);
        }
    }
    grid.pixels(|row, column| {
        let k = row * grid.columns + column;
        let (x, y) = ((column as f64 + 0.5) * grid.pixel_um, (row as f64 + 0.5) * grid.pixel_um);
        let off = ((x - 0.56 * width) / (0.40 * side)).hypot((y - 0.52 * height) / (0.34 * side));
        let coast = 0.26 * clouds(seed ^ 61, x / (0.3 * side), y / (0.3 * side), 4, 0.62);
        let inside = 1.0 - step(0.72, 1.18, off + coast);
        let net = 0.85 + 0.15 * clouds(seed ^ 62, x / 450.0, y / 450.0, 3, 0.7);
        (inside * net * (1.0 - 0.7 * f64::from(spared[k]))).clamp(0.0, 1.3) as f32
    })
}

/// A round mark such as acne leaves, or the floor of a scar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Macule {
    /// Middle, µm.
    pub middle_um: (f64, f64),
    /// Radius at half its strength, µm.
    pub radius_um: f64,
    /// Width of its border as a share of the radius.
    pub fade: f64,
}

impl Macule {
    /// Share of its strength at each pixel.
    #[must_use]
    pub fn extent(&self, grid: Grid, seed: u64) -> Vec<f32> {
        let mut field = vec![0.0f32; grid.len()];
        let (x0, y0) = self.middle_um;
        for (k, _) in grid.around(self.middle_um, self.radius_um * (1.4 + self.fade)) {
            let (x, y) = (((k % grid.columns) as f64 + 0.5) * grid.pixel_um, ((k / grid.columns) as f64 + 0.5) * grid.pixel_um);
            let off = (x - x0).hypot(y - y0) / self.radius_um;
            let wave = 0.09 * clouds(seed ^ 63, x / self.radius_um, y / self.radius_um, 3, 0.6);
            let net = 1.0 + 0.12 * clouds(seed ^ 64, x / 300.0, y / 300.0, 2, 0.7);
            field[k] = ((1.0 - step(1.0 - self.fade, 1.0 + self.fade, off + wave)) * net) as f32;
        }
        field
    }
}

/// What is to be seen of punctures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PunctureMarks {
    /// Radius of a dot, µm.
    pub radius_um: f64,
    /// Share of the punctures with a drop of blood on them.
    pub bled: f64,
    /// Thickness of a drop of blood, µm.
    pub blood_um: f64,
    /// Thickness of a crust, µm.
    pub crust_um: f64,
    /// Reach of the redness around a puncture, µm.
    pub halo_um: f64,
    /// Redness at a puncture relative to that between punctures, minus 1.
    pub halo: f64,
}

/// Absorption coefficients of what lies on a puncture for red, green and blue, 1/mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Films {
    /// Whole blood.
    pub blood: [f64; 3],
    /// Dried blood and serum.
    pub crust: [f64; 3],
}

impl Films {
    /// Reads the cards `photograph.blood_*` and `photograph.crust_*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let cards = draw.group("photograph");
        let get = |name: &str| cards.get(name, "1/mm");
        Ok(Self {
            blood: [get("blood_red")?, get("blood_green")?, get("blood_blue")?],
            crust: [get("crust_red")?, get("crust_green")?, get("crust_blue")?],
        })
    }
}

impl PunctureMarks {
    /// What is to be seen so many days after a session, with crusts that last so many days and so large a share of bleeding
    /// punctures; nothing once the crusts are gone. Reads the cards `photograph.drop_*`, `crust_thickness` and `halo_*`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw, days_since: f64, crusts_d: f64, bled: f64) -> Result<Option<Self>, ParameterError> {
        let cards = draw.group("photograph");
        // Blood is wiped off or dries within the day; a crust wears off evenly.
        let fresh = days_since < 0.5;
        let left = (1.0 - days_since / crusts_d.max(1e-9)).max(0.0);
        if days_since < 0.0 || (!fresh && left == 0.0) {
            return Ok(None);
        }
        Ok(Some(Self {
            radius_um: cards.get("drop_radius", "um")?,
            bled,
            blood_um: if fresh { cards.get("drop_thickness", "um")? } else { 0.0 },
            crust_um: if fresh { 0.0 } else { left * cards.get("crust_thickness", "um")? },
            halo_um: cards.get("halo_reach", "um")?,
            halo: cards.get("halo_strength", "1")? * (-days_since / cards.get("halo_decay", "d")?).exp(),
        }))
    }

    /// Redness around the punctures (x, y, µm), mean 1.
    #[must_use]
    pub fn redness(&self, grid: Grid, punctures: &[(f64, f64)]) -> Vec<f32> {
        let mut field = vec![0.0f32; grid.len()];
        for &place in punctures {
            for (k, off) in grid.around(place, 3.0 * self.halo_um) {
                field[k] += (-0.5 * (off / self.halo_um).powi(2)).exp() as f32;
            }
        }
        // Halos that meet do not add up without end.
        let mut field: Vec<f32> = field.iter().map(|h| 1.0 + self.halo as f32 * (1.0 - (-h).exp())).collect();
        let mean = field.iter().map(|v| f64::from(*v)).sum::<f64>() / field.len().max(1) as f64;
        field.iter_mut().for_each(|v| *v /= mean as f32);
        field
    }

    /// Share of light that passes drops and crusts, there and back.
    #[must_use]
    pub fn cover(&self, grid: Grid, punctures: &[(f64, f64)], seed: u64, films: &Films) -> Vec<[f32; 3]> {
        let mut blood = vec![0.0f32; grid.len()];
        let mut crust = vec![0.0f32; grid.len()];
        for (i, &(x, y)) in punctures.iter().enumerate() {
            let own = i as u64;
            let radius = self.radius_um * (0.3 * normal(seed ^ 71, own)).exp();
            let bleeds = noise(seed ^ 72, own) < self.bled;
            let amount = (0.4 * normal(seed ^ 73, own)).exp();
            for (k, _) in grid.around((x, y), 2.0 * radius + grid.pixel_um) {
                let (px, py) = (((k % grid.columns) as f64 + 0.5) * grid.pixel_um, ((k / grid.columns) as f64 + 0.5) * grid.pixel_um);
                let off = (px - x).hypot(py - y) / radius + 0.14 * clouds(seed ^ 74, 0.7 * px / radius, 0.7 * py / radius, 2, 0.5);
                // Thickest in the middle, thin and soft at the rim.
                let drop = (1.0 - 0.45 * off * off).max(0.0).powi(2);
                if bleeds {
                    blood[k] = blood[k].max((amount * drop * self.blood_um) as f32);
                }
                crust[k] = crust[k].max((amount * drop * self.crust_um) as f32);
            }
        }
        (0..grid.len())
            .map(|k| {
                let (b, c) = (f64::from(blood[k]) * 1e-3, f64::from(crust[k]) * 1e-3);
                [0, 1, 2].map(|i| (-2.0 * (films.blood[i] * b + films.crust[i] * c)).exp() as f32)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use percuta::population::ParameterSet;

    use super::*;

    #[test]
    fn blood_is_fresh_and_crusts_wear_off() {
        let draw = Draw::central(&ParameterSet::embedded().unwrap());
        let at = |days| PunctureMarks::from_draw(&draw, days, 6.0, 0.4).unwrap();
        let (now, later, late) = (at(0.0).unwrap(), at(2.0).unwrap(), at(5.0).unwrap());
        assert!(now.blood_um > 0.0 && now.crust_um == 0.0 && later.blood_um == 0.0);
        assert!(later.crust_um > late.crust_um && late.crust_um > 0.0 && now.halo > later.halo);
        assert!(at(6.0).is_none() && at(-1.0).is_none());
    }

    #[test]
    fn drops_are_red_and_crusts_are_brown() {
        let draw = Draw::central(&ParameterSet::embedded().unwrap());
        let (films, grid) = (Films::from_draw(&draw).unwrap(), Grid { columns: 40, rows: 40, pixel_um: 10.0 });
        let darkest = |marks: PunctureMarks| {
            let cover = marks.cover(grid, &[(200.0, 200.0)], 1, &films);
            assert!(cover[0] == [1.0; 3], "far from the puncture nothing lies on the skin");
            cover.into_iter().min_by(|a, b| a[1].total_cmp(&b[1])).unwrap()
        };
        let fresh = PunctureMarks::from_draw(&draw, 0.0, 6.0, 1.0).unwrap().unwrap();
        let (drop, crust) = (darkest(fresh), darkest(PunctureMarks { blood_um: 0.0, crust_um: fresh.blood_um, ..fresh }));
        assert!(drop[0] > 0.85 && drop[1] < 0.4 && crust[0] < drop[0], "{drop:?} {crust:?}");
    }
}
