//! Reduced model and patch: the main read-outs of both over time.

use percuta::course::{Outcome, Readouts, readout};

use super::super::Figure;
use super::super::page::{Page, Swatch};
use super::super::panel::{Panel, range};
use super::super::style::{BLACK, BLUE, ORANGE, Stroke, WIDTH};
use crate::error::ReportError;
use crate::series;

/// Read-outs that follow directly from the tissue.
const SHOWN: [&str; 6] =
    ["collagen_mass", "papillary_collagen_mass", "collagen_iii_i_ratio", "collagen_maturity", "procollagen", "epidermal_thickness"];
const PATCH: Stroke = Stroke { colour: BLUE, dash: None };
const CLOSURE: Stroke = Stroke { colour: ORANGE, dash: None };
const REDUCED: Stroke = Stroke { colour: BLACK, dash: Some("9 6") };
const ENSEMBLE: Stroke = Stroke { colour: BLACK, dash: Some("1 1000") };

/// A panel for each read-out.
pub fn figure(outcome: &Outcome, version: &str) -> Result<Option<Figure>, ReportError> {
    let Some(patch) = &outcome.patch else { return Ok(None) };
    let (Some(&first), Some(&last)) = (outcome.days.first(), outcome.days.last()) else { return Ok(None) };
    let shown: Vec<&str> = SHOWN.into_iter().filter(|k| values(&patch.readouts, k, outcome.days.len()).is_some()).collect();
    if last <= first || shown.is_empty() {
        return Ok(None);
    }
    let height = 208.0;
    let mut page = Page::new(34.0 + height * shown.len().div_ceil(2) as f64 + 24.0);
    let x = page.legend(
        10.0,
        18.0,
        &[
            (Swatch::Line(PATCH), "patch"),
            (Swatch::Line(CLOSURE), "reduced model on the patch’s damage"),
            (Swatch::Line(REDUCED), "reduced model"),
        ],
    );
    page.legend(x - 8.0, 18.0, &[(Swatch::Fill("#d4d4d4".into()), "its ensemble, 90 %")]);
    for (i, key) in shown.iter().enumerate() {
        let Some(readout) = readout(key) else { continue };
        let lines = [(&patch.reduced_on_patch, CLOSURE), (&patch.reduced, REDUCED), (&patch.readouts, PATCH)];
        let lines: Vec<(&[f64], Stroke)> = lines.into_iter().filter_map(|(r, s)| Some((values(r, key, outcome.days.len())?, s))).collect();
        let band = series::find(outcome, key).map(|s| series::band(outcome, s)).unwrap_or_default();
        let all = lines.iter().flat_map(|(v, _)| v.iter().copied()).chain(band.iter().flat_map(|b| [b.low, b.high]));
        let (low, high) = range(all);
        let mut panel = Panel::new(
            readout.name,
            (first, last, "day after the first session"),
            (low, high, if readout.unit == "1" { "ratio" } else { readout.unit }),
        );
        if !band.is_empty() {
            panel.band(&outcome.days, &band, ENSEMBLE);
        }
        for (line, stroke) in lines {
            panel.line(&outcome.days.iter().copied().zip(line.iter().copied()).collect::<Vec<_>>(), stroke);
        }
        let (column, row) = ((i % 2) as f64, (i / 2) as f64);
        let axes = panel.draw(&mut page, 0.5 * WIDTH * column, 30.0 + height * row, 0.5 * WIDTH, height);
        axes.sessions(&mut page, &outcome.course.sessions);
    }
    let caption = "Read-outs of the patch and of the reduced model, both with central parameters. Blue: the patch, voxel by voxel. Orange: the reduced model given the damage and the layers of this very patch; it differs from the patch by the reduced model's closure alone. \
        Dashed: the reduced model as a run without a patch computes it; it differs from the orange line by the window of punctures and the grid. Grey: range from the 5th to the 95th percentile of the reduced model's ensemble, whose parameters vary. Triangles are sessions."
        .to_owned();
    page.finish(outcome, version, "reduced-and-patch", "Reduced model and patch", caption).map(Some)
}

/// A read-out on every day, if it is there for all of them.
fn values<'a>(readouts: &'a Readouts, key: &str, days: usize) -> Option<&'a [f64]> {
    readouts.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_slice()).filter(|v| v.len() == days)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn readouts_that_do_not_fit_the_days_are_left_out() {
        let mut o = fixture::with_patch().clone();
        let n = o.days.len();
        let patch = o.patch.as_mut().unwrap();
        assert!(values(&patch.readouts, "collagen_mass", n).is_some());
        assert!(values(&patch.readouts, "collagen_mass", n + 1).is_none());
        patch.readouts.retain(|(k, _)| *k == "tewl");
        assert!(figure(&o, "0.1.0").unwrap().is_none());
    }
}
