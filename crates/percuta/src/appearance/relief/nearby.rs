//! Places sorted into squares, so that the nearest one is found without looking at all.

/// Squares that are searched around a place; beyond them nothing counts as near.
const RINGS: i64 = 2;

/// Places in and around a square.
pub(super) struct Nearby {
    /// Side of a square, µm.
    size_um: f64,
    /// Squares in a row, with a margin of two on either side.
    across: i64,
    squares: Vec<Vec<(f64, f64)>>,
}

impl Nearby {
    /// No places yet, in a field of that side.
    pub(super) fn new(side_um: f64, size_um: f64) -> Self {
        let across = (side_um / size_um).ceil() as i64 + 4;
        Self { size_um, across, squares: vec![Vec::new(); (across * across) as usize] }
    }

    /// Square of a place; what lies farther out belongs to the outermost ones.
    fn square(&self, (x, y): (f64, f64)) -> (i64, i64) {
        let of = |v: f64| ((v / self.size_um).floor() as i64 + 2).clamp(0, self.across - 1);
        (of(x), of(y))
    }

    pub(super) fn add(&mut self, place: (f64, f64)) {
        let (i, j) = self.square(place);
        self.squares[(j * self.across + i) as usize].push(place);
    }

    /// Distance to the nearest place; infinite if none is within two squares.
    pub(super) fn distance(&self, (x, y): (f64, f64)) -> f64 {
        let (i, j) = self.square((x, y));
        let range = |k: i64| (k - RINGS).max(0)..(k + RINGS + 1).min(self.across);
        let near = range(j).flat_map(|j| range(i).map(move |i| (i, j))).flat_map(|(i, j)| &self.squares[(j * self.across + i) as usize]);
        near.map(|(px, py)| (px - x).powi(2) + (py - y).powi(2)).fold(f64::INFINITY, f64::min).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::super::noise::uniform;
    use super::*;

    #[test]
    fn the_nearest_is_found() {
        let place = |k: i64| (12_000.0 * uniform(1, k) - 1000.0, 12_000.0 * uniform(2, k) - 1000.0);
        let all: Vec<(f64, f64)> = (0..300).map(place).collect();
        let mut nearby = Nearby::new(10_000.0, 1000.0);
        all.iter().for_each(|&p| nearby.add(p));
        for k in 300..600 {
            let (x, y) = place(k);
            let exact = all.iter().map(|(px, py)| (px - x).hypot(py - y)).fold(f64::INFINITY, f64::min);
            let found = nearby.distance((x, y));
            assert!((found - exact).abs() < 1e-9 || exact > 2000.0, "{found} {exact}");
        }
        assert_eq!(Nearby::new(10_000.0, 1000.0).distance((5.0, 5.0)), f64::INFINITY);
    }
}
