//! The puncture table: where each needle went in one session.

use std::f64::consts::TAU;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;

use super::layout::{Comb, array, comb, positive};
use super::{Device, Handpiece, Motion, Needle, kinematics};
use crate::population::{Draw, ParameterError};

/// Punctures of one session in a square window of skin; one entry a puncture in every column.
///
/// The order is by pass and track, within a track by needle: `time_s` does not increase all along.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PunctureTable {
    /// Side of the window, µm. The window is periodic: what leaves on one side enters on the other.
    pub window_um: f64,
    /// Position of the entry, µm from the window's corner.
    pub x_um: Vec<f64>,
    /// Position of the entry, µm from the window's corner.
    pub y_um: Vec<f64>,
    /// Depth reached below the surface, µm.
    pub depth_um: Vec<f64>,
    /// Radius of the needle where it crosses the surface at its deepest, µm.
    pub entry_radius_um: Vec<f64>,
    /// Slit torn at the surface while the tip was below it, x component, µm. Deeper the slit is shorter.
    pub drag_x_um: Vec<f64>,
    /// The same, y component, µm.
    pub drag_y_um: Vec<f64>,
    /// Pass in which the needle struck, from 0.
    pub pass: Vec<u32>,
    /// Time since the start of that session, s.
    pub time_s: Vec<f64>,
}

impl PunctureTable {
    /// Number of punctures.
    #[must_use]
    pub fn len(&self) -> usize {
        self.x_um.len()
    }

    /// Whether nothing was punctured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.x_um.is_empty()
    }

    fn with_capacity(window_um: f64, n: usize) -> Self {
        let column = || Vec::with_capacity(n);
        Self {
            window_um,
            x_um: column(),
            y_um: column(),
            depth_um: column(),
            entry_radius_um: column(),
            drag_x_um: column(),
            drag_y_um: column(),
            pass: Vec::with_capacity(n),
            time_s: column(),
        }
    }
}

/// The punctures of one session in a square window of side `window_um` inside the treated area.
///
/// Pens and rollers draw parallel tracks over the window, to and fro, each pass in its own direction and with its own offset;
/// a cartridge is held at a random angle in each pass. Stamps are pressed cell by cell, each pass turned at random.
/// Needles that do not enter the skin leave no entry.
///
/// # Errors
/// If a card of `device` or `motion` is missing or in another unit, or the motion is not one.
pub fn punctures(
    device: &Device,
    motion: &Motion,
    setting_um: f64,
    window_um: f64,
    draw: &Draw,
    rng: &mut ChaCha8Rng,
) -> Result<PunctureTable, ParameterError> {
    let expected = super::expected_density_per_cm2(device, motion, draw)? * window_um * window_um / 1e8;
    let table = PunctureTable::with_capacity(window_um, (1.2 * expected) as usize + 16);
    let strike = Strike::new(device, motion, setting_um, draw, rng)?;
    let jitter_um = draw.group("motion").get("placement_jitter", "um")?.max(0.0);
    let mut session = Session { table, strike, jitter_um, motion };
    match device.handpiece {
        Handpiece::Pen | Handpiece::Roller => {
            session.glide(&comb(device, draw, motion.glide_um_per_s)?, device.handpiece == Handpiece::Pen, rng);
        }
        Handpiece::Stamp => {
            let interval_s = draw.group("motion").get("press_interval", "s")?;
            session.press(device.needles, positive(draw, "pitch", "um")?, interval_s, rng);
        }
    }
    Ok(session.table)
}

/// How the needle is swept while it is in the skin.
enum Sweep {
    Pen { stroke_um: f64, frequency_hz: f64, glide_um_per_s: f64 },
    Roller { drum_radius_um: f64 },
    Stamp,
}

/// What one needle does when it strikes.
struct Strike {
    needle: Needle,
    /// Depth that a needle reaches on average, µm.
    mean_depth_um: f64,
    spread: f64,
    longest_um: f64,
    sweep: Sweep,
    slip: f64,
}

