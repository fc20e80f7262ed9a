//! One time step of the local healing equations: a modified Patankar Runge-Kutta scheme of second order
//! (MPRK22; Burchard, Deleersnijder & Meister 2003). Positive for any step, and what leaves one pool
//! arrives in the next, so the matrix ledger closes to rounding.

use super::HealingParameters;
use super::block::{Block, Lanes, splat};
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
        // Equal rates are the limit of nearby ones; a relative offset of 1e-6 is far below any tolerance.
        let ka = if (p.alarm_decay - k).abs() < 1e-6 * k { k * (1.0 - 1e-6) } else { p.alarm_decay };
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

impl Step {
    /// A step of `h` days.
    #[must_use]
    pub fn new(h: f64, p: &HealingParameters) -> Self {
        Self { h, drivers: Drivers::over(h, p) }
    }

    /// The block after this step, and the largest error estimate in units of the tolerance.
    #[must_use]
    pub fn take(&self, from: &Block, equations: &Equations, tolerance: Tolerance) -> (Block, f64) {
        let p = equations.parameters();
        let (h, kx) = (splat(self.h), splat(p.cross_linking));
        let mut to = self.drive(from);
        let (mu0, mu1) = (macrophages(from, p), macrophages(&to, p));
        let (f, g, y) = (from.fibroblasts, from.primed, from.myofibroblasts);
        let r0 = equations.rates(Local {
            fibroblasts: f,
            primed: g,
            myofibroblasts: y,
            clot: from.clot,
            macrophages: mu0,
            tgf_beta: equations.tgf_of_macrophages(mu0) + equations.tgf_of_clot(from.clot_signal),
        });
        // Predictor: losses implicit with the rates at the start.
        let (f1, g1, y1) = cells(h, (f, g, y), &r0, (r0.crowd_loss, r0.crowd_loss));
        let (n1, m1) = pools(h, (from.new_i, from.mature_i), r0.synthesis_i, (r0.new_i_loss, kx, r0.mature_i_loss));
        let (n3, m3) = pools(h, (from.new_iii, from.mature_iii), r0.synthesis_iii, (r0.new_iii_loss, kx, r0.mature_iii_loss));
        // Elastin that is switched off stays as the cut left it.
        let e1 = if p.elastin_response > 0.0 { (from.elastin + h * r0.elastin_source) / (h * r0.elastin_loss + 1.0) } else { from.elastin };
        let r1 = equations.rates(Local {
            fibroblasts: f1,
            primed: g1,
            myofibroblasts: y1,
            clot: to.clot,
            macrophages: mu1,
            tgf_beta: equations.tgf_of_macrophages(mu1) + equations.tgf_of_clot(to.clot_signal),
        });
        // Corrector: fluxes averaged over both ends, each weighted by the pool it leaves.
        let (wf, wg, wy) = (weight(f, f1), weight(g, g1), weight(y, y1));
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
        (to.fibroblasts, to.primed, to.myofibroblasts) = cells(h, (f, g, y), &mean, crowd);
        let synthesis_i = (r0.synthesis_i + r1.synthesis_i) * 0.5;
        let synthesis_iii = (r0.synthesis_iii + r1.synthesis_iii) * 0.5;
        let (wi, wiii) = (weight(from.new_i, n1), weight(from.new_iii, n3));
        let loss_i = (
            average(wi, r0.new_i_loss, r1.new_i_loss),
            average(wi, kx, kx),
            average(weight(from.mature_i, m1), r0.mature_i_loss, r1.mature_i_loss),
        );
        let loss_iii = (
            average(wiii, r0.new_iii_loss, r1.new_iii_loss),
            average(wiii, kx, kx),
            average(weight(from.mature_iii, m3), r0.mature_iii_loss, r1.mature_iii_loss),
        );
        (to.new_i, to.mature_i) = pools(h, (from.new_i, from.mature_i), synthesis_i, loss_i);
        (to.new_iii, to.mature_iii) = pools(h, (from.new_iii, from.mature_iii), synthesis_iii, loss_iii);
        to.elastin = if p.elastin_response > 0.0 {
            let elastin_loss = average(weight(from.elastin, e1), r0.elastin_loss, r1.elastin_loss);
            (from.elastin + h * (r0.elastin_source + r1.elastin_source) * 0.5) / (h * elastin_loss + 1.0)
        } else {
            from.elastin
        };
        to.synthesised = from.synthesised + h * (synthesis_i + synthesis_iii);
        to.degraded =
            from.degraded + h * (loss_i.0 * to.new_i + loss_iii.0 * to.new_iii + loss_i.2 * to.mature_i + loss_iii.2 * to.mature_iii);

        let share = |a: Lanes, b: Lanes| (a - b).abs() / (b.abs() * tolerance.relative + tolerance.absolute);
        let worst = share(f1, to.fibroblasts)
            .max(share(g1, to.primed))
            .max(share(y1, to.myofibroblasts))
            .max(share(n1 + n3, to.new_i + to.new_iii))
            .max(share(m1 + m3, to.mature_i + to.mature_iii));
        let worst = if p.elastin_response > 0.0 { worst.max(share(e1, to.elastin)) } else { worst };
        // NaN must survive the comparison.
        (to, worst.to_array().into_iter().fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a }))
    }

    /// The block with alarm, macrophages and clot at the end of the step, exactly.
    fn drive(&self, from: &Block) -> Block {
        let d = &self.drivers;
        Block {
            alarm: from.alarm * d.alarm,
            inflammatory: from.inflammatory * d.inflammatory + from.alarm * d.inflammatory_from_alarm,
            reparative: from.reparative * d.inflammatory
                + from.inflammatory * d.reparative_from_inflammatory
                + from.alarm * d.reparative_from_alarm,
            clot: from.clot * d.clot,
            clot_signal: from.clot_signal * d.clot,
            ..*from
        }
    }
}

