//! What can be wrong with a request to fit, in words that help.

use super::ALIASES;

/// A fit that cannot be done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    /// No parameter was named.
    #[error("nothing to estimate; expected names of parameters, for example `open-channels` or `channels.patency`{}", listed(.reads))]
    NothingToEstimate {
        /// What the study reads.
        reads: Vec<String>,
    },
    /// A name that no card has.
    #[error("no parameter is called `{name}`{} Expected a name from below, or one of {}{}", suggest(.suggestion), ALIASES.join(", "), listed(.reads))]
    Unknown {
        /// The name asked for.
        name: String,
        /// The nearest one that would do.
        suggestion: Option<String>,
        /// What the study reads.
        reads: Vec<String>,
    },
    /// A card that this study does not read.
    #[error("this study does not read `{name}`{because}{}", listed(.reads))]
    NotRead {
        /// The card.
        name: String,
        /// Why, where that is known: empty, or `: ` and a reason.
        because: String,
        /// What the study reads.
        reads: Vec<String>,
    },
    /// One card twice, perhaps by two names.
    #[error("`{name}` is to be estimated twice; `{asked}` means the same parameter")]
    Twice {
        /// The card.
        name: String,
        /// The second name for it.
        asked: String,
    },
    /// A card that a logarithm does not fit.
    #[error(
        "`{name}` is {value}, and only positive parameters can be fitted; expected a factor, for example `intact-permeability` in place of an intercept"
    )]
    NotPositive {
        /// The card.
        name: String,
        /// Its value.
        value: f64,
    },
    /// No change of the parameter changes what was measured.
    #[error("`{name}` has no effect on these points{because}")]
    NoEffect {
        /// The card.
        name: String,
        /// Why, where that is known: empty, or `: ` and a reason.
        because: String,
    },
    /// More unknowns than knowns.
    #[error("{parameters} parameters cannot be estimated from {points} point{}; expected at least as many points after 0 h as parameters: estimate fewer, or add points", plural(*.points))]
    TooFewPoints {
        /// Parameters.
        parameters: usize,
        /// Points after 0 h.
        points: usize,
    },
    /// Nothing was measured.
    #[error(
        "there are no points to fit to; expected measured cumulative amounts, for example `file = \"points.csv\"` in the table `[data]` of the study"
    )]
    NoData,
    /// Points of skin that the study does not have.
    #[error(
        "group \"{group}\" was measured on needled skin and the study has no treatment; expected a table `[treatment]` or `[array]`, or `intact` in the column `arm`"
    )]
    NoTreatment {
        /// The group.
        group: String,
    },
    /// Points after the end.
    #[error(
        "group \"{group}\" has a point at {time_h} h and the study ends at {duration_h} h; expected a duration that holds all points, for example `duration = \"{time_h} h\"`"
    )]
    Beyond {
        /// The group.
        group: String,
        /// Time of the point, h.
        time_h: f64,
        /// Length of the study, h.
        duration_h: f64,
    },
    /// Points that cannot be.
    #[error("group \"{group}\": {reason}")]
    Points {
        /// The group.
        group: String,
        /// What is wrong and what is expected.
        reason: String,
    },
    /// The model does not run at any start.
    #[error("the model could not be computed where the search starts: {reason}")]
    Model {
        /// What happened.
        reason: String,
    },
}

fn suggest(name: &Option<String>) -> String {
    name.as_ref().map_or_else(|| ".".into(), |s| format!("; did you mean `{s}`?"))
}

fn listed(reads: &[String]) -> String {
    if reads.is_empty() { String::new() } else { format!("\nthis study reads: {}", reads.join(", ")) }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}
