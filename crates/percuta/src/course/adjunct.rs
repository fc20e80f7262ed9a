//! What a product that holds melanin back does in the epidermis, from what reaches it.

use super::{Product, RunError};
use crate::absorption::{Column, Curve, Uptake};
use crate::appearance::Inhibition;
use crate::population::Draw;

const HOURS_PER_DAY: f64 = 24.0;
/// Borders of the times after an application over which the effect is averaged, d: melanin follows over weeks.
const SPELLS_D: [f64; 5] = [0.0, 0.25, 1.0, 2.0, 4.0];
/// Times within a spell at which the epidermis is looked at.
const LOOKS: usize = 6;

/// Times in which the product of a course acts after each session; empty for one without effect on melanin.
///
/// # Errors
/// If `pigment.adjunct_potency` is missing or the column cannot be marched.
pub(super) fn inhibition(product: &Product, uptake: &Uptake, session_days: &[f64], draw: &Draw) -> Result<Vec<Inhibition>, RunError> {
    let Some(melanin) = &product.permeant.melanin else { return Ok(Vec::new()) };
    if session_days.is_empty() {
        return Ok(Vec::new());
    }
    let half_at = melanin.half_at_ug_per_ml * draw.group("pigment").get("adjunct_potency", "1")?;
    let times_h: Vec<f64> = SPELLS_D
        .windows(2)
        .flat_map(|s| (0..LOOKS).map(|i| HOURS_PER_DAY * (s[0] + (s[1] - s[0]) * (i as f64 + 0.5) / LOOKS as f64)))
        .collect();
    let curve = uptake.absorb(&product.vehicle(), &product.dosing(), &times_h).map_err(|e| RunError::Numerics {
        member: 0,
        day: e.time_h / HOURS_PER_DAY,
        reason: e.to_string(),
    })?;
    let column = uptake.needled.as_ref().unwrap_or(&uptake.intact);
    let acts = |time: usize| {
        let free = free_in_epidermis(column, &curve, time).max(0.0);
        melanin.most * free / (free + half_at)
    };
    let shares: Vec<f64> = (0..SPELLS_D.len() - 1).map(|s| (0..LOOKS).map(|i| acts(s * LOOKS + i)).sum::<f64>() / LOOKS as f64).collect();
    let mut found = Vec::new();
    for (i, day) in session_days.iter().enumerate() {
        let applied_d = day + product.applied_after_h / HOURS_PER_DAY;
        // The next application takes over.
        let until = session_days.get(i + 1).map_or(f64::INFINITY, |next| next + product.applied_after_h / HOURS_PER_DAY);
        for (spell, share) in SPELLS_D.windows(2).zip(&shares) {
            let (from_d, to_d) = (applied_d + spell[0], (applied_d + spell[1]).min(until));
            if from_d < to_d {
                found.push(Inhibition { from_d, to_d, share: *share });
            }
        }
    }
    Ok(found)
}

/// Mean concentration in water in equilibrium with the viable epidermis, µg/cm³.
fn free_in_epidermis(column: &Column, curve: &Curve, time: usize) -> f64 {
    let cells = &column.cells;
    let (mut sum, mut thickness) = (0.0, 0.0);
    for i in (0..cells.len()).filter(|i| cells.layer[*i] == 1) {
        sum += cells.thickness_cm(i) * curve.tissue[time][i] / cells.medium[i].partition;
        thickness += cells.thickness_cm(i);
    }
    if thickness > 0.0 { sum / thickness } else { 0.0 }
}
