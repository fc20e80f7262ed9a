//! A posterior ensemble as a file: what a calibration hands to the courses that use it.

use serde::{Deserialize, Serialize};

use super::{Distribution, Kind, Parameter, ParameterError, ParameterSet, interval};

/// Joint draws of some parameters. Members of an ensemble take whole rows, so that what data tell of combinations is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JointDraws {
    /// Calibration problem they come from.
    pub problem: String,
    /// Version of Percuta that made them.
    pub percuta: String,
    /// Ids of the studies that informed them.
    pub studies: Vec<String>,
    /// Names of the parameters.
    pub names: Vec<String>,
    /// Units of their cards.
    pub units: Vec<String>,
    /// Draws, one row each, in the order of the names.
    pub draws: Vec<Vec<f64>>,
}

impl JointDraws {
    /// Reads draws from TOML.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let joint: Self = toml::from_str(text).map_err(|e| e.to_string())?;
        let width = joint.names.len();
        if width == 0 || joint.units.len() != width {
            return Err("`names` and `units` must have the same number of entries, at least one".into());
        }
        if joint.draws.len() < 2 {
            return Err("at least two `draws` are needed".into());
        }
        match joint.draws.iter().position(|d| d.len() != width || d.iter().any(|x| !x.is_finite())) {
            Some(row) => Err(format!("row {} of `draws` has not one finite number for each of the {width} names", row + 1)),
            None => Ok(joint),
        }
    }

    /// The same as TOML.
    ///
    /// # Errors
    /// If it cannot be written, which is a defect.
    pub fn to_toml(&self) -> Result<String, String> {
        toml::to_string(self).map_err(|e| e.to_string())
    }

    /// Puts the draws into `set`: each card takes their median and spread. Parameters that the user's file sets stay as they are.
    ///
    /// # Errors
    /// If a name is unknown or its card is in another unit.
    pub fn lay_over(mut self, set: &mut ParameterSet) -> Result<(), ParameterError> {
        let own = |name: &String| set.card(name).is_ok_and(|c| c.kind == Kind::Setting);
        let kept: Vec<usize> = (0..self.names.len()).filter(|i| !own(&self.names[*i])).collect();
        self.draws = self.draws.iter().map(|d| kept.iter().map(|i| d[*i]).collect()).collect();
        self.names = kept.iter().map(|i| self.names[*i].clone()).collect();
        self.units = kept.iter().map(|i| self.units[*i].clone()).collect();
        for (i, name) in self.names.iter().enumerate() {
            let old = set.card(name)?.clone();
            if old.unit != self.units[i] {
                return Err(ParameterError::Unit { name: name.clone(), found: self.units[i].clone(), expected: old.unit });
            }
            let column: Vec<f64> = self.draws.iter().map(|d| d[i]).collect();
            let of = interval(&column);
            let mean = column.iter().sum::<f64>() / column.len() as f64;
            let sd = (column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / column.len() as f64).sqrt();
            let (low, high) = column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(*x), h.max(*x)));
            let distribution = if sd > 0.0 { Distribution::Normal { sd, low: Some(low), high: Some(high) } } else { Distribution::Fixed };
            let note = format!(
                "Posterior of {} draws, drawn jointly with the other parameters of the problem; instead of {}{} ({}).",
                column.len(),
                old.value,
                if old.unit == "1" { String::new() } else { format!(" {}", old.unit) },
                old.source.trim_end_matches('.')
            );
            let source = format!("Fitted in the calibration problem `{}` to {} studies", self.problem, self.studies.len());
            set.insert(name, Parameter { value: of.median, distribution, kind: Kind::Fitted, source, id: None, note: Some(note), ..old })?;
        }
        set.joint = Some(self);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::draw_members;

    fn joint() -> JointDraws {
        // Two parameters that always sum to one.
        let draws = (0..40).map(|i| f64::from(i) / 100.0).map(|x| vec![x, 1.0 - x]).collect();
        JointDraws {
            problem: "test".into(),
            percuta: "0".into(),
            studies: vec!["a-2020-b".into()],
            names: vec!["rater.expectation".into(), "scars.fill_efficiency".into()],
            units: vec!["1".into(), "1".into()],
            draws,
        }
    }

    #[test]
    fn members_take_whole_rows_and_the_centre_the_median() {
        let mut set = ParameterSet::embedded().unwrap();
        let before = draw_members(&set, 5, 16);
        joint().lay_over(&mut set).unwrap();
        assert!((set.card("rater.expectation").unwrap().value - 0.195).abs() < 1e-9);
        let after = draw_members(&set, 5, 16);
        let mut seen = Vec::new();
        for (a, b) in after.iter().zip(&before) {
            let (x, y) = (a.get("rater.expectation", "1").unwrap(), a.get("scars.fill_efficiency", "1").unwrap());
            assert!((x + y - 1.0).abs() < 1e-12);
            assert_eq!(a.get("healing.alarm_decay", "1/d").unwrap(), b.get("healing.alarm_decay", "1/d").unwrap());
            seen.push(x);
        }
        seen.sort_by(f64::total_cmp);
        assert!(seen.windows(2).all(|w| w[0] < w[1]), "rows are not repeated before all were taken");
    }

    #[test]
    fn a_file_is_read_back_and_nonsense_refused() {
        let text = joint().to_toml().unwrap();
        assert_eq!(JointDraws::parse(&text).unwrap(), joint());
        assert!(JointDraws::parse("names = []").is_err());
        let ragged = JointDraws { draws: vec![vec![1.0, 2.0], vec![1.0]], ..joint() };
        assert!(JointDraws::parse(&ragged.to_toml().unwrap()).unwrap_err().contains("row 2"));
        let other = JointDraws { units: vec!["mm".into(), "1".into()], ..joint() };
        assert!(other.lay_over(&mut ParameterSet::embedded().unwrap()).is_err());
    }
}
