//! The command line.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use percuta::appearance::relief::SurfacePattern;
use percuta::course::sensitivity::SAMPLES;
use percuta::skin::Lab;
use percuta::units::{self, Dimension};

use crate::examples::EXAMPLES;

/// An in-silico micro-needling laboratory: from a treatment course to what happens in the skin, with uncertainty
/// and with the source of every number. A research tool, not a medical device.
#[derive(Debug, Parser)]
#[command(name = "percuta", version, after_help = EXIT_CODES)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Start here:
  percuta new my-course.toml    write a commented course file
  percuta run my-course.toml    run it and write a report

How much of a product gets in, and until when after needling:
  percuta new --absorb my-study.toml
  percuta absorb my-study.toml

Exit codes:
  0    done
  1    the run failed or its files could not be written
  2    a mistake on the command line, in a file or in the place for the output
  130  interrupted";

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented course file or permeation study to start from
    New(New),
    /// Read a course file or permeation study, report its mistakes and say what would run
    Check(Check),
    /// Run a course and write its report
    Run(Run),
    /// Compute how much of a substance passes skin, intact and needled, and write the report
    Absorb(Absorb),
    /// Find which uncertain parameters drive the results of a course (Sobol indices)
    Sensitivity(Sensitivity),
    /// Go on with a run in three dimensions that was stopped, to the same bytes as if it had not been
    Resume(Resume),
    /// Surface parameters of a height map of skin, measured or synthetic (ISO 25178-2, ISO 4287)
    Relief(Relief),
    /// Melanin and blood that a measured colour or spectrum of skin speaks of
    Colour(Colour),
    /// Predict published studies from their protocols and score the predictions
    Validate(Validate),
    /// Find parameters of the model from published studies, as a posterior ensemble
    Calibrate(Calibrate),
    /// Write a study record to start from, or check records
    #[command(subcommand)]
    Study(Study),
    /// Print the papers that a run rests on, as BibTeX
    Cite(Cite),
    /// Lay the usual claims for micro-needling beside what was published and what is predicted
    Claims(Claims),
    /// Write the healing equations of a course at a point of the dermis as SBML, for other simulators
    Sbml(Sbml),
    /// Show where a number of the model comes from
    Explain(Explain),
    /// Print the JSON Schema of the course file, of a permeation study or of summary.json
    Schema(Schema),
}

/// Arguments of `percuta validate`.
#[derive(Debug, Args)]
pub struct Validate {
    /// Folder of study records (`*.toml`) in place of those that come with Percuta
    #[arg(long, value_name = "DIR")]
    pub studies: Option<PathBuf>,
    /// Only the study of this id; may be repeated
    #[arg(long, value_name = "ID")]
    pub only: Vec<String>,
    /// Members of the ensemble of each arm
    #[arg(long, value_name = "N", default_value_t = 256, value_parser = clap::value_parser!(u32).range(16..=100_000))]
    pub members: u32,
    /// Seed of all random numbers
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// New folder for the results [default: percuta-runs/validation-<n>]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Threads; the result does not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print validation.json at the end
    #[arg(long)]
    pub json: bool,
    /// Print errors only
    #[arg(short, long)]
    pub quiet: bool,
}

/// Arguments of `percuta calibrate`.
#[derive(Debug, Args)]
pub struct Calibrate {
    /// Calibration problem; `percuta calibrate --template` prints one
    #[arg(value_name = "FILE", required_unless_present = "template")]
    pub file: Option<PathBuf>,
    /// Print a commented problem to start from
    #[arg(long, conflicts_with = "file")]
    pub template: bool,
    /// New folder for the results [default: percuta-runs/<problem>-<n>]
    #[arg(long, value_name = "DIR", conflicts_with = "resume")]
    pub out: Option<PathBuf>,
    /// Go on with a calibration that was stopped, in its folder
    #[arg(long, value_name = "DIR")]
    pub resume: Option<PathBuf>,
    /// Change one key of the problem, e.g. --set run.design=2000; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// Threads; the result does not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print calibration.json at the end
    #[arg(long)]
    pub json: bool,
    /// Print errors only
    #[arg(short, long)]
    pub quiet: bool,
}

