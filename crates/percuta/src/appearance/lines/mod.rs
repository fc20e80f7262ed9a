//! Fine and coarse lines as wrinkles of a stiff film on a soft foundation.
//!
//! [`film`] holds the mechanics, [`explanation`] which layers take part and how healing moves them, [`spread`] the lines of one family
//! that differ in depth. Baseline wavelength and depth of a family fix its film and its compression; from there on all is relative.

mod explanation;
mod film;
mod spread;

pub use explanation::Explanation;
pub use film::{LineChange, LineFamily, LineShift, critical_strain, critical_wavelength_um};

use self::spread::Spread;
use crate::healing::HealingHistory;
use crate::population::{Draw, Group, ParameterError};
use crate::skin::Layers;

const PER_CENT: f64 = 100.0;

/// A family of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// Primary microrelief.
    Microrelief,
    /// Fine lines.
    Fine,
    /// Coarse lines.
    Coarse,
}

impl LineKind {
    /// All families, from fine to coarse.
    pub const ALL: [Self; 3] = [Self::Microrelief, Self::Fine, Self::Coarse];
}

/// One value for each family.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerFamily<T> {
    /// Primary microrelief: stratum corneum on the living skin.
    pub microrelief: T,
    /// Fine lines.
    pub fine: T,
    /// Coarse lines.
    pub coarse: T,
}

impl<T: Copy> PerFamily<T> {
    /// That of one family.
    #[must_use]
    pub fn of(&self, kind: LineKind) -> T {
        match kind {
            LineKind::Microrelief => self.microrelief,
            LineKind::Fine => self.fine,
            LineKind::Coarse => self.coarse,
        }
    }

    fn each(f: impl Fn(LineKind) -> T) -> Self {
        Self { microrelief: f(LineKind::Microrelief), fine: f(LineKind::Fine), coarse: f(LineKind::Coarse) }
    }
}

/// The three families of one member.
pub type LineFamilies = PerFamily<LineFamily>;

/// What has become of the lines of one member on one day.
pub type LinesOfDay = PerFamily<LineShift>;

impl LinesOfDay {
    /// Depth of a line of a family that was `baseline_um` deep before treatment, µm: monotone, without memory, cheap enough for every
    /// pixel of a relief.
    #[must_use]
    pub fn depth_after(&self, kind: LineKind, baseline_um: f64) -> f64 {
        self.of(kind).depth_after(baseline_um)
    }
}

/// Read-outs of the lines over time, on the days of the history.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LineSeries {
    /// `microrelief_depth`, µm.
    pub microrelief_depth: Vec<f64>,
    /// `fine_line_depth`, µm.
    pub fine_line_depth: Vec<f64>,
    /// `fine_lines_vanished`, %.
    pub fine_lines_vanished: Vec<f64>,
    /// `coarse_line_depth`, µm.
    pub coarse_line_depth: Vec<f64>,
    /// `lemperle_grade`, 0 to 5.
    pub lemperle_grade: Vec<f64>,
}

/// Lines of one member before treatment and how they follow the tissue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lines {
    explanation: Explanation,
    baseline: LineFamilies,
    spread: Spread,
    stratum_corneum_um: f64,
    viable_epidermis_um: f64,
    under_coarse_um: f64,
    corneum_modulus: f64,
    epidermis_over_dermis: f64,
    density_exponent: f64,
    maturity_exponent: f64,
    elastic_share: f64,
    relief_per_gain: f64,
    wavelength_freedom: f64,
    um_per_grade: f64,
    highest_grade: f64,
}

