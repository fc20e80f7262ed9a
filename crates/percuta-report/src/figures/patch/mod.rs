//! Pictures of the block of skin in three dimensions. A run without a patch has none of them.

mod animation;
mod apng;
mod biopsy;
mod block;
mod channels;
mod comparison;
mod en_face;
mod section;
mod tissue;
mod weave;

use percuta::course::PatchOutcome;
use percuta::healing::patch::PatchView;

use super::page::{Page, Swatch};
use section::colours;

pub use animation::figure as animation;
pub use biopsy::figure as biopsy;
pub use block::figure as block;
pub use comparison::figure as comparison;
pub use en_face::figure as en_face;

/// Air above the surface, µm.
const AIR_UM: f64 = 26.0;
/// Least and most of the depth that is drawn, µm.
const LEAST_DEPTH_UM: f64 = 600.0;
const MOST_DEPTH_UM: f64 = 1200.0;
/// A narrower block has no pictures: a single column is no section.
const LEAST_SIDE_UM: f64 = 200.0;

/// Depth to which sections are drawn: a little below the deepest puncture.
fn shown_um(patch: &PatchOutcome) -> f64 {
    let deepest = patch.punctures.iter().flat_map(|p| p.depth_um.iter().copied()).fold(0.0, f64::max);
    let bottom = patch.grid.depth_edges_um.last().copied().unwrap_or(0.0);
    (1.15 * deepest).clamp(LEAST_DEPTH_UM, MOST_DEPTH_UM).min(bottom)
}

/// Depth of the border between papillary and reticular dermis, µm.
fn papillary_um(patch: &PatchOutcome) -> f64 {
    patch.layers.epidermis_um() + patch.layers.papillary_dermis_um
}

/// A day to a tenth, as moments between days are shown.
fn tenth(day: f64) -> f64 {
    (10.0 * day).round() / 10.0
}

/// Whether all views hold a plane of this block, and it is wide enough to be a picture.
fn whole(patch: &PatchOutcome, views: &[PatchView]) -> bool {
    let voxels = patch.grid.n * patch.grid.layers();
    patch.grid.side_um() >= LEAST_SIDE_UM
        && patch.first_dermal_layer < patch.grid.layers()
        && views.iter().all(|v| v.front.rows * v.front.columns == voxels)
}

