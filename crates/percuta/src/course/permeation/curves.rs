//! Both arms of one member, and the numbers a study reports of each.

use super::member::MemberSkin;
use super::{PermeationStudy, RunError};
use crate::absorption::{Column, Curve, Uptake};
use crate::population::Draw;

/// One arm of one member.
#[derive(Debug, Clone)]
pub struct ArmCurve {
    /// Amounts and flux on the study's times.
    pub curve: Curve,
    /// Borders of the column's cells, cm.
    pub edges_cm: Vec<f64>,
    /// Plasma concentration, ng/mL.
    pub plasma: Option<Vec<f64>>,
    /// Reported numbers, in the order of the reported quantities.
    pub reported: Vec<f64>,
}

/// A reported number: key, name, unit, meaning.
pub type Reported = (&'static str, &'static str, &'static str, &'static str);

/// The numbers of every arm.
pub const REPORTED: [Reported; 10] = [
    (
        "amt",
        "Amount absorbed by the end",
        "µg/cm²",
        "Cumulative amount in the receptor, or taken up by blood, at the end of the study (FDA: AMT).",
    ),
    (
        "percent_absorbed",
        "Share of the dose absorbed",
        "%",
        "That amount over all that was applied; of a donor that never depletes, over what it has given.",
    ),
    ("jmax", "Greatest flux (Jmax)", "µg/cm²/h", "Greatest flux into receptor or blood."),
    ("tmax", "Time of the greatest flux", "h", "Time at which the flux is greatest."),
    ("lag", "Lag time", "h", "Where the tangent to the cumulative amount at the greatest flux meets the time axis."),
    (
        "kp",
        "Permeability (Kp)",
        "cm/h",
        "Steady flux over the concentration in water in equilibrium with the vehicle, with the channels as they are at the first application.",
    ),
    ("log_kp", "log10 Kp", "log10(cm/s)", "The same as the permeability tables give it."),
    (
        "jss",
        "Steady flux (Jss)",
        "µg/cm²/h",
        "That permeability times the concentration of the vehicle, as if it never depleted and no channel closed.",
    ),
    ("t_half", "Absorbed by half time (t0.5)", "%", "Amount absorbed by half of the duration as a share of that at the end (EFSA)."),
    ("in_skin", "In the skin at the end", "µg/cm²", "Stratum corneum, viable epidermis, dermis and channels."),
];

/// The numbers of needled skin over those of intact skin.
pub const RATIOS: [Reported; 2] = [
    (
        "enhancement_ratio",
        "Enhancement ratio (amount)",
        "1",
        "Amount absorbed by the end over that through intact skin of the same member.",
    ),
    (
        "enhancement_ratio_kp",
        "Enhancement ratio (Kp)",
        "1",
        "Permeability with the channels as they are at the first application over that of intact skin.",
    ),
];

/// Amounts below this are nothing to any assay, µg/cm²: a ratio to them would be one of rounding errors.
pub(super) const LEAST_UG_PER_CM2: f64 = 1e-9;

/// The numbers of a member's needled skin over those of its intact skin, in the order of [`RATIOS`]: amounts, permeabilities.
#[must_use]
pub fn ratios(needled: &ArmCurve, intact: &ArmCurve) -> [f64; 2] {
    [0, 5].map(|of| needled.reported[of].max(LEAST_UG_PER_CM2) / intact.reported[of].max(LEAST_UG_PER_CM2))
}

/// One member's arms: intact, and needled if there is a treatment.
///
/// # Errors
/// [`RunError`] if a card is missing or the column cannot be marched.
pub fn curves(
    study: &PermeationStudy,
    skin: &MemberSkin,
    draw: &Draw,
    times_h: &[f64],
    number: u32,
) -> Result<(Uptake, ArmCurve, Option<ArmCurve>), RunError> {
    let uptake = skin.uptake(draw)?;
    let halt = |e: crate::absorption::MarchError| RunError::Numerics { member: number, day: e.time_h / 24.0, reason: e.to_string() };
    let intact = uptake.absorb_intact(&study.vehicle, &study.dosing, times_h).map_err(halt)?;
    let intact = arm(study, &uptake.intact, intact, 0.0);
    let needled = match (&study.treatment, &uptake.needled) {
        (None, _) => None,
        // Needles that open nothing leave intact skin.
        (Some(_), None) => Some(intact.clone()),
        (Some(_), Some(column)) => {
            let curve = uptake.absorb(&study.vehicle, &study.dosing, times_h).map_err(halt)?;
            Some(arm(study, column, curve, uptake.closure.open_share(study.dosing.after_treatment_h, false)))
        }
    };
    Ok((uptake, intact, needled))
}

