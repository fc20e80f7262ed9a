//! A product on the skin of one member: intact and needled, whenever it is put on.

use super::{Barrier, Channels, Closure, Column, Curve, Dosing, MarchError, Regimen, Steady, Vehicle};
use crate::population::{Draw, ParameterError};

const HOURS_PER_DAY: f64 = 24.0;

/// A permeant's columns in one member, and how its channels close.
#[derive(Debug, Clone)]
pub struct Uptake {
    /// Intact skin.
    pub intact: Column,
    /// Needled skin; none without a treatment that passes the stratum corneum.
    pub needled: Option<Column>,
    /// How the channels close.
    pub closure: Closure,
    /// Thickness of the first two tape strips, cm.
    pub first_strips_cm: f64,
}

impl Uptake {
    /// Sets up both columns.
    ///
    /// # Errors
    /// If a card of the group `absorption` is missing or in another unit.
    pub fn new(barrier: &Barrier, channels: Option<&Channels>, closure: Closure, draw: &Draw) -> Result<Self, ParameterError> {
        Ok(Self {
            intact: Column::new(barrier, None),
            needled: channels.map(|c| Column::new(barrier, Some(c))).filter(|c| c.open_area > 0.0),
            closure,
            first_strips_cm: 2e-4 * draw.group("absorption").get("strip_thickness", "um")?,
        })
    }

    /// Permeability and lag time with the share `open` of the channels' section, which does not change.
    #[must_use]
    pub fn steady(&self, open: f64) -> Steady {
        self.needled.as_ref().unwrap_or(&self.intact).steady(open)
    }

    /// Permeability over that of intact skin with the share `open` of the channels' section; exactly 1 without channels.
    #[must_use]
    pub fn enhancement(&self, open: f64) -> f64 {
        match &self.needled {
            Some(needled) if open > 0.0 => {
                // Channels add a path; rounding must not make them take one away.
                (needled.steady(open).permeability_cm_per_h / self.intact.steady(0.0).permeability_cm_per_h).max(1.0)
            }
            _ => 1.0,
        }
    }

    /// A dose on needled skin (intact skin without channels), at `times_h` from its first application on.
    ///
    /// # Errors
    /// [`MarchError`] if the column cannot be marched.
    pub fn absorb(&self, vehicle: &Vehicle, dosing: &Dosing, times_h: &[f64]) -> Result<Curve, MarchError> {
        let open = self.closure.open_share(dosing.after_treatment_h, false);
        self.absorb_from(open, vehicle, dosing, times_h)
    }

    /// The same with the share `open` of the channels' section at the first application.
    ///
    /// # Errors
    /// [`MarchError`] if the column cannot be marched.
    pub fn absorb_from(&self, open: f64, vehicle: &Vehicle, dosing: &Dosing, times_h: &[f64]) -> Result<Curve, MarchError> {
        let closing_per_h = self.closure.rate_per_h(dosing.occluded);
        self.needled.as_ref().unwrap_or(&self.intact).march(&self.regimen(vehicle, dosing, open, closing_per_h), times_h)
    }

    /// A dose on intact skin.
    ///
    /// # Errors
    /// [`MarchError`] if the column cannot be marched.
    pub fn absorb_intact(&self, vehicle: &Vehicle, dosing: &Dosing, times_h: &[f64]) -> Result<Curve, MarchError> {
        self.intact.march(&self.regimen(vehicle, dosing, 0.0, 0.0), times_h)
    }

    /// What a dose after the treatment meets, for a march of one's own.
    #[must_use]
    pub fn regimen_after<'a>(&self, vehicle: &'a Vehicle, dosing: &'a Dosing) -> Regimen<'a> {
        let open = self.closure.open_share(dosing.after_treatment_h, false);
        self.regimen(vehicle, dosing, open, self.closure.rate_per_h(dosing.occluded))
    }

    fn regimen<'a>(&self, vehicle: &'a Vehicle, dosing: &'a Dosing, open: f64, closing_per_h: f64) -> Regimen<'a> {
        Regimen { vehicle, dosing, open, closing_per_h, first_strips_cm: self.first_strips_cm, tolerance: Regimen::TOLERANCE }
    }

    /// Enhancement if the product were applied on each of `days`, with the channels of all earlier sessions (`session_days`);
    /// exactly 1 before the first. Covered or not from each session on.
    #[must_use]
    pub fn enhancement_series(&self, days: &[f64], session_days: &[f64], occluded: bool) -> Vec<f64> {
        let open = |day: f64, since: f64| self.closure.open_share((day - since) * HOURS_PER_DAY, occluded);
        days.iter()
            .map(|&day| self.enhancement(session_days.iter().filter(|s| **s <= day).map(|s| open(day, *s)).sum::<f64>().min(1.0)))
            .collect()
    }
}
