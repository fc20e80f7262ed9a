//! Levenberg and Marquardt's search from several starts.

use rand::RngExt as _;
use rayon::prelude::*;

use super::FitError;
use super::problem::Problem;
use crate::population::{Purpose, stream};

/// Step of the central differences, in the logarithm: the march takes other steps for other parameters, which makes curves rough by
/// some 1e-5.
const DIFFERENCE: f64 = 1e-2;
/// Steps of one search.
const MOST_STEPS: usize = 60;
/// Longest step, in the logarithm.
const LONGEST: f64 = 1.0;
/// A step that gains less, as a share of the sum of squares, is the last.
const GAIN: f64 = 1e-7;
/// Random places looked at, by parameter; how far from the card, in the logarithm; and searches from the best of them.
const PLACES: usize = 20;
const FAR: f64 = 4.0;
const STARTS: usize = 7;
/// Share of the rise at the ends of an interval by which one end of a search may be worse than another and still as good.
const AS_GOOD: f64 = 1e-3;

/// A place in the space of logarithms.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub at: Vec<f64>,
    pub residuals: Vec<f64>,
    pub squares: f64,
}

impl Found {
    pub fn new(problem: &Problem, at: Vec<f64>) -> Result<Self, FitError> {
        let residuals = problem.residuals(&at)?;
        let squares = residuals.iter().map(|r| r * r).sum();
        Ok(Self { at, residuals, squares })
    }
}

/// Where searches from several places ended, best first.
pub(super) fn from_starts(problem: &Problem, seed: u64) -> Result<Vec<Found>, FitError> {
    let count = problem.chosen.len();
    let mut rng = stream(seed, 0, 0, Purpose::Fit);
    let places: Vec<Vec<f64>> = (0..PLACES * count)
        .map(|_| {
            let random = |k: usize, share: f64| (problem.start[k] + FAR * (2.0 * share - 1.0)).clamp(problem.low[k], problem.high[k]);
            (0..count).map(|k| random(k, rng.random::<f64>())).collect()
        })
        .collect();
    // Places where the model does not run are not worth a search.
    let mut seen: Vec<Found> = places.into_par_iter().filter_map(|at| Found::new(problem, at).ok()).collect();
    seen.sort_by(|a, b| a.squares.total_cmp(&b.squares));
    seen.truncate(STARTS);
    let all: Vec<usize> = (0..count).collect();
    let centre = Found::new(problem, problem.start.clone())?;
    seen.push(centre);
    let mut ends: Vec<Found> = seen.into_par_iter().map(|from| descend(problem, from, &all)).collect();
    ends.sort_by(|a, b| a.squares.total_cmp(&b.squares));
    Ok(ends)
}

/// Of the ends that are as good as the best, the one nearest to the cards: where points do not see a direction, nothing else speaks.
pub(super) fn nearest_of_the_best(problem: &Problem, ends: &[Found], rise: impl Fn(&Found) -> f64) -> Result<Found, FitError> {
    let away = |end: &Found| end.at.iter().zip(&problem.start).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
    let best = ends.first().ok_or_else(|| FitError::Model { reason: "no search came to an end".into() })?;
    let good = best.squares + AS_GOOD * rise(best);
    let nearest = ends.iter().filter(|end| end.squares <= good).min_by(|a, b| away(a).total_cmp(&away(b)));
    Ok(nearest.unwrap_or(best).clone())
}

