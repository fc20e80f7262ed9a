//! Points of tissue side by side, so that one instruction works on many of them.

use serde::{Deserialize, Serialize};

use super::HealingParameters;

/// Points per block: a multiple of what any vector unit takes, and few enough for a block to stay in registers and cache.
pub const LANES: usize = 16;

/// One value for each point of a block.
pub type Lanes = [f64; LANES];

/// The local states of [`LANES`] points and the signals that reach them; a structure of arrays.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[repr(align(64))]
pub struct Block {
    /// Alarm that still calls macrophages (A).
    pub alarm: Lanes,
    /// Inflammatory macrophages, in units of the alarm (I).
    pub inflammatory: Lanes,
    /// Reparative macrophages, in units of the alarm (R).
    pub reparative: Lanes,
    /// Clot and lysed tissue here, 0 to 1 (b).
    pub clot: Lanes,
    /// Alarms around this point, each weighted by the share of its TGF-β that diffuses here. TGF-β is linear in its sources,
    /// so this and the next two follow the same chain as the alarm and the macrophages here.
    pub reached_alarm: Lanes,
    /// Inflammatory macrophages around this point, weighted likewise.
    pub reached_inflammatory: Lanes,
    /// Reparative macrophages around this point, weighted likewise.
    pub reached_reparative: Lanes,
    /// Clot around this point, weighted likewise.
    pub reached_clot: Lanes,
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
    /// Matrix of before the course that is still there (o).
    pub original: Lanes,
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
            original: [1.0; LANES],
            ..Self::default()
        }
    }

    /// Lyses a share of the tissue at a point: there, cells, collagen and elastin give way to clot. The cells of inflammation
    /// keep patrolling. `reached` is the share of a full clot's TGF-β that diffuses here; fresh clot brings its own platelets.
    pub fn lyse(&mut self, lane: usize, lysed: f64, reached: f64) {
        let kept = 1.0 - lysed;
        for state in [
            &mut self.fibroblasts,
            &mut self.primed,
            &mut self.myofibroblasts,
            &mut self.new_i,
            &mut self.new_iii,
            &mut self.mature_i,
            &mut self.mature_iii,
            &mut self.elastin,
            &mut self.original,
        ] {
            state[lane] *= kept;
        }
        self.clot[lane] = lysed + kept * self.clot[lane];
        self.reached_clot[lane] += reached;
    }

    /// The alarm of tissue lysed at a point, and around it, begins to call macrophages.
    pub fn raise_alarm(&mut self, lane: usize, lysed: f64, reached: f64) {
        self.alarm[lane] += lysed;
        self.reached_alarm[lane] += reached;
    }

    /// The smallest value of any state in any lane.
    #[must_use]
    pub fn minimum(&self) -> f64 {
        self.states().iter().flat_map(|state| state.iter().copied()).fold(f64::INFINITY, f64::min)
    }

    /// Every state in the order of declaration.
    #[must_use]
    pub fn states(&self) -> [&Lanes; STATES] {
        [
            &self.alarm,
            &self.inflammatory,
            &self.reparative,
            &self.clot,
            &self.reached_alarm,
            &self.reached_inflammatory,
            &self.reached_reparative,
            &self.reached_clot,
            &self.fibroblasts,
            &self.primed,
            &self.myofibroblasts,
            &self.new_i,
            &self.new_iii,
            &self.mature_i,
            &self.mature_iii,
            &self.elastin,
            &self.original,
        ]
    }

    /// All collagen of a lane.
    #[must_use]
    pub fn collagen(&self, lane: usize) -> f64 {
        self.new_i[lane] + self.new_iii[lane] + self.mature_i[lane] + self.mature_iii[lane]
    }
}

/// States of a point.
pub const STATES: usize = 17;
