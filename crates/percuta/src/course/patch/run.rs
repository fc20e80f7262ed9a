//! Running a course on the patch: sessions, records and pictures, in an order that can be interrupted anywhere.

use serde::{Deserialize, Serialize};

use super::super::member::{Member, readouts, run_member};
use super::super::run::CENTRAL;
use super::super::{Course, RunError, recorded_days};
use super::{PatchOutcome, PatchSettings, Readouts};
use crate::device::{self, PunctureTable};
use crate::healing::patch::{Patch, PatchExposure, PatchFields, PatchGrid, PatchState, PatchView};
use crate::healing::{
    CLASSES, COURSE_TOLERANCE, Epidermis, Equations, Event, HealingHistory, HealingParameters, LayerState, ReducedCourse, agenda, classify,
    heal,
};
use crate::injury::{Injury, SessionInjury, Track, injure_threaded};
use crate::population::{Draw, Purpose, stream};
use crate::skin::Layers;
use crate::tissue::{Grid, TissueError};

/// What a run on the patch tells while it goes.
pub trait Watch: Send {
    /// Called after each stretch of time, with the day reached; true stops the run there, to be gone on with later.
    fn stop(&mut self, run: &PatchRun) -> bool;
    /// Takes all fields at a visit that was chosen for it.
    ///
    /// # Errors
    /// What went wrong; it ends the run.
    fn fields(&mut self, fields: &PatchFields) -> Result<(), String>;
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {
    fn stop(&mut self, _: &PatchRun) -> bool {
        false
    }

    fn fields(&mut self, _: &PatchFields) -> Result<(), String> {
        Ok(())
    }
}

/// What a run has recorded so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Record {
    /// Events of the agenda that are done.
    pub done: usize,
    pub sessions: Vec<SessionInjury>,
    /// `[day][dermal layer]`.
    pub layers: Vec<Vec<LayerState>>,
    pub epidermis_factor: Vec<f64>,
    pub epidermal_wound: Vec<f64>,
    pub visits: Vec<PatchView>,
    pub frames: Vec<PatchView>,
}

/// A course on the patch, with central parameters, somewhere between its first day and its last.
pub struct PatchRun {
    course: Course,
    settings: PatchSettings,
    draw: Draw,
    seed: u64,
    layers: Layers,
    track: Track,
    equations: Equations,
    days: Vec<f64>,
    agenda: Vec<(f64, Event)>,
    /// Layers that are seen from above.
    en_face: Vec<usize>,
    pub(super) patch: Patch,
    pub(super) record: Record,
}

impl PatchRun {
    /// A run that has yet to start.
    ///
    /// # Errors
    /// If a card is missing or in another unit, or the grid is unsound.
    pub fn new(course: &Course, settings: &PatchSettings, seed: u64) -> Result<Self, RunError> {
        Self::prepare(course, settings, seed, None)
    }

    /// A run as it was kept.
    ///
    /// # Errors
    /// As for a new one.
    pub(super) fn prepare(
        course: &Course,
        settings: &PatchSettings,
        seed: u64,
        kept: Option<(PatchState, Record)>,
    ) -> Result<Self, RunError> {
        let draw = Draw::central(&course.parameters);
        let layers = Layers::from_draw(&draw)?;
        let equations = Equations::new(&HealingParameters::from_draw(&draw)?);
        let days = recorded_days(&course.sessions, &course.visits);
        let agenda = agenda(&course.sessions, &days, &frame_days(course), equations.parameters().alarm_delay);
        let at = settings.grid(&layers);
        let en_face = en_face(&at, course.setting_um);
        let unsound = |e: TissueError| RunError::Patch { day: 0.0, reason: e.to_string() };
        let (patch, record) = match kept {
            Some((state, record)) => (Patch::with_state(at, &equations, state).map_err(unsound)?, record),
            None => (Patch::at_rest(at, &equations, agenda.first().map_or(0.0, |(day, _)| *day)).map_err(unsound)?, Record::default()),
        };
        let track = Track::from_draw(&draw)?;
        let (course, settings) = (course.clone(), settings.clone());
        Ok(Self { course, settings, draw, seed, layers, track, equations, days, agenda, en_face, patch, record })
    }

    /// The block of skin.
    #[must_use]
    pub fn patch(&self) -> &Patch {
        &self.patch
    }

    /// Share of the run's time that is simulated.
    #[must_use]
    pub fn progress(&self) -> f64 {
        let (first, last) = (self.agenda.first().map_or(0.0, |a| a.0), self.agenda.last().map_or(0.0, |a| a.0));
        if last > first { (self.patch.now() - first) / (last - first) } else { 1.0 }
    }

