//! Percuta: an in-silico micro-needling laboratory.
//!
//! The folders follow the causal chain: [`skin`] and [`device`] say who is treated and with what,
//! [`injury`] what the needles leave, [`healing`] what the tissue makes of it (on the numerics of [`tissue`]),
//! [`absorption`], [`appearance`] and [`risk`] what one measures and sees, [`course`] runs a treatment course,
//! [`population`] carries the uncertainty, and [`evidence`] holds the published studies beside it.
//!
//! Units inside: µm, day, ng/mL, kPa; absorption uses hour. A bare `f64` that crosses a border names its unit.

pub mod absorption;
pub mod appearance;
pub mod course;
mod data;
pub mod device;
pub mod evidence;
pub mod healing;
pub mod injury;
pub mod population;
pub mod risk;
pub mod skin;
pub mod tissue;
pub mod units;
