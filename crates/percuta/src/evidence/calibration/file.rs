//! The file of a calibration problem.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use toml::Spanned;

use super::petab;
use crate::course::text::{CourseError, Fault, Kind, Sources, defaults_exist, schema_of};
use crate::evidence::observable::{of_a_course, of_permeation};
use crate::evidence::{Domain, Role};
use crate::population::{Distribution, ParameterSet, nearest};

/// A calibration problem with every key and its default, commented.
pub const TEMPLATE: &str = include_str!("template.toml");

/// Parameters to find, and the observations to find them from.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationProblem {
    /// Name.
    pub name: String,
    /// One or two sentences.
    pub description: String,
    /// Names of the parameters.
    pub parameters: Vec<String>,
    /// Folder of study records in place of the embedded ones.
    pub studies: Option<PathBuf>,
    /// Folder of PEtab tables in place of the observations of the records.
    pub petab: Option<PathBuf>,
    /// Roles of the observations that are used.
    pub roles: Vec<Role>,
    /// Ids of studies; empty for all.
    pub only: Vec<String>,
    /// Ids of studies that are left out.
    pub without: Vec<String>,
    /// Keys of observables that are left out.
    pub without_readouts: Vec<String>,
    /// Expected spread between studies by domain, in place of that of the cards.
    pub spreads: BTreeMap<Domain, f64>,
    /// Seed of all random streams.
    pub seed: u64,
    /// Runs of each arm over the prior.
    pub design: u32,
    /// Walkers of the sampler.
    pub walkers: usize,
    /// Steps of each walker.
    pub steps: usize,
    /// Rows of the posterior ensemble.
    pub draws: usize,
    /// Whether each study is also predicted from the others.
    pub leave_one_out: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "Percuta calibration problem", transform = defaults_exist)]
struct ProblemFile {
    /// Name of the results.
    #[schemars(with = "String")]
    name: Spanned<String>,
    /// One or two sentences.
    description: String,
    /// Names of the parameters; their cards are the priors.
    #[schemars(with = "Vec<String>", length(min = 1))]
    parameters: Spanned<Vec<Spanned<String>>>,
    /// Folder of study records in place of those that come with Percuta.
    studies: Option<String>,
    /// Folder of PEtab tables whose measurements are used in place of the observations of the records.
    #[schemars(with = "Option<String>")]
    petab: Option<Spanned<String>>,
    /// Roles of the observations that are used.
    roles: Vec<Role>,
    /// Ids of studies; empty for all.
    only: Vec<String>,
    /// Ids of studies to leave out.
    without: Vec<String>,
    /// Keys of observables to leave out.
    #[schemars(with = "Vec<String>")]
    without_readouts: Vec<Spanned<String>>,
    /// Expected spread between studies by domain, as a share of the baseline or in the logarithm; default: that of the cards.
    #[schemars(with = "BTreeMap<Domain, f64>")]
    spreads: BTreeMap<Domain, Spanned<f64>>,
    /// How it is run.
    run: RunFile,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = defaults_exist)]
struct RunFile {
    /// Seed of all random numbers.
    seed: u64,
    /// Runs of each arm over the prior.
    #[schemars(with = "u32", range(min = 100, max = 20_000))]
    design: Spanned<u32>,
    /// Walkers of the sampler.
    #[schemars(with = "u32", range(min = 4, max = 1000))]
    walkers: Spanned<u32>,
    /// Steps of each walker.
    #[schemars(with = "u32", range(min = 100, max = 100_000))]
    steps: Spanned<u32>,
    /// Rows of the posterior ensemble.
    #[schemars(with = "u32", range(min = 50, max = 20_000))]
    draws: Spanned<u32>,
    /// Whether each study is also predicted from the others.
    leave_one_out: bool,
}

/// JSON Schema of a calibration problem.
#[must_use]
pub fn schema() -> Value {
    schema_of::<ProblemFile>(TEMPLATE)
}

/// Reads a problem from TOML `text`; `file` names it in errors, `folder` is where its paths start, `settings` are laid over it.
///
/// # Errors
/// Every mistake that was found, in the order of the text. There is at least one.
pub fn load(text: &str, file: &str, folder: &Path, settings: &[String]) -> Result<CalibrationProblem, Vec<CourseError>> {
    let kind =
        Kind { what: "a calibration problem", template: TEMPLATE, optional: &[], setting: "--set run.design=2000", schema: schema() };
    let sources: Sources = kind.sources(text, file, settings)?;
    let of_tables = Cell::new(false);
    let required = |given: &toml::de::DeTable<'_>, faults: &mut Vec<Fault>| {
        of_tables.set(given.get("parameters").is_none() && given.get("petab").is_some());
        if given.get("parameters").is_none() && given.get("petab").is_none() {
            faults.push(
                Fault::new(0..0, "a calibration problem has no `parameters`")
                    .expected("names of the parameters to find")
                    .example("parameters = [\"rater.expectation\"]")
                    .help("`percuta explain` lists all parameters"),
            );
        }
    };
    kind.read::<ProblemFile>(&sources, required)
        .and_then(|content| resolve(content, folder))
        .map_err(|faults| faults.into_iter().map(|f| sources.locate(f)).collect::<Vec<CourseError>>())
        .and_then(|mut problem| {
            // The table of parameters names them where the problem does not; its priors must be those of the cards in any case.
            if let Some(tables) = problem.petab.as_deref().filter(|t| of_tables.get() || t.join(petab::PARAMETERS).is_file()) {
                let named = petab::named(tables)?;
                if of_tables.get() {
                    problem.parameters = named;
                }
            }
            Ok(problem)
        })
}

