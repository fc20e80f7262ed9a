//! The mass balance of each replicate in the columns of EFSA 2017 (EFSA J 15:4873), Table 5.

use percuta::course::permeation::{PermeationOutcome, Replicate};

use super::words::surface_dose;

/// One replicate; shares in per cent of the dose.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    pub needled: bool,
    pub donor: u32,
    pub replicate: u32,
    /// Receptor and wash of its chamber.
    pub receptor: f64,
    /// Skin below the stratum corneum, channels included.
    pub stripped_skin: f64,
    /// Third tape strip and deeper.
    pub strips_3_plus: f64,
    /// First two tape strips.
    pub strips_1_2: f64,
    /// Washed off during the study or at its end.
    pub skin_washes: f64,
    /// Evaporated, which a study traps or misses.
    pub evaporated: f64,
    pub total_recovery: f64,
    /// Amount at half of the time as a share of that at the end.
    pub t_half: f64,
    /// Not a number for a donor that never depletes.
    pub surface_dose_ug_per_cm2: f64,
}

impl Row {
    /// The shares in the order of [`COLUMNS`].
    pub fn shares(&self) -> [f64; 8] {
        [
            self.receptor,
            self.stripped_skin,
            self.strips_3_plus,
            self.strips_1_2,
            self.skin_washes,
            self.evaporated,
            self.total_recovery,
            self.t_half,
        ]
    }
}

/// Names of the shares.
pub const COLUMNS: [&str; 8] =
    ["Receptor + chamber wash", "Stripped skin", "Strips 3+", "Strips 1+2", "Skin washes", "Evaporated", "Total recovery", "t0.5"];

/// A row for every replicate, in the order of the outcome.
pub fn rows(outcome: &PermeationOutcome) -> Vec<Row> {
    outcome.replicates.iter().map(|r| row(outcome, r)).collect()
}

fn row(outcome: &PermeationOutcome, r: &Replicate) -> Row {
    let places = outcome.arms.iter().find(|a| a.needled == r.needled).map(|a| a.compartments.as_slice()).unwrap_or_default();
    let share = |keys: &[&str]| places.iter().zip(&r.percent_of_dose).filter(|(c, _)| keys.contains(&c.key.as_str())).map(|(_, p)| p).sum();
    Row {
        needled: r.needled,
        donor: r.donor,
        replicate: r.replicate,
        receptor: share(&["absorbed"]),
        stripped_skin: share(&["viable_epidermis", "dermis", "channels"]),
        strips_3_plus: share(&["strips_3_plus"]),
        strips_1_2: share(&["strips_1_2"]),
        skin_washes: share(&["washed_off", "vehicle"]),
        evaporated: share(&["evaporated"]),
        total_recovery: r.recovery_percent,
        t_half: r.t_half_percent,
        surface_dose_ug_per_cm2: surface_dose(outcome).unwrap_or(f64::NAN),
    }
}

/// Mean and standard deviation of the replicates of one arm, share by share.
pub fn mean_and_sd(rows: &[Row], needled: bool) -> Option<[(f64, f64); 8]> {
    let own: Vec<[f64; 8]> = rows.iter().filter(|r| r.needled == needled).map(Row::shares).collect();
    let n = own.len() as f64;
    (!own.is_empty()).then(|| {
        [0, 1, 2, 3, 4, 5, 6, 7].map(|k| {
            let mean = own.iter().map(|r| r[k]).sum::<f64>() / n;
            let squares: f64 = own.iter().map(|r| (r[k] - mean).powi(2)).sum();
            (mean, if n > 1.0 { (squares / (n - 1.0)).sqrt() } else { 0.0 })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absorption::fixture;

    #[test]
    fn the_columns_make_up_the_recovery() {
        let o = fixture::outcome();
        for r in rows(&o) {
            let sum: f64 = r.shares()[..6].iter().sum();
            assert!((sum - r.total_recovery).abs() < 1e-9, "{r:?}");
            assert!((r.surface_dose_ug_per_cm2 - 200.0).abs() < 1e-9);
        }
        let mean = mean_and_sd(&rows(&o), true).unwrap();
        assert!(mean[0].0 > 10.0 && mean[0].1 > 0.0);
        assert!(mean_and_sd(&[], true).is_none());
        assert!(rows(&fixture::infinite())[0].surface_dose_ug_per_cm2.is_nan());
    }
}
