//! What in a record contradicts itself.

use std::ops::Range;

use toml::Spanned;

use super::file::{NOT_STATED, ObservationFile, StudyFile, Subjects};
use super::read::needs_protocol;
use super::{Observation, Scale, Study};
use crate::course::text::Fault;
use crate::evidence::observable::{Observable, observable, of_a_course, of_permeation};
use crate::population::nearest;

/// A standard deviation of a mean that lies so many times below it was mistaken for another number.
const LARGEST_SD: f64 = 50.0;
/// Read-outs follow skin for ten years at most.
const LAST_DAY: f64 = 3653.0;
/// Tables of a protocol, for the keys that are assumed.
const TABLES: [&str; 15] = [
    "person",
    "treatment",
    "product",
    "lesion",
    "scars",
    "lines",
    "surface",
    "skin",
    "array",
    "vehicle",
    "dose",
    "study",
    "barrier",
    "permeant",
    "parameters",
];

/// Faults of the record as a whole.
pub(super) fn check(file: &StudyFile) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (text, key, example) in [
        (&file.id, "id", "id = \"kenkel-2021-skinpen\""),
        (&file.citation, "citation", "citation = \"Authors. Title. Journal year;volume:pages\""),
        (&file.access, "access", "access = \"abstract read\""),
    ] {
        if text.get_ref().trim().is_empty() {
            faults.push(Fault::new(text.span(), format!("`{key}` is empty")).expected(format!("`{key}` of the study")).example(example));
        }
    }
    let odd = |c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if file.id.get_ref().contains(odd) {
        faults.push(
            Fault::new(file.id.span(), format!("`{}` cannot be the name of a file everywhere", file.id.get_ref()))
                .expected("lower-case letters, digits and hyphens")
                .example("id = \"kenkel-2021-skinpen\""),
        );
    }
    for key in &file.assumed {
        let table = key.get_ref().split('.').next().unwrap_or_default();
        if !TABLES.contains(&table) {
            faults.push(
                Fault::new(key.span(), format!("a protocol has no table `{table}`"))
                    .expected("a key of the protocol that the source does not state")
                    .example("assumed = [\"person.sex\", \"treatment.passes\"]"),
            );
        }
    }
    if file.protocol.is_some() && file.permeation.is_some() {
        faults.push(
            Fault::new(file.id.span(), "the study has a `protocol` and a `permeation`")
                .expected("one of them: living skin, or excised skin over a receptor"),
        );
    }
    if let (None, None, Some(span)) = (&file.protocol, &file.permeation, needs_protocol(file)) {
        faults.push(
            Fault::new(span, "without a protocol nothing can be predicted for this observation")
                .expected("`[protocol.treatment]` with site, device and depth, or `role = \"context\"`")
                .example("[protocol.treatment]\nsite = \"zygoma\"\ndevice = \"skinpen\"\ndepth = \"1.0 mm\""),
        );
    }
    for observation in &file.observations {
        let Some(group) = &observation.get_ref().group else { continue };
        let name = group.get_ref().as_str();
        let excised = file.permeation.is_some();
        let own = if excised { Study::INTACT } else { Study::UNTREATED };
        if name != own && !file.arms.contains_key(name) && (file.protocol.is_some() || excised) {
            let known: Vec<&str> = file.arms.keys().map(String::as_str).chain([own]).collect();
            let list = known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
            let fault = Fault::new(group.span(), format!("the study has no arm `{name}`"));
            faults.push(match nearest(name, known.iter().copied()) {
                Some(near) => fault.expected(format!("did you mean `{near}`?")).help(format!("arms are {list}")),
                None => fault
                    .expected(format!("one of {list}, or a table of its own; without `group` the protocol itself is meant"))
                    .example(format!("[arms.\"{name}\"]\ntreatment.depth = \"2.5 mm\"")),
            });
        }
    }
    faults
}