/// Arguments of `percuta cite`.
#[derive(Debug, Args)]
pub struct Cite {
    /// Folder of a run
    #[arg(value_name = "RUN")]
    pub run: PathBuf,
}

/// Arguments of `percuta sbml`.
#[derive(Debug, Args)]
pub struct Sbml {
    /// Course file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Depth of the point below the surface, e.g. "0.2 mm" [default: the first layer of the dermis]
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    pub depth: Option<f64>,
    /// Eighth of the tissue at that depth, from 1, which the needles' signal reaches least, to 8, which it reaches most
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=8))]
    pub eighth: u8,
    /// New file for the model [default: print it]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Change one key of the file, e.g. --set treatment.depth="1 mm"; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
}

/// Arguments of `percuta claims`.
#[derive(Debug, Args)]
pub struct Claims {
    /// Members of the ensemble of the standard course
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = clap::value_parser!(u32).range(16..=100_000))]
    pub members: u32,
    /// Print Markdown, as in the book
    #[arg(long)]
    pub markdown: bool,
}

/// Arguments of `percuta study`.
#[derive(Debug, Subcommand)]
pub enum Study {
    /// Write a commented study record to start from
    New {
        /// File to write; an existing one is never overwritten
        #[arg(value_name = "FILE", default_value = "author-year-word.toml")]
        file: PathBuf,
    },
    /// Read study records, report their mistakes and say what would be predicted
    Check {
        /// Records, or folders of records
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

/// Arguments of `percuta colour`.
#[derive(Debug, Args)]
pub struct Colour {
    /// Spectrum: two columns, wavelength in nm and reflectance (0 to 1, or per cent)
    #[arg(value_name = "SPECTRUM", conflicts_with = "lab")]
    pub spectrum: Option<PathBuf>,
    /// CIELAB colour (D65, 2 degrees), e.g. "62, 9, 16"
    #[arg(long, value_name = "L,A,B", value_parser = lab, allow_hyphen_values = true)]
    pub lab: Option<Lab>,
    /// It was measured without what the surface reflects like a mirror
    #[arg(long)]
    pub without_gloss: bool,
    /// Site whose layers are taken
    #[arg(long, value_name = "NAME", default_value = "forearm")]
    pub site: String,
    /// Age of the woman whose layers are taken
    #[arg(long, value_name = "YEARS", default_value_t = 40.0)]
    pub age: f64,
    /// Draws of layers and optical constants for the intervals
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub members: u32,
    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Print the answer as JSON
    #[arg(long)]
    pub json: bool,
}

/// Three numbers: L*, a* and b*.
fn lab(text: &str) -> Result<Lab, String> {
    let found: Option<Vec<f64>> = text.split([',', ' ']).filter(|c| !c.is_empty()).map(|c| c.parse().ok()).collect();
    match found.as_deref() {
        Some([l, a, b]) => Ok(Lab { l: *l, a: *a, b: *b }),
        _ => Err("expected L*, a* and b*, for example \"62, 9, 16\"".into()),
    }
}

/// Arguments of `percuta new`.
#[derive(Debug, Args)]
pub struct New {
    /// File to write; an existing one is never overwritten [default: course.toml, or study.toml for a permeation study]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Start from a course or a permeation study that re-tells a published protocol
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(EXAMPLES.map(|e| e.name)))]
    pub example: Option<String>,
    /// Write a permeation study for `percuta absorb`, not a course
    #[arg(long, conflicts_with = "example")]
    pub absorb: bool,
}

/// Arguments of `percuta check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Course file or permeation study
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Change one key of the file, e.g. --set treatment.depth="1 mm"; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
}

/// Arguments of `percuta run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Course file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// New folder for the results [default: percuta-runs/COURSE-N, the first free N]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Seed of all random numbers, in place of the file's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Members of the ensemble, in place of the file's
    #[arg(long, value_name = "N")]
    pub members: Option<u64>,
    /// Which models, in place of the file's: `reduced`, or `patch` for a block of skin in three dimensions beside it
    #[arg(long, value_name = "MODEL", value_parser = ["reduced", "patch"])]
    pub fidelity: Option<String>,
    #[command(flatten)]
    pub how: How,
    /// Change one key of the file, e.g. --set treatment.depth="1 mm"; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
}

