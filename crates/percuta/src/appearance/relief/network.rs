//! The microrelief: primary furrows in two directions that bound rhombs, secondary ones that divide them.
//!
//! The crossings stand on a lattice of rhombs, each shifted a little and the whole warped slowly, so that furrows are
//! neither straight nor parallel. A furrow of the lattice runs smoothly through its crossings and keeps a depth of its own
//! along all of them.

use super::noise::{cell, field, key, normal, uniform, wave};
use super::pattern::{NetworkPattern, SkinTexture};
use super::strand::{Strand, StrandPoint};

/// Pieces a furrow is drawn in from one crossing to the next.
const PIECES: usize = 5;

/// A lattice of crossings in the plane.
pub(super) struct Network<'a> {
    pattern: &'a NetworkPattern,
    texture: &'a SkinTexture,
    spacing_um: f64,
    seed: u64,
    /// Steps of the lattice along the two primary directions, µm.
    first: (f64, f64),
    second: (f64, f64),
}

impl<'a> Network<'a> {
    pub(super) fn new(pattern: &'a NetworkPattern, texture: &'a SkinTexture, spacing_um: f64, seed: u64) -> Self {
        let vector = |degrees: f64, length: f64| {
            let (sine, cosine) = degrees.to_radians().sin_cos();
            (length * cosine, length * sine)
        };
        let crossing = pattern.crossing_deg.to_radians().sin();
        // Parallel furrows lie one spacing apart, those of the first direction closer by the stretch, the others wider.
        let (close, wide) = (spacing_um / pattern.stretch.sqrt(), spacing_um * pattern.stretch.sqrt());
        Self {
            first: vector(pattern.direction_deg, wide / crossing),
            second: vector(pattern.direction_deg + pattern.crossing_deg, close / crossing),
            pattern,
            texture,
            spacing_um,
            seed,
        }
    }

    /// Place of a crossing.
    fn crossing(&self, i: i64, j: i64) -> (f64, f64) {
        let shift = |purpose| self.texture.network_shift * self.spacing_um * (2.0 * uniform(key(self.seed, purpose), cell(i, j)) - 1.0);
        let (i, j) = (i as f64, j as f64);
        let x = i * self.first.0 + j * self.second.0 + shift(1);
        let y = i * self.first.1 + j * self.second.1 + shift(2);
        let warp = |purpose| {
            let at = |length: f64| field(key(self.seed, purpose), x / (length * self.spacing_um), y / (length * self.spacing_um));
            self.texture.network_warp * self.spacing_um * (2.0 * at(9.0) + 0.7 * at(4.0))
        };
        (x + warp(3), y + warp(4))
    }

    /// Indices of all crossings whose furrows can touch a square.
    fn indices(&self, side_um: f64) -> impl Iterator<Item = (i64, i64)> + use<> {
        let determinant = self.first.0 * self.second.1 - self.first.1 * self.second.0;
        let margin = 5.0 * self.spacing_um;
        let corners = [(-margin, -margin), (side_um + margin, -margin), (-margin, side_um + margin), (side_um + margin, side_um + margin)];
        let of = |(x, y): (f64, f64)| {
            ((x * self.second.1 - y * self.second.0) / determinant, (y * self.first.0 - x * self.first.1) / determinant)
        };
        let bounds = corners.map(of).into_iter().fold([f64::INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::NEG_INFINITY], |b, (i, j)| {
            [b[0].min(i), b[1].max(i), b[2].min(j), b[3].max(j)]
        });
        let [low_i, high_i, low_j, high_j] = bounds.map(|b| b.round() as i64);
        (low_j..=high_j).flat_map(move |j| (low_i..=high_i).map(move |i| (i, j)))
    }

    /// All crossings within a square, with the number of each.
    pub(super) fn crossings(&self, side_um: f64) -> Vec<(i64, (f64, f64))> {
        let inside = |v: f64| (0.0..side_um).contains(&v);
        self.indices(side_um).map(|(i, j)| (cell(i, j), self.crossing(i, j))).filter(|(_, (x, y))| inside(*x) && inside(*y)).collect()
    }

