//! What every kind of run says of itself.

use percuta::course::Outcome;
use percuta::course::permeation::PermeationOutcome;
use percuta::course::sensitivity::SensitivityOutcome;
use percuta::population::ParameterSet;

/// A computed run, as it is named on its pages and in its manifest.
pub trait Run {
    /// What was run, in one word: `course` or `study`.
    fn kind(&self) -> &'static str;
    /// Its name.
    fn name(&self) -> &str;
    /// Seed of all random streams.
    fn seed(&self) -> u64;
    /// Members of the ensemble.
    fn members(&self) -> usize;
    /// How much was computed, in words.
    fn sample(&self) -> String {
        format!("{} members", self.members())
    }
    /// Every parameter as used.
    fn parameters(&self) -> &ParameterSet;
}

impl Run for Outcome {
    fn kind(&self) -> &'static str {
        "course"
    }

    fn name(&self) -> &str {
        &self.course.name
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn members(&self) -> usize {
        self.draws.len()
    }

    fn parameters(&self) -> &ParameterSet {
        &self.course.parameters
    }
}

impl Run for PermeationOutcome {
    fn kind(&self) -> &'static str {
        "study"
    }

    fn name(&self) -> &str {
        &self.study.name
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn members(&self) -> usize {
        self.members as usize
    }

    fn parameters(&self) -> &ParameterSet {
        &self.study.parameters
    }
}

impl Run for SensitivityOutcome {
    fn kind(&self) -> &'static str {
        "course"
    }

    fn name(&self) -> &str {
        &self.course.name
    }

    fn seed(&self) -> u64 {
        self.seed
    }

    fn members(&self) -> usize {
        self.evaluations
    }

    fn sample(&self) -> String {
        format!("{} base samples, {} evaluations, 90 % error bars", self.samples, self.evaluations)
    }

    fn parameters(&self) -> &ParameterSet {
        &self.course.parameters
    }
}
