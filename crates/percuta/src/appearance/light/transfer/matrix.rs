//! Small square matrices, plainly.

/// A square matrix by rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Matrix {
    n: usize,
    values: Vec<f64>,
}

impl Matrix {
    pub(super) fn from_fn(n: usize, mut value: impl FnMut(usize, usize) -> f64) -> Self {
        Self { n, values: (0..n * n).map(|k| value(k / n, k % n)).collect() }
    }

    pub(super) fn identity(n: usize) -> Self {
        Self::diagonal(&vec![1.0; n])
    }

    pub(super) fn diagonal(of: &[f64]) -> Self {
        Self::from_fn(of.len(), |i, j| if i == j { of[i] } else { 0.0 })
    }

    pub(super) fn size(&self) -> usize {
        self.n
    }

    pub(super) fn at(&self, i: usize, j: usize) -> f64 {
        self.values[i * self.n + j]
    }

    /// `self * other`.
    pub(super) fn times(&self, other: &Self) -> Self {
        Self::from_fn(self.n, |i, j| (0..self.n).map(|k| self.at(i, k) * other.at(k, j)).sum())
    }

    /// `self * vector`.
    pub(super) fn of(&self, vector: &[f64]) -> Vec<f64> {
        self.values.chunks_exact(self.n).map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum()).collect()
    }

    /// `self + scale * other`.
    pub(super) fn plus(&self, scale: f64, other: &Self) -> Self {
        Self { n: self.n, values: self.values.iter().zip(&other.values).map(|(a, b)| a + scale * b).collect() }
    }

    pub(super) fn scaled(&self, by: f64) -> Self {
        Self { n: self.n, values: self.values.iter().map(|a| a * by).collect() }
    }

    /// The largest element by size.
    pub(super) fn largest(&self) -> f64 {
        self.values.iter().fold(0.0, |most, a| most.max(a.abs()))
    }

    /// `self⁻¹ * right`.
    pub(super) fn solve_for(&self, right: &[f64]) -> Vec<f64> {
        let x = self.solve(&Self::from_fn(self.n, |i, j| if j == 0 { right[i] } else { 0.0 }));
        (0..self.n).map(|i| x.at(i, 0)).collect()
    }

    /// `self⁻¹ * right` by elimination with row exchange.
    pub(super) fn solve(&self, right: &Self) -> Self {
        let n = self.n;
        let (mut a, mut x) = (self.clone(), right.clone());
        for column in 0..n {
            let pivot = (column..n).fold(column, |best, i| if a.at(i, column).abs() > a.at(best, column).abs() { i } else { best });
            for j in 0..n {
                a.values.swap(column * n + j, pivot * n + j);
                x.values.swap(column * n + j, pivot * n + j);
            }
            for i in column + 1..n {
                let factor = a.at(i, column) / a.at(column, column);
                for j in 0..n {
                    a.values[i * n + j] -= factor * a.values[column * n + j];
                    x.values[i * n + j] -= factor * x.values[column * n + j];
                }
            }
        }
        for i in (0..n).rev() {
            for j in 0..n {
                let known: f64 = (i + 1..n).map(|k| a.at(i, k) * x.at(k, j)).sum();
                x.values[i * n + j] = (x.values[i * n + j] - known) / a.at(i, i);
            }
        }
        x
    }
}

#[cfg(test)]
mod tests {
    use super::Matrix;

    #[test]
    fn a_solution_solves_even_where_the_diagonal_begins_with_nothing() {
        let a = Matrix::from_fn(4, |i, j| if i == 0 && j == 0 { 0.0 } else { 1.0 / (1.0 + (i * i + 2 * j) as f64) });
        let right = Matrix::from_fn(4, |i, j| (i as f64 - 1.5) * (j as f64 + 1.0));
        let residual = a.times(&a.solve(&right)).plus(-1.0, &right);
        assert!(residual.largest() < 1e-12, "{}", residual.largest());
    }
}
