//! Where a vertical plane cuts the tracks of the needles.

use percuta::device::PunctureTable;
use percuta::injury::{Stadium, Track};

use super::tissue::{Cut, Side};

/// Depth over which the bottom of a closing channel is rounded, µm: ornament.
const ROUND_UM: f64 = 50.0;

/// A puncture near the plane: how far it lies off it, and its slit, in the plane's own directions.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Strike {
    along_um: f64,
    off_um: f64,
    drag: (f64, f64),
    reach_um: f64,
}

/// The tracks of the last session that a plane can meet.
pub struct Channels {
    strikes: Vec<Strike>,
    track: Track,
    /// Share of their depth that is open.
    pub open: f64,
}

/// Stretches along the plane, µm.
pub type Stretches = Vec<(f64, f64)>;

impl Channels {
    /// The tracks of the last session before the moment of a cut; none if there was no session yet.
    pub fn new(cut: &Cut, sessions: &[f64]) -> Self {
        let patch = cut.patch;
        let view = cut.view;
        let done = sessions.iter().filter(|&&s| s <= view.day + 1e-9).count();
        let table = done.checked_sub(1).filter(|_| view.since_session.is_some()).and_then(|i| patch.punctures.get(i));
        let strikes = table.map(|t| near(t, cut, &patch.track)).unwrap_or_default();
        Self { strikes, track: patch.track, open: f64::from(view.epidermal_wound).clamp(0.0, 1.0) }
    }

    /// Where the plane cuts open channels at a depth.
    pub fn holes(&self, depth_um: f64) -> Stretches {
        // The bottom of what is open is round.
        let round = |s: &Strike| ((self.open * s.reach_um - depth_um) / ROUND_UM).clamp(0.0, 1.0).sqrt();
        self.stretches(depth_um, |s, stadium| stadium.scaled(self.track.hole_recoil * round(s)))
    }

    /// Where the plane cuts the cores of tracks at a depth, whether or not they have healed.
    pub fn cores(&self, depth_um: f64) -> Stretches {
        self.stretches(depth_um, |_, s| Stadium { radius_um: self.track.core_radius * s.radius_um, ..s })
    }

    /// Where the plane cuts tracks as they would be open just after the session.
    pub fn tracks(&self, depth_um: f64) -> Stretches {
        self.stretches(depth_um, |_, stadium| stadium.scaled(self.track.hole_recoil))
    }

    fn stretches(&self, depth_um: f64, shape: impl Fn(&Strike, Stadium) -> Stadium) -> Stretches {
        let depth_um = depth_um.max(0.0);
        let cut = self.strikes.iter().filter(|s| depth_um < s.reach_um).filter_map(|s| {
            let slit = s.drag.0.hypot(s.drag.1);
            let outline = shape(s, self.track.outline(depth_um, s.reach_um, slit));
            chord(s, slit, outline)
        });
        cut.collect()
    }
}

/// Punctures whose sweep can meet the plane, their images in the neighbouring blocks included.
fn near(table: &PunctureTable, cut: &Cut, track: &Track) -> Vec<Strike> {
    let grid = &cut.patch.grid;
    let plane = (f64::from((grid.n / 2) as u32) + 0.5) * grid.spacing_um;
    let side = if table.window_um > 0.0 { table.window_um } else { grid.side_um() };
    let reach = track.needle.shaft_radius_um * track.core_radius.max(1.0);
    let mut strikes = Vec::new();
    for i in 0..table.len() {
        let (at, drag) = ((table.x_um[i], table.y_um[i]), (table.drag_x_um[i], table.drag_y_um[i]));
        let (along, across, drag) = match cut.side {
            Side::Front => (at.0, at.1, drag),
            Side::Side => (at.1, at.0, (drag.1, drag.0)),
        };
        let off_um = (plane - across + 1.5 * side).rem_euclid(side) - 0.5 * side;
        if off_um.abs() < reach + 0.5 * drag.1.abs() {
            strikes.extend([-side, 0.0, side].map(|image| Strike { along_um: along + image, off_um, drag, reach_um: table.depth_um[i] }));
        }
    }
    strikes
}

/// Where a line at a distance off the middle of a stadium cuts it.
fn chord(strike: &Strike, slit: f64, outline: Stadium) -> Option<(f64, f64)> {
    let direction = if slit > 1e-9 { (strike.drag.0 / slit, strike.drag.1 / slit) } else { (1.0, 0.0) };
    // A stadium is a disc swept along its slit; so many discs are as good as all.
    let discs = if outline.length_um > 0.1 { 33 } else { 1 };
    let mut found: Option<(f64, f64)> = None;
    for k in 0..discs {
        let t = if discs == 1 { 0.0 } else { (f64::from(k) / f64::from(discs - 1) - 0.5) * outline.length_um };
        let off = strike.off_um - t * direction.1;
        if off.abs() < outline.radius_um {
            let (middle, half) = (strike.along_um + t * direction.0, (outline.radius_um.powi(2) - off * off).sqrt());
            let (low, high) = found.unwrap_or((f64::INFINITY, f64::NEG_INFINITY));
            found = Some((low.min(middle - half), high.max(middle + half)));
        }
    }
    found
}

/// How much of a pixel of so many µm lies within any of the stretches.
pub fn covered(stretches: &[(f64, f64)], at_um: f64, pixel_um: f64) -> f32 {
    let share = |&(low, high): &(f64, f64)| ((high.min(at_um + 0.5 * pixel_um) - low.max(at_um - 0.5 * pixel_um)) / pixel_um).max(0.0);
    stretches.iter().map(share).fold(0.0, f64::max) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chord_is_that_of_the_disc_or_of_the_slit() {
        let strike = |off_um: f64, drag: (f64, f64)| Strike { along_um: 100.0, off_um, drag, reach_um: 500.0 };
        let disc = Stadium { radius_um: 50.0, length_um: 0.0 };
        assert_eq!(chord(&strike(30.0, (0.0, 0.0)), 0.0, disc), Some((60.0, 140.0)));
        assert_eq!(chord(&strike(51.0, (0.0, 0.0)), 0.0, disc), None);
        let slit = Stadium { radius_um: 10.0, length_um: 80.0 };
        let (low, high) = chord(&strike(0.0, (80.0, 0.0)), 80.0, slit).unwrap();
        assert!((low - 50.0).abs() < 1e-9 && (high - 150.0).abs() < 1e-9, "along the slit");
        let (low, high) = chord(&strike(39.0, (0.0, 80.0)), 80.0, slit).unwrap();
        assert!((high - low - 20.0).abs() < 0.2, "across the slit");
    }

    #[test]
    fn a_pixel_is_covered_in_part() {
        assert_eq!(covered(&[(10.0, 20.0)], 15.0, 4.0), 1.0);
        assert_eq!(covered(&[(10.0, 20.0)], 20.0, 4.0), 0.5);
        assert_eq!(covered(&[], 15.0, 4.0), 0.0);
    }
}
