//! Functions whose indices are known.

use std::convert::Infallible;
use std::f64::consts::PI;

use super::*;
use crate::course::in_pool;

/// Half-width of a 99 % interval over that of a 90 % one, for eight randomisations (Student's t): sixteen indices are looked at in one test.
const IN_99: f64 = 3.499 / 1.895;

type Known = (Vec<f64>, Vec<f64>);

/// Ishigami and Homma 1990 with a = 7 and b = 0.1, and a fourth input that does nothing.
fn ishigami(u: &[f64]) -> f64 {
    let x: Vec<f64> = u.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

/// First-order and total indices of that function.
fn ishigami_indices() -> Known {
    let (a, b) = (7.0, 0.1);
    let v1 = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
    let v2 = a * a / 8.0;
    let v13 = b * b * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
    let v = v1 + v2 + v13;
    (vec![v1 / v, v2 / v, 0.0, 0.0], vec![(v1 + v13) / v, v2 / v, v13 / v, 0.0])
}

/// Coefficients of the g-function (Sobol'): from a strong input to weak ones.
const G: [f64; 8] = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];

fn g(u: &[f64]) -> f64 {
    u.iter().zip(G).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
}

fn g_indices() -> Known {
    let own: Vec<f64> = G.iter().map(|a| 1.0 / (3.0 * (1.0 + a).powi(2))).collect();
    let all: f64 = own.iter().map(|v| 1.0 + v).product();
    let total = own.iter().map(|v| v * all / (1.0 + v) / (all - 1.0)).collect();
    (own.iter().map(|v| v / (all - 1.0)).collect(), total)
}

fn analysed(inputs: usize, samples: u32, seed: u64, f: impl Fn(&[f64]) -> Vec<f64> + Sync) -> Vec<Option<OutputIndices>> {
    let Ok(found) = sobol(&Design::each(inputs, samples, seed), &|u| Ok::<_, Infallible>(f(u)));
    found
}

/// Estimates with their errors beside the known indices.
fn beside(found: &OutputIndices, (first, total): &Known) -> Vec<(Index, f64)> {
    let firsts = found.factors.iter().map(|f| f.first).zip(first.iter().copied());
    let totals = found.factors.iter().map(|f| f.total).zip(total.iter().copied());
    firsts.chain(totals).collect()
}

#[test]
fn the_indices_of_ishigami_lie_in_their_error_bars() {
    let found = analysed(4, 4096, 1, |u| vec![ishigami(u)])[0].clone().unwrap();
    for (index, known) in beside(&found, &ishigami_indices()) {
        assert!((index.value - known).abs() <= IN_99 * index.error, "{index:?} beside {known}");
        assert!(index.error < 0.04, "{index:?}");
    }
    assert!((found.mean - 3.5).abs() < 0.01 && (found.variance - 13.8446).abs() < 0.1, "{} {}", found.mean, found.variance);
}

#[test]
fn the_indices_of_the_g_function_lie_in_their_error_bars() {
    let found = analysed(8, 4096, 1, |u| vec![g(u)])[0].clone().unwrap();
    let pairs = beside(&found, &g_indices());
    let outside: Vec<_> = pairs.iter().filter(|(i, known)| (i.value - known).abs() > IN_99 * i.error).collect();
    // The error of a quasi-random sample has heavier tails than Student's t.
    assert!(outside.len() <= 1, "{outside:?}");
    for (index, known) in pairs {
        assert!((index.value - known).abs() < 0.01 && index.error < 0.03, "{index:?} beside {known}");
    }
}

#[test]
fn nine_in_ten_error_bars_hold_the_known_index() {
    let (mut held, mut all) = (0, 0);
    for seed in 0..60 {
        let of_ishigami = analysed(4, 512, seed, |u| vec![ishigami(u)])[0].clone().unwrap();
        let of_g = analysed(8, 512, seed, |u| vec![g(u)])[0].clone().unwrap();
        // What is exactly zero is met exactly and says nothing of the error bars.
        let pairs = beside(&of_ishigami, &ishigami_indices()).into_iter().chain(beside(&of_g, &g_indices()));
        for (index, known) in pairs.filter(|p| p.0.error > 0.0) {
            all += 1;
            held += u32::from((index.value - known).abs() <= index.error);
        }
    }
    let share = f64::from(held) / f64::from(all);
    assert!((0.85..0.97).contains(&share), "{share}");
}

