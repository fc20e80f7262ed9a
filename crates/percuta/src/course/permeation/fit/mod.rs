//! Parameters from measured permeation curves: chosen cards are fitted to points, all others stay at their central values.
//!
//! Weighted least squares of cumulative amounts, on a logarithmic scale of the parameters. Intervals are profile likelihoods: one
//! parameter is held away from its best value and the others follow, until the fit is worse than chance allows. Where that never
//! happens the points do not determine the parameter, and the outcome says so.

mod describe;
mod error;
mod errors_of_points;
mod identify;
mod names;
mod outcome;
mod problem;
mod profile;
mod search;
mod words;

pub use describe::describe;
pub use error::FitError;
pub use errors_of_points::ErrorModel;
pub use outcome::{Estimate, FitOutcome, FittedCurve};

use std::sync::atomic::Ordering;

use self::errors_of_points::Tolerance;
use self::problem::Problem;
use super::{DataSeries, PermeationStudy};

/// Names that stand for the card a study reads.
pub const ALIASES: [&str; 4] = ["intact-permeability", "tissue-diffusion", "open-channels", "closure"];

/// What is estimated and how.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FitSettings {
    /// Names of parameters, such as `channels.patency`, or of [`ALIASES`].
    pub estimate: Vec<String>,
    /// Whether the cards' own distributions count as prior knowledge. Without, the points speak alone.
    pub prior: bool,
}

/// Fits the parameters `settings.estimate` of `study` to `data`. The same seed gives the same result to the last digit.
///
/// # Errors
/// See [`FitError`].
pub fn fit(study: &PermeationStudy, data: &[DataSeries], settings: &FitSettings, seed: u64) -> Result<FitOutcome, FitError> {
    let chosen = names::resolve(study, &settings.estimate)?;
    let problem = Problem::new(study, data, &chosen, settings.prior, seed)?;
    problem.check_effects()?;
    let ends = search::from_starts(&problem, seed)?;
    let tolerance = |best: &search::Found| Tolerance::new(&problem, best);
    let mut best = search::nearest_of_the_best(&problem, &ends, |best| tolerance(best).rise)?;
    let mut sides = profile::all(&problem, &best, tolerance(&best).rise);
    // A profile that comes upon a better fit starts over from there.
    for _ in 0..profile::RESTARTS {
        let Some(better) = profile::better(&problem, &sides) else { break };
        best = better;
        sides = profile::all(&problem, &best, tolerance(&best).rise);
    }
    let identified = identify::identify(&problem, &best)?;
    let mut outcome = outcome::collate(&problem, data, &best, &sides, &tolerance(&best), identified)?;
    words::add(&problem, &best, &ends, &mut outcome);
    outcome.evaluations = problem.evaluations.load(Ordering::Relaxed);
    Ok(outcome)
}
