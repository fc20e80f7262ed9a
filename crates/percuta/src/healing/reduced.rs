//! The course-grade reduced model: the local equations once per class of tissue.
//!
//! In each dermal layer the tissue is sorted into classes of equal area by the superposed TGF-β field of all
//! sessions (see [`super::classify`]). A session lyses its share of every class, as that class then is, and
//! exposes it to the class's signal. Fibroblast-made TGF-β acts where it is made.

use super::agenda::{Event, agenda};
use super::block::{Block, LANES};
use super::classes::{Exposure, LayerExposure};
use super::epidermis::Epidermis;
use super::equations::Equations;
use super::history::{HealingHistory, LayerState};
use super::integrate::{IntegrationError, Integrator};
use super::step::Tolerance;

/// A course as the reduced model runs it.
#[derive(Debug, Clone)]
pub struct ReducedCourse<'a> {
    /// Borders of the dermal layers below the surface, µm; the first is the dermal-epidermal junction.
    pub dermis_edges_um: &'a [f64],
    /// Number of leading layers that are papillary dermis.
    pub papillary_layers: usize,
    /// Days of the sessions, increasing.
    pub sessions: &'a [f64],
    /// Half width of the channel that keratinocytes must close after each session, µm.
    pub channel_um: &'a [f64],
    /// Exposure of each dermal layer.
    pub exposures: &'a [LayerExposure],
    /// Days at which the tissue is recorded, increasing. A day equal to a session's is recorded after it.
    pub days: &'a [f64],
    /// What each step may be off by: [`super::COURSE_TOLERANCE`] unless a check asks for more.
    pub tolerance: Tolerance,
}

/// The classes of every layer, by lane: layer after layer, class after class.
struct Tissue {
    blocks: Vec<Block>,
    layers: usize,
    classes: usize,
}

/// Runs a course for one member.
///
/// # Errors
/// If the equations cannot be integrated; see [`IntegrationError`].
pub fn heal(course: &ReducedCourse, equations: &Equations) -> Result<HealingHistory, IntegrationError> {
    let p = equations.parameters();
    let classes = course.exposures.first().and_then(|e| e.classes.first()).map_or(1, Vec::len);
    let layers = course.dermis_edges_um.len() - 1;
    let mut tissue = Tissue::at_rest(equations, layers, classes);
    let epidermis = Epidermis::new(p);
    let mut thickening = 0.0;
    let mut integrator = Integrator::with_tolerance(equations, course.tolerance);
    let mut history = HealingHistory {
        days: course.days.to_vec(),
        dermis_edges_um: course.dermis_edges_um.to_vec(),
        papillary_layers: course.papillary_layers,
        layers: vec![Vec::new(); course.days.len()],
        epidermis_factor: vec![1.0; course.days.len()],
        epidermal_wound: vec![0.0; course.days.len()],
    };
    let papillary = tissue.papillary_weights(course);
    let mut now = course.days.first().copied().unwrap_or(0.0).min(course.sessions.first().copied().unwrap_or(f64::INFINITY));
    for (when, event) in agenda(course.sessions, course.days, &[], p.alarm_delay) {
        if when > now {
            integrator.advance(&mut tissue.blocks, (now, when), None, |h, before, after| {
                let drive = |blocks: &[Block]| weighted(blocks, &papillary, |b| &b.primed);
                thickening = epidermis.advance(thickening, h, drive(before), drive(after));
            })?;
            now = when;
        }
        match event {
            Event::Lysis(s) => {
                tissue.each(course.exposures, s, |block, lane, met| block.lyse(lane, met.lysed, met.signal));
                integrator.restart();
            }
            // Macrophages are followed exactly and rise from zero: no need to restart with small steps.
            Event::Alarm(s) => tissue.each(course.exposures, s, |block, lane, met| block.raise_alarm(lane, met.lysed, met.signal)),
            Event::Frame(_) => {}
            Event::Record(i) => {
                history.layers[i] = (0..layers).map(|layer| tissue.layer_state(layer, equations)).collect();
                history.epidermis_factor[i] = 1.0 + thickening;
                let last = course.sessions.iter().rposition(|&s| s <= when);
                history.epidermal_wound[i] = last.map_or(0.0, |s| epidermis.wound(when - course.sessions[s], course.channel_um[s]));
            }
        }
    }
    Ok(history)
}

impl Tissue {
    fn at_rest(equations: &Equations, layers: usize, classes: usize) -> Self {
        Self { blocks: vec![Block::at_rest(equations.parameters()); (layers * classes).div_ceil(LANES)], layers, classes }
    }

    /// Does something to every class with what it meets in session `s`.
    fn each(&mut self, exposures: &[LayerExposure], s: usize, mut act: impl FnMut(&mut Block, usize, &Exposure)) {
        for (point, met) in exposures.iter().flat_map(|layer| &layer.classes[s]).enumerate() {
            act(&mut self.blocks[point / LANES], point % LANES, met);
        }
    }

    /// Weight of every point in an average over the papillary dermis.
    fn papillary_weights(&self, course: &ReducedCourse) -> Vec<f64> {
        let edges = course.dermis_edges_um;
        let depth = edges[course.papillary_layers] - edges[0];
        let thickness = edges.windows(2).take(course.papillary_layers).map(|e| e[1] - e[0]);
        let mut weights: Vec<f64> = thickness.flat_map(|t| std::iter::repeat_n(t / depth / self.classes as f64, self.classes)).collect();
        weights.resize(self.layers * self.classes, 0.0);
        weights
    }

    fn layer_state(&self, layer: usize, equations: &Equations) -> LayerState {
        let mut state = LayerState::default();
        for point in layer * self.classes..(layer + 1) * self.classes {
            let (block, lane) = (&self.blocks[point / LANES], point % LANES);
            let made = equations.tgf_of_fibroblasts(block.primed[lane], block.myofibroblasts[lane]);
            state.add(&LayerState::at_point(block, lane, made, equations), 1.0 / self.classes as f64);
        }
        state
    }
}

/// Weighted sum of a state over all points.
fn weighted(blocks: &[Block], weights: &[f64], state: impl Fn(&Block) -> &[f64; LANES]) -> f64 {
    blocks.iter().zip(weights.chunks(LANES)).map(|(b, w)| state(b).iter().zip(w).map(|(x, w)| x * w).sum::<f64>()).sum()
}
