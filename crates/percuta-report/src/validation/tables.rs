//! The tables of a validation.

use percuta::evidence::Scale;
use percuta::evidence::validation::{Row, Scored, Skill, Validation};
use percuta::population::Interval;

use crate::error::ReportError;
use crate::tables::both_formats;
use crate::tables::csv::csv;
use crate::tables::table::{Column, Table, integer, number, text};

/// Every table: path in the folder and contents.
pub fn files(validation: &Validation, version: &str) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut files = Vec::from(both_formats(&rows(&validation.rows), version)?);
    let scores = scores(validation);
    files.push((format!("tables/{}.csv", scores.name), csv(&scores)));
    Ok(files)
}

fn or_none(x: Option<f64>) -> f64 {
    x.unwrap_or(f64::NAN)
}

/// One row an observation.
fn rows(rows: &[Row]) -> Table {
    let words = |name, f: &dyn Fn(&Row) -> String| text(name, rows.iter().map(f).collect());
    let own = |name, f: &dyn Fn(&Row) -> f64| number(name, "see column unit", rows.iter().map(f).collect());
    let percent = |name, f: &dyn Fn(&Row) -> f64| number(name, "%", rows.iter().map(f).collect());
    let mut columns = vec![
        words("study", &|r| r.study.clone()),
        words("domain", &|r| r.domain.key().into()),
        words("readout", &|r| r.readout.clone()),
        words("quantity", &|r| r.quantity.clone()),
        words("group", &|r| r.group.clone().unwrap_or_default()),
        integer("untreated", rows.iter().map(|r| i64::from(r.untreated)).collect()),
        words("scale", &|r| scale(r.scale).into()),
        words("unit", &|r| r.unit.clone()),
        number("day", "d", rows.iter().map(|r| r.day).collect()),
        words("substance", &|r| r.substance.clone().unwrap_or_default()),
        words("treatment", &|r| r.treatment.clone().unwrap_or_default()),
        number("n", "1", rows.iter().map(|r| or_none(r.n.map(f64::from))).collect()),
        words("role", &|r| r.role.name().into()),
        own("published", &|r| r.published),
        own("published_low", &|r| or_none(r.published_interval.map(|i| i.0))),
        own("published_high", &|r| or_none(r.published_interval.map(|i| i.1))),
        own("predicted", &|r| r.predicted.median),
        own("predicted_low", &|r| r.predicted.low),
        own("predicted_high", &|r| r.predicted.high),
        own("tissue", &|r| or_none(r.tissue.map(|i: Interval| i.median))),
        own("tissue_low", &|r| or_none(r.tissue.map(|i| i.low))),
        own("tissue_high", &|r| or_none(r.tissue.map(|i| i.high))),
        integer("covered", rows.iter().map(|r| i64::from(r.covered)).collect()),
        number("standardised_error", "1", rows.iter().map(|r| r.standardised_error).collect()),
        number("relative_error", "1", rows.iter().map(|r| or_none(r.relative_error)).collect()),
        percent("scored_published", &|r| r.scored),
        percent("scored_predicted", &|r| r.predicted_scored.median),
        percent("scored_predicted_low", &|r| r.predicted_scored.low),
        percent("scored_predicted_high", &|r| r.predicted_scored.high),
    ];
    let model: Vec<Option<Scored>> = rows.iter().map(|r| Some(r.model)).collect();
    columns.extend(scored(["error", "crps", "interval_score"], &model));
    let none: Vec<Option<Scored>> = rows.iter().map(|r| r.no_change).collect();
    columns.extend(scored(["no_change_error", "no_change_crps", "no_change_interval_score"], &none));
    let others: Vec<Option<Scored>> = rows.iter().map(|r| r.other_studies).collect();
    columns.extend(scored(["other_studies_error", "other_studies_crps", "other_studies_interval_score"], &others));
    columns.push(words("note", &|r| r.note.clone().unwrap_or_default()));
    Table {
        name: "validation",
        description: "One row per published number beside its prediction; intervals are 90 %. Errors and scores are on the scale of the scores: changes in per cent of the baseline, values as 100 times their natural logarithm. NaN where there is none.",
        columns,
    }
}

