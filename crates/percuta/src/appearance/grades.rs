//! Grades and scores of scars, as far as the tissue decides them. What raters add to them is in [`crate::evidence`].
//!
//! All are continuous: a grade here is the mean of many raters, not a whole number. Items of a scale that no read-out speaks of
//! (redness and pigment of a scar) keep their value at baseline.

use statrs::distribution::{ContinuousCDF, Normal};

use super::scars::Remodelled;
use crate::population::{Draw, ParameterError};

/// Scales for scars of one member.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScarGrades {
    score: f64,
    grade: f64,
    ecca_extents: [f64; 3],
    ecca_weights: [f64; 3],
    vascularity: f64,
    pigmentation: f64,
    pliability: f64,
    height_1_um: f64,
    height_2_um: f64,
    surface: f64,
    highest: Items,
    item: (f64, f64),
}

/// Items of the Vancouver scale.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Items {
    vascularity: f64,
    pigmentation: f64,
    pliability: f64,
    height: f64,
}

/// What is seen of scars of one class that differ in depth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visible {
    /// Step of the surface below which a scar is not seen, µm.
    pub step_um: f64,
    /// Geometric standard deviation of their depths about the median.
    pub spread: f64,
}

impl Visible {
    /// Scars that are still seen, relative to those seen before, where the median was `depth_um` deep.
    #[must_use]
    pub fn share_left(&self, depth_um: f64, after: &Remodelled) -> f64 {
        // Those whose remaining depth `kept d - lift` exceeds the step.
        let seen = |depth: f64| Normal::standard().sf((depth / depth_um).ln() / self.spread.ln().max(f64::EPSILON));
        let border = ((self.step_um + after.lift_um) / after.kept.max(f64::MIN_POSITIVE)).max(f64::MIN_POSITIVE);
        seen(border) / seen(self.step_um).max(f64::MIN_POSITIVE)
    }
}

