//! `report.html` of a sensitivity analysis.

use percuta::course::sensitivity::{Factor, FactorKind, ReadoutSensitivity, SensitivityOutcome, VisitSensitivity};
use percuta::course::warnings;
use percuta::population::ParameterSet;

use super::words::{index, name, parted, told};
use crate::figures::Figure;
use crate::folder::Inputs;
use crate::format;
use crate::html::markup::{escape, figure, paragraph, table};
use crate::html::{background, page};

/// The report.
pub fn report(outcome: &SensitivityOutcome, inputs: &Inputs, figures: &[Figure]) -> String {
    let mut sections = vec![
        ("summary", "Summary", summary(outcome)),
        ("warnings", "Warnings", background::warnings(&warnings(&outcome.course))),
        ("read", "How to read the indices", how_to_read(outcome)),
    ];
    for r in &outcome.readouts {
        sections.push((r.readout.key, r.readout.name, format!("{}{}", figure(figures, r.readout.key), indices(outcome, r))));
    }
    sections.push(("run", "What was run", background::set_up(&outcome.course, inputs)));
    sections.push(("parameters", "Parameters", parameters(outcome)));
    sections.push(("methods", "Methods and limits", methods(outcome, inputs)));
    page(outcome, "What drives this course", &inputs.version, sections)
}

fn summary(outcome: &SensitivityOutcome) -> String {
    if outcome.readouts.is_empty() {
        return paragraph("None of the chosen read-outs changes, so there is nothing to explain.");
    }
    let mut out = String::from("<div class=\"headline\">");
    out.push_str(&paragraph(&format!(
        "How much of the spread of each result each uncertain parameter explains: {} of the course's {} uncertain parameters have indices of their own, the other {} are varied together.",
        own(outcome),
        outcome.uncertain,
        outcome.uncertain - own(outcome),
    )));
    out.push_str("</div>");
    let head = ["Read-out", "Day", "Strongest, with total index (%)", "Sum of first-order (%)", "Chance, total (%)", "Others, total (%)"];
    let rows: Vec<Vec<String>> = outcome.readouts.iter().filter_map(|r| Some(row(outcome, r, r.last()?))).collect();
    let caption = "At the last visit at which the read-out has changed; indices as per cent of the variance ± half of their 90 % interval. A sum of first-order indices below 100 % by more than its error says that parameters act together.";
    out.push_str(&table(caption, &head.map(str::to_owned), &rows));
    if !outcome.unchanged.is_empty() {
        let names: Vec<&str> = outcome.unchanged.iter().map(|r| r.name).collect();
        out.push_str(&paragraph(&format!("Without any change: {}.", names.join(", "))));
    }
    out
}

/// Parameters with indices of their own.
fn own(outcome: &SensitivityOutcome) -> usize {
    let own = |f: &&Factor| matches!(f.kind, FactorKind::Parameter | FactorKind::Posterior);
    outcome.factors.iter().filter(own).map(|f| f.parameters).sum()
}

fn row(outcome: &SensitivityOutcome, readout: &ReadoutSensitivity, visit: &VisitSensitivity) -> Vec<String> {
    let (parameters, together) = parted(outcome, visit);
    let strongest: Vec<String> = parameters
        .iter()
        .filter(|&&k| told(visit.indices[k].total))
        .take(3)
        .map(|&k| format!("{} {}", escape(&outcome.factors[k].name), index(visit.indices[k].total)))
        .collect();
    let of = |kind: FactorKind| {
        together.iter().find(|&&k| outcome.factors[k].kind == kind).map_or("none".to_owned(), |&k| index(visit.indices[k].total))
    };
    vec![
        format!("<a href=\"#{}\">{}</a>", readout.readout.key, escape(readout.readout.name)),
        format::day(visit.day),
        strongest.join("<br>"),
        visit.first_sum.map_or("none".to_owned(), index),
        of(FactorKind::Chance),
        of(FactorKind::Others),
    ]
}

