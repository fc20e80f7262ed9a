//! Parameters that a file sets itself.

use std::collections::BTreeMap;
use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::error::Fault;
use crate::population::{Distribution, Kind, Parameter, ParameterSet, nearest};

/// Parameters by group and name.
pub(in crate::course) type Overrides = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Override>>;

/// A parameter the file sets itself.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub(in crate::course) enum Override {
    /// A value taken as certain.
    Number(f64),
    /// A value with its distribution and reason.
    Card(OverrideCard),
}

/// A parameter the file sets, in full.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::course) struct OverrideCard {
    /// Central value in the unit of the parameter's card.
    pub value: f64,
    /// That unit, to be checked.
    pub unit: Option<String>,
    /// Distribution around the value; without it the value is taken as certain.
    pub distribution: Option<Distribution>,
    /// Why.
    pub reason: Option<String>,
}

impl<'de> Deserialize<'de> for Override {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrTable;
        impl<'de> de::Visitor<'de> for NumberOrTable {
            type Value = Override;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number in the unit of the parameter's card, or a table such as { value = 0.3, reason = \"...\" }")
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Override, E> {
                Ok(Override::Number(number))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Override, E> {
                Ok(Override::Number(number as f64))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Override, A::Error> {
                OverrideCard::deserialize(de::value::MapAccessDeserializer::new(map)).map(Override::Card)
            }
        }
        deserializer.deserialize_any(NumberOrTable)
    }
}

/// Cards of a catalogue entry, the group they go to, and where the file names the entry.
pub(in crate::course) type Cards<'a> = (&'static str, &'a [(String, Parameter)], Range<usize>);

/// The embedded parameters, those of catalogue entries, and the file's own over them. `None` in the place of an entry that was not
/// found: its cards are unknown, and so would be the names of their overrides.
pub(in crate::course) fn parameters(entries: &[Option<Cards<'_>>], own: &Overrides, faults: &mut Vec<Fault>) -> ParameterSet {
    let mut set = match ParameterSet::embedded() {
        Ok(set) => set,
        Err(e) => {
            faults.push(Fault::new(0..0, e.to_string()).help("this is a defect of Percuta"));
            return ParameterSet::default();
        }
    };
    for (prefix, cards, span) in entries.iter().flatten() {
        for (key, card) in *cards {
            if let Err(e) = set.insert(&format!("{prefix}.{key}"), card.clone()) {
                faults.push(Fault::new(span.clone(), e.to_string()));
            }
        }
    }
    if entries.iter().all(Option::is_some) {
        apply(&mut set, own, faults);
    }
    set
}

/// Puts the file's own values into `set`, each as a card of kind *setting* that remembers what it replaces.
fn apply(set: &mut ParameterSet, groups: &Overrides, faults: &mut Vec<Fault>) {
    for (group, entries) in groups {
        for (key, value) in entries {
            let name = format!("{}.{}", group.get_ref(), key.get_ref());
            if let Err(fault) = apply_one(set, &name, value, key.span()) {
                faults.push(fault);
            }
        }
    }
}

fn apply_one(set: &mut ParameterSet, name: &str, value: &Override, span: Range<usize>) -> Result<(), Fault> {
    let Ok(old) = set.card(name).cloned() else {
        let fault = Fault::new(span, format!("no parameter is called `{name}`")).help("`percuta explain` lists all parameters");
        return Err(match nearest(name, set.names()) {
            Some(s) => fault.expected(format!("did you mean `{s}`?")),
            None => fault,
        });
    };
    let own = match value {
        Override::Number(value) => OverrideCard { value: *value, unit: None, distribution: None, reason: None },
        Override::Card(card) => card.clone(),
    };
    if let Some(unit) = own.unit.filter(|u| *u != old.unit) {
        return Err(Fault::new(span, format!("`{name}` is given in {unit}"))
            .expected(format!("the unit of its card, {}", old.unit))
            .example(format!("{name} = {}", old.value)));
    }
    let card = Parameter {
        value: own.value,
        distribution: own.distribution.unwrap_or(Distribution::Fixed),
        kind: Kind::Setting,
        source: "Set by the user's file".into(),
        id: None,
        note: Some(format!(
            "{}Instead of {} {} ({}).",
            own.reason.map(|r| format!("{} ", r.trim_end())).unwrap_or_default(),
            old.value,
            old.unit,
            old.source.trim_end_matches('.')
        )),
        ..old
    };
    let fits = |reason: &str| Fault::new(span.clone(), format!("`{name}`: {reason}"));
    if let Some(reason) = card.distribution.fault(card.value) {
        return Err(fits(&reason));
    }
    set.insert(name, card).map_err(|e| fits(&e.to_string()))
}
