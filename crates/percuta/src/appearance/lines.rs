//! Fine and coarse lines as wrinkles of a stiff film on a soft foundation.
//!
//! Textbook theory (plane-strain moduli): wavelength `2 pi h (Ef/3Es)^(1/3)`, critical compression
//! `1/4 (3Es/Ef)^(2/3)`, amplitude `h sqrt(strain/critical - 1)`. A line that exists cannot change its
//! wavelength freely, because furrows are anchored in the tissue; for a wave number `k` the compression at which
//! it appears is `(kh)^2/12 + Es/(2 Ef kh)` and the amplitude `(2/k) sqrt(strain - that)`, which is the textbook
//! result at the preferred `k`. The card `lines.wavelength_freedom` says how far the wavelength follows.

use crate::healing::{HealingHistory, LayerState};
use crate::population::{Draw, Group, ParameterError};
use crate::skin::Layers;

/// Wavelength that a film prefers, µm; `stiffness_ratio` is film over foundation (plane-strain moduli).
#[must_use]
pub fn critical_wavelength_um(film_um: f64, stiffness_ratio: f64) -> f64 {
    std::f64::consts::TAU * film_um * (stiffness_ratio / 3.0).cbrt()
}

/// Compressive strain at which a film wrinkles, 1; `stiffness_ratio` is film over foundation.
#[must_use]
pub fn critical_strain(stiffness_ratio: f64) -> f64 {
    0.25 * (3.0 / stiffness_ratio).powf(2.0 / 3.0)
}

/// Lines of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineFamily {
    /// Thickness of the film that wrinkles, µm.
    pub film_um: f64,
    /// Distance between neighbouring lines, µm.
    pub wavelength_um: f64,
    /// Depth from peak to valley, µm: twice the amplitude.
    pub depth_um: f64,
}

/// How film, foundation and compression differ from baseline. [`LineChange::NONE`] is baseline itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineChange {
    /// Film thickness relative to baseline.
    pub film: f64,
    /// Stiffness of the foundation over that of the film, relative to baseline.
    pub foundation: f64,
    /// Compressive strain of the film that new matrix has taken away, 1.
    pub relief: f64,
}

impl LineChange {
    /// No change.
    pub const NONE: Self = Self { film: 1.0, foundation: 1.0, relief: 0.0 };
}

impl LineFamily {
    /// Stiffness of film over foundation that the wavelength and the film's thickness imply.
    #[must_use]
    pub fn stiffness_ratio(&self) -> f64 {
        3.0 * (self.wavelength_um / (std::f64::consts::TAU * self.film_um)).powi(3)
    }

    /// Compressive strain at which the family appears.
    #[must_use]
    pub fn critical_strain(&self) -> f64 {
        critical_strain(self.stiffness_ratio())
    }

    /// Compressive strain over the critical one that the depth implies.
    fn load(&self) -> f64 {
        1.0 + (0.5 * self.depth_um / self.film_um).powi(2)
    }

    /// Compressive strain that the depth implies.
    #[must_use]
    pub fn pre_strain(&self) -> f64 {
        self.critical_strain() * self.load()
    }

    /// The family after a change; its depth is 0 below the threshold.
    ///
    /// `wavelength_freedom` 1 lets the wavelength follow to the new preferred one, 0 keeps it. Everything is
    /// relative to baseline, so that no change gives exactly the same family.
    #[must_use]
    pub fn after(&self, change: LineChange, wavelength_freedom: f64) -> Self {
        let wave_number = (change.foundation.cbrt() / change.film).powf(wavelength_freedom);
        let kh = wave_number * change.film;
        // Both relative to the critical strain at baseline.
        let threshold = (kh * kh + 2.0 * change.foundation / kh) / 3.0;
        let load = self.load() - change.relief / self.critical_strain();
        let excess = self.load() - 1.0;
        let depth_um =
            if excess > 0.0 && load > threshold { self.depth_um / wave_number * ((load - threshold) / excess).sqrt() } else { 0.0 };
        Self { film_um: self.film_um * change.film, wavelength_um: self.wavelength_um / wave_number, depth_um }
    }
}

