//! The same square of skin before the first session and at the last visit.

use super::Studio;
use super::lighting::Lighting;
use super::patch::SkinVisit;
use crate::error::ReportError;
use crate::figures::bitmap::{Bitmap, Image};
use crate::figures::page::{Anchor, Page};
use crate::figures::style::{INK, WIDTH};
use crate::figures::{Figure, Picture};
use crate::format;
use crate::run::{Furrows, Run};

const ID: &str = "skin-before-after";
/// Side of a photograph on the sheet, px.
const SIDE: f64 = 412.0;
/// Side of a photograph in the page, px.
const LAID: f64 = 512.0;

/// Both photographs side by side; in the page one lies on the other and can be drawn aside.
///
/// # Errors
/// [`ReportError::Make`] if a picture cannot be encoded.
pub fn figure(run: &impl Run, version: &str, studio: &Studio<'_>, light: &Lighting) -> Result<Option<Figure>, ReportError> {
    let (Some(first), Some(last)) = (studio.patch.visits.first(), studio.patch.visits.last()) else { return Ok(None) };
    if last.day <= first.day {
        return Ok(None);
    }
    let pair = [first, last].map(|visit| studio.photograph(visit, light));
    let titles = [named(first, true), named(last, false)];
    let mut page = Page::of_central_member(SIDE + 84.0);
    for (i, (image, title)) in pair.iter().zip(&titles).enumerate() {
        let x = if i == 0 { 10.0 } else { WIDTH - 10.0 - SIDE };
        page.bold(x, 18.0, title, Anchor::Start);
        page.photograph((x, 26.0), SIDE, image);
    }
    let (length, label) = scale_bar(studio.patch.grid.size_um().0);
    page.rect(10.0, SIDE + 34.0, SIDE * length, 4.0, INK);
    page.text(18.0 + SIDE * length, SIDE + 41.0, &label, Anchor::Start);
    page.small(WIDTH - 10.0, SIDE + 41.0, &lamps(light), Anchor::End);
    let (relief, places) = match run.furrows() {
        Furrows::Ornament => ("the depths of lines, the pits of scars", "where furrows and pores lie, "),
        Furrows::Measured => ("what becomes of the measured relief", ""),
    };
    let caption = format!(
        "A square of {} mm of the treated skin, {} and {}, as a camera straight above sees it: {}. Exposure and white balance are the same in both: flat even skin has the colour of the light model. \
         From the model: {}, melanin, blood and the lesion, the places of punctures, the colour that these make, and how light spreads in the skin. \
         Ornament, the same on both days: {}the mottling of melanin and blood around their means, lentigines, vessels, oil and the outline of a lesion.",
        format::plain(studio.patch.grid.size_um().0 / 1000.0),
        titles[0],
        titles[1],
        lamps(light),
        relief,
        places,
    );
    let mut figure = page.finish(run, version, ID, "The skin before and after", caption)?;
    let fault = |e: png::EncodingError| ReportError::make(format!("pictures/{ID}.png"), e);
    figure.overlay = Some(slider(&pair, &titles, (length, &label)).map_err(fault)?);
    for (image, when) in pair.iter().zip(["before", "after"]) {
        figure.pictures.push(Picture { name: format!("skin-{when}"), png: image.png().map_err(fault)? });
    }
    Ok(Some(figure))
}

/// The day in words.
pub fn named(visit: &SkinVisit, first: bool) -> String {
    if first && visit.punctures.is_none() { "before the first session".to_owned() } else { format!("day {}", format::day(visit.day)) }
}

/// Where the light comes from, in words.
pub fn lamps(light: &Lighting) -> String {
    let side = |azimuth: f64| {
        let eighth = (azimuth.rem_euclid(360.0) / 45.0).round() as usize % 8;
        ["right", "upper right", "top", "upper left", "left", "lower left", "bottom", "lower right"][eighth]
    };
    let [key, fill] = light.lamps;
    format!(
        "raking lamp from the {} at {}°, broad lamp from the {} at {}°, even surround",
        side(key.azimuth_deg),
        format::plain(key.elevation_deg),
        side(fill.azimuth_deg),
        format::plain(fill.elevation_deg)
    )
}

