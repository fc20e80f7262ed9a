//! A vertical section stained as Masson's trichrome stains, pixel by pixel from the fields.

use percuta::skin::Layers;

use super::super::bitmap::Image;
use super::channels::{Channels, covered};
use super::tissue::{Cut, Tissue};
use super::weave::{Nucleus, Weave, Window, junction};

/// Share of the section that fibres cover at the collagen of untreated dermis.
pub const COVER: f32 = 0.72;
/// Width of the red rim around an open channel, µm: ornament.
const RIM_UM: f64 = 4.0;

/// Colours of the stain.
pub mod colours {
    /// Mature collagen, the darker and the lighter of its fibres.
    pub const MATURE: [[f32; 3]; 2] = [[26.0, 66.0, 138.0], [52.0, 104.0, 172.0]];
    /// New collagen, the same.
    pub const NEW: [[f32; 3]; 2] = [[88.0, 190.0, 168.0], [140.0, 217.0, 193.0]];
    /// Ground substance between the fibres.
    pub const GROUND: [f32; 3] = [224.0, 231.0, 240.0];
    /// Clot and lysed tissue.
    pub const CLOT: [f32; 3] = [188.0, 24.0, 30.0];
    /// Nuclei of the dermis.
    pub const NUCLEUS: [f32; 3] = [44.0, 18.0, 48.0];
    /// Viable epidermis at the junction and below the horny layer.
    pub const EPIDERMIS: [[f32; 3]; 2] = [[150.0, 78.0, 134.0], [196.0, 126.0, 160.0]];
    /// Nuclei of the epidermis.
    pub const KERATINOCYTE: [f32; 3] = [84.0, 36.0, 86.0];
    /// Horny layer.
    pub const KERATIN: [f32; 3] = [181.0, 52.0, 79.0];
    /// Open channel and air.
    pub const AIR: [f32; 3] = [255.0, 255.0, 255.0];
}

type Rgb = [f32; 3];

fn mix(a: Rgb, b: Rgb, t: f32) -> Rgb {
    [0, 1, 2].map(|c| a[c] + (b[c] - a[c]) * t.clamp(0.0, 1.0))
}

