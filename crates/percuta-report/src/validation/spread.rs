//! Observables on which published studies disagree.

use percuta::evidence::validation::Row;
use percuta::evidence::{Domain, Scale};

/// Numbers of two studies that differ by more than this factor disagree.
const FACTOR: f64 = 5.0;

/// An observable that studies do not agree on.
pub struct Disagreement<'a> {
    /// Every number of it, from the least to the largest.
    pub rows: Vec<&'a Row>,
    /// Two studies have opposite signs.
    pub signs: bool,
    /// The intervals of two studies do not overlap.
    pub apart: bool,
    /// The largest factor between two studies where it is above [`FACTOR`]; infinite where one finds nothing and another something.
    pub factor: Option<f64>,
}

impl Disagreement<'_> {
    /// How the studies disagree, in words.
    pub fn reasons(&self) -> String {
        let mut reasons = Vec::new();
        if self.signs {
            reasons.push("their signs are opposite".to_owned());
        }
        if self.apart {
            reasons.push("their 90 % intervals do not overlap".to_owned());
        }
        match self.factor {
            Some(f) if f.is_finite() => reasons.push(format!("they differ by a factor of up to {}", crate::format::own_digits(f))),
            Some(_) => reasons.push("one finds nothing where another finds something".to_owned()),
            None => {}
        }
        reasons.join("; ")
    }
}

/// What belongs together: the same read-out of the same substance on the same scale in the same unit, treated or not.
fn same(a: &Row, b: &Row) -> bool {
    (&a.readout, a.scale, &a.unit, a.untreated, &a.substance) == (&b.readout, b.scale, &b.unit, b.untreated, &b.substance)
}

/// Every observable on which studies disagree, domain by domain. Context numbers are among them: what a contradiction is made of is often
/// measured in animals, by other means, or as a bound.
pub fn disagreements(rows: &[Row]) -> Vec<Disagreement<'_>> {
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    for domain in Domain::ALL {
        for row in rows.iter().filter(|r| r.domain == domain && r.published.is_finite()) {
            match groups.iter_mut().find(|g| g.first().is_some_and(|first| same(first, row))) {
                Some(group) => group.push(row),
                None => groups.push(vec![row]),
            }
        }
    }
    groups.into_iter().filter_map(disagreement).collect()
}

fn disagreement(mut rows: Vec<&Row>) -> Option<Disagreement<'_>> {
    let (mut signs, mut apart, mut factor) = (false, false, 1.0f64);
    for (i, a) in rows.iter().enumerate() {
        for b in rows[..i].iter().filter(|b| b.study != a.study) {
            let (x, y) = (a.published, b.published);
            signs |= a.scale != Scale::Value && x * y < 0.0;
            if let (Some(p), Some(q)) = (a.published_interval, b.published_interval) {
                apart |= p.1 < q.0 || q.1 < p.0;
            }
            if x * y > 0.0 {
                factor = factor.max((x / y).max(y / x));
            } else if (x == 0.0) != (y == 0.0) {
                factor = f64::INFINITY;
            }
        }
    }
    let factor = (factor > FACTOR).then_some(factor);
    if !signs && !apart && factor.is_none() {
        return None;
    }
    rows.sort_by(|a, b| a.published.total_cmp(&b.published));
    Some(Disagreement { rows, signs, apart, factor })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{row, row_with_interval};
    use super::*;

    fn found(rows: &[Row]) -> Option<String> {
        disagreements(rows).first().map(Disagreement::reasons)
    }

    #[test]
    fn signs_intervals_and_factors_disagree() {
        let (a, b) = (row("a-2001", "lemperle_grade", -10.0), row("b-2002", "lemperle_grade", 12.0));
        assert_eq!(found(&[a.clone(), b.clone()]).unwrap(), "their signs are opposite");
        let c = row("c-2003", "lemperle_grade", -60.0);
        assert!(found(&[a.clone(), c]).unwrap().contains("factor of up to 6.00"));
        assert_eq!(found(&[a.clone(), row("c-2003", "lemperle_grade", -40.0)]), None);
        assert!(found(&[a.clone(), row("c-2003", "lemperle_grade", 0.0)]).unwrap().contains("nothing"));
        let near = row_with_interval("d-2004", "lemperle_grade", -20.0, (-22.0, -18.0));
        let far = row_with_interval("e-2005", "lemperle_grade", -30.0, (-32.0, -28.0));
        assert_eq!(found(&[near.clone(), far]).unwrap(), "their 90 % intervals do not overlap");
        assert_eq!(found(&[near, row_with_interval("e-2005", "lemperle_grade", -30.0, (-42.0, -20.0))]), None);
    }

    #[test]
    fn one_study_does_not_disagree_with_itself_nor_treated_skin_with_untreated() {
        let mut rows = vec![row("a-2001", "lemperle_grade", -10.0), row("a-2001", "lemperle_grade", 12.0)];
        assert_eq!(found(&rows), None);
        rows[1].study = "b-2002".into();
        rows[1].role = percuta::evidence::Role::Context;
        assert_eq!(found(&rows).unwrap(), "their signs are opposite");
        rows[1].untreated = true;
        assert_eq!(found(&rows), None);
    }

    #[test]
    fn numbers_lie_from_the_least_to_the_largest() {
        let rows = [row("a-2001", "x", 12.0), row("b-2002", "x", -10.0), row("c-2003", "x", 3.0)];
        let numbers: Vec<f64> = disagreements(&rows)[0].rows.iter().map(|r| r.published).collect();
        assert_eq!(numbers, [-10.0, 3.0, 12.0]);
    }
}
