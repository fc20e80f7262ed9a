//! The table of tone in `data/tone/melanosome.toml` is this model's: a forearm of 45 years at rest, with central constants.

use std::fmt::Write as _;

use super::colorimetry::colour_difference;
use super::test_skin::forearm;
use crate::skin::{ItaClass, Lab, Tone};

const LIGHTEST: f64 = 0.005;
const DARKEST: f64 = 0.43;
const NODES: u32 = 24;

fn computed(fraction: f64) -> Lab {
    let (optics, tissue) = forearm(fraction);
    optics.spectrum(&tissue).unwrap().lab()
}

fn fraction(share: f64) -> f64 {
    LIGHTEST * (DARKEST / LIGHTEST).powf(share)
}

/// What should stand in the file.
fn nodes() -> String {
    let mut text = String::new();
    for i in 0..=NODES {
        let fraction = format!("{:.4}", fraction(f64::from(i) / f64::from(NODES)));
        let Lab { l, a, b } = computed(fraction.parse().unwrap());
        let _ = writeln!(text, "[[node]]\nfraction = {fraction}\nlab = [{l:.2}, {a:.2}, {b:.2}]\n");
    }
    text
}

#[test]
fn the_table_of_tone_is_the_light_model() {
    let mut largest = 0.0f64;
    for i in 0..=200 {
        let fraction = fraction(f64::from(i) / 200.0).clamp(LIGHTEST, DARKEST);
        let table = Tone::from_melanosome_fraction(fraction).unwrap().lab();
        largest = largest.max(colour_difference(table, computed(fraction)));
    }
    assert!(largest < 0.3, "differs by {largest:.2}; the nodes of data/tone/melanosome.toml should be\n{}", nodes());
    println!("largest difference {largest:.3}");
}

#[test]
fn published_colours_beside_the_curve_of_tone() {
    // Alaluf 2002 (volar upper arm) and the NIST mean of 100 forearms: melanosome fraction at the same individual typology angle, and the
    // difference that is left.
    for (who, l, a, b) in [
        ("Europeans", 65.0, 7.1, 13.3),
        ("NIST mean", 66.1, 9.6, 15.3),
        ("Chinese", 62.1, 8.4, 16.3),
        ("Mexicans", 61.9, 8.3, 15.3),
        ("Indians", 53.7, 10.3, 17.9),
        ("Africans", 49.2, 10.2, 18.4),
    ] {
        let measured = Lab { l, a, b };
        let tone = Tone::from_lab(l, a, b).unwrap();
        let difference = colour_difference(measured, tone.lab());
        println!("{who}: {:.4}, {:?}, CIEDE2000 {difference:.2}", tone.melanosome_fraction, tone.lab());
        assert!(difference < 4.0, "{who}: {difference}");
        assert_eq!(tone.ita_class(), ItaClass::of(measured.ita_deg()), "{who}");
    }
}
