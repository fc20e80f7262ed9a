//! One time step of the local healing equations: a modified Patankar Runge-Kutta scheme of second order
//! (MPRK22; Burchard, Deleersnijder & Meister 2003). Positive for any step, and what leaves one pool
//! arrives in the next, so the matrix ledger closes to rounding.
//!
//! Everything is written for one point; a block's points are taken in one plain loop, which the compiler turns into
//! vector instructions. Dividing is the slowest of them, hence [`inverses`].

use super::HealingParameters;
use super::block::{Block, LANES, Lanes};
use super::equations::{Equations, Local, Rates};

/// The exact solution over one step of the linear chain alarm -> inflammatory -> reparative, and of the clot.
#[derive(Debug, Clone, Copy)]
struct Drivers {
    alarm: f64,
    inflammatory: f64,
    inflammatory_from_alarm: f64,
    reparative_from_inflammatory: f64,
    reparative_from_alarm: f64,
    clot: f64,
}

impl Drivers {
    fn over(h: f64, p: &HealingParameters) -> Self {
        let k = p.macrophage_turnover;
        // Equal rates are the limit of nearby ones. An offset of 1e-4 is far below what is known of either; a smaller one would
        // drown in rounding, since its square divides.
        let ka = if (p.alarm_decay - k).abs() < 1e-4 * k { k * (1.0 - 1e-4) } else { p.alarm_decay };
        let (ea, ek) = ((-ka * h).exp(), (-k * h).exp());
        let gap = k - ka;
        Self {
            alarm: ea,
            inflammatory: ek,
            inflammatory_from_alarm: ka * (ea - ek) / gap,
            reparative_from_inflammatory: k * h * ek,
            reparative_from_alarm: (k * ka / gap * ((ea - ek) / gap - h * ek)).max(0.0),
            clot: (-p.clot_decay * h).exp(),
        }
    }

    /// Alarm, inflammatory and reparative macrophages after the step.
    #[inline(always)]
    fn chain(&self, alarm: f64, inflammatory: f64, reparative: f64) -> [f64; 3] {
        [
            alarm * self.alarm,
            inflammatory * self.inflammatory + alarm * self.inflammatory_from_alarm,
            reparative * self.inflammatory + inflammatory * self.reparative_from_inflammatory + alarm * self.reparative_from_alarm,
        ]
    }
}

/// TGF-β that the fibroblasts make, as it acts at the points of a block during a step.
#[derive(Debug, Clone, Copy)]
pub enum FibroblastTgf<'a> {
    /// It acts where it is made.
    Local,
    /// It has diffused: its values at the start and the end of the step, ng/mL.
    Diffused(&'a Lanes, &'a Lanes),
}

/// A step size with everything that depends on it alone.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    h: f64,
    drivers: Drivers,
}

/// How the difference between the first- and second-order solutions is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tolerance {
    /// Relative part.
    pub relative: f64,
    /// Absolute part, in units of resting tissue.
    pub absolute: f64,
}

/// What a step has to say beside the new state.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Taken {
    /// The largest error estimate at any point in units of the tolerance; NaN if any state is.
    pub error: f64,
    /// Collagen made at each point.
    pub synthesised: Lanes,
    /// Collagen lost at each point.
    pub degraded: Lanes,
}

impl Step {
    /// A step of `h` days.
    #[must_use]
    pub fn new(h: f64, p: &HealingParameters) -> Self {
        Self { h, drivers: Drivers::over(h, p) }
    }

    /// Takes the step `from` one state `to` the next.
    #[inline(always)]
    pub fn take(&self, from: &Block, to: &mut Block, equations: &Equations, tolerance: Tolerance, made: FibroblastTgf) -> Taken {
        const NONE: Lanes = [0.0; LANES];
        let (here, start, end) = match made {
            FibroblastTgf::Local => (1.0, &NONE, &NONE),
            FibroblastTgf::Diffused(start, end) => (0.0, start, end),
        };
        let mut taken = Taken::default();
        let (mut worst, mut spoilt) = ([0.0; LANES], [0.0; LANES]);
        for i in 0..LANES {
            let point = self.point(from, to, i, equations, tolerance, (here, start[i], end[i]));
            worst[i] = point.error;
            spoilt[i] = point.spoilt;
            taken.synthesised[i] = point.synthesised;
            taken.degraded[i] = point.degraded;
        }
        taken.error = worst.iter().fold(0.0, |a, b| larger(a, *b)) + spoilt.iter().sum::<f64>();
        taken
    }

