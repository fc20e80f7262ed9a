//! The healing equations of a course at one point of the dermis as SBML, for other simulators.
//!
//! SBML Level 3 Version 1 Core (Hucka et al. 2018, J Integr Bioinform 15:20170081): states with rate rules, sessions as
//! events, every parameter with its unit and its source.

mod equations;
mod math;

use percuta::healing::{Exposure, HealingParameters};
use percuta::population::ParameterSet;

use crate::html::markup::escape;
use equations::{Derived, LYSED, State, constants, quantities, states};
use math::{Math, at_least, card_id, n, p, time, v};

/// A point of dermis and what the sessions of a course do to it.
#[derive(Debug, Clone)]
pub struct Point<'a> {
    /// Title of the model.
    pub name: &'a str,
    /// What it is, in sentences.
    pub about: &'a str,
    /// The member's parameters.
    pub parameters: &'a HealingParameters,
    /// Where they come from.
    pub cards: &'a ParameterSet,
    /// Day of each session and what the point meets of it.
    pub sessions: &'a [(f64, Exposure)],
}

/// Units of the cards that SBML has no name for: as Percuta writes them, identifier, and (kind, exponent, scale, multiplier).
type Unit = (&'static str, &'static str, &'static [(&'static str, i32, i32, f64)]);
const UNITS: [Unit; 5] = [
    ("d", "day", &[("second", 1, 0, 86_400.0)]),
    ("1/d", "per_day", &[("second", -1, 0, 86_400.0)]),
    ("1/mm3", "per_mm3", &[("metre", -3, -3, 1.0)]),
    ("ng/mL", "ng_per_mL", &[("gram", 1, -9, 1.0), ("litre", -1, -3, 1.0)]),
    ("pg/d", "pg_per_day", &[("gram", 1, -12, 1.0), ("second", -1, 0, 86_400.0)]),
];

/// The document. Days count from the first session; nothing happens to a point without sessions.
#[must_use]
pub fn document(point: &Point) -> String {
    let (constants, quantities, states) = (constants(), quantities(), states());
    let body = [
        notes(&[point.about]),
        list("UnitDefinitions", UNITS.iter().map(unit)),
        list("Parameters", parameters(point, &constants, &quantities, &states)),
        list("InitialAssignments", initial(&constants, &states)),
        list("Rules", rules(&quantities, &states)),
        list("Events", point.sessions.iter().enumerate().flat_map(|(s, _)| session(s + 1))),
    ]
    .concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" level=\"3\" version=\"1\">\n<model id=\"healing\" name=\"{}\" timeUnits=\"day\">\n{body}</model>\n</sbml>\n",
        escape(point.name)
    )
}

/// An element's list; SBML has no empty ones.
fn list(name: &str, items: impl IntoIterator<Item = String>) -> String {
    let items: String = items.into_iter().collect();
    if items.is_empty() { items } else { format!("<listOf{name}>\n{items}</listOf{name}>\n") }
}

fn notes(paragraphs: &[&str]) -> String {
    let text: String = paragraphs.iter().map(|p| format!("<p>{}</p>", escape(p))).collect();
    format!("<notes><body xmlns=\"http://www.w3.org/1999/xhtml\">{text}</body></notes>\n")
}

fn unit((_, id, parts): &Unit) -> String {
    let one = |(kind, exponent, scale, multiplier): &(&str, i32, i32, f64)| {
        format!("<unit kind=\"{kind}\" exponent=\"{exponent}\" scale=\"{scale}\" multiplier=\"{multiplier}\"/>")
    };
    let parts: String = parts.iter().map(one).collect();
    format!("<unitDefinition id=\"{id}\"><listOfUnits>{parts}</listOfUnits></unitDefinition>\n")
}

/// SBML's name of a unit; what has none is a pure number.
fn unit_id(unit: &str) -> &'static str {
    UNITS.iter().find(|(written, ..)| *written == unit).map_or("dimensionless", |(_, id, _)| id)
}

