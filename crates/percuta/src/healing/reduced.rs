//! The course-grade reduced model: the local equations once per class of tissue and session core.
//!
//! In each dermal layer the living tissue is sorted into classes of equal area by the superposed TGF-β field
//! of all sessions (see [`super::classify`]). A session lyses its share of every class, as that class then
//! is, and of every earlier core; the lysed tissue becomes a core of its own. What is left is exposed to the
//! class's signal. Fibroblast-made TGF-β acts where it is made.

use super::block::{Block, LANES, Lanes};
use super::classes::{Exposure, LayerExposure};
use super::epidermis::Epidermis;
use super::equations::Equations;
use super::history::{HealingHistory, LayerState};
use super::integrate::{IntegrationError, Integrator};

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
}

/// One compartment: a class or core of one layer, by its lane.
struct Tissue {
    blocks: Vec<Block>,
    /// Share of its layer's area, per lane.
    area: Vec<f64>,
    /// Compartments of a layer.
    per_layer: usize,
    classes: usize,
}

/// What happens to the tissue at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Event {
    Record(usize),
    Lysis(usize),
    Alarm(usize),
}

/// Runs a course for one member.
///
/// # Errors
/// If the equations cannot be integrated; see [`IntegrationError`].
pub fn heal(course: &ReducedCourse, equations: &Equations) -> Result<HealingHistory, IntegrationError> {
    let p = equations.parameters();
    let classes = course.exposures.first().and_then(|e| e.classes.first()).map_or(1, Vec::len);
    let layers = course.dermis_edges_um.len() - 1;
    let mut tissue = Tissue::at_rest(equations, layers, classes, course.sessions.len());
    let mut epidermis = Epidermis::new(p);
    let mut integrator = Integrator::new(equations);
    let mut history = HealingHistory {
        days: course.days.to_vec(),
        dermis_edges_um: course.dermis_edges_um.to_vec(),
        papillary_layers: course.papillary_layers,
        layers: vec![Vec::new(); course.days.len()],
        epidermis_factor: vec![1.0; course.days.len()],
        epidermal_wound: vec![0.0; course.days.len()],
    };
    let mut papillary = tissue.papillary_weights(course);
    let mut now = course.days.first().copied().unwrap_or(0.0).min(course.sessions.first().copied().unwrap_or(f64::INFINITY));
    for (when, event) in agenda(course, p.alarm_delay) {
        if when > now {
            integrator.advance(&mut tissue.blocks, now, when, |h, before, after| {
                epidermis.advance(h, weighted(before, &papillary, |b| b.primed), weighted(after, &papillary, |b| b.primed));
            })?;
            now = when;
        }
        match event {
            Event::Lysis(s) => {
                tissue.lyse(s, course.exposures);
                papillary = tissue.papillary_weights(course);
                integrator.restart();
            }
            // Macrophages are followed exactly and rise from zero: no need to restart with small steps.
            Event::Alarm(s) => tissue.alarm(s, course.exposures),
            Event::Record(i) => {
                history.layers[i] = (0..layers).map(|l| tissue.layer_state(l, equations)).collect();
                history.epidermis_factor[i] = epidermis.factor();
                let last = course.sessions.iter().rposition(|&s| s <= when);
                history.epidermal_wound[i] = last.map_or(0.0, |s| epidermis.wound(when - course.sessions[s], course.channel_um[s]));
            }
        }
    }
    Ok(history)
}

/// Everything that happens, in order; at one moment lysis comes first, then alarms, then records.
fn agenda(course: &ReducedCourse, alarm_delay: f64) -> Vec<(f64, Event)> {
    let mut agenda: Vec<(f64, Event)> = Vec::new();
    let end = course.days.last().copied().unwrap_or(0.0);
    for (s, &day) in course.sessions.iter().enumerate().filter(|(_, day)| **day <= end) {
        agenda.push((day, Event::Lysis(s)));
        agenda.push((day + alarm_delay, Event::Alarm(s)));
    }
    agenda.extend(course.days.iter().enumerate().map(|(i, &d)| (d, Event::Record(i))));
    let rank = |e: &Event| match e {
        Event::Lysis(_) => 0,
        Event::Alarm(_) => 1,
        Event::Record(_) => 2,
    };
    agenda.sort_by(|a, b| a.0.total_cmp(&b.0).then(rank(&a.1).cmp(&rank(&b.1))));
    agenda.retain(|(when, _)| *when <= end);
    agenda
}

impl Tissue {
    fn at_rest(equations: &Equations, layers: usize, classes: usize, sessions: usize) -> Self {
        let per_layer = classes + sessions;
        let lanes = layers * per_layer;
        let mut tissue = Self {
            blocks: vec![Block::at_rest(equations.parameters()); lanes.div_ceil(LANES)],
            area: vec![0.0; lanes],
            per_layer,
            classes,
        };
        for layer in 0..layers {
            for class in 0..classes {
                tissue.area[layer * per_layer + class] = 1.0 / classes as f64;
            }
        }
        tissue
    }

