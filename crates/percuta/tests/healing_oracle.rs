//! The local healing equations against an independent integration of the same equations.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use percuta::healing::{Block, COURSE_TOLERANCE, Equations, FibroblastTgf, HealingParameters, Integrator, LANES, Step, Taken, Tolerance};
use percuta::population::{Draw, ParameterSet};

fn equations() -> Equations {
    // The oracle counts 400 macrophages per mm³ at the peak, and its elastin is switched on.
    let central = Draw::central(&ParameterSet::embedded().unwrap());
    let draw = central.with("healing.elastin_response", 1.0).unwrap().with("healing.macrophages_at_peak", 400.0).unwrap();
    Equations::new(&HealingParameters::from_draw(&draw).unwrap())
}

fn start(kind: &str, alarm: f64, p: &HealingParameters) -> Block {
    match kind {
        "core" => Block { clot: [1.0; LANES], reached_clot: [1.0; LANES], ..alarmed(alarm, Block::default()) },
        _ => alarmed(alarm, Block::at_rest(p)),
    }
}

/// The oracle's points are each alone: the alarm around a point is its own.
fn alarmed(alarm: f64, block: Block) -> Block {
    Block { alarm: [alarm; LANES], reached_alarm: [alarm; LANES], ..block }
}

fn take(h: f64, block: &mut Block, eq: &Equations) -> Taken {
    let from = *block;
    Step::new(h, eq.parameters()).take(&from, block, eq, COURSE_TOLERANCE, FibroblastTgf::Local)
}

/// Integrates to `day`; the alarm calls cells only after its delay.
fn integrate(kind: &str, alarm: f64, day: f64, tolerance: Tolerance) -> Block {
    let eq = equations();
    let p = eq.parameters();
    let mut blocks = vec![alarmed(0.0, start(kind, alarm, p))];
    let mut integrator = Integrator::with_tolerance(&eq, tolerance);
    integrator.advance(&mut blocks, (0.0, p.alarm_delay.min(day)), None, |_, _, _| {}).unwrap();
    blocks[0] = alarmed(alarm, blocks[0]);
    integrator.restart();
    integrator.advance(&mut blocks, (p.alarm_delay.min(day), day), None, |_, _, _| {}).unwrap();
    blocks[0]
}

#[test]
fn matches_the_independent_integration_to_1e_3() {
    let text = include_str!("oracles/reduced_ode.csv");
    let eq = equations();
    let r = Block::at_rest(eq.parameters());
    let rest_ratio = (r.new_iii[0] + r.mature_iii[0]) / (r.new_i[0] + r.mature_i[0]);
    let mut rows = 0;
    let mut worst = 0.0f64;
    for line in text.lines().filter(|l| !l.starts_with('#')).skip(1) {
        let f: Vec<&str> = line.split(',').collect();
        let number = |i: usize| f[i].parse::<f64>().unwrap();
        let b = integrate(f[0], number(1), number(2), COURSE_TOLERANCE);
        let collagen = b.collagen(0);
        let found = [
            b.fibroblasts[0],
            b.primed[0],
            b.myofibroblasts[0],
            collagen,
            (b.mature_i[0] + b.mature_iii[0]) / (collagen + 1e-9),
            (b.new_iii[0] + b.mature_iii[0]) / (b.new_i[0] + b.mature_i[0] + 1e-9) / rest_ratio,
            b.elastin[0],
        ];
        for (k, value) in found.iter().enumerate() {
            let error = (value - number(3 + k)).abs() / number(3 + k).abs().max(1.0);
            worst = worst.max(error);
            assert!(error < 1e-3, "{line}: column {} is {value}, off by {error:.1e}", 3 + k);
        }
        rows += 1;
    }
    assert_eq!(rows, 48);
    println!("largest difference from the oracle: {worst:.1e}");
}

#[test]
fn observed_order_is_at_least_two() {
    // Fixed steps through a stretch without kinks: from day 5 to 9 after a strong alarm the tissue is crowded
    // throughout, so neither immigration nor the crowding threshold switches.
    let eq = equations();
    let begin = integrate("shell", 1.0, 5.0, COURSE_TOLERANCE);
    let run = |n: u32| {
        let mut block = begin;
        for _ in 0..n {
            let _ = take(4.0 / f64::from(n), &mut block, &eq);
            assert!(block.fibroblasts[0] + block.primed[0] + block.myofibroblasts[0] > 1.0);
        }
        [block.primed[0], block.myofibroblasts[0], block.fibroblasts[0], block.collagen(0)]
    };
    let reference = run(16_384);
    let error = |n: u32| run(n).iter().zip(reference).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let orders: Vec<f64> = [8, 32, 128, 512].iter().map(|&n| (error(n) / error(2 * n)).log2()).collect();
    println!("observed orders: {orders:?}");
    assert!(orders.windows(2).all(|o| o[0] < o[1]), "the order should rise to its limit: {orders:?}");
    assert!(orders[3] > 1.995, "{orders:?}");
}

