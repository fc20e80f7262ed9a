use std::sync::atomic::AtomicBool;

use rand::RngExt as _;

use super::*;
use crate::population::{Purpose, stream};

/// Four parameters: three that act on a made-up model of two kinds of observations, of which two only together, and one that does not act.
const PARAMETERS: usize = 4;
const STUDIES: usize = 8;
/// Spread between the made-up studies, and sampling of their subjects.
const SPREAD: f64 = 4.0;
const SAMPLING: f64 = 3.0;

fn model(scores: &[f64], study: usize, kind: usize) -> f64 {
    let dose = 0.5 + study as f64 / STUDIES as f64;
    match kind {
        0 => 20.0 + dose * 12.0 * scores[0] + 3.0 * dose * dose * scores[0] * scores[0],
        _ => 10.0 + 8.0 * (scores[1] + scores[2]),
    }
}

struct Normals(rand_chacha::ChaCha8Rng);

impl Normals {
    fn next(&mut self) -> f64 {
        Distribution::Normal { sd: 1.0, low: None, high: None }.quantile(0.0, self.0.random::<f64>())
    }
}

fn normals(seed: u64) -> Normals {
    Normals(stream(seed, 0, 0, Purpose::Observation))
}

/// A nuisance that all studies share, as every uncertain parameter does that is not calibrated.
fn run(scores: &[f64], nuisance: f64) -> Vec<f64> {
    (0..2 * STUDIES).map(|i| model(scores, i / 2, i % 2) + 2.0 * nuisance * (1.0 + (i % 2) as f64)).collect()
}

fn emulator() -> Emulator {
    let mut z = normals(7);
    let (mut scores, mut runs) = (Vec::new(), Vec::new());
    for _ in 0..400 {
        let s: Vec<f64> = (0..PARAMETERS).map(|_| z.next()).collect();
        runs.push(run(&s, z.next()));
        scores.push(s);
    }
    Emulator::fit(&scores, &runs).unwrap()
}

fn observed(truth: &[f64], seed: u64) -> Vec<Observed> {
    let mut z = normals(1000 + seed);
    let expected = run(truth, z.next());
    let of_study: Vec<[f64; 2]> = (0..STUDIES).map(|_| [SPREAD * z.next(), SPREAD * z.next()]).collect();
    expected
        .iter()
        .enumerate()
        .map(|(i, e)| Observed {
            value: e + of_study[i / 2][i % 2] + SAMPLING * z.next(),
            sampling: SAMPLING,
            study: i / 2,
            domain: Some(i % 2),
        })
        .collect()
}

fn quantiles(sample: &Sample, of: &dyn Fn(&[f64]) -> f64) -> (f64, f64, f64) {
    let mut values: Vec<f64> = sample.places.iter().map(|p| of(p)).collect();
    values.sort_by(f64::total_cmp);
    let at = |p: f64| values[(p * (values.len() - 1) as f64) as usize];
    (at(0.05), at(0.5), at(0.95))
}

#[test]
fn known_parameters_are_recovered_with_honest_intervals() {
    const REPETITIONS: usize = 100;
    let emulator = emulator();
    let how = Sampling { seed: 3, walkers: 24, steps: 600 };
    let (mut of_first, mut of_sum) = (0, 0);
    let mut z = normals(42);
    for repetition in 0..REPETITIONS {
        let truth: Vec<f64> = (0..PARAMETERS).map(|_| z.next()).collect();
        let observed = observed(&truth, repetition as u64);
        let (_, found) = calibrate(&emulator, &observed, &[4.0, 4.0], None, &how, &AtomicBool::new(false));
        let inside = |(low, _, high): (f64, f64, f64), x: f64| usize::from(low <= x && x <= high);
        of_first += inside(quantiles(&found, &|p| p[0]), truth[0]);
        of_sum += inside(quantiles(&found, &|p| p[1] + p[2]), truth[1] + truth[2]);
    }
    // 90 of 100 expected with a standard deviation of 3.
    for (name, hits) in [("first", of_first), ("sum", of_sum)] {
        assert!((81..=98).contains(&hits), "{name}: {hits} of {REPETITIONS}");
    }
}