impl Strike {
    fn new(device: &Device, motion: &Motion, setting_um: f64, draw: &Draw, rng: &mut ChaCha8Rng) -> Result<Self, ParameterError> {
        let cards = draw.group("device");
        let moving = draw.group("motion");
        // The error of the dial or of the needles' length is one and the same all through a session.
        let error_um = cards.get("setting_tolerance", "um")? * (2.0 * rng.random::<f64>() - 1.0);
        let protrusion_um = if setting_um > 0.0 { (setting_um + error_um).clamp(0.0, device.needle_length_um) } else { 0.0 };
        let mut efficiency = cards.get("depth_efficiency", "1")?;
        let sweep = match device.handpiece {
            Handpiece::Pen => {
                let below = shortfall(moving.get("shallow_setting", "um")?, protrusion_um);
                efficiency *= 1.0 - moving.get("shallow_loss", "1")? * below;
                Sweep::Pen {
                    stroke_um: positive(draw, "stroke", "um")?.max(protrusion_um),
                    frequency_hz: positive(draw, "frequency", "Hz")?,
                    glide_um_per_s: motion.glide_um_per_s,
                }
            }
            Handpiece::Roller => Sweep::Roller { drum_radius_um: 0.5 * positive(draw, "drum_diameter", "um")? },
            Handpiece::Stamp => Sweep::Stamp,
        };
        Ok(Self {
            needle: Needle::from_draw(draw)?,
            mean_depth_um: (protrusion_um * efficiency).max(0.0),
            spread: cards.get("depth_spread", "1")?,
            longest_um: device.needle_length_um,
            sweep,
            slip: moving.get("drag_slip", "1")?,
        })
    }

    /// Length of the slit that is torn at the surface, µm.
    fn slit_um(&self, depth_um: f64) -> f64 {
        self.slip
            * match self.sweep {
                Sweep::Pen { stroke_um, frequency_hz, glide_um_per_s } => {
                    kinematics::pen_drag_um(depth_um, stroke_um, frequency_hz, glide_um_per_s)
                }
                Sweep::Roller { drum_radius_um } => kinematics::roller_drag_um(depth_um, drum_radius_um),
                Sweep::Stamp => 0.0,
            }
    }
}

/// How far a setting falls short of the one above which the skin no longer matters, as a share of it.
fn shortfall(shallow_um: f64, protrusion_um: f64) -> f64 {
    if shallow_um > 0.0 { (1.0 - protrusion_um / shallow_um).clamp(0.0, 1.0) } else { 0.0 }
}

struct Session<'a> {
    table: PunctureTable,
    strike: Strike,
    jitter_um: f64,
    motion: &'a Motion,
}

