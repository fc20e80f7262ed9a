//! Levenberg and Marquardt's search for a few parameters between bounds.

/// Step of the differences.
const DIFFERENCE: f64 = 1e-4;
/// Steps of one search.
const MOST_STEPS: usize = 40;
/// Longest step.
const LONGEST: f64 = 1.0;
/// A step that gains less, as a share of the sum of squares, is the last.
const GAIN: f64 = 1e-8;

/// A place, what is left there, and how that changes with each parameter.
#[derive(Debug, Clone)]
pub(super) struct Found<const N: usize> {
    pub at: [f64; N],
    pub residuals: Vec<f64>,
    pub jacobian: [Vec<f64>; N],
}

impl<const N: usize> Found<N> {
    pub fn squares(&self) -> f64 {
        squares(&self.residuals)
    }

    /// Covariance of the parameters if the residuals are independent and alike; none if a direction is not seen at all.
    pub fn covariance(&self) -> Option<[[f64; N]; N]> {
        let freedom = self.residuals.len().checked_sub(N).filter(|f| *f > 0)?;
        let variance = self.squares() / freedom as f64;
        let normal = normal(&self.jacobian);
        let mut covariance = [[0.0; N]; N];
        for i in 0..N {
            let mut unit = [0.0; N];
            unit[i] = variance;
            covariance[i] = solve(normal, unit)?;
        }
        Some(covariance)
    }
}

/// Downhill from `start` between `low` and `high`.
pub(super) fn descend<const N: usize, E>(
    residuals: impl Fn(&[f64; N]) -> Result<Vec<f64>, E>,
    start: [f64; N],
    low: [f64; N],
    high: [f64; N],
) -> Result<Found<N>, E> {
    let slopes = |at: &[f64; N], here: &[f64]| -> Result<[Vec<f64>; N], E> {
        let mut columns = [const { Vec::new() }; N];
        for k in 0..N {
            // Inwards at the upper bound.
            let step = if at[k] + DIFFERENCE > high[k] { -DIFFERENCE } else { DIFFERENCE };
            let mut to = *at;
            to[k] += step;
            columns[k] = residuals(&to)?.iter().zip(here).map(|(r, h)| (r - h) / step).collect();
        }
        Ok(columns)
    };
    let here = residuals(&start)?;
    let mut found = Found { at: start, jacobian: slopes(&start, &here)?, residuals: here };
    let mut damping = 1e-2;
    for _ in 0..MOST_STEPS {
        let before = found.squares();
        let Some((at, left)) = downhill(&residuals, &found, &low, &high, &mut damping)? else { break };
        found = Found { at, jacobian: slopes(&at, &left)?, residuals: left };
        if before - found.squares() <= GAIN * before {
            break;
        }
    }
    Ok(found)
}

/// A step that gains; none if there is none.
#[expect(clippy::type_complexity, reason = "a place and its residuals")]
fn downhill<const N: usize, E>(
    residuals: &impl Fn(&[f64; N]) -> Result<Vec<f64>, E>,
    here: &Found<N>,
    low: &[f64; N],
    high: &[f64; N],
    damping: &mut f64,
) -> Result<Option<([f64; N], Vec<f64>)>, E> {
    let gradient: [f64; N] = std::array::from_fn(|k| dot(&here.jacobian[k], &here.residuals));
    // A parameter at its bound that wants to go beyond stays.
    let stays = |k: usize| (here.at[k] <= low[k] && gradient[k] > 0.0) || (here.at[k] >= high[k] && gradient[k] < 0.0);
    for _ in 0..12 {
        let mut matrix = normal(&here.jacobian);
        let mut right = gradient.map(|g| -g);
        for k in 0..N {
            matrix[k][k] = matrix[k][k] * (1.0 + *damping) + 1e-12;
            if stays(k) {
                matrix[k] = std::array::from_fn(|j| if j == k { 1.0 } else { 0.0 });
                right[k] = 0.0;
            }
        }
        let Some(step) = solve(matrix, right) else { return Ok(None) };
        let longest = step.iter().fold(0.0f64, |a, s| a.max(s.abs()));
        let shorter = if longest > LONGEST { LONGEST / longest } else { 1.0 };
        let at: [f64; N] = std::array::from_fn(|k| (here.at[k] + shorter * step[k]).clamp(low[k], high[k]));
        if at == here.at {
            return Ok(None);
        }
        let left = residuals(&at)?;
        if squares(&left) < here.squares() {
            *damping = (*damping * 0.2).max(1e-9);
            return Ok(Some((at, left)));
        }
        *damping *= 6.0;
    }
    Ok(None)
}

fn normal<const N: usize>(jacobian: &[Vec<f64>; N]) -> [[f64; N]; N] {
    std::array::from_fn(|i| std::array::from_fn(|j| dot(&jacobian[i], &jacobian[j])))
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn squares(residuals: &[f64]) -> f64 {
    dot(residuals, residuals)
}

/// Gauss's elimination with pivots; none if the matrix is singular.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for c in 0..N {
        let pivot = (c..N).max_by(|&a, &b| matrix[a][c].abs().total_cmp(&matrix[b][c].abs()))?;
        if matrix[pivot][c] == 0.0 || !matrix[pivot][c].is_finite() {
            return None;
        }
        matrix.swap(c, pivot);
        right.swap(c, pivot);
        for r in c + 1..N {
            let factor = matrix[r][c] / matrix[c][c];
            let above = matrix[c];
            for (x, a) in matrix[r].iter_mut().zip(&above).skip(c) {
                *x -= factor * a;
            }
            right[r] -= factor * right[c];
        }
    }
    for c in (0..N).rev() {
        let above: f64 = (c + 1..N).map(|j| matrix[c][j] * right[j]).sum();
        right[c] = (right[c] - above) / matrix[c][c];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_valley_of_rosenbrock_is_followed_to_its_end() {
        let residuals = |x: &[f64; 2]| Ok::<_, ()>(vec![10.0 * (x[1] - x[0] * x[0]), 1.0 - x[0], 0.0]);
        let found = descend(residuals, [-1.2, 1.0], [-5.0; 2], [5.0; 2]).unwrap();
        assert!((found.at[0] - 1.0).abs() < 1e-5 && (found.at[1] - 1.0).abs() < 1e-5, "{:?}", found.at);
    }

    #[test]
    fn a_bound_is_kept() {
        let residuals = |x: &[f64; 2]| Ok::<_, ()>(vec![x[0] - 3.0, x[1] - 0.5, x[0] + x[1] - 1.0]);
        let found = descend(residuals, [0.0, 0.0], [-1.0; 2], [1.0; 2]).unwrap();
        assert_eq!(found.at[0], 1.0);
        assert!((found.at[1] - 0.25).abs() < 1e-6);
    }

    #[test]
    fn the_covariance_of_a_line_is_that_of_its_formula() {
        let points = [(0.0, 1.1), (1.0, 1.9), (2.0, 3.2), (3.0, 3.9)];
        let residuals = |x: &[f64; 2]| Ok::<_, ()>(points.iter().map(|(t, y)| x[0] + x[1] * t - y).collect());
        let found = descend(residuals, [0.0, 0.0], [-10.0; 2], [10.0; 2]).unwrap();
        // Variance of the slope: s² / Σ(t - mean)².
        let slope = found.squares() / 2.0 / 5.0;
        assert!((found.covariance().unwrap()[1][1] - slope).abs() < 1e-6 * slope);
    }
}
