//! What healing hands to the read-outs.

/// State of one layer of dermis, averaged over its area. Cells are relative to resting fibroblasts,
/// collagen to the layer's total before treatment; all are at their resting value in untreated skin.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
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
}

impl LayerState {
    /// All collagen (1 at rest).
    #[must_use]
    pub fn collagen(&self) -> f64 {
        self.collagen_i_new + self.collagen_iii_new + self.collagen_i_mature + self.collagen_iii_mature
    }

    /// Share of the collagen with mature cross-links.
    #[must_use]
    pub fn maturity(&self) -> f64 {
        (self.collagen_i_mature + self.collagen_iii_mature) / self.collagen()
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