impl Session<'_> {
    /// Parallel tracks over the window, to and fro, in every pass.
    fn glide(&mut self, comb: &Comb, held_freely: bool, rng: &mut ChaCha8Rng) {
        let window = self.table.window_um;
        let pitch = comb.width_um * (1.0 - self.motion.overlap);
        let mut teeth = comb.teeth.clone();
        let mut path_um = 0.0;
        for pass in 0..self.motion.passes {
            let degrees = self.motion.directions_deg[pass as usize % self.motion.directions_deg.len()];
            let (sin, cos) = degrees.to_radians().sin_cos();
            if held_freely {
                let (s, c) = (TAU * rng.random::<f64>()).sin_cos();
                for (tooth, at) in teeth.iter_mut().zip(&comb.teeth) {
                    *tooth = (c * at.0 - s * at.1, s * at.0 + c * at.1);
                }
            }
            // Half the window's extent along and across the tracks, and the reach of a needle beside its track.
            let half = 0.5 * window * (sin.abs() + cos.abs());
            let reach = half + 0.5 * comb.width_um + 5.0 * self.jitter_um;
            let mut centre = -reach + pitch * rng.random::<f64>();
            let mut forward = true;
            while centre <= reach {
                let across = centre + self.jitter_um * normal(rng);
                let phase = comb.step_um * rng.random::<f64>();
                let heading = if forward { 1.0 } else { -1.0 };
                for tooth in &teeth {
                    let w = across + heading * tooth.1;
                    let Some((from, to)) = chord(window, sin, cos, w) else { continue };
                    let start = phase + heading * tooth.0;
                    let mut u = start + comb.step_um * ((from - start) / comb.step_um).ceil();
                    while u < to {
                        let x = 0.5 * window + u * cos - w * sin;
                        let y = 0.5 * window + u * sin + w * cos;
                        let time_s = (path_um + half + heading * u - tooth.0).max(0.0) / self.motion.glide_um_per_s;
                        self.puncture((x, y), (heading * cos, heading * sin), pass, time_s, rng);
                        u += comb.step_um;
                    }
                }
                path_um += 2.0 * half;
                centre += pitch;
                forward = !forward;
            }
        }
    }

    /// An array pressed on a raster of cells of its own size, in every pass.
    fn press(&mut self, needles: u32, pitch_um: f64, interval_s: f64, rng: &mut ChaCha8Rng) {
        let window = self.table.window_um;
        let (columns, rows) = array(needles);
        let (width, height) = (f64::from(columns) * pitch_um, f64::from(rows) * pitch_um);
        let mut presses = 0_u32;
        for pass in 0..self.motion.passes {
            let (sin, cos) = (TAU * rng.random::<f64>()).sin_cos();
            let half = 0.5 * window * (sin.abs() + cos.abs());
            let (reach_u, reach_w) = (half + width + 5.0 * self.jitter_um, half + height + 5.0 * self.jitter_um);
            let mut w0 = -reach_w - height * rng.random::<f64>();
            let start = -reach_u - width * rng.random::<f64>();
            while w0 < reach_w {
                let mut u0 = start;
                while u0 < reach_u {
                    let (du, dw) = (self.jitter_um * normal(rng), self.jitter_um * normal(rng));
                    let mut touched = false;
                    for i in 0..needles {
                        let u = u0 + du + pitch_um * (f64::from(i % columns) + 0.5);
                        let w = w0 + dw + pitch_um * (f64::from(i / columns) + 0.5);
                        let (x, y) = (0.5 * window + u * cos - w * sin, 0.5 * window + u * sin + w * cos);
                        if (0.0..window).contains(&x) && (0.0..window).contains(&y) {
                            touched = true;
                            self.puncture((x, y), (0.0, 0.0), pass, f64::from(presses) * interval_s, rng);
                        }
                    }
                    presses += u32::from(touched);
                    u0 += width;
                }
                w0 += height;
            }
        }
    }

    fn puncture(&mut self, at: (f64, f64), heading: (f64, f64), pass: u32, time_s: f64, rng: &mut ChaCha8Rng) {
        let depth = self.strike.mean_depth_um * (1.0 + self.strike.spread * normal(rng));
        if depth <= 0.0 {
            return;
        }
        let depth = depth.min(self.strike.longest_um);
        let slit = self.strike.slit_um(depth);
        let table = &mut self.table;
        let window = table.window_um;
        // Rounding may put a strike on the border just outside.
        table.x_um.push(if (0.0..window).contains(&at.0) { at.0 } else { 0.0 });
        table.y_um.push(if (0.0..window).contains(&at.1) { at.1 } else { 0.0 });
        table.depth_um.push(depth);
        table.entry_radius_um.push(self.strike.needle.radius_um(depth));
        table.drag_x_um.push(slit * heading.0);
        table.drag_y_um.push(slit * heading.1);
        table.pass.push(pass);
        table.time_s.push(time_s);
    }
}

/// Where the line at `w` beside the window's centre, in the direction (cos, sin), runs inside the window.
fn chord(window: f64, sin: f64, cos: f64, w: f64) -> Option<(f64, f64)> {
    let half = 0.5 * window;
    let (mut from, mut to) = (f64::NEG_INFINITY, f64::INFINITY);
    for (origin, slope) in [(-w * sin, cos), (w * cos, sin)] {
        if slope.abs() < 1e-12 {
            if !(-half..half).contains(&origin) {
                return None;
            }
        } else {
            let (a, b) = ((-half - origin) / slope, (half - origin) / slope);
            from = from.max(a.min(b));
            to = to.min(a.max(b));
        }
    }
    (from < to).then_some((from, to))
}

/// A standard normal number (Box-Muller).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (TAU * rng.random::<f64>()).cos()
}

#[cfg(test)]
#[path = "punctures_tests.rs"]
mod tests;