#[test]
fn untreated_tissue_is_an_exact_steady_state_for_ten_years() {
    let draw = Draw::central(&ParameterSet::embedded().unwrap());
    let eq = Equations::new(&HealingParameters::from_draw(&draw).unwrap());
    let start = Block::at_rest(eq.parameters());
    let mut blocks = vec![start];
    Integrator::new(&eq).advance(&mut blocks, (0.0, 3652.5), None, |_, _, _| {}).unwrap();
    let drift = blocks[0].collagen(0) - start.collagen(0);
    assert!(drift.abs() < 1e-12, "{drift:e}");
    assert!((blocks[0].fibroblasts[0] - 1.0).abs() < 1e-12 && blocks[0].primed[0] == 0.0 && blocks[0].elastin[0] == 1.0);
}

#[test]
fn states_stay_positive_and_the_matrix_ledger_closes() {
    let eq = equations();
    let p = eq.parameters();
    for (kind, alarm) in [("core", 1.0), ("core", 0.1), ("shell", 3.0), ("shell", 1e-4)] {
        for h in [0.01, 0.3, 5.0, 100.0] {
            let begin = start(kind, alarm, p);
            let mut b = begin;
            let (mut synthesised, mut degraded) = (0.0, 0.0);
            for _ in 0..60 {
                let taken = take(h, &mut b, &eq);
                synthesised += taken.synthesised[0];
                degraded += taken.degraded[0];
                assert!(b.minimum() >= 0.0, "{kind} {alarm} h={h}: {}", b.minimum());
            }
            let balance = begin.collagen(0) + synthesised - degraded - b.collagen(0);
            assert!(balance.abs() < 1e-9 * synthesised.max(1.0), "{kind} {alarm} h={h}: balance off by {balance}");
        }
    }
}

#[test]
fn the_published_anchors_are_reproduced() {
    // Core of a full-thickness cut: macrophages peak at day 3.2, myofibroblasts at day 9.5 and are half gone at day 16.9.
    let eq = equations();
    let p = eq.parameters();
    let mut blocks = vec![alarmed(0.0, start("core", 1.0, p))];
    let mut integrator = Integrator::new(&eq);
    let mut t = p.alarm_delay;
    integrator.advance(&mut blocks, (0.0, t), None, |_, _, _| {}).unwrap();
    blocks[0] = alarmed(1.0, blocks[0]);
    let (mut macrophages, mut myofibroblasts) = (Vec::new(), Vec::new());
    while t < 40.0 {
        integrator.advance(&mut blocks, (t, t + 0.1), None, |_, _, _| {}).unwrap();
        t += 0.1;
        macrophages.push((blocks[0].inflammatory[0] + blocks[0].reparative[0], t));
        myofibroblasts.push((blocks[0].myofibroblasts[0], t));
    }
    let peak = |v: &[(f64, f64)]| v.iter().copied().fold((0.0, 0.0), |a, b| if b.0 > a.0 { b } else { a });
    assert!((peak(&macrophages).1 - 3.2).abs() < 0.15);
    let (top, when) = peak(&myofibroblasts);
    assert!((when - 9.5).abs() < 0.3, "{when}");
    let half = myofibroblasts.iter().find(|(v, t)| *t > when && *v < 0.5 * top).unwrap().1;
    assert!((half - 16.9).abs() < 0.3, "{half}");
}

#[test]
fn original_matrix_is_what_was_neither_cut_nor_dissolved() {
    // Inflammation dissolves it at the mean rate of resting matrix times the macrophage signal, whose integral after an alarm is
    // twice the time a macrophage stays over the normalisation of the peak.
    let eq = equations();
    let p = eq.parameters();
    let rest = Block::at_rest(p);
    let rate = p.inflammatory_loss_new * (rest.new_i[0] + p.iii_turnover * rest.new_iii[0])
        + p.inflammatory_loss_mature * (rest.mature_i[0] + p.iii_turnover * rest.mature_iii[0]);
    for (cut, alarm) in [(0.0, 0.0), (0.05, 0.05), (0.3, 1.0)] {
        let mut blocks = vec![rest];
        (0..LANES).for_each(|lane| blocks[0].lyse(lane, cut, 0.0));
        blocks[0] = alarmed(alarm, blocks[0]);
        Integrator::new(&eq).advance(&mut blocks, (0.0, 200.0), None, |_, _, _| {}).unwrap();
        let exact = (1.0 - cut) * (-rate * alarm * 2.0 / p.macrophage_turnover / p.macrophage_peak).exp();
        assert!((blocks[0].original[0] - exact).abs() < 2e-5, "{} for {exact}", blocks[0].original[0]);
    }
    assert_eq!(rest.original[0], 1.0);
}

#[test]
fn vectors_do_not_change_a_bit() {
    let eq = equations();
    let p = eq.parameters();
    let mut start = vec![Block::at_rest(p); 5];
    for (k, block) in start.iter_mut().enumerate() {
        for lane in 0..LANES {
            let (lysed, reached) = (0.01 * (k * lane % 7) as f64, 1e-3 * (1 + k + lane) as f64);
            block.lyse(lane, lysed, reached);
            block.raise_alarm(lane, lysed, reached);
        }
    }
    let run = |mut integrator: Integrator| {
        let mut blocks = start.clone();
        integrator.advance(&mut blocks, (0.0, 40.0), None, |_, _, _| {}).unwrap();
        (blocks, integrator.steps, integrator.ledger)
    };
    let (plain, vector) = (run(Integrator::new(&eq).scalar()), run(Integrator::new(&eq)));
    assert!(plain.1 > 50);
    assert!(plain == vector);
}
