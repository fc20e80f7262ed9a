//! Numbers as a reader wants them: three significant digits, a true minus sign.

use percuta::population::Interval;

/// Decimals that give a number of this size three significant digits.
pub fn decimals(size: f64) -> usize {
    if !size.is_finite() || size.abs() < 1e-9 {
        return 0;
    }
    let exponent = size.abs().log10().floor() as i32;
    (2 - exponent).clamp(0, 9) as usize
}

/// `x` with so many decimals and a true minus sign.
pub fn fixed(x: f64, decimals: usize) -> String {
    if !x.is_finite() {
        return "n/a".into();
    }
    let text = format!("{x:.decimals$}");
    match text.strip_prefix('-') {
        Some(rest) if rest.chars().all(|c| c == '0' || c == '.') => rest.to_owned(),
        Some(rest) => format!("−{rest}"),
        None => text,
    }
}

/// `x` with three significant digits.
pub fn number(x: f64) -> String {
    fixed(x, decimals(x))
}

/// `x` with at most three significant digits and no idle zeros: for settings, which have no precision to show.
pub fn plain(x: f64) -> String {
    let text = number(x);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Median with interval, all with the decimals of the largest of them: `104 (98 to 111)`.
pub fn interval(i: &Interval) -> String {
    if i.low == i.high {
        return number(i.median);
    }
    let d = decimals(largest(i));
    // Three digits of the largest are enough beyond a thousand as well.
    let unit = if largest(i) >= 1000.0 { 10f64.powi(largest(i).log10().floor() as i32 - 2) } else { 0.0 };
    let round = |x: f64| if unit > 0.0 { (x / unit).round() * unit } else { x };
    format!("{} ({} to {})", fixed(round(i.median), d), fixed(round(i.low), d), fixed(round(i.high), d))
}

/// `x` with three significant digits of its own, however small or large: `0.0123`, `1.60e−5`, `761000`.
pub fn own_digits(x: f64) -> String {
    let size = x.abs();
    if size >= 1e6 || (size > 0.0 && size < 1e-3) {
        return format!("{x:.2e}").replace('-', "−");
    }
    let unit = if size >= 1000.0 { 10f64.powi(size.log10().floor() as i32 - 2) } else { 0.0 };
    number(if unit > 0.0 { (x / unit).round() * unit } else { x })
}

/// Median with interval over decades, each with digits of its own: `2240 (17.5 to 761000)`.
pub fn wide_interval(i: &Interval) -> String {
    if i.low == i.high {
        return own_digits(i.median);
    }
    format!("{} ({} to {})", own_digits(i.median), own_digits(i.low), own_digits(i.high))
}

/// Median with interval to so many decimals.
pub fn interval_to(i: &Interval, decimals: usize) -> String {
    format!("{} ({} to {})", fixed(i.median, decimals), fixed(i.low, decimals), fixed(i.high, decimals))
}

/// Whether a change is nothing but the rounding of a computer, for a quantity of such a size.
pub fn nothing(i: &Interval, scale: f64) -> bool {
    largest(i) <= 1e-9 * scale.abs().max(1e-9)
}

/// A change with its interval: `+4.1 (−2.0 to +11.3)`; a zero but for rounding reads `0`.
///
/// `scale` is the size of what changes: a change is not given to more digits than that size deserves.
pub fn change(i: &Interval, scale: f64) -> String {
    if nothing(i, scale) {
        return "0".into();
    }
    let d = decimals(largest(i));
    let d = if scale > 0.0 { d.min(decimals(scale) + 1) } else { d };
    format!("{} ({} to {})", with_sign(i.median, d), with_sign(i.low, d), with_sign(i.high, d))
}

/// A day: whole days without decimals.
pub fn day(d: f64) -> String {
    if (d - d.round()).abs() < 1e-6 { fixed(d, 0) } else { fixed(d, 1) }
}

fn largest(i: &Interval) -> f64 {
    i.median.abs().max(i.low.abs()).max(i.high.abs())
}

fn with_sign(x: f64, decimals: usize) -> String {
    let text = fixed(x, decimals);
    let zero = text.chars().all(|c| c == '0' || c == '.');
    if x > 0.0 && !zero { format!("+{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_significant_digits() {
        assert_eq!(number(1234.56), "1235");
        assert_eq!(number(12.345), "12.3");
        assert_eq!(number(0.012345), "0.0123");
        assert_eq!(number(-0.5), "−0.500");
        assert_eq!(number(0.0), "0");
        assert_eq!(fixed(-0.001, 1), "0.0");
    }

    #[test]
    fn an_interval_has_one_precision() {
        assert_eq!(interval(&Interval { median: 104.2, low: 98.1, high: 111.0 }), "104 (98 to 111)");
        assert_eq!(change(&Interval { median: 1.0, low: -2.0, high: 3.0 }, 1.0), "+1.00 (−2.00 to +3.00)");
        assert_eq!(change(&Interval { median: 0.001, low: -0.002, high: 0.003 }, 40.0), "0.00 (0.00 to 0.00)");
        assert_eq!(interval(&Interval { median: 100.0, low: 100.0, high: 100.0 }), "100");
        assert_eq!(change(&Interval { median: 0.0, low: 0.0, high: 0.0 }, 1.0), "0");
        assert_eq!(change(&Interval { median: 0.0, low: -3e-14, high: 2e-14 }, 100.0), "0");
        assert_eq!(interval(&Interval { median: 6116.0, low: 3672.0, high: 10_078.0 }), "6100 (3700 to 10100)");
        assert_eq!(interval_to(&Interval { median: 1.39, low: 0.33, high: 3.88 }, 1), "1.4 (0.3 to 3.9)");
        assert_eq!(plain(0.5), "0.5");
        assert_eq!(plain(1000.0), "1000");
    }

    #[test]
    fn an_interval_over_decades_keeps_the_digits_of_both_ends() {
        let i = Interval { median: 2243.8, low: 17.456, high: 761_378.9 };
        assert_eq!(wide_interval(&i), "2240 (17.5 to 761000)");
        assert_eq!(wide_interval(&Interval { median: 2.5e-5, low: 1.5e-7, high: 0.002_14 }), "2.50e−5 (1.50e−7 to 0.00214)");
        assert_eq!(own_digits(0.0), "0");
        assert_eq!(own_digits(999.96), "1000");
    }
}
