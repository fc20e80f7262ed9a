//! The cells in depth of a column.

use std::f64::consts::PI;

use crate::absorption::{Barrier, Layer};

/// Cells of the stratum corneum: the lag time of a slab cut into n equal cells is 1/2n² too long.
const STRATUM_CORNEUM_CELLS: usize = 12;

/// A column's cells from the surface down, fine at the borders of layers and at the end of the channels.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells {
    /// Borders below the surface, cm.
    pub edges_cm: Vec<f64>,
    /// Number of the layer each cell is in: 0 stratum corneum, 1 viable epidermis, 2 dermis.
    pub layer: Vec<usize>,
    /// What the permeant meets in each cell.
    pub medium: Vec<Layer>,
    /// Cells that channels pass through, counted from the surface.
    pub open: usize,
}

impl Cells {
    /// Cells for a barrier whose channels, if any, end `channel_cm` below the surface.
    #[must_use]
    pub fn new(barrier: &Barrier, channel_cm: f64) -> Self {
        let mut cells = Self { edges_cm: vec![0.0], layer: Vec::new(), medium: Vec::new(), open: 0 };
        let bottom = barrier.thickness_cm();
        // A channel that ends within a hair of a border ends there: cells thinner than that gain nothing and lose digits.
        let hair = 1e-4f64.min(0.02 * bottom);
        let mut end_cm = channel_cm;
        let mut border = 0.0;
        for layer in barrier.layers() {
            border += layer.thickness_cm;
            if (channel_cm - border).abs() < hair && channel_cm > 0.0 {
                end_cm = border;
            }
        }
        let mut top = 0.0;
        for (number, layer) in barrier.layers().enumerate() {
            let end = top + layer.thickness_cm;
            if number == 0 {
                cells.even(number, layer, end);
            } else if end_cm > top && end_cm < end {
                cells.graded(number, layer, end_cm, true);
                cells.graded(number, layer, end, end < bottom);
            } else {
                cells.graded(number, layer, end, end < bottom || end_cm >= bottom);
            }
            top = end;
        }
        cells.open = cells.edges_cm[1..].iter().take_while(|e| **e <= end_cm).count();
        if cells.layer.iter().take(cells.open).all(|l| *l == 0) {
            // What stays in the stratum corneum is no channel.
            cells.open = 0;
        }
        cells
    }

    /// Number of cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.medium.len()
    }

    /// Whether there is no cell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.medium.is_empty()
    }

    /// Thickness of a cell, cm.
    #[must_use]
    pub fn thickness_cm(&self, cell: usize) -> f64 {
        self.edges_cm[cell + 1] - self.edges_cm[cell]
    }

    fn even(&mut self, number: usize, layer: &Layer, end: f64) {
        self.cut(number, layer, end, STRATUM_CORNEUM_CELLS, |x| x);
    }

    /// Cells from the last border to `end`, narrow at the upper end and, if `both`, at the lower.
    fn graded(&mut self, number: usize, layer: &Layer, end: f64, both: bool) {
        let um = (end - self.edges_cm[self.edges_cm.len() - 1]) * 1e4;
        let count = (3.0 + (um / 4.0).sqrt()).round() as usize;
        if both {
            self.cut(number, layer, end, count, |x| 0.5 * (1.0 - (PI * x).cos()));
        } else {
            self.cut(number, layer, end, count, |x| 1.0 - (0.5 * PI * x).cos());
        }
    }

    fn cut(&mut self, number: usize, layer: &Layer, end: f64, count: usize, place: impl Fn(f64) -> f64) {
        let start = self.edges_cm[self.edges_cm.len() - 1];
        for i in 1..=count {
            let edge = if i == count { end } else { start + (end - start) * place(i as f64 / count as f64) };
            self.edges_cm.push(edge);
            self.layer.push(number);
            self.medium.push(*layer);
        }
    }
}
