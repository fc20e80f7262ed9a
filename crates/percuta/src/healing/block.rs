//! Eight points of tissue side by side, so that one instruction works on several of them.

use super::HealingParameters;

/// Points per block.
pub const LANES: usize = 8;

/// One value of a state for each point of a block.
pub type Lane = [f64; LANES];

/// The twelve local states of eight points, the clot signal that reaches them, and the matrix ledger.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Block {
    /// Alarm that still calls macrophages (A).
    pub alarm: Lane,
    /// Inflammatory macrophages, in units of the alarm (I).
    pub inflammatory: Lane,
    /// Reparative macrophages, in units of the alarm (R).
    pub reparative: Lane,
    /// Clot and lysed tissue here, 0 to 1 (b).
    pub clot: Lane,
    /// Clot whose TGF-β reaches this point, in units of a point full of clot; 0 where nothing diffuses.
    pub clot_signal: Lane,
    /// Resting fibroblasts (f).
    pub fibroblasts: Lane,
    /// Primed fibroblasts (g).
    pub primed: Lane,
    /// Myofibroblasts (y).
    pub myofibroblasts: Lane,
    /// New collagen I (c1n).
    pub new_i: Lane,
    /// New collagen III (c3n).
    pub new_iii: Lane,
    /// Mature collagen I (c1m).
    pub mature_i: Lane,
    /// Mature collagen III (c3m).
    pub mature_iii: Lane,
    /// Elastin (e).
    pub elastin: Lane,
    /// Collagen made since the start.
    pub synthesised: Lane,
    /// Collagen lost since the start.
    pub degraded: Lane,
}

impl Block {
    /// Untreated tissue: an exact steady state of the equations.
    #[must_use]
    pub fn at_rest(p: &HealingParameters) -> Self {
        let (i, iii) = (p.rest_synthesis_i(), p.rest_synthesis_iii());
        Self {
            fibroblasts: [1.0; LANES],
            new_i: [i / p.cross_linking; LANES],
            new_iii: [iii / p.cross_linking; LANES],
            mature_i: [i / p.collagen_loss; LANES],
            mature_iii: [iii / (p.iii_turnover * p.collagen_loss); LANES],
            elastin: [1.0; LANES],
            ..Self::default()
        }
    }

    /// Makes one lane freshly lysed tissue: clot and nothing else.
    pub fn set_lysed(&mut self, lane: usize) {
        for state in [
            &mut self.fibroblasts,
            &mut self.primed,
            &mut self.myofibroblasts,
            &mut self.new_i,
            &mut self.new_iii,
            &mut self.mature_i,
            &mut self.mature_iii,
            &mut self.elastin,
            &mut self.synthesised,
            &mut self.degraded,
        ] {
            state[lane] = 0.0;
        }
        self.clot[lane] = 1.0;
    }

    /// The smallest value of any state in any lane.
    #[must_use]
    pub fn minimum(&self) -> f64 {
        [
            self.alarm,
            self.inflammatory,
            self.reparative,
            self.clot,
            self.clot_signal,
            self.fibroblasts,
            self.primed,
            self.myofibroblasts,
            self.new_i,
            self.new_iii,
            self.mature_i,
            self.mature_iii,
            self.elastin,
        ]
        .iter()
        .flatten()
        .copied()
        .fold(f64::INFINITY, f64::min)
    }

    /// All collagen of a lane.
    #[must_use]
    pub fn collagen(&self, lane: usize) -> f64 {
        self.new_i[lane] + self.new_iii[lane] + self.mature_i[lane] + self.mature_iii[lane]
    }
}
