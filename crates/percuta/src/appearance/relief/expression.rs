//! Fine and coarse lines: curves that follow a direction, wander, branch, join, fade and end.

use super::nearby::Nearby;
use super::noise::{field, key, normal, uniform, wave};
use super::pattern::LinePattern;
use super::strand::{Strand, StrandPoint};

/// Points of a line over one spacing.
const POINTS_PER_SPACING: f64 = 12.0;
/// Places among which a new line takes the one farthest from all others.
const CANDIDATES: usize = 24;
/// Lines are tried until they are as dense as they should be, at most so many times as often as needed.
const PATIENCE: f64 = 8.0;

/// The lines of one family in a square and around it.
pub(super) struct Lines<'a> {
    pattern: &'a LinePattern,
    /// Geometric standard deviation of their depths.
    spread: f64,
    /// Width at half the depth, as a share of the spacing.
    width: f64,
    spacing_um: f64,
    side_um: f64,
    seed: u64,
    drawn: u64,
    strands: Vec<Strand>,
    /// Points of the lines that are there.
    taken: Nearby,
    length_um: f64,
}

/// Where a line starts and how it is.
#[derive(Clone, Copy)]
struct Start {
    place: (f64, f64),
    /// Direction beside that of the pattern, radians.
    off: f64,
    /// How much of it is left after one spacing.
    keeps: f64,
    depth: f64,
    length_um: f64,
}

impl<'a> Lines<'a> {
    /// The lines, depths relative to that of a typical one.
    pub(super) fn strands(pattern: &'a LinePattern, spread: f64, (spacing_um, width): (f64, f64), side_um: f64, seed: u64) -> Vec<Strand> {
        let mut lines = Self {
            pattern,
            spread,
            width,
            spacing_um,
            side_um,
            seed,
            drawn: 0,
            strands: Vec::new(),
            taken: Nearby::new(side_um, spacing_um),
            length_um: 0.0,
        };
        let field = (side_um + 2.0 * spacing_um).powi(2);
        // Lines at a spacing have that much length on an area.
        let wanted = pattern.density * field / spacing_um;
        let tries = PATIENCE * wanted / (pattern.length * spacing_um) + PATIENCE;
        for _ in 0..tries as usize {
            if lines.length_um >= wanted {
                break;
            }
            lines.add();
        }
        lines.strands
    }

    /// The next random number in [0, 1).
    fn draw(&mut self) -> f64 {
        self.drawn += 1;
        uniform(self.seed, self.drawn as i64)
    }

    fn draw_normal(&mut self) -> f64 {
        self.drawn += 1;
        normal(self.seed, self.drawn as i64)
    }

    /// A place anywhere in the square or up to a spacing beside it.
    fn anywhere(&mut self) -> (f64, f64) {
        let (span, margin) = (self.side_um + 2.0 * self.spacing_um, self.spacing_um);
        (span * self.draw() - margin, span * self.draw() - margin)
    }

    /// Direction of the pattern at a place, radians.
    fn direction(&self, (x, y): (f64, f64)) -> f64 {
        let main = self.pattern.direction_deg.to_radians();
        let radius = self.pattern.radius_um;
        if radius == 0.0 {
            return main;
        }
        // The point from which lines radiate lies against the direction of those in the middle.
        let middle = 0.5 * self.side_um;
        let (sine, cosine) = main.sin_cos();
        (y - middle + radius * sine).atan2(x - middle + radius * cosine)
    }

    /// Depth at a place relative to that in the middle: lines fade away from where they start.
    fn fading(&self, (x, y): (f64, f64)) -> f64 {
        let (sine, cosine) = self.pattern.direction_deg.to_radians().sin_cos();
        let along = ((x / self.side_um - 0.5) * cosine + (y / self.side_um - 0.5) * sine).clamp(-0.7, 0.7);
        1.0 - self.pattern.fading * along
    }

    fn add(&mut self) {
        let mut best = (self.anywhere(), f64::NEG_INFINITY);
        for _ in 0..CANDIDATES {
            let place = self.anywhere();
            let distance = self.taken.distance(place);
            if distance > best.1 {
                best = (place, distance);
            }
        }
        let crossing = self.draw() < self.pattern.cross_share;
        let turn = if crossing { self.pattern.cross_deg.to_radians() } else { 0.0 };
        let off = turn + self.pattern.spread_deg.to_radians() * self.draw_normal();
        let depth = (self.spread.ln() * self.draw_normal()).exp();
        let length_um = self.pattern.length * self.spacing_um * (0.45 * self.draw_normal()).exp();
        let split = 0.3 + 0.4 * self.draw();
        let start = Start { place: best.0, off, keeps: 1.0, depth, length_um: split * length_um };
        let mut back = self.run(Start { length_um: (1.0 - split) * length_um, ..start }, -1.0);
        let ahead = self.run(start, 1.0);
        back.reverse();
        back.extend(ahead.into_iter().skip(1));
        if (back.len() as f64) < 0.8 * POINTS_PER_SPACING {
            return;
        }
        let stem = self.finish(back, depth, true);
        self.branch(&stem, depth);
    }