fn resolve(file: ProblemFile, folder: &Path) -> Result<CalibrationProblem, Vec<Fault>> {
    let mut faults = Vec::new();
    let set = ParameterSet::embedded().map_err(|e| vec![Fault::new(0..0, e.to_string()).help("this is a defect of Percuta")])?;
    for name in file.parameters.get_ref() {
        check_parameter(&set, name, &mut faults);
    }
    let names: Vec<String> = file.parameters.get_ref().iter().map(|n| n.get_ref().clone()).collect();
    if names.is_empty() {
        faults.push(Fault::new(file.parameters.span(), "there is no parameter to find").expected("at least one name"));
    }
    for (i, name) in file.parameters.get_ref().iter().enumerate() {
        if names[..i].contains(name.get_ref()) {
            faults.push(Fault::new(name.span(), format!("`{}` is named twice", name.get_ref())).expected("each parameter once"));
        }
    }
    for key in &file.without_readouts {
        let known = || of_a_course().chain(of_permeation()).map(|o| o.key);
        if !known().any(|k| k == key.get_ref()) {
            let fault = Fault::new(key.span(), format!("no observable is called `{}`", key.get_ref()));
            faults.push(match nearest(key.get_ref(), known()) {
                Some(near) => fault.expected(format!("did you mean `{near}`?")),
                None => fault.expected("the key of a read-out").help("`percuta explain readout.` lists all"),
            });
        }
    }
    for spread in file.spreads.values().filter(|s| !(*s.get_ref() > 0.0 && s.get_ref().is_finite())) {
        faults.push(Fault::new(spread.span(), "a spread between studies is not above 0").expected("a share").example("scars = 0.15"));
    }
    if let Some(tables) = &file.petab {
        check_tables(tables, folder, &mut faults);
    }
    let name = file.name.get_ref().trim().to_owned();
    if name.is_empty() || name.contains(['/', '\\']) {
        faults.push(Fault::new(file.name.span(), "the name cannot name a folder").expected("a short name").example("name = \"defaults\""));
    }
    let mut within = |n: &Spanned<u32>, key: &str, low: u32, high: u32| {
        if !(low..=high).contains(n.get_ref()) {
            let message = format!("{} is not possible for `{key}`", n.get_ref());
            faults.push(
                Fault::new(n.span(), message).expected(format!("{low} to {high}")).example(format!("{key} = {}", low.max(1000.min(high)))),
            );
        }
        *n.get_ref()
    };
    let run = &file.run;
    let design = within(&run.design, "design", 100, 20_000);
    let walkers = within(&run.walkers, "walkers", 4, 1000) as usize;
    let steps = within(&run.steps, "steps", 100, 100_000) as usize;
    // Those that the sampler keeps: one step in ten of the second half.
    let kept = walkers.max(2 * names.len()) * steps.div_ceil(20);
    let draws = within(&run.draws, "draws", 50, (kept as u32).clamp(50, 20_000)) as usize;
    if !faults.is_empty() {
        faults.sort_by_key(|f| f.span.start);
        return Err(faults);
    }
    Ok(CalibrationProblem {
        name,
        description: file.description,
        parameters: names,
        studies: file.studies.map(|s| folder.join(s)),
        petab: file.petab.map(|p| folder.join(p.into_inner())),
        roles: file.roles,
        only: file.only,
        without: file.without,
        without_readouts: file.without_readouts.into_iter().map(Spanned::into_inner).collect(),
        spreads: file.spreads.into_iter().map(|(d, s)| (d, s.into_inner())).collect(),
        seed: run.seed,
        design,
        walkers,
        steps,
        draws,
        leave_one_out: run.leave_one_out,
    })
}

/// Whether a folder holds the tables.
fn check_tables(tables: &Spanned<String>, folder: &Path, faults: &mut Vec<Fault>) {
    let name = tables.get_ref();
    let path = folder.join(name);
    if let Some(missing) = petab::TABLES.iter().find(|t| !path.join(t).is_file()) {
        let message = if path.is_file() { format!("`{name}` is a file") } else { format!("`{name}` holds no {missing}") };
        faults.push(
            Fault::new(tables.span(), message)
                .expected(format!("the folder that holds {}", petab::TABLES.join(", ")))
                .example("petab = \"fit/petab\"")
                .help("a problem.yaml is not read: tables have their usual names"),
        );
    }
}

fn check_parameter(set: &ParameterSet, name: &Spanned<String>, faults: &mut Vec<Fault>) {
    let key = name.get_ref();
    match set.card(key) {
        Err(_) => {
            let fault = Fault::new(name.span(), format!("no parameter is called `{key}`")).help("`percuta explain` lists all parameters");
            faults.push(match nearest(key, set.names()) {
                Some(near) => fault.expected(format!("did you mean `{near}`?")),
                None => fault.expected("the name of a parameter that every course has, with its group"),
            });
        }
        Ok(card) if card.distribution == Distribution::Fixed => faults.push(
            Fault::new(name.span(), format!("`{key}` is certain: its card has no distribution"))
                .expected("an uncertain parameter, whose distribution is the prior"),
        ),
        // The spreads between studies are found beside the parameters in any case.
        Ok(_) if key.starts_with("studies.") => {
            faults.push(Fault::new(name.span(), format!("`{key}` is no parameter of the model")).expected("a parameter of the model"))
        }
        Ok(_) => {}
    }
}
