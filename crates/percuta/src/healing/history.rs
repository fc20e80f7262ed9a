//! What healing hands to the read-outs.

use serde::{Deserialize, Serialize};

use super::block::Block;
use super::equations::Equations;

/// State of one layer of dermis, averaged over its area. Cells are relative to resting fibroblasts,
/// collagen to the layer's total before treatment; all are at their resting value in untreated skin.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct LayerState {
    /// Macrophages relative to the peak after a full alarm (`mu`).
    pub macrophages: f64,
    /// Blood clot and lysed tissue, as a share of the layer.
    pub clot: f64,
    /// Resting fibroblasts (1 at rest).
    pub fibroblasts: f64,
    /// Primed, matrix-making fibroblasts (0 at rest).
    pub primed: f64,
    /// Myofibroblasts (0 at rest).
    pub myofibroblasts: f64,
    /// Active TGF-β, ng/mL.
    pub tgf_beta: f64,
    /// Collagen I without mature cross-links.
    pub collagen_i_new: f64,
    /// Collagen III without mature cross-links.
    pub collagen_iii_new: f64,
    /// Cross-linked collagen I.
    pub collagen_i_mature: f64,
    /// Cross-linked collagen III.
    pub collagen_iii_mature: f64,
    /// Elastin (1 at rest).
    pub elastin: f64,
    /// Rate of collagen synthesis relative to rest (1 at rest).
    pub synthesis: f64,
    /// Matrix of before the course that no session has cut and no inflammation dissolved (1 at rest); what rest itself turns over counts
    /// as still there.
    pub original: f64,
}

impl LayerState {
    /// All collagen (1 at rest).
    #[must_use]
    pub fn collagen(&self) -> f64 {
        self.collagen_i_new + self.collagen_iii_new + self.collagen_i_mature + self.collagen_iii_mature
    }

    /// The state of one point, where the fibroblasts' TGF-β is `made` (ng/mL).
    #[inline(always)]
    #[must_use]
    pub fn at_point(block: &Block, i: usize, made: f64, equations: &Equations) -> Self {
        let per_peak = 1.0 / equations.parameters().macrophage_peak;
        let around = (block.reached_inflammatory[i] + block.reached_reparative[i]) * per_peak;
        Self {
            macrophages: (block.inflammatory[i] + block.reparative[i]) * per_peak,
            clot: block.clot[i],
            fibroblasts: block.fibroblasts[i],
            primed: block.primed[i],
            myofibroblasts: block.myofibroblasts[i],
            tgf_beta: equations.tgf_of_macrophages(around) + equations.tgf_of_clot(block.reached_clot[i]) + made,
            collagen_i_new: block.new_i[i],
            collagen_iii_new: block.new_iii[i],
            collagen_i_mature: block.mature_i[i],
            collagen_iii_mature: block.mature_iii[i],
            elastin: block.elastin[i],
            synthesis: equations.synthesis(block.fibroblasts[i], block.primed[i], block.myofibroblasts[i]),
            original: block.original[i],
        }
    }

    /// Every value, in the order of declaration.
    pub(crate) fn values_mut(&mut self) -> [&mut f64; 13] {
        [
            &mut self.macrophages,
            &mut self.clot,
            &mut self.fibroblasts,
            &mut self.primed,
            &mut self.myofibroblasts,
            &mut self.tgf_beta,
            &mut self.collagen_i_new,
            &mut self.collagen_iii_new,
            &mut self.collagen_i_mature,
            &mut self.collagen_iii_mature,
            &mut self.elastin,
            &mut self.synthesis,
            &mut self.original,
        ]
    }

    /// Adds `weight` times another state: for averages.
    pub(crate) fn add(&mut self, other: &Self, weight: f64) {
        let mut other = *other;
        for (sum, value) in self.values_mut().into_iter().zip(other.values_mut()) {
            *sum += weight * *value;
        }
    }

    /// Share of the collagen with mature cross-links.
    #[must_use]
    pub fn maturity(&self) -> f64 {
        (self.collagen_i_mature + self.collagen_iii_mature) / self.collagen()
    }

    /// Collagen, and the clot that holds the place of what was lysed until it is cleared (1 at rest): what fills the tissue.
    #[must_use]
    pub fn filling(&self) -> f64 {
        self.collagen() + self.clot
    }
}

/// The dermis and epidermis of one member at the requested days.
#[derive(Debug, Clone, PartialEq)]
pub struct HealingHistory {
    /// Days, increasing.
    pub days: Vec<f64>,
    /// Borders of the dermal layers below the skin surface, µm, increasing; the first is the dermal-epidermal junction.
    pub dermis_edges_um: Vec<f64>,
    /// Number of leading layers that are papillary dermis.
    pub papillary_layers: usize,
    /// `[day][dermal layer]`.
    pub layers: Vec<Vec<LayerState>>,
    /// Thickness of the viable epidermis relative to baseline, per day.
    pub epidermis_factor: Vec<f64>,
    /// Open share of the epidermal wound of the latest session (1 just after, 0 when re-epithelialised), per day.
    pub epidermal_wound: Vec<f64>,
}

impl HealingHistory {
    /// Average of `f` over the dermis between two depths below the surface, weighted by thickness.
    #[must_use]
    pub fn average(&self, day: usize, from_um: f64, to_um: f64, f: impl Fn(&LayerState) -> f64) -> f64 {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (state, edge) in self.layers[day].iter().zip(self.dermis_edges_um.windows(2)) {
            let share = (edge[1].min(to_um) - edge[0].max(from_um)).max(0.0);
            sum += share * f(state);
            weight += share;
        }
        sum / weight
    }

    /// Average of `f` over the whole dermis.
    #[must_use]
    pub fn dermis(&self, day: usize, f: impl Fn(&LayerState) -> f64) -> f64 {
        self.average(day, 0.0, f64::INFINITY, f)
    }

    /// Average of `f` over the papillary dermis.
    #[must_use]
    pub fn papillary(&self, day: usize, f: impl Fn(&LayerState) -> f64) -> f64 {
        self.average(day, 0.0, self.dermis_edges_um[self.papillary_layers], f)
    }
}
