//! How long a needle tip is in the skin, and what it drags through it meanwhile.

use std::f64::consts::PI;

/// Share of a stroke cycle during which the tip is deeper than `depth_um` (0 is the skin surface).
///
/// The tip moves sinusoidally over `stroke_um` and reaches `protrusion_um` at its lowest, so it stands at
/// `p - S/2 (1 - cos φ)`. A stroke shorter than the protrusion cannot be: it is taken as long as the protrusion.
#[must_use]
pub fn share_below(depth_um: f64, protrusion_um: f64, stroke_um: f64) -> f64 {
    let stroke = stroke_um.max(protrusion_um);
    if protrusion_um <= depth_um || stroke <= 0.0 {
        return 0.0;
    }
    (1.0 - 2.0 * (protrusion_um - depth_um) / stroke).clamp(-1.0, 1.0).acos() / PI
}

/// Time per stroke that the tip is deeper than `depth_um`, s.
#[must_use]
pub fn dwell_s(depth_um: f64, protrusion_um: f64, stroke_um: f64, frequency_hz: f64) -> f64 {
    share_below(depth_um, protrusion_um, stroke_um) / frequency_hz
}

/// Way a pen glides while the tip is below the surface, µm.
#[must_use]
pub fn pen_drag_um(protrusion_um: f64, stroke_um: f64, frequency_hz: f64, glide_um_per_s: f64) -> f64 {
    glide_um_per_s * dwell_s(0.0, protrusion_um, stroke_um, frequency_hz)
}

/// Way the tip of a roller's needle is swept along the surface from its entry to its exit, µm.
///
/// A tip `depth_um` outside a drum that rolls without slipping follows a prolate trochoid; it enters and leaves
/// at the angle `a` with `cos a = R / (R + p)`, `2 [(R + p) sin a - R a]` apart.
#[must_use]
pub fn roller_drag_um(depth_um: f64, drum_radius_um: f64) -> f64 {
    if depth_um <= 0.0 {
        return 0.0;
    }
    let tip = drum_radius_um + depth_um;
    let angle = (drum_radius_um / tip).acos();
    2.0 * (tip * angle.sin() - drum_radius_um * angle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worked_values_of_a_pen_stroke() {
        // Stroke 2.5 mm at 7000 rpm, glide 20 mm/s.
        let frequency = 7000.0 / 60.0;
        for (p, share, ms, slit) in [(500.0, 0.30, 2.5, 51.0), (1000.0, 0.44, 3.7, 75.0), (1500.0, 0.56, 4.8, 97.0)] {
            assert!((share_below(0.0, p, 2500.0) - share).abs() < 0.006);
            assert!((1e3 * dwell_s(0.0, p, 2500.0, frequency) - ms).abs() < 0.05);
            assert!((pen_drag_um(p, 2500.0, frequency, 20_000.0) - slit).abs() < 0.6);
        }
    }

    #[test]
    fn a_needle_that_never_leaves_the_skin_stays_the_whole_cycle() {
        assert!((share_below(0.0, 1000.0, 1000.0) - 1.0).abs() < 1e-12);
        assert!((share_below(0.0, 1000.0, 200.0) - 1.0).abs() < 1e-12, "a stroke below the protrusion counts as the protrusion");
        assert!((share_below(500.0, 1000.0, 1000.0) - 0.5).abs() < 1e-12);
        assert_eq!(share_below(1000.0, 1000.0, 2000.0), 0.0);
        assert_eq!(share_below(0.0, 0.0, 0.0), 0.0);
    }

    #[test]
    fn the_trochoid_agrees_with_a_traced_one() {
        let (r, p) = (10_000.0_f64, 1500.0_f64);
        // Trace the tip: it is below the surface while (R + p) cos a > R.
        let x = |a: f64| r * a - (r + p) * a.sin();
        let mut angle = 0.0;
        while (r + p) * f64::cos(angle) > r {
            angle += 1e-6;
        }
        assert!((roller_drag_um(p, r) - (x(-angle) - x(angle))).abs() < 0.05);
        assert_eq!(roller_drag_um(0.0, r), 0.0);
    }
}
