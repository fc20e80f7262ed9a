//! Reproducible irregularity for drawings.

/// A number in [0, 1) that belongs to (a, b): the same at every run.
pub fn noise(a: u64, b: u64) -> f64 {
    // The finaliser of SplitMix64 (Steele, Lea & Flood 2014): cheap, and even for neighbouring inputs.
    let mut z =
        a.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(b.wrapping_mul(0xd1b5_4a32_d192_ed03)).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_is_even_and_repeatable() {
        let xs: Vec<f64> = (0..10_000).map(|i| super::noise(3, i)).collect();
        let mean = xs.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        assert!(xs.iter().all(|x| (0.0..1.0).contains(x)));
        assert_eq!(super::noise(3, 7), super::noise(3, 7));
    }
}
