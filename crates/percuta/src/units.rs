//! Quantities with units as strings, read by a units library into the units the model works in.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use uom::si::f64 as si;

/// What a quantity measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Length, inside in µm.
    Length,
    /// Time span, inside in days.
    Duration,
    /// Speed, inside in µm/s.
    Speed,
    /// Plane angle, inside in degrees.
    Angle,
    /// Area, inside in cm².
    Area,
    /// Mass per volume, inside in mg/mL.
    Concentration,
    /// Volume per area, inside in µL/cm².
    Dose,
    /// Share of a whole, inside as a fraction (`30 %` is 0.3).
    Share,
    /// Temperature, inside in °C.
    Temperature,
    /// Permeability coefficient, inside in cm/h.
    Permeability,
    /// Number per area, inside per cm².
    Density,
}

const DIMENSIONS: [Dimension; 11] = [
    Dimension::Length,
    Dimension::Duration,
    Dimension::Speed,
    Dimension::Angle,
    Dimension::Area,
    Dimension::Concentration,
    Dimension::Dose,
    Dimension::Share,
    Dimension::Temperature,
    Dimension::Permeability,
    Dimension::Density,
];

impl Dimension {
    /// Name with article, e.g. `a length`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Length => "a length",
            Self::Duration => "a duration",
            Self::Speed => "a speed",
            Self::Angle => "an angle",
            Self::Area => "an area",
            Self::Concentration => "a concentration",
            Self::Dose => "a volume per area",
            Self::Share => "a percentage",
            Self::Temperature => "a temperature",
            Self::Permeability => "a permeability",
            Self::Density => "a number per area",
        }
    }

    /// Units that messages propose.
    #[must_use]
    pub fn units(self) -> &'static str {
        match self {
            Self::Length => "mm, µm, um, cm",
            Self::Duration => "d, weeks, h, min, s, years",
            Self::Speed => "mm/s, cm/s",
            Self::Angle => "deg, °, rad",
            Self::Area => "cm², cm2, mm²",
            Self::Concentration => "mg/mL, g/L, µg/mL",
            Self::Dose => "µL/cm², uL/cm2, mL/cm²",
            Self::Share => "%",
            Self::Temperature => "°C, degC, K",
            Self::Permeability => "cm/h, cm/s",
            Self::Density => "/cm², /cm2, /mm²",
        }
    }

    /// A well-formed quantity.
    #[must_use]
    pub fn example(self) -> &'static str {
        match self {
            Self::Length => "1.5 mm",
            Self::Duration => "28 d",
            Self::Speed => "20 mm/s",
            Self::Angle => "45 deg",
            Self::Area => "20 cm²",
            Self::Concentration => "5 mg/mL",
            Self::Dose => "10 µL/cm²",
            Self::Share => "30 %",
            Self::Temperature => "32 °C",
            Self::Permeability => "1e-3 cm/h",
            Self::Density => "100 /cm²",
        }
    }

    /// Whether a value may be below zero.
    fn signed(self) -> bool {
        matches!(self, Self::Angle | Self::Temperature)
    }

    /// Value of `number` `unit` in the inside unit, if `unit` is a unit of this dimension.
    fn read(self, number: f64, unit: &str) -> Option<f64> {
        use uom::si::{angle, area, length, mass_concentration, ratio, time, velocity, volume};
        if unit.is_empty() {
            return None;
        }
        // The units library separates number and unit at one blank. A unit of 1 keeps its parser away from the number's formats.
        let one = format!("1 {unit}");
        let factor = match self {
            Self::Length => one.parse::<si::Length>().ok()?.get::<length::micrometer>(),
            Self::Duration => match unit {
                // The library knows no week.
                "week" | "weeks" => 7.0,
                _ => one.parse::<si::Time>().ok()?.get::<time::day>(),
            },
            Self::Speed => one.parse::<si::Velocity>().ok()?.get::<velocity::micrometer_per_second>(),
            Self::Angle => one.parse::<si::Angle>().ok()?.get::<angle::degree>(),
            Self::Area => one.parse::<si::Area>().ok()?.get::<area::square_centimeter>(),
            // Here the library spells micro with the Greek letter in some units and with the micro sign in others.
            Self::Concentration => one
                .parse::<si::MassConcentration>()
                .or_else(|_| one.replace('µ', "μ").parse())
                .ok()?
                .get::<mass_concentration::milligram_per_milliliter>(),
            Self::Dose => {
                // The library calls volume per area a length; its two parts it does know.
                let (volume, area) = unit.split_once('/')?;
                let volume = format!("1 {volume}").parse::<si::Volume>().ok()?.get::<volume::microliter>();
                volume / Self::Area.read(1.0, area)?
            }
            Self::Share => one.parse::<si::Ratio>().ok()?.get::<ratio::ratio>(),
            // The one quantity whose units do not share their zero.
            Self::Temperature => {
                return match unit {
                    "°C" => Some(number),
                    "K" => Some(twelve_digits(number - 273.15)),
                    _ => None,
                };
            }
            Self::Permeability => {
                let (length, per) = unit.split_once('/')?;
                let hours = format!("1 {per}").parse::<si::Time>().ok()?.get::<time::hour>();
                Self::Length.read(1.0, length)? * 1e-4 / hours
            }
            Self::Density => 1.0 / Self::Area.read(1.0, unit.strip_prefix('/')?)?,
        };
        Some(twelve_digits(number * factor))
    }
}

