//! Against published and exact answers, conservation, and a Monte Carlo of the same problem.

mod conservation;
mod convergence;
mod monte_carlo;
mod properties;
mod reference;
mod spectrum;

use super::quadrature::{Angles, gauss, radau};
use super::{Indices, Slab, Transfer, fresnel};

/// Skin of five layers in mid-spectrum: horny layer, epidermis, dermis above the plexus, plexus, dermis below.
fn skin(epidermal_absorption_per_mm: f64) -> Vec<Slab> {
    let layer = |thickness_um, absorption_per_mm, scattering_per_mm, anisotropy| Slab {
        thickness_um,
        absorption_per_mm,
        scattering_per_mm,
        anisotropy,
    };
    vec![
        layer(15.0, 0.05, 60.0, 0.85),
        layer(65.0, epidermal_absorption_per_mm, 30.0, 0.78),
        layer(150.0, 0.2, 20.0, 0.78),
        layer(100.0, 1.5, 20.0, 0.78),
        layer(1500.0, 0.15, 18.0, 0.8),
    ]
}

fn in_air() -> Indices {
    Indices::new(1.4, 1.0, 1.0)
}

/// Transfer as it is usually done, with Gauss' and Radau's points in the cosine itself: half of them below the critical one and half above.
fn in_cosine(count: usize) -> impl Fn(&Indices) -> Transfer {
    move |indices| {
        let critical = fresnel::critical_cosine(indices.stack, indices.above);
        let mut angles = Angles { cosine: Vec::new(), weight: Vec::new() };
        let below = if critical > 0.0 { count / 2 } else { 0 };
        for (rule, from, to) in [(gauss(below), 0.0, critical), (radau(count - below), critical, 1.0)] {
            angles.cosine.extend(rule.iter().map(|(x, _)| from + 0.5 * (to - from) * (1.0 + x)));
            angles.weight.extend(rule.iter().map(|(_, w)| 0.5 * (to - from) * w));
        }
        Transfer::along(angles, indices)
    }
}
