//! The local healing equations: rates at a point of tissue, given its state and the TGF-β there.
//!
//! One function for every model of healing. All losses are proportional to what is lost, so a
//! Patankar scheme keeps every state positive whatever the step. Notation and sources: the book's
//! chapter on healing; the equations follow Percuta's parameter cards in `healing.toml`.

use super::HealingParameters;

/// What the rates depend on.
#[derive(Debug, Clone, Copy)]
pub struct Local {
    /// Resting fibroblasts, relative to rest.
    pub fibroblasts: f64,
    /// Primed fibroblasts.
    pub primed: f64,
    /// Myofibroblasts.
    pub myofibroblasts: f64,
    /// Clot and lysed tissue, 0 to 1.
    pub clot: f64,
    /// Macrophage signal, 1 at the peak after a full alarm.
    pub macrophages: f64,
    /// Active TGF-β, ng/mL.
    pub tgf_beta: f64,
}

/// Rates, per day. `x_to_y` and `x_loss` are per unit of x, `x_source` absolute.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// Priming of resting fibroblasts.
    pub rest_to_primed: f64,
    /// Return of primed fibroblasts to rest.
    pub primed_to_rest: f64,
    /// Primed fibroblasts turning into myofibroblasts.
    pub primed_to_myo: f64,
    /// Myofibroblasts turning back.
    pub myo_to_primed: f64,
    /// Death of myofibroblasts.
    pub myo_loss: f64,
    /// Loss of resting and of primed cells by overcrowding.
    pub crowd_loss: f64,
    /// Immigration of resting fibroblasts.
    pub rest_source: f64,
    /// Division into primed fibroblasts.
    pub primed_source: f64,
    /// Synthesis of collagen I.
    pub synthesis_i: f64,
    /// Synthesis of collagen III.
    pub synthesis_iii: f64,
    /// Loss of new collagen I.
    pub new_i_loss: f64,
    /// Loss of new collagen III.
    pub new_iii_loss: f64,
    /// Loss of mature collagen I.
    pub mature_i_loss: f64,
    /// Loss of mature collagen III.
    pub mature_iii_loss: f64,
    /// Synthesis of elastin.
    pub elastin_source: f64,
    /// Loss of elastin.
    pub elastin_loss: f64,
    /// Loss of matrix of before the course, beyond what rest turns over.
    pub original_loss: f64,
}

/// Constants of the equations that depend on the parameters only.
#[derive(Debug, Clone, Copy)]
pub struct Equations {
    p: HealingParameters,
    rest_i: f64,
    rest_iii: f64,
    primed_i: f64,
    primed_iii: f64,
    myo_i: f64,
    myo_iii: f64,
    tgf_macrophages: f64,
    tgf_fibroblasts: f64,
    priming_sq: f64,
    myo_sq: f64,
    original_loss: f64,
}

impl Equations {
    /// Prepares the equations for one member.
    #[must_use]
    pub fn new(p: &HealingParameters) -> Self {
        let (rest_i, rest_iii) = (p.rest_synthesis_i(), p.rest_synthesis_iii());
        let rest = rest_i + rest_iii;
        // Of resting skin's matrix as a whole, new and mature, I and III.
        let inflamed = |synthesis: f64, turnover: f64| {
            let (new, mature) = (synthesis / p.cross_linking, synthesis / (turnover * p.collagen_loss));
            turnover * (new * p.inflammatory_loss_new + mature * p.inflammatory_loss_mature)
        };
        Self {
            p: *p,
            rest_i,
            rest_iii,
            primed_i: rest * p.primed_synthesis * (1.0 - p.iii_share_primed),
            primed_iii: rest * p.primed_synthesis * p.iii_share_primed,
            myo_i: rest * p.myofibroblast_synthesis * (1.0 - p.iii_share_myofibroblast),
            myo_iii: rest * p.myofibroblast_synthesis * p.iii_share_myofibroblast,
            // pg/d per cell times cells/mm³ is pg/mm³/d = ng/mL/d.
            tgf_macrophages: p.tgf_per_macrophage * p.macrophages_at_peak / p.tgf_decay,
            tgf_fibroblasts: p.activated_share * p.tgf_per_fibroblast * p.fibroblasts / p.tgf_decay,
            priming_sq: p.priming_tgf * p.priming_tgf,
            myo_sq: p.myofibroblast_tgf * p.myofibroblast_tgf,
            original_loss: inflamed(rest_i, 1.0) + inflamed(rest_iii, p.iii_turnover),
        }
    }