/// The three families of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LineFamilies {
    /// Primary microrelief: stratum corneum on the living skin.
    pub microrelief: LineFamily,
    /// Fine lines: epidermis on papillary dermis.
    pub fine: LineFamily,
    /// Coarse lines: epidermis with papillary dermis, on the dermis as a whole.
    pub coarse: LineFamily,
}

/// Read-outs of the lines over time, on the days of the history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineSeries {
    /// `microrelief_depth`, µm.
    pub microrelief_depth: Vec<f64>,
    /// `fine_line_depth`, µm.
    pub fine_line_depth: Vec<f64>,
    /// `coarse_line_depth`, µm.
    pub coarse_line_depth: Vec<f64>,
    /// `lemperle_grade`, 0 to 5.
    pub lemperle_grade: Vec<f64>,
}

/// Lines of one member before treatment and how they follow the tissue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lines {
    baseline: LineFamilies,
    stratum_corneum_um: f64,
    viable_epidermis_um: f64,
    under_coarse_um: f64,
    density_exponent: f64,
    maturity_exponent: f64,
    relief_per_gain: f64,
    wavelength_freedom: f64,
    um_per_grade: f64,
    highest_grade: f64,
}

impl Lines {
    /// Reads the cards `lines.*`; fine and coarse lines deepen with `age_years`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw, layers: &Layers, age_years: f64) -> Result<Self, ParameterError> {
        let lines = draw.group("lines");
        let aged = ageing(&lines, age_years)?;
        let family = |name: &str, film_um: f64| -> Result<LineFamily, ParameterError> {
            Ok(LineFamily {
                film_um,
                wavelength_um: lines.get(&format!("{name}_wavelength"), "um")?,
                depth_um: lines.get(&format!("{name}_depth"), "um")?,
            })
        };
        let microrelief = family("microrelief", layers.stratum_corneum_um)?;
        let mut fine = family("fine", layers.epidermis_um())?;
        fine.depth_um *= 1.0 + aged * (lines.get("fine_ageing", "1")? - 1.0);
        // Under a wrinkle the dermis is thinner than beside it.
        let under_coarse_um = lines.get("coarse_thinning", "1")? * layers.papillary_dermis_um;
        let mut coarse = family("coarse", layers.epidermis_um() + under_coarse_um)?;
        coarse.depth_um *= 1.0 + aged * (lines.get("coarse_ageing", "1")? - 1.0);
        Ok(Self {
            baseline: LineFamilies { microrelief, fine, coarse },
            stratum_corneum_um: layers.stratum_corneum_um,
            viable_epidermis_um: layers.viable_epidermis_um,
            under_coarse_um,
            density_exponent: lines.get("density_exponent", "1")?,
            maturity_exponent: lines.get("maturity_exponent", "1")?,
            relief_per_gain: lines.get("relief_per_gain", "1")?,
            wavelength_freedom: lines.get("wavelength_freedom", "1")?,
            um_per_grade: lines.get("lemperle_step", "um")?,
            highest_grade: lines.get("lemperle_highest", "1")?,
        })
    }

    /// The families before treatment.
    #[must_use]
    pub fn baseline(&self) -> LineFamilies {
        self.baseline
    }

    /// The families on a day of the history; the report draws its profiles from them.
    #[must_use]
    pub fn at(&self, history: &HealingHistory, day: usize) -> LineFamilies {
        let junction = history.dermis_edges_um.get(history.papillary_layers).copied().unwrap_or(f64::INFINITY);
        let papillary = self.matrix(history, day, 0.0, junction);
        let whole = self.matrix(history, day, 0.0, f64::INFINITY);

        let epidermis = |factor: f64| self.stratum_corneum_um + self.viable_epidermis_um * factor;
        let (now, before) = (epidermis(history.epidermis_factor[day]), epidermis(1.0));
        let under_film = |film: f64| LineChange { film, foundation: papillary.stiffness, relief: self.relief_per_gain * papillary.gain };
        let coarse = LineChange {
            film: (now + self.under_coarse_um) / (before + self.under_coarse_um),
            // The epidermis, twenty times as stiff as dermis, gives this film its stiffness, so the film keeps it.
            foundation: whole.stiffness,
            relief: self.relief_per_gain * whole.gain,
        };
        LineFamilies {
            microrelief: self.baseline.microrelief.after(under_film(1.0), self.wavelength_freedom),
            fine: self.baseline.fine.after(under_film(now / before), self.wavelength_freedom),
            coarse: self.baseline.coarse.after(coarse, self.wavelength_freedom),
        }
    }

    /// Depths and grade on every day of the history.
    #[must_use]
    pub fn series(&self, history: &HealingHistory) -> LineSeries {
        let mut series = LineSeries::default();
        for day in 0..history.days.len() {
            let families = self.at(history, day);
            series.microrelief_depth.push(families.microrelief.depth_um);
            series.fine_line_depth.push(families.fine.depth_um);
            series.coarse_line_depth.push(families.coarse.depth_um);
            series.lemperle_grade.push(self.lemperle_grade(families.coarse.depth_um));
        }
        series
    }

    /// Lemperle grade that a depth corresponds to, on a continuous scale: a band's upper border is its grade.
    #[must_use]
    pub fn lemperle_grade(&self, depth_um: f64) -> f64 {
        (depth_um / self.um_per_grade).min(self.highest_grade)
    }

    /// Collagen gain and stiffness relative to baseline between two depths.
    fn matrix(&self, history: &HealingHistory, day: usize, from_um: f64, to_um: f64) -> Matrix {
        let collagen = history.average(day, from_um, to_um, LayerState::collagen);
        // On the first day the matrix still has its resting composition.
        let maturity = history.average(day, from_um, to_um, LayerState::maturity);
        let resting = history.average(0, from_um, to_um, LayerState::maturity);
        Matrix { gain: collagen - 1.0, stiffness: collagen.powf(self.density_exponent) * (maturity / resting).powf(self.maturity_exponent) }
    }
}

