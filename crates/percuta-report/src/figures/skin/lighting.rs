//! The lamps of the picture and how much of their light reaches each place of a relief.

use super::grid::Grid;

/// A round lamp far away.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lamp {
    /// Direction it stands in, degrees counter-clockwise from the right of the picture.
    pub azimuth_deg: f64,
    /// Height over the horizon, degrees.
    pub elevation_deg: f64,
    /// Radius of its disc as seen from the skin, degrees; the larger, the softer the shadows.
    pub radius_deg: f64,
    /// Share of the light that flat skin gets from it.
    pub share: f64,
}

impl Lamp {
    /// Unit vector towards it: right, down, up.
    pub fn direction(&self) -> [f64; 3] {
        let ((se, ce), (sa, ca)) = (self.elevation_deg.to_radians().sin_cos(), self.azimuth_deg.to_radians().sin_cos());
        [ce * ca, -ce * sa, se]
    }
}

/// Two lamps and an even sky, which gives flat skin the rest of its light.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lighting {
    /// The lamps.
    pub lamps: [Lamp; 2],
}

impl Lighting {
    /// A raking lamp from the upper left, a broad one high on the other side, and a soft surround. Exposure and white balance are
    /// those at which flat skin has the colour of the light model; they are the same for every picture.
    pub const RAKING: Self = Self {
        lamps: [
            Lamp { azimuth_deg: 152.0, elevation_deg: 28.0, radius_deg: 4.0, share: 0.50 },
            Lamp { azimuth_deg: 20.0, elevation_deg: 62.0, radius_deg: 14.0, share: 0.22 },
        ],
    };

    /// Share of the light that flat skin gets from the sky.
    #[must_use]
    pub fn sky(&self) -> f64 {
        1.0 - self.lamps.iter().map(|l| l.share).sum::<f64>()
    }
}

/// A relief and its slopes.
pub struct Relief<'a> {
    /// Where the heights are.
    pub grid: Grid,
    /// Heights, µm.
    pub height_um: &'a [f64],
    /// Range of the heights, µm.
    span_um: f64,
}

impl<'a> Relief<'a> {
    /// The relief of these heights.
    pub fn new(grid: Grid, height_um: &'a [f64]) -> Self {
        let (low, high) = height_um.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &z| (l.min(z), h.max(z)));
        Self { grid, height_um, span_um: (high - low).max(0.0) }
    }

    /// Height at a pixel; the border goes on.
    fn at(&self, row: i64, column: i64) -> f64 {
        let inside = |v: i64, n: usize| v.clamp(0, n as i64 - 1) as usize;
        self.height_um[inside(row, self.grid.rows) * self.grid.columns + inside(column, self.grid.columns)]
    }

    /// Slope to the right and downwards, 1.
    pub fn slope(&self, row: usize, column: usize) -> [f64; 2] {
        let (r, c) = (row as i64, column as i64);
        let step = |n: usize, i: usize| if i == 0 || i + 1 == n { self.grid.pixel_um } else { 2.0 * self.grid.pixel_um };
        [
            (self.at(r, c + 1) - self.at(r, c - 1)) / step(self.grid.columns, column),
            (self.at(r + 1, c) - self.at(r - 1, c)) / step(self.grid.rows, row),
        ]
    }

    /// Share of each place's view of the lamp that nothing hides.
    pub fn lit(&self, lamp: &Lamp) -> Vec<f32> {
        let [x, y, _] = lamp.direction();
        let flat = x.hypot(y).max(1e-9);
        let (dx, dy) = (x / flat, y / flat);
        let lowest = (lamp.elevation_deg - lamp.radius_deg).max(3.0).to_radians().tan();
        let reach = (self.span_um / (lowest * self.grid.pixel_um)).ceil().min(400.0);
        let (low, high) = ((lamp.elevation_deg - lamp.radius_deg).to_radians(), (lamp.elevation_deg + lamp.radius_deg).to_radians());
        self.grid.pixels(|row, column| {
            let here = self.height_um[row * self.grid.columns + column];
            let (mut steepest, mut t) = (0.0f64, 1.0);
            while t <= reach {
                let rise = self.between(row as f64 + t * dy, column as f64 + t * dx) - here;
                steepest = steepest.max(rise / (t * self.grid.pixel_um));
                // Far away a step may be longer: what stands there is wide if it is to matter.
                t += if t < 12.0 { 1.0 } else { (t / 8.0).floor() };
            }
            let horizon = steepest.atan();
            (1.0 - disc(((horizon - low) / (high - low)).clamp(0.0, 1.0))) as f32
        })
    }

    /// Share of an even sky that each place sees, weighted with the cosine.
    pub fn sky(&self) -> Vec<f32> {
        const AZIMUTHS: usize = 12;
        let mut walks: Vec<Vec<(i64, i64, f64)>> = Vec::new();
        for k in 0..AZIMUTHS {
            let (dy, dx) = (std::f64::consts::TAU * (k as f64 + 0.5) / AZIMUTHS as f64).sin_cos();
            let mut walk: Vec<(i64, i64, f64)> = Vec::new();
            let mut t = 1.0;
            // Beyond three times its height nothing hides much of the sky.
            while t <= (3.0 * self.span_um / self.grid.pixel_um).min(200.0) {
                let (r, c) = ((t * dy).round() as i64, (t * dx).round() as i64);
                let distance = (r as f64).hypot(c as f64) * self.grid.pixel_um;
                if walk.last().is_none_or(|w| (w.0, w.1) != (r, c)) {
                    walk.push((r, c, 1.0 / distance));
                }
                t *= 1.25;
            }
            walks.push(walk);
        }
        self.grid.pixels(|row, column| {
            let here = self.height_um[row * self.grid.columns + column];
            let mut seen = 0.0;
            for walk in &walks {
                let mut steepest = 0.0f64;
                for &(r, c, inverse) in walk {
                    steepest = steepest.max((self.at(row as i64 + r, column as i64 + c) - here) * inverse);
                }
                // Of a slice of the sky above the horizon h a level place gets the share cos² h.
                seen += 1.0 / (1.0 + steepest * steepest);
            }
            (seen / AZIMUTHS as f64) as f32
        })
    }

    /// Height between pixels.
    fn between(&self, row: f64, column: f64) -> f64 {
        let (r, c) = (row.floor(), column.floor());
        let (v, u) = (row - r, column - c);
        let (r, c) = (r as i64, c as i64);
        let upper = self.at(r, c) * (1.0 - u) + self.at(r, c + 1) * u;
        let lower = self.at(r + 1, c) * (1.0 - u) + self.at(r + 1, c + 1) * u;
        upper * (1.0 - v) + lower * v
    }
}