/// Arguments of `percuta absorb`.
#[derive(Debug, Args)]
pub struct Absorb {
    /// Permeation study
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// New folder for the results [default: percuta-runs/STUDY-N, the first free N]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Seed of all random numbers, in place of the file's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// Members of the ensemble, in place of the file's
    #[arg(long, value_name = "N")]
    pub members: Option<u64>,
    /// Which models, in place of the file's: `column`, or `block` for a block of skin in three dimensions beside it
    #[arg(long, value_name = "MODEL", value_parser = ["column", "block"])]
    pub fidelity: Option<String>,
    /// Estimate parameters from the points of a CSV file instead of running the study
    #[arg(long, value_name = "CSV", requires = "estimate", conflicts_with_all = ["out", "members", "fidelity"])]
    pub fit: Option<PathBuf>,
    /// Parameters to estimate, separated by commas: names of cards, or `open-channels`, `closure`, `intact-permeability`, `tissue-diffusion`
    #[arg(long, value_name = "NAMES", requires = "fit", value_delimiter = ',')]
    pub estimate: Vec<String>,
    /// Let the spread of the parameters' cards count as if it had been measured
    #[arg(long, requires = "fit")]
    pub prior: bool,
    #[command(flatten)]
    pub output: Output,
    /// Change one key of the file, e.g. --set dose.amount="5 µL/cm²"; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
}

/// How a run goes and what it tells.
#[derive(Debug, Args)]
pub struct How {
    #[command(flatten)]
    pub output: Output,
    /// Seconds from one snapshot of a run in three dimensions to the next, at least; writing takes a twentieth of the time at most
    #[arg(long, value_name = "S", default_value_t = 30)]
    pub snapshot_every: u32,
}

/// How any computation goes and what it tells.
#[derive(Debug, Args)]
pub struct Output {
    /// Threads; the result does not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print summary.json at the end; everything else goes to standard error
    #[arg(long)]
    pub json: bool,
    /// Print errors only (and summary.json with --json)
    #[arg(long, short)]
    pub quiet: bool,
}

/// Arguments of `percuta sensitivity`.
#[derive(Debug, Args)]
pub struct Sensitivity {
    /// Course file
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Read-out to explain, e.g. collagen_mass; may be repeated [default: all that the course concerns]
    #[arg(long = "readout", value_name = "KEY")]
    pub readouts: Vec<String>,
    /// Only parameters that begin so get indices of their own, e.g. healing.; may be repeated [default: all that can act]
    #[arg(long = "parameters", value_name = "PREFIX")]
    pub parameters: Vec<String>,
    /// Parameters that get indices of their own, chosen by a screening; all others are varied together
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=500))]
    pub strongest: u16,
    /// Base samples, a power of two: the course is evaluated so many times for each parameter
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = samples)]
    pub samples: u32,
    /// Seed of the samples, in place of the file's
    #[arg(long, value_name = "N")]
    pub seed: Option<u64>,
    /// New folder for the results [default: percuta-runs/COURSE-N, the first free N]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Change one key of the file, e.g. --set treatment.depth="1 mm"; may be repeated
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<String>,
    /// Threads; the result does not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print sensitivity.json at the end; everything else goes to standard error
    #[arg(long)]
    pub json: bool,
    /// Print errors only (and sensitivity.json with --json)
    #[arg(long, short)]
    pub quiet: bool,
}

/// A number of base samples.
fn samples(text: &str) -> Result<u32, String> {
    let (least, most) = (SAMPLES.start(), SAMPLES.end());
    match text.parse::<u32>() {
        Ok(n) if SAMPLES.contains(&n) && n.is_power_of_two() => Ok(n),
        _ => Err(format!("expected a power of two from {least} to {most}, for example 512")),
    }
}

/// Arguments of `percuta resume`.
#[derive(Debug, Args)]
pub struct Resume {
    /// Folder of the run that was stopped
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    #[command(flatten)]
    pub how: How,
}

