//! What the sessions of a course do to one member's skin: punctures, injury, and what each class of tissue meets of them.

use rand::RngExt as _;

use super::window::{FIRST_DERMAL_LAYER, window};
use super::{Course, RunError};
use crate::device::{self, PunctureTable};
use crate::healing::{CLASSES, HealingParameters, LayerExposure, Overlaid, Overlay, SourceField, classify};
use crate::injury::{SessionInjury, Track, injure, injure_alike};
use crate::population::{Draw, Purpose, stream};
use crate::skin::Layers;

/// One member's skin as the sessions leave it, before it heals.
#[derive(Debug, Clone)]
pub struct Wounded {
    /// Thickness of the skin's layers.
    pub layers: Layers,
    /// Geometry of the channels.
    pub track: Track,
    /// Punctures of a session in the first window.
    pub punctures: PunctureTable,
    /// What each session did.
    pub sessions: Vec<SessionInjury>,
    /// Borders of the grid's layers, µm.
    pub depth_edges_um: Vec<f64>,
    /// What each layer of dermis meets; empty without sessions.
    pub exposures: Vec<LayerExposure>,
    /// Wall time until the injuries were known, s.
    pub(super) injury_s: f64,
}

impl Wounded {
    /// The sessions of `course` on the skin of one draw; `number` keys its random streams.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn of(course: &Course, draw: &Draw, seed: u64, number: u32) -> Result<Self, RunError> {
        let clock = std::time::Instant::now();
        let layers = Layers::from_draw(draw)?;
        let track = Track::from_draw(draw)?;
        let density_per_cm2 = device::expected_density_per_cm2(&course.device, &course.motion, draw)?;
        let grid = window(&layers, density_per_cm2);
        let punctured = |window: u32| {
            if course.sessions.is_empty() {
                return Ok(PunctureTable { window_um: grid.side_um(), ..PunctureTable::default() });
            }
            let mut rng = stream(seed, number, window, Purpose::Punctures);
            device::punctures(&course.device, &course.motion, course.setting_um, grid.side_um(), draw, &mut rng)
        };
        let tables = [punctured(0)?, punctured(1)?];
        let first = injure(&tables[0], &track, &grid);
        let second = injure_alike(&tables[1], &track, &grid, &first);
        let injuries = [first, second];
        let of = |w: usize| SessionInjury::new(0.0, course.setting_um, &course.device, &tables[w], &track, &injuries[w], &grid, &layers);
        // The windows sample the place; the number of punctures is known for the whole area.
        let typical = SessionInjury { density_per_cm2, ..of(0).mean(&of(1)) };
        let sessions: Vec<SessionInjury> = course.sessions.iter().map(|&day| SessionInjury { day, ..typical.clone() }).collect();
        let injury_s = clock.elapsed().as_secs_f64();

        let healing = HealingParameters::from_draw(draw)?;
        let damaged = injuries.map(|mut i| {
            // The stratum corneum is dead: cutting it calls nobody.
            i.damaged[..grid.plane()].fill(0.0);
            i.damaged
        });
        let depth_edges_um = grid.depth_edges_um.clone();
        let n = grid.n;
        let exposures = if course.sessions.is_empty() {
            Vec::new()
        } else {
            let field = SourceField::new(grid, damaged, &healing).map_err(|e| RunError::Numerics {
                member: number,
                day: 0.0,
                reason: e.to_string(),
            })?;
            let overlays: Vec<Overlay> = (0..course.sessions.len() as u32).map(|s| overlay(seed, number, s, n)).collect();
            classify(&Overlaid { field: &field, overlays: &overlays }, FIRST_DERMAL_LAYER, CLASSES)
        };
        let [punctures, _] = tables;
        Ok(Self { layers, track, punctures, sessions, depth_edges_um, exposures, injury_s })
    }

    /// Borders of the layers of dermis below the surface, µm.
    #[must_use]
    pub fn dermis_edges_um(&self) -> &[f64] {
        &self.depth_edges_um[FIRST_DERMAL_LAYER..]
    }
}

/// How a session's field lies over the first one's: punctures of different sessions know nothing of each other.
fn overlay(seed: u64, member: u32, session: u32, n: usize) -> Overlay {
    if session == 0 {
        return Overlay::default();
    }
    let mut rng = stream(seed, member, session, Purpose::Overlay);
    Overlay { swapped: rng.random_range(0..2) == 1, shift_x: rng.random_range(0..n), shift_y: rng.random_range(0..n) }
}
