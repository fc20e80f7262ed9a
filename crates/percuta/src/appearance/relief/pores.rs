//! Openings of follicles: funnels at crossings of the microrelief.

use std::f64::consts::{FRAC_PI_4, PI, TAU};

use super::network::Network;
use super::noise::{key, normal, uniform, wave};
use super::pattern::{PorePattern, SkinTexture};
use super::strand::Grid;

/// The opening of a follicle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pore {
    /// Place, µm from the left border.
    pub x_um: f64,
    /// Place, µm from the upper border.
    pub y_um: f64,
    /// Mean diameter at half its depth, µm.
    pub diameter_um: f64,
    /// Depth, µm.
    pub depth_um: f64,
    /// Longest over mean diameter.
    elongation: f64,
    /// Direction of the longest diameter, radians.
    direction: f64,
    /// Irregularity of the outline.
    outline: u64,
}

/// Chooses crossings for the follicles of a square.
pub(super) fn pores(pattern: &PorePattern, texture: &SkinTexture, network: &Network<'_>, side_um: f64, seed: u64) -> Vec<Pore> {
    let crossings = network.crossings(side_um);
    let cm2 = (side_um * 1e-4).powi(2);
    let share = |per_cm2: f64| per_cm2 * cm2 / crossings.len().max(1) as f64;
    let (small, enlarged) = (share(pattern.density_per_cm2), share(pattern.enlarged_per_cm2));
    let mut pores: Vec<Pore> = Vec::new();
    for (id, (x_um, y_um)) in crossings {
        let draw = uniform(key(seed, 1), id);
        if draw >= small + enlarged {
            continue;
        }
        let (median, spread) =
            if draw < enlarged { (pattern.enlarged_um, 1.0 + 0.5 * (pattern.spread - 1.0)) } else { (pattern.diameter_um, pattern.spread) };
        let diameter_um = median * (spread.ln() * normal(key(seed, 2), id)).exp();
        // Two follicles do not share a place.
        if pores.iter().any(|p| (p.x_um - x_um).hypot(p.y_um - y_um) < p.diameter_um + diameter_um) {
            continue;
        }
        let depth = texture.pore_depth * (0.25 * normal(key(seed, 3), id)).exp();
        pores.push(Pore {
            x_um,
            y_um,
            diameter_um,
            // A wide pore is shallower for its width.
            depth_um: depth * diameter_um.min(pattern.diameter_um * (diameter_um / pattern.diameter_um).sqrt()),
            elongation: 1.0 + 0.35 * uniform(key(seed, 4), id),
            direction: PI * uniform(key(seed, 5), id),
            outline: key(seed, 6) ^ id as u64,
        });
    }
    pores
}

impl Pore {
    /// Area of the opening, µm².
    #[must_use]
    pub fn area_um2(&self) -> f64 {
        FRAC_PI_4 * self.diameter_um * self.diameter_um
    }

    /// Distance from the middle over the radius there.
    fn relative(&self, dx: f64, dy: f64) -> f64 {
        let (sine, cosine) = self.direction.sin_cos();
        let (u, v) = (dx * cosine + dy * sine, dy * cosine - dx * sine);
        let stretch = self.elongation.sqrt();
        let (u, v) = (u / stretch, v * stretch);
        let turn = (v.atan2(u) / TAU).rem_euclid(1.0);
        // Lobes that close after one turn.
        let lobes = (1.0 - turn) * wave(self.outline, 5.0 * turn) + turn * wave(self.outline, 5.0 * turn - 5.0);
        2.0 * u.hypot(v) / (self.diameter_um * (1.0 + 0.18 * lobes))
    }

    /// Adds (height, how much of the opening) to each point of a grid it reaches.
    pub(super) fn draw(&self, grid: Grid, mut add: impl FnMut(usize, f64, f64)) {
        let reach = 1.6 * self.diameter_um;
        let range = |v: f64, n: usize| {
            let index = |v: f64| (v / grid.step_um - 0.5).clamp(0.0, n as f64);
            index(v - reach).ceil() as usize..((index(v + reach).floor() + 1.0) as usize).min(n)
        };
        for row in range(self.y_um, grid.rows) {
            for column in range(self.x_um, grid.columns) {
                let (dx, dy) = ((column as f64 + 0.5) * grid.step_um - self.x_um, (row as f64 + 0.5) * grid.step_um - self.y_um);
                let r = self.relative(dx, dy);
                let funnel = 1.0 / (1.0 + r.powi(4));
                // The skin around it is a little raised.
                let rim = 0.12 * (-(2.0 * (r - 1.7)).powi(2)).exp();
                add(row * grid.columns + column, self.depth_um * (rim - funnel), 1.0 / (1.0 + r.powi(8)));
            }
        }
    }
}
