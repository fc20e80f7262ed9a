//! `calibration.html`: one page that opens without a network.

use percuta::evidence::calibration::{CalibrationOutcome, CalibrationProblem, LeftOut, LeftOutScore, LeftOutSkill, Target, Verdict};
use percuta::evidence::validation::share_interval;
use percuta::population::calibration::AGREED;

use super::words::{self, Bounds, plural};
use crate::figures::Figure;
use crate::format;
use crate::html::background;
use crate::html::markup::{escape, facts, figure, paragraph, table};
use crate::html::titled;

/// The page.
pub fn report(outcome: &CalibrationOutcome, problem: &CalibrationProblem, figures: &[Figure], version: &str) -> String {
    let sections = vec![
        ("summary", "Summary", summary(outcome)),
        ("problem", "The question", question(outcome, problem, version)),
        ("parameters-found", "Parameters before and after", parameters(outcome, figures)),
        ("together", "What the data cannot tell apart", together(outcome, figures)),
        ("observations", "Published and fitted", observations(outcome, figures)),
        ("between", "Spread between studies", between(outcome, figures)),
        ("others", "Each study from the others", others(outcome, figures)),
        ("skill", "Better than knowing nothing?", skill(outcome)),
        ("limits", "Methods and limits", limits(outcome, problem)),
    ];
    let stamp = format!(
        "Calibration · {} of {} · seed {} · Percuta {}",
        plural(outcome.targets.len(), "observation", "observations"),
        plural(outcome.studies.len(), "study", "studies"),
        outcome.seed,
        escape(version)
    );
    titled(&outcome.name, &stamp, sections)
}

/// Names with commas, in code.
fn names<'a>(of: impl Iterator<Item = &'a str>) -> String {
    of.map(|n| format!("<code>{}</code>", escape(n))).collect::<Vec<_>>().join(", ")
}

fn summary(outcome: &CalibrationOutcome) -> String {
    let (told, not): (Vec<_>, Vec<_>) = outcome.parameters.iter().partition(|p| p.told);
    let mut out = String::from("<div class=\"headline\">");
    let of = plural(outcome.parameters.len(), "parameter", "parameters");
    out.push_str(&if told.is_empty() {
        paragraph(&match outcome.parameters.len() {
            1 => "The studies tell little of the parameter.".to_owned(),
            _ => format!("The studies tell little of any of the {of} by itself."),
        })
    } else {
        format!("<p>The studies tell something of {} of {of}: {}.</p>\n", told.len(), names(told.iter().map(|p| p.name.as_str())))
    });
    if !not.is_empty() {
        out.push_str(&format!(
            "<p class=\"outcome\">Not told by the data: {}. Their posterior is nearly their prior, and an agreement with it is no evidence.</p>\n",
            names(not.iter().map(|p| p.name.as_str()))
        ));
    }
    if !outcome.left_out.is_empty() {
        out.push_str(&paragraph(&coverage(&outcome.left_out)));
    }
    let some: Vec<&str> = words::with_verdict(outcome, |s| s.skill_over_no_change.as_ref(), Verdict::Some);
    if !outcome.left_out_scores.is_empty() {
        out.push_str(&paragraph(&if some.is_empty() {
            "Nowhere is this told from the prediction that nothing changes.".to_owned()
        } else {
            format!("It is told from the prediction that nothing changes in: {}.", some.join(", "))
        }));
    }
    out.push_str("</div>");
    if outcome.disagreement > AGREED {
        out.push_str(&format!(
            "<div class=\"warnings\" role=\"note\"><b>The walkers of the sampler disagree ({}).</b> Above {AGREED} more steps are needed before any number here is used.</div>\n",
            format::fixed(outcome.disagreement, 2)
        ));
    }
    out
}

/// Left-out observations inside of their interval.
fn coverage(left_out: &[LeftOut]) -> String {
    let covered = left_out.iter().filter(|l| l.covered).count();
    let (low, high) = share_interval(covered, left_out.len());
    format!(
        "Predicted from the other studies, {covered} of {} lie in their 90 % interval ({} %, 90 % interval {} to {} %).",
        plural(left_out.len(), "observation", "observations"),
        percent(covered as f64 / left_out.len() as f64),
        percent(low),
        percent(high)
    )
}

