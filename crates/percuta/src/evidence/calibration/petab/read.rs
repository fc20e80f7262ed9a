//! Records whose observations are the measurements of a folder of tables.

use std::collections::BTreeMap;
use std::path::Path;

use statrs::distribution::{ContinuousCDF, Normal};

use super::names::{Noise, condition_id, observable_of, observables};
use super::table::{Cell, Mistake, Row, Table};
use crate::course;
use crate::course::text::{CourseError, Fault};
use crate::evidence::observable::observable;
use crate::evidence::study::{Arm, Protocol, Record, Study, visits};
use crate::evidence::{Observation, Role, Scale, StudyKind};
use crate::population::nearest;

/// Confidence level of the interval that a standard error is kept as, per cent.
const LEVEL: f64 = 95.0;
/// Read-outs follow skin for ten years at most.
const LAST_DAY: f64 = 3653.0;
const OBSERVABLES: &str =
    "observableId\tobservableFormula\tobservableTransformation\tnoiseFormula\ntewl_change\ttewl\tlin\tnoiseParameter1_tewl_change";
const CONDITIONS: &str = "conditionId\tconditionName\nfarshi_2020_melasma_protocol\tFarshi 2020\nmine\tmy-course.toml";
const MEASUREMENTS: &str = "observableId\tsimulationConditionId\tmeasurement\ttime\tnoiseParameters\ntewl_change\tmine\t12.5\t1\t3.1";
/// Columns that change what a measurement means, which Percuta has no counterpart for.
const REFUSED: [&str; 2] = ["preequilibrationConditionId", "observableParameters"];

/// What an observable of the tables is.
struct Meaning {
    readout: &'static str,
    scale: Scale,
    noise: Noise,
    /// The same noise for every measurement, in place of a column.
    constant: Option<f64>,
}

/// Where a condition leads.
#[derive(Clone, Copy)]
enum Place {
    /// An arm of one of the records: the record, the arm.
    Arm(usize, usize),
    /// One of the course files.
    Course(usize),
}

/// The records of `known` that the tables in `folder` speak of, with the measurements as observations for calibration in place of
/// their own, and one record for each data set of course files.
///
/// # Errors
/// Every mistake that was found; there is at least one.
pub fn records(folder: &Path, known: &[Record]) -> Result<Vec<Record>, Vec<CourseError>> {
    let needed = ["observableId", "observableFormula", "noiseFormula"];
    let observables = Table::read(folder, "observables.tsv", &needed, OBSERVABLES)?;
    let conditions = Table::read(folder, "conditions.tsv", &["conditionId"], CONDITIONS)?;
    let needed = ["observableId", "simulationConditionId", "measurement", "time"];
    let measurements = Table::read(folder, "measurements.tsv", &needed, MEASUREMENTS)?;
    let mut errors = Vec::new();
    let meanings = collect(&observables, "observableId", OBSERVABLES, &mut errors, |row, id| meaning(row, id));
    let mut courses = Vec::new();
    let places = collect(&conditions, "conditionId", CONDITIONS, &mut errors, |row, id| place(row, id, folder, known, &mut courses));
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut found = Found {
        known,
        courses: &courses,
        keeps_baselines: !measurements.has("baseline"),
        studies: vec![None; known.len()],
        own: Vec::new(),
    };
    for row in measurements.rows() {
        if let Err(e) = found.take(&row, &meanings, &places) {
            errors.push(*e);
        }
    }
    if errors.is_empty() && measurements.rows().next().is_none() {
        errors.push(*measurements.error(Fault::new(0..0, "there is no measurement").expected("at least one row").example(MEASUREMENTS)));
    }
    if errors.is_empty() { Ok(found.records()) } else { Err(errors) }
}

/// Rows by their identifier, each of which may stand once.
fn collect<'t, T>(
    table: &'t Table,
    column: &str,
    example: &str,
    errors: &mut Vec<CourseError>,
    mut of: impl FnMut(&Row<'t>, Cell<'t>) -> Result<T, Mistake>,
) -> BTreeMap<&'t str, T> {
    let mut all = BTreeMap::new();
    for row in table.rows() {
        let found = row.need(column, example).and_then(|id| {
            if all.contains_key(id.text) {
                return Err(id.error(Fault::new(id.span(), format!("`{}` stands twice", id.text)).expected("each identifier once")));
            }
            Ok((id.text, of(&row, id)?))
        });
        match found {
            Ok((id, value)) => {
                all.insert(id, value);
            }
            Err(e) => errors.push(*e),
        }
    }
    all
}

