//! Until when after the treatment it pays to apply.

use super::curves::LEAST_UG_PER_CM2;
use super::{PermeationStudy, RunError};
use crate::absorption::{Dosing, Uptake};
use crate::population::Draw;

/// Hours over which one application is followed, not washed off.
const FOLLOWED_H: f64 = 24.0;
/// Share of the added permeability at which it no longer pays.
const PAYS: f64 = 0.1;

/// Hours between treatment and application that are looked at: 0, then even in the logarithm from three minutes to four days.
pub(super) fn delays_h() -> Vec<f64> {
    std::iter::once(0.0).chain((0..24).map(|i| 0.05 * (96.0f64 / 0.05).powf(f64::from(i) / 23.0))).collect()
}

/// The window in one member. Pairs are (left open, covered).
#[derive(Debug, Clone)]
pub(super) struct MemberWindow {
    /// Permeability over that of intact skin at each delay.
    pub enhancement: [Vec<f64>; 2],
    /// Amount of 24 h over that through intact skin at each delay.
    pub gain_24h: [Vec<f64>; 2],
    /// Hours until the added permeability has fallen to a tenth.
    pub pays_until_h: [f64; 2],
    /// When each method calls the channels closed: (method, open, covered).
    pub closed_by: Vec<(&'static str, f64, f64)>,
}

pub(super) fn window(study: &PermeationStudy, uptake: &Uptake, draw: &Draw, number: u32) -> Result<MemberWindow, RunError> {
    let halt = |e: crate::absorption::MarchError| RunError::Numerics { member: number, day: e.time_h / 24.0, reason: e.to_string() };
    let dosing = Dosing { applied_h: vec![0.0], washed_h: None, after_treatment_h: 0.0, ..study.dosing.clone() };
    let end = [FOLLOWED_H];
    let intact = uptake.absorb_intact(&study.vehicle, &dosing, &end).map_err(halt)?.amounts[0].absorbed;
    let mut found = MemberWindow {
        enhancement: [Vec::new(), Vec::new()],
        gain_24h: [Vec::new(), Vec::new()],
        pays_until_h: [0.0; 2],
        closed_by: uptake.closure.closed_by(draw)?,
    };
    for (which, covered) in [false, true].into_iter().enumerate() {
        for delay in delays_h() {
            let open = uptake.closure.open_share(delay, covered);
            found.enhancement[which].push(uptake.enhancement(open));
            let absorbed = uptake.absorb_from(open, &study.vehicle, &dosing, &end).map_err(halt)?.amounts[0].absorbed;
            found.gain_24h[which].push(absorbed.max(LEAST_UG_PER_CM2) / intact.max(LEAST_UG_PER_CM2));
        }
        found.pays_until_h[which] = pays_until(uptake, covered);
    }
    Ok(found)
}

/// Hours after which the permeability the channels add is a tenth of what it was; 0 if they add nothing.
fn pays_until(uptake: &Uptake, covered: bool) -> f64 {
    let target = PAYS * (uptake.enhancement(1.0) - 1.0);
    if target <= 0.0 {
        return 0.0;
    }
    // Bisection in the logarithm of the open share.
    let (mut shut, mut open) = (-60.0f64, 0.0f64);
    for _ in 0..50 {
        let middle = 0.5 * (shut + open);
        if uptake.enhancement(middle.exp2()) - 1.0 < target { shut = middle } else { open = middle }
    }
    -open * std::f64::consts::LN_2 / uptake.closure.rate_per_h(covered)
}