    /// Runs until the end or until `watch` stops it; true at the end.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn march(&mut self, watch: &mut dyn Watch) -> Result<bool, RunError> {
        while let Some(&(when, event)) = self.agenda.get(self.record.done) {
            // One stretch at a time, so that who watches sees a whole run.
            while self.patch.now() < when {
                let day = self.patch.now();
                self.patch.advance(when, |_| true).map_err(|e| RunError::Patch { day, reason: e.to_string() })?;
                if watch.stop(self) {
                    return Ok(false);
                }
            }
            match event {
                Event::Lysis(s) => self.lyse(s)?,
                Event::Alarm(_) => self.patch.raise_alarm().map_err(|e| RunError::Patch { day: when, reason: e.to_string() })?,
                Event::Record(i) => self.keep(i, when, watch)?,
                Event::Frame(_) => {
                    let view = self.patch.view(self.last_session(when), &[]);
                    self.record.frames.push(PatchView { side: Default::default(), ..view });
                }
            }
            self.record.done += 1;
        }
        Ok(true)
    }

    fn lyse(&mut self, session: usize) -> Result<(), RunError> {
        self.patch.make_room();
        let table = self.punctures(session)?;
        let (grid, c) = (&self.patch.place().grid, &self.course);
        let injury = injure_threaded(&table, &self.track, grid);
        let day = c.sessions[session];
        self.record.sessions.push(SessionInjury::new(day, c.setting_um, &c.device, &table, &self.track, &injury, grid, &self.layers));
        let damaged = calling(&injury, grid);
        drop(injury);
        self.patch.lyse(damaged).map_err(|e| RunError::Patch { day, reason: e.to_string() })
    }

    /// Punctures of a session in the block. Each session strikes anew.
    fn punctures(&self, session: usize) -> Result<PunctureTable, RunError> {
        let mut rng = stream(self.seed, PATCH, session as u32, Purpose::Punctures);
        let side = self.patch.place().grid.side_um();
        Ok(device::punctures(&self.course.device, &self.course.motion, self.course.setting_um, side, &self.draw, &mut rng)?)
    }

    /// Day of the last session by `when` and the open share of its epidermal wound.
    fn last_session(&self, when: f64) -> Option<(f64, f64)> {
        let day = *self.course.sessions.iter().rev().find(|s| **s <= when)?;
        let radius = self.record.sessions.last().map_or(0.0, |s| s.channel_radius_um);
        Some((day, Epidermis::new(self.equations.parameters()).wound(when - day, radius)))
    }

    fn keep(&mut self, i: usize, when: f64, watch: &mut dyn Watch) -> Result<(), RunError> {
        let session = self.last_session(when);
        self.record.layers.push(self.patch.layers());
        self.record.epidermis_factor.push(self.patch.epidermis_factor());
        self.record.epidermal_wound.push(session.map_or(0.0, |(_, wound)| wound));
        let day = self.days[i];
        if self.course.visits.iter().any(|v| (v - day).abs() < 1e-9) {
            self.record.visits.push(self.patch.view(session, &self.en_face));
        }
        if self.settings.field_days.iter().any(|v| (v - day).abs() < 1e-9) {
            watch.fields(&self.patch.fields(session)).map_err(|reason| RunError::Fields { reason })?;
        }
        Ok(())
    }

    /// What a finished run found, with the reduced model and a coarser grid beside it.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn finish(self) -> Result<PatchOutcome, RunError> {
        let sessions = self.record.sessions.clone();
        let history = self.history();
        let punctures = (0..self.course.sessions.len()).map(|s| self.punctures(s)).collect::<Result<Vec<_>, _>>()?;
        let read =
            |history: &HealingHistory| readouts(&self.course, &self.draw, &self.layers, &sessions, history).map(|read| read.readouts);
        let own = read(&history)?;
        let Member { readouts: reduced, .. } = run_member(&self.course, &self.draw, self.seed, CENTRAL, &self.days)?;
        let at = self.patch.place().clone();
        let facts = super::PatchFacts {
            bytes_per_voxel: self.patch.bytes_per_voxel(),
            worst_extrapolation: self.patch.worst_extrapolation(),
            ledger_error: self.patch.ledger_error(),
        };
        let Self { course, settings, seed, draw, layers, track, equations, days, record, patch, .. } = self;
        // The coarser block and the signals of all sessions need the room that the states took.
        drop(patch);
        let coarser = match settings.coarser() {
            Some(settings) => {
                let mut run = Self::new(&course, &settings, seed)?;
                run.march(&mut Unwatched)?;
                let history = run.history();
                Some(readouts(&run.course, &run.draw, &run.layers, &run.record.sessions, &history)?.readouts)
            }
            None => None,
        };
        let reduced_history = reduced_on(&at, &punctures, &sessions, &track, &equations, &course, &days)?;
        let reduced_on_patch: Readouts = readouts(&course, &draw, &layers, &sessions, &reduced_history)?.readouts;
        Ok(PatchOutcome {
            grid: at.grid,
            first_dermal_layer: at.first_dermal_layer,
            layers,
            track,
            punctures,
            history,
            readouts: own,
            coarser,
            reduced_on_patch,
            reduced,
            visits: record.visits,
            frames: record.frames,
            facts,
        })
    }

    fn history(&self) -> HealingHistory {
        let at = self.patch.place();
        HealingHistory {
            days: self.days.clone(),
            dermis_edges_um: at.grid.depth_edges_um[at.first_dermal_layer..].to_vec(),
            papillary_layers: at.papillary_layers,
            layers: self.record.layers.clone(),
            epidermis_factor: self.record.epidermis_factor.clone(),
            epidermal_wound: self.record.epidermal_wound.clone(),
        }
    }
}

