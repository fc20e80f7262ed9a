//! What the skin reflects of each colour of light, before and after.

use percuta::population::Interval;

use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::panel::{Panel, range};
use crate::figures::style::{FIRST, GREY, SECOND, SMALL, WIDTH};
use crate::format;
use crate::run::Run;

/// Maxima of absorption of oxyhaemoglobin in the visible, nm (Prahl's compilation of Gratzer's and Kollias's data).
const OXYHAEMOGLOBIN: [(f64, &str); 3] = [(415.0, "Soret"), (542.0, "β"), (577.0, "α")];

/// Diffuse reflectance by wavelength at two visits.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectra {
    /// Wavelengths, nm, increasing.
    pub wavelength_nm: Vec<f64>,
    /// Reflectance before the first session, 0 to 1.
    pub before: Vec<Interval>,
    /// Reflectance at a later visit.
    pub after: Vec<Interval>,
    /// Day of that visit.
    pub day: f64,
}

/// Both spectra with their intervals and the bands of haemoglobin.
///
/// # Errors
/// [`ReportError::Make`] if the picture cannot be encoded.
pub fn figure(run: &impl Run, version: &str, spectra: &Spectra) -> Result<Option<Figure>, ReportError> {
    let nm = &spectra.wavelength_nm;
    let (Some(&low), Some(&high)) = (nm.first(), nm.last()) else { return Ok(None) };
    if high <= low || spectra.before.len() != nm.len() || spectra.after.len() != nm.len() {
        return Ok(None);
    }
    let all = spectra.before.iter().chain(&spectra.after).flat_map(|i| [i.low, i.high]);
    let (_, top) = range(all.chain([0.0]));
    let mut page = Page::new(330.0);
    let mut panel = Panel::new("Spectrum of the skin", (low, high, "wavelength (nm)"), (0.0, top, "diffuse reflectance"));
    panel.band(nm, &spectra.before, SECOND);
    panel.band(nm, &spectra.after, FIRST);
    let axes = panel.draw(&mut page, 0.0, 4.0, WIDTH, 300.0);
    for (at, name) in OXYHAEMOGLOBIN.into_iter().filter(|(at, _)| *at > low && *at < high) {
        axes.vertical(&mut page, at, GREY, Some("2 3"));
        let (x, y) = axes.at(at, top);
        page.styled(x + 3.0, y + 11.0, &format!("HbO₂ {name}"), Anchor::Start, SMALL, false, GREY);
    }
    let after = format!("day {}", format::day(spectra.day));
    page.legend(300.0, 18.0, &[(Swatch::Band(SECOND), "before the first session"), (Swatch::Band(FIRST), &after)]);
    let caption = "Diffuse reflectance of flat skin by the light model; lines are medians, bands 90 % intervals. Dotted: maxima of absorption of oxyhaemoglobin. Melanin lowers the blue end more than the red; blood deepens the dips at its bands; collagen lifts the red end."
        .to_owned();
    page.finish(run, version, "skin-spectrum", "Spectrum of the skin", caption).map(Some)
}
