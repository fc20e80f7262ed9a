//! Draws: one value of every parameter for each member of an ensemble, by Latin hypercube.

use std::sync::Arc;

use rand::RngExt as _;

use super::{JointDraws, ParameterError, ParameterSet, Purpose, stream};

/// One member's value of every parameter, in the units of the cards.
#[derive(Debug, Clone)]
pub struct Draw {
    names: Arc<Vec<(String, String)>>,
    values: Vec<f64>,
}

impl Draw {
    /// Every parameter at its central value.
    #[must_use]
    pub fn central(set: &ParameterSet) -> Self {
        Self { names: names(set), values: set.iter().map(|(_, c)| c.value).collect() }
    }

    /// The value of `name`, which the model reads in `unit`.
    ///
    /// # Errors
    /// Unknown name, or a card in another unit.
    pub fn get(&self, name: &str, unit: &str) -> Result<f64, ParameterError> {
        let i = self.names.binary_search_by(|(n, _)| n.as_str().cmp(name)).map_err(|_| ParameterError::Unknown {
            name: name.into(),
            suggestion: super::parameter::nearest(name, self.names.iter().map(|(n, _)| n.as_str())),
        })?;
        if self.names[i].1 != unit {
            return Err(ParameterError::Unit { name: name.into(), found: self.names[i].1.clone(), expected: unit.into() });
        }
        Ok(self.values[i])
    }

    /// Whether there is a parameter of that name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.names.binary_search_by(|(n, _)| n.as_str().cmp(name)).is_ok()
    }

    /// The parameters whose names start with `prefix.`.
    #[must_use]
    pub fn group<'a>(&'a self, prefix: &'a str) -> Group<'a> {
        Group { draw: self, prefix }
    }

    /// A copy with one value replaced; for tests and scans.
    ///
    /// # Errors
    /// Unknown name.
    pub fn with(mut self, name: &str, value: f64) -> Result<Self, ParameterError> {
        let i = self
            .names
            .binary_search_by(|(n, _)| n.as_str().cmp(name))
            .map_err(|_| ParameterError::Unknown { name: name.into(), suggestion: None })?;
        self.values[i] = value;
        Ok(self)
    }

    /// A copy in which these parameters, by their place among the sorted names, have other values.
    #[must_use]
    pub fn replaced(&self, values: impl IntoIterator<Item = (usize, f64)>) -> Self {
        let mut copy = self.clone();
        for (place, value) in values {
            if let Some(old) = copy.values.get_mut(place) {
                *old = value;
            }
        }
        copy
    }

    /// All values, in the order of the sorted names.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// The parameters of one part of the model.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    draw: &'a Draw,
    prefix: &'a str,
}

impl Group<'_> {
    /// The value of `prefix.key`, which the model reads in `unit`.
    ///
    /// # Errors
    /// Unknown name, or a card in another unit.
    pub fn get(&self, key: &str, unit: &str) -> Result<f64, ParameterError> {
        self.draw.get(&format!("{}.{key}", self.prefix), unit)
    }
}

fn names(set: &ParameterSet) -> Arc<Vec<(String, String)>> {
    Arc::new(set.iter().map(|(n, c)| (n.to_owned(), c.unit.clone())).collect())
}

/// `members` draws of all parameters, stratified so that each parameter's range is covered evenly.
///
/// A parameter's column depends on its name and the seed only: adding a parameter leaves the others as they were.
/// An ensemble of one member is the central draw.
#[must_use]
pub fn draw_members(set: &ParameterSet, seed: u64, members: u32) -> Vec<Draw> {
    if members <= 1 {
        return vec![Draw::central(set)];
    }
    let names = names(set);
    let mut values = vec![Vec::with_capacity(set.len()); members as usize];
    for (name, card) in set.iter() {
        let mut rng = stream(seed, hash(name), 0, Purpose::Parameters);
        let mut strata: Vec<u32> = (0..members).collect();
        for i in (1..strata.len()).rev() {
            strata.swap(i, rng.random_range(0..=i));
        }
        for (member, stratum) in strata.into_iter().enumerate() {
            let u = (f64::from(stratum) + rng.random::<f64>()) / f64::from(members);
            values[member].push(card.distribution.quantile(card.value, u));
        }
    }
    if let Some(joint) = set.joint() {
        take_rows(joint, &names, seed, &mut values);
    }
    values.into_iter().map(|values| Draw { names: Arc::clone(&names), values }).collect()
}

/// Gives each member a whole row of the joint draws; none is taken twice before all were taken.
fn take_rows(joint: &JointDraws, names: &[(String, String)], seed: u64, values: &mut [Vec<f64>]) {
    let columns: Vec<Option<usize>> = joint.names.iter().map(|n| names.binary_search_by(|(m, _)| m.cmp(n)).ok()).collect();
    let mut rng = stream(seed, hash(&joint.problem), 1, Purpose::Parameters);
    let mut rows: Vec<usize> = Vec::new();
    for member in values {
        if rows.is_empty() {
            rows = (0..joint.draws.len()).collect();
        }
        let row = &joint.draws[rows.swap_remove(rng.random_range(0..rows.len()))];
        for (column, value) in columns.iter().zip(row) {
            if let Some(column) = column {
                member[*column] = *value;
            }
        }
    }
}

/// FNV-1a, so that a name always means the same stream.
pub(crate) fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |h, b| (h ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::{Distribution, Kind, Parameter};

    fn set(names: &[&str]) -> ParameterSet {
        let mut set = ParameterSet::default();
        for n in names {
            let card = Parameter {
                value: 0.5,
                unit: "1".into(),
                distribution: Distribution::Uniform { low: 0.0, high: 1.0 },
                kind: Kind::Assumed,
                meaning: "test".into(),
                source: "test".into(),
                id: None,
                note: None,
            };
            set.insert(n, card).unwrap();
        }
        set
    }

    #[test]
    fn each_stratum_is_hit_once() {
        let draws = draw_members(&set(&["a"]), 7, 32);
        let mut seen: Vec<u32> = draws.iter().map(|d| (d.get("a", "1").unwrap() * 32.0) as u32).collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..32).collect::<Vec<_>>());
    }

    #[test]
    fn adding_a_parameter_leaves_the_others_alone() {
        let one = draw_members(&set(&["b"]), 7, 8);
        let two = draw_members(&set(&["a", "b"]), 7, 8);
        for (x, y) in one.iter().zip(&two) {
            assert_eq!(x.get("b", "1").unwrap().to_bits(), y.get("b", "1").unwrap().to_bits());
        }
        let other = draw_members(&set(&["b"]), 8, 8);
        assert_ne!(one[0].get("b", "1").unwrap().to_bits(), other[0].get("b", "1").unwrap().to_bits());
    }

    #[test]
    fn a_replaced_value_is_the_only_one_that_changes() {
        let draw = Draw::central(&set(&["a", "b"])).replaced([(1, 0.25)]);
        assert_eq!(draw.values(), [0.5, 0.25]);
    }

    #[test]
    fn units_are_checked() {
        let d = Draw::central(&set(&["a"]));
        assert!(matches!(d.get("a", "d"), Err(ParameterError::Unit { .. })));
        assert!(matches!(d.get("z", "1"), Err(ParameterError::Unknown { .. })));
    }
}
