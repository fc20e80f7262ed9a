//! The vehicle as it lies on the skin: how much of it there is, what it holds, and what it offers.

use std::f64::consts::LN_2;

use super::{Dosing, Vehicle};

/// The vehicle on one cm² of skin.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Donor {
    /// Amount of permeant in it, µg/cm². Of a vehicle without end it is not counted.
    pub amount: f64,
    /// All that has been applied; of a vehicle without end, all that it has given, µg/cm².
    pub applied: f64,
    /// Part of its volume that stays, cm.
    residue_cm: f64,
    /// Part that dries, cm.
    volatile_cm: f64,
}

/// What the vehicle offers to the skin for the time of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Offer {
    /// There is nothing on the skin.
    Nothing,
    /// A potential that does not change: a vehicle without end, or one saturated over a solid.
    Held {
        /// The potential, µg/cm³.
        potential: f64,
        /// Rate at which it loses to the air by potential, cm/h.
        loss: f64,
    },
    /// A solution that depletes.
    Mixed {
        /// Amount by potential, cm.
        capacity: f64,
        /// Rate at which it loses to the air by potential, cm/h.
        loss: f64,
    },
}

impl Donor {
    /// One application.
    pub fn apply(&mut self, vehicle: &Vehicle, dosing: &Dosing) {
        if dosing.infinite {
            self.residue_cm = dosing.layer_cm;
            return;
        }
        let dose = vehicle.concentration_ug_per_cm3 * dosing.layer_cm;
        self.applied += dose;
        self.amount += dose;
        self.residue_cm += vehicle.residue * dosing.layer_cm;
        self.volatile_cm += (1.0 - vehicle.residue) * dosing.layer_cm;
    }

    /// Washing; returns the amount it takes away.
    pub fn wash(&mut self, dosing: &Dosing) -> f64 {
        let away = dosing.washed_share * self.amount;
        self.amount -= away;
        self.residue_cm *= 1.0 - dosing.washed_share;
        self.volatile_cm *= 1.0 - dosing.washed_share;
        away
    }

    /// What it offers in a step of `dt` hours, with its volume at the middle of it.
    #[must_use]
    pub fn offer(&self, vehicle: &Vehicle, dosing: &Dosing, dt: f64) -> Offer {
        let volume = self.residue_cm + self.volatile_cm * stays(vehicle, dosing, 0.5 * dt);
        if volume <= 0.0 || (!dosing.infinite && self.applied == 0.0) {
            return Offer::Nothing;
        }
        let most = vehicle.solubility_ug_per_cm3.unwrap_or(f64::INFINITY);
        if dosing.infinite {
            return Offer::Held { potential: vehicle.concentration_ug_per_cm3.min(most) / vehicle.partition, loss: 0.0 };
        }
        let air = match vehicle.permeant_half_life_h {
            Some(half) if !dosing.occluded => LN_2 / half,
            _ => 0.0,
        };
        let capacity = volume * vehicle.partition;
        if self.amount > most * volume {
            Offer::Held { potential: most / vehicle.partition, loss: air * capacity }
        } else {
            Offer::Mixed { capacity, loss: air * capacity }
        }
    }

    /// How much more than it dissolves it holds after `dt` hours of drying, if it gave nothing, µg/cm².
    #[must_use]
    pub fn undissolved(&self, vehicle: &Vehicle, dosing: &Dosing, dt: f64) -> f64 {
        let volume = self.residue_cm + self.volatile_cm * stays(vehicle, dosing, dt);
        (self.amount - vehicle.solubility_ug_per_cm3.unwrap_or(f64::INFINITY) * volume).max(0.0)
    }

    /// What it offers if its solid is taken as dissolved, as it is about to be.
    #[must_use]
    pub fn dissolved_offer(&self, vehicle: &Vehicle, dosing: &Dosing, dt: f64) -> Offer {
        self.offer(&Vehicle { solubility_ug_per_cm3: None, ..*vehicle }, dosing, dt)
    }

    /// Ends a step of `dt` hours in which it gave `given` to the skin and `to_air` to the air.
    pub fn advance(&mut self, vehicle: &Vehicle, dosing: &Dosing, dt: f64, given: f64, to_air: f64) {
        if dosing.infinite {
            self.applied += given;
        } else {
            self.amount -= given + to_air;
        }
        self.volatile_cm *= stays(vehicle, dosing, dt);
    }
}

/// Share of the volatile part that is left after some hours.
fn stays(vehicle: &Vehicle, dosing: &Dosing, hours: f64) -> f64 {
    match vehicle.drying_half_life_h {
        Some(half) if !dosing.occluded => (-hours / half).exp2(),
        _ => 1.0,
    }
}
