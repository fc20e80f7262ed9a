//! Reading the course file, permeation study or spectrum the user names, and showing what is wrong with it.

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use percuta::appearance::light::Spectrum;
use percuta::course;
use percuta::course::file::{CourseError, LoadedCourse, load};
use percuta::course::permeation;
use percuta::course::permeation::DataSeries;
use percuta::course::permeation::file::{LoadedStudy, is_study};

use crate::failure::Failure;
use crate::terminal;

/// The text of a file; `help` is the command that writes one to start from.
pub fn text_of(file: &Path, help: &str) -> Result<String, Failure> {
    let shown = file.display();
    fs::read_to_string(file).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => Failure::input(format!("there is no file `{shown}`\n  help: `{help} {shown}` writes one to start from")),
        io::ErrorKind::InvalidData => Failure::input(format!("`{shown}` is not a text file in UTF-8")),
        io::ErrorKind::IsADirectory => Failure::input(format!("`{shown}` is a folder, a file is expected")),
        _ => Failure::input(format!("`{shown}` cannot be read: {e}")),
    })
}

/// The course of a file and the text it was read from.
pub fn read(file: &Path, settings: &[String]) -> Result<(LoadedCourse, String), Failure> {
    let text = text_of(file, "percuta new")?;
    let shown = file.display().to_string();
    if is_study(&text) {
        return Err(Failure::input(format!(
            "`{shown}` is a permeation study, a course is expected\n  help: `percuta absorb {shown}` runs it"
        )));
    }
    let loaded = load_text(&text, &shown, folder(file), settings)?;
    Ok((loaded, text))
}

/// The permeation study of a file and the text it was read from.
pub fn read_study(file: &Path, settings: &[String]) -> Result<(LoadedStudy, String), Failure> {
    let text = text_of(file, "percuta new --absorb")?;
    let shown = file.display().to_string();
    if !is_study(&text) && text.lines().any(|l| l.trim_start().starts_with("[treatment")) {
        return Err(Failure::input(format!(
            "`{shown}` is a course, a permeation study is expected\n  help: `percuta run {shown}` runs it"
        )));
    }
    let loaded = load_study_text(&text, &shown, folder(file), settings)?;
    Ok((loaded, text))
}

/// Measured points of a CSV file, for a study of needled skin or not.
pub fn read_points(file: &Path, treated: bool) -> Result<Vec<DataSeries>, Failure> {
    let shown = file.display().to_string();
    let text = fs::read_to_string(file).map_err(|e| Failure::input(format!("the points `{shown}` cannot be read: {e}")))?;
    permeation::read_data(&text, &shown, treated).map_err(|errors| Failure::shown(show(errors)))
}

/// The reflectance spectrum of a CSV file.
pub fn read_spectrum(file: &Path) -> Result<Spectrum, Failure> {
    let shown = file.display().to_string();
    let text = fs::read_to_string(file).map_err(|e| Failure::input(format!("the spectrum `{shown}` cannot be read: {e}")))?;
    course::read_spectrum(&text, &shown).map_err(|errors| Failure::shown(show(errors)))
}

fn folder(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("."))
}

/// The permeation study of a text that stood in `file`; paths in it start in `folder`.
pub fn load_study_text(text: &str, file: &str, folder: &Path, settings: &[String]) -> Result<LoadedStudy, Failure> {
    permeation::file::load(text, file, folder, settings).map_err(|errors| Failure::shown(show(errors)))
}

/// The course of a text that stood in `file`; paths in it start in `folder`.
pub fn load_text(text: &str, file: &str, folder: &Path, settings: &[String]) -> Result<LoadedCourse, Failure> {
    load(text, file, folder, settings).map_err(|errors| Failure::shown(show(errors)))
}

/// Mistakes laid out with their places.
pub fn show(errors: Vec<CourseError>) -> String {
    let theme = if terminal::coloured() { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(110).with_links(false).with_context_lines(1);
    let count = errors.len();
    let mut text = String::new();
    for error in errors {
        let plain = format!("error: {error}");
        let mut one = String::new();
        match handler.render_report(&mut one, &Mistake::new(error)) {
            Ok(()) => text += &one,
            Err(_) => text = text + &plain + "\n",
        }
    }
    if count > 1 {
        text += &format!("{count} mistakes\n");
    }
    text
}

/// A mistake as the renderer wants it.
#[derive(Debug)]
struct Mistake {
    error: CourseError,
    source: NamedSource<String>,
}

impl Mistake {
    fn new(error: CourseError) -> Self {
        let source = NamedSource::new(&error.place.name, error.place.text.clone());
        Self { error, source }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Mistake {}

impl Diagnostic for Mistake {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let example = self.error.example.as_ref().map(|e| format!("for example: {e}"));
        let lines: Vec<String> = example.into_iter().chain(self.error.help.clone()).collect();
        (!lines.is_empty()).then(|| Box::new(lines.join("\n")) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = match &self.error.expected {
            Some(e) if e.starts_with("did you mean") => e.clone(),
            Some(e) => format!("expected {e}"),
            None => "here".into(),
        };
        let span = &self.error.place.span;
        Some(Box::new(std::iter::once(LabeledSpan::new(Some(label), span.start, span.len()))))
    }
}