/// Downhill from a place, over the parameters `free`.
pub(super) fn descend(problem: &Problem, from: Found, free: &[usize]) -> Found {
    let mut here = from;
    // Strong at first: where the points hardly see a direction, bold steps along it lead away.
    let mut damping = 0.1;
    for _ in 0..MOST_STEPS {
        let Ok(columns) = jacobian(problem, &here.at, free) else { break };
        let gradient: Vec<f64> = columns.iter().map(|c| dot(c, &here.residuals)).collect();
        // A parameter at its limit that wants to go beyond stays.
        let moves: Vec<usize> = (0..free.len())
            .filter(|&i| {
                let (k, g) = (free[i], gradient[i]);
                !(here.at[k] <= problem.low[k] && g > 0.0 || here.at[k] >= problem.high[k] && g < 0.0)
            })
            .collect();
        let Some((next, step)) = downhill(problem, &here, free, &columns, &gradient, &moves, &mut damping) else { break };
        let gain = here.squares - next.squares;
        here = next;
        if gain <= GAIN * here.squares + 1e-12 || step < 1e-5 {
            break;
        }
    }
    here
}

/// One step that gains, and its length; none if there is none.
fn downhill(
    problem: &Problem,
    here: &Found,
    free: &[usize],
    columns: &[Vec<f64>],
    gradient: &[f64],
    moves: &[usize],
    damping: &mut f64,
) -> Option<(Found, f64)> {
    if moves.is_empty() {
        return None;
    }
    for _ in 0..12 {
        let matrix: Vec<Vec<f64>> = moves
            .iter()
            .map(|&i| {
                moves
                    .iter()
                    .map(|&j| dot(&columns[i], &columns[j]) * if i == j { 1.0 + *damping } else { 1.0 } + if i == j { 1e-14 } else { 0.0 })
                    .collect()
            })
            .collect();
        let right: Vec<f64> = moves.iter().map(|&i| -gradient[i]).collect();
        let step = solve(matrix, right)?;
        let longest = step.iter().fold(0.0f64, |a, s| a.max(s.abs()));
        let shorter = if longest > LONGEST { LONGEST / longest } else { 1.0 };
        let mut at = here.at.clone();
        for (&i, s) in moves.iter().zip(&step) {
            let k = free[i];
            at[k] = (at[k] + shorter * s).clamp(problem.low[k], problem.high[k]);
        }
        let length = at.iter().zip(&here.at).fold(0.0f64, |a, (x, y)| a.max((x - y).abs()));
        if length < 1e-9 {
            return None;
        }
        match Found::new(problem, at) {
            Ok(next) if next.squares < here.squares => {
                *damping = (*damping * 0.3).max(1e-9);
                return Some((next, length));
            }
            // Worse, or the model does not run there: shorter and steeper.
            _ => *damping *= 5.0,
        }
    }
    None
}

/// Derivatives of the residuals, one column for each of `free`.
pub(super) fn jacobian(problem: &Problem, at: &[f64], free: &[usize]) -> Result<Vec<Vec<f64>>, FitError> {
    free.par_iter()
        .map(|&k| {
            let moved = |way: f64| {
                let mut to = at.to_vec();
                to[k] = (to[k] + way).clamp(problem.low[k], problem.high[k]);
                Ok((to[k], problem.residuals(&to)?))
            };
            let ((below, r), (above, s)) = (moved(-DIFFERENCE)?, moved(DIFFERENCE)?);
            Ok(s.iter().zip(&r).map(|(s, r)| (s - r) / (above - below)).collect())
        })
        .collect()
}

pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Gauss's elimination with pivots; none if the matrix is singular.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for c in 0..n {
        let pivot = (c..n).max_by(|&a, &b| matrix[a][c].abs().total_cmp(&matrix[b][c].abs()))?;
        if matrix[pivot][c] == 0.0 || !matrix[pivot][c].is_finite() {
            return None;
        }
        matrix.swap(c, pivot);
        right.swap(c, pivot);
        for r in c + 1..n {
            let factor = matrix[r][c] / matrix[c][c];
            let above = matrix[c].clone();
            for (x, a) in matrix[r].iter_mut().zip(&above).skip(c) {
                *x -= factor * a;
            }
            right[r] -= factor * right[c];
        }
    }
    for c in (0..n).rev() {
        let sum: f64 = (c + 1..n).map(|j| matrix[c][j] * right[j]).sum();
        right[c] = (right[c] - sum) / matrix[c][c];
    }
    Some(right)
}