    /// Moves the share that session `s` lyses from every compartment to the session's core, and lets the
    /// session's clot signal act.
    fn lyse(&mut self, s: usize, exposures: &[LayerExposure]) {
        for (layer, exposure) in exposures.iter().enumerate() {
            let core = layer * self.per_layer + self.classes + s;
            let (mut area, mut inflammatory, mut reparative, mut alarm, mut clot_signal) = (0.0, 0.0, 0.0, 0.0, 0.0);
            for (lane, met) in self.alive(layer, exposure, s) {
                let moved = self.area[lane] * met.lysed;
                let (b, i) = (&self.blocks[lane / LANES], lane % LANES);
                area += moved;
                inflammatory += moved * b.inflammatory.to_array()[i];
                reparative += moved * b.reparative.to_array()[i];
                alarm += moved * b.alarm.to_array()[i];
                clot_signal += moved * b.clot_signal.to_array()[i];
                self.area[lane] -= moved;
            }
            let per = if area > 0.0 { 1.0 / area } else { 0.0 };
            self.area[core] = area;
            let b = &mut self.blocks[core / LANES];
            let i = core % LANES;
            // Cells, collagen and elastin are gone; the cells of inflammation keep patrolling.
            b.set_lysed(i);
            b.inflammatory.as_mut_array()[i] = inflammatory * per;
            b.reparative.as_mut_array()[i] = reparative * per;
            b.alarm.as_mut_array()[i] = alarm * per;
            b.clot_signal.as_mut_array()[i] = clot_signal * per;
            for (lane, signal) in self.reached(layer, exposure, s) {
                self.blocks[lane / LANES].clot_signal.as_mut_array()[lane % LANES] += signal;
            }
        }
    }

    /// The alarm of session `s` starts to call macrophages.
    fn alarm(&mut self, s: usize, exposures: &[LayerExposure]) {
        for (layer, exposure) in exposures.iter().enumerate() {
            for (lane, signal) in self.reached(layer, exposure, s) {
                self.blocks[lane / LANES].alarm.as_mut_array()[lane % LANES] += signal;
            }
        }
    }

    /// Compartments that exist before session `s`, with what they meet in it.
    fn alive(&self, layer: usize, exposure: &LayerExposure, s: usize) -> Vec<(usize, Exposure)> {
        let first = layer * self.per_layer;
        let classes = exposure.classes[s].iter().enumerate().map(|(k, &met)| (first + k, met));
        let cores = (0..s).map(|earlier| (first + self.classes + earlier, exposure.mean[s]));
        classes.chain(cores).collect()
    }

    /// Compartments that session `s` reaches, its own core included, with the signal that reaches them.
    fn reached(&self, layer: usize, exposure: &LayerExposure, s: usize) -> Vec<(usize, f64)> {
        let core = layer * self.per_layer + self.classes + s;
        let mut reached: Vec<(usize, f64)> = self.alive(layer, exposure, s).into_iter().map(|(lane, met)| (lane, met.signal)).collect();
        reached.push((core, exposure.core_signal[s]));
        reached
    }

    /// Weight of every lane in an average over the papillary dermis.
    fn papillary_weights(&self, course: &ReducedCourse) -> Vec<f64> {
        let edges = course.dermis_edges_um;
        let depth = edges[course.papillary_layers] - edges[0];
        let mut weights = vec![0.0; self.blocks.len() * LANES];
        for layer in 0..course.papillary_layers {
            let share = (edges[layer + 1] - edges[layer]) / depth;
            let lanes = layer * self.per_layer..(layer + 1) * self.per_layer;
            weights[lanes.clone()].iter_mut().zip(&self.area[lanes]).for_each(|(weight, area)| *weight = share * area);
        }
        weights
    }

    fn layer_state(&self, layer: usize, equations: &Equations) -> LayerState {
        let mut state = LayerState::default();
        let peak = equations.parameters().macrophage_peak;
        for lane in layer * self.per_layer..(layer + 1) * self.per_layer {
            let (area, b) = (self.area[lane], &self.blocks[lane / LANES]);
            let share = |of: Lanes| area * of.to_array()[lane % LANES];
            let macrophages = (b.inflammatory + b.reparative) * (1.0 / peak);
            state.macrophages += share(macrophages);
            state.clot += share(b.clot);
            state.fibroblasts += share(b.fibroblasts);
            state.primed += share(b.primed);
            state.myofibroblasts += share(b.myofibroblasts);
            state.tgf_beta += share(
                equations.tgf_of_macrophages(macrophages)
                    + equations.tgf_of_clot(b.clot_signal)
                    + equations.tgf_of_fibroblasts(b.primed, b.myofibroblasts),
            );
            state.collagen_i_new += share(b.new_i);
            state.collagen_iii_new += share(b.new_iii);
            state.collagen_i_mature += share(b.mature_i);
            state.collagen_iii_mature += share(b.mature_iii);
            state.elastin += share(b.elastin);
            state.synthesis += share(equations.synthesis(b.fibroblasts, b.primed, b.myofibroblasts));
        }
        state
    }
}

/// Weighted sum of a state over all lanes.
fn weighted(blocks: &[Block], weights: &[f64], state: impl Fn(&Block) -> Lanes) -> f64 {
    blocks.iter().zip(weights.chunks_exact(LANES)).map(|(b, w)| state(b).to_array().iter().zip(w).map(|(x, w)| x * w).sum::<f64>()).sum()
}
