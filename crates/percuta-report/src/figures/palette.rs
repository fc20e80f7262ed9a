//! The few colours that stand for the many of a picture.

use super::bitmap::Image;

/// Bits a channel that the search for the nearest colour looks at.
const BITS: u32 = 5;

/// At most 256 colours, and which of them is nearest to any colour.
pub struct Palette {
    /// The colours.
    pub colours: Vec<[u8; 3]>,
    /// Nearest colour of each cell of the colour cube.
    nearest: Vec<u8>,
}

/// Colours that are to be split further, with how often each occurs.
struct Cell {
    colours: Vec<([u8; 3], u32)>,
    /// The channel with the widest range.
    widest: usize,
    /// The cell with most of it is split first.
    spread: f64,
}

impl Cell {
    fn new(colours: Vec<([u8; 3], u32)>) -> Self {
        let range = |c: usize| {
            let (low, high) = colours.iter().fold((255, 0), |(l, h), (p, _)| (p[c].min(l), p[c].max(h)));
            f64::from(high.saturating_sub(low))
        };
        let ranges = [0, 1, 2].map(range);
        let widest = (0..3).max_by(|&a, &b| ranges[a].total_cmp(&ranges[b])).unwrap_or(0);
        // Rare colours count less than frequent ones, but not in proportion: few red pixels among much blue must stay red.
        let count = colours.iter().map(|c| f64::from(c.1)).sum::<f64>();
        Self { spread: ranges[widest] * count.powf(0.4), widest, colours }
    }

    fn mean(&self) -> [u8; 3] {
        let count: f64 = self.colours.iter().map(|c| f64::from(c.1)).sum();
        [0, 1, 2].map(|c| (self.colours.iter().map(|(p, n)| f64::from(p[c]) * f64::from(*n)).sum::<f64>() / count.max(1.0)).round() as u8)
    }

    /// Both halves at the median of the widest channel.
    fn split(mut self) -> (Self, Self) {
        let channel = self.widest;
        self.colours.sort_unstable_by_key(|(p, _)| (p[channel], *p));
        let half = self.colours.iter().map(|c| u64::from(c.1)).sum::<u64>() / 2;
        let mut sum = 0;
        let middle = self.colours.iter().position(|c| {
            sum += u64::from(c.1);
            sum > half
        });
        let at = middle.unwrap_or(0).clamp(1, self.colours.len() - 1);
        let rest = self.colours.split_off(at);
        (Self::new(self.colours), Self::new(rest))
    }
}

impl Palette {
    /// Colours for these pictures by median cut (Heckbert 1982, Comput Graph 16:297): the pictures' own if they are few.
    pub fn of<'a>(images: impl IntoIterator<Item = &'a Image>, most: usize) -> Self {
        let mut all: Vec<[u8; 3]> = images.into_iter().flat_map(|i| i.pixels.iter().copied()).collect();
        all.sort_unstable();
        let counted: Vec<([u8; 3], u32)> = all.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u32)).collect();
        let mut cells = vec![Cell::new(counted)];
        while cells.len() < most {
            let widest =
                (0..cells.len()).filter(|&i| cells[i].colours.len() > 1).max_by(|&a, &b| cells[a].spread.total_cmp(&cells[b].spread));
            let Some(i) = widest else { break };
            let (a, b) = cells.swap_remove(i).split();
            cells.extend([a, b]);
        }
        let mut colours: Vec<[u8; 3]> = cells.iter().map(Cell::mean).collect();
        colours.sort_unstable();
        let nearest = (0..1usize << (3 * BITS)).map(|k| nearest(&colours, centre(k))).collect();
        Self { colours, nearest }
    }

    /// Number of the colour nearest to this one.
    pub fn index(&self, [r, g, b]: [u8; 3]) -> u8 {
        if let Ok(i) = self.colours.binary_search(&[r, g, b]) {
            return i as u8;
        }
        let cell = [r, g, b].iter().fold(0, |k, &c| (k << BITS) | (usize::from(c) >> (8 - BITS)));
        self.nearest.get(cell).copied().unwrap_or(0)
    }
}

/// Middle of a cell of the colour cube.
fn centre(cell: usize) -> [u8; 3] {
    [2 * BITS, BITS, 0].map(|shift| ((((cell >> shift) & ((1 << BITS) - 1)) << (8 - BITS)) + (1 << (7 - BITS))) as u8)
}

fn nearest(colours: &[[u8; 3]], to: [u8; 3]) -> u8 {
    let distance = |p: &[u8; 3]| (0..3).map(|c| (i32::from(p[c]) - i32::from(to[c])).pow(2)).sum::<i32>();
    colours.iter().enumerate().min_by_key(|(_, p)| distance(p)).map_or(0, |(i, _)| i as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_are_kept_and_many_are_near() {
        let few = Image { width: 3, pixels: vec![[1, 2, 3], [200, 10, 90], [1, 2, 4]] };
        let palette = Palette::of([&few], 256);
        assert!(few.pixels.iter().all(|&p| palette.colours[usize::from(palette.index(p))] == p));

        let many = Image { width: 64, pixels: (0..4096u32).map(|i| [(i % 64 * 4) as u8, (i / 64 * 4) as u8, 90]).collect() };
        let palette = Palette::of([&many], 256);
        assert_eq!(palette.colours.len(), 256);
        let worst = many.pixels.iter().map(|&p| {
            let q = palette.colours[usize::from(palette.index(p))];
            (0..3).map(|c| p[c].abs_diff(q[c])).max().unwrap()
        });
        assert!(worst.max().unwrap() <= 18);
    }
}
