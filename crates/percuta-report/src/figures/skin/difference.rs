//! The difference of two colours as people see it.

use percuta::skin::Lab;

/// CIELAB (D65, 2 degrees) of a colour in linear sRGB (IEC 61966-2-1).
#[must_use]
pub fn lab([r, g, b]: [f64; 3]) -> Lab {
    let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175_0 * b;
    let z = (0.019_333_9 * r + 0.119_192_0 * g + 0.950_304_1 * b) / 1.088_83;
    let root = |t: f64| if t > (6.0f64 / 29.0).powi(3) { t.cbrt() } else { t / (3.0 * (6.0f64 / 29.0).powi(2)) + 4.0 / 29.0 };
    let (x, y, z) = (root(x), root(y), root(z));
    Lab { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
}

/// CIEDE2000 (ISO/CIE 11664-6), unit weights; the names are those of Sharma et al. 2005, Color Res Appl 30:21.
#[must_use]
pub fn ciede2000(one: Lab, two: Lab) -> f64 {
    let seventh = |c: f64| (c.powi(7) / (c.powi(7) + 25f64.powi(7))).sqrt();
    let mean_c = 0.5 * (one.a.hypot(one.b) + two.a.hypot(two.b));
    let g = 1.0 + 0.5 * (1.0 - seventh(mean_c));
    let hue = |a: f64, b: f64| if a == 0.0 && b == 0.0 { 0.0 } else { b.atan2(a).to_degrees().rem_euclid(360.0) };
    let (c1, c2) = ((g * one.a).hypot(one.b), (g * two.a).hypot(two.b));
    let (h1, h2) = (hue(g * one.a, one.b), hue(g * two.a, two.b));
    let grey = c1 * c2 == 0.0;

    // The shorter way round, and the mean on it.
    let turn = match h2 - h1 {
        _ if grey => 0.0,
        d if d > 180.0 => d - 360.0,
        d if d < -180.0 => d + 360.0,
        d => d,
    };
    let mean_h = match h1 + h2 {
        sum if grey => sum,
        sum if (h1 - h2).abs() <= 180.0 => 0.5 * sum,
        sum if sum < 360.0 => 0.5 * (sum + 360.0),
        sum => 0.5 * (sum - 360.0),
    };
    let (d_l, d_c, d_h) = (two.l - one.l, c2 - c1, 2.0 * (c1 * c2).sqrt() * (0.5 * turn).to_radians().sin());
    let (l, c) = (0.5 * (one.l + two.l), 0.5 * (c1 + c2));
    let cosine = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cosine(mean_h - 30.0) + 0.24 * cosine(2.0 * mean_h) + 0.32 * cosine(3.0 * mean_h + 6.0)
        - 0.20 * cosine(4.0 * mean_h - 63.0);
    let off = (l - 50.0).powi(2);
    let (s_l, s_c, s_h) = (1.0 + 0.015 * off / (20.0 + off).sqrt(), 1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let rotation = -2.0 * seventh(c) * (60.0 * (-((mean_h - 275.0) / 25.0).powi(2)).exp()).to_radians().sin();
    let (l, c, h) = (d_l / s_l, d_c / s_c, d_h / s_h);
    (l * l + c * c + h * h + rotation * c * h).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_pairs() {
        // Pairs of the table of Sharma, Wu & Dalal 2005: around blue, near grey, across the hue circle, and large.
        for (one, two, expected) in [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, -1.1848, -84.8006], [50.0, 0.0, -82.7485], 1.0000),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
            ([50.0, 2.4900, -0.0010], [50.0, -2.4900, 0.0011], 7.2195),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
            ([50.0, 2.5, 0.0], [61.0, -5.0, 29.0], 22.8977),
            ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
            ([22.7233, 20.0904, -46.6940], [23.0331, 14.9730, -42.5619], 2.0373),
        ] {
            let lab = |[l, a, b]: [f64; 3]| Lab { l, a, b };
            assert!((ciede2000(lab(one), lab(two)) - expected).abs() < 1e-4, "{} {expected}", ciede2000(lab(one), lab(two)));
            assert!((ciede2000(lab(two), lab(one)) - expected).abs() < 1e-4);
        }
    }

    #[test]
    fn lab_of_known_colours() {
        let white = lab([1.0; 3]);
        assert!((white.l - 100.0).abs() < 1e-3 && white.a.abs() < 0.01 && white.b.abs() < 0.02);
        let red = lab([1.0, 0.0, 0.0]);
        assert!((red.l - 53.2408).abs() < 1e-3 && (red.a - 80.0925).abs() < 0.02 && (red.b - 67.2032).abs() < 0.02);
    }
}
