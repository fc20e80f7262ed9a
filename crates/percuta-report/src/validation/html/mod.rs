//! `validation.html`: one page that opens without a network.

mod scores;
mod spread;
mod studies;

use percuta::evidence::Domain;
use percuta::evidence::Role;
use percuta::evidence::validation::Validation;

use super::figures::forest_id;
use crate::figures::Figure;
use crate::html::background;
use crate::html::markup::{escape, facts, figure, paragraph};
use crate::html::titled;

/// The page.
pub fn report(validation: &Validation, figures: &[Figure], version: &str) -> String {
    let coverage = figure(figures, "coverage-by-domain");
    let identity = figure(figures, "predicted-against-published");
    let forests: String = Domain::ALL.iter().map(|d| figure(figures, forest_id(*d))).collect();
    let sections = vec![
        ("done", "What was done", done(validation, version)),
        ("failed", "What could not be predicted", failed(validation)),
        ("reading", "How to read the scores", reading()),
        ("validation", "Scores of validation", scores::of(validation, Role::Validation)),
        ("calibration", "Scores of calibration", scores::of(validation, Role::Calibration)),
        ("pictures", "Coverage, and predicted against published", format!("{coverage}{identity}")),
        ("order", "Dose order within studies", scores::dose_order(validation)),
        ("spread", "Where studies disagree", spread::section(&validation.rows)),
        ("forests", "Domain by domain", forests),
        ("studies", "Every study", studies::section(validation)),
        ("limits", "Limits", limits(validation)),
    ];
    let stamp = format!(
        "Published studies predicted from their protocols · {} members · seed {} · Percuta {}",
        validation.members,
        validation.seed,
        escape(version)
    );
    titled("Validation", &stamp, sections)
}

fn done(validation: &Validation, version: &str) -> String {
    let count = |role: Role| {
        let rows: Vec<_> = validation.rows.iter().filter(|r| r.role == role).collect();
        let mut studies: Vec<&str> = rows.iter().map(|r| r.study.as_str()).collect();
        studies.sort_unstable();
        studies.dedup();
        format!("{} of {}", plural(rows.len(), "observation", "observations"), plural(studies.len(), "study", "studies"))
    };
    let mut out = paragraph(
        "Every study was predicted from its protocol: who was treated, where, with what and how often. Of its results, the published baseline (changes are laid on it), the number of subjects and their spread (as sampling error) enter, and a skin colour where the protocol is of people of that colour; what was found afterwards enters only where calibration numbers set a parameter. What is predicted is what such a study would publish, with the errors of its observers, \
         the differences between laboratories and the sampling of its subjects.",
    );
    if validation.rows.is_empty() {
        out.push_str("<p class=\"outcome\">No published number was predicted, so that there is nothing to score.</p>\n");
    }
    let unpredicted: usize = validation.studies.iter().map(|s| s.unpredicted.len()).sum();
    out.push_str(&facts(
        "The run.",
        &[
            ("Studies predicted", validation.studies.len().to_string()),
            ("Studies that failed", validation.failed.len().to_string()),
            ("Validation", count(Role::Validation)),
            ("Calibration", count(Role::Calibration)),
            ("Context, not scored", count(Role::Context)),
            ("Observations without a prediction", unpredicted.to_string()),
            ("Members of each arm", validation.members.to_string()),
            ("Seed", validation.seed.to_string()),
            ("Percuta", version.to_owned()),
        ],
    ));
    out.push_str(&paragraph(
        "The same numbers stand in tables/validation.csv (one row an observation; also as Parquet), tables/scores.csv and validation.json; the figures in figures/.",
    ));
    out.push_str(&background::few(validation.members as usize));
    out
}

/// Studies that could not be predicted, and why.
fn failed(validation: &Validation) -> String {
    if validation.failed.is_empty() {
        return String::new();
    }
    let items: String = validation
        .failed
        .iter()
        .map(|f| {
            format!(
                "<li><b>{}</b><div class=\"wide\"><pre>{}</pre></div></li>\n",
                escape(&f.study),
                escape(f.reason.trim_matches('\n').trim_end())
            )
        })
        .collect();
    format!(
        "<div class=\"warnings\" role=\"note\"><b>{} missing from all scores.</b><ul>\n{items}</ul></div>\n",
        if validation.failed.len() == 1 { "This study is" } else { "These studies are" }
    )
}