    /// Lines that leave a stem at an angle and turn into its direction.
    fn branch(&mut self, stem: &[StrandPoint], depth: f64) {
        let expected = self.pattern.branching * stem.len() as f64 / (self.pattern.length * POINTS_PER_SPACING);
        let mut count = expected.floor() as usize;
        count += usize::from(self.draw() < expected.fract());
        for _ in 0..count {
            let at = (stem.len() as f64 * (0.1 + 0.8 * self.draw())) as usize;
            let Some(p) = stem.get(at) else { continue };
            let (side, angle) = (if self.draw() < 0.5 { -1.0 } else { 1.0 }, 15.0 + 25.0 * self.draw());
            let heading = if self.draw() < 0.5 { -1.0 } else { 1.0 };
            let own = depth * (0.45 + 0.4 * self.draw());
            let length_um = self.spacing_um * self.pattern.length * (0.2 + 0.3 * self.draw());
            let start = Start { place: (p.x, p.y), off: side * angle.to_radians(), keeps: 0.45, depth: own, length_um };
            let points = self.run(start, heading);
            if points.len() as f64 > 0.5 * POINTS_PER_SPACING {
                self.finish(points, own, false);
            }
        }
    }

    /// Follows the direction from a place, forward or back, until the length is used up or another line is met.
    fn run(&mut self, start: Start, heading: f64) -> Vec<StrandPoint> {
        let step = self.spacing_um / POINTS_PER_SPACING;
        let own = key(self.seed, 90 + self.drawn);
        self.drawn += 1;
        let (mut x, mut y) = start.place;
        let mut points = vec![StrandPoint { x, y, depth_um: start.depth, shape: 1.0, width_um: 0.0 }];
        let count = (start.length_um / step) as usize;
        let (mut off, spacing) = (start.off, self.spacing_um);
        for k in 1..=count {
            let s = k as f64 / POINTS_PER_SPACING;
            let common = field(key(self.seed, 80), x / (3.0 * spacing), y / (3.0 * spacing));
            let wander = self.pattern.wander * (0.5 * common + 0.35 * wave(own, s / 1.1) + 0.3 * wave(!own, s / 0.35));
            let angle = self.direction((x, y)) + off + wander;
            x += heading * step * angle.cos();
            y += heading * step * angle.sin();
            off *= start.keeps.powf(1.0 / POINTS_PER_SPACING);
            points.push(StrandPoint { x, y, depth_um: start.depth, shape: 1.0, width_um: 0.0 });
            let margin = 1.5 * spacing;
            if !(-margin..self.side_um + margin).contains(&x) || !(-margin..self.side_um + margin).contains(&y) {
                break;
            }
            // Its own stem is near a branch at first.
            if s > 0.8 && self.pattern.cross_share == 0.0 && self.taken.distance((x, y)) < 0.2 * spacing {
                break;
            }
        }
        points
    }

    /// Gives a line its depth along it and its ends, and keeps it.
    fn finish(&mut self, mut points: Vec<StrandPoint>, depth: f64, free_start: bool) -> Vec<StrandPoint> {
        let own = key(self.seed, 70 + self.drawn);
        self.drawn += 1;
        let last = points.len() - 1;
        let end = POINTS_PER_SPACING * 1.6_f64.min(0.04 * last as f64);
        let width_um = self.width * self.spacing_um * depth.clamp(0.3, 3.0).powf(0.3);
        for (k, p) in points.iter_mut().enumerate() {
            let s = k as f64 / POINTS_PER_SPACING;
            let along = 0.32 * wave(own, s / 1.3) + 0.16 * wave(!own, s / 0.4);
            p.depth_um = depth * self.fading((p.x, p.y)) * along.exp();
            let to_end = |k: usize| (k as f64 / end.max(1.0)).min(1.0);
            let ends = if free_start { to_end(k) * to_end(last - k) } else { to_end(last - k) };
            p.shape = ends;
            // A line grows shallow and narrow before it ends.
            p.depth_um *= 0.5 + 0.5 * ends;
            p.width_um = width_um * (0.35 + 0.65 * ends) * (1.0 + 0.15 * wave(own ^ 1, s / 0.6));
        }
        let shown: f64 = points.iter().map(|p| p.shape).sum();
        self.length_um += shown * self.spacing_um / POINTS_PER_SPACING;
        points.iter().for_each(|p| self.taken.add((p.x, p.y)));
        self.strands.push(Strand { points: points.clone(), leading: free_start });
        points
    }
}
