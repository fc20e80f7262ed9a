//! Colours of skin for many pixels.

use percuta::appearance::light::{ColourTable, Extent, LightError, LitTissue, Optics};

/// Factors on melanin and blood that mottle, a lesion and a session may reach.
const MELANIN: Extent = Extent { from: 0.2, to: 5.0 };
const BLOOD: Extent = Extent { from: 0.2, to: 10.0 };
/// Points of the ready colours along each of both.
const READY: usize = 160;

/// Colours computed beforehand, even in the logarithms of melanin and blood, for the many pixels of a picture.
#[derive(Debug, Clone)]
pub struct ReadyColours {
    colours: Vec<[f64; 3]>,
}

impl ReadyColours {
    /// Of `tissue` and what mottle, a lesion and a session make of it.
    ///
    /// # Errors
    /// As for a spectrum.
    pub fn new(optics: &Optics, tissue: &LitTissue) -> Result<Self, LightError> {
        let table = ColourTable::new(optics, tissue, MELANIN, BLOOD)?;
        let at = |extent: Extent, i: usize| extent.from * (extent.to / extent.from).powf(i as f64 / (READY - 1) as f64);
        let colours = (0..READY * READY).map(|k| table.diffuse_rgb(at(MELANIN, k / READY), at(BLOOD, k % READY))).collect();
        Ok(Self { colours })
    }

    /// Linear sRGB of what comes back from within the skin with these factors on melanin and blood.
    #[must_use]
    pub fn at(&self, melanin: f64, blood: f64) -> [f64; 3] {
        let place = |extent: Extent, v: f64| {
            let share = (v.max(extent.from) / extent.from).ln() / (extent.to / extent.from).ln();
            let p = share.min(1.0) * (READY - 1) as f64;
            let low = (p as usize).min(READY - 2);
            (low, p - low as f64)
        };
        let ((i, u), (j, v)) = (place(MELANIN, melanin), place(BLOOD, blood));
        let c = |i: usize, j: usize| &self.colours[i * READY + j];
        [0, 1, 2].map(|k| {
            let row = |i: usize| (1.0 - v) * c(i, j)[k] + v * c(i, j + 1)[k];
            (1.0 - u) * row(i) + u * row(i + 1)
        })
    }
}
