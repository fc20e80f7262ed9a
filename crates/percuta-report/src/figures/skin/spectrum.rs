//! What the skin reflects of each colour of light, before and after.

use percuta::course::SpectraOutcome;

use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::page::{Anchor, Page, Swatch};
use crate::figures::panel::{Panel, range};
use crate::figures::style::{FIRST, GREY, ORANGE, SECOND, SMALL, Stroke, WIDTH};
use crate::format;
use crate::run::Run;

/// Maxima of absorption of oxyhaemoglobin in the visible, nm (Prahl's compilation of Gratzer's and Kollias's data).
const OXYHAEMOGLOBIN: [(f64, &str); 3] = [(415.0, "Soret"), (542.0, "β"), (577.0, "α")];

/// Curve of the skin just after a session.
const REDDENED: Stroke = Stroke { colour: ORANGE, dash: Some("2 3") };

/// The spectra with their intervals and the bands of haemoglobin.
///
/// # Errors
/// [`ReportError::Make`] if the picture cannot be encoded.
pub fn figure(run: &impl Run, version: &str, spectra: &SpectraOutcome) -> Result<Option<Figure>, ReportError> {
    let nm = &spectra.wavelength_nm;
    let (Some(&low), Some(&high)) = (nm.first(), nm.last()) else { return Ok(None) };
    if high <= low || spectra.before.len() != nm.len() || spectra.after.len() != nm.len() {
        return Ok(None);
    }
    let reddened = spectra.just_after.as_deref().filter(|s| s.len() == nm.len());
    let all = spectra.before.iter().chain(&spectra.after).chain(reddened.unwrap_or_default()).flat_map(|i| [i.low, i.high]);
    let (_, top) = range(all.chain([0.0]));
    let mut page = Page::new(330.0);
    let mut panel = Panel::new("Spectrum of the skin", (low, high, "wavelength (nm)"), (0.0, top, "diffuse reflectance"));
    if let Some(reddened) = reddened {
        panel.band(nm, reddened, REDDENED);
    }
    panel.band(nm, &spectra.before, SECOND);
    panel.band(nm, &spectra.after, FIRST);
    let axes = panel.draw(&mut page, 0.0, 4.0, WIDTH, 300.0);
    for (at, name) in OXYHAEMOGLOBIN.into_iter().filter(|(at, _)| *at > low && *at < high) {
        axes.vertical(&mut page, at, GREY, Some("2 3"));
        let (x, y) = axes.at(at, top);
        page.styled(x + 3.0, y + 11.0, &format!("HbO₂ {name}"), Anchor::Start, SMALL, false, GREY);
    }
    let after = format!("day {}", format::day(spectra.day));
    let mut legend = vec![(Swatch::Band(SECOND), "before the first session"), (Swatch::Band(FIRST), after.as_str())];
    if reddened.is_some() {
        legend.insert(1, (Swatch::Band(REDDENED), "just after it"));
    }
    page.legend(240.0, 18.0, &legend);
    let caption = "Diffuse reflectance of flat skin by the light model; lines are medians, bands 90 % intervals. Dotted: maxima of absorption of oxyhaemoglobin. Melanin lowers the blue end more than the red; blood deepens the dips at its bands. What the surface reflects like a mirror is included."
        .to_owned();
    page.finish(run, version, "skin-spectrum", "Spectrum of the skin", caption).map(Some)
}
