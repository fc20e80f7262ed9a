//! Observation maps: what an instrument, a stain or an assay reports of the state of the dermis.
//!
//! Stained area, echo brightness, suction elasticity and collagen mass are four different observables. None is
//! converted to another in proportion: each map has its own uncertain exponents, and each reading its own error
//! (see [`super::compare`]). The first entry of the history is taken as baseline, so it must be the state before the
//! first session; a history that stays at rest gives exactly the baseline on every day.

use crate::healing::{HealingHistory, LayerState};
use crate::population::{Draw, ParameterError};

const PER_CENT: f64 = 100.0;

fn new_collagen(s: &LayerState) -> f64 {
    s.collagen_i_new + s.collagen_iii_new
}

fn mature_collagen(s: &LayerState) -> f64 {
    s.collagen_i_mature + s.collagen_iii_mature
}

/// `f` on every day of the history.
fn series(history: &HealingHistory, f: impl Fn(usize) -> f64) -> Vec<f64> {
    (0..history.days.len()).map(f).collect()
}

/// Collagen I and III, new and mature, over the whole dermis, % of baseline.
#[must_use]
pub fn collagen_mass(history: &HealingHistory) -> Vec<f64> {
    series(history, |d| PER_CENT * (history.dermis(d, LayerState::collagen) / history.dermis(0, LayerState::collagen)))
}

/// Collagen mass within the papillary dermis, % of baseline.
#[must_use]
pub fn papillary_collagen_mass(history: &HealingHistory) -> Vec<f64> {
    series(history, |d| PER_CENT * (history.papillary(d, LayerState::collagen) / history.papillary(0, LayerState::collagen)))
}

/// Mass of collagen III over mass of collagen I in the whole dermis, 1.
#[must_use]
pub fn collagen_iii_i_ratio(history: &HealingHistory) -> Vec<f64> {
    series(history, |d| {
        let iii = history.dermis(d, |s| s.collagen_iii_new + s.collagen_iii_mature);
        iii / history.dermis(d, |s| s.collagen_i_new + s.collagen_i_mature)
    })
}

/// Share of the collagen of the whole dermis that carries mature cross-links, %.
#[must_use]
pub fn collagen_maturity(history: &HealingHistory) -> Vec<f64> {
    series(history, |d| PER_CENT * maturity(history, d))
}

/// Rate of collagen synthesis in the whole dermis, % of baseline.
#[must_use]
pub fn procollagen(history: &HealingHistory) -> Vec<f64> {
    series(history, |d| PER_CENT * (history.dermis(d, |s| s.synthesis) / history.dermis(0, |s| s.synthesis)))
}

/// Area of the papillary dermis that a collagen stain covers, %. Fibres overlap in a section (Boolean model), so the
/// area saturates where the mass does not, and young fibres stain less than their mass.
///
/// # Errors
/// If a card `observation.stained_area_*` is missing or in another unit.
pub fn stained_collagen_area(history: &HealingHistory, draw: &Draw) -> Result<Vec<f64>, ParameterError> {
    let g = draw.group("observation");
    let baseline = g.get("stained_area_baseline", "1")?;
    let new_weight = g.get("stained_area_new", "1")?;
    let power = g.get("stained_area_power", "1")?;
    let stained = |s: &LayerState| mature_collagen(s) + new_weight * new_collagen(s);
    Ok(series(history, |d| {
        let relative = history.papillary(d, stained) / history.papillary(0, stained);
        PER_CENT * (1.0 - (1.0 - baseline).powf(relative.powf(power)))
    }))
}

/// Echo brightness of the dermis in high-frequency ultrasound, % of baseline: a power of the collagen mass times a
/// power of the share of new matrix, which saturates at the scanner's full scale. The exponents are wide priors, not
/// fitted to a needling trial.
///
/// # Errors
/// If a card `observation.ultrasound_*` is missing or in another unit.
pub fn ultrasound_dermal_density(history: &HealingHistory, draw: &Draw) -> Result<Vec<f64>, ParameterError> {
    let g = draw.group("observation");
    let mass_power = g.get("ultrasound_collagen_power", "1")?;
    let new_power = g.get("ultrasound_new_matrix_power", "1")?;
    let full_scale = g.get("ultrasound_full_scale", "1")?;
    let new_matrix = |d| 1.0 + history.dermis(d, new_collagen) / history.dermis(d, LayerState::collagen);
    Ok(series(history, |d| {
        let mass = history.dermis(d, LayerState::collagen) / history.dermis(0, LayerState::collagen);
        let echo = mass.powf(mass_power) * (new_matrix(d) / new_matrix(0)).powf(new_power);
        // 1 at baseline, proportional to the echo near it, full scale for an endless echo.
        PER_CENT * echo / (1.0 + (echo - 1.0) / full_scale)
    }))
}

/// Elasticity as a suction device reports it, % of baseline: powers of the collagen mass, of the share that is
/// cross-linked and of the thickness of the epidermis.
///
/// # Errors
/// If a card `observation.suction_*` is missing or in another unit.
pub fn suction_elasticity(history: &HealingHistory, draw: &Draw) -> Result<Vec<f64>, ParameterError> {
    let g = draw.group("observation");
    let mass_power = g.get("suction_collagen_power", "1")?;
    let maturity_power = g.get("suction_maturity_power", "1")?;
    let epidermis_power = g.get("suction_epidermis_power", "1")?;
    Ok(series(history, |d| {
        let mass = history.dermis(d, LayerState::collagen) / history.dermis(0, LayerState::collagen);
        let epidermis = history.epidermis_factor[d] / history.epidermis_factor[0];
        let maturity = maturity(history, d) / maturity(history, 0);
        PER_CENT * mass.powf(mass_power) * maturity.powf(maturity_power) * epidermis.powf(epidermis_power)
    }))
}

