//! Grades of a course: what the tissue deserves, what expectation adds, and what is rated.

use rand::RngExt as _;

use super::schedule::index_of;
use super::{Course, GradeOutcome, GradeVisit, ReadoutSeries, RunError};
use crate::evidence::{GRADES, Rated, Rater};
use crate::population::{Distribution, Draw, Purpose, interval, stream};

/// Every grade at each visit after day 0.
///
/// # Errors
/// If a card of the group `rater` is missing or in another unit.
pub(super) fn grades(
    course: &Course,
    seed: u64,
    draws: &[Draw],
    days: &[f64],
    readouts: &[ReadoutSeries],
) -> Result<Vec<GradeOutcome>, RunError> {
    let normal = Distribution::Normal { sd: 1.0, low: None, high: None };
    let mut all = Vec::new();
    for (g, grade) in GRADES.iter().enumerate() {
        let Some(series) = readouts.iter().find(|r| r.readout.key == grade.readout) else { continue };
        let raters = draws.iter().map(|draw| Rater::of(grade, draw)).collect::<Result<Vec<_>, _>>()?;
        let visit = |(n, &day): (usize, &f64)| {
            let at = index_of(days, day).filter(|_| day > 0.0)?;
            let rated = |(m, rater): (usize, &Rater)| -> Rated {
                // Each grade of a visit has its own number in the stream, whatever other grades there are.
                let mut rng = stream(seed, m as u32, n as u32, Purpose::Rating);
                let uniform = (0..=g).map(|_| rng.random::<f64>()).last().unwrap_or(0.5);
                let values = &series.members[m];
                rater.change(values[0], values[at], normal.quantile(0.0, uniform))
            };
            let rated: Vec<Rated> = raters.iter().enumerate().map(rated).collect();
            let of = |f: fn(&Rated) -> f64| interval(&rated.iter().map(f).collect::<Vec<_>>());
            Some(GradeVisit { day, tissue: of(|r| r.tissue), expectation: of(|r| r.expectation), rated: of(|r| r.rated) })
        };
        all.push(GradeOutcome {
            readout: series.readout,
            baseline: interval(&series.members.iter().map(|v| v[0]).collect::<Vec<_>>()),
            visits: course.visits.iter().enumerate().filter_map(visit).collect(),
        });
    }
    Ok(all)
}
