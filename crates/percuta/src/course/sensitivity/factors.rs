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

/// The inputs of a course: its uncertain parameters and chance.
pub(super) struct Inputs {
    /// Names and places among the sorted names of every parameter that is not fixed.
    uncertain: Vec<(String, usize)>,
    /// Of these, the ones that may get indices of their own.
    pub candidates: Vec<usize>,
}

impl Inputs {
    /// The inputs of a course for these read-outs.
    pub fn of(course: &Course, readouts: &[Readout], settings: &SensitivitySettings) -> Result<Self, SensitivityError> {
        let uncertain: Vec<(String, usize)> = course
            .parameters
            .iter()
            .enumerate()
            .filter(|(_, (_, card))| card.distribution != Distribution::Fixed)
            .map(|(place, (name, _))| (name.to_owned(), place))
            .collect();
        let acts = |name: &str| {
            let group = name.split('.').next().unwrap_or(name);
            INJURY.contains(&group) || readouts.iter().any(|r| r.groups.contains(&group))
        };
        let can_act: Vec<usize> = (0..uncertain.len()).filter(|&i| acts(&uncertain[i].0)).collect();
        for prefix in &settings.parameters {
            if !can_act.iter().any(|&i| uncertain[i].0.starts_with(prefix.as_str())) {
                let suggestion = nearest(prefix, can_act.iter().map(|&i| uncertain[i].0.as_str()));
                return Err(SensitivityError::NoParameter { prefix: prefix.clone(), suggestion });
            }
        }
        let asked = |name: &str| settings.parameters.is_empty() || settings.parameters.iter().any(|p| name.starts_with(p.as_str()));
        let candidates = can_act.into_iter().filter(|&i| asked(&uncertain[i].0)).collect();
        Ok(Self { uncertain, candidates })
    }

    /// Name of an input.
    pub fn name(&self, input: usize) -> &str {
        &self.uncertain[input].0
    }

    /// Number of uncertain parameters.
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
        let parameter = |&i: &usize| Factor { name: inputs.name(i).to_owned(), kind: FactorKind::Parameter, parameters: 1 };
        let mut factors: Vec<Factor> = self.own.iter().map(parameter).collect();
        factors.push(Factor { name: "chance".into(), kind: FactorKind::Chance, parameters: 0 });
        if !self.others.is_empty() {
            factors.push(Factor { name: "others".into(), kind: FactorKind::Others, parameters: self.others.len() });
        }
        factors
    }

    /// Parameter values at a point of the unit hypercube, and the number of the member whose chance it has.
    pub fn draw(&self, course: &Course, inputs: &Inputs, central: &Draw, point: &[f64]) -> (Draw, u32) {
        let own = self.own.len();
        let cards: Vec<_> = course.parameters.iter().map(|(_, card)| card).collect();
        let value = |(&input, &u): (&usize, &f64)| {
            let place = inputs.uncertain[input].1;
            (place, cards[place].distribution.quantile(cards[place].value, u))
        };
        let values = self.own.iter().zip(point).chain(self.others.iter().zip(&point[own + 1..])).map(value);
        // Never the number of the central member, which is the largest.
        let number = (point[own] * f64::from(u32::MAX - 1)) as u32;
        (central.replaced(values), number)
    }
}