fn percent(share: f64) -> String {
    format::fixed(100.0 * share, 0)
}

fn question(outcome: &CalibrationOutcome, problem: &CalibrationProblem, version: &str) -> String {
    let mut out = String::new();
    if !problem.description.trim().is_empty() {
        out.push_str(&paragraph(problem.description.trim()));
    }
    out.push_str(&paragraph(
        "What do published numbers say of these parameters, if each study is re-told by the model, everything else that is uncertain stays uncertain, and studies may differ for reasons the model does not hold?",
    ));
    let list = |texts: &[String]| if texts.is_empty() { "none".to_owned() } else { texts.join(", ") };
    let roles: Vec<String> = problem.roles.iter().map(|r| r.name().to_owned()).collect();
    out.push_str(&facts(
        "The problem and how it was run.",
        &[
            ("Parameters", outcome.parameters.len().to_string()),
            ("Studies", outcome.studies.len().to_string()),
            ("Observations", outcome.targets.len().to_string()),
            ("They come from", if problem.petab.is_some() { "PEtab tables".into() } else { "study records".to_owned() }),
            ("Their roles", list(&roles)),
            ("Studies used alone", if problem.only.is_empty() { "no: all with such observations".into() } else { list(&problem.only) }),
            ("Studies left out", list(&problem.without)),
            ("Read-outs left out", list(&problem.without_readouts)),
            ("Runs of each arm over the prior", outcome.design.to_string()),
            ("Walkers, steps of the sampler", format!("{}, {}", problem.walkers, problem.steps)),
            ("Steps taken, disagreement", format!("{} %, {}", percent(outcome.accepted), format::fixed(outcome.disagreement, 3))),
            ("Rows of the posterior ensemble", outcome.posterior.draws.len().to_string()),
            ("Seed", outcome.seed.to_string()),
            ("Percuta", version.to_owned()),
        ],
    ));
    out.push_str(&paragraph(
        "The same numbers stand in calibration.json; the ensemble that a course takes in posterior.toml; the problem for other programs in petab/; the figures in figures/.",
    ));
    out
}

fn parameters(outcome: &CalibrationOutcome, figures: &[Figure]) -> String {
    let head = ["Parameter", "Card", "Before (90 %)", "After (90 %)", "Left of the SD", "The data bound it", "Told"].map(str::to_owned);
    let rows: Vec<Vec<String>> = outcome
        .parameters
        .iter()
        .map(|p| {
            let unit = |text: String| escape(&words::with_unit(text, &p.unit));
            vec![
                format!("<a href=\"#figure-parameters\">{}</a>", escape(&p.name)),
                unit(format::own_digits(p.card)),
                unit(format::wide_interval(&p.prior)),
                unit(format::wide_interval(&p.posterior)),
                format!("{} %", percent(p.left)),
                words::bounds(p).words().to_owned(),
                if p.told { "yes".into() } else { "<b>no</b>".into() },
            ]
        })
        .collect();
    let mut out = table(
        "Each parameter before and after, with the value of its card. “Left” is the standard deviation after over that before, in normal scores; above 80 % a parameter is called not told by the data. “The data bound it” is read off the profile of the data alone: where it falls 1.92 below its highest point within three standard deviations of the prior.",
        &head,
        &rows,
    );
    let unbound: Vec<&str> = outcome.parameters.iter().filter(|p| words::bounds(p) == Bounds::None).map(|p| p.name.as_str()).collect();
    if !unbound.is_empty() {
        out.push_str(&format!(
            "<p>Without their priors nothing here bounds {}: any value within three standard deviations of the prior agrees with the studies nearly as well.</p>\n",
            names(unbound.into_iter())
        ));
    }
    out.push_str(&figure(figures, "parameters"));
    out
}