#[test]
fn what_cannot_be_told_is_said() {
    let emulator = emulator();
    let observed = observed(&[0.5, 0.3, -0.2, 1.5], 5);
    let (_, found) =
        calibrate(&emulator, &observed, &[4.0, 4.0], None, &Sampling { seed: 1, walkers: 32, steps: 6000 }, &AtomicBool::new(false));
    let combinations = combinations(&found.places, PARAMETERS);
    // The first parameter and the sum are told, the difference and the idle parameter are not.
    let left: Vec<f64> = combinations.iter().map(|c| c.left).collect();
    assert!(left[0] < 0.4 && left[1] < 0.5 && left[2] > 0.8 && left[3] > 0.8, "{left:?}");
    let known: f64 = combinations[..2].iter().map(|c| c.direction[3] * c.direction[3]).sum();
    assert!(known < 0.05, "the idle parameter is in no combination that is told: {known}");
    assert!(found.disagreement < 1.05, "{}", found.disagreement);
}

#[test]
fn an_odd_study_is_weighed_down_and_moves_little() {
    let emulator = emulator();
    let mut data = observed(&[0.0; PARAMETERS], 9);
    let how = Sampling { seed: 2, walkers: 24, steps: 800 };
    let (_, before) = calibrate(&emulator, &data, &[4.0, 4.0], None, &how, &AtomicBool::new(false));
    data[6].value += 80.0;
    let (posterior, after) = calibrate(&emulator, &data, &[4.0, 4.0], None, &how, &AtomicBool::new(false));
    assert!(posterior.weights[3] < 0.2 && posterior.weights.iter().enumerate().all(|(s, w)| s == 3 || *w > 0.4), "{:?}", posterior.weights);
    let moved = quantiles(&after, &|p| p[0]).1 - quantiles(&before, &|p| p[0]).1;
    assert!(moved.abs() < 0.25, "{moved}");
}

#[test]
fn a_study_left_out_is_predicted_from_the_others() {
    let emulator = emulator();
    let how = Sampling { seed: 4, walkers: 24, steps: 500 };
    let (mut hits, mut of) = (0u32, 0u32);
    for repetition in 0..12 {
        let data = observed(&[0.8, -0.5, 0.4, 0.0], 500 + repetition);
        for study in 0..STUDIES {
            let (posterior, found) = calibrate(&emulator, &data, &[4.0, 4.0], Some(study), &how, &AtomicBool::new(false));
            let weights = posterior.seen();
            let mut rng = stream(repetition, study as u32, 0, Purpose::Fit);
            let predicted: Vec<Vec<Foreseen>> = found.places.iter().map(|p| posterior.predict(p, study)).collect();
            for (k, o) in data.iter().filter(|o| o.study == study).enumerate() {
                let mut members: Vec<f64> = predicted.iter().map(|p| p[k].draw(&weights, &mut rng)).collect();
                members.sort_by(f64::total_cmp);
                let end = |share: f64| members[(share * (members.len() - 1) as f64) as usize];
                hits += u32::from((end(0.05)..=end(0.95)).contains(&o.value));
                of += 1;
            }
        }
    }
    let coverage = f64::from(hits) / f64::from(of);
    assert!((0.84..=0.96).contains(&coverage), "{coverage} of {of}");
}

#[test]
fn scores_are_values_of_the_card() {
    let card = Distribution::Lognormal { gsd: 2.0, low: None, high: None };
    assert!((value_at(&card, 3.0, 0.0) - 3.0).abs() < 1e-9 && (value_at(&card, 3.0, 1.0) - 6.0).abs() < 1e-6);
}
