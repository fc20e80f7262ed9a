//! Parameters of the healing equations for one member.

use crate::population::{Draw, ParameterError};

macro_rules! healing_parameters {
    ($($(#[$doc:meta])* $field:ident: $unit:literal,)*) => {
        /// Values of `data/parameters/healing.toml`; the cards hold meaning, range and source of each.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct HealingParameters {
            $($(#[$doc])* pub $field: f64,)*
        }

        impl HealingParameters {
            /// Reads the `healing.*` parameters of a draw.
            ///
            /// # Errors
            /// If a card is missing or in another unit.
            pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
                let healing = draw.group("healing");
                Ok(Self { $($field: healing.get(stringify!($field), $unit)?,)* })
            }

            /// Name in `healing.toml`, value and unit of each.
            #[must_use]
            pub fn named(&self) -> Vec<(&'static str, f64, &'static str)> {
                vec![$((stringify!($field), self.$field, $unit),)*]
            }
        }
    };
}

healing_parameters! {
    /// d.
    alarm_delay: "d",
    /// 1/d.
    alarm_decay: "1/d",
    /// 1/d.
    macrophage_turnover: "1/d",
    /// Macrophages at the peak after a unit alarm, in units of the alarm.
    macrophage_peak: "1",
    /// 1/mm³.
    macrophages_at_peak: "1/mm3",
    /// pg/d per cell.
    tgf_per_macrophage: "pg/d",
    /// 1/d.
    tgf_decay: "1/d",
    /// µm²/d.
    tgf_diffusion: "um2/d",
    /// ng/mL.
    tgf_platelets: "ng/mL",
    /// pg/d per cell.
    tgf_per_fibroblast: "pg/d",
    /// Share.
    activated_share: "1",
    /// Relative to a myofibroblast.
    primed_tgf_share: "1",
    /// 1/mm³.
    fibroblasts: "1/mm3",
    /// 1/d.
    clot_decay: "1/d",
    /// ng/mL.
    priming_tgf: "ng/mL",
    /// ng/mL.
    myofibroblast_tgf: "ng/mL",
    /// 1/d.
    priming_rate: "1/d",
    /// 1/d.
    proliferation_rate: "1/d",
    /// Relative to rest.
    crowding: "1",
    /// 1/d.
    migration_rate: "1/d",
    /// 1/d.
    overcrowding_loss: "1/d",
    /// d.
    primed_lifetime: "d",
    /// 1/d.
    myofibroblast_rate: "1/d",
    /// d.
    myofibroblast_lifetime: "d",
    /// Share.
    myofibroblast_reversion: "1",
    /// 1/d.
    collagen_loss: "1/d",
    /// 1/d.
    cross_linking: "1/d",
    /// Relative to collagen I.
    iii_turnover: "1",
    /// Share.
    iii_share_rest: "1",
    /// Share.
    iii_share_primed: "1",
    /// Share.
    iii_share_myofibroblast: "1",
    /// Relative to a resting fibroblast.
    primed_synthesis: "1",
    /// Relative to a resting fibroblast.
    myofibroblast_synthesis: "1",
    /// 1/d per unit of macrophage signal.
    inflammatory_loss_new: "1/d",
    /// 1/d per unit of macrophage signal.
    inflammatory_loss_mature: "1/d",
    /// 0 or 1.
    elastin_response: "1",
    /// 1/d.
    elastin_primed: "1/d",
    /// 1/d.
    elastin_myofibroblast: "1/d",
    /// 1/d.
    elastin_loss: "1/d",
    /// 1/d per unit of macrophage signal.
    elastin_inflammatory_loss: "1/d",
    /// 1/d per unit of primed papillary fibroblasts.
    epidermal_gain: "1/d",
    /// d.
    epidermal_return: "d",
    /// Relative to baseline.
    epidermal_cap: "1",
    /// d.
    closure_lag: "d",
    /// µm/d.
    closure_speed: "um/d",
}

impl HealingParameters {
    /// Synthesis of collagen I by resting fibroblasts that keeps untreated skin exactly at rest, 1/d.
    #[must_use]
    pub fn rest_synthesis_i(&self) -> f64 {
        rest_synthesis(1.0 - self.iii_share_rest, self.collagen_loss, self.cross_linking)
    }

    /// The same for collagen III, which turns over `iii_turnover` times faster, 1/d.
    #[must_use]
    pub fn rest_synthesis_iii(&self) -> f64 {
        rest_synthesis(self.iii_share_rest, self.iii_turnover * self.collagen_loss, self.cross_linking)
    }
}

/// Synthesis at which new plus mature collagen equal `share`: `new = S/kx`, `mature = S/loss`.
fn rest_synthesis(share: f64, loss: f64, cross_linking: f64) -> f64 {
    share * loss * cross_linking / (cross_linking + loss)
}