struct Matrix {
    gain: f64,
    stiffness: f64,
}

/// How far lines have aged: 0 before the onset, 1 from the plateau on, smooth between.
fn ageing(lines: &Group<'_>, age_years: f64) -> Result<f64, ParameterError> {
    let (onset, plateau) = (lines.get("ageing_onset", "y")?, lines.get("ageing_plateau", "y")?);
    let share = ((age_years - onset) / (plateau - onset)).clamp(0.0, 1.0);
    Ok(share * share * (3.0 - 2.0 * share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appearance::test_history::{resting, with_gain};
    use crate::population::{ParameterSet, draw_members};

    const LAYERS: Layers = Layers { stratum_corneum_um: 15.0, viable_epidermis_um: 65.0, papillary_dermis_um: 250.0, dermis_um: 1000.0 };

    fn central() -> Draw {
        Draw::central(&ParameterSet::embedded().unwrap())
    }

    #[test]
    fn textbook_values() {
        for (film, ratio, wavelength, strain) in
            [(15.0, 100.0, 303.0, 0.0241), (15.0, 1000.0, 653.0, 0.0052), (80.0, 10.0, 751.0, 0.112), (300.0, 10.0, 2816.0, 0.112)]
        {
            assert!((critical_wavelength_um(film, ratio) / wavelength - 1.0).abs() < 0.003);
            assert!((critical_strain(ratio) / strain - 1.0).abs() < 0.01, "{}", critical_strain(ratio));
        }
    }

    #[test]
    fn solving_back_and_forth_gives_the_same_family() {
        let family = LineFamily { film_um: 80.0, wavelength_um: 1000.0, depth_um: 120.0 };
        let ratio = family.stiffness_ratio();
        assert!((critical_wavelength_um(80.0, ratio) - 1000.0).abs() < 1e-9);
        let amplitude = 80.0 * (family.pre_strain() / critical_strain(ratio) - 1.0).sqrt();
        assert!((2.0 * amplitude - 120.0).abs() < 1e-9);
        for freedom in [0.0, 0.3, 1.0] {
            assert_eq!(family.after(LineChange::NONE, freedom), family);
        }
    }

    #[test]
    fn a_free_wavelength_gives_the_textbook_amplitude() {
        let family = LineFamily { film_um: 80.0, wavelength_um: 1000.0, depth_um: 120.0 };
        let change = LineChange { film: 1.2, foundation: 1.3, relief: 0.004 };
        let after = family.after(change, 1.0);
        let ratio = family.stiffness_ratio() / change.foundation;
        let film = 80.0 * change.film;
        assert!((after.wavelength_um - critical_wavelength_um(film, ratio)).abs() < 1e-9);
        let amplitude = film * ((family.pre_strain() - change.relief) / critical_strain(ratio) - 1.0).sqrt();
        assert!((after.depth_um - 2.0 * amplitude).abs() < 1e-9, "{} {}", after.depth_um, 2.0 * amplitude);
    }

    #[test]
    fn collagen_alone_moves_the_wavelength_by_two_to_six_per_cent() {
        let family = LineFamily { film_um: 80.0, wavelength_um: 1000.0, depth_um: 120.0 };
        let moved = |foundation| 1.0 - family.after(LineChange { foundation, ..LineChange::NONE }, 1.0).wavelength_um / 1000.0;
        assert!((0.015..0.02).contains(&moved(1.05)));
        assert!((0.05..0.065).contains(&moved(1.2)));
    }

    #[test]
    fn lines_near_threshold_vanish_and_deep_ones_barely_move() {
        let change = LineChange { film: 1.0, foundation: 1.05, relief: 0.005 };
        let left = |depth_um| {
            let family = LineFamily { film_um: 80.0, wavelength_um: 1000.0, depth_um };
            family.after(change, 1.0).depth_um / depth_um
        };
        assert_eq!(left(40.0), 0.0);
        assert!(left(80.0) < left(160.0) && left(160.0) < left(600.0));
        assert!(left(600.0) > 0.95 && left(600.0) < 1.0);
    }

    #[test]
    fn untreated_skin_keeps_its_lines() {
        let history = resting(&[0.0, 28.0, 3650.0], 1000.0);
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 1, 16) {
            let lines = Lines::from_draw(&draw, &LAYERS, 52.0).unwrap();
            let series = lines.series(&history);
            for day in 0..3 {
                assert_eq!(lines.at(&history, day), lines.baseline());
                assert_eq!(series.fine_line_depth[day], lines.baseline().fine.depth_um);
            }
        }
    }

    #[test]
    fn new_matrix_makes_every_family_shallower() {
        let history = with_gain(resting(&[0.0, 90.0], 1000.0), 0.2, 700.0);
        let series = Lines::from_draw(&central(), &LAYERS, 52.0).unwrap().series(&history);
        for depths in [&series.microrelief_depth, &series.fine_line_depth, &series.coarse_line_depth, &series.lemperle_grade] {
            assert!(depths[1] < depths[0], "{depths:?}");
            assert!(depths[1] > 0.0, "{depths:?}");
        }
    }

    #[test]
    fn lines_deepen_between_the_onset_and_the_plateau_only() {
        let at = |age| Lines::from_draw(&central(), &LAYERS, age).unwrap().baseline();
        assert_eq!(at(25.0), at(40.0));
        assert!(at(40.0).fine.depth_um < at(50.0).fine.depth_um);
        assert!(at(50.0).coarse.depth_um < at(60.0).coarse.depth_um);
        assert_eq!(at(60.0), at(80.0));
    }

    #[test]
    fn the_grade_is_capped() {
        let lines = Lines::from_draw(&central(), &LAYERS, 52.0).unwrap();
        assert_eq!(lines.lemperle_grade(0.0), 0.0);
        assert!((lines.lemperle_grade(400.0) - 2.0).abs() < 1e-12);
        assert_eq!(lines.lemperle_grade(5000.0), 5.0);
    }

    #[test]
    fn every_member_of_treated_skin_has_finite_lines() {
        let mut history = with_gain(resting(&[0.0, 90.0], 1000.0), 0.5, 1080.0);
        history.epidermis_factor[1] = 1.5;
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 2, 100) {
            let series = Lines::from_draw(&draw, &LAYERS, 70.0).unwrap().series(&history);
            for depths in [&series.microrelief_depth, &series.fine_line_depth, &series.coarse_line_depth, &series.lemperle_grade] {
                assert!(depths.iter().all(|d| d.is_finite() && *d >= 0.0), "{depths:?}");
            }
        }
    }
}
