//! `percuta study`: a study record to start from, and what is wrong with records.

use std::fs;
use std::path::{Path, PathBuf};

use percuta::evidence::study::{Protocol, Record, TEMPLATE, read};

use crate::arguments::Study;
use crate::course_text::{show, text_of};
use crate::failure::Failure;
use crate::new;
use crate::terminal;

pub fn study(arguments: &Study) -> Result<(), Failure> {
    match arguments {
        Study::New { file } => {
            let id = file.file_stem().map_or_else(String::new, |s| s.to_string_lossy().into_owned());
            new::write(file, &TEMPLATE.replacen("author-year-word", &id, 1))?;
            let shown = file.display();
            terminal::print(&format!("Wrote {shown}. Next: percuta study check {shown}"));
            Ok(())
        }
        Study::Check { files } => check(files),
    }
}

fn check(files: &[PathBuf]) -> Result<(), Failure> {
    let mut wrong = String::new();
    for file in files {
        let all = if file.is_dir() { records_in(file)? } else { vec![file.clone()] };
        for file in all {
            match record(&file) {
                Ok(record) => terminal::print(&format!("{}: {}", file.display(), describe(&record))),
                Err(mistakes) => wrong += &mistakes,
            }
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Failure::shown(wrong)) }
}

fn describe(record: &Record) -> String {
    let (arms, observations) = (record.arms.len(), record.study.observations.len());
    let what = match record.arms.first().map(|a| &a.protocol) {
        None => "no protocol".into(),
        Some(Protocol::Course(_)) => format!("{arms} arm{} of a course", plural(arms)),
        Some(Protocol::Permeation(_)) => format!("{arms} arm{} of a permeation study", plural(arms)),
    };
    format!("{what}, {observations} observation{}", plural(observations))
}

pub fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// Files of a folder that are meant as records, sorted.
pub fn records_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |e: std::io::Error| Failure::input(format!("the folder `{}` cannot be read: {e}", folder.display()));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() {
        return Err(Failure::input(format!(
            "`{}` has no study record\n  expected: files that end in .toml\n  help: `percuta study new FILE` writes one to start from",
            folder.display()
        )));
    }
    Ok(files)
}

/// The record of a file, or its mistakes laid out.
pub fn record(file: &Path) -> Result<Record, String> {
    let text = text_of(file, "percuta study new").map_err(|f| f.text + "\n")?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let record = read(&file.display().to_string(), &text, folder).map_err(show)?;
    let stem = file.file_stem().map(|s| s.to_string_lossy());
    if stem.as_deref() != Some(record.study.id.as_str()) {
        return Err(format!(
            "error: `{}` holds the study `{}`\n  expected: the id to be the name of the file, `{}.toml`\n",
            file.display(),
            record.study.id,
            record.study.id
        ));
    }
    Ok(record)
}
