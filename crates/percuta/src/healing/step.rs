//! One time step of the local healing equations: a modified Patankar Runge-Kutta scheme of second order
//! (MPRK22; Burchard, Deleersnijder & Meister 2003). Positive for any step, and what leaves one pool
//! arrives in the next, so the matrix ledger closes to rounding.

use super::HealingParameters;
use super::block::{Block, LANES};
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
        let mut to = *from;
        let mut worst = [0.0f64; LANES];
        for i in 0..LANES {
            to.alarm[i] = self.drivers.alarm * from.alarm[i];
            to.inflammatory[i] = self.drivers.inflammatory * from.inflammatory[i] + self.drivers.inflammatory_from_alarm * from.alarm[i];
            to.reparative[i] = self.drivers.inflammatory * from.reparative[i]
                + self.drivers.reparative_from_inflammatory * from.inflammatory[i]
                + self.drivers.reparative_from_alarm * from.alarm[i];
            to.clot[i] = self.drivers.clot * from.clot[i];
            to.clot_signal[i] = self.drivers.clot * from.clot_signal[i];
        }
        let per_peak = 1.0 / p.macrophage_peak;
        for (i, worst) in worst.iter_mut().enumerate() {
            let h = self.h;
            let mu0 = (from.inflammatory[i] + from.reparative[i]) * per_peak;
            let mu1 = (to.inflammatory[i] + to.reparative[i]) * per_peak;
            let (f, g, y) = (from.fibroblasts[i], from.primed[i], from.myofibroblasts[i]);
            let r0 = equations.rates(Local {
                fibroblasts: f,
                primed: g,
                myofibroblasts: y,
                clot: from.clot[i],
                macrophages: mu0,
                tgf_beta: equations.tgf_of_macrophages(mu0) + equations.tgf_of_clot(from.clot_signal[i]),
            });
            // Predictor: losses implicit with the rates at the start.
            let (f1, g1, y1) = cells(h, f, g, y, &r0);
            let (n1, m1) = pools(h, from.new_i[i], from.mature_i[i], r0.synthesis_i, r0.new_i_loss, p.cross_linking, r0.mature_i_loss);
            let (n3, m3) =
                pools(h, from.new_iii[i], from.mature_iii[i], r0.synthesis_iii, r0.new_iii_loss, p.cross_linking, r0.mature_iii_loss);
            let e1 = (from.elastin[i] + h * r0.elastin_source) / (1.0 + h * r0.elastin_loss);
            let r1 = equations.rates(Local {
                fibroblasts: f1,
                primed: g1,
                myofibroblasts: y1,
                clot: to.clot[i],
                macrophages: mu1,
                tgf_beta: equations.tgf_of_macrophages(mu1) + equations.tgf_of_clot(to.clot_signal[i]),
            });
            // Corrector: fluxes averaged over both ends, each weighted by the pool it leaves.
            let (wf, wg, wy) = (weight(f, f1), weight(g, g1), weight(y, y1));
            let mean = Rates {
                rest_to_primed: average(wf, r0.rest_to_primed, r1.rest_to_primed),
                primed_to_rest: average(wg, r0.primed_to_rest, r1.primed_to_rest),
                primed_to_myo: average(wg, r0.primed_to_myo, r1.primed_to_myo),
                myo_to_primed: average(wy, r0.myo_to_primed, r1.myo_to_primed),
                myo_loss: average(wy, r0.myo_loss, r1.myo_loss),
                crowd_loss: 0.0,
                rest_source: 0.5 * (r0.rest_source + r1.rest_source),
                primed_source: 0.5 * (r0.primed_source + r1.primed_source),
                ..r0
            };
            let crowd = (average(wf, r0.crowd_loss, r1.crowd_loss), average(wg, r0.crowd_loss, r1.crowd_loss));
            let (f2, g2, y2) = cells_with(h, f, g, y, &mean, crowd);
            let synthesis_i = 0.5 * (r0.synthesis_i + r1.synthesis_i);
            let synthesis_iii = 0.5 * (r0.synthesis_iii + r1.synthesis_iii);
            let i_new = Corrected::new(from.new_i[i], n1, r0.new_i_loss, r1.new_i_loss, p.cross_linking);
            let iii_new = Corrected::new(from.new_iii[i], n3, r0.new_iii_loss, r1.new_iii_loss, p.cross_linking);
            let i_loss = average(weight(from.mature_i[i], m1), r0.mature_i_loss, r1.mature_i_loss);
            let iii_loss = average(weight(from.mature_iii[i], m3), r0.mature_iii_loss, r1.mature_iii_loss);
            let (n1b, m1b) = pools(h, from.new_i[i], from.mature_i[i], synthesis_i, i_new.loss, i_new.transfer, i_loss);
            let (n3b, m3b) = pools(h, from.new_iii[i], from.mature_iii[i], synthesis_iii, iii_new.loss, iii_new.transfer, iii_loss);
            let elastin_loss = average(weight(from.elastin[i], e1), r0.elastin_loss, r1.elastin_loss);
            let e2 = (from.elastin[i] + h * 0.5 * (r0.elastin_source + r1.elastin_source)) / (1.0 + h * elastin_loss);

            (to.fibroblasts[i], to.primed[i], to.myofibroblasts[i]) = (f2, g2, y2);
            (to.new_i[i], to.mature_i[i], to.new_iii[i], to.mature_iii[i]) = (n1b, m1b, n3b, m3b);
            to.elastin[i] = e2;
            to.synthesised[i] = from.synthesised[i] + h * (synthesis_i + synthesis_iii);
            to.degraded[i] = from.degraded[i] + h * (i_new.loss * n1b + iii_new.loss * n3b + i_loss * m1b + iii_loss * m3b);

            let share = |a: f64, b: f64| (a - b).abs() / (tolerance.absolute + tolerance.relative * b.abs());
            *worst = share(f1, f2)
                .max(share(g1, g2))
                .max(share(y1, y2))
                .max(share(n1 + n3, n1b + n3b))
                .max(share(m1 + m3, m1b + m3b))
                .max(share(e1, e2));
        }
        (to, worst.iter().copied().fold(0.0, f64::max))
    }
}