fn meaning(row: &Row<'_>, id: Cell<'_>) -> Result<Meaning, Mistake> {
    let Some((readout, scale)) = observable_of(id.text) else {
        let all = observables();
        let fault = Fault::new(id.span(), format!("no observable is called `{}`", id.text)).help(
            "`percuta explain readout.` lists read-outs; the ending says the scale: `_change` (% of the baseline), `_difference`, `_value`",
        );
        return Err(id.error(match nearest(id.text, all.iter().map(String::as_str)) {
            Some(near) => fault.expected(format!("did you mean `{near}`?")),
            None => fault.expected("the key of a read-out with the ending of a scale").example(OBSERVABLES),
        }));
    };
    let noise = match row.cell("observableTransformation") {
        None => Noise::Linear,
        Some(cell) => {
            let known = [Noise::Linear, Noise::Logarithm, Noise::Decades].into_iter().find(|n| n.transformation() == cell.text);
            let possible = known.filter(|n| *n == Noise::Linear || scale == Scale::Value);
            possible.ok_or_else(|| {
                let message = format!("`{}` is not possible for {}", cell.text, id.text);
                let expected = if scale == Scale::Value { "`lin`, `log` or `log10`" } else { "`lin`: a change may be negative" };
                cell.error(Fault::new(cell.span(), message).expected(expected).example("lin"))
            })?
        }
    };
    let formula = row.need("noiseFormula", OBSERVABLES)?;
    let constant = formula.text.parse::<f64>().ok();
    let own = format!("noiseParameter1_{}", id.text);
    if formula.text != own && !constant.is_some_and(|c| c.is_finite() && c > 0.0) {
        let fault = Fault::new(formula.span(), format!("`{}` is not a noise Percuta can read", formula.text));
        return Err(formula.error(fault.expected("a number above 0, or the placeholder of the column `noiseParameters`").example(own)));
    }
    if let Some(cell) = row.cell("noiseDistribution").filter(|c| c.text != "normal") {
        let fault = Fault::new(cell.span(), format!("noise that is `{}` is not possible", cell.text));
        return Err(cell.error(fault.expected("`normal`: heavier tails come from the weights of studies").example("normal")));
    }
    Ok(Meaning { readout, scale, noise, constant })
}

fn place(
    row: &Row<'_>,
    id: Cell<'_>,
    folder: &Path,
    known: &[Record],
    courses: &mut Vec<(String, course::Course)>,
) -> Result<Place, Mistake> {
    if let Some(file) = row.cell("conditionName").filter(|n| n.text.ends_with(".toml")) {
        let path = folder.join(file.text);
        let refuse = |message: String, help: String| {
            let fault = Fault::new(file.span(), message).expected("a course file that runs; its path starts at the tables").help(help);
            file.error(fault.example("mine\tmy-course.toml"))
        };
        let text = std::fs::read_to_string(&path).map_err(|e| {
            refuse(format!("`{}` cannot be read: {e}", file.text), "a `conditionName` that ends in .toml is the path of a course".into())
        })?;
        let loaded = course::file::load(&text, &path.display().to_string(), path.parent().unwrap_or(folder), &[]);
        let loaded = loaded.map_err(|errors| {
            let first = errors.first().map_or_else(String::new, |e| e.message.clone());
            refuse(format!("`{}` is no course that runs: {first}", file.text), format!("`percuta check {}` shows every mistake", file.text))
        })?;
        courses.push((id.text.to_owned(), loaded.course));
        return Ok(Place::Course(courses.len() - 1));
    }
    let arms =
        || known.iter().enumerate().flat_map(|(s, r)| r.arms.iter().enumerate().map(move |(a, arm)| (s, a, &r.study.id, &arm.group)));
    let found: Vec<(usize, usize)> =
        arms().filter(|(_, _, study, group)| condition_id(study, group.as_deref()) == id.text).map(|(s, a, ..)| (s, a)).collect();
    match found[..] {
        [(study, arm)] => Ok(Place::Arm(study, arm)),
        [] => {
            let all: Vec<String> = arms().map(|(_, _, study, group)| condition_id(study, group.as_deref())).collect();
            let fault = Fault::new(id.span(), format!("no arm of a study is called `{}`", id.text))
                .help("an arm is its study's id and its name (`protocol` where it has none) joined by `_`; a `conditionName` that ends in .toml is a course file");
            Err(id.error(match nearest(id.text, all.iter().map(String::as_str)) {
                Some(near) => fault.expected(format!("did you mean `{near}`?")).example(CONDITIONS),
                None => fault.expected("an arm of a study, or the path of a course file as its name").example(CONDITIONS),
            }))
        }
        _ => Err(id.error(
            Fault::new(id.span(), format!("`{}` is the name of more than one arm", id.text)).expected("an arm that has the name alone"),
        )),
    }
}

