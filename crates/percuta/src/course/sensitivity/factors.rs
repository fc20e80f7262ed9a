//! Which parameters are candidates, and the factors that the variance is divided among.

use serde::{Deserialize, Serialize};

use super::settings::{SensitivityError, SensitivitySettings};
use crate::course::{Course, INJURY, Readout};
use crate::population::{Distribution, Draw, nearest};

/// What a factor is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FactorKind {
    /// One parameter.
    Parameter,
    /// The parameters of the course's posterior ensemble, which take whole rows of it together.
    Posterior,
    /// All parameters without indices of their own, varied together.
    Others,
    /// Where the needles land and how the sessions lie over each other.
    Chance,
}

/// One thing that the variance is divided among.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Factor {
    /// Name of the parameter; `others` or `chance`.
    pub name: String,
    /// What it is.
    pub kind: FactorKind,
    /// Parameters in it: 1, or as many as the others are; none in chance.
    pub parameters: usize,
}

/// Something uncertain that is drawn on its own.
struct Input {
    /// Name of the parameter, or `posterior`.
    name: String,
    /// Places of its parameters among the sorted names of all.
    places: Vec<usize>,
    kind: FactorKind,
}

/// The inputs of a course: its uncertain parameters and chance.
pub(super) struct Inputs {
    /// Every parameter that is not fixed; those of a posterior ensemble are one.
    uncertain: Vec<Input>,
    /// Of these, the ones that may get indices of their own.
    pub candidates: Vec<usize>,
}

impl Inputs {
    /// The inputs of a course for these read-outs.
    pub fn of(course: &Course, readouts: &[Readout], settings: &SensitivitySettings) -> Result<Self, SensitivityError> {
        let names: Vec<&str> = course.parameters.names().collect();
        let joint: &[String] = course.parameters.joint().map_or(&[], |j| &j.names);
        let mut uncertain: Vec<Input> = course
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, (name, card))| card.distribution != Distribution::Fixed && !joint.iter().any(|j| j == name))
            .map(|(place, (name, _))| Input { name: name.to_owned(), places: vec![place], kind: FactorKind::Parameter })
            .collect();
        if !joint.is_empty() {
            let places = joint.iter().filter_map(|j| names.iter().position(|n| n == j)).collect();
            uncertain.push(Input { name: "posterior".into(), places, kind: FactorKind::Posterior });
        }
        let acts = |input: &Input| {
            input.places.iter().any(|place| {
                let group = names[*place].split('.').next().unwrap_or("");
                INJURY.contains(&group) || readouts.iter().any(|r| r.groups.contains(&group))
            })
        };
        let begins = |input: &Input, prefix: &String| {
            input.name.starts_with(prefix.as_str()) || input.places.iter().any(|place| names[*place].starts_with(prefix.as_str()))
        };
        let can_act: Vec<usize> = (0..uncertain.len()).filter(|&i| acts(&uncertain[i])).collect();
        for prefix in &settings.parameters {
            if !can_act.iter().any(|&i| begins(&uncertain[i], prefix)) {
                let suggestion = nearest(prefix, can_act.iter().map(|&i| uncertain[i].name.as_str()));
                return Err(SensitivityError::NoParameter { prefix: prefix.clone(), suggestion });
            }
        }
        let asked = |input: &Input| settings.parameters.is_empty() || settings.parameters.iter().any(|p| begins(input, p));
        let candidates = can_act.into_iter().filter(|&i| asked(&uncertain[i])).collect();
        Ok(Self { uncertain, candidates })
    }

    /// Number of uncertain parameters.
    pub fn parameters(&self) -> usize {
        self.uncertain.iter().map(|i| i.places.len()).sum()
    }

    /// Number of inputs beside chance.
    pub fn len(&self) -> usize {
        self.uncertain.len()
    }

    /// The order of the inputs in a design: first these, then chance, then all others.
    pub fn order(&self, own: &[usize]) -> Order {
        let others = (0..self.len()).filter(|i| !own.contains(i)).collect();
        Order { own: own.to_vec(), others }
    }
}

/// The inputs of a course in the order of a design.
pub(super) struct Order {
    pub own: Vec<usize>,
    pub others: Vec<usize>,
}

impl Order {
    /// Ranges of the design's inputs that make a factor: each own parameter, chance, and the others if there are any.
    pub fn factors(&self) -> Vec<std::ops::Range<usize>> {
        let own = self.own.len();
        let mut factors: Vec<_> = (0..=own).map(|i| i..i + 1).collect();
        if !self.others.is_empty() {
            factors.push(own + 1..own + 1 + self.others.len());
        }
        factors
    }

    /// The same in words.
    pub fn described(&self, inputs: &Inputs) -> Vec<Factor> {
        let of = |&i: &usize| {
            let Input { name, places, kind } = &inputs.uncertain[i];
            Factor { name: name.clone(), kind: *kind, parameters: places.len() }
        };
        let mut factors: Vec<Factor> = self.own.iter().map(of).collect();
        factors.push(Factor { name: "chance".into(), kind: FactorKind::Chance, parameters: 0 });
        if !self.others.is_empty() {
            let parameters = self.others.iter().map(|&i| inputs.uncertain[i].places.len()).sum();
            factors.push(Factor { name: "others".into(), kind: FactorKind::Others, parameters });
        }
        factors
    }

    /// Parameter values at a point of the unit hypercube, and the number of the member whose chance it has.
    pub fn draw(&self, course: &Course, inputs: &Inputs, central: &Draw, point: &[f64]) -> (Draw, u32) {
        let own = self.own.len();
        let cards: Vec<_> = course.parameters.iter().map(|(_, card)| card).collect();
        let rows = course.parameters.joint().map_or(&[][..], |j| &j.draws);
        let values = |(&input, &u): (&usize, &f64)| -> Vec<(usize, f64)> {
            let Input { places, kind, .. } = &inputs.uncertain[input];
            match kind {
                FactorKind::Posterior => {
                    let row = ((u * rows.len() as f64) as usize).min(rows.len().saturating_sub(1));
                    places.iter().copied().zip(rows.get(row).into_iter().flatten().copied()).collect()
                }
                _ => places.iter().map(|&place| (place, cards[place].distribution.quantile(cards[place].value, u))).collect(),
            }
        };
        let values = self.own.iter().zip(point).chain(self.others.iter().zip(&point[own + 1..])).flat_map(values);
        // Never the number of the central member, which is the largest.
        let number = (point[own] * f64::from(u32::MAX - 1)) as u32;
        (central.replaced(values), number)
    }
}