impl ScarGrades {
    /// Reads the cards `grades.*` and the score before treatment.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn from_draw(draw: &Draw) -> Result<Self, ParameterError> {
        let grades = draw.group("grades");
        let (points, pure) = ("points", "1");
        Ok(Self {
            score: draw.get("scars.goodman_baron_baseline", points)?,
            grade: grades.get("goodman_baron_grade_baseline", "grade")?,
            ecca_extents: [
                grades.get("ecca_extent_icepick", pure)?,
                grades.get("ecca_extent_boxcar", pure)?,
                grades.get("ecca_extent_rolling", pure)?,
            ],
            ecca_weights: [
                grades.get("ecca_weight_icepick", points)?,
                grades.get("ecca_weight_boxcar", points)?,
                grades.get("ecca_weight_rolling", points)?,
            ],
            vascularity: grades.get("vss_vascularity", points)?,
            pigmentation: grades.get("vss_pigmentation", points)?,
            pliability: grades.get("vss_pliability", points)?,
            height_1_um: grades.get("vss_height_1", "um")?,
            height_2_um: grades.get("vss_height_2", "um")?,
            surface: grades.get("posas_surface", points)?,
            highest: Items {
                vascularity: grades.get("vss_highest_vascularity", points)?,
                pigmentation: grades.get("vss_highest_pigmentation", points)?,
                pliability: grades.get("vss_highest_pliability", points)?,
                height: grades.get("vss_highest_height", points)?,
            },
            item: (grades.get("posas_item_lowest", points)?, grades.get("posas_item_highest", points)?),
        })
    }

    /// Goodman-Baron quantitative score where so much of the depth of all scars remains.
    #[must_use]
    pub fn goodman_baron_score(&self, remaining: f64) -> f64 {
        self.score * remaining
    }

    /// Goodman-Baron qualitative grade: 1 is a mark without relief.
    #[must_use]
    pub fn goodman_baron_grade(&self, remaining: f64) -> f64 {
        1.0 + (self.grade - 1.0) * remaining
    }

    /// ECCA score of ice-pick, boxcar and rolling scars of which these shares are still seen: it counts scars and does not measure them.
    #[must_use]
    pub fn ecca(&self, seen: [f64; 3]) -> f64 {
        (0..3).map(|i| self.ecca_weights[i] * self.ecca_extents[i] * seen[i]).sum()
    }

    /// Vancouver Scar Scale of a scar of that height whose collagen lies so far above normal order, relative to an untreated scar.
    #[must_use]
    pub fn vss(&self, height_um: f64, stiff: f64) -> f64 {
        let items = self.items(height_um, stiff);
        items.vascularity + items.pigmentation + items.pliability + items.height
    }

    /// Observer part of the POSAS: the items of the Vancouver scale on its scale from 1 to 10, relief as thickness, and the surface area
    /// by that at baseline.
    #[must_use]
    pub fn posas_observer(&self, height_um: f64, stiff: f64, area: f64) -> f64 {
        let (items, most, (low, high)) = (self.items(height_um, stiff), self.highest, self.item);
        let item = |value: f64, highest: f64| low + (high - low) * value / highest;
        item(items.vascularity, most.vascularity)
            + item(items.pigmentation, most.pigmentation)
            + 2.0 * item(items.height, most.height)
            + item(items.pliability, most.pliability)
            + (low + (self.surface - low) * area)
    }

    fn items(&self, height_um: f64, stiff: f64) -> Items {
        // A band's upper border is its item; beyond the last border one more band of the same width.
        let height = if height_um <= self.height_1_um {
            height_um / self.height_1_um
        } else {
            1.0 + (height_um - self.height_1_um) / (self.height_2_um - self.height_1_um)
        };
        Items {
            vascularity: self.vascularity,
            pigmentation: self.pigmentation,
            pliability: (self.pliability * stiff).min(self.highest.pliability),
            height: height.min(self.highest.height),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::ParameterSet;

    fn grades() -> ScarGrades {
        ScarGrades::from_draw(&Draw::central(&ParameterSet::embedded().unwrap())).unwrap()
    }

    #[test]
    fn scales_end_where_they_are_defined_to() {
        let g = ScarGrades { vascularity: 3.0, pigmentation: 2.0, pliability: 5.0, surface: 10.0, ..grades() };
        assert!((g.vss(1e6, 1.0) - 13.0).abs() < 1e-12 && (g.posas_observer(1e6, 1.0, 1.0) - 60.0).abs() < 1e-12);
        let normal = ScarGrades { vascularity: 0.0, pigmentation: 0.0, ..g };
        assert!(normal.vss(0.0, 0.0).abs() < 1e-12 && (normal.posas_observer(0.0, 0.0, 0.0) - 6.0).abs() < 1e-12);
        assert!((g.goodman_baron_grade(0.0) - 1.0).abs() < 1e-12 && g.goodman_baron_score(0.0) == 0.0 && g.ecca([0.0; 3]) == 0.0);
        // Three of each class that the scale grades here: 3 x (15 + 20 + 25) of its 540 points.
        let full = ScarGrades { ecca_extents: [3.0; 3], ..g };
        assert!((full.ecca([1.0; 3]) - 180.0).abs() < 1e-12);
    }

    #[test]
    fn heights_of_the_vancouver_scale() {
        let item = |um: f64| grades().items(um, 1.0).height;
        for (um, expected) in [(0.0, 0.0), (2000.0, 1.0), (5000.0, 2.0), (8000.0, 3.0), (20_000.0, 3.0)] {
            assert!((item(um) - expected).abs() < 1e-12, "{um}");
        }
        assert!(item(1999.0) < item(2001.0));
    }

    #[test]
    fn shallow_scars_drop_out_of_sight_and_deep_ones_do_not() {
        let visible = Visible { step_um: 50.0, spread: 1.4 };
        let filled = Remodelled { kept: 0.95, lift_um: 60.0, laid: 0.1 };
        assert_eq!(visible.share_left(300.0, &Remodelled::NONE), 1.0);
        let left = |depth| visible.share_left(depth, &filled);
        assert!(left(60.0) < 0.2 && left(150.0) < left(350.0) && left(600.0) > 0.99, "{} {} {}", left(60.0), left(150.0), left(600.0));
        // A count says less than the depth does.
        assert!(left(350.0) > filled.relief_after(-350.0) / -350.0);
    }
}