/// Arguments of `percuta relief`.
#[derive(Debug, Args)]
pub struct Relief {
    /// Height map: PNG, TIFF, ASCII SDF or a matrix of numbers
    #[arg(value_name = "MAP")]
    pub map: Option<PathBuf>,
    /// Side of a pixel, e.g. "10 µm" [default: what the file says]
    #[arg(long, value_name = "LENGTH", value_parser = length, requires = "map")]
    pub pixel: Option<f64>,
    /// Height of a grey level or of one unit of its numbers, e.g. "0.05 µm" [default: what the file says]
    #[arg(long, value_name = "LENGTH", value_parser = length, requires = "map")]
    pub height: Option<f64>,
    /// The map is of a negative replica: turn heights into depths
    #[arg(long, requires = "map")]
    pub replica: bool,
    /// Synthesise a surface instead of reading one
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(SurfacePattern::keys()), conflicts_with = "map")]
    pub preset: Option<String>,
    /// Seed of the synthetic surface
    #[arg(long, value_name = "N", default_value_t = 1, requires = "preset")]
    pub seed: u64,
    /// Side of the synthetic surface
    #[arg(long, value_name = "LENGTH", value_parser = length, default_value = "10 mm", requires = "preset")]
    pub side: f64,
    /// Pixels along a side of the synthetic surface
    #[arg(long, value_name = "N", default_value_t = 1000, requires = "preset")]
    pub pixels: usize,
    /// Age of the woman whose surface it is, years
    #[arg(long, value_name = "YEARS", default_value_t = 50.0, requires = "preset")]
    pub age: f64,
    /// Nesting index of the S-filter, or `none` [default: the smallest of ISO 25178-3 from five pixels on]
    #[arg(long, value_name = "LENGTH", value_parser = nesting)]
    pub s: Option<Nesting>,
    /// Nesting index of the L-filter, or `none` [default: the largest of ISO 25178-3 that fits into the map]
    #[arg(long, value_name = "LENGTH", value_parser = nesting)]
    pub l: Option<Nesting>,
    /// Form to be removed
    #[arg(long, value_name = "FORM", value_parser = ["none", "plane", "second-order"], default_value = "second-order")]
    pub form: String,
    /// Cut-off of the profiles [default: the largest of ISO 4288 that leaves three sampling lengths]
    #[arg(long, value_name = "LENGTH", value_parser = length)]
    pub cutoff: Option<f64>,
    /// Direction of the profiles from left to right, turning down [default: across the lines]
    #[arg(long, value_name = "ANGLE", value_parser = angle)]
    pub direction: Option<f64>,
    /// New folder for summary.json, the heights (PNG, TIFF) and a picture under raking light
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print the parameters as JSON
    #[arg(long)]
    pub json: bool,
}

/// A nesting index in µm, or no filter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nesting(pub Option<f64>);

fn length(text: &str) -> Result<f64, String> {
    units::parse(Dimension::Length, text).map_err(|e| e.to_string())
}

fn angle(text: &str) -> Result<f64, String> {
    units::parse(Dimension::Angle, text).map_err(|e| e.to_string())
}

fn nesting(text: &str) -> Result<Nesting, String> {
    if text == "none" { Ok(Nesting(None)) } else { length(text).map(|um| Nesting(Some(um))) }
}

/// Arguments of `percuta explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// Parameter, device, site, permeant, study or read-out; or the start of names, such as `device.`
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
}

/// Arguments of `percuta schema`.
#[derive(Debug, Args)]
pub struct Schema {
    /// Which file
    #[arg(value_enum, value_name = "FILE", default_value_t = SchemaOf::Course)]
    pub of: SchemaOf,
}

/// Files that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    /// The course file.
    Course,
    /// A permeation study.
    Absorb,
    /// A study record.
    Study,
    /// A calibration problem.
    Calibration,
    /// The summary of a run, `summary.json`.
    Summary,
    /// The summary of a permeation study, its `summary.json`.
    AbsorbSummary,
    /// The indices of a sensitivity analysis, `sensitivity.json`.
    Sensitivity,
}
