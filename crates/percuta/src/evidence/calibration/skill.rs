//! Whether studies that were left out are predicted better than by those who know nothing of needling.

use rand::RngExt as _;
use serde::Serialize;

use super::left_out::LeftOut;
use crate::evidence::Domain;
use crate::evidence::validation::{Scored, Skill, share_interval, skill};
use crate::population::{Purpose, stream};

/// Samples of studies for the interval of a skill.
const SAMPLES: usize = 2000;

/// Scores of the studies that were left out, over all of them or in one domain.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOutScore {
    /// Domain; none for all of them.
    pub domain: Option<Domain>,
    /// Studies.
    pub studies: usize,
    /// Observations.
    pub observations: usize,
    /// Observations that their 90 % interval holds.
    pub covered: usize,
    /// That as a share, with its own 90 % interval (observations of one study are not independent: it is too narrow).
    pub coverage: (f64, f64, f64),
    /// Mean continuous ranked probability score, %.
    pub crps: f64,
    /// Mean interval score, %.
    pub interval_score: f64,
    /// Against "nothing changes".
    pub skill_over_no_change: Option<LeftOutSkill>,
    /// Against the mean of the other studies.
    pub skill_over_other_studies: Option<LeftOutSkill>,
}

/// A skill, and how far it may be chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LeftOutSkill {
    /// The skill.
    #[serde(flatten)]
    pub skill: Skill,
    /// Studies that allow the comparison.
    pub studies: usize,
    /// 90 % interval of the skill by CRPS when whole studies are drawn anew; none of fewer than three studies.
    pub crps_interval: Option<(f64, f64)>,
}

impl LeftOutSkill {
    /// What may be said of it.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.crps_interval {
            _ if self.skill.crps <= 0.0 => Verdict::None,
            Some((low, _)) if low > 0.0 => Verdict::Some,
            _ => Verdict::Unclear,
        }
    }
}

/// What may be said of a skill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Better than the naive predictor, whichever studies are drawn.
    Some,
    /// Better, but with other studies it might not be.
    Unclear,
    /// No better.
    None,
}

impl Verdict {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Some => "skill",
            Self::Unclear => "not told from none",
            Self::None => "no skill",
        }
    }
}

/// Over all, then by domain.
pub(super) fn scores(left_out: &[LeftOut], seed: u64) -> Vec<LeftOutScore> {
    std::iter::once(None)
        .chain(Domain::ALL.map(Some))
        .filter_map(|domain| {
            let of: Vec<&LeftOut> = left_out.iter().filter(|l| domain.is_none_or(|d| d == l.domain)).collect();
            (!of.is_empty()).then(|| score(domain, &of, seed))
        })
        .collect()
}

fn score(domain: Option<Domain>, of: &[&LeftOut], seed: u64) -> LeftOutScore {
    let n = of.len();
    let mean = |f: &dyn Fn(&LeftOut) -> f64| of.iter().map(|l| f(l)).sum::<f64>() / n as f64;
    let covered = of.iter().filter(|l| l.covered).count();
    let (low, high) = share_interval(covered, n);
    LeftOutScore {
        domain,
        studies: by_study(of, |_| Some(())).len(),
        observations: n,
        covered,
        coverage: (covered as f64 / n as f64, low, high),
        crps: mean(&|l| l.scored.crps),
        interval_score: mean(&|l| l.scored.interval_score),
        skill_over_no_change: over(of, |l| l.no_change, seed),
        skill_over_other_studies: over(of, |l| l.other_studies, seed),
    }
}

/// What `f` says of each observation, study after study.
fn by_study<T>(of: &[&LeftOut], f: impl Fn(&LeftOut) -> Option<T>) -> Vec<Vec<T>> {
    let mut studies: Vec<(&str, Vec<T>)> = Vec::new();
    for l in of {
        let Some(x) = f(l) else { continue };
        match studies.iter_mut().find(|s| s.0 == l.study) {
            Some(study) => study.1.push(x),
            None => studies.push((&l.study, vec![x])),
        }
    }
    studies.into_iter().map(|s| s.1).collect()
}

fn over(of: &[&LeftOut], naive: impl Fn(&LeftOut) -> Option<Scored>, seed: u64) -> Option<LeftOutSkill> {
    let studies = by_study(of, |l| Some((l.scored, naive(l)?)));
    let found = skill(studies.iter().flatten().copied())?;
    // Whole studies are drawn, since what one study finds goes wrong together.
    let mut rng = stream(seed, 0, 12, Purpose::Fit);
    let mut drawn = || {
        let picked: Vec<&Vec<(Scored, Scored)>> = (0..studies.len()).map(|_| &studies[rng.random_range(0..studies.len())]).collect();
        skill(picked.into_iter().flatten().copied()).map(|s| s.crps)
    };
    let crps_interval = (studies.len() > 2).then(|| {
        let mut skills: Vec<f64> = (0..SAMPLES).filter_map(|_| drawn()).collect();
        skills.sort_by(f64::total_cmp);
        (skills[SAMPLES / 20], skills[SAMPLES - 1 - SAMPLES / 20])
    });
    Some(LeftOutSkill { skill: found, studies: studies.len(), crps_interval })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::population::Interval;

    fn left_out(study: &str, domain: Domain, crps: f64, naive: Option<f64>) -> LeftOut {
        let scored = |crps: f64| Scored { error: 0.0, crps, interval_score: 10.0 * crps };
        LeftOut {
            study: study.into(),
            short: study.into(),
            readout: "tewl".into(),
            domain,
            group: None,
            day: 1.0,
            published: 0.0,
            predicted: Interval { median: 0.0, low: -1.0, high: 1.0 },
            covered: true,
            scored: scored(crps),
            no_change: naive.map(scored),
            other_studies: None,
        }
    }

    #[test]
    fn skill_of_left_out_studies_is_told_from_none_only_where_all_of_them_agree() {
        let clear: Vec<LeftOut> = ["a", "b", "c", "d"].map(|s| left_out(s, Domain::Scars, 2.0, Some(4.0))).to_vec();
        let found = scores(&clear, 1);
        assert_eq!(found.iter().map(|s| s.domain).collect::<Vec<_>>(), [None, Some(Domain::Scars)]);
        let skill = found[0].skill_over_no_change.unwrap();
        assert!((skill.skill.crps - 0.5).abs() < 1e-12 && skill.studies == 4 && skill.verdict() == Verdict::Some);
        assert!(found[0].skill_over_other_studies.is_none());

        let mixed = [
            left_out("a", Domain::Tone, 1.0, Some(9.0)),
            left_out("b", Domain::Tone, 8.0, Some(4.0)),
            left_out("c", Domain::Tone, 8.0, Some(7.0)),
        ];
        let skill = scores(&mixed, 1)[0].skill_over_no_change.unwrap();
        assert!(skill.crps_interval.unwrap().0 < 0.0 && skill.verdict() == Verdict::Unclear, "{skill:?}");

        let worse = [left_out("a", Domain::Tone, 5.0, Some(4.0)), left_out("b", Domain::Tone, 3.0, None)];
        let skill = scores(&worse, 1)[0].skill_over_no_change.unwrap();
        assert_eq!((skill.verdict(), skill.crps_interval, skill.skill.observations), (Verdict::None, None, 1));
    }
}
