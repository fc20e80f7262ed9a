//! What every kind of run says of itself.

use percuta::course::permeation::{GROUPS, PermeationOutcome, Treatment};
use percuta::course::sensitivity::SensitivityOutcome;
use percuta::course::{INJURY, Outcome};
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
    /// Groups of parameters that acted on it.
    fn groups(&self) -> Vec<&'static str>;
    /// Citations beside those of the parameters: text and identifier.
    fn citations(&self) -> Vec<(&str, Option<&str>)>;
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

    fn groups(&self) -> Vec<&'static str> {
        let of_readouts = self.readouts.iter().filter(|r| self.course.concerns(r.readout.key)).flat_map(|r| r.readout.groups);
        let mut groups: Vec<&str> = INJURY.iter().chain(of_readouts).copied().chain(["rater", "observation"]).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    fn citations(&self) -> Vec<(&str, Option<&str>)> {
        let study = self.course.study.iter().map(|s| (s.citation.as_str(), s.identifier.as_deref()));
        let product = self.course.product.iter().map(|p| (p.permeant.source.as_str(), None));
        [(self.course.device.source.as_str(), None)].into_iter().chain(study).chain(product).collect()
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

    fn groups(&self) -> Vec<&'static str> {
        GROUPS.to_vec()
    }

    fn citations(&self) -> Vec<(&str, Option<&str>)> {
        let device = match &self.study.treatment {
            Some(Treatment::Needling { device, .. }) => Some((device.source.as_str(), None)),
            _ => None,
        };
        [(self.study.permeant.source.as_str(), None)].into_iter().chain(device).collect()
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

    fn groups(&self) -> Vec<&'static str> {
        Vec::new()
    }

    fn citations(&self) -> Vec<(&str, Option<&str>)> {
        Vec::new()
    }
}
