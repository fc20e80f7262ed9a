//! The same square of skin at each visit.

use super::Studio;
use super::before_after::{lamps, named, scale_bar};
use super::lighting::Lighting;
use crate::error::ReportError;
use crate::figures::Figure;
use crate::figures::biopsy::chosen;
use crate::figures::page::{Anchor, Page};
use crate::figures::style::{GREY, INK, WIDTH};
use crate::format;
use crate::run::Run;

/// Gap between photographs, px.
const GAP: f64 = 4.0;

/// Small photographs in a row.
///
/// # Errors
/// [`ReportError::Make`] if a picture cannot be encoded.
pub fn figure(run: &impl Run, version: &str, studio: &Studio<'_>, light: &Lighting) -> Result<Option<Figure>, ReportError> {
    let visits = studio.patch.visits;
    if visits.len() < 2 {
        return Ok(None);
    }
    let days: Vec<f64> = visits.iter().map(|v| v.day).collect();
    let picked = chosen(&days);
    let side = ((WIDTH - 20.0 - GAP * (picked.len() - 1) as f64) / picked.len() as f64).min(240.0).floor();
    let mut page = Page::of_central_member(side + 88.0);
    for (place, &i) in picked.iter().enumerate() {
        let (x, visit) = (10.0 + (side + GAP) * place as f64, &visits[i]);
        // The full words of the first one do not fit over a small picture.
        let title = if i == 0 && visit.punctures.is_none() { "before".to_owned() } else { named(visit, false) };
        page.bold(x, 17.0, &title, Anchor::Start);
        let seen = if visit.punctures.is_some_and(|p| p.blood_um > 0.0) { "just after a session" } else { "" };
        page.styled(x, 31.0, seen, Anchor::Start, 9, false, GREY);
        page.photograph((x, 38.0), side, &studio.photograph(visit, light).resized(2 * side as usize));
    }
    let (length, label) = scale_bar(studio.patch.grid.size_um().0);
    page.rect(10.0, side + 46.0, side * length, 4.0, INK);
    page.text(18.0 + side * length, side + 53.0, &label, Anchor::Start);
    page.small(WIDTH - 10.0, side + 53.0, &lamps(light), Anchor::End);
    let caption = format!(
        "The same square of {} mm at the visits, with the same lamps, exposure and white balance. Just after a session: drops of blood on those punctures that bled, redness around all; then crusts. What is model and what ornament is said at “The skin before and after”.",
        format::plain(studio.patch.grid.size_um().0 / 1000.0),
    );
    page.finish(run, version, "skin-visits", "The skin at the visits", caption).map(Some)
}