/// Rounds away what the way through SI units leaves, so that `1.5 mm` is 1500 µm and not 1499.9999999999998 µm.
fn twelve_digits(x: f64) -> f64 {
    format!("{x:.11e}").parse().unwrap_or(x)
}

/// Why a text is not the quantity that was expected. Shown in three lines: what is wrong, what was expected, an example.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}\nexpected {expected}\nexample: {example}")]
pub struct QuantityError {
    /// What is wrong.
    pub message: String,
    /// What was expected.
    pub expected: String,
    /// A well-formed quantity, in quotes.
    pub example: String,
}

/// Reads a quantity such as `1.5 mm` into the inside unit of its dimension. Only an angle and a temperature may be negative.
///
/// # Errors
/// A missing, unknown or wrong unit, a number that is malformed, negative or not finite; each with its own message.
pub fn parse(dimension: Dimension, text: &str) -> Result<f64, QuantityError> {
    let fault = |message: String| QuantityError {
        message,
        expected: format!("{} with its unit ({})", dimension.name(), dimension.units()),
        example: format!("\"{}\"", dimension.example()),
    };
    let text = text.trim();
    let Some((number, unit)) = split(text) else {
        return Err(fault(format!("`{text}` does not start with a number")));
    };
    if !number.is_finite() {
        return Err(fault(format!("`{text}` is not a finite number")));
    }
    if unit.starts_with(',') {
        return Err(fault(format!("`{text}` has a decimal comma; a decimal point is needed")));
    }
    if unit.is_empty() {
        return Err(fault(format!("`{text}` has no unit")));
    }
    let plain = spelling(unit);
    let Some(value) = dimension.read(number, &plain) else {
        return Err(fault(match DIMENSIONS.iter().find(|d| d.read(1.0, &plain).is_some()) {
            Some(other) => format!("`{text}` is {}, not {}", other.name(), dimension.name()),
            None => format!("`{unit}` is not a known unit"),
        }));
    };
    if value < 0.0 && !dimension.signed() {
        return Err(fault(format!("`{text}` is negative")));
    }
    if !value.is_finite() {
        return Err(fault(format!("`{text}` is too large")));
    }
    Ok(value)
}

/// The number a text starts with and the unit after it.
fn split(text: &str) -> Option<(f64, &str)> {
    let word = text.split_whitespace().next()?;
    if word.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        let ends = text.char_indices().map(|(i, c)| i + c.len_utf8());
        let (number, end) = ends.take(40).filter_map(|end| Some((text[..end].parse::<f64>().ok()?, end))).last()?;
        return Some((number, text[end..].trim()));
    }
    // `nan` and `inf` are numbers for the caller to refuse by name.
    let number = word.parse::<f64>().ok()?;
    Some((number, text[word.len()..].trim()))
}