/// The observation, or what contradicts itself in it.
pub(super) fn observation(spanned: &Spanned<ObservationFile>, permeation: bool, faults: &mut Vec<Fault>) -> Option<Observation> {
    let file = spanned.get_ref();
    let before = faults.len();
    let day = day(spanned, permeation, faults);
    let known = known_observable(&file.readout, permeation, faults);
    if let Some(observable) = known {
        unit(file, &observable, faults);
    }
    let mut expect = |wrong: bool, span: Range<usize>, message: String, expected: &str, example: &str| {
        if wrong {
            faults.push(Fault::new(span, message).expected(expected).example(example));
        }
    };
    let value = *file.value.get_ref();
    expect(!value.is_finite(), file.value.span(), "`value` is not a number".into(), "the published number", "value = -1.23");
    if let Some(ci) = &file.ci {
        let (low, high) = *ci.get_ref();
        let holds = low <= value && value <= high && low < high;
        let message = format!("the interval {low} to {high} does not hold the value {value}");
        expect(!holds, ci.span(), message, "the interval of the mean, lower limit first", "ci = [-1.34, -1.11]");
        let message = "`ci` has no `ci_level`".into();
        expect(file.ci_level.is_none(), ci.span(), message, "`ci_level` in per cent", "ci_level = 95.0");
    }
    if let Some(level) = &file.ci_level {
        let possible = *level.get_ref() >= 50.0 && *level.get_ref() < 100.0;
        let message = format!("a confidence level of {} % is not possible", level.get_ref());
        expect(!possible, level.span(), message, "per cent from 50 to below 100", "ci_level = 95.0");
        expect(file.ci.is_none(), level.span(), "`ci_level` has no `ci`".into(), "`ci` beside it", "ci = [-1.34, -1.11]");
    }
    for (sd, key) in [(&file.sd, "sd"), (&file.baseline_sd, "baseline_sd")] {
        let Some(sd) = sd else { continue };
        let baseline = file.baseline.as_ref().map_or(0.0, |b| *b.get_ref());
        let whole = if file.scale == Scale::PercentChange { 100.0 } else { baseline.abs().max(value.abs()) };
        let of = if key == "sd" { whole } else { baseline };
        let found = *sd.get_ref();
        let possible = found.is_finite() && found > 0.0 && (of == 0.0 || found < LARGEST_SD * of.abs());
        let message = format!("an SD of {found} is not possible for {of}");
        expect(!possible, sd.span(), message, "the standard deviation between subjects, above 0", &format!("{key} = 9.0"));
    }
    if let Some(baseline) = &file.baseline {
        let message = "`baseline` is not a number".into();
        expect(!baseline.get_ref().is_finite(), baseline.span(), message, "the published mean before treatment", "baseline = 43.7");
    }
    let subjects = "`n`, the number of subjects or pieces of skin behind it, or \"not stated\"";
    let n = match file.n.as_ref().map(|n| (n.span(), n.get_ref())) {
        None => {
            expect(true, spanned.span(), "the observation has no `n`".into(), subjects, "n = 20");
            None
        }
        Some((span, Subjects::Words(words))) => {
            expect(words != NOT_STATED, span.clone(), format!("`{words}` is no number of subjects"), subjects, "n = 20");
            let message = "a share of people needs their number".into();
            expect(file.readout.get_ref() == "pih_probability", span, message, "`n`, the number of people", "n = 20");
            None
        }
        Some((span, Subjects::Known(n))) => {
            expect(*n == 0, span.clone(), "an observation of nobody".into(), "at least 1", "n = 20");
            let message = "one subject has no standard deviation".into();
            expect(file.sd.is_some() && *n == 1, span, message, "at least 2, or no `sd`", "n = 20");
            Some(*n)
        }
    };
    let impossible = match (file.scale, file.readout.get_ref().as_str()) {
        (Scale::Value, "pih_probability") => !(0.0..=100.0).contains(&value),
        (Scale::PercentChange, _) => value < -100.0,
        _ => false,
    };
    let message = format!("{value} % is not possible");
    expect(impossible, file.value.span(), message, "a share of 0 to 100 %, or a change of −100 % or more", "value = 12.0");
    if faults.len() > before {
        return None;
    }
    Some(Observation {
        quantity: file.quantity.clone(),
        readout: file.readout.get_ref().clone(),
        scale: file.scale,
        unit: file.unit.get_ref().clone(),
        day: day?,
        group: file.group.as_ref().map(|g| g.get_ref().clone()),
        value,
        ci: file.ci.as_ref().map(|c| *c.get_ref()),
        ci_level: file.ci_level.as_ref().map(|c| *c.get_ref()),
        sd: file.sd.as_ref().map(|s| *s.get_ref()),
        baseline: file.baseline.as_ref().map(|b| *b.get_ref()),
        baseline_sd: file.baseline_sd.as_ref().map(|b| *b.get_ref()),
        n,
        role: file.role,
        note: file.note.clone(),
    })
}

/// The day of an observation. A permeation study reads at the times its protocol says, so that it needs none.
fn day(spanned: &Spanned<ObservationFile>, permeation: bool, faults: &mut Vec<Fault>) -> Option<f64> {
    let file = spanned.get_ref();
    let (span, day) = match (&file.day, &file.hour) {
        (Some(day), None) => (day.span(), *day.get_ref()),
        (None, Some(hour)) => (hour.span(), *hour.get_ref() / 24.0),
        (None, None) if permeation => return Some(0.0),
        (None, None) => {
            faults.push(
                Fault::new(spanned.span(), "the observation has no `day`")
                    .expected("`day` or `hour` from the first session")
                    .example("day = 150.0"),
            );
            return None;
        }
        (Some(_), Some(hour)) => {
            faults.push(Fault::new(hour.span(), "the observation has a `day` and an `hour`").expected("one of them").example("hour = 6.0"));
            return None;
        }
    };
    if !(0.0..=LAST_DAY).contains(&day) {
        faults.push(
            Fault::new(span, format!("day {day} from the first session is not possible"))
                .expected(format!("0 to {LAST_DAY} days"))
                .example("day = 150.0"),
        );
        return None;
    }
    Some(day)
}

fn known_observable(key: &Spanned<String>, permeation: bool, faults: &mut Vec<Fault>) -> Option<Observable> {
    let found = observable(key.get_ref(), permeation);
    if found.is_none() {
        let keys: Vec<&str> = if permeation { of_permeation().map(|o| o.key).collect() } else { of_a_course().map(|o| o.key).collect() };
        let fault = Fault::new(key.span(), format!("no observable is called `{}`", key.get_ref()));
        faults.push(match nearest(key.get_ref(), keys.iter().copied()) {
            Some(near) => fault.expected(format!("did you mean `{near}`?")).help("`percuta explain readout.` lists all"),
            None => fault.expected(format!("one of {}", keys.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", "))),
        });
    }
    found
}

fn unit(file: &ObservationFile, observable: &Observable, faults: &mut Vec<Fault>) {
    let expected = if file.scale == Scale::PercentChange { "%" } else { observable.unit };
    if file.unit.get_ref() != expected {
        let scale = match file.scale {
            Scale::PercentChange => "a change in per cent",
            Scale::Difference => "a difference",
            Scale::Value => "a value",
        };
        faults.push(
            Fault::new(file.unit.span(), format!("`{}` is not the unit of {scale} of {}", file.unit.get_ref(), observable.key))
                .expected(format!("`{expected}`"))
                .example(format!("unit = \"{expected}\"")),
        );
    }
}
