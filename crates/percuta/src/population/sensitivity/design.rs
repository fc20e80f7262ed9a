//! Where the function is evaluated: two matrices of a scrambled Sobol sequence and their mixtures.

use std::ops::Range;

/// Independent randomisations that the base samples are divided into; their scatter gives the error bars.
pub const REPLICATES: u32 = 8;

/// Most base samples: the sequence has 2¹⁶ points for each randomisation.
pub const MOST_SAMPLES: u32 = REPLICATES << 16;

/// Dimensions of the sequence that are used. It has 256, but later ones fill their planes well only with far more points than there are here.
const DIMENSIONS: usize = 16;

/// The sequence has 23 binary digits; half of the last one keeps points away from 0 and 1.
const HALF_DIGIT: f64 = 1.0 / (1u32 << 24) as f64;

/// The points of Saltelli's scheme (Saltelli et al. 2010, Comput Phys Commun 181:259): rows of two independent matrices A and B, and rows
/// of A with the inputs of one factor taken from B.
///
/// Input `i` of A and B has dimensions `2i` and `2i + 1` of an Owen-scrambled Sobol sequence (Burley 2020, J Comput Graph Tech 9(4):1), so
/// that the two matrices are spread evenly together. Each further eight inputs have the same sixteen dimensions again in a scrambling and an
/// order of their own (padding, in the same paper): evenly spread among themselves and independent of the others, for any number of inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Design {
    /// Inputs of each factor; every input belongs to one factor, in increasing order.
    pub factors: Vec<Range<usize>>,
    /// Base samples of all randomisations together: a power of two from 16 to [`MOST_SAMPLES`].
    pub samples: u32,
    /// Seed of the scrambling.
    pub seed: u64,
}

impl Design {
    /// A design in which every input is a factor of its own.
    #[must_use]
    pub fn each(inputs: usize, samples: u32, seed: u64) -> Self {
        Self { factors: (0..inputs).map(|i| i..i + 1).collect(), samples, seed }
    }

    /// Number of inputs.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.factors.last().map_or(0, |f| f.end)
    }

    /// Evaluations that [`super::sobol`] makes.
    #[must_use]
    pub fn evaluations(&self) -> usize {
        self.samples as usize * (self.factors.len() + 2)
    }

    /// Points of one randomisation.
    pub(super) fn rows(&self) -> u32 {
        self.samples / REPLICATES
    }

    /// Row `row` of A and of B in a randomisation.
    pub(super) fn pair(&self, replicate: u32, row: u32) -> (Vec<f64>, Vec<f64>) {
        let of = |odd: usize| (0..self.inputs()).map(|i| self.coordinate(replicate, row, 2 * i + odd)).collect();
        (of(0), of(1))
    }

    /// A row of A with the inputs of one factor from B.
    pub(super) fn mixed(&self, a: &[f64], b: &[f64], factor: usize) -> Vec<f64> {
        let mut point = a.to_vec();
        let inputs = self.factors[factor].clone();
        point[inputs.clone()].copy_from_slice(&b[inputs]);
        point
    }

    fn coordinate(&self, replicate: u32, row: u32, dimension: usize) -> f64 {
        let block = (dimension / DIMENSIONS) as u64;
        let scramble = mix(mix(mix(self.seed) ^ u64::from(replicate)) ^ block);
        f64::from(sobol_burley::sample(row, (dimension % DIMENSIONS) as u32, scramble as u32)) + HALF_DIGIT
    }
}

/// A number in which each bit depends on every bit of `x` (SplitMix64: Steele et al. 2014, ACM SIGPLAN Not 49:453).
fn mix(x: u64) -> u64 {
    let x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
