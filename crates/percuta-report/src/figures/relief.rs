//! The surface of the skin as heights: a net of microrelief, fine lines and coarse lines.

use percuta::appearance::LineShift;

use super::noise::noise;

/// Half width of a furrow of the microrelief, as a share of its spacing. This and the next are ornament: no read-out tells them.
const NET_WIDTH: f64 = 0.3;
/// Half width of a fine or coarse line at 1/e of its depth, as a share of the spacing.
const LINE_WIDTH: f64 = 0.13;

/// Mean strength of the furrows of the net, relative to the strongest.
const NET_STRENGTH: f64 = 0.7;

/// A family of furrows: their mean spacing and their depth before treatment, µm, and what has become of each of them since.
#[derive(Debug, Clone, Copy)]
pub struct Furrows {
    pub spacing_um: f64,
    /// Of the strongest furrow.
    pub depth_um: f64,
    pub shift: Option<LineShift>,
    pub pattern: Pattern,
}

/// Where furrows run.
#[derive(Debug, Clone, Copy)]
pub enum Pattern {
    /// The polygons of the primary microrelief.
    Net,
    /// Roughly parallel lines, wandering by a share of their spacing and fading to a share of their depth.
    Lines { tilt: f64, wander: f64, weakest: f64, seed: u64 },
}

impl Pattern {
    /// Mean strength of the furrows relative to the strongest.
    pub fn mean_strength(&self) -> f64 {
        match self {
            Self::Net => NET_STRENGTH,
            Self::Lines { weakest, .. } => 0.5 * (1.0 + weakest),
        }
    }
}

impl Furrows {
    /// Height at a point, µm: 0 on the plateau, minus the depth at the bottom of the strongest furrow.
    pub fn height_um(&self, x: f64, y: f64) -> f64 {
        let (x, y) = (x / self.spacing_um, y / self.spacing_um);
        match self.pattern {
            Pattern::Net => {
                let (strength, shape) = net(x, y);
                -self.depth_of(strength) * shape
            }
            Pattern::Lines { tilt, wander, weakest, seed } => {
                let (sine, cosine) = tilt.sin_cos();
                let (across, along) = (x * cosine + y * sine, y * cosine - x * sine);
                -self.deepest_line(across, along, wander, weakest, seed)
            }
        }
    }

    /// Depth now of a furrow that has so much of the strongest one's depth at baseline, µm.
    fn depth_of(&self, strength: f64) -> f64 {
        let before = self.depth_um * strength;
        self.shift.map_or(before, |s| s.depth_after(before))
    }

    /// Depth of the deepest of the wavy lines of unit spacing around a point, µm.
    fn deepest_line(&self, across: f64, along: f64, wander: f64, weakest: f64, seed: u64) -> f64 {
        let mut deepest = 0.0f64;
        let near = across.floor();
        for i in -1..=2 {
            let line = near + f64::from(i);
            let own = seed.wrapping_mul(977).wrapping_add(line as i64 as u64);
            let place = line
                + 0.45 * (noise(own, 1) - 0.5)
                + wander * (smooth(own ^ 0x51, along / 1.7) - 0.5)
                + 0.3 * wander * (smooth(own ^ 0x52, along / 0.45) - 0.5);
            let strength = weakest + (1.0 - weakest) * smooth(own ^ 0x53, along / 2.3);
            let off = (across - place) / LINE_WIDTH;
            deepest = deepest.max(self.depth_of(strength) * (-off * off).exp());
        }
        deepest
    }
}

/// Strength of the nearest furrow of a net of polygons of unit size, and its shape: 1 where two cells meet, 0 within them.
fn net(x: f64, y: f64) -> (f64, f64) {
    // The borders lie between the seeds of a jittered lattice of rhombs, so that two or three directions prevail;
    // a slow warp keeps them from being straight.
    let x = x + 0.35 * (smooth(71, 0.31 * y + 0.13 * x) - 0.5);
    let y = y + 0.35 * (smooth(72, 0.31 * x - 0.11 * y) - 0.5);
    let (u, v) = (x + 0.35 * y, 0.94 * y);
    let (column, row) = (u.floor(), v.floor());
    let (mut first, mut second) = (f64::INFINITY, f64::INFINITY);
    for i in -2..=2 {
        for j in -2..=2 {
            let (c, r) = (column + f64::from(i), row + f64::from(j));
            let key = (c as i64 as u64).wrapping_mul(1_000_003).wrapping_add(r as i64 as u64);
            let (su, sv) = (c + 0.5 + 0.62 * (noise(73, key) - 0.5), r + 0.5 + 0.62 * (noise(74, key) - 0.5));
            // Back to the plane, where distances mean something.
            let (dv, du) = ((sv - v) / 0.94, su - u);
            let distance = (du - 0.35 * dv).hypot(dv);
            if distance < first {
                (first, second) = (distance, first);
            } else {
                second = second.min(distance);
            }
        }
    }
    // Twice the distance from the border, roughly.
    let t = ((second - first) / (2.0 * NET_WIDTH)).min(1.0);
    // Some stretches of a furrow are shallower than others.
    let strength = 0.55 + 0.45 * smooth(75, 0.9 * x + 0.4 * y) * smooth(76, 0.8 * y - 0.5 * x).sqrt();
    (strength.min(1.0), (1.0 - t) * (1.0 - t) * (1.0 + 2.0 * t))
}

