//! Skin tone: one continuous melanosome fraction, and the scales that are views of it.

use serde::Serialize;

use super::tone_table::TABLE;

/// Constitutive skin tone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Tone {
    /// Volume fraction of melanosomes in the epidermis, 0 to 1.
    pub melanosome_fraction: f64,
}

/// Skin colour in CIELAB (D65, 2 degrees).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Lab {
    /// Lightness.
    pub l: f64,
    /// Red-green.
    pub a: f64,
    /// Yellow-blue.
    pub b: f64,
}

/// Colour class by individual typology angle (Chardon 1991, Int J Cosmet Sci 13:191-208). Not a Fitzpatrick type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItaClass {
    /// Above 55 degrees.
    VeryLight,
    /// Above 41 to 55 degrees.
    Light,
    /// Above 28 to 41 degrees.
    Intermediate,
    /// Above 10 to 28 degrees.
    Tan,
    /// Above -30 to 10 degrees.
    Brown,
    /// -30 degrees and below.
    Dark,
}

impl Lab {
    /// Individual typology angle, degrees: arctan((L* - 50) / b*) (Chardon et al. 1991 Int J Cosmet Sci 13:191).
    #[must_use]
    pub fn ita_deg(&self) -> f64 {
        (self.l - 50.0).atan2(self.b).to_degrees()
    }
}

impl ItaClass {
    /// The class of an individual typology angle in degrees.
    #[must_use]
    pub fn of(ita_deg: f64) -> Self {
        let above = TABLE.ita_above;
        match ita_deg {
            x if x > above.very_light => Self::VeryLight,
            x if x > above.light => Self::Light,
            x if x > above.intermediate => Self::Intermediate,
            x if x > above.tan => Self::Tan,
            x if x > above.brown => Self::Brown,
            _ => Self::Dark,
        }
    }

    /// Name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::VeryLight => "very light",
            Self::Light => "light",
            Self::Intermediate => "intermediate",
            Self::Tan => "tan",
            Self::Brown => "brown",
            Self::Dark => "dark",
        }
    }
}

impl Tone {
    /// From the volume fraction of melanosomes in the epidermis, within the range of the tone table (0.005 to 0.43).
    #[must_use]
    pub fn from_melanosome_fraction(fraction: f64) -> Option<Self> {
        let (low, high) = TABLE.range()?;
        (low..=high).contains(&fraction).then_some(Self { melanosome_fraction: fraction })
    }

    /// From a Fitzpatrick type, `"I"` to `"VI"`: the typical fraction of that type, which is a convention.
    #[must_use]
    pub fn from_fitzpatrick(phototype: &str) -> Option<Self> {
        TABLE.phototypes.iter().find(|p| p.phototype == phototype).map(|p| Self { melanosome_fraction: p.typical })
    }

    /// Individual typology angles of the darkest and of the lightest tone, degrees.
    #[must_use]
    pub fn ita_range() -> Option<(f64, f64)> {
        TABLE.ita_range()
    }

    /// From an individual typology angle in degrees, within the range of the tone table.
    #[must_use]
    pub fn from_ita(ita_deg: f64) -> Option<Self> {
        if !ita_deg.is_finite() || ita_deg.abs() >= 90.0 {
            return None;
        }
        TABLE.fraction_at_ita(ita_deg).map(|melanosome_fraction| Self { melanosome_fraction })
    }

    /// From a measured colour, through its individual typology angle. A colour far from every tone of skin gives `None`.
    #[must_use]
    pub fn from_lab(l: f64, a: f64, b: f64) -> Option<Self> {
        if b.is_nan() || b <= 0.0 {
            return None;
        }
        let tone = Self::from_ita(Lab { l, a, b }.ita_deg())?;
        let on_curve = tone.lab();
        let difference = (l - on_curve.l).hypot(a - on_curve.a).hypot(b - on_curve.b);
        (difference <= TABLE.lab_tolerance).then_some(tone)
    }

