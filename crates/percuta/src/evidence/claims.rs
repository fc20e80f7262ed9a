//! The benefits usually claimed for micro-needling, and what stands behind them.

use serde::Deserialize;

use super::Domain;
use super::observable::observable;
use crate::data;

/// A claim, what was published on it, and what would settle it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Short name.
    pub id: String,
    /// The claim as it is usually made.
    pub claim: String,
    /// Part of the question that it belongs to.
    pub domain: Domain,
    /// Keys of the read-outs that speak to it.
    pub readouts: Vec<String>,
    /// Reference that is usually given.
    pub usual_reference: String,
    /// What that reference turns out to be.
    pub reference_is: String,
    /// What controlled studies show.
    pub controlled: String,
    /// What uncontrolled studies show.
    pub uncontrolled: String,
    /// Strength of the evidence.
    pub strength: String,
    /// What would settle it.
    pub settles: String,
}

/// All claims.
///
/// # Errors
/// If the embedded file is malformed, which a test keeps from happening.
pub fn claims() -> Result<Vec<Claim>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        claim: Vec<Claim>,
    }
    let file: File = toml::from_str(data::CLAIMS).map_err(|e| format!("data/claims.toml: {e}"))?;
    match file.claim.iter().flat_map(|c| &c.readouts).find(|k| observable(k, false).is_none()) {
        Some(key) => Err(format!("data/claims.toml: no read-out is called `{key}`")),
        None => Ok(file.claim),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_five_claims_are_whole() {
        let all = claims().unwrap();
        assert_eq!(all.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), ["collagen", "lines", "scars", "tone", "absorption"]);
        for claim in all {
            assert!(!claim.readouts.is_empty() && claim.settles.len() > 40 && claim.controlled.len() > 20, "{}", claim.id);
        }
    }
}
