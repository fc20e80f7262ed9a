//! Parameters that a course sets itself.

use std::collections::BTreeMap;

use toml::Spanned;

use super::error::Fault;
use super::format::{Override, OverrideCard};
use crate::population::{Distribution, Kind, Parameter, ParameterSet, nearest};

/// Puts the course's own values into `set`, each as a card of kind *setting* that remembers what it replaces.
pub(super) fn apply(
    set: &mut ParameterSet,
    groups: &BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Override>>,
    faults: &mut Vec<Fault>,
) {
    for (group, entries) in groups {
        for (key, value) in entries {
            let name = format!("{}.{}", group.get_ref(), key.get_ref());
            if let Err(fault) = apply_one(set, &name, value, key.span()) {
                faults.push(fault);
            }
        }
    }
}

fn apply_one(set: &mut ParameterSet, name: &str, value: &Override, span: std::ops::Range<usize>) -> Result<(), Fault> {
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
        source: "Set by the course file".into(),
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