fn scale(scale: Scale) -> &'static str {
    match scale {
        Scale::PercentChange => "percent-change",
        Scale::Difference => "difference",
        Scale::Value => "value",
    }
}

fn scored(names: [&'static str; 3], of: &[Option<Scored>]) -> [Column; 3] {
    let column = |name, f: &dyn Fn(&Scored) -> f64| number(name, "%", of.iter().map(|s| or_none(s.as_ref().map(f))).collect());
    [column(names[0], &|s| s.error), column(names[1], &|s| s.crps), column(names[2], &|s| s.interval_score)]
}

/// One row a role and domain.
fn scores(validation: &Validation) -> Table {
    let scores = &validation.scores;
    let percent = |name, f: &dyn Fn(&_) -> f64| number(name, "%", scores.iter().map(f).collect());
    let share = |name, f: &dyn Fn(&_) -> f64| number(name, "1", scores.iter().map(f).collect());
    let mut columns = vec![
        text("role", scores.iter().map(|s| s.role.name().to_owned()).collect()),
        text("domain", scores.iter().map(|s| s.domain.map_or("all", |d| d.key()).to_owned()).collect()),
        integer("studies", scores.iter().map(|s| s.studies as i64).collect()),
        integer("observations", scores.iter().map(|s| s.observations as i64).collect()),
        integer("untreated", scores.iter().map(|s| s.untreated as i64).collect()),
        integer("covered", scores.iter().map(|s| s.covered as i64).collect()),
        share("coverage", &|s: &percuta::evidence::validation::Score| s.coverage.0),
        share("coverage_low", &|s| s.coverage.1),
        share("coverage_high", &|s| s.coverage.2),
        share("median_absolute_relative_error", &|s| or_none(s.median_relative_error)),
        percent("bias", &|s| s.bias),
        percent("crps", &|s| s.crps),
        percent("interval_score", &|s| s.interval_score),
    ];
    let no_change: Vec<Option<Skill>> = scores.iter().map(|s| s.skill_over_no_change).collect();
    columns.extend(skill(["crps_skill_over_no_change", "interval_skill_over_no_change", "n_no_change"], &no_change));
    let others: Vec<Option<Skill>> = scores.iter().map(|s| s.skill_over_other_studies).collect();
    columns.extend(skill(["crps_skill_over_other_studies", "interval_skill_over_other_studies", "n_other_studies"], &others));
    Table { name: "scores", description: "One row per role and domain; NaN where there is nothing to compare.", columns }
}

fn skill(names: [&'static str; 3], of: &[Option<Skill>]) -> [Column; 3] {
    let column = |name, f: &dyn Fn(&Skill) -> f64| number(name, "1", of.iter().map(|s| or_none(s.as_ref().map(f))).collect());
    [
        column(names[0], &|s| s.crps),
        column(names[1], &|s| s.interval_score),
        integer(names[2], of.iter().map(|s| s.map_or(0, |s| s.observations as i64)).collect()),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn lines(table: &Table) -> Vec<String> {
        String::from_utf8(csv(table)).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn one_row_an_observation_and_one_a_score() {
        let v = fixture::validation();
        let (observations, scored) = (lines(&rows(&v.rows)), lines(&scores(&v)));
        assert_eq!(observations.len(), 1 + v.rows.len());
        assert_eq!(scored.len(), 1 + v.scores.len());
        for line in [&observations[0], &scored[0]] {
            let mut names: Vec<&str> = line.split(',').collect();
            let n = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), n, "a name occurs twice");
        }
    }

    #[test]
    fn the_headers_are_the_published_ones() {
        let v = fixture::validation();
        insta::assert_snapshot!(format!("{}\n{}", lines(&rows(&v.rows))[0], lines(&scores(&v))[0]));
    }

    #[test]
    fn a_published_zero_has_no_relative_error() {
        let v = fixture::validation();
        let table = rows(&v.rows);
        let column = table.columns.iter().find(|c| c.name == "relative_error").unwrap();
        let crate::tables::table::Values::Number(values) = &column.values else { panic!("no numbers") };
        for (row, value) in v.rows.iter().zip(values) {
            assert_eq!(row.published == 0.0, value.is_nan());
        }
    }
}