/// A smooth curve through random values in [0, 1), one at every whole number.
fn smooth(seed: u64, t: f64) -> f64 {
    let (whole, part) = (t.floor(), t - t.floor());
    let at = |k: f64| noise(seed, k as i64 as u64);
    let s = part * part * (3.0 - 2.0 * part);
    at(whole) + s * (at(whole + 1.0) - at(whole))
}

/// Grey values of a square surface under raking light from the left (Lambert), row by row.
pub fn shaded(families: &[Furrows], side_um: f64, pixels: usize, light_deg: f64) -> Vec<u8> {
    let step = side_um / pixels as f64;
    let n = pixels + 1;
    let heights: Vec<f64> = (0..n * n)
        .map(|k| {
            let (x, y) = (step * (k % n) as f64, step * (k / n) as f64);
            families.iter().map(|f| f.height_um(x, y)).sum()
        })
        .collect();
    let light = light_deg.to_radians();
    let mut grey = Vec::with_capacity(pixels * pixels);
    for row in 0..pixels {
        for column in 0..pixels {
            let k = row * n + column;
            let (dx, dy) = ((heights[k + 1] - heights[k]) / step, (heights[k + n] - heights[k]) / step);
            // A little of the light comes from the upper left, so that furrows along it show as well.
            let lit = (light.sin() - (0.9 * dx + 0.43 * dy) * light.cos()) / (1.0 + dx * dx + dy * dy).sqrt();
            // Flat skin is a light grey of 165; the gain is the same for every surface.
            grey.push((165.0 + 115.0 * (1.1 * (lit - light.sin())).tanh()).clamp(0.0, 255.0) as u8);
        }
    }
    grey
}

#[cfg(test)]
mod tests {
    use percuta::appearance::{LineChange, LineFamily};

    use super::*;

    const FAMILIES: [Furrows; 2] = [
        Furrows { spacing_um: 300.0, depth_um: 40.0, shift: None, pattern: Pattern::Net },
        Furrows {
            spacing_um: 1000.0,
            depth_um: 80.0,
            shift: None,
            pattern: Pattern::Lines { tilt: 0.1, wander: 0.5, weakest: 0.3, seed: 5 },
        },
    ];

    #[test]
    fn furrows_are_as_deep_as_the_readout() {
        for (family, depth) in FAMILIES.iter().zip([40.0, 80.0]) {
            let heights: Vec<f64> = (0..90_000).map(|k| family.height_um(f64::from(k % 300) * 30.0, f64::from(k / 300) * 30.0)).collect();
            let (low, high) = heights.iter().fold((0.0f64, f64::NEG_INFINITY), |(l, h), &z| (l.min(z), h.max(z)));
            assert!(low >= -depth && low < -0.85 * depth, "{low} for {depth}");
            assert!(high > -0.05 * depth && high <= 0.0, "{high}");
        }
    }

    #[test]
    fn lines_stand_at_their_spacing() {
        let spacing_um = FAMILIES[1].spacing_um;
        let deep = |x: f64| FAMILIES[1].height_um(x, 0.0) < -0.1 * 80.0;
        let entries = (1..40_000).filter(|k| deep(f64::from(*k)) && !deep(f64::from(k - 1))).count();
        assert!((entries as f64 / (40_000.0 / spacing_um) - 1.0).abs() < 0.15, "{entries}");
    }

    #[test]
    fn the_weaker_stretches_of_a_line_vanish_first() {
        let family = LineFamily { film_um: 80.0, wavelength_um: 1000.0, depth_um: 80.0 };
        let shift = family.shift(LineChange { relief: 0.008, ..LineChange::NONE }, 0.0);
        let after = Furrows { shift: Some(shift), ..FAMILIES[1] };
        let border = shift.vanished_below_um();
        assert!((30.0..60.0).contains(&border), "{border}");
        let (mut gone, mut kept) = (0, 0);
        for k in 0..40_000u32 {
            let (x, y) = (f64::from(k % 200) * 40.0, f64::from(k / 200) * 40.0);
            let (was, is) = (FAMILIES[1].height_um(x, y), after.height_um(x, y));
            assert!(is >= was - 1e-9, "nothing deepens");
            // On the bottom of a furrow that was deeper than the border something is left.
            gone += u32::from(was < -1.0 && is == 0.0);
            kept += u32::from(was < -border && is < 0.0);
            assert!(was > -border || is < 0.0, "{was} {is}");
        }
        assert!(gone > 100 && kept > 100, "{gone} {kept}");
    }

    #[test]
    fn flat_skin_is_evenly_lit() {
        let grey = shaded(&[], 1000.0, 8, 20.0);
        assert_eq!(grey, vec![165; 64]);
        let relief = shaded(&FAMILIES, 4000.0, 64, 20.0);
        assert!(relief.iter().any(|g| *g < 140) && relief.iter().any(|g| *g > 190));
    }
}