    /// The furrows that touch a square, depths relative to that of a typical primary one.
    pub(super) fn strands(&self, side_um: f64) -> Vec<Strand> {
        let mut strands = Vec::new();
        let near = |(x, y): (f64, f64)| {
            let margin = 2.5 * self.spacing_um;
            (-margin..side_um + margin).contains(&x) && (-margin..side_um + margin).contains(&y)
        };
        for (i, j) in self.indices(side_um).filter(|&(i, j)| near(self.crossing(i, j))) {
            let [before, here, after, beyond] = [-1, 0, 1, 2].map(|k| self.crossing(i + k, j));
            strands.push(self.furrow([before, here, after, beyond], Kind::First, (i, j)));
            let [before, _, after, beyond] = [-1, 0, 1, 2].map(|k| self.crossing(i, j + k));
            strands.push(self.furrow([before, here, after, beyond], Kind::Second, (i, j)));
            // The mesh between this crossing and the next of both directions.
            let draw = uniform(key(self.seed, 5), cell(i, j));
            let other = self.crossing(i + 1, j + 1);
            let (right, down) = (self.crossing(i + 1, j), self.crossing(i, j + 1));
            let length = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).hypot(a.1 - b.1);
            // Mostly along the shorter diagonal, as a mesh divides where it is narrow.
            let shorter = if length(here, other) < length(right, down) { (here, other) } else { (right, down) };
            let longer = if shorter == (here, other) { (right, down) } else { (here, other) };
            let chosen = if uniform(key(self.seed, 6), cell(i, j)) < 0.8 { shorter } else { longer };
            if draw < self.texture.secondary_share {
                strands.push(self.division(chosen.0, chosen.1, self.texture.secondary_depth, (i, j), 7));
            }
            // Finest lines: from the middle of a side to the middle of the mesh or of another side.
            let middle = |a: (f64, f64), b: (f64, f64)| (0.5 * (a.0 + b.0), 0.5 * (a.1 + b.1));
            for (k, (from, to)) in
                [(middle(here, right), middle(right, other)), (middle(down, other), middle(here, down))].into_iter().enumerate()
            {
                if uniform(key(self.seed, 8 + k as u64), cell(i, j)) < self.texture.tertiary_share {
                    strands.push(self.division(from, to, self.texture.tertiary_depth, (i, j), 10 + k as u64));
                }
            }
        }
        strands
    }

    /// A primary furrow from one crossing to the next.
    fn furrow(&self, through: [(f64, f64); 4], kind: Kind, (i, j): (i64, i64)) -> Strand {
        let (line, on, purpose, share) = match kind {
            Kind::First => (j, i, 20, 1.0),
            Kind::Second => (i, j, 30, self.pattern.second_depth),
        };
        let spread = self.texture.network_spread.ln();
        // A part of the spread belongs to the whole line, the rest to its stretches.
        let own = (0.45 * spread * normal(key(self.seed, purpose), line)).exp();
        let faint =
            if uniform(key(self.seed, purpose + 1), cell(i, j)) < self.texture.faint_share { self.texture.faint_depth } else { 1.0 };
        let along = key(self.seed, purpose + 2).wrapping_add(line as u64);
        let place = |k: usize| {
            let t = k as f64 / PIECES as f64;
            let weights = smooth_weights(t);
            let (x, y) = weights.iter().zip(through).fold((0.0, 0.0), |s, (w, p)| (s.0 + w * p.0, s.1 + w * p.1));
            let stretch = (1.5 * spread * wave(along, 0.8 * (on as f64 + t))).exp();
            // A faint furrow reappears towards its crossings.
            let faint = faint + (1.0 - faint) * (2.0 * (t - 0.5)).powi(4);
            self.point((x, y), share * own * stretch * faint)
        };
        Strand { points: (0..=PIECES).map(place).collect(), leading: true }
    }

    /// A shallower furrow that divides a mesh.
    fn division(&self, from: (f64, f64), to: (f64, f64), depth: f64, (i, j): (i64, i64), purpose: u64) -> Strand {
        let own = depth * (self.texture.network_spread.ln() * normal(key(self.seed, 40 + purpose), cell(i, j))).exp();
        let bow = 0.22 * (uniform(key(self.seed, 60 + purpose), cell(i, j)) - 0.5);
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let place = |k: usize| {
            let t = k as f64 / PIECES as f64;
            let off = bow * 4.0 * t * (1.0 - t);
            self.point((from.0 + t * dx - off * dy, from.1 + t * dy + off * dx), own)
        };
        Strand { points: (0..=PIECES).map(place).collect(), leading: false }
    }

    /// A point of a furrow, a little beside its curve.
    fn point(&self, (x, y): (f64, f64), depth: f64) -> StrandPoint {
        let at = |purpose| field(key(self.seed, purpose), 2.2 * x / self.spacing_um, 2.2 * y / self.spacing_um);
        let off = 0.06 * self.spacing_um;
        StrandPoint { x: x + off * at(50), y: y + off * at(51), depth_um: depth, shape: 1.0, width_um: self.width(depth) }
    }

    /// Width of a furrow: a deeper one is a little wider.
    fn width(&self, depth: f64) -> f64 {
        self.texture.network_width * self.spacing_um * depth.powf(0.35)
    }
}

#[derive(Clone, Copy)]
enum Kind {
    First,
    Second,
}

/// Weights of four crossings for a place between the middle two: a curve less curved than that of Catmull and Rom.
fn smooth_weights(t: f64) -> [f64; 4] {
    let linear = [0.0, 1.0 - t, t, 0.0];
    let round = super::height_map::cubic(t);
    [0, 1, 2, 3].map(|k| 0.5 * linear[k] + 0.5 * round[k])
}