    /// The step at one point. `made`: what share of the fibroblasts' own TGF-β acts here, and what comes from elsewhere, at
    /// the start and the end.
    #[inline(always)]
    fn point(&self, from: &Block, to: &mut Block, i: usize, equations: &Equations, tolerance: Tolerance, made: (f64, f64, f64)) -> Point {
        let p = equations.parameters();
        let (h, kx, per_peak) = (self.h, p.cross_linking, 1.0 / p.macrophage_peak);
        let (alarm, inflammatory, reparative, clot) = (from.alarm[i], from.inflammatory[i], from.reparative[i], from.clot[i]);
        let mu0 = (inflammatory + reparative) * per_peak;
        let around0 = (from.reached_inflammatory[i] + from.reached_reparative[i]) * per_peak;
        let next = self.drivers.chain(alarm, inflammatory, reparative);
        let reached = self.drivers.chain(from.reached_alarm[i], from.reached_inflammatory[i], from.reached_reparative[i]);
        let (clot1, reached_clot) = (clot * self.drivers.clot, from.reached_clot[i]);
        let mu1 = (next[1] + next[2]) * per_peak;
        let around1 = (reached[1] + reached[2]) * per_peak;
        [to.alarm[i], to.inflammatory[i], to.reparative[i]] = next;
        [to.reached_alarm[i], to.reached_inflammatory[i], to.reached_reparative[i]] = reached;
        to.clot[i] = clot1;
        to.reached_clot[i] = reached_clot * self.drivers.clot;

        let (f, g, y) = (from.fibroblasts[i], from.primed[i], from.myofibroblasts[i]);
        let (n_i, n_iii, m_i, m_iii) = (from.new_i[i], from.new_iii[i], from.mature_i[i], from.mature_iii[i]);
        let tgf = |around: f64, clot: f64, g: f64, y: f64, elsewhere: f64| {
            equations.tgf_of_macrophages(around) + equations.tgf_of_clot(clot) + elsewhere + made.0 * equations.tgf_of_fibroblasts(g, y)
        };
        let r0 = equations.rates(Local {
            fibroblasts: f,
            primed: g,
            myofibroblasts: y,
            clot,
            macrophages: mu0,
            tgf_beta: tgf(around0, reached_clot, g, y, made.1),
        });
        // Predictor: losses implicit with the rates at the start.
        let (f1, g1, y1) = cells(h, (f, g, y), &r0, (r0.crowd_loss, r0.crowd_loss));
        let loss0 = [(r0.new_i_loss, kx, r0.mature_i_loss), (r0.new_iii_loss, kx, r0.mature_iii_loss)];
        let [(n1, m1), (n3, m3)] = pools(h, [(n_i, m_i), (n_iii, m_iii)], [r0.synthesis_i, r0.synthesis_iii], loss0);
        let e = from.elastin[i];
        // Elastin that is switched off stays as the cut left it.
        let elastic = p.elastin_response > 0.0;
        let e1 = if elastic { (e + h * r0.elastin_source) / (1.0 + h * r0.elastin_loss) } else { e };
        let r1 = equations.rates(Local {
            fibroblasts: f1,
            primed: g1,
            myofibroblasts: y1,
            clot: clot1,
            macrophages: mu1,
            tgf_beta: tgf(around1, to.reached_clot[i], g1, y1, made.2),
        });
        // Corrector: fluxes averaged over both ends, each weighted by the pool it leaves.
        let [wf, wg, wy] = weights([f, g, y], [f1, g1, y1]);
        let [wn1, wm1, wn3, wm3] = weights([n_i, m_i, n_iii, m_iii], [n1, m1, n3, m3]);
        let mean = Rates {
            rest_to_primed: average(wf, r0.rest_to_primed, r1.rest_to_primed),
            primed_to_rest: average(wg, r0.primed_to_rest, r1.primed_to_rest),
            primed_to_myo: average(wg, r0.primed_to_myo, r1.primed_to_myo),
            myo_to_primed: average(wy, r0.myo_to_primed, r1.myo_to_primed),
            myo_loss: average(wy, r0.myo_loss, r1.myo_loss),
            rest_source: (r0.rest_source + r1.rest_source) * 0.5,
            primed_source: (r0.primed_source + r1.primed_source) * 0.5,
            ..r0
        };
        let crowd = (average(wf, r0.crowd_loss, r1.crowd_loss), average(wg, r0.crowd_loss, r1.crowd_loss));
        let (f2, g2, y2) = cells(h, (f, g, y), &mean, crowd);
        let synthesis = [(r0.synthesis_i + r1.synthesis_i) * 0.5, (r0.synthesis_iii + r1.synthesis_iii) * 0.5];
        let loss = [
            (average(wn1, r0.new_i_loss, r1.new_i_loss), average(wn1, kx, kx), average(wm1, r0.mature_i_loss, r1.mature_i_loss)),
            (average(wn3, r0.new_iii_loss, r1.new_iii_loss), average(wn3, kx, kx), average(wm3, r0.mature_iii_loss, r1.mature_iii_loss)),
        ];
        let [(n_i2, m_i2), (n_iii2, m_iii2)] = pools(h, [(n_i, m_i), (n_iii, m_iii)], synthesis, loss);
        let e2 = if elastic {
            let [weight] = weights([e], [e1]);
            (e + h * (r0.elastin_source + r1.elastin_source) * 0.5) / (1.0 + h * average(weight, r0.elastin_loss, r1.elastin_loss))
        } else {
            e
        };
        (to.fibroblasts[i], to.primed[i], to.myofibroblasts[i]) = (f2, g2, y2);
        (to.new_i[i], to.mature_i[i], to.new_iii[i], to.mature_iii[i]) = (n_i2, m_i2, n_iii2, m_iii2);
        to.elastin[i] = e2;
        // Second order and positive for any step, without a division.
        let dissolved = h * (r0.original_loss + r1.original_loss) * 0.5;
        to.original[i] = from.original[i] * (1.0 - dissolved + 0.5 * dissolved * dissolved);

        let (new, mature) = (n_i2 + n_iii2, m_i2 + m_iii2);
        let scale = inverses([f2, g2, y2, new, mature, e2].map(|x| x * tolerance.relative + tolerance.absolute));
        let gaps = [f1 - f2, g1 - g2, y1 - y2, n1 + n3 - new, m1 + m3 - mature, e1 - e2];
        let (mut error, mut sum) = (0.0, 0.0);
        for (gap, scale) in gaps.iter().zip(scale) {
            error = larger(error, gap.abs() * scale);
            sum += gap * scale;
        }
        Point {
            error,
            // A comparison loses NaN; this does not.
            spoilt: sum * 0.0,
            synthesised: h * (synthesis[0] + synthesis[1]),
            degraded: h * (loss[0].0 * n_i2 + loss[1].0 * n_iii2 + loss[0].2 * m_i2 + loss[1].2 * m_iii2),
        }
    }
}

