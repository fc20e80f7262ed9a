//! What every kind of run says of itself.

use percuta::course::Outcome;
use percuta::course::permeation::PermeationOutcome;
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
    /// Every parameter as used.
    fn parameters(&self) -> &ParameterSet;
    /// Files that its file names and that are not among the parameters: path as given, SHA-256.
    fn named_files(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }
    /// What of the surface is ornament or measured, for captions.
    fn furrows(&self) -> Furrows {
        Furrows::Ornament
    }
}

/// Where the furrows of a surface come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Furrows {
    /// They lie where a seed puts them.
    Ornament,
    /// They are measured.
    Measured,
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

    fn named_files(&self) -> Vec<(&str, &str)> {
        self.course.surface.map.iter().map(|m| (m.path.as_str(), m.sha256.as_str())).collect()
    }

    fn furrows(&self) -> Furrows {
        if self.specimen.square.measured { Furrows::Measured } else { Furrows::Ornament }
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