/// A colour as SVG writes it.
fn hex(colour: [f32; 3]) -> String {
    let [r, g, b] = colour.map(|c| c.round().clamp(0.0, 255.0) as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// What the colours of the stain are.
fn stain_legend(page: &mut Page, x: f64, y: f64) {
    page.legend(
        x,
        y,
        &[
            (Swatch::Fill(hex(colours::KERATIN)), "horny layer"),
            (Swatch::Fill(hex(colours::EPIDERMIS[1])), "epidermis"),
            (Swatch::Fill(hex(colours::MATURE[1])), "mature collagen"),
            (Swatch::Fill(hex(colours::NEW[0])), "new collagen"),
            (Swatch::Fill(hex(colours::CLOT)), "clot"),
            (Swatch::Fill(hex(colours::NUCLEUS)), "fibroblasts"),
            (Swatch::Fill(hex(colours::AIR)), "open channel"),
        ],
    );
}

/// How colour tells of the fields, for captions.
fn stain_key() -> String {
    use crate::format::plain;
    format!(
        "Fibres cover {} % of the dermis where collagen is that of untreated skin, and in proportion more or less where it is not, up to all of it; \
         the share of the fibres drawn in blue-green is the share of the collagen there that is new (I and III without mature cross-links)",
        plain(100.0 * f64::from(section::COVER)),
    )
}

/// What full red is, for captions; nothing where there never was a clot.
fn clot_key(most_clot: f32) -> String {
    if most_clot <= 0.0 {
        return String::new();
    }
    format!(
        " Red is clot and lysed tissue, full at a share of {} %, the most at any visit (smaller shares lifted by a power of 0.7).",
        crate::format::plain(100.0 * f64::from(most_clot))
    )
}

#[cfg(test)]
mod tests {
    use crate::fixture;

    #[test]
    fn no_patch_no_picture_of_it() {
        let o = fixture::outcome();
        for draw in [super::biopsy, super::block, super::en_face, super::animation, super::comparison] {
            assert!(draw(&o, "0.1.0").unwrap().is_none());
        }
        assert!(fixture::drawn().iter().all(|f| !f.animated));
    }

    #[test]
    fn a_patch_has_all_its_pictures() {
        let ids: Vec<&str> = fixture::drawn_with_patch().iter().map(|f| f.id).collect();
        for id in ["virtual-biopsy", "patch-block", "patch-en-face", "healing-animation", "reduced-and-patch"] {
            assert_eq!(ids.iter().filter(|i| **i == id).count(), 1, "{id}");
        }
    }

    #[test]
    fn the_same_patch_gives_the_same_bytes() {
        let o = fixture::with_patch();
        for draw in [super::biopsy, super::block, super::en_face, super::comparison] {
            let figure = draw(o, "0.1.0").unwrap().unwrap();
            assert!(fixture::drawn_with_patch().contains(&figure), "{}", figure.id);
        }
        let mut few = o.clone();
        few.patch.as_mut().unwrap().frames.truncate(2);
        let moving = || super::animation(&few, "0.1.0").unwrap().unwrap();
        assert!(moving() == moving());
    }

    #[test]
    fn untreated_skin_has_calm_pictures() {
        let mut o = fixture::with_patch().clone();
        o.course.sessions.clear();
        let patch = o.patch.as_mut().unwrap();
        patch.punctures.clear();
        patch.frames.truncate(2);
        let (rest, first) = (patch.visits[0].clone(), patch.first_dermal_layer);
        for view in patch.visits.iter_mut().chain(&mut patch.frames) {
            // The deepest corner was never reached: it is at rest.
            for plane in [&mut view.front, &mut view.side].into_iter().chain(view.en_face.iter_mut().map(|(_, p)| p)) {
                for (k, values) in plane.values.iter_mut().enumerate() {
                    let still = *rest.front.values[k].last().unwrap();
                    values.iter_mut().filter(|v| v.is_finite()).for_each(|v| *v = still);
                }
            }
            (view.since_session, view.epidermal_wound) = (None, 0.0);
        }
        assert!(first > 0);
        for draw in [super::biopsy, super::block, super::en_face, super::animation] {
            let figure = draw(&o, "0.1.0").unwrap().unwrap();
            assert!(!figure.caption.contains("clot is") && !figure.caption.contains("NaN"), "{}", figure.caption);
        }
        let biopsy = super::biopsy(&o, "0.1.0").unwrap().unwrap();
        assert_eq!(biopsy.svg.matches("untreated").count(), 2, "first and last visit");
        assert!(biopsy.svg.contains("collagen in this section 0.0 %"));
    }

    #[test]
    fn a_narrow_block_has_no_endless_pictures() {
        let mut o = fixture::with_patch().clone();
        let patch = o.patch.as_mut().unwrap();
        patch.frames.truncate(3);
        patch.visits.truncate(2);
        patch.grid.spacing_um = 2.5;
        for draw in [super::biopsy, super::block, super::animation] {
            let figure = draw(&o, "0.1.0").unwrap().unwrap();
            let height: f64 = figure.svg.split("viewBox=\"0 0 860 ").nth(1).and_then(|s| s.split('"').next()?.parse().ok()).unwrap();
            assert!(height < 1200.0, "{}: {height}", figure.id);
        }
        o.patch.as_mut().unwrap().grid.spacing_um = 1.0;
        assert!(super::biopsy(&o, "0.1.0").unwrap().is_none() && super::animation(&o, "0.1.0").unwrap().is_none());
        assert!(super::super::virtual_biopsy(&o, "0.1.0").unwrap().is_some(), "the drawing stands in");
    }
}