fn maturity(history: &HealingHistory, day: usize) -> f64 {
    history.dermis(day, mature_collagen) / history.dermis(day, LayerState::collagen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{ParameterSet, draw_members};

    fn rest() -> LayerState {
        LayerState {
            fibroblasts: 1.0,
            collagen_i_new: 0.02,
            collagen_iii_new: 0.005,
            collagen_i_mature: 0.78,
            collagen_iii_mature: 0.195,
            elastin: 1.0,
            synthesis: 1.0,
            original: 1.0,
            ..LayerState::default()
        }
    }

    /// Two layers, the upper one papillary, with the given states on the later day.
    fn history(upper: LayerState, lower: LayerState, epidermis: f64) -> HealingHistory {
        HealingHistory {
            days: vec![0.0, 90.0],
            dermis_edges_um: vec![80.0, 230.0, 1230.0],
            papillary_layers: 1,
            layers: vec![vec![rest(), rest()], vec![upper, lower]],
            epidermis_factor: vec![1.0, epidermis],
            epidermal_wound: vec![0.0, 0.0],
        }
    }

    fn all(h: &HealingHistory, draw: &Draw) -> Vec<Vec<f64>> {
        vec![
            collagen_mass(h),
            papillary_collagen_mass(h),
            collagen_iii_i_ratio(h),
            collagen_maturity(h),
            procollagen(h),
            stained_collagen_area(h, draw).unwrap(),
            ultrasound_dermal_density(h, draw).unwrap(),
            suction_elasticity(h, draw).unwrap(),
        ]
    }

    #[test]
    fn skin_at_rest_stays_at_baseline_to_the_bit() {
        let h = history(rest(), rest(), 1.0);
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 5, 16) {
            let values = all(&h, &draw);
            for v in &values {
                assert_eq!(v[0].to_bits(), v[1].to_bits());
            }
            for i in [0, 1, 4, 6, 7] {
                assert_eq!(values[i][0], 100.0, "{i}");
            }
            assert!((values[5][0] / 100.0 - draw.get("observation.stained_area_baseline", "1").unwrap()).abs() < 1e-12);
            assert!((values[3][0] - 97.5).abs() < 1e-12);
            assert!((values[2][0] - 0.25).abs() < 1e-12);
        }
    }

    #[test]
    fn mass_is_weighted_by_thickness_and_layer() {
        let mut upper = rest();
        upper.collagen_i_new += 0.46;
        let h = history(upper, rest(), 1.0);
        assert!((collagen_mass(&h)[1] - (100.0 + 46.0 * 150.0 / 1150.0)).abs() < 1e-9);
        assert!((papillary_collagen_mass(&h)[1] - 146.0).abs() < 1e-9);
    }

    #[test]
    fn stained_area_saturates() {
        let draw = Draw::central(&ParameterSet::embedded().unwrap())
            .with("observation.stained_area_baseline", 0.9)
            .and_then(|d| d.with("observation.stained_area_power", 1.0))
            .unwrap();
        let mut dense = rest();
        dense.collagen_i_new *= 2.0;
        dense.collagen_iii_new *= 2.0;
        dense.collagen_i_mature *= 2.0;
        dense.collagen_iii_mature *= 2.0;
        let h = history(dense, rest(), 1.0);
        // Twice the fibres leave the square of the uncovered share.
        assert!((stained_collagen_area(&h, &draw).unwrap()[1] - 99.0).abs() < 1e-9);
        assert!((papillary_collagen_mass(&h)[1] - 200.0).abs() < 1e-9);
    }

    #[test]
    fn the_same_gain_reads_differently_on_each_instrument() {
        let mut young = rest();
        young.collagen_i_new += 0.2;
        let h = history(young, young, 1.1);
        let draw = Draw::central(&ParameterSet::embedded().unwrap());
        let read: Vec<f64> = [0, 5, 6, 7].iter().map(|&i| all(&h, &draw)[i].clone()).map(|v| v[1] / v[0]).collect();
        for (i, a) in read.iter().enumerate() {
            for b in &read[i + 1..] {
                assert!((a - b).abs() > 0.01, "{read:?}");
            }
        }
        // The suction map by hand: mass 1.2, maturity 1/1.2, epidermis 1.1.
        let by_hand = 1.2f64.powf(1.0) * (1.0 / 1.2f64).powf(0.5) * 1.1f64.powf(0.2);
        assert!((read[3] - by_hand).abs() < 1e-9);
    }

    #[test]
    fn new_matrix_can_brighten_or_darken_the_echo() {
        let mut young = rest();
        young.collagen_i_new += 0.3;
        young.collagen_i_mature -= 0.3;
        let h = history(young, young, 1.0);
        let bright = |power| {
            let draw = Draw::central(&ParameterSet::embedded().unwrap()).with("observation.ultrasound_new_matrix_power", power).unwrap();
            ultrasound_dermal_density(&h, &draw).unwrap()[1]
        };
        assert!(bright(2.0) > 100.0 && bright(-2.0) < 100.0);
    }
}
