//! Regression on a published model: Waugh & Sherratt 2006, Bull Math Biol 68:197 (BioModels 680).
//! Macrophages of two kinds and TGF-β in a diabetic (a = 0.8) and a normal (a = 0.5) wound.

/// Inflammatory and reparative macrophages (cells/mm³) and TGF-β (pg/mm³).
type State = [f64; 3];

fn derivative(s: State, a: f64) -> State {
    let [i, r, t] = s;
    let influx = -2.47 * t.powi(3) + 21.94 * t * t + 6.41 * t + 1.75;
    let growth = 0.05 * 0.693 * (1.0 - 0.002 * (i + r));
    [a * influx + growth * i - 0.2 * i, (1.0 - a) * influx + growth * r - 0.2 * r, 0.07 * i - 9.1 * t]
}

fn integrate(a: f64, days: f64) -> State {
    let steps = (days * 400.0) as usize;
    let h = days / steps as f64;
    let mut s = [200.0, 200.0, 6.0];
    let along = |s: State, k: State, c: f64| [s[0] + c * k[0], s[1] + c * k[1], s[2] + c * k[2]];
    for _ in 0..steps {
        let k1 = derivative(s, a);
        let k2 = derivative(along(s, k1, 0.5 * h), a);
        let k3 = derivative(along(s, k2, 0.5 * h), a);
        let k4 = derivative(along(s, k3, h), a);
        for j in 0..3 {
            s[j] += h / 6.0 * (k1[j] + 2.0 * k2[j] + 2.0 * k3[j] + k4[j]);
        }
    }
    s
}

#[test]
fn printed_digits_are_met() {
    let table = [
        (0.5, 1.0, [204.154, 204.154, 1.5802]),
        (0.5, 5.0, [160.426, 160.426, 1.2431]),
        (0.5, 10.0, [110.679, 110.679, 0.8591]),
        (0.5, 20.0, [43.854, 43.854, 0.3410]),
        (0.5, 200.0, [6.365, 6.365, 0.0490]),
        (0.8, 1.0, [232.913, 181.734, 1.7837]),
        (0.8, 5.0, [292.675, 130.070, 2.2336]),
        (0.8, 10.0, [476.361, 140.036, 3.6170]),
        (0.8, 20.0, [899.666, 226.987, 6.9172]),
        (0.8, 200.0, [905.773, 226.443, 6.9675]),
    ];
    for (a, day, expected) in table {
        let found = integrate(a, day);
        for (k, digits) in [(0, 6e-4), (1, 6e-4), (2, 6e-5)] {
            assert!((found[k] - expected[k]).abs() < digits, "a = {a}, day {day}: {found:?} against {expected:?}");
        }
    }
}

#[test]
fn a_normal_wound_resolves_and_a_diabetic_one_stays_inflamed() {
    assert!(integrate(0.5, 60.0)[0] < 10.0);
    assert!(integrate(0.8, 60.0)[0] > 900.0);
}