fn reading() -> String {
    let items = [
        (
            "Validation and calibration",
            "Calibration numbers set a parameter: that the model agrees with them tests nothing. Validation numbers were held out. Context numbers measure something else and are shown, not scored.",
        ),
        (
            "Covered",
            "The predicted 90 % interval holds the published number. Nine of ten should be. Wide intervals are covered easily, so that coverage alone says little.",
        ),
        (
            "Relative error",
            "Distance of the predicted median from the published number as a share of the published number. None for a published zero, and very large near one.",
        ),
        (
            "Scale of the scores",
            "Changes and differences in per cent of the baseline; values as 100 times their natural logarithm, on which 10 is about 10 % and 69 a factor of two. Durations have an hour added before, and shares of people half a person, so that nothing has a place. Grades, and values that may be negative, are in per cent of the predicted median.",
        ),
        ("Bias", "Mean of predicted median less published number on that scale: above zero the model predicts too much."),
        (
            "CRPS",
            "Continuous ranked probability score, the distance of a whole predictive distribution from the number: small if it is near and narrow. For a prediction without spread it is the absolute error.",
        ),
        (
            "Interval score",
            "Width of the 90 % interval, and twenty times what a published number lies outside of it. Small is good; it punishes intervals that are needlessly wide as well as those that miss.",
        ),
        (
            "Skill",
            "Share of a naive predictor's score that the model spares, by CRPS and by interval score: 1 is perfect, 0 no better than the naive predictor, below 0 worse. “No change” says that a treatment does nothing, with the same observers, whose expectation lowers grades on both sides; “other studies” is their mean with their spread (Student's t), wherever there are three. n is the number of observations that allow the comparison.",
        ),
        (
            "Standardised error",
            "Published number less predicted median, in standard deviations of the prediction. Beyond ±1.6 it usually lies outside of the interval.",
        ),
    ];
    let list: String = items.iter().map(|(name, text)| format!("<li><b>{}.</b> {}</li>\n", escape(name), escape(text))).collect();
    format!(
        "<ul>\n{list}</ul>\n{}",
        paragraph(
            "With few observations every score is a rough one; observations of one study are not independent of each other, and studies that found something are published more readily than those that found nothing."
        )
    )
}

fn limits(validation: &Validation) -> String {
    let mut out = paragraph(
        "Protocols are not told in full: what a source does not state was assumed and is listed under each study. The intervals carry the uncertainty of the parameters, of observers and of the differences between studies as stated on their cards, not what the equations leave out. \
         Records are read from abstracts as well as from whole papers, and a result that was never published is not here. Held out means that no parameter was set from a number, not that nobody had seen it while the model was made.",
    );
    if validation.rows.iter().any(|r| r.role == Role::Validation) {
        out.push_str(&paragraph("A domain without validation observations is not validated, whatever its calibration looks like."));
    }
    out.push_str(&paragraph(background::USE));
    out
}

/// A number with its noun.
fn plural(n: usize, one: &str, more: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { more })
}

#[cfg(test)]
mod tests {
    use super::super::figures::figures;
    use super::super::fixture;
    use super::*;
    use crate::html::markup::text;

    fn drawn(validation: &Validation) -> String {
        report(validation, &figures(validation, "0.1.0").unwrap(), "0.1.0")
    }

    #[test]
    fn the_text_of_the_page() {
        insta::assert_snapshot!(text(report(&fixture::validation(), &[], "0.1.0").split("<main>").nth(1).unwrap()));
    }

    #[test]
    fn every_study_row_and_failure_is_on_the_page() {
        let v = fixture::validation();
        let page = drawn(&v);
        for s in &v.studies {
            assert!(page.contains(&escape(&s.citation)) && page.contains(&format!("id=\"study-{}\"", s.id)), "{}", s.id);
            for name in &s.unpredicted {
                assert!(page.contains(&escape(name)), "{name}");
            }
        }
        for r in &v.rows {
            assert!(page.contains(&escape(&r.quantity)), "{}", r.quantity);
        }
        for f in &v.failed {
            assert!(page.contains(&escape(&f.study)) && page.contains(&escape(&f.reason)));
        }
        assert!(!page.contains("NaN") && !text(&page).contains(" inf"));
        assert_eq!(page.matches("not a medical device").count(), 1);
    }

    #[test]
    fn the_page_loads_nothing_and_its_identifiers_are_unique() {
        for v in [fixture::validation(), fixture::empty()] {
            let page = drawn(&v);
            for load in ["<script", "<link", "@import", "<iframe", "src=\"http", "url(http"] {
                assert!(!page.contains(load), "the page contains {load}");
            }
            let mut ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let n = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), n);
            for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(ids.contains(&target), "nothing is called {target}");
            }
        }
    }

    #[test]
    fn without_rows_the_page_says_so() {
        let page = drawn(&fixture::empty());
        assert!(page.contains("there is nothing to score") && !page.contains("<figure"));
        assert!(!page.contains("id=\"spread\"") && !page.contains("id=\"failed\""));
    }

    #[test]
    fn text_of_a_record_cannot_become_markup() {
        let mut v = fixture::validation();
        v.studies[0].citation = "<script>alert(1)</script>".into();
        v.studies[0].note = Some("<i>x</i>".into());
        v.studies[0].assumed = vec!["<u>y</u>".into()];
        v.studies[0].identifier = Some("<b>z</b>".into());
        v.rows[0].quantity = "<img src=x>".into();
        v.rows[0].group = Some("<s>g</s>".into());
        v.rows[0].unit = "<em>u</em>".into();
        v.failed[0].reason = "<pre>r".into();
        let page = drawn(&v);
        for markup in ["<script", "<i>x", "<u>y", "<b>z", "<img src=x", "<s>g", "<em>u", "<pre>r"] {
            assert!(!page.replace("<pre>&lt;pre&gt;r", "").contains(markup), "{markup}");
        }
    }
}