/// From 0 below `-width` to 1 above `width`, 1/2 at 0.
fn soft(x: f32, width: f32) -> f32 {
    let t = (0.5 + 0.5 * x / width).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Colour of the dermis: `rank` and `renewal` are those of the fibre there, `stripe` its lightness.
pub fn dermis(tissue: Tissue, (rank, renewal, stripe): (f32, f32, f32), clot: f32) -> Rgb {
    let fresh = soft(tissue.new / tissue.collagen.max(1e-6) - renewal, 0.10);
    let stain = |pair: [Rgb; 2]| mix(pair[0], pair[1], stripe);
    let fibre = mix(stain(colours::MATURE), stain(colours::NEW), fresh);
    let covered = soft(COVER * tissue.collagen - rank, 0.13);
    let matrix = mix(colours::GROUND, fibre, covered);
    // Clot is mottled by the fibres it lies in.
    let red = mix(colours::CLOT, [150.0, 12.0, 22.0], rank);
    mix(matrix, red, clot * (1.12 - 0.3 * rank))
}

/// The section of a cut in a window. `most_clot` is the share of clot that is drawn as full red.
pub fn section(cut: &Cut, sessions: &[f64], window: &Window, weave: &Weave, most_clot: f32) -> Image {
    let layers = &cut.patch.layers;
    let channels = Channels::new(cut, sessions);
    let (columns, rows) = (window.columns(), window.rows());
    let across: Vec<_> = (0..columns).map(|c| cut.column(window.along_um(c))).collect();
    let borders: Vec<(f64, f64)> = (0..columns).map(|c| borders(layers, window.along_um(c), cut.epidermis_factor(across[c]))).collect();
    let pixel_um = 1.0 / window.scale;
    let strength = |clot: f32| if most_clot > 0.0 { (clot / most_clot).clamp(0.0, 1.0).powf(0.7) } else { 0.0 };
    let mut canvas: Vec<Rgb> = Vec::with_capacity(columns * rows);
    for row in 0..rows {
        let depth = window.depth_um(row);
        let down = cut.row(depth);
        let cores = channels.cores(depth);
        let tracks = channels.tracks(depth);
        for (column, &(surface, dermal)) in borders.iter().enumerate() {
            let i = row * columns + column;
            if depth < surface - pixel_um {
                canvas.push(colours::AIR);
                continue;
            }
            let along = window.along_um(column);
            let inside = |edge: f64| (((depth - edge) / pixel_um + 0.5).clamp(0.0, 1.0)) as f32;
            let mut colour = colours::AIR;
            let in_dermis = inside(dermal);
            if in_dermis < 1.0 {
                let horny = surface + layers.stratum_corneum_um;
                let height = ((dermal - depth) / (dermal - horny).max(1.0)).clamp(0.0, 1.0) as f32;
                let living = mix(colours::EPIDERMIS[0], colours::EPIDERMIS[1], height + 0.25 * (weave.stripes[i] - 0.5));
                let lamella = 0.25 * (((depth - surface) / 2.6 + 1.5 * f64::from(weave.renewal[i])).sin() as f32).max(0.0);
                let keratin = mix(colours::KERATIN, colours::AIR, lamella);
                colour = mix(colour, mix(keratin, living, inside(horny)), inside(surface));
            }
            if in_dermis > 0.0 {
                let tissue = cut.tissue(across[column], down);
                // The clot of a voxel sits in its tracks: there it is drawn in full, beside them weaker.
                let place = 0.6 + 0.15 * covered(&cores, along, pixel_um) + 0.25 * covered(&tracks, along, pixel_um);
                let fibre = (weave.rank[i], weave.renewal[i], weave.stripes[i]);
                colour = mix(colour, dermis(tissue, fibre, place * strength(tissue.clot)), in_dermis);
            }
            canvas.push(colour);
        }
    }
    for nucleus in &weave.nuclei {
        let (column, row) = place(window, nucleus.at);
        let Some(&(_, dermal)) = borders.get(column) else { continue };
        let here = cut.tissue(across[column], cut.row(nucleus.at.1));
        if row < rows && nucleus.at.1 > dermal + 3.0 && here.cells > nucleus.from {
            stamp(&mut canvas, window, nucleus, nucleus.at.1, colours::NUCLEUS, 0.92);
        }
    }
    for nucleus in &weave.keratinocytes {
        let (column, _) = place(window, nucleus.at);
        let Some(&(surface, dermal)) = borders.get(column) else { continue };
        let depth = dermal - nucleus.at.1 * (dermal - surface - layers.stratum_corneum_um);
        stamp(&mut canvas, window, nucleus, depth, colours::KERATINOCYTE, 0.85 - 0.45 * nucleus.at.1 as f32);
    }
    open_channels(&mut canvas, window, &channels, &borders);
    let pixels = canvas.into_iter().map(|c| c.map(|v| v.round().clamp(0.0, 255.0) as u8)).collect();
    Image { width: columns, pixels }
}

/// Depth of the surface and of the junction. A thicker epidermis rises over the dermis, which stays where it is.
fn borders(layers: &Layers, along_um: f64, factor: f64) -> (f64, f64) {
    let viable = layers.viable_epidermis_um;
    let surface = -(factor - 1.0) * viable;
    (surface, layers.stratum_corneum_um + viable * junction(along_um))
}

fn place(window: &Window, (along, depth): (f64, f64)) -> (usize, usize) {
    let pixel = |um: f64| (um * window.scale).floor().max(-1.0);
    let (x, y) = (pixel(along - window.from_um), pixel(depth + window.air_um));
    (if x < 0.0 { usize::MAX } else { x as usize }, if y < 0.0 { usize::MAX } else { y as usize })
}

/// Darkens the pixels of a nucleus.
fn stamp(canvas: &mut [Rgb], window: &Window, nucleus: &Nucleus, depth: f64, colour: Rgb, strength: f32) {
    let columns = window.columns();
    let (x, y) = ((nucleus.at.0 - window.from_um) * window.scale, (depth + window.air_um) * window.scale);
    // Never smaller than a pixel can show, but then paler.
    let half = (nucleus.half.0 * window.scale, nucleus.half.1 * window.scale);
    let shown = (half.0.max(0.8), half.1.max(0.65));
    let pale = ((half.0 * half.1) / (shown.0 * shown.1)).sqrt() as f32;
    let (s, c) = nucleus.angle.sin_cos();
    let reach = shown.0.max(shown.1) + 1.0;
    for row in (y - reach).max(0.0) as usize..=(y + reach).max(0.0) as usize {
        for column in (x - reach).max(0.0) as usize..=(x + reach).max(0.0) as usize {
            let (dx, dy) = (column as f64 + 0.5 - x, row as f64 + 0.5 - y);
            let (u, v) = ((dx * c + dy * s) / shown.0, (dy * c - dx * s) / shown.1);
            let inside = soft((1.0 - u.hypot(v)) as f32, 0.5);
            if column < columns
                && inside > 0.0
                && let Some(pixel) = canvas.get_mut(row * columns + column)
            {
                *pixel = mix(*pixel, colour, inside * strength * pale);
            }
        }
    }
}

/// The open channels with a thin red rim, down to the share of their depth that is open.
fn open_channels(canvas: &mut [Rgb], window: &Window, channels: &Channels, borders: &[(f64, f64)]) {
    if channels.open < 0.01 {
        return;
    }
    let (columns, pixel_um) = (window.columns(), 1.0 / window.scale);
    for row in 0..window.rows() {
        let depth = window.depth_um(row);
        let holes = channels.holes(depth);
        if holes.is_empty() {
            continue;
        }
        let rims: Vec<(f64, f64)> = holes.iter().map(|h| (h.0 - RIM_UM, h.1 + RIM_UM)).collect();
        for (column, &(surface, _)) in borders.iter().enumerate() {
            let along = window.along_um(column);
            let rim = covered(&rims, along, pixel_um);
            if rim > 0.0 && depth >= surface - 1.5 * pixel_um {
                let pixel = &mut canvas[row * columns + column];
                let red = if depth > surface { mix(*pixel, colours::CLOT, 0.85 * rim) } else { *pixel };
                *pixel = mix(red, colours::AIR, covered(&holes, along, pixel_um));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// Mean colour of the dermis at random places.
    fn mean(tissue: Tissue, clot: f32) -> [f32; 3] {
        use crate::figures::noise::noise;
        let mut sum = [0.0; 3];
        for i in 0..2000 {
            let r = |n| noise(n, i) as f32;
            let colour = dermis(tissue, (r(1), r(2), r(3)), clot);
            sum = [0, 1, 2].map(|c| sum[c] + colour[c] / 2000.0);
        }
        sum
    }

    #[test]
    fn new_collagen_is_greener_gain_darker_and_loss_paler() {
        let rest = Tissue { collagen: 1.0, new: 0.07, clot: 0.0, cells: 1.0 };
        let (before, renewed) = (mean(rest, 0.0), mean(Tissue { new: 0.40, ..rest }, 0.0));
        assert!(renewed[1] > before[1] + 12.0, "{before:?} {renewed:?}");
        assert!(renewed[1] - renewed[2] > before[1] - before[2] + 12.0, "towards green: {before:?} {renewed:?}");
        let gained = mean(Tissue { collagen: 1.2, new: 0.084, ..rest }, 0.0);
        assert!(gained[0] < before[0] - 12.0, "less ground shows: {before:?} {gained:?}");
        let lost = mean(Tissue { collagen: 0.7, ..rest }, 0.0);
        assert!(lost[0] > before[0] + 15.0, "more ground shows");
        let bled = mean(rest, 0.8);
        assert!(bled[0] > bled[2] + 80.0, "clot is red: {bled:?}");
    }

    #[test]
    fn open_channels_are_white_and_close() {
        let o = fixture::with_patch();
        let patch = o.patch.as_ref().unwrap();
        let window = Window { from_um: 0.0, width_um: patch.grid.side_um(), air_um: 10.0, depth_um: 500.0, scale: 0.15 };
        let weave = Weave::new(&window, patch.layers.epidermis_um(), 223.0);
        let white = |i: usize| {
            let cut = Cut::new(patch, &patch.visits[i], super::super::tissue::Side::Front);
            let image = section(&cut, &o.course.sessions, &window, &weave, 0.1);
            assert_eq!(image.pixels.len(), window.columns() * window.rows());
            let below = image.width * ((10.0 + 250.0) * window.scale) as usize;
            image.pixels[below..].iter().filter(|p| **p == [255, 255, 255]).count()
        };
        assert!(white(0) > 20, "{}", white(0));
        assert_eq!(white(5), 0);
    }
}