/// What the step at one point has to say.
struct Point {
    error: f64,
    /// 0, or NaN if a state is not a number.
    spoilt: f64,
    synthesised: f64,
    degraded: f64,
}

/// The larger of two numbers, in one instruction.
#[inline(always)]
pub(super) fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// 1 over each of several numbers of moderate size, with one division.
#[inline(always)]
fn inverses<const N: usize>(of: [f64; N]) -> [f64; N] {
    let mut before = [1.0; N];
    let mut product = 1.0;
    for (before, x) in before.iter_mut().zip(of) {
        *before = product;
        product *= x;
    }
    let mut rest = 1.0 / product;
    for i in (0..N).rev() {
        before[i] *= rest;
        rest *= of[i];
    }
    before
}

/// Patankar weights of the fluxes at the start of the step, `start / predicted`; an empty pool sends nothing either way.
#[inline(always)]
fn weights<const N: usize>(start: [f64; N], predicted: [f64; N]) -> [f64; N] {
    // Far below any amount that matters, and the product of four is still a normal number.
    let mut weights = inverses(predicted.map(|x| larger(x, 1e-75)));
    for (weight, start) in weights.iter_mut().zip(start) {
        *weight *= start;
    }
    weights
}

#[inline(always)]
fn average(weight: f64, start: f64, end: f64) -> f64 {
    (weight * start + end) * 0.5
}

/// Solves the three cell pools implicitly: rest <-> primed <-> myofibroblasts; `crowd` is the loss of the first two.
#[inline(always)]
fn cells(h: f64, (f, g, y): (f64, f64, f64), r: &Rates, crowd: (f64, f64)) -> (f64, f64, f64) {
    let (f_in, g_in) = (f + h * r.rest_source, g + h * r.primed_source);
    let f_diagonal = h * (r.rest_to_primed + crowd.0) + 1.0;
    let g_diagonal = h * (r.primed_to_rest + r.primed_to_myo + crowd.1) + 1.0;
    let y_diagonal = h * (r.myo_to_primed + r.myo_loss) + 1.0;
    let (fg, gf, gy, yg) = (h * r.rest_to_primed, h * r.primed_to_rest, h * r.primed_to_myo, h * r.myo_to_primed);
    // Eliminate f and y from the equation of g, all of it times both diagonals; the pivot stays positive because every column
    // sums to at least 1.
    let pivot = (f_diagonal * g_diagonal - fg * gf) * y_diagonal - gy * yg * f_diagonal;
    let [pivot_inv, y_inv] = inverses([pivot, y_diagonal]);
    let g2 = ((g_in * f_diagonal + fg * f_in) * y_diagonal + yg * y * f_diagonal) * pivot_inv;
    // Not through `inverses`: fibroblasts at rest must stay so to the last bit, since immigration is explicit.
    ((f_in + gf * g2) / f_diagonal, g2, (y + gy * g2) * y_inv)
}

/// Rates of a kind of collagen: loss of the new, its transfer to the mature, loss of the mature.
type PoolLoss = (f64, f64, f64);

/// Solves new and mature collagen of both kinds implicitly: synthesis -> new -> mature.
#[inline(always)]
fn pools(h: f64, pools: [(f64, f64); 2], synthesis: [f64; 2], [one, three]: [PoolLoss; 2]) -> [(f64, f64); 2] {
    let [n1, m1, n3, m3] = inverses([1.0 + h * (one.0 + one.1), 1.0 + h * one.2, 1.0 + h * (three.0 + three.1), 1.0 + h * three.2]);
    let after = |(new, mature): (f64, f64), synthesis: f64, (n_inv, m_inv): (f64, f64), transfer: f64| {
        let n = (new + h * synthesis) * n_inv;
        (n, (mature + h * transfer * n) * m_inv)
    };
    [after(pools[0], synthesis[0], (n1, m1), one.1), after(pools[1], synthesis[1], (n3, m3), three.1)]
}
