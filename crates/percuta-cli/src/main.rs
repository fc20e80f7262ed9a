//! The `percuta` program.

mod absorb;
mod arguments;
mod calibrate;
mod check;
mod cite;
mod claims;
mod colour;
mod course_text;
mod defect;
mod examples;
mod explain;
mod failure;
mod fit;
mod interrupt;
mod memory;
mod new;
mod patch;
mod permeation;
mod place;
mod progress;
mod readouts;
mod relief;
mod results;
mod resume;
mod run;
mod sbml;
mod schema;
mod sensitivity;
mod study;
mod terminal;
mod unfinished;
mod validate;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command};

fn main() -> ExitCode {
    defect::install();
    let arguments = Arguments::parse();
    let result = match &arguments.command {
        Command::New(a) => new::new(a),
        Command::Check(a) => check::check(a),
        Command::Run(a) => run::run(a),
        Command::Absorb(a) => absorb::absorb(a),
        Command::Sensitivity(a) => sensitivity::run(a),
        Command::Resume(a) => resume::resume(a),
        Command::Relief(a) => relief::relief(a),
        Command::Colour(a) => colour::colour(a),
        Command::Validate(a) => validate::validate(a),
        Command::Calibrate(a) => calibrate::calibrate(a),
        Command::Study(a) => study::study(a),
        Command::Cite(a) => cite::cite(a),
        Command::Claims(a) => claims::claims(a),
        Command::Sbml(a) => sbml::sbml(a),
        Command::Explain(a) => explain::explain(a),
        Command::Schema(a) => schema::schema(a),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::tell(failure.text.trim_end());
            ExitCode::from(failure.code)
        }
    }
}