/// Measurements as they are sorted into records.
struct Found<'a> {
    known: &'a [Record],
    courses: &'a [(String, course::Course)],
    /// Whether published baselines of the records stay: the table says nothing of any.
    keeps_baselines: bool,
    studies: Vec<Option<Study>>,
    /// Data sets of course files: the study, and which course is the protocol of which group.
    own: Vec<(Study, BTreeMap<usize, String>)>,
}

impl Found<'_> {
    fn take(&mut self, row: &Row<'_>, meanings: &BTreeMap<&str, Meaning>, places: &BTreeMap<&str, Place>) -> Result<(), Mistake> {
        for column in REFUSED {
            if let Some(cell) = row.cell(column) {
                let fault = Fault::new(cell.span(), format!("`{column}` has no meaning here"));
                return Err(cell.error(fault.expected("an empty cell: a course begins with skin as it is before the first session")));
            }
        }
        let of = row.need("observableId", MEASUREMENTS)?;
        let meaning = meanings.get(of.text).ok_or_else(|| unknown(&of, "observables.tsv", meanings.keys().copied()))?;
        let at = row.need("simulationConditionId", MEASUREMENTS)?;
        let place = *places.get(at.text).ok_or_else(|| unknown(&at, "conditions.tsv", places.keys().copied()))?;
        let number = row.need("measurement", MEASUREMENTS)?;
        let value = number.number("the measured number in the unit of its observable", "12.5")?;
        if meaning.noise != Noise::Linear && value <= 0.0 {
            let fault = Fault::new(number.span(), format!("{value} has no logarithm, on which the noise of {} is given", of.text));
            return Err(number.error(fault.expected("a number above 0, or the observable with the ending `_value_lin`").example("0.5")));
        }
        let time = row.need("time", MEASUREMENTS)?;
        let day = time.number("days from the first session", "28")?;
        if !(0.0..=LAST_DAY).contains(&day) {
            let fault = Fault::new(time.span(), format!("day {day} from the first session is not possible"));
            return Err(time.error(fault.expected(format!("0 to {LAST_DAY} days")).example("28")));
        }
        let excised = match place {
            Place::Arm(study, arm) => matches!(self.known[study].arms[arm].protocol, Protocol::Permeation(_)),
            Place::Course(_) => false,
        };
        if observable(meaning.readout, excised).is_none() {
            let what = if excised { "excised skin" } else { "a course" };
            let fault = Fault::new(of.span(), format!("{what} has no read-out `{}`", meaning.readout));
            return Err(of.error(fault.expected("a read-out of what was done").help("`percuta explain readout.` lists all")));
        }
        let (n, error, baseline) = (subjects(row)?, error(row, meaning, value)?, baseline(row)?);
        let keeps = self.keeps_baselines;
        let Some((study, group)) = self.study(row, place) else { return Ok(()) };
        let same = |o: &&mut Observation| {
            o.role == Role::Context
                && o.readout == meaning.readout
                && o.scale == meaning.scale
                && o.group == group
                && (o.day - day).abs() < 1e-6
        };
        let observation = match study.observations.iter_mut().find(same) {
            Some(known) => known,
            None => {
                study.observations.push(Observation {
                    quantity: of.text.to_owned(),
                    readout: meaning.readout.to_owned(),
                    scale: meaning.scale,
                    unit: unit(meaning, excised),
                    day,
                    group,
                    value,
                    ci: None,
                    ci_level: None,
                    sd: None,
                    baseline: None,
                    baseline_sd: None,
                    n,
                    role: Role::Context,
                    note: None,
                });
                let Some(new) = study.observations.last_mut() else { return Ok(()) };
                new
            }
        };
        observation.role = Role::Calibration;
        observation.value = value;
        observation.n = n.or(observation.n);
        if let Some(error) = error {
            // An interval needs no number of subjects.
            let half = error * Normal::standard().inverse_cdf(0.5 + 0.005 * LEVEL);
            (observation.ci, observation.ci_level) = (Some((value - half, value + half)), Some(LEVEL));
            observation.sd = None;
        }
        if !keeps {
            observation.baseline = baseline;
        }
        // Without an error the sampling of subjects is that of a typical study, which needs their number.
        if observation.standard_error().is_none() && n.is_none() && observation.quantity == of.text {
            return Err(row.error(
                "the measurement has neither noise nor subjects".into(),
                "`noiseParameters`, or the number of `subjects`",
                MEASUREMENTS,
            ));
        }
        Ok(())
    }

    /// The study that a measurement belongs to, and its arm there.
    fn study(&mut self, row: &Row<'_>, place: Place) -> Option<(&mut Study, Option<String>)> {
        match place {
            Place::Arm(study, arm) => {
                let known = &self.known[study];
                let group = known.arms[arm].group.clone();
                let own = self.studies[study].get_or_insert_with(|| {
                    let mut own = known.study.clone();
                    // What the tables do not name stays where it is and is not used.
                    own.observations.iter_mut().for_each(|o| o.role = Role::Context);
                    own
                });
                Some((own, group))
            }
            Place::Course(course) => {
                let condition = &self.courses[course].0;
                let id = row.cell("datasetId").map_or_else(|| condition.clone(), |c| super::id(c.text));
                let i = match self.own.iter().position(|o| o.0.id == id) {
                    Some(i) => i,
                    None => {
                        self.own.push((measured(&id), BTreeMap::new()));
                        self.own.len() - 1
                    }
                };
                let (study, groups) = self.own.get_mut(i)?;
                groups.insert(course, condition.clone());
                Some((study, Some(condition.clone())))
            }
        }
    }

    /// The records with what was measured, in the order of those that were known; then data sets of course files.
    fn records(self) -> Vec<Record> {
        let known = self.known.iter().zip(self.studies).filter_map(|(record, study)| {
            let study = study?;
            let arms = record.arms.iter().map(|arm| with_visits(arm, &study)).collect();
            Some(Record { study, arms })
        });
        let courses = self.courses;
        let own = self.own.into_iter().map(|(study, groups)| {
            let arm = |(course, group): (&usize, &String)| Arm {
                group: Some(group.clone()),
                protocol: Protocol::Course(Box::new(courses[*course].1.clone())),
            };
            let arms = groups.iter().map(|g| with_visits(&arm(g), &study)).collect();
            Record { study, arms }
        });
        known.chain(own).collect()
    }
}

