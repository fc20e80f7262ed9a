//! People who grade: what they add to what the tissue deserves.
//!
//! A grade that is given is the grade that the skin deserves, less what expectation lets fall away at follow-up, plus the rater's error.
//! The parts are kept apart, so that an agreement of grades which is one of expectation can be seen to be so.

use crate::population::{Draw, ParameterError};

/// A read-out that a person grades.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grade {
    /// Key of the read-out.
    pub readout: &'static str,
    /// Unit of the read-out and of its error.
    pub unit: &'static str,
    /// Lowest value of the scale: of normal skin.
    pub lowest: f64,
}

/// Every graded read-out. All others are read by instruments.
pub const GRADES: [Grade; 6] = [
    Grade { readout: "lemperle_grade", unit: "grade", lowest: 0.0 },
    Grade { readout: "goodman_baron_score", unit: "points", lowest: 0.0 },
    Grade { readout: "goodman_baron_grade", unit: "grade", lowest: 1.0 },
    Grade { readout: "ecca_score", unit: "points", lowest: 0.0 },
    Grade { readout: "vss_score", unit: "points", lowest: 0.0 },
    Grade { readout: "posas_observer_score", unit: "points", lowest: 6.0 },
];

/// The grade of that read-out, if it is one.
#[must_use]
pub fn grade(readout: &str) -> Option<&'static Grade> {
    GRADES.iter().find(|g| g.readout == readout)
}

/// One member's rater of one grade.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rater {
    expectation: f64,
    error: f64,
    lowest: f64,
}

/// Change of a grade from before treatment to a follow-up, in its parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rated {
    /// What the tissue has changed.
    pub tissue: f64,
    /// What expectation and regression to the mean add: in treated and untreated skin alike.
    pub expectation: f64,
    /// The change that is reported: both, and the rater's error.
    pub rated: f64,
}

impl Rater {
    /// Reads `rater.expectation` and `rater.<read-out>_error`.
    ///
    /// # Errors
    /// If a card is missing or in another unit.
    pub fn of(grade: &Grade, draw: &Draw) -> Result<Self, ParameterError> {
        let rater = draw.group("rater");
        Ok(Self {
            expectation: rater.get("expectation", "1")?,
            error: rater.get(&format!("{}_error", grade.readout), grade.unit)?,
            lowest: grade.lowest,
        })
    }

    /// The grade given at a follow-up to skin that deserves `value`, with a standard normal for the rater's error.
    #[must_use]
    pub fn given(&self, value: f64, normal: f64) -> f64 {
        value + self.expected(value) + self.error * normal
    }

    /// The grade given before treatment, when nobody expects anything of it yet.
    #[must_use]
    pub fn given_at_start(&self, value: f64, normal: f64) -> f64 {
        value + self.error * normal
    }

    /// Change from skin that deserved `baseline` to skin that deserves `value`.
    #[must_use]
    pub fn change(&self, baseline: f64, value: f64, normal: f64) -> Rated {
        Rated { tissue: value - baseline, expectation: self.expected(value), rated: self.given(value, normal) - baseline }
    }

    fn expected(&self, value: f64) -> f64 {
        -self.expectation * (value - self.lowest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::READOUTS;
    use crate::population::ParameterSet;

    #[test]
    fn every_grade_is_a_read_out_with_an_error_of_its_own() {
        let draw = Draw::central(&ParameterSet::embedded().unwrap());
        for g in &GRADES {
            let readout = READOUTS.iter().find(|r| r.key == g.readout).unwrap();
            assert_eq!(readout.unit, g.unit);
            assert!(Rater::of(g, &draw).unwrap().error > 0.0);
        }
        assert!(grade("collagen_mass").is_none() && grade("vss_score").is_some());
    }

    #[test]
    fn what_is_rated_is_tissue_expectation_and_error() {
        let rater = Rater { expectation: 0.1, error: 2.0, lowest: 6.0 };
        let change = rater.change(26.0, 21.0, 0.5);
        assert!((change.tissue + 5.0).abs() < 1e-12 && (change.expectation + 1.5).abs() < 1e-12);
        assert!((change.rated - (change.tissue + change.expectation + 1.0)).abs() < 1e-12);
        // Normal skin leaves nothing to hope for; unchanged skin improves by hope alone.
        assert!(rater.change(6.0, 6.0, 0.0).rated.abs() < 1e-12);
        let untreated = rater.change(26.0, 26.0, 0.0);
        assert!(untreated.tissue == 0.0 && untreated.rated == untreated.expectation && untreated.rated < 0.0);
        assert!((rater.given_at_start(26.0, 0.5) - 27.0).abs() < 1e-12);
    }
}
