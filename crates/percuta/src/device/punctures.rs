//! The puncture table: where each needle went in one session.

/// Punctures of one session in a square window of skin; one entry a puncture in every column.
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
}
