//! Which parameters move the curve in the same way.

use super::FitError;
use super::problem::Problem;
use super::search::{Found, dot, jacobian};

/// Share of the largest singular value below which a direction counts as none.
const NOTHING: f64 = 1e-7;
/// A direction whose singular value is below this share, with columns of length 1, is hardly seen by the points (a collinearity
/// index of 10; Brun, Reichert & Künsch 2001 call 5 to 20 critical).
const HARDLY: f64 = 0.1;
/// Least part of a parameter in a direction that involves it.
const PART: f64 = 0.3;

/// How the points see the parameters at the best fit.
#[derive(Debug, Clone)]
pub(super) struct Identified {
    /// Correlations of the estimates.
    pub correlations: Vec<Vec<f64>>,
    /// How strongly each moves the points: length of its column, in errors of the points by natural logarithm.
    pub strength: Vec<f64>,
    /// Groups of three or more parameters that only move the curve together.
    pub groups: Vec<Vec<usize>>,
}

pub(super) fn identify(problem: &Problem, best: &Found) -> Result<Identified, FitError> {
    let count = problem.chosen.len();
    let columns = jacobian(problem, &best.at, &(0..count).collect::<Vec<_>>())?;
    let strength: Vec<f64> = columns.iter().map(|c| dot(c, c).sqrt()).collect();
    let cosine = |i: usize, j: usize| {
        if i == j { 1.0 } else { dot(&columns[i], &columns[j]) / (strength[i] * strength[j]).max(f64::MIN_POSITIVE) }
    };
    let matrix: Vec<Vec<f64>> = (0..count).map(|i| (0..count).map(|j| cosine(i, j)).collect()).collect();
    let (values, vectors) = eigen(matrix);
    let largest = values.iter().copied().fold(0.0, f64::max);
    // Covariance: the inverse, with what the points do not see left very uncertain instead of infinitely so.
    let inverse = |i: usize, j: usize| -> f64 {
        values.iter().zip(&vectors).map(|(value, v)| v[i] * v[j] / value.max(NOTHING * NOTHING * largest)).sum()
    };
    let correlation = |i: usize, j: usize| {
        if i == j { 1.0 } else { (inverse(i, j) / (inverse(i, i) * inverse(j, j)).sqrt()).clamp(-1.0, 1.0) }
    };
    let groups = values
        .iter()
        .zip(&vectors)
        .filter(|(value, _)| value.max(0.0).sqrt() < HARDLY)
        .map(|(_, v)| (0..count).filter(|&k| v[k].abs() > PART).collect::<Vec<_>>())
        .filter(|group| group.len() > 2)
        .collect();
    Ok(Identified { correlations: (0..count).map(|i| (0..count).map(|j| correlation(i, j)).collect()).collect(), strength, groups })
}

/// Eigenvalues and vectors of a small symmetric matrix by Jacobi's rotations.
fn eigen(mut a: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = a.len();
    // Rows are vectors.
    let mut v: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..60 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        if off < 1e-30 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q] == 0.0 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in &mut a {
                    let (x, y) = (row[p], row[q]);
                    (row[p], row[q]) = (c * x - s * y, s * x + c * y);
                }
                for k in 0..n {
                    let (x, y) = (a[p][k], a[q][k]);
                    (a[p][k], a[q][k]) = (c * x - s * y, s * x + c * y);
                    let (x, y) = (v[p][k], v[q][k]);
                    (v[p][k], v[q][k]) = (c * x - s * y, s * x + c * y);
                }
            }
        }
    }
    ((0..n).map(|i| a[i][i]).collect(), v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eigenvectors_of_a_matrix() {
        let a = vec![vec![2.0, -1.0, 0.5], vec![-1.0, 3.0, 0.2], vec![0.5, 0.2, 1.0]];
        let (values, vectors) = eigen(a.clone());
        for (value, v) in values.iter().zip(&vectors) {
            for (row, x) in a.iter().zip(v) {
                assert!((dot(row, v) - value * x).abs() < 1e-12, "{values:?} {vectors:?}");
            }
        }
        assert!((values.iter().sum::<f64>() - 6.0).abs() < 1e-12);
    }
}
