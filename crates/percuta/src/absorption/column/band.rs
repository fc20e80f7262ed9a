//! A symmetric system whose unknowns are coupled to the two before and the two after.
//!
//! It is folded in the middle and eliminated from both ends at once: two chains of operations that do not wait for each other, which
//! fill both halves of a vector.

use wide::f64x2;

/// Values of the unknowns from the first on in the first lane and from the last on in the second, to the middle.
pub type Folded = Vec<f64x2>;

/// Pairs that hold `count` unknowns. If their number is odd one more is held, past the last.
pub fn pairs(count: usize) -> usize {
    count.div_ceil(2)
}

/// Pair and lane of an unknown among `count`.
pub fn place(unknown: usize, count: usize) -> (usize, usize) {
    let pairs = pairs(count);
    if unknown < pairs { (unknown, 0) } else { (2 * pairs - 1 - unknown, 1) }
}

/// Value of an unknown among `count`.
pub fn value(folded: &[f64x2], unknown: usize, count: usize) -> f64 {
    value_at(folded, place(unknown, count))
}

/// Value at a place.
pub fn value_at(folded: &[f64x2], (pair, lane): (usize, usize)) -> f64 {
    folded[pair].to_array()[lane]
}

/// Sets the value at a place.
pub fn put(folded: &mut [f64x2], (pair, lane): (usize, usize), value: f64) {
    let mut both = folded[pair].to_array();
    both[lane] = value;
    folded[pair] = f64x2::new(both);
}

/// Adds to the value at a place.
pub fn add(folded: &mut [f64x2], (pair, lane): (usize, usize), value: f64) {
    let mut both = [0.0; 2];
    both[lane] = value;
    folded[pair] += f64x2::new(both);
}

/// Folds values that each unknown has, `pad` past the last.
pub fn fold(count: usize, pad: f64, of: impl Fn(usize) -> f64) -> impl Iterator<Item = f64x2> {
    let last = 2 * pairs(count) - 1;
    (0..pairs(count)).map(move |k| f64x2::new([of(k), if last - k < count { of(last - k) } else { pad }]))
}

/// Folds conductances from each unknown to that `reach` later: a pair holds those towards the middle.
pub fn fold_couplings(count: usize, reach: usize, of: impl Fn(usize) -> f64) -> impl Iterator<Item = f64x2> {
    let last = 2 * pairs(count) - 1;
    (0..pairs(count)).map(move |k| {
        let there = |from: usize| if from + reach < count { of(from) } else { 0.0 };
        f64x2::new([there(k), (last - k).checked_sub(reach).map_or(0.0, there)])
    })
}

fn swap(x: f64x2) -> f64x2 {
    let [a, b] = x.to_array();
    f64x2::new([b, a])
}

/// One pair of rows, before and after elimination.
#[derive(Debug, Clone, Copy, Default)]
pub struct Row {
    /// Diagonal; then one over the pivot.
    pub diagonal: f64x2,
    /// Conductances towards the middle, which enter with a minus sign; then by the pivot. To the next,
    pub next: f64x2,
    /// and to the next but one.
    pub second: f64x2,
}

/// Diagonal and couplings, then their factors `l d lᵀ`; of the middle pair its inverse.
#[derive(Debug, Clone, Default)]
pub struct Band {
    /// The rows, to be filled before [`factor_and_solve`](Self::factor_and_solve).
    pub rows: Vec<Row>,
}

impl Band {
    /// For `count` unknowns.
    pub fn new(count: usize) -> Self {
        Self { rows: vec![Row::default(); pairs(count)] }
    }

    /// Adds to the diagonal at a place.
    pub fn add(&mut self, (pair, lane): (usize, usize), value: f64) {
        let mut both = [0.0; 2];
        both[lane] = value;
        self.rows[pair].diagonal += f64x2::new(both);
    }

    /// Sets the couplings of the first unknown.
    pub fn couple_first(&mut self, [next, second]: [f64; 2]) {
        if let Some(row) = self.rows.first_mut() {
            let (beyond, but_one) = (row.next.to_array()[1], row.second.to_array()[1]);
            row.next = f64x2::new([next, beyond]);
            row.second = f64x2::new([second, but_one]);
        }
    }

