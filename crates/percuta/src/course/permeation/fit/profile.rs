//! Intervals by profile likelihood.

use rayon::prelude::*;

use super::problem::Problem;
use super::search::{Found, descend, dot, jacobian};

/// How often profiles start over from a better fit that one of them came upon.
pub(super) const RESTARTS: usize = 3;
/// Longest and shortest step outwards, in the logarithm.
const LONGEST: f64 = 2.0;
const SHORTEST: f64 = 1e-3;
/// Halvings at the end.
const REFINEMENTS: usize = 8;

/// One end of an interval.
#[derive(Debug, Clone)]
pub(super) struct Side {
    /// Logarithm of the end.
    pub at: f64,
    /// Whether the parameter's limit came before the fit got worse than chance.
    pub bounded: bool,
    /// A better fit, if the profile came upon one.
    pub better: Option<Found>,
}

/// Both ends for each parameter.
pub(super) fn all(problem: &Problem, best: &Found, rise: f64) -> Vec<[Side; 2]> {
    let count = problem.chosen.len();
    let columns = jacobian(problem, &best.at, &(0..count).collect::<Vec<_>>()).unwrap_or_default();
    let ends: Vec<Side> = (0..2 * count)
        .into_par_iter()
        .map(|i| {
            let (k, up) = (i / 2, i % 2 == 1);
            // Alone the parameter would go as far as this; with the others following it goes further.
            let alone = columns.get(k).map_or(0.1, |c| (rise / dot(c, c).max(1e-12)).sqrt());
            side(problem, best, k, up, rise, alone.clamp(SHORTEST, 1.0))
        })
        .collect();
    ends.chunks(2).map(|pair| [pair[0].clone(), pair[1].clone()]).collect()
}

/// The best fit that any profile came upon.
pub(super) fn better(problem: &Problem, sides: &[[Side; 2]]) -> Option<Found> {
    let found = sides.iter().flatten().filter_map(|s| s.better.as_ref()).min_by(|a, b| a.squares.total_cmp(&b.squares))?;
    Some(descend(problem, found.clone(), &(0..problem.chosen.len()).collect::<Vec<_>>()))
}

fn side(problem: &Problem, best: &Found, k: usize, up: bool, rise: f64, first: f64) -> Side {
    let (sign, limit) = if up { (1.0, problem.high[k]) } else { (-1.0, problem.low[k]) };
    let others: Vec<usize> = (0..problem.chosen.len()).filter(|j| *j != k).collect();
    // The others follow from where they were.
    let held = |from: &Found, at: f64| -> Option<Found> {
        let mut to = from.at.clone();
        to[k] = at;
        let found = Found::new(problem, to).ok()?;
        Some(if others.is_empty() { found } else { descend(problem, found, &others) })
    };
    let start = best.at[k];
    let (mut inside, mut step) = (best.clone(), first);
    if (limit - start) * sign <= 0.0 {
        return Side { at: limit, bounded: true, better: None };
    }
    // (place, rise of the sum of squares) outside.
    let mut outside = loop {
        let at = if sign * (limit - inside.at[k]) <= step { limit } else { inside.at[k] + sign * step };
        let Some(found) = held(&inside, at) else { break (at, f64::INFINITY) };
        let risen = found.squares - best.squares;
        if risen < -0.01 * rise {
            return Side { at, bounded: false, better: Some(found) };
        }
        if risen >= rise {
            break (at, risen);
        }
        if at == limit {
            return Side { at: limit, bounded: true, better: None };
        }
        // As far as a parabola says, within reason.
        let gone = (at - start).abs();
        let wanted = gone * (rise / risen.max(1e-3 * rise)).sqrt() - gone;
        step = (1.1 * wanted).clamp(0.5 * step, 3.0 * step).clamp(SHORTEST, LONGEST);
        inside = found;
    };
    for _ in 0..REFINEMENTS {
        let near = (inside.squares - best.squares).max(0.0);
        let width = outside.0 - inside.at[k];
        if width.abs() < 0.005 || width.abs() < 0.01 * (outside.0 - start).abs() {
            break;
        }
        // Between the two the root of the rise goes about straight.
        let (a, b) = (near.sqrt(), outside.1.sqrt());
        let share = if b.is_finite() { ((rise.sqrt() - a) / (b - a)).clamp(0.1, 0.9) } else { 0.5 };
        let at = inside.at[k] + share * width;
        match held(&inside, at) {
            Some(found) if found.squares - best.squares < -0.01 * rise => return Side { at, bounded: false, better: Some(found) },
            Some(found) if found.squares - best.squares < rise => {
                let close = found.squares - best.squares > 0.97 * rise;
                inside = found;
                if close {
                    return Side { at, bounded: false, better: None };
                }
            }
            found => {
                let risen = found.map_or(f64::INFINITY, |f| f.squares - best.squares);
                outside = (at, risen);
                if risen < 1.03 * rise {
                    return Side { at, bounded: false, better: None };
                }
            }
        }
    }
    // On the line between the two.
    let (a, b) = ((inside.squares - best.squares).max(0.0).sqrt(), outside.1.sqrt());
    let share = if b.is_finite() && b > a { ((rise.sqrt() - a) / (b - a)).clamp(0.0, 1.0) } else { 1.0 };
    Side { at: inside.at[k] + share * (outside.0 - inside.at[k]), bounded: false, better: None }
}