/// A round length of about a fifth of a width, as its share, and in words.
pub fn scale_bar(width_um: f64) -> (f64, String) {
    let mm = [0.5, 1.0, 2.0, 5.0, 10.0].into_iter().rfind(|mm| 1000.0 * mm <= 0.26 * width_um).unwrap_or(0.5);
    (1000.0 * mm / width_um, format!("{} mm", format::plain(mm)))
}

/// The first picture over the second, its right border to be drawn. No script moves it: the border is that of an element the reader
/// may resize. On paper, and where there is no pointer, they stand side by side.
fn slider(pair: &[Image; 2], titles: &[String; 2], bar: (f64, &str)) -> Result<String, png::EncodingError> {
    let mut drawn = Vec::new();
    for (image, title) in pair.iter().zip(titles) {
        let picture = Bitmap::diffused((0.0, 0.0), LAID / image.width.max(1) as f64, image).svg()?;
        let height = LAID * image.height() as f64 / image.width.max(1) as f64;
        let label = |x: f64, anchor: &str| {
            format!(
                "<text x=\"{x}\" y=\"22\" text-anchor=\"{anchor}\" font-size=\"14\" font-weight=\"bold\" fill=\"#fff\" stroke=\"#000\" stroke-width=\"3\" stroke-opacity=\".55\" paint-order=\"stroke\" font-family=\"DejaVu Sans, Verdana, sans-serif\">{title}</text>"
            )
        };
        let (name, length, y) =
            (if drawn.is_empty() { label(10.0, "start") } else { label(LAID - 10.0, "end") }, LAID * bar.0, height - 16.0);
        // The bar lies where either picture shows it.
        let x = if drawn.is_empty() { 12.0 } else { LAID - 12.0 - length };
        let ruler = format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{length}\" height=\"4\" fill=\"#fff\" stroke=\"#000\" stroke-opacity=\".55\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-size=\"12\" fill=\"#fff\" stroke=\"#000\" stroke-width=\"3\" stroke-opacity=\".55\" paint-order=\"stroke\" font-family=\"DejaVu Sans, Verdana, sans-serif\">{}</text>",
            x + 0.5 * length,
            y - 6.0,
            bar.1
        );
        drawn.push(format!("<svg role=\"img\" aria-label=\"{title}\" viewBox=\"0 0 {LAID} {height}\">{picture}{name}{ruler}</svg>"));
    }
    let [before, after] = [&drawn[0], &drawn[1]];
    Ok(format!(
        "<div class=\"slider\"><div class=\"over\">{before}</div><div class=\"under\">{after}</div></div>\n<p class=\"hint\">Draw the lower right corner of the left picture to compare.</p>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slider_needs_no_script_and_no_identifier() {
        let image = Image::filled(16, 16, [200, 150, 130]);
        let html = slider(&[image.clone(), image], &["before the first session".into(), "day 90".into()], (0.2, "2 mm")).unwrap();
        for never in ["<script", " id=", "src=", "http", "onclick"] {
            assert!(!html.contains(never), "{never}");
        }
        assert_eq!(html.matches("<svg ").count(), 2);
        assert_eq!(html.matches("data:image/png;base64,").count(), 2);
    }

    #[test]
    fn the_bar_is_round_and_fits() {
        assert_eq!(scale_bar(8000.0).1, "2 mm");
        assert_eq!(scale_bar(20_000.0).1, "5 mm");
        assert!((scale_bar(10_000.0).0 - 0.2).abs() < 1e-12);
    }

    #[test]
    fn the_lamp_is_where_the_words_say() {
        assert!(lamps(&Lighting::RAKING).starts_with("raking lamp from the upper left at 28°"));
    }
}