    /// Factors the rows, which hold the factors afterwards, and solves in place.
    pub fn factor_and_solve(&mut self, x: &mut [f64x2]) {
        let (Some((middle, rows)), Some((x_middle, xs))) = (self.rows.split_last_mut(), x.split_last_mut()) else { return };
        // The factors of a row are l = raw / d and m = second / d with raw = next + m' raw' and its pivot d = a - l' raw' - m'' second'',
        // where each ' is one row further out. The same of x: y = x + l' y' + m'' y''.
        let zero = f64x2::ZERO;
        let (mut gone, mut fill, mut up, mut two_up) = (zero, zero, zero, zero);
        let (mut given, mut over, mut two_over) = (zero, zero, zero);
        for (row, x) in rows.iter_mut().zip(xs.iter_mut()) {
            let inverse = f64x2::ONE / (row.diagonal - two_up - gone);
            let raw = row.next + fill;
            let (l, m) = (raw * inverse, row.second * inverse);
            (gone, fill) = (l * raw, m * raw);
            (two_up, up) = (up, m * row.second);
            *row = Row { diagonal: inverse, next: l, second: m };
            *x += two_over;
            *x += given;
            (given, two_over, over) = (l * *x, over, m * *x);
        }
        // The two in the middle, to which both ends come.
        let [a, b] = (middle.diagonal - two_up - gone - swap(up)).to_array();
        let c = middle.next.to_array()[0] + fill.reduce_add();
        let inverse = 1.0 / (a * b - c * c);
        middle.diagonal = f64x2::new([b * inverse, a * inverse]);
        middle.next = f64x2::splat(c * inverse);
        *x_middle += two_over + given + swap(over);
        self.back(x);
    }

    /// Solves with the factors, in place.
    pub fn solve(&self, x: &mut [f64x2]) {
        let (Some((_, rows)), Some((x_middle, xs))) = (self.rows.split_last(), x.split_last_mut()) else { return };
        let (mut given, mut over, mut two_over) = (f64x2::ZERO, f64x2::ZERO, f64x2::ZERO);
        for (row, x) in rows.iter().zip(xs.iter_mut()) {
            *x += two_over;
            *x += given;
            (given, two_over, over) = (row.next * *x, over, row.second * *x);
        }
        *x_middle += two_over + given + swap(over);
        self.back(x);
    }

    /// From the middle outwards.
    fn back(&self, x: &mut [f64x2]) {
        let (Some((middle, rows)), Some((x_middle, xs))) = (self.rows.split_last(), x.split_last_mut()) else { return };
        *x_middle = middle.diagonal * *x_middle + middle.next * swap(*x_middle);
        let (mut one, mut two) = (*x_middle, swap(*x_middle));
        for (row, x) in rows.iter().zip(xs.iter_mut()).rev() {
            *x = *x * row.diagonal + row.second * two + row.next * one;
            (two, one) = (one, *x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factors_solve_the_system() {
        for n in [2, 3, 4, 5, 22, 23] {
            let number = |i: usize, k: usize| 0.1 + ((i * 7 + k * 13) % 11) as f64 / 3.0;
            let next = |i: usize| if i + 1 < n { number(i, 1) } else { 0.0 };
            let second = |i: usize| if i + 2 < n { number(i, 2) } else { 0.0 };
            let before = |i: usize| if i >= 1 { next(i - 1) } else { 0.0 };
            let two_before = |i: usize| if i >= 2 { second(i - 2) } else { 0.0 };
            let diagonal = |i: usize| next(i) + second(i) + before(i) + two_before(i) + number(i, 3);
            let fill = |band: &mut Band| {
                let rows = fold(n, 1.0, diagonal).zip(fold_couplings(n, 1, next)).zip(fold_couplings(n, 2, second));
                band.rows = rows.map(|((diagonal, next), second)| Row { diagonal, next, second }).collect();
            };
            let mut band = Band::new(n);
            fill(&mut band);
            let right = |i: usize| number(i, 5) - 1.0;
            let mut x: Folded = fold(n, 0.0, right).collect();
            band.factor_and_solve(&mut x);
            let mut again: Folded = fold(n, 0.0, right).collect();
            band.solve(&mut again);
            assert_eq!(x, again);
            let u: Vec<f64> = (0..n).map(|i| value(&x, i, n)).collect();
            for i in 0..n {
                let of = |j: Option<usize>| j.and_then(|j| u.get(j)).copied().unwrap_or(0.0);
                let coupled = next(i) * of(Some(i + 1))
                    + second(i) * of(Some(i + 2))
                    + before(i) * of(i.checked_sub(1))
                    + two_before(i) * of(i.checked_sub(2));
                let sum = diagonal(i) * u[i] - coupled;
                assert!((sum - right(i)).abs() < 1e-12, "{n} {i}: {sum} against {}", right(i));
            }
        }
    }
}