impl Lines {
    /// Reads the cards `lines.*`; fine and coarse lines deepen with `age_years`, and elastic fibres are lost.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw, layers: &Layers, age_years: f64) -> Result<Self, ParameterError> {
        let lines = draw.group("lines");
        let aged = ageing(&lines, age_years)?;
        let family = |name: &str, deepening: f64| -> Result<LineFamily, ParameterError> {
            Ok(LineFamily {
                film_um: 0.0,
                wavelength_um: lines.get(&format!("{name}_wavelength"), "um")?,
                depth_um: lines.get(&format!("{name}_depth"), "um")? * (1.0 + aged * (deepening - 1.0)),
            })
        };
        let mut member = Self {
            explanation: Explanation::of(lines.get("explanation", "1")?),
            baseline: LineFamilies {
                microrelief: family("microrelief", 1.0)?,
                fine: family("fine", lines.get("fine_ageing", "1")?)?,
                coarse: family("coarse", lines.get("coarse_ageing", "1")?)?,
            },
            spread: Spread::new(lines.get("depth_spread", "1")?),
            stratum_corneum_um: layers.stratum_corneum_um,
            viable_epidermis_um: layers.viable_epidermis_um,
            // Under a wrinkle the dermis is thinner than beside it.
            under_coarse_um: lines.get("coarse_thinning", "1")? * layers.papillary_dermis_um,
            corneum_modulus: lines.get("corneum_modulus", "1")?,
            epidermis_over_dermis: lines.get("epidermis_over_dermis", "1")?,
            density_exponent: lines.get("density_exponent", "1")?,
            maturity_exponent: lines.get("maturity_exponent", "1")?,
            elastic_share: elastic_share(lines.get("elastic_stability", "1")?, aged * lines.get("elastic_loss", "1")?),
            relief_per_gain: lines.get("relief_per_gain", "1")?,
            wavelength_freedom: lines.get("wavelength_freedom", "1")?,
            um_per_grade: lines.get("lemperle_step", "um")?,
            highest_grade: lines.get("lemperle_highest", "1")?,
        };
        let with_film = |kind| LineFamily { film_um: member.film(kind, 1.0).thickness_um(), ..member.baseline.of(kind) };
        member.baseline = LineFamilies::each(with_film);
        Ok(member)
    }

    /// Which explanation the member follows.
    #[must_use]
    pub fn explanation(&self) -> Explanation {
        self.explanation
    }

    /// The families before treatment: their mean lines.
    #[must_use]
    pub fn baseline(&self) -> LineFamilies {
        self.baseline
    }

    /// How lines of any depth have changed on a day of the history.
    #[must_use]
    pub fn on(&self, history: &HealingHistory, day: usize) -> LinesOfDay {
        LinesOfDay::each(|kind| self.baseline.of(kind).shift(self.change(kind, history, day), self.wavelength_freedom))
    }

    /// The families on a day of the history, as their mean lines have changed.
    #[must_use]
    pub fn at(&self, history: &HealingHistory, day: usize) -> LineFamilies {
        LineFamilies::each(|kind| self.baseline.of(kind).after(self.change(kind, history, day), self.wavelength_freedom))
    }

    /// Mean depths of the families, the share of fine lines that vanish, and the grade on every day of the history.
    #[must_use]
    pub fn series(&self, history: &HealingHistory) -> LineSeries {
        let mut series = LineSeries::default();
        for day in 0..history.days.len() {
            let shifts = self.on(history, day);
            let mean = |kind| self.spread.mean_after(self.baseline.of(kind).depth_um, &shifts.of(kind));
            let coarse = mean(LineKind::Coarse);
            series.microrelief_depth.push(mean(LineKind::Microrelief));
            series.fine_line_depth.push(mean(LineKind::Fine));
            series.fine_lines_vanished.push(PER_CENT * self.spread.vanished(self.baseline.fine.depth_um, &shifts.fine));
            series.coarse_line_depth.push(coarse);
            series.lemperle_grade.push(self.lemperle_grade(coarse));
        }
        series
    }

    /// Lemperle grade that a depth corresponds to, on a continuous scale: a band's upper border is its grade.
    #[must_use]
    pub fn lemperle_grade(&self, depth_um: f64) -> f64 {
        (depth_um / self.um_per_grade).min(self.highest_grade)
    }
}

/// Share of the papillary dermis' stiffness that its elastic fibres carry after the share `lost` of them is gone.
///
/// Stability against wrinkling falls `stability`-fold without any elastic fibres. The critical strain follows the foundation's stiffness
/// to the power 2/3, so that in young skin they carry all but `stability^(-3/2)` of it.
fn elastic_share(stability: f64, lost: f64) -> f64 {
    let others = stability.powf(-1.5);
    let elastic = (1.0 - others) * (1.0 - lost);
    elastic / (elastic + others)
}

/// How far lines have aged: 0 before the onset, 1 from the plateau on, smooth between.
fn ageing(lines: &Group<'_>, age_years: f64) -> Result<f64, ParameterError> {
    let (onset, plateau) = (lines.get("ageing_onset", "y")?, lines.get("ageing_plateau", "y")?);
    let share = ((age_years - onset) / (plateau - onset)).clamp(0.0, 1.0);
    Ok(share * share * (3.0 - 2.0 * share))
}

#[cfg(test)]
mod tests;