/// Number that keys the random streams of the patch; no ensemble has that many members.
const PATCH: u32 = u32::MAX - 1;

/// Days of the pictures of the animation: the first four weeks, or up to the second session.
fn frame_days(course: &Course) -> Vec<f64> {
    const DAYS: [f64; 34] = [
        0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0,
        18.0, 19.0, 20.0, 21.0, 22.0, 23.0, 24.0, 26.0, 27.0, 28.0,
    ];
    let (Some(&first), Some(&end)) = (course.sessions.first(), course.visits.last()) else { return Vec::new() };
    let second = course.sessions.get(1).copied().unwrap_or(f64::INFINITY);
    DAYS.iter().map(|d| first + d).filter(|&d| d < second && d <= end).collect()
}

/// Layers to look at from above: mid papillary dermis, and half and nine tenths of the way down to the needle's setting.
fn en_face(at: &PatchGrid, setting_um: f64) -> Vec<usize> {
    let edges = &at.grid.depth_edges_um;
    let (top, bottom) = (edges[at.first_dermal_layer], edges[at.first_dermal_layer + at.papillary_layers]);
    let mut layers: Vec<usize> = [0.5 * (top + bottom), 0.5 * setting_um, 0.9 * setting_um]
        .iter()
        .filter_map(|depth| (at.first_dermal_layer..at.grid.layers()).find(|&l| edges[l] <= *depth && *depth < edges[l + 1]))
        .collect();
    layers.sort_unstable();
    layers.dedup();
    layers
}

/// The reduced model from the patch's own damage, on its own layers.
fn reduced_on(
    at: &PatchGrid,
    punctures: &[PunctureTable],
    sessions: &[SessionInjury],
    track: &Track,
    equations: &Equations,
    course: &Course,
    days: &[f64],
) -> Result<HealingHistory, RunError> {
    let fault = |day: f64, reason: String| RunError::Patch { day, reason };
    let damage: Vec<Vec<f32>> = punctures.iter().map(|table| calling(&injure_threaded(table, track, &at.grid), &at.grid)).collect();
    let exposures = if damage.is_empty() {
        Vec::new()
    } else {
        let exposure = PatchExposure::new(at, damage, equations.parameters()).map_err(|e| fault(0.0, e.to_string()))?;
        classify(&exposure, at.first_dermal_layer, CLASSES.min(at.grid.plane()))
    };
    heal(
        &ReducedCourse {
            dermis_edges_um: &at.grid.depth_edges_um[at.first_dermal_layer..],
            papillary_layers: at.papillary_layers,
            sessions: &course.sessions,
            channel_um: &sessions.iter().map(|s| s.channel_radius_um).collect::<Vec<_>>(),
            exposures: &exposures,
            days,
            tolerance: COURSE_TOLERANCE,
        },
        equations,
    )
    .map_err(|e| fault(e.day, e.to_string()))
}

/// Damage that calls cells. The stratum corneum is dead: cutting it calls nobody.
fn calling(injury: &Injury, grid: &Grid) -> Vec<f32> {
    let mut damaged: Vec<f32> = injury.damaged.iter().map(|d| *d as f32).collect();
    damaged[..grid.plane()].fill(0.0);
    damaged
}
