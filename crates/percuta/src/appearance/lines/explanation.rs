//! The two published explanations of wrinkles, and what each lets needling change.
//!
//! | | epidermal | papillary |
//! |---|---|---|
//! | film of fine lines | epidermis as a plate of two layers, corneum and living | epidermis as one layer |
//! | film of coarse lines | the same | epidermis and the thinned papillary dermis below it |
//! | foundation of fine lines | dermis | papillary dermis alone |
//! | foundation of coarse lines | dermis | dermis below the film, as deep as the wave reaches |
//! | stiffness of the foundation | as it was: the dermis is no trigger | elastic fibres and collagen side by side |
//! | compression | imposed from outside by expression | partly taken up by new matrix |
//!
//! Of the microrelief they think alike but for the last two rows: corneum on living epidermis and on what lies below it. Film theory
//! itself would let a stiffer dermis flatten lines; the first explanation holds that it does not, so the truth may lie between the two.

use super::film::{LineChange, Plate, felt_above};
use super::{LineKind, Lines};
use crate::healing::{HealingHistory, LayerState};

/// Which explanation a member follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Explanation {
    /// Thinning and stiffening of the epidermis makes it buckle as a whole; the dermis is no trigger (Kuwazuru et al. 2008).
    Epidermal,
    /// Loss of elastic fibres makes the papillary dermis the weak link below the epidermis (Kruglikov & Scherer 2018).
    Papillary,
}

impl Explanation {
    /// The explanation that a value of the card `lines.explanation` stands for.
    #[must_use]
    pub fn of(card: f64) -> Self {
        if card < 0.5 { Self::Epidermal } else { Self::Papillary }
    }

    /// The value of the card that stands for the explanation.
    #[must_use]
    pub fn card(self) -> f64 {
        match self {
            Self::Epidermal => 0.0,
            Self::Papillary => 1.0,
        }
    }
}

impl Lines {
    /// The film of a family while the living epidermis is `thickening` times as thick as at baseline; moduli relative to the living
    /// epidermis.
    pub(super) fn film(&self, kind: LineKind, thickening: f64) -> Plate {
        let (corneum, living) = (self.stratum_corneum_um, self.viable_epidermis_um * thickening);
        match (kind, self.explanation) {
            (LineKind::Microrelief, _) => Plate::of(&[(corneum, 1.0)]),
            (_, Explanation::Epidermal) => Plate::of(&[(corneum, self.corneum_modulus), (living, 1.0)]),
            (LineKind::Fine, Explanation::Papillary) => Plate::of(&[(corneum + living, 1.0)]),
            // The epidermis, twenty times as stiff as dermis, gives this film its stiffness, so the film keeps it.
            (LineKind::Coarse, Explanation::Papillary) => Plate::of(&[(corneum + living + self.under_coarse_um, 1.0)]),
        }
    }

    /// What has changed for a family on a day of the history.
    pub(super) fn change(&self, kind: LineKind, history: &HealingHistory, day: usize) -> LineChange {
        let thickening = history.epidermis_factor[day];
        let (now, before) = (self.film(kind, thickening), self.film(kind, 1.0));
        let wave_number = std::f64::consts::TAU / self.baseline.of(kind).wavelength_um;
        let dermis = Felt { lines: self, history, day, wave_number };
        let junction = history.dermis_edges_um.first().copied().unwrap_or(0.0);
        let papillary = history.dermis_edges_um.get(history.papillary_layers).copied().unwrap_or(junction);
        let foundation = match (kind, self.explanation) {
            (LineKind::Microrelief, _) => {
                let (thin, thick) = (self.viable_epidermis_um, self.viable_epidermis_um * thickening);
                // Living epidermis over dermis, in units of the dermis; `above` is how far the dermis lies below the corneum.
                let stiffness = |above: f64| 1.0 + (self.epidermis_over_dermis - 1.0) * felt_above(wave_number, above);
                (stiffness(thick) + dermis.change(junction - thick, f64::INFINITY)) / stiffness(thin)
            }
            (_, Explanation::Epidermal) => 1.0,
            (LineKind::Fine, Explanation::Papillary) => {
                1.0 + dermis.change(junction, papillary) / felt_above(wave_number, papillary - junction).max(f64::MIN_POSITIVE)
            }
            (LineKind::Coarse, Explanation::Papillary) => 1.0 + dermis.change(junction + self.under_coarse_um, f64::INFINITY),
        };
        let relief = match (kind, self.explanation) {
            (_, Explanation::Epidermal) => 0.0,
            (LineKind::Coarse, Explanation::Papillary) => self.relief_per_gain * gain(history, day, f64::INFINITY),
            (_, Explanation::Papillary) => self.relief_per_gain * gain(history, day, papillary),
        };
        LineChange { bending: now.bending / before.bending, membrane: now.membrane / before.membrane, foundation, relief }
    }

    /// Stiffness of a layer of dermis relative to what it was at baseline.
    fn stiffness(&self, now: &LayerState, before: &LayerState) -> f64 {
        if self.explanation == Explanation::Epidermal {
            return 1.0;
        }
        let density = (now.collagen() / before.collagen()).powf(self.density_exponent);
        let collagen = density * (now.maturity() / before.maturity()).powf(self.maturity_exponent);
        1.0 + self.elastic_share * (now.elastin / before.elastin - 1.0) + (1.0 - self.elastic_share) * (collagen - 1.0)
    }
}

/// Gain of what fills the dermis between the junction and a depth, relative to baseline.
fn gain(history: &HealingHistory, day: usize, to_um: f64) -> f64 {
    history.average(day, 0.0, to_um, LayerState::filling) / history.average(0, 0.0, to_um, LayerState::filling) - 1.0
}

/// The dermis on a day as a wave feels it.
struct Felt<'a> {
    lines: &'a Lines,
    history: &'a HealingHistory,
    day: usize,
    wave_number: f64,
}

impl Felt<'_> {
    /// Change of stiffness of the dermis down to `to_um`, weighted by what a wave feels whose film ends at `film_um` below the surface.
    fn change(&self, film_um: f64, to_um: f64) -> f64 {
        let felt = |z: f64| felt_above(self.wave_number, z.min(to_um) - film_um);
        let layers = self.history.layers[self.day].iter().zip(&self.history.layers[0]);
        layers
            .zip(self.history.dermis_edges_um.windows(2))
            .map(|((now, before), edge)| (felt(edge[1]) - felt(edge[0])) * (self.lines.stiffness(now, before) - 1.0))
            .sum()
    }
}