fn together(outcome: &CalibrationOutcome, figures: &[Figure]) -> String {
    if outcome.parameters.len() < 2 {
        return String::new();
    }
    let pairs = words::trade_offs(outcome);
    let mut out = if pairs.is_empty() {
        paragraph(
            "No two parameters have a correlation of 0.3 or more after the calibration: the studies do not confuse any two of them. Where little is told at all, there is also little to confuse.",
        )
    } else {
        let items: String = pairs
            .iter()
            .map(|(j, i, r)| {
                let (a, b) = (
                    names(std::iter::once(outcome.parameters[*j].name.as_str())),
                    names(std::iter::once(outcome.parameters[*i].name.as_str())),
                );
                let what = if *r < 0.0 { "more of one does as well as less of the other" } else { "both may be larger, or both smaller" };
                format!("<li>{a} and {b}: {what} (correlation {}).</li>\n", format::fixed(*r, 2))
            })
            .collect();
        format!(
            "<p>These pairs trade off (correlation of 0.3 or more): the studies tell their combination better than either of them.</p>\n<ul>\n{items}</ul>\n"
        )
    };
    out.push_str(&figure(figures, "correlations"));
    let head = ["Combination", "Left of its SD", "Told"].map(str::to_owned);
    let rows: Vec<Vec<String>> = outcome
        .combinations
        .iter()
        .map(|c| {
            let verdict = if c.left < 0.8 { "yes" } else { "<b>no</b>" };
            vec![escape(&words::direction(outcome, c)), format!("{} %", percent(c.left)), verdict.to_owned()]
        })
        .collect();
    out.push_str(&table(
        "Independent combinations of the parameters, in normal scores, from what the studies tell most of to what they tell least of. Parameters with a share below 0.30 are not named.",
        &head,
        &rows,
    ));
    out
}

fn observations(outcome: &CalibrationOutcome, figures: &[Figure]) -> String {
    let covered = outcome.fitted.iter().filter(|f| f.covered).count();
    let mut out = paragraph(&format!(
        "{covered} of {} lie in the 90 % interval of what a study like theirs is expected to publish after the calibration. That interval has seen them: this is a check for misfits, not a test.",
        plural(outcome.fitted.len(), "observation", "observations"),
    ));
    let odd: Vec<String> = outcome
        .studies
        .iter()
        .filter(|s| s.weight < 0.5)
        .map(|s| format!("{} ({})", short(outcome, &s.study), format::fixed(s.weight, 2)))
        .collect();
    if !odd.is_empty() {
        out.push_str(&format!(
            "<p class=\"outcome\">Nothing in the model explains what was found here, so that it counts less (weight): {}.</p>\n",
            escape(&odd.join(", "))
        ));
    }
    out.push_str(&figure(figures, "fitted"));
    let head = ["Observation", "n", "Published", "Before (90 %)", "After (90 %)", "Explained", "Inside", "Weight"].map(str::to_owned);
    let rows: Vec<Vec<String>> = outcome
        .targets
        .iter()
        .zip(&outcome.fitted)
        .zip(&outcome.explained)
        .map(|((t, f), explained)| {
            let weight = outcome.studies.iter().find(|s| s.study == t.study).map_or(1.0, |s| s.weight);
            vec![
                escape(&words::label(&t.short, &t.readout, t.group.as_deref(), t.day)),
                crate::validation::words::subjects(t.n),
                published(t, t.value),
                escape(&words::shown_interval(t, &f.before)),
                escape(&words::shown_interval(t, &f.after)),
                format!("{} %", percent(explained.max(0.0))),
                inside(f.covered),
                format::fixed(weight, 2),
            ]
        })
        .collect();
    let caption = "Every observation in per cent of its baseline, or as its value. “Explained” is the share of its scatter over the prior that the calibrated parameters explain: where it is near zero the observation cannot tell of them.";
    out.push_str(&format!(
        "<details><summary>Every observation</summary>\n{}</details>\n",
        table(caption, &head, &rows).replacen("<table>", "<table class=\"many\">", 1)
    ));
    out
}

fn short<'a>(outcome: &'a CalibrationOutcome, study: &'a str) -> &'a str {
    outcome.targets.iter().find(|t| t.study == study).map_or(study, |t| t.short.as_str())
}

/// A published number with its unit.
fn published(t: &Target, scored: f64) -> String {
    let text = words::signed(t, words::shown(t, scored));
    match words::unit(t) {
        "" => text,
        unit => format!("{text} <span class=\"unit\">{}</span>", escape(unit)),
    }
}

