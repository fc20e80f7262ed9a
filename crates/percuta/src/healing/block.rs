//! Four points of tissue side by side, so that one instruction works on all of them.

use wide::f64x4;

use super::HealingParameters;

/// One value for each point of a block.
pub type Lanes = f64x4;

/// Points per block.
pub const LANES: usize = 4;

/// Every lane the same.
#[inline(always)]
#[must_use]
pub fn splat(value: f64) -> Lanes {
    Lanes::splat(value)
}

/// The twelve local states of four points, the clot signal that reaches them, and the matrix ledger.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Block {
    /// Alarm that still calls macrophages (A).
    pub alarm: Lanes,
    /// Inflammatory macrophages, in units of the alarm (I).
    pub inflammatory: Lanes,
    /// Reparative macrophages, in units of the alarm (R).
    pub reparative: Lanes,
    /// Clot and lysed tissue here, 0 to 1 (b).
    pub clot: Lanes,
    /// Clot whose TGF-β reaches this point, in units of a point full of clot; 0 where nothing diffuses.
    pub clot_signal: Lanes,
    /// Resting fibroblasts (f).
    pub fibroblasts: Lanes,
    /// Primed fibroblasts (g).
    pub primed: Lanes,
    /// Myofibroblasts (y).
    pub myofibroblasts: Lanes,
    /// New collagen I (c1n).
    pub new_i: Lanes,
    /// New collagen III (c3n).
    pub new_iii: Lanes,
    /// Mature collagen I (c1m).
    pub mature_i: Lanes,
    /// Mature collagen III (c3m).
    pub mature_iii: Lanes,
    /// Elastin (e).
    pub elastin: Lanes,
    /// Collagen made since the start.
    pub synthesised: Lanes,
    /// Collagen lost since the start.
    pub degraded: Lanes,
}

impl Block {
    /// Untreated tissue: an exact steady state of the equations.
    #[must_use]
    pub fn at_rest(p: &HealingParameters) -> Self {
        let (i, iii) = (p.rest_synthesis_i(), p.rest_synthesis_iii());
        Self {
            fibroblasts: splat(1.0),
            new_i: splat(i / p.cross_linking),
            new_iii: splat(iii / p.cross_linking),
            mature_i: splat(i / p.collagen_loss),
            mature_iii: splat(iii / (p.iii_turnover * p.collagen_loss)),
            elastin: splat(1.0),
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
            state.as_mut_array()[lane] = 0.0;
        }
        self.clot.as_mut_array()[lane] = 1.0;
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
        .flat_map(|state| state.to_array())
        .fold(f64::INFINITY, f64::min)
    }

    /// All collagen of a lane.
    #[must_use]
    pub fn collagen(&self, lane: usize) -> f64 {
        (self.new_i + self.new_iii + self.mature_i + self.mature_iii).to_array()[lane]
    }
}