    /// The Fitzpatrick type in whose range the fraction lies; a convention, since the type is not a colour.
    #[must_use]
    pub fn fitzpatrick(&self) -> &'static str {
        let types = &TABLE.phototypes;
        types.iter().find(|p| self.melanosome_fraction <= p.up_to).or(types.last()).map_or("", |p| p.phototype.as_str())
    }

    /// Individual typology angle, degrees.
    #[must_use]
    pub fn ita_deg(&self) -> f64 {
        self.lab().ita_deg()
    }

    /// Class of the individual typology angle.
    #[must_use]
    pub fn ita_class(&self) -> ItaClass {
        ItaClass::of(self.ita_deg())
    }

    /// Colour in CIELAB; outside the range of the tone table, the colour of its nearest end.
    #[must_use]
    pub fn lab(&self) -> Lab {
        TABLE.lab(self.melanosome_fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitzpatrick_types_come_back_and_grow_darker() {
        let mut last = 0.0;
        for phototype in ["I", "II", "III", "IV", "V", "VI"] {
            let tone = Tone::from_fitzpatrick(phototype).unwrap();
            assert_eq!(tone.fitzpatrick(), phototype);
            assert!(tone.melanosome_fraction > last);
            last = tone.melanosome_fraction;
        }
        for nonsense in ["", "VII", "iii", "3", "0"] {
            assert_eq!(Tone::from_fitzpatrick(nonsense), None);
        }
    }

    #[test]
    fn ita_comes_back() {
        let (darkest, lightest) = Tone::ita_range().unwrap();
        assert!(darkest < -75.0 && lightest > 69.0, "{darkest} {lightest}");
        for tenth in -750..=690 {
            let ita = f64::from(tenth) / 10.0;
            let tone = Tone::from_ita(ita).unwrap();
            assert!((tone.ita_deg() - ita).abs() < 1e-9, "{ita} came back as {}", tone.ita_deg());
        }
        for outside in [lightest + 0.1, darkest - 0.1, 90.0, -90.0, 120.0, 250.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Tone::from_ita(outside), None, "{outside}");
        }
    }

    #[test]
    fn fraction_and_colour_come_back() {
        for i in 0..=500 {
            let fraction = (0.005 * (0.43_f64 / 0.005).powf(f64::from(i) / 500.0)).min(0.43);
            let tone = Tone::from_melanosome_fraction(fraction).unwrap();
            assert_eq!(tone.melanosome_fraction, fraction);
            let Lab { l, a, b } = tone.lab();
            let again = Tone::from_lab(l, a, b).unwrap();
            assert!((again.melanosome_fraction / fraction - 1.0).abs() < 1e-9, "{fraction}");
        }
        for outside in [0.0, 0.0049, 0.4301, 1.0, -0.1, f64::NAN] {
            assert_eq!(Tone::from_melanosome_fraction(outside), None, "{outside}");
        }
    }

    #[test]
    fn what_is_no_skin_is_no_tone() {
        assert_eq!(Tone::from_lab(60.0, -60.0, 15.0), None, "green");
        assert_eq!(Tone::from_lab(60.0, 10.0, -5.0), None, "blue");
        assert_eq!(Tone::from_lab(60.0, 10.0, 0.0), None);
        assert_eq!(Tone::from_lab(f64::NAN, 10.0, 15.0), None);
        assert_eq!(Tone::from_lab(60.0, f64::NAN, 15.0), None);
        assert_eq!(Tone::from_lab(60.0, 10.0, f64::INFINITY), None);
    }

    #[test]
    fn published_group_colours_fall_into_their_melanosome_ranges() {
        // Alaluf 2002 group means against the ranges of Jacques 1998.
        let fraction = |l, a, b| Tone::from_lab(l, a, b).unwrap().melanosome_fraction;
        assert!((0.013..0.063).contains(&fraction(65.0, 7.1, 13.3)), "Europeans: light");
        assert!((0.013..0.063).contains(&fraction(66.1, 9.6, 15.3)), "NIST mean: light");
        // Below the moderate and the dark range; absorption of African epidermis measured at 694 nm gives 0.11.
        assert!((0.063..0.11).contains(&fraction(53.7, 10.3, 17.9)), "Indians: between light and moderate");
        assert!((0.1..0.13).contains(&fraction(49.2, 10.2, 18.4)), "Africans: as at 694 nm");
    }

    #[test]
    fn ita_classes_keep_their_limits() {
        let expected = [
            (55.1, ItaClass::VeryLight),
            (55.0, ItaClass::Light),
            (41.0, ItaClass::Intermediate),
            (28.0, ItaClass::Tan),
            (10.0, ItaClass::Brown),
            (-29.9, ItaClass::Brown),
            (-30.0, ItaClass::Dark),
        ];
        for (ita, class) in expected {
            assert_eq!(ItaClass::of(ita), class, "{ita}");
        }
        assert_eq!(Tone::from_ita(47.0).unwrap().ita_class().name(), "light");
    }

    #[test]
    fn views_never_leave_the_table() {
        let pale = Tone { melanosome_fraction: 0.0 };
        assert_eq!(pale.lab(), Tone { melanosome_fraction: 0.005 }.lab());
        assert_eq!(pale.fitzpatrick(), "I");
        assert_eq!(Tone { melanosome_fraction: 0.9 }.fitzpatrick(), "VI");
    }
}