fn inside(covered: bool) -> String {
    if covered { "yes".into() } else { "<b>no</b>".into() }
}

fn between(outcome: &CalibrationOutcome, figures: &[Figure]) -> String {
    if outcome.spreads.is_empty() {
        return paragraph("No treated observation is used, so that there is no spread between studies to find.");
    }
    let head = ["Domain", "Expected", "Found (90 %)", "Observations", "Studies"].map(str::to_owned);
    let rows: Vec<Vec<String>> = outcome
        .spreads
        .iter()
        .map(|s| {
            vec![
                escape(s.domain.name()),
                format::fixed(s.expected, 2),
                format::interval_to(&s.found, 2),
                s.targets.to_string(),
                s.studies.to_string(),
            ]
        })
        .collect();
    let caption = "Standard deviation between studies, as a share of the baseline or in the logarithm.";
    let mut out = table(caption, &head, &rows);
    let few: Vec<&str> = outcome.spreads.iter().filter(|s| s.studies < 2).map(|s| s.domain.name()).collect();
    if !few.is_empty() {
        out.push_str(&paragraph(&format!(
            "A study is one draw of this spread. Only one speaks in: {}. What is found there is what was expected.",
            few.join(", ")
        )));
    }
    out.push_str(&figure(figures, "spreads"));
    out
}

fn others(outcome: &CalibrationOutcome, figures: &[Figure]) -> String {
    if outcome.left_out.is_empty() {
        return paragraph("The studies were not left out one by one (leave_one_out = false), so that nothing here tests the calibration.");
    }
    let mut out = paragraph(&format!(
        "The calibration was repeated without each study, which was then predicted from all others. {} Observations of one study are left out together.",
        coverage(&outcome.left_out)
    ));
    if outcome.studies.len() == 1 {
        out.push_str(&paragraph("With a single study there are no others: what is shown is the prediction from the priors."));
    }
    let head = ["Domain", "Studies", "Observations", "Inside", "Coverage (90 %)", "CRPS, %", "Interval score, %"].map(str::to_owned);
    let rows: Vec<Vec<String>> = outcome
        .left_out_scores
        .iter()
        .map(|s| {
            let (share, low, high) = s.coverage;
            vec![
                domain(s).to_owned(),
                s.studies.to_string(),
                s.observations.to_string(),
                s.covered.to_string(),
                format!("{} % ({} to {} %)", percent(share), percent(low), percent(high)),
                format::number(s.crps),
                format::number(s.interval_score),
            ]
        })
        .collect();
    let caption = "Left-out observations that lie in their 90 % interval; nine of ten should. The intervals of the coverage (Wilson) take observations of one study as independent and are too narrow for that reason.";
    out.push_str(&table(caption, &head, &rows));
    out.push_str(&figure(figures, "left-out"));
    let head = ["Observation", "Published", "Predicted from the others (90 %)", "Inside"].map(str::to_owned);
    let rows: Vec<Vec<String>> = outcome
        .left_out
        .iter()
        .map(|l| {
            let target = outcome.targets.iter().find(|t| t.study == l.study && t.readout == l.readout && t.value == l.published);
            let (number, interval) = match target {
                Some(t) => (published(t, l.published), words::shown_interval(t, &l.predicted)),
                None => (format::number(l.published), format::interval(&l.predicted)),
            };
            vec![escape(&words::label(&l.short, &l.readout, l.group.as_deref(), l.day)), number, escape(&interval), inside(l.covered)]
        })
        .collect();
    out.push_str(&format!(
        "<details><summary>Every left-out observation</summary>\n{}</details>\n",
        table("In per cent of the baseline, or as the value.", &head, &rows).replacen("<table>", "<table class=\"many\">", 1)
    ));
    out
}

fn domain(s: &LeftOutScore) -> &'static str {
    s.domain.map_or("All", |d| d.name())
}

