//! A symmetric system whose unknowns are coupled to the two before and the two after.

/// Diagonal and the couplings to the next and the next but one, `l d lᵀ` in place.
#[derive(Debug, Clone, Default)]
pub struct Band {
    diagonal: Vec<f64>,
    next: Vec<f64>,
    second: Vec<f64>,
}

impl Band {
    /// Takes the diagonal and the (positive) conductances between unknowns, which enter with a minus sign, and factors.
    pub fn factor(&mut self, diagonal: impl Iterator<Item = f64>, next: impl Iterator<Item = f64>, second: impl Iterator<Item = f64>) {
        self.diagonal.clear();
        self.diagonal.extend(diagonal);
        self.next.clear();
        self.next.extend(next);
        self.second.clear();
        self.second.extend(second);
        // The factors of row i are l = (next + m' raw') / d and m = second / d, its pivot d = a - l' raw' - m'' second'',
        // where each ' is one row further up and raw = l d.
        let (mut l, mut raw, mut m, mut one_up, mut two_up) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for ((a, p), q) in self.diagonal.iter_mut().zip(&mut self.next).zip(&mut self.second) {
            let inverse = 1.0 / (*a - l * raw - two_up);
            raw = *p + m * raw;
            l = raw * inverse;
            m = *q * inverse;
            (two_up, one_up) = (one_up, m * *q);
            (*a, *p, *q) = (inverse, l, m);
        }
    }

    /// Solves with the factors, in place.
    pub fn solve(&self, x: &mut [f64]) {
        let n = x.len();
        for i in 0..n {
            let mut sum = x[i];
            if i >= 1 {
                sum += self.next[i - 1] * x[i - 1];
            }
            if i >= 2 {
                sum += self.second[i - 2] * x[i - 2];
            }
            x[i] = sum;
        }
        for i in (0..n).rev() {
            let mut sum = x[i] * self.diagonal[i];
            if i + 1 < n {
                sum += self.next[i] * x[i + 1];
            }
            if i + 2 < n {
                sum += self.second[i] * x[i + 2];
            }
            x[i] = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_solve_the_system() {
        let n = 23;
        let value = |i: usize, k: usize| 0.1 + ((i * 7 + k * 13) % 11) as f64 / 3.0;
        let next: Vec<f64> = (0..n).map(|i| if i + 1 < n { value(i, 1) } else { 0.0 }).collect();
        let second: Vec<f64> = (0..n).map(|i| if i + 2 < n { value(i, 2) } else { 0.0 }).collect();
        let row = |i: usize| {
            let mut sum = next[i] + second[i];
            if i >= 1 {
                sum += next[i - 1];
            }
            if i >= 2 {
                sum += second[i - 2];
            }
            sum + value(i, 3)
        };
        let diagonal: Vec<f64> = (0..n).map(row).collect();
        let mut band = Band::default();
        band.factor(diagonal.iter().copied(), next.iter().copied(), second.iter().copied());
        let right: Vec<f64> = (0..n).map(|i| value(i, 5) - 1.0).collect();
        let mut x = right.clone();
        band.solve(&mut x);
        for i in 0..n {
            let mut sum = diagonal[i] * x[i];
            if i + 1 < n {
                sum -= next[i] * x[i + 1];
            }
            if i + 2 < n {
                sum -= second[i] * x[i + 2];
            }
            if i >= 1 {
                sum -= next[i - 1] * x[i - 1];
            }
            if i >= 2 {
                sum -= second[i - 2] * x[i - 2];
            }
            assert!((sum - right[i]).abs() < 1e-12, "{i}: {sum} against {}", right[i]);
        }
    }
}
