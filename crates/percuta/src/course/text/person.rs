//! Who a file is about.

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::error::Fault;
use super::{defaults_exist, plain_number};
use crate::skin::{Lab, Person, Sex, Tone};

/// Ages the skin tables cover; nobody is older.
const AGES_YEARS: [f64; 2] = [18.0, 120.0];

/// Who is treated.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
pub(in crate::course) struct PersonFile {
    /// Age in years.
    #[schemars(with = "f64", range(min = 18, max = 120))]
    pub age: Spanned<f64>,
    /// Biological sex.
    pub sex: Sex,
    /// Constitutive skin tone, in one of four ways.
    #[schemars(with = "ToneFile")]
    pub tone: Spanned<ToneFile>,
}

/// Skin tone: exactly one of the keys.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(in crate::course) struct ToneFile {
    /// Fitzpatrick type, `I` to `VI`.
    pub fitzpatrick: Option<String>,
    /// Individual typology angle, degrees.
    pub ita: Option<f64>,
    /// CIELAB colour of untanned skin (D65): L*, a*, b*.
    pub lab: Option<[f64; 3]>,
    /// Volume fraction of melanosomes in the epidermis.
    pub melanosome_fraction: Option<f64>,
}

/// The person, if age and tone are possible.
pub(in crate::course) fn person(file: &PersonFile, faults: &mut Vec<Fault>) -> Option<Person> {
    let age = *file.age.get_ref();
    let covered = (AGES_YEARS[0]..=AGES_YEARS[1]).contains(&age);
    if !covered {
        faults.push(
            Fault::new(file.age.span(), format!("the age is {} years", plain_number(age)))
                .expected(format!("{} to {} years, the ages of the skin tables", AGES_YEARS[0], AGES_YEARS[1]))
                .example("age = 45"),
        );
    }
    let tone = tone(&file.tone, faults)?;
    let colour = file.tone.get_ref().lab.map(|[l, a, b]| Lab { l, a, b });
    covered.then_some(Person { age_years: age, sex: file.sex, tone, colour })
}

fn tone(file: &Spanned<ToneFile>, faults: &mut Vec<Fault>) -> Option<Tone> {
    let t = file.get_ref();
    let given = [t.fitzpatrick.is_some(), t.ita.is_some(), t.lab.is_some(), t.melanosome_fraction.is_some()];
    let count = given.iter().filter(|g| **g).count();
    if count != 1 {
        faults.push(
            Fault::new(file.span(), format!("the skin tone is given in {count} ways"))
                .expected("one of `fitzpatrick`, `ita`, `lab` and `melanosome_fraction`")
                .example("tone = { fitzpatrick = \"II\" }"),
        );
        return None;
    }
    let (tone, what, expected, example) = if let Some(fst) = &t.fitzpatrick {
        (
            Tone::from_fitzpatrick(fst),
            format!("there is no Fitzpatrick type `{fst}`"),
            "a type from I to VI".into(),
            "{ fitzpatrick = \"II\" }",
        )
    } else if let Some(ita) = t.ita {
        let what = format!("no skin has an individual typology angle of {} degrees", plain_number(ita));
        let (darkest, lightest) = Tone::ita_range().unwrap_or((-90.0, 90.0));
        let expected = format!("an angle from {:.0} to {:.0} degrees, as skin has it", darkest.ceil(), lightest.floor());
        (ita.is_finite().then(|| Tone::from_ita(ita)).flatten(), what, expected, "{ ita = 42 }")
    } else if let Some([l, a, b]) = t.lab {
        let finite = [l, a, b].iter().all(|x| x.is_finite());
        let what = format!("no skin has the colour L* {}, a* {}, b* {}", plain_number(l), plain_number(a), plain_number(b));
        (finite.then(|| Tone::from_lab(l, a, b)).flatten(), what, "L*, a* and b* of untanned skin".to_owned(), "{ lab = [66, 9, 15] }")
    } else {
        let f = t.melanosome_fraction.unwrap_or(f64::NAN);
        let what = format!("the melanosome fraction is {}", plain_number(f));
        (
            Tone::from_melanosome_fraction(f),
            what,
            "a volume fraction as skin has it, 0.005 to 0.43".into(),
            "{ melanosome_fraction = 0.03 }",
        )
    };
    if tone.is_none() {
        faults.push(Fault::new(file.span(), what).expected(expected).example(format!("tone = {example}")));
    }
    tone
}
