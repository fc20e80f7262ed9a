//! Counter-based random streams: the same bytes for any number of threads.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// What a stream of random numbers is for. Each purpose has its own stream, so that adding one draw
/// somewhere never shifts the numbers elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Values of the parameters.
    Parameters,
    /// Where and how deep the needles go.
    Punctures,
    /// How one session's field lies over another's.
    Overlay,
    /// Measurement and rater error of observations.
    Observation,
    /// Synthetic skin surface for pictures.
    Relief,
    /// Skin donors and pieces of their skin in a simulated permeation study.
    Replicates,
    /// Where a fit starts its search.
    Fit,
    /// Error of raters in the table of grades.
    Rating,
    /// What studies have of their own: their hands, their observers, their subjects.
    Studies,
}

/// The random stream of (seed, member, session, purpose).
#[must_use]
pub fn stream(seed: u64, member: u32, session: u32, purpose: Purpose) -> ChaCha8Rng {
    let mut key = [0u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..12].copy_from_slice(&member.to_le_bytes());
    key[12..16].copy_from_slice(&session.to_le_bytes());
    key[16] = purpose as u8;
    key[24..32].copy_from_slice(b"percuta1");
    ChaCha8Rng::from_seed(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::Rng;

    #[test]
    fn streams_differ_by_every_part_of_their_key() {
        let first = |s, m, n, p| stream(s, m, n, p).next_u64();
        let base = first(1, 0, 0, Purpose::Parameters);
        assert_eq!(base, first(1, 0, 0, Purpose::Parameters));
        assert_ne!(base, first(2, 0, 0, Purpose::Parameters));
        assert_ne!(base, first(1, 1, 0, Purpose::Parameters));
        assert_ne!(base, first(1, 0, 1, Purpose::Parameters));
        assert_ne!(base, first(1, 0, 0, Purpose::Punctures));
    }
}
