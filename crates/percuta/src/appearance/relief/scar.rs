//! Scars on a surface: where they are and how their depth is spread over their area.

use std::f64::consts::TAU;

use super::noise::{field, key, uniform, wave};
use super::pattern::SkinTexture;

/// How the depth of a scar is spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ScarProfile {
    /// Funnel with a rounded rim.
    IcePick,
    /// Steep walls and a flat floor.
    Boxcar,
    /// Smooth bowl with a soft edge.
    Rolling,
    /// Groove (or, with negative depth, ridge) of a surgical wound.
    Linear {
        /// Length, µm.
        length_um: f64,
        /// Direction, degrees from x towards y.
        direction_deg: f64,
    },
    /// Dome of a hypertrophic scar; its depth is negative.
    Hypertrophic,
}

impl ScarProfile {
    /// Share of its lines that the skin of such a scar has lost.
    pub(super) fn loss(self, texture: &SkinTexture) -> f64 {
        match self {
            Self::IcePick => texture.icepick_loss,
            Self::Boxcar => texture.boxcar_loss,
            Self::Rolling => texture.rolling_loss,
            Self::Linear { .. } | Self::Hypertrophic => texture.surgical_loss,
        }
    }
}

/// A scar's place and outline; its depth comes later, because treatment changes it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScarFootprint {
    /// Middle, µm from the left and the upper border.
    pub centre_um: (f64, f64),
    /// Mean width at the surface, µm.
    pub width_um: f64,
    /// How the depth is spread.
    pub profile: ScarProfile,
    /// Seed of its irregular outline.
    pub seed: u64,
}

/// A scar on the pixels of a surface.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct DrawnScar {
    pub footprint: ScarFootprint,
    /// Pixels it covers, and the share of its depth there.
    pub pixels: Vec<(usize, f32)>,
}

impl ScarFootprint {
    /// Radius of a circle around all of it, µm.
    #[must_use]
    pub fn radius_um(&self) -> f64 {
        let half = 0.5 * 1.4 * self.width_um;
        match self.profile {
            ScarProfile::Linear { length_um, .. } => half + 0.5 * length_um,
            _ => half,
        }
    }

    /// Share of the depth at a place, µm from the middle: 1 at the deepest, 0 outside.
    #[must_use]
    pub fn weight(&self, dx: f64, dy: f64) -> f64 {
        let radius = 0.5 * self.width_um;
        if let ScarProfile::Linear { length_um, direction_deg } = self.profile {
            let (sine, cosine) = direction_deg.to_radians().sin_cos();
            let (along, across) = (dx * cosine + dy * sine, dy * cosine - dx * sine);
            let place = along / self.width_um;
            let across = across - 0.35 * radius * wave(key(self.seed, 1), place / 3.0);
            let half = radius * (1.0 + 0.2 * wave(key(self.seed, 2), place / 1.5));
            let ends = ((0.5 * length_um - along.abs()) / self.width_um).clamp(0.0, 1.0);
            let r = (across / half).abs();
            return (1.0 - r * r).max(0.0).powf(1.4) * ends * (2.0 - ends) * (1.0 + 0.1 * wave(key(self.seed, 3), place)).min(1.0);
        }
        let turn = (dy.atan2(dx) / TAU).rem_euclid(1.0);
        // Lobes that close after one turn, and an elongation.
        let lobes = |purpose: u64, number: f64| {
            let at = |t: f64| wave(key(self.seed, purpose), number * t);
            (1.0 - turn) * at(turn) + turn * at(turn - 1.0)
        };
        let oval = (2.0 * TAU * (turn - uniform(key(self.seed, 5), 0))).cos();
        let r = dx.hypot(dy) / (radius * (1.0 + 0.12 * lobes(4, 4.0) + 0.05 * lobes(7, 11.0) + 0.09 * oval));
        let bumps = |size: f64| field(key(self.seed, 6), dx / (size * self.width_um), dy / (size * self.width_um));
        let smooth = |low: f64, high: f64| {
            let t = ((r - low) / (high - low)).clamp(0.0, 1.0);
            1.0 - t * t * (3.0 - 2.0 * t)
        };
        match self.profile {
            ScarProfile::IcePick => {
                // A cone with rounded tip and rim.
                let u = 1.0 - (r * r + 0.012).sqrt();
                (0.5 * (u + (u * u + 0.01).sqrt()) - 0.04 * r).max(0.0) * smooth(0.85, 1.1)
            }
            // Its wall is steeper here and leans more there.
            ScarProfile::Boxcar => smooth(0.84 + 0.1 * lobes(8, 3.0), 1.04) * (1.0 - 0.07 * (0.5 + 0.5 * bumps(0.35))),
            ScarProfile::Rolling => (1.0 - r * r).max(0.0).powf(1.2) * (1.0 - 0.06 * (0.5 + 0.5 * bumps(0.4))),
            ScarProfile::Hypertrophic => (1.0 - r.powi(3)).max(0.0).powf(0.9) * (1.0 - 0.12 * (0.5 + 0.5 * bumps(0.3))),
            ScarProfile::Linear { .. } => 0.0,
        }
    }

    pub(super) fn draw(&self, columns: usize, rows: usize, pixel_um: f64) -> DrawnScar {
        let reach = self.radius_um() + pixel_um;
        let range = |v: f64, n: usize| {
            let index = |v: f64| (v / pixel_um - 0.5).clamp(0.0, n as f64);
            index(v - reach).ceil() as usize..((index(v + reach).floor() + 1.0) as usize).min(n)
        };
        let (x, y) = self.centre_um;
        let mut pixels = Vec::new();
        for row in range(y, rows) {
            for column in range(x, columns) {
                let weight = self.weight((column as f64 + 0.5) * pixel_um - x, (row as f64 + 0.5) * pixel_um - y);
                if weight > 0.0 {
                    pixels.push((row * columns + column, weight as f32));
                }
            }
        }
        DrawnScar { footprint: *self, pixels }
    }
}