/// Macrophage signal, 1 at the peak after a full alarm.
#[inline(always)]
fn macrophages(block: &Block, p: &HealingParameters) -> Lanes {
    (block.inflammatory + block.reparative) * (1.0 / p.macrophage_peak)
}

/// Patankar weight of the flux at the start of the step; an empty pool sends nothing either way.
#[inline(always)]
fn weight(start: Lanes, predicted: Lanes) -> Lanes {
    start / predicted.max(splat(f64::MIN_POSITIVE))
}

#[inline(always)]
fn average(weight: Lanes, start: Lanes, end: Lanes) -> Lanes {
    (weight * start + end) * 0.5
}

/// Solves the three cell pools implicitly: rest <-> primed <-> myofibroblasts; `crowd` is the loss of the first two.
#[inline(always)]
fn cells(h: Lanes, (f, g, y): (Lanes, Lanes, Lanes), r: &Rates, crowd: (Lanes, Lanes)) -> (Lanes, Lanes, Lanes) {
    let (f_in, g_in) = (f + h * r.rest_source, g + h * r.primed_source);
    let f_diagonal = h * (r.rest_to_primed + crowd.0) + 1.0;
    let g_diagonal = h * (r.primed_to_rest + r.primed_to_myo + crowd.1) + 1.0;
    let y_diagonal = h * (r.myo_to_primed + r.myo_loss) + 1.0;
    let (fg, gf, gy, yg) = (h * r.rest_to_primed, h * r.primed_to_rest, h * r.primed_to_myo, h * r.myo_to_primed);
    // Eliminate f and y from the equation of g; the pivot stays positive because every column sums to at least 1.
    let (f_inv, y_inv) = (splat(1.0) / f_diagonal, splat(1.0) / y_diagonal);
    let pivot = g_diagonal - fg * gf * f_inv - gy * yg * y_inv;
    let g2 = (g_in + fg * f_in * f_inv + yg * y * y_inv) / pivot;
    ((f_in + gf * g2) * f_inv, g2, (y + gy * g2) * y_inv)
}

/// Solves new and mature collagen implicitly: synthesis -> new -> mature. `rates` are the loss of the new, the
/// transfer, and the loss of the mature.
#[inline(always)]
fn pools(h: Lanes, (new, mature): (Lanes, Lanes), synthesis: Lanes, rates: (Lanes, Lanes, Lanes)) -> (Lanes, Lanes) {
    let n = (new + h * synthesis) / (h * (rates.0 + rates.1) + 1.0);
    (n, (mature + h * rates.1 * n) / (h * rates.2 + 1.0))
}