/// Share of a disc's area below a chord at a share of its diameter.
fn disc(t: f64) -> f64 {
    let x = 2.0 * t - 1.0;
    0.5 + (x * (1.0 - x * x).sqrt() + x.asin()) / std::f64::consts::PI
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid = Grid { columns: 80, rows: 20, pixel_um: 10.0 };
    const LAMP: Lamp = Lamp { azimuth_deg: 180.0, elevation_deg: 45.0, radius_deg: 1.0, share: 0.5 };

    #[test]
    fn a_wall_throws_a_shadow_as_long_as_it_is_high() {
        let wall = GRID.map(|x, _| if x < 200.0 { 100.0f64 } else { 0.0 });
        let lit = Relief::new(GRID, &wall).lit(&LAMP);
        let row = &lit[10 * 80..11 * 80];
        assert!(row[..20].iter().all(|v| *v == 1.0), "on the wall");
        assert!(row[21..28].iter().all(|v| *v == 0.0), "behind it");
        assert!(row[32..].iter().all(|v| *v == 1.0), "beyond the shadow");
    }

    #[test]
    fn flat_skin_sees_everything() {
        let flat = vec![0.0f64; GRID.len()];
        let relief = Relief::new(GRID, &flat);
        assert!(relief.lit(&LAMP).iter().chain(&relief.sky()).all(|v| *v == 1.0));
    }

    #[test]
    fn the_floor_of_a_groove_sees_what_geometry_says() {
        // Of a groove twice as wide as deep the middle of the floor sees 1/sqrt(2) of the sky (two-dimensional view factor).
        let grid = Grid { columns: 101, rows: 101, pixel_um: 10.0 };
        let groove = grid.map(|x, _| if (x - 505.0).abs() < 100.0 { 0.0f64 } else { 100.0 });
        let seen = Relief::new(grid, &groove).sky()[50 * 101 + 50];
        assert!((f64::from(seen) - 0.5f64.sqrt()).abs() < 0.06, "{seen}");
    }

    #[test]
    fn the_light_adds_up() {
        let light = Lighting::RAKING;
        assert!(light.sky() > 0.1 && light.sky() < 0.5);
        let [x, y, z] = light.lamps[0].direction();
        assert!(x < 0.0 && y < 0.0 && z > 0.0, "from the upper left");
        assert!((x * x + y * y + z * z - 1.0).abs() < 1e-12);
    }
}