/// Scars of the kinds and widths (µm) asked for, scattered over a square without touching, each with its number in the list; those that find no room are left out.
#[must_use]
pub fn scatter_scars(kinds: &[(ScarProfile, f64)], side_um: f64, seed: u64) -> Vec<(usize, ScarFootprint)> {
    /// Places that are tried for each.
    const TRIES: i64 = 400;
    let mut order: Vec<usize> = (0..kinds.len()).collect();
    // The largest first, as long as there is room.
    order.sort_by(|&a, &b| kinds[b].1.total_cmp(&kinds[a].1));
    let mut placed: Vec<(usize, ScarFootprint)> = Vec::new();
    for which in order {
        let (profile, width_um) = kinds[which];
        let own = key(seed, 1000 + which as u64);
        let found = (0..TRIES).find_map(|k| {
            let scar = ScarFootprint { centre_um: (0.0, 0.0), width_um, profile, seed: own };
            let margin = scar.radius_um().min(0.5 * side_um);
            let at = |purpose| margin + (side_um - 2.0 * margin) * uniform(key(own, purpose), k);
            let scar = ScarFootprint { centre_um: (at(1), at(2)), ..scar };
            let apart = |other: &ScarFootprint| {
                let (dx, dy) = (scar.centre_um.0 - other.centre_um.0, scar.centre_um.1 - other.centre_um.1);
                dx.hypot(dy) >= scar.radius_um() + other.radius_um()
            };
            (2.0 * scar.radius_um() <= side_um && placed.iter().all(|(_, o)| apart(o))).then_some(scar)
        });
        placed.extend(found.map(|scar| (which, scar)));
    }
    placed.sort_by_key(|(which, _)| *which);
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    const ALL: [ScarProfile; 5] = [
        ScarProfile::IcePick,
        ScarProfile::Boxcar,
        ScarProfile::Rolling,
        ScarProfile::Hypertrophic,
        ScarProfile::Linear { length_um: 12_000.0, direction_deg: 30.0 },
    ];

    fn scar(profile: ScarProfile, seed: u64) -> ScarFootprint {
        ScarFootprint { centre_um: (10_000.0, 10_000.0), width_um: 3000.0, profile, seed }
    }

    #[test]
    fn depth_is_reached_inside_and_nothing_lies_outside() {
        for profile in ALL {
            for seed in 0..5 {
                let drawn = scar(profile, seed).draw(400, 400, 50.0);
                let deepest = drawn.pixels.iter().fold(0.0f32, |m, p| m.max(p.1));
                assert!((0.88..=1.0).contains(&deepest), "{profile:?} {deepest}");
                let far = |&(i, _): &(usize, f32)| {
                    let (x, y) = ((i % 400) as f64 * 50.0 + 25.0 - 10_000.0, (i / 400) as f64 * 50.0 + 25.0 - 10_000.0);
                    x.hypot(y) > scar(profile, seed).radius_um()
                };
                assert!(!drawn.pixels.iter().any(far), "{profile:?}");
            }
        }
    }

    #[test]
    fn volumes_are_those_of_the_solids_that_the_scar_model_uses() {
        // Mean share of the depth over the circle of the width: cone 1/3, cylinder 1, shallow cap 1/2.
        for (profile, share) in [(ScarProfile::IcePick, 1.0 / 3.0), (ScarProfile::Boxcar, 1.0), (ScarProfile::Rolling, 0.5)] {
            let mean = (0..20)
                .map(|seed| scar(profile, seed).draw(400, 400, 50.0).pixels.iter().map(|p| f64::from(p.1)).sum::<f64>() * 2500.0)
                .sum::<f64>()
                / 20.0
                / (PI * 1500.0 * 1500.0);
            assert!((mean / share - 1.0).abs() < 0.16, "{profile:?}: {mean} for {share}");
        }
    }

    #[test]
    fn scattered_scars_lie_inside_and_apart() {
        let mut kinds: Vec<(ScarProfile, f64)> = (0..8).map(|k| (ScarProfile::IcePick, 1000.0 + 50.0 * f64::from(k))).collect();
        kinds.extend([4200.0, 5000.0, 5600.0].map(|width_um| (ScarProfile::Rolling, width_um)));
        kinds.extend([2300.0, 2750.0, 3200.0].map(|width_um| (ScarProfile::Boxcar, width_um)));
        let placed = scatter_scars(&kinds, 20_000.0, 3);
        let scars: Vec<ScarFootprint> = placed.iter().map(|(_, scar)| *scar).collect();
        assert!(scars.len() >= 10, "{}", scars.len());
        for (k, a) in scars.iter().enumerate() {
            let inside = |v: f64| v >= a.radius_um() - 1e-9 && v <= 20_000.0 - a.radius_um() + 1e-9;
            assert!(inside(a.centre_um.0) && inside(a.centre_um.1));
            for b in &scars[..k] {
                let apart = (a.centre_um.0 - b.centre_um.0).hypot(a.centre_um.1 - b.centre_um.1);
                assert!(apart >= a.radius_um() + b.radius_um());
            }
        }
        assert_eq!(placed, scatter_scars(&kinds, 20_000.0, 3));
        assert_ne!(placed, scatter_scars(&kinds, 20_000.0, 4));
        assert!(scatter_scars(&[(ScarProfile::Rolling, 9000.0)], 8000.0, 1).is_empty());
    }
}