#[test]
fn a_constant_output_has_no_indices_and_an_idle_input_none_of_the_variance() {
    let found = analysed(4, 64, 3, |u| vec![7.25, ishigami(u), 0.0, 1e9]);
    assert!(found[0].is_none() && found[2].is_none() && found[3].is_none());
    let idle = found[1].as_ref().unwrap().factors[3];
    assert_eq!((idle.first.value, idle.total.value, idle.total.error), (0.0, 0.0, 0.0));
    assert!(found[1].as_ref().unwrap().factors.iter().all(|f| f.first.error.is_finite() && f.total.error.is_finite()));
}

#[test]
fn a_group_has_the_variance_of_its_inputs_together() {
    // x1 and x3 of Ishigami act together only; with x2 and the idle input on their own the model is additive.
    let f = |u: &[f64]| Ok::<_, Infallible>(vec![ishigami(&[u[0], u[2], u[1], u[3]])]);
    let Ok(found) = sobol(&Design { factors: vec![0..2, 2..3, 3..4], samples: 4096, seed: 5 }, &f);
    let [together, alone, idle] = found[0].as_ref().unwrap().factors[..] else { panic!() };
    let known = ishigami_indices().1;
    for index in [together.first, together.total] {
        assert!((index.value - known[0]).abs() <= index.error.max(0.005), "{index:?}");
    }
    assert!((alone.first.value - known[1]).abs() <= alone.first.error.max(0.005));
    assert_eq!(idle.total.value, 0.0);
}

#[test]
fn three_hundred_inputs_are_independent_of_each_other() {
    // Additive with equal weights: each input has the same share. Inputs 0, 8, 16 and so on have the same dimension in other scramblings.
    let found = analysed(300, 1024, 1, |u| vec![u.iter().sum()])[0].clone().unwrap();
    let sum: f64 = found.factors.iter().map(|f| f.first.value).sum();
    assert!((sum - 1.0).abs() < 0.15, "{sum}");
    let mean_total = found.factors.iter().map(|f| f.total.value).sum::<f64>() / 300.0;
    assert!((mean_total * 300.0 - 1.0).abs() < 0.15, "{mean_total}");
    for f in &found.factors {
        assert!((f.total.value * 300.0 - 1.0).abs() < 0.6, "{f:?}");
    }
    assert!((found.variance - 25.0).abs() < 0.15 * 25.0, "inputs are independent of each other: {}", found.variance);
}

#[test]
fn a_screening_ranks_the_inputs() {
    let Ok(shares) = screen(&Design::each(8, 32, 1), &|u| Ok::<_, Infallible>(vec![g(u), 1.0]));
    let mut order: Vec<usize> = (0..8).collect();
    order.sort_by(|&a, &b| shares[0][b].total_cmp(&shares[0][a]));
    assert_eq!(order[..4], [0, 1, 2, 3]);
    assert!((shares[0].iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(shares[1].iter().all(|s| *s == 0.0), "nothing changes");
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let of = |threads: usize| in_pool(Some(threads), || analysed(4, 128, 9, |u| vec![ishigami(u), u[3]])).unwrap();
    assert_eq!(of(1), of(2));
    assert_ne!(of(1), analysed(4, 128, 10, |u| vec![ishigami(u), u[3]]));
}

#[test]
fn an_error_of_the_function_ends_the_analysis() {
    let f = |u: &[f64]| if u[0] > 0.9 { Err("too far") } else { Ok(vec![u[0]]) };
    assert_eq!(sobol(&Design::each(2, 64, 1), &f).unwrap_err(), "too far");
    assert_eq!(screen(&Design::each(2, 64, 1), &f).unwrap_err(), "too far");
}
