//! Needle channels as a path past the stratum corneum, and how they close.

use std::f64::consts::{LN_2, PI};

use crate::injury::SessionInjury;
use crate::population::{Draw, ParameterError};
use crate::skin::{Layers, Person};

/// The channels of one session as diffusion sees them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Channels {
    /// Channels per cm² that pass the stratum corneum.
    pub density_per_cm2: f64,
    /// Radius, µm.
    pub radius_um: f64,
    /// Depth of the open part below the stratum corneum, µm.
    pub depth_um: f64,
}

impl Channels {
    /// What `session` leaves open in this skin; `None` where nothing passes the stratum corneum.
    ///
    /// # Errors
    /// If `channels.open_depth` is missing or in another unit.
    pub fn of(session: &SessionInjury, layers: &Layers, draw: &Draw) -> Result<Option<Self>, ParameterError> {
        let open = draw.group("channels").get("open_depth", "1")?;
        let breached = session.depth_um > layers.stratum_corneum_um && session.density_per_cm2 > 0.0 && session.channel_radius_um > 0.0;
        Ok(breached.then_some(Self {
            density_per_cm2: session.density_per_cm2,
            radius_um: session.channel_radius_um,
            depth_um: open * (session.depth_um - layers.stratum_corneum_um),
        }))
    }

    /// Permeability that the channels add just after the session in tissue of diffusivity `tissue_cm2_per_h`, cm/h.
    #[must_use]
    pub fn conductance_cm_per_h(&self, tissue_cm2_per_h: f64) -> f64 {
        self.density_per_cm2 * tissue_cm2_per_h * spreading_length(self.radius_um * 1e-4, self.depth_um * 1e-4)
    }
}

/// Steady diffusion out of one open channel into thick tissue, per diffusivity and concentration: the length
/// l in `flow = D l c`, in the unit of the arguments. The channel is half a spheroid of the given radius and depth
/// (Carslaw & Jaeger 1959): a disc of no depth passes 4a, a hemisphere 2πa, and a needle-shaped channel of depth L
/// 2πL / ln(2L/a), less than in proportion to its depth. The solution inside is taken as mixed: hindrance in a
/// channel tens of µm wide is below 0.1 %, even for a protein.
#[must_use]
pub fn spreading_length(radius: f64, depth: f64) -> f64 {
    let ratio = depth / radius;
    // Both branches lose digits at the hemisphere, where they meet.
    if (ratio - 1.0).abs() < 1e-6 {
        2.0 * PI * radius
    } else if ratio < 1.0 {
        2.0 * PI * radius * (1.0 - ratio * ratio).sqrt() / ratio.acos()
    } else {
        let focus = (ratio * ratio - 1.0).sqrt();
        2.0 * PI * radius * focus / (ratio + focus).ln()
    }
}

/// How fast channels close in one member: exponentially, at two speeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Closure {
    /// Half-life of the channels' permeability in the open, h.
    pub open_h: f64,
    /// Half-life under a cover, h.
    pub occluded_h: f64,
}

impl Closure {
    /// Reads the group `channels`: half-lives grow with age and, weakly, with the melanosome fraction.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(person: &Person, draw: &Draw) -> Result<Self, ParameterError> {
        let g = draw.group("channels");
        let tone = (person.tone.melanosome_fraction / g.get("tone_reference", "1")?).powf(g.get("tone_exponent", "1")?);
        let decades = (person.age_years - g.get("age_reference", "a")?) / 10.0;
        // (1 + slope) to the power of decades: the same relative step per decade, positive at any age.
        let slower = tone * (1.0 + g.get("age_slope", "1")?).powf(decades);
        Ok(Self { open_h: slower * g.get("half_life_open", "h")?, occluded_h: slower * g.get("half_life_occluded", "h")? })
    }

    /// Rate of closure, 1/h.
    #[must_use]
    pub fn rate_per_h(&self, occluded: bool) -> f64 {
        LN_2 / if occluded { self.occluded_h } else { self.open_h }
    }

    /// Share of the initial permeability left after some hours (1 at 0 h).
    #[must_use]
    pub fn open_share(&self, hours: f64, occluded: bool) -> f64 {
        (-self.rate_per_h(occluded) * hours).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::ParameterSet;
    use crate::skin::{Sex, Tone};

    #[test]
    fn spreading_length_meets_its_analytic_limits() {
        assert!((spreading_length(35.0, 0.0) / (4.0 * 35.0) - 1.0).abs() < 1e-12, "disc on a half space");
        assert!((spreading_length(35.0, 35.0) / (2.0 * PI * 35.0) - 1.0).abs() < 1e-12, "hemisphere");
        let (a, l) = (1.0, 1e4);
        assert!((spreading_length(a, l) * (2.0 * l / a).ln() / (2.0 * PI * l) - 1.0).abs() < 1e-6, "needle");
        for d in [0.999_99, 1.000_01] {
            assert!((spreading_length(1.0, d) / (2.0 * PI) - 1.0).abs() < 1e-4, "continuous at the hemisphere");
        }
    }

    #[test]
    fn depth_raises_conductance_less_than_proportionally() {
        let mut last = spreading_length(35.0, 50.0);
        for depth in [100.0, 200.0, 400.0, 800.0] {
            let next = spreading_length(35.0, depth);
            assert!(next > last && next < 2.0 * last, "{depth}: {next} after {last}");
            last = next;
        }
    }

    #[test]
    fn darker_and_older_skin_closes_later() {
        let draw = Draw::central(&ParameterSet::embedded().unwrap());
        let person = |age, m| Person { age_years: age, sex: Sex::Female, tone: Tone { melanosome_fraction: m } };
        let half = |age, m| Closure::from_draw(&person(age, m), &draw).unwrap().occluded_h;
        assert!((half(25.6, 0.038) - 20.0).abs() < 1e-9);
        assert!((half(25.6, 0.305) / half(25.6, 0.038) - 66.5 / 50.2).abs() < 0.03);
        assert!(half(77.3, 0.038) > half(25.6, 0.038));
    }
}