    /// The parameters behind these equations.
    #[must_use]
    pub fn parameters(&self) -> &HealingParameters {
        &self.p
    }

    /// TGF-β of a well-mixed tissue with this macrophage signal, ng/mL.
    #[inline(always)]
    #[must_use]
    pub fn tgf_of_macrophages(&self, macrophages: f64) -> f64 {
        macrophages * self.tgf_macrophages
    }

    /// TGF-β of a well-mixed tissue with these activated fibroblasts, ng/mL.
    #[inline(always)]
    #[must_use]
    pub fn tgf_of_fibroblasts(&self, primed: f64, myofibroblasts: f64) -> f64 {
        (myofibroblasts + primed * self.p.primed_tgf_share) * self.tgf_fibroblasts
    }

    /// TGF-β of a well-mixed tissue full of `clot`, ng/mL.
    #[inline(always)]
    #[must_use]
    pub fn tgf_of_clot(&self, clot: f64) -> f64 {
        clot * self.p.tgf_platelets
    }

    /// Synthesis of collagen I and III together relative to resting skin.
    #[inline(always)]
    #[must_use]
    pub fn synthesis(&self, fibroblasts: f64, primed: f64, myofibroblasts: f64) -> f64 {
        fibroblasts + primed * self.p.primed_synthesis + myofibroblasts * self.p.myofibroblast_synthesis
    }

    /// The rates at a point.
    #[inline(always)]
    #[must_use]
    pub fn rates(&self, at: Local) -> Rates {
        let p = &self.p;
        let Local { fibroblasts: f, primed: g, myofibroblasts: y, clot, macrophages: mu, tgf_beta } = at;
        let tgf_sq = tgf_beta * tgf_beta;
        // Two fractions with one division, the slowest of all instructions here.
        let (prime, contract) = (tgf_sq + self.priming_sq, tgf_sq + self.myo_sq);
        let share = tgf_sq / (prime * contract);
        let (priming, contraction) = (share * contract, share * prime);
        let cells = f + g + y;
        let crowd = above_zero(1.0 - cells * (1.0 / p.crowding));
        let inflamed_new = mu * p.inflammatory_loss_new;
        let mature_loss = mu * p.inflammatory_loss_mature + p.collagen_loss;
        Rates {
            rest_to_primed: priming * p.priming_rate,
            primed_to_rest: 1.0 / p.primed_lifetime,
            primed_to_myo: contraction * p.myofibroblast_rate,
            myo_to_primed: p.myofibroblast_reversion / p.myofibroblast_lifetime,
            myo_loss: (1.0 - p.myofibroblast_reversion) / p.myofibroblast_lifetime,
            crowd_loss: above_zero(cells - 1.0) * p.overcrowding_loss,
            rest_source: (1.0 - clot) * above_zero(1.0 - cells) * p.migration_rate,
            primed_source: priming * crowd * (f + g) * p.proliferation_rate,
            synthesis_i: f * self.rest_i + g * self.primed_i + y * self.myo_i,
            synthesis_iii: f * self.rest_iii + g * self.primed_iii + y * self.myo_iii,
            new_i_loss: inflamed_new,
            new_iii_loss: inflamed_new * p.iii_turnover,
            mature_i_loss: mature_loss,
            mature_iii_loss: mature_loss * p.iii_turnover,
            elastin_source: (g * p.elastin_primed + y * p.elastin_myofibroblast) * p.elastin_response,
            elastin_loss: (mu * p.elastin_inflammatory_loss + p.elastin_loss) * p.elastin_response,
            original_loss: mu * self.original_loss,
        }
    }
}

/// The larger of a number and 0, in one instruction.
#[inline(always)]
fn above_zero(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.0 }
}
