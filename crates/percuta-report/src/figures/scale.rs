//! Scales of colours, legible with every kind of colour vision, and their bars.

use super::bitmap::Image;
use super::page::{Anchor, Page};
use super::style::{GREY, INK, SMALL};

/// Dark to light, evenly lighter and legible without colour (after viridis, Smith & van der Walt 2015).
const RISING: [[f64; 3]; 5] = [[68.0, 1.0, 84.0], [59.0, 82.0, 139.0], [33.0, 145.0, 140.0], [94.0, 201.0, 98.0], [253.0, 231.0, 37.0]];
/// Brown over white to blue-green (BrBG of ColorBrewer, Brewer 2003).
const DIVERGING: [[f64; 3]; 11] = [
    [84.0, 48.0, 5.0],
    [140.0, 81.0, 10.0],
    [191.0, 129.0, 45.0],
    [223.0, 194.0, 125.0],
    [246.0, 232.0, 195.0],
    [245.0, 245.0, 245.0],
    [199.0, 234.0, 229.0],
    [128.0, 205.0, 193.0],
    [53.0, 151.0, 143.0],
    [1.0, 102.0, 94.0],
    [0.0, 60.0, 48.0],
];

/// Colour of a share of a scale that rises, from 0 to 1.
pub fn rising(t: f64) -> [u8; 3] {
    between(&RISING, t)
}

/// Colour of a share of a scale whose middle, 1/2, means no difference.
pub fn diverging(t: f64) -> [u8; 3] {
    between(&DIVERGING, t)
}

fn between(stops: &[[f64; 3]], t: f64) -> [u8; 3] {
    let place = t.clamp(0.0, 1.0) * (stops.len() - 1) as f64;
    let low = (place as usize).min(stops.len() - 2);
    let part = place - low as f64;
    [0, 1, 2].map(|c| (stops[low][c] + (stops[low + 1][c] - stops[low][c]) * part).round() as u8)
}

/// The colours with the labels of their ends and evenly between, and what they mean below.
pub fn bar(page: &mut Page, (x, y): (f64, f64), width: f64, colour: fn(f64) -> [u8; 3], labels: &[String], meaning: &str) {
    let height = 12.0;
    let image = Image { width: 600, pixels: (0..600 * 24).map(|i| colour((f64::from(i % 600) + 0.5) / 600.0)).collect() };
    page.image((x, y), width, &image);
    page.frame(x, y, width, height, GREY);
    for (k, label) in labels.iter().enumerate() {
        let at = x + width * k as f64 / labels.len().saturating_sub(1).max(1) as f64;
        page.line((at, y + height), (at, y + height + 4.0), GREY, 1.0, None);
        page.styled(at, y + height + 16.0, label, Anchor::Middle, SMALL, false, INK);
    }
    page.text(x + 0.5 * width, y + height + 33.0, meaning, Anchor::Middle);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_rise_from_dark_to_light() {
        let light = |t: f64| rising(t).iter().map(|c| u32::from(*c)).sum::<u32>();
        assert!(light(0.0) < light(0.5) && light(0.5) < light(1.0) && rising(-1.0) == rising(0.0));
    }

    #[test]
    fn gain_is_blue_green_and_loss_is_brown() {
        assert_eq!(diverging(0.5), [245, 245, 245]);
        let (gain, loss) = (diverging(0.8), diverging(0.2));
        assert!(gain[1] > gain[0] && loss[0] > loss[2]);
    }
}