fn parameters(point: &Point, constants: &[Derived], quantities: &[Derived], states: &[State]) -> Vec<String> {
    let of = |id: &str, name: &str, value: Option<f64>, unit: &str, constant: bool, notes: &str| {
        let value = value.map_or(String::new(), |x| format!(" value=\"{x}\""));
        let (name, unit) = (escape(name), unit_id(unit));
        format!("<parameter id=\"{id}\" name=\"{name}\"{value} units=\"{unit}\" constant=\"{constant}\">{notes}</parameter>\n")
    };
    let needed = format!("{:?}{:?}{:?}", constants, quantities, states) + &card_id("alarm_delay");
    let mut out = Vec::new();
    for (name, value, unit) in point.parameters.named() {
        // What only diffusion or the epidermis needs has no place here.
        if needed.contains(&format!("<ci>{}</ci>", card_id(name))) || name == "alarm_delay" {
            let full = format!("healing.{name}");
            let told = point.cards.card(&full).map(|card| notes(&[&card.meaning, &format!("Source: {}", card.source)]));
            out.push(of(&card_id(name), &full, Some(value), unit, true, &told.unwrap_or_default()));
        }
    }
    for (s, (day, met)) in point.sessions.iter().enumerate() {
        let s = s + 1;
        out.push(of(&format!("session_{s}_day"), &format!("Day of session {s}"), Some(*day), "d", true, ""));
        out.push(of(
            &format!("session_{s}_lysed"),
            &format!("Share of this tissue that session {s} cuts or lyses"),
            Some(met.lysed),
            "1",
            true,
            "",
        ));
        out.push(of(
            &format!("session_{s}_signal"),
            &format!("Alarm of session {s} that reaches this tissue"),
            Some(met.signal),
            "1",
            true,
            "",
        ));
    }
    out.extend(constants.iter().map(|(id, unit, _, meaning)| of(id, meaning, None, unit, true, "")));
    out.extend(quantities.iter().map(|(id, unit, _, meaning)| of(id, meaning, None, unit, false, "")));
    out.extend(states.iter().map(|(id, _, _, meaning)| of(id, meaning, None, "1", false, "")));
    out
}

fn initial(constants: &[Derived], states: &[State]) -> Vec<String> {
    let of = |id: &str, math: &Math| format!("<initialAssignment symbol=\"{id}\">{}</initialAssignment>\n", math.element());
    let constants = constants.iter().map(|(id, _, math, _)| of(id, math));
    constants.chain(states.iter().map(|(id, at_rest, ..)| of(id, at_rest))).collect()
}

fn rules(quantities: &[Derived], states: &[State]) -> Vec<String> {
    let assignment = |(id, _, math, _): &Derived| format!("<assignmentRule variable=\"{id}\">{}</assignmentRule>\n", math.element());
    let rate = |(id, _, math, _): &State| format!("<rateRule variable=\"{id}\">{}</rateRule>\n", math.element());
    quantities.iter().map(assignment).chain(states.iter().map(rate)).collect()
}

/// A session lyses tissue; after a delay its alarm begins to call macrophages.
fn session(s: usize) -> [String; 2] {
    let (day, lysed, signal) = (v(&format!("session_{s}_day")), v(&format!("session_{s}_lysed")), v(&format!("session_{s}_signal")));
    let kept = n(1.0) - lysed.clone();
    let mut changes: Vec<(&str, Math)> = LYSED.map(|state| (state, kept.clone() * v(state))).to_vec();
    changes.push(("clot", lysed.clone() + kept * v("clot")));
    changes.push(("reached_clot", v("reached_clot") + signal.clone()));
    let alarms = vec![("alarm", v("alarm") + lysed), ("reached_alarm", v("reached_alarm") + signal)];
    [event(&format!("session_{s}_lysis"), &day, &changes), event(&format!("session_{s}_alarm"), &(day.clone() + p("alarm_delay")), &alarms)]
}

fn event(id: &str, when: &Math, changes: &[(&str, Math)]) -> String {
    let trigger = at_least(&time(), when).element();
    let assignments =
        changes.iter().map(|(state, math)| format!("<eventAssignment variable=\"{state}\">{}</eventAssignment>\n", math.element()));
    format!(
        "<event id=\"{id}\" useValuesFromTriggerTime=\"true\">\n<trigger initialValue=\"false\" persistent=\"true\">{trigger}</trigger>\n{}</event>\n",
        list("EventAssignments", assignments)
    )
}

#[cfg(test)]
mod tests;
