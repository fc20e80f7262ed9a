//! Small made-up histories for the tests of the read-outs.

use crate::healing::{HealingHistory, LayerState};

/// Resting dermis of `dermis_um` under a junction at 80 µm: 20 equal layers, the first quarter papillary.
pub fn resting(days: &[f64], dermis_um: f64) -> HealingHistory {
    let state = LayerState {
        fibroblasts: 1.0,
        collagen_i_new: 0.05,
        collagen_iii_new: 0.01,
        collagen_i_mature: 0.75,
        collagen_iii_mature: 0.19,
        elastin: 1.0,
        synthesis: 1.0,
        original: 1.0,
        ..LayerState::default()
    };
    let layers = 20;
    HealingHistory {
        days: days.to_vec(),
        dermis_edges_um: (0..=layers).map(|i| 80.0 + dermis_um * f64::from(i) / f64::from(layers)).collect(),
        papillary_layers: 5,
        layers: vec![vec![state; layers as usize]; days.len()],
        epidermis_factor: vec![1.0; days.len()],
        epidermal_wound: vec![0.0; days.len()],
    }
}

/// Adds `gain` of collagen (half of it mature) to every layer above `reach_um`, from the second day on.
pub fn with_gain(mut history: HealingHistory, gain: f64, reach_um: f64) -> HealingHistory {
    let edges = history.dermis_edges_um.clone();
    for layers in history.layers.iter_mut().skip(1) {
        for (state, edge) in layers.iter_mut().zip(edges.windows(2)) {
            if edge[1] <= reach_um {
                state.collagen_i_new += 0.5 * gain;
                state.collagen_i_mature += 0.5 * gain;
            }
        }
    }
    history
}

/// Replaces `share` of the original matrix by new matrix in every layer above `reach_um`, from the second day on.
pub fn remodelled(mut history: HealingHistory, share: f64, reach_um: f64) -> HealingHistory {
    let edges = history.dermis_edges_um.clone();
    for layers in history.layers.iter_mut().skip(1) {
        for (state, edge) in layers.iter_mut().zip(edges.windows(2)) {
            if edge[1] <= reach_um {
                state.original -= share;
            }
        }
    }
    history
}