/// A naive predictor: its name, and the skill over it.
type Naive = (&'static str, fn(&LeftOutScore) -> Option<&LeftOutSkill>);

fn skill(outcome: &CalibrationOutcome) -> String {
    if outcome.left_out_scores.is_empty() {
        return String::new();
    }
    let mut out = paragraph(
        "The same left-out predictions beside two predictors that know no skin: “no change” says that a treatment does nothing, read by the same observers; “other studies” takes the mean and spread of the other studies of that observable and substance, where there are three. Skill is the share of their CRPS that the model spares: 1 is perfect, 0 no better, below 0 worse. Over all together the domains with the largest scores weigh most.",
    );
    let naive: [Naive; 2] =
        [("no change", |s| s.skill_over_no_change.as_ref()), ("the mean of the other studies", |s| s.skill_over_other_studies.as_ref())];
    for (name, of) in naive {
        let none = words::with_verdict(outcome, of, Verdict::None);
        if !none.is_empty() {
            out.push_str(&format!("<p class=\"outcome\">No skill over {name} in: {}.</p>\n", escape(&none.join(", "))));
        }
        let unclear = words::with_verdict(outcome, of, Verdict::Unclear);
        if !unclear.is_empty() {
            out.push_str(&paragraph(&format!(
                "Better than {name}, but not told from no skill (the interval holds 0, or there are fewer than three studies), in: {}.",
                unclear.join(", ")
            )));
        }
        let some = words::with_verdict(outcome, of, Verdict::Some);
        if !some.is_empty() {
            out.push_str(&paragraph(&format!("Skill over {name} in: {}.", some.join(", "))));
        }
        let with = |wanted: &dyn Fn(Option<&LeftOutSkill>) -> bool| -> Vec<&str> {
            outcome.left_out_scores.iter().filter(|s| wanted(of(s))).map(|s| s.domain.map_or("all together", |d| d.name())).collect()
        };
        let worse = with(&|k| k.is_some_and(|k| k.skill.interval_score < 0.0));
        if !worse.is_empty() {
            out.push_str(&paragraph(&format!(
                "By the interval score, which punishes wide intervals, worse than {name} in: {}.",
                worse.join(", ")
            )));
        }
        let nothing = with(&|k| k.is_none());
        if !nothing.is_empty() {
            out.push_str(&paragraph(&format!("Nothing to compare with {name} in: {}.", nothing.join(", "))));
        }
    }
    let head = ["Domain", "Skill over no change", "Skill over the other studies"].map(str::to_owned);
    let rows: Vec<Vec<String>> = outcome
        .left_out_scores
        .iter()
        .map(|s| {
            vec![
                domain(s).to_owned(),
                escape(&words::skill(s.skill_over_no_change.as_ref())),
                escape(&words::skill(s.skill_over_other_studies.as_ref())),
            ]
        })
        .collect();
    out.push_str(&table(
        "Skill by CRPS, with its 90 % interval when whole studies are drawn anew, and the observations that allow the comparison. Of three studies the ends are nearly those of single ones.",
        &head,
        &rows,
    ));
    out.push_str(&paragraph(
        "Domains rest on few studies each. A skill here is one of predicting a study like those that were used; studies that found something are published more readily than those that found nothing, which favours every predictor but “no change”.",
    ));
    out
}

fn limits(outcome: &CalibrationOutcome, problem: &CalibrationProblem) -> String {
    let worst = outcome.explained.iter().copied().fold(f64::INFINITY, f64::min);
    let mut out = paragraph(&format!(
        "{} runs of each arm over the prior give each observation as a polynomial of the parameters (from {} to {} % of its scatter explained), with the scatter that everything else leaves. The published numbers are normal around it, with the sampling of subjects and a spread between studies that is found with the parameters; studies that nothing explains count less, as under Student's t. \
         The posterior was sampled by {} walkers in {} steps, the first half thrown away.",
        outcome.design,
        percent(worst.clamp(0.0, 1.0)),
        percent(outcome.explained.iter().copied().fold(0.0, f64::max)),
        problem.walkers,
        problem.steps,
    ));
    out.push_str(&paragraph(
        "Profiles are those of the posterior density, found by a search from the best place that was seen; 1.92 is the threshold of large samples. Intervals are conditional on the priors, on what the equations leave out, and on protocols that are not told in full. \
         Where priors were set with a look at the same studies, a study counts twice. A polynomial is wrong in the tails where an observation saturates.",
    ));
    out.push_str(&paragraph(background::USE));
    out
}
