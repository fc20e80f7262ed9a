//! Downtime and risk: pain, bleeding, erythema, barrier, hyperpigmentation.

mod barrier;
mod bleeding;
mod downtime;
mod erythema;
mod pain;
mod pih;

pub use barrier::Barrier;
pub use bleeding::Bleeding;
pub use downtime::{Downtime, Recovery};
pub use erythema::Erythema;
pub use pain::Pain;
pub use pih::Pih;

use crate::injury::SessionInjury;

/// Two days that differ by less than this are the same moment, d.
const SAME_MOMENT_D: f64 = 1e-6;

/// Value of `f` for the session of each day, 0 on days without one.
fn on_session_days(days: &[f64], sessions: &[SessionInjury], f: impl Fn(&SessionInjury) -> f64) -> Vec<f64> {
    let at = |day: f64| sessions.iter().find(|s| (s.day - day).abs() <= SAME_MOMENT_D).map_or(0.0, &f);
    days.iter().map(|&day| at(day)).collect()
}

/// Days since each session that has taken place by `day`, with the session.
fn past(day: f64, sessions: &[SessionInjury]) -> impl Iterator<Item = (f64, &SessionInjury)> {
    sessions.iter().filter(move |s| s.day <= day + SAME_MOMENT_D).map(move |s| ((day - s.day).max(0.0), s))
}

/// Damaged fraction that downtime and pigment answer to: viable epidermis plus papillary dermis.
fn damage(session: &SessionInjury) -> f64 {
    session.damaged_epidermis + session.damaged_papillary
}

#[cfg(test)]
mod test_session {
    use super::SessionInjury;
    use crate::population::{Draw, ParameterSet};

    pub fn central() -> Draw {
        Draw::central(&ParameterSet::embedded().unwrap())
    }

    /// A session on `day`; damage and open area grow in proportion to density.
    pub fn session(day: f64, depth_um: f64, density_per_cm2: f64) -> SessionInjury {
        SessionInjury::sample(day, depth_um, density_per_cm2, 2e-5 * density_per_cm2)
    }
}

#[cfg(test)]
mod tests {
    use super::test_session::session;
    use super::*;
    use crate::population::{ParameterSet, draw_members};
    use crate::skin::{Layers, Tone};

    #[test]
    fn in_every_member_deeper_and_denser_needling_is_never_milder() {
        let layers = Layers { stratum_corneum_um: 20.0, viable_epidermis_um: 60.0, papillary_dermis_um: 250.0, dermis_um: 1000.0 };
        for draw in draw_members(&ParameterSet::embedded().unwrap(), 5, 100) {
            let recovery = Recovery::from_draw(&draw, &layers, 0.2).unwrap();
            let pain = Pain::from_draw(&draw).unwrap();
            let pih = Pih::from_draw(&draw, Tone { melanosome_fraction: 0.2 }).unwrap();
            let all = |depth_um, density| {
                let s = session(0.0, depth_um, density);
                let d = recovery.downtime(&s);
                let points = recovery.bleeding.points_per_cm2(&s);
                [d.erythema_d, d.barrier_h, d.crusts_d, d.makeup_d, points, pain.percent(&s), pih.percent(std::iter::once(&s))]
            };
            let (mild, deeper, denser) = (all(500.0, 300.0), all(1500.0, 300.0), all(500.0, 3000.0));
            for i in 0..mild.len() {
                assert!(mild[i].is_finite() && deeper[i].is_finite() && denser[i].is_finite());
                assert!(mild[i] >= 0.0 && deeper[i] >= mild[i] && denser[i] >= mild[i], "{i}: {} {} {}", mild[i], deeper[i], denser[i]);
            }
        }
    }
}