fn arm(study: &PermeationStudy, column: &Column, curve: Curve, open: f64) -> ArmCurve {
    let last = curve.times_h.len() - 1;
    let end = &curve.amounts[last];
    let peak = (0..=last).max_by(|a, b| curve.flux[*a].total_cmp(&curve.flux[*b])).unwrap_or(last);
    let (jmax, tmax) = (curve.flux[peak], curve.times_h[peak]);
    // Where nothing has come through the lag is at least the study.
    let lag = if jmax > 0.0 { tmax - curve.amounts[peak].absorbed / jmax } else { study.duration_h };
    let half = at_time(&curve, 0.5 * study.duration_h);
    let kp = column.steady(open).permeability_cm_per_h;
    let most = study.vehicle.solubility_ug_per_cm3.unwrap_or(f64::INFINITY);
    let potential = study.vehicle.concentration_ug_per_cm3.min(most) / study.vehicle.partition;
    let share = |part: f64, whole: f64| if whole > 0.0 { 100.0 * part / whole } else { 0.0 };
    let in_skin = end.strips_1_2 + end.strips_3_plus + end.viable_epidermis + end.dermis + end.channels;
    let reported = vec![
        end.absorbed,
        share(end.absorbed, curve.applied[last]),
        jmax,
        tmax,
        lag.max(0.0),
        kp,
        (kp / 3600.0).log10(),
        kp * potential,
        share(half, end.absorbed),
        in_skin,
    ];
    ArmCurve { plasma: plasma(study, &curve), edges_cm: column.cells.edges_cm.clone(), curve, reported }
}

/// Amount absorbed by a time, between reports on a straight line.
fn at_time(curve: &Curve, time_h: f64) -> f64 {
    let next = curve.times_h.partition_point(|t| *t < time_h).min(curve.times_h.len() - 1);
    if next == 0 {
        return curve.amounts[0].absorbed;
    }
    let (a, b) = (next - 1, next);
    let share = (time_h - curve.times_h[a]) / (curve.times_h[b] - curve.times_h[a]);
    curve.amounts[a].absorbed + share.clamp(0.0, 1.0) * (curve.amounts[b].absorbed - curve.amounts[a].absorbed)
}

/// Plasma concentration in living skin after a one-compartment model, ng/mL: exact for a flux that is constant between reports.
fn plasma(study: &PermeationStudy, curve: &Curve) -> Option<Vec<f64>> {
    let plasma = study.permeant.plasma.as_ref().filter(|_| !study.sample.preparation.excised())?;
    let rate_per_h = plasma.clearance_l_per_h / plasma.volume_l;
    let (mut amount_ug, mut before_h, mut absorbed) = (0.0, 0.0, 0.0);
    let mut series = Vec::with_capacity(curve.times_h.len());
    for (time_h, amounts) in curve.times_h.iter().zip(&curve.amounts) {
        let span = time_h - before_h;
        let stays = (-rate_per_h * span).exp();
        // The mean of what is left at the end of what came in evenly over the span.
        let kept = if rate_per_h * span > 1e-12 { (1.0 - stays) / (rate_per_h * span) } else { 1.0 };
        amount_ug = amount_ug * stays + study.area_cm2 * (amounts.absorbed - absorbed) * kept;
        (before_h, absorbed) = (*time_h, amounts.absorbed);
        // µg/L are ng/mL.
        series.push(amount_ug / plasma.volume_l);
    }
    Some(series)
}