/// Patankar weight of the flux at the start of the step.
#[inline(always)]
fn weight(start: f64, predicted: f64) -> f64 {
    if predicted > 0.0 { start / predicted } else { 1.0 }
}

#[inline(always)]
fn average(weight: f64, start: f64, end: f64) -> f64 {
    0.5 * (weight * start + end)
}

struct Corrected {
    loss: f64,
    transfer: f64,
}

impl Corrected {
    #[inline(always)]
    fn new(start: f64, predicted: f64, loss0: f64, loss1: f64, transfer: f64) -> Self {
        let w = weight(start, predicted);
        Self { loss: average(w, loss0, loss1), transfer: average(w, transfer, transfer) }
    }
}

#[inline(always)]
fn cells(h: f64, f: f64, g: f64, y: f64, r: &Rates) -> (f64, f64, f64) {
    cells_with(h, f, g, y, r, (r.crowd_loss, r.crowd_loss))
}

/// Solves the three cell pools implicitly: rest <-> primed <-> myofibroblasts.
#[inline(always)]
fn cells_with(h: f64, f: f64, g: f64, y: f64, r: &Rates, (f_crowd, g_crowd): (f64, f64)) -> (f64, f64, f64) {
    let (f_in, g_in) = (f + h * r.rest_source, g + h * r.primed_source);
    let f_diag = 1.0 + h * (r.rest_to_primed + f_crowd);
    let g_diag = 1.0 + h * (r.primed_to_rest + r.primed_to_myo + g_crowd);
    let y_diag = 1.0 + h * (r.myo_to_primed + r.myo_loss);
    let (fg, gf, gy, yg) = (h * r.rest_to_primed, h * r.primed_to_rest, h * r.primed_to_myo, h * r.myo_to_primed);
    // Eliminate f and y from the equation of g; the pivot stays positive because every column sums to at least 1.
    let (f_inv, y_inv) = (1.0 / f_diag, 1.0 / y_diag);
    let pivot = g_diag - fg * gf * f_inv - gy * yg * y_inv;
    let g2 = (g_in + fg * f_in * f_inv + yg * y * y_inv) / pivot;
    ((f_in + gf * g2) * f_inv, g2, (y + gy * g2) * y_inv)
}

/// Solves new and mature collagen implicitly: synthesis -> new -> mature.
#[inline(always)]
fn pools(h: f64, new: f64, mature: f64, synthesis: f64, new_loss: f64, transfer: f64, mature_loss: f64) -> (f64, f64) {
    let n = (new + h * synthesis) / (1.0 + h * (new_loss + transfer));
    (n, (mature + h * transfer * n) / (1.0 + h * mature_loss))
}
