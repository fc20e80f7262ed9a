//! A block of tissue: uniform and periodic in x and y, graded in depth.

/// Tensor-product grid of `n` x `n` columns and as many layers as there are gaps between `depth_edges_um`.
///
/// Fields on it are plain slices of `n * n * layers` values in the order `[layer][y][x]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// Columns along one side.
    pub n: usize,
    /// Width of a column, µm.
    pub spacing_um: f64,
    /// Borders of the layers below the skin surface, µm, increasing.
    pub depth_edges_um: Vec<f64>,
}

impl Grid {
    /// Number of layers.
    #[must_use]
    pub fn layers(&self) -> usize {
        self.depth_edges_um.len().saturating_sub(1)
    }

    /// Number of voxels in one layer.
    #[must_use]
    pub fn plane(&self) -> usize {
        self.n * self.n
    }

    /// Number of voxels.
    #[must_use]
    pub fn voxels(&self) -> usize {
        self.plane() * self.layers()
    }

    /// Side length of the block, µm.
    #[must_use]
    pub fn side_um(&self) -> f64 {
        self.n as f64 * self.spacing_um
    }

    /// Thickness of a layer, µm.
    #[must_use]
    pub fn thickness_um(&self, layer: usize) -> f64 {
        self.depth_edges_um[layer + 1] - self.depth_edges_um[layer]
    }

    /// Depth of the middle of a layer, µm.
    #[must_use]
    pub fn depth_um(&self, layer: usize) -> f64 {
        0.5 * (self.depth_edges_um[layer] + self.depth_edges_um[layer + 1])
    }
}