/// The library's spelling of a unit: `um` becomes `µm`, `cm2` becomes `cm²`, `deg` becomes `°`.
fn spelling(unit: &str) -> String {
    let one = |part: &str| -> String {
        let part = part.trim().replace('μ', "µ").replace("^2", "²");
        let part = match part.strip_suffix('2') {
            Some(length) => format!("{length}²"),
            None => part,
        };
        match part.as_str() {
            "um" | "uL" | "ug" | "um²" => part.replacen('u', "µ", 1),
            "ul" | "µl" => "µL".into(),
            "ml" => "mL".into(),
            "l" => "L".into(),
            "deg" => "°".into(),
            "degC" | "℃" | "° C" => "°C".into(),
            "hr" | "hrs" => "h".into(),
            "y" | "yr" => "a".into(),
            "wk" | "w" => "week".into(),
            _ => part,
        }
    };
    unit.split('/').map(one).collect::<Vec<_>>().join("/")
}

/// Reads any TOML value as a quantity and refuses bare numbers by name.
struct Reader(Dimension);

impl de::Visitor<'_> for Reader {
    type Value = f64;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} with its unit, e.g. \"{}\"", self.0.name(), self.0.example())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<f64, E> {
        parse(self.0, text).map_err(E::custom)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<f64, E> {
        Err(E::custom(QuantityError {
            message: if number.is_finite() {
                format!("`{number}` has no unit")
            } else {
                // TOML spells it in lower case.
                format!("`{}` is not a finite number", number.to_string().to_lowercase())
            },
            expected: format!("{} with its unit ({}), in quotes", self.0.name(), self.0.units()),
            example: format!("\"{}\"", self.0.example()),
        }))
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<f64, E> {
        self.visit_f64(number as f64)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<f64, E> {
        self.visit_f64(number as f64)
    }
}

macro_rules! quantities {
    ($($(#[$doc:meta])* $name:ident, $get:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            #[doc = concat!("The value in the unit of [`Dimension::", stringify!($name), "`].")]
            #[must_use]
            pub fn $get(self) -> f64 {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Reader(Dimension::$name)).map(Self)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let sign = if Dimension::$name.signed() { "[+-]?" } else { "[+]?" };
                json_schema!({
                    "type": "string",
                    "pattern": format!("^ *{sign}[0-9]*\\.?[0-9]+([eE][+-]?[0-9]+)? *[^0-9 ].*$"),
                    "examples": [Dimension::$name.example()],
                })
            }
        }
    )*};
}

quantities! {
    /// A length such as `1.5 mm`.
    Length, um;
    /// A time span such as `28 d` or `90 min`.
    Duration, days;
    /// A speed such as `20 mm/s`.
    Speed, um_per_s;
    /// An angle such as `45 deg`.
    Angle, degrees;
    /// An area such as `20 cm²`.
    Area, cm2;
    /// A concentration such as `5 mg/mL`.
    Concentration, mg_per_ml;
    /// A volume per area such as `10 µL/cm²`.
    Dose, ul_per_cm2;
    /// A share of a whole such as `30 %`.
    Share, fraction;
    /// A temperature such as `32 °C`.
    Temperature, celsius;
    /// A permeability coefficient such as `1e-3 cm/h`.
    Permeability, cm_per_h;
    /// A number per area such as `100 /cm²`.
    Density, per_cm2;
}

impl Duration {
    /// The time span in hours.
    #[must_use]
    pub fn hours(self) -> f64 {
        // One digit fewer than the days have: 8 h are not 7.99999999999 h.
        let hours = 24.0 * self.0;
        format!("{hours:.10e}").parse().unwrap_or(hours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_lands_in_the_inside_unit() {
        let cases = [
            (Dimension::Length, "1.5 mm", 1500.0),
            (Dimension::Length, "1.5mm", 1500.0),
            (Dimension::Length, "250 um", 250.0),
            (Dimension::Length, "250 µm", 250.0),
            (Dimension::Length, "250 μm", 250.0),
            (Dimension::Length, "1e-3 m", 1000.0),
            (Dimension::Duration, "28 d", 28.0),
            (Dimension::Duration, "4 weeks", 28.0),
            (Dimension::Duration, "90 min", 0.0625),
            (Dimension::Duration, "10 years", 3650.0),
            (Dimension::Speed, "20 mm/s", 20_000.0),
            (Dimension::Speed, "2 cm/s", 20_000.0),
            (Dimension::Angle, "45 deg", 45.0),
            (Dimension::Angle, "-45 °", -45.0),
            (Dimension::Angle, "1.5707963267948966 rad", 90.0),
            (Dimension::Area, "6 cm²", 6.0),
            (Dimension::Area, "6 cm2", 6.0),
            (Dimension::Area, "600 mm^2", 6.0),
            (Dimension::Concentration, "5 mg/mL", 5.0),
            (Dimension::Concentration, "5 g/L", 5.0),
            (Dimension::Concentration, "5000 ug/mL", 5.0),
            (Dimension::Dose, "10 µL/cm²", 10.0),
            (Dimension::Dose, "10 uL/cm2", 10.0),
            (Dimension::Dose, "0.01 mL/cm2", 10.0),
            (Dimension::Share, "30 %", 0.3),
            (Dimension::Share, "30%", 0.3),
            (Dimension::Share, "0 %", 0.0),
            (Dimension::Temperature, "32 °C", 32.0),
            (Dimension::Temperature, "32degC", 32.0),
            (Dimension::Temperature, "305.15 K", 32.0),
            (Dimension::Temperature, "-5 °C", -5.0),
            (Dimension::Permeability, "1e-3 cm/h", 1e-3),
            (Dimension::Permeability, "1e-6 cm/s", 3.6e-3),
            (Dimension::Permeability, "2 µm/min", 0.012),
            (Dimension::Density, "100 /cm²", 100.0),
            (Dimension::Density, "1/mm2", 100.0),
        ];
        for (dimension, text, value) in cases {
            assert_eq!(parse(dimension, text).map_err(|e| e.message), Ok(value), "{text}");
        }
    }

    #[test]
    fn hours_come_back_as_they_were_given() {
        for hours in (1..2000).map(f64::from).chain([0.1, 0.25, 1.0 / 3.0]) {
            let text = format!("{hours} h");
            let back = Duration(parse(Dimension::Duration, &text).unwrap()).hours();
            assert!(back == hours || hours.fract() != 0.0 && (back / hours - 1.0).abs() < 1e-10, "{text}: {back}");
        }
    }

    #[test]
    fn every_example_parses() {
        for d in DIMENSIONS {
            assert!(parse(d, d.example()).is_ok(), "{d:?}");
            for unit in d.units().split(", ") {
                assert!(parse(d, &format!("1 {unit}")).is_ok(), "{d:?} {unit}");
            }
        }
    }

    #[test]
    fn each_mistake_has_its_own_message() {
        let message = |d, t: &str| parse(d, t).unwrap_err().message;
        let texts =
            ["1.5 s", "1.5", "-1.5 mm", "nan mm", "inf mm", "1,5 mm", "deep", "1.5 furlongs", "", "1e400 mm", "1.5 mm/s", "1.5 mmm"];
        insta::assert_snapshot!(texts.map(|t| format!("{t:?}: {}", message(Dimension::Length, t))).join("\n"));
    }

    #[test]
    fn bare_numbers_are_refused_by_name() {
        #[derive(Deserialize, Debug)]
        struct Table {
            #[allow(dead_code)]
            depth: Length,
        }
        let message = |t: &str| toml::from_str::<Table>(t).unwrap_err().message().to_owned();
        let texts = ["depth = 1", "depth = 1.5", "depth = nan", "depth = -inf", "depth = true"];
        insta::assert_snapshot!(texts.map(|t| format!("{t}\n{}", message(t))).join("\n\n"));
    }
}