/// The arm, read on the days of its observations.
fn with_visits(arm: &Arm, study: &Study) -> Arm {
    let mut arm = arm.clone();
    if let Protocol::Course(course) = &mut arm.protocol {
        course.visits = visits(study.observations.iter().filter(|o| o.group == arm.group).map(|o| o.day));
    }
    arm
}

/// A study that is nothing but measurements.
fn measured(id: &str) -> Study {
    Study {
        id: id.to_owned(),
        citation: format!("Measurements {id}"),
        identifier: None,
        access: "measurements of the user".into(),
        kind: StudyKind::Clinical,
        reliability: Vec::new(),
        assumed: Vec::new(),
        note: None,
        observations: Vec::new(),
    }
}

fn unit(meaning: &Meaning, excised: bool) -> String {
    match meaning.scale {
        Scale::PercentChange => "%".into(),
        _ => observable(meaning.readout, excised).map_or_else(String::new, |o| o.unit.to_owned()),
    }
}

fn subjects(row: &Row<'_>) -> Result<Option<u32>, Mistake> {
    let Some(cell) = row.cell("subjects") else { return Ok(None) };
    let n = cell.number("a whole number of subjects or pieces of skin", "20")?;
    if n < 1.0 || n.fract() != 0.0 || n > f64::from(u32::MAX) {
        return Err(
            cell.error(Fault::new(cell.span(), format!("{n} subjects are not possible")).expected("a whole number from 1").example("20"))
        );
    }
    Ok(Some(n as u32))
}

fn baseline(row: &Row<'_>) -> Result<Option<f64>, Mistake> {
    row.cell("baseline").map(|cell| cell.number("the mean before treatment, in the unit of the read-out", "43.7")).transpose()
}

/// Standard error of a measurement in its unit.
fn error(row: &Row<'_>, meaning: &Meaning, value: f64) -> Result<Option<f64>, Mistake> {
    if let Some(noise) = meaning.constant {
        return Ok(Some(meaning.noise.error(noise, value)));
    }
    let Some(cell) = row.cell("noiseParameters") else { return Ok(None) };
    let noise = cell.number("one number: the standard error of the mean", "3.1")?;
    if noise <= 0.0 {
        return Err(cell.error(
            Fault::new(cell.span(), "the noise of a measurement is not above 0").expected("the standard error of the mean").example("3.1"),
        ));
    }
    Ok(Some(meaning.noise.error(noise, value)))
}

fn unknown<'a>(cell: &Cell<'_>, file: &str, known: impl Iterator<Item = &'a str>) -> Mistake {
    let fault = Fault::new(cell.span(), format!("{file} has no row `{}`", cell.text));
    cell.error(match nearest(cell.text, known) {
        Some(near) => fault.expected(format!("did you mean `{near}`?")),
        None => fault.expected(format!("an identifier of {file}")),
    })
}