fn how_to_read(outcome: &SensitivityOutcome) -> String {
    let mut out = paragraph(
        "The variance that is divided up is that of the change from before the first session, over persons, unknown parameters and the scatter of the needles as their cards state them. \
         The first-order index of a parameter is the share of it that would go, on average, if this parameter alone became known. The total index is the share that would remain if everything else became known: it counts what the parameter does alone and what it does together with others. \
         Where both are equal the parameter acts by itself; where the total is much larger its effect depends on others. A total index of zero says that the parameter may be fixed anywhere in its range.",
    );
    out.push_str(&paragraph(
        "First-order indices sum to at most 100 % and total indices to at least 100 %, up to their errors. An estimate may lie below zero by its error. \
         An index depends on the distributions of the cards: it says which uncertainty matters, not what would change an outcome in a person, and a parameter that is known well has a small index however strongly it acts.",
    ));
    if outcome.screening_samples.is_some() {
        out.push_str(&paragraph(
            "“Others together” is what the screening left out, as one factor: its total index is the share of the variance in which any of them has a part, so that it says what is missing from the list.",
        ));
    }
    out
}

fn indices(outcome: &SensitivityOutcome, readout: &ReadoutSensitivity) -> String {
    let Some(last) = readout.last() else { return String::new() };
    let head = ["Factor", "First-order (%)", "Total (%)"].map(str::to_owned);
    let rows: Vec<Vec<String>> = last
        .ranked()
        .into_iter()
        .filter(|&k| last.indices[k].total.value >= 0.0005)
        .map(|k| vec![escape(&name(&outcome.factors[k])), index(last.indices[k].first), index(last.indices[k].total)])
        .collect();
    let caption = format!("Day {}; other visits are in tables/sensitivity.csv.", format::day(last.day));
    format!("<details><summary>All indices of {}</summary>\n{}</details>\n", escape(readout.readout.name), table(&caption, &head, &rows))
}

fn parameters(outcome: &SensitivityOutcome) -> String {
    let mut own = ParameterSet::default();
    for (name, card) in outcome.course.parameters.iter() {
        if outcome.factors.iter().any(|f| f.kind == FactorKind::Parameter && f.name == name) {
            // A card of a course has passed this check before.
            let _ = own.insert(name, card.clone());
        }
    }
    background::parameters(&own, "course", "The parameters with indices of their own.")
}

fn methods(outcome: &SensitivityOutcome, inputs: &Inputs) -> String {
    let screening = outcome.screening_samples.map_or_else(String::new, |n| {
        format!(
            "A screening (radial one-at-a-time design, {n} base samples, seed of its own) chose them among {} candidates by their share in the mean absolute effects, summed over all read-outs and visits. ",
            outcome.candidates,
        )
    });
    let mut out = paragraph(&format!(
        "Percuta {} evaluated the course {} times: {} base samples after Saltelli (matrices A and B, and A with one factor from B), a scrambled Sobol sequence in eight independent randomisations. \
         First-order indices after Saltelli et al. 2010, total indices after Jansen 1999; 90 % intervals from leaving out one randomisation at a time and Student's t, which are too narrow where a few runs carry most of the variance. {screening}\
         Chance is a factor of its own: the number that keys the random places of the needles and how the sessions lie over each other is drawn like a parameter. A parameter that changes the number of punctures shifts all their places, so that up to the total index of chance may also be counted in its total index.",
        inputs.version, outcome.evaluations, outcome.samples,
    ));
    out.push_str(&paragraph(
        "Parameters are independent of each other here, which some are not in life; those of a posterior ensemble keep together and are one factor. The intervals are those of the sampling alone. They do not carry what the equations leave out, and where a card says “assumed” its distribution is a judgement, and so is what follows from it.",
    ));
    out.push_str(&paragraph(background::USE));
    out
}
