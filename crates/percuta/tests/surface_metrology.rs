//! Areal parameters beside independent software.
//!
//! The surface is a formula, so that both sides compute it themselves. The numbers are those of surfalize 0.19.2 (PyPI;
//! Schell, Zwahr & Lasagni 2024 Nanomaterials 13:1076) under Python 3.11 with NumPy 2.4.6:
//! `Surface(z, 10, 10).level()`, then each parameter with its defaults.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::f64::consts::PI;

use percuta::appearance::relief::{Filtration, Form, HeightMap, areal};

/// Furrows in three bent directions on a slope.
fn furrows(x: f64, y: f64) -> f64 {
    let line = |u: f64, period: f64| 1.0 / (3.0 * (PI * u / period).sin()).cosh();
    let (bent, swung) = (160.0 * (y / 410.0).sin(), 210.0 * (x / 530.0 + 1.0).sin());
    let three = 40.0 * line(x + 0.3 * y + bent, 310.0) + 25.0 * line(y - 0.6 * x + swung, 450.0) + 30.0 * line(x - y + bent - swung, 390.0);
    0.004 * x - 0.007 * y - three
}

#[test]
fn areal_parameters_agree_with_surfalize() {
    let map = HeightMap::from_function(400, 320, 10.0, furrows).unwrap();
    let plane = Filtration { s_um: None, form: Form::Plane, l_um: None };
    let p = areal(&map, &plane).unwrap().parameters;
    let exact = [
        ("Sa", p.sa_um, 13.536_797_994_906),
        ("Sq", p.sq_um, 16.527_049_632_893),
        ("Sz", p.sz_um, 86.466_913_335_993),
        ("Sp", p.sp_um, 26.384_890_671_698),
        ("Sv", p.sv_um, 60.082_022_664_295),
        ("Ssk", p.ssk.unwrap(), -0.553_062_456_982),
        ("Sku", p.sku.unwrap(), 2.762_492_452_254),
    ];
    for (name, found, other) in exact {
        assert!((found / other - 1.0).abs() < 1e-10, "{name}: {found} beside {other}");
    }
    // It finds the decay on the nearest of a thousand points between two pixels.
    for (name, found, other) in [("Sal", p.sal_um.unwrap(), 69.932_082), ("Str", p.str.unwrap(), 0.622_062_5)] {
        assert!((found / other - 1.0).abs() < 0.002, "{name}: {found} beside {other}");
    }
    // It takes slopes between neighbours, which see waves of a few pixels less steep than the seven-point formula.
    for (name, found, other) in [("Sdq", p.sdq, 0.447_224_85), ("Sdr", p.sdr, 0.091_799_67)] {
        assert!((found / other - 1.0).abs() < 0.01 && found > other, "{name}: {found} beside {other}");
    }
}
